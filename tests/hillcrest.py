"""A small school for tests of the rooms: Hillcrest, its people, a policy or two, and Zed's school next door."""

from __future__ import annotations

import datetime as dt
import hashlib

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from governance.adoption.models import Asking, Decision, InForce
from governance.people.models import Category, Engagement, Person
from governance.people.rules import sort_key
from governance.policies.actions import File, NewPolicy, NewVersion, Text, add_policy, record_version
from governance.policies.models import Policy, PolicyVersion
from governance.reading.models import ReadingRule
from governance.reading.parts import name_parts
from governance.schools.models import GoverningBody
from governance.storage.actions import Bytes
from governance.tenancy import Actor, Organisation, Scope, scope_of

NOW = dt.datetime(2026, 11, 16, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 16)
MAYA = Actor("Maya Lund")

CATEGORIES = {
    "headteacher": "Headteacher",
    "leadership": "Senior leadership",
    "teachers": "Teachers",
    "support_staff": "Support staff",
    "administrators": "Administrators",
    "governors": "Governors",
    "fixed_term": "Part-time and fixed-term employees",
    "casual": "Casual staff",
    "agency": "Agency staff",
    "volunteers": "Volunteers",
}


def a_school(session: Session, name: str = "Hillcrest Primary School", slug: str = "hillcrest") -> Scope:
    """A school with its governing body and the ten categories."""
    organisation = Organisation(name=name, slug=slug)
    session.add(organisation)
    session.flush()
    scope = scope_of(organisation)
    body = "Full Governing Body"
    session.add(GoverningBody(organisation_id=scope.organisation_id, name=body, name_key=body.casefold()))
    session.add_all(
        Category(organisation_id=scope.organisation_id, name=label, name_key=label.casefold(), code=code, position=n)
        for n, (code, label) in enumerate(CATEGORIES.items(), start=1)
    )
    session.flush()
    return scope


def category(session: Session, scope: Scope, code: str) -> Category:
    """A category by what documents call it."""
    return session.scalars(
        select(Category).where(Category.organisation_id == scope.organisation_id, Category.code == code)
    ).one()


def body(session: Session, scope: Scope) -> GoverningBody:
    """The school's full governing body."""
    return session.scalars(select(GoverningBody).where(GoverningBody.organisation_id == scope.organisation_id)).one()


def someone(
    session: Session,
    scope: Scope,
    name: str = "Tess Marlow",
    codes: tuple[str, ...] = ("teachers",),
    started_on: dt.date = dt.date(2020, 9, 1),
    ended_on: dt.date | None = None,
) -> Person:
    """A person holding jobs from a day."""
    given, family = name.split(" ", 1)
    person = Person(
        organisation_id=scope.organisation_id,
        given_name=given,
        family_name=family,
        sort_key=sort_key(given, family),
        staff_number=f"N-{given}-{family}",
        printed_reference=hashlib.sha256(name.encode()).hexdigest()[:8].upper(),
        recorded_at=NOW,
    )
    session.add(person)
    session.flush()
    for code in codes:
        job = category(session, scope, code)
        session.add(
            Engagement(
                organisation_id=scope.organisation_id,
                person_id=person.id,
                category_id=job.id,
                started_on=started_on,
                ended_on=ended_on,
            )
        )
    session.flush()
    return person


def a_file(text: str, filename: str = "policy.md") -> File:
    """A Markdown file of a version."""
    return File(filename, Bytes(text.encode(), "text/markdown"))


def a_policy(session: Session, scope: Scope, title: str = "Social Media Policy", text: str = "# One") -> Policy:
    """A policy with one version that nobody has decided about."""
    policy = add_policy(session, scope, MAYA, NewPolicy(title=title), NOW)
    a_version(session, scope, policy, text)
    return policy


def a_version(session: Session, scope: Scope, policy: Policy, text: str) -> PolicyVersion:
    """A further version with its text."""
    kept = Text("clauses-1", hashlib.sha256(text.encode()).hexdigest(), "[]")
    return record_version(session, scope, MAYA, policy, NewVersion(files=(a_file(text),), text=kept), NOW)


def divide(session: Session, scope: Scope, title: str, parts: int = 1, code: str | None = None) -> None:
    """A policy has two parts, and its rules, or those of a category, are for some of them: bits, the first alone."""
    whose = (Policy.organisation_id == scope.organisation_id, Policy.title == title)
    policy = session.scalars(select(Policy).where(*whose)).one()
    name_parts(session, scope, MAYA, policy, ["Part one", "Annex B"], NOW)
    rules = update(ReadingRule).where(ReadingRule.policy_id == policy.id)
    if code is not None:
        rules = rules.where(ReadingRule.category_id == category(session, scope, code).id)
    session.execute(rules.values(parts=parts))


def latest(session: Session, policy: Policy) -> PolicyVersion:
    """The newest version of a policy."""
    newest = select(PolicyVersion).where(PolicyVersion.policy_id == policy.id).order_by(PolicyVersion.number.desc())
    version = session.scalars(newest).first()
    assert version is not None
    return version


def put_in_force(
    session: Session,
    scope: Scope,
    version: PolicyVersion,
    from_on: dt.date,
    asked_from: dt.date | None = None,
    next_review_on: dt.date | None = None,
) -> InForce:
    """The rows that an adoption leaves, without its checks."""
    whose = {"organisation_id": scope.organisation_id, "policy_id": version.policy_id, "version_id": version.id}
    decision = Decision(
        **whose,
        kind="adopted",
        body_id=body(session, scope).id,
        decided_on=from_on,
        decided_latest_on=from_on,
        next_review_on=next_review_on,
        recorded_at=NOW,
        recorded_by="Helen",
    )
    session.add(decision)
    session.flush()
    row = InForce(**whose, decision_id=decision.id, from_on=from_on)
    session.add(row)
    session.flush()
    if asked_from is not None:
        session.add(
            Asking(organisation_id=scope.organisation_id, in_force_id=row.id, from_on=asked_from, recorded_at=NOW)
        )
        session.flush()
    return row
