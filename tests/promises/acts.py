"""A school with many acts of reading still to be done: eight readers, and as many policies as a test asks for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import clock
from governance.adoption.models import Decision, InForce
from governance.people.models import Person
from governance.policies.models import Policy, PolicyVersion
from governance.reading.acknowledging import shown_now
from governance.tenancy import Scope
from tests import hillcrest
from tests.web.people import account

READERS = tuple(f"{name} Reader" for name in ("Tess", "Noor", "Viv", "Al", "Sam", "Bea", "Ivo", "Una"))
DIGEST = "0" * 64


@dataclass(frozen=True)
class Acts:
    """Who may sign in, and what each has to read: the version's identifier, in order, and what its form says."""

    scope: Scope
    emails: tuple[str, ...]
    person_ids: tuple[int, ...]
    versions: tuple[str, ...]
    version_ids: tuple[int, ...]
    form: dict[str, str]


def furnish(session: Session, policies: int, *, can_sign_in: bool = False) -> Acts:
    """Put it all there, by rows alone, since there are many. Only the whole application can make accounts."""
    scope = hillcrest.a_school(session)
    people = [_reader(session, scope, name, can_sign_in) for name in READERS]
    versions = _policies(session, scope, policies)
    shown = shown_now(session, scope, session.get_one(PolicyVersion, versions[0].id))
    return Acts(
        scope,
        tuple(str(person.email) for person in people),
        tuple(person.id for person in people),
        tuple(version.public_id for version in versions),
        tuple(version.id for version in versions),
        {"documents": shown.documents_sha256, "text": "", "wording": shown.wording, "typed_name": "Tess Reader"},
    )


def _reader(session: Session, scope: Scope, name: str, can_sign_in: bool) -> Person:
    person = hillcrest.someone(session, scope, name)
    person.email = f"{person.given_name.lower()}@hillcrest.sch.uk"
    if can_sign_in:
        account(session, scope, person.email, (), person)
    return person


def _policies(session: Session, scope: Scope, count: int) -> list[PolicyVersion]:
    now = clock.now()
    first = clock.today() - dt.timedelta(days=30)
    body = hillcrest.body(session, scope).id
    whose, by = {"organisation_id": scope.organisation_id}, {"recorded_at": now, "recorded_by": "Helen"}
    named = [f"Policy {number:05d}" for number in range(count)]
    session.add_all(
        Policy(**whose, title=one, sort_key=one, title_key=one, reference=one[-5:], recorded_at=now) for one in named
    )
    session.flush()
    ids = session.scalars(select(Policy.id).order_by(Policy.id)).all()
    versions = [PolicyVersion(**whose, policy_id=one, number=1, documents_sha256=DIGEST, **by) for one in ids]
    session.add_all(versions)
    session.flush()
    for version in versions:
        what = {**whose, "policy_id": version.policy_id, "version_id": version.id}
        decision = Decision(**what, kind="adopted", body_id=body, decided_on=first, decided_latest_on=first, **by)
        session.add(decision)
        session.flush()
        session.add(InForce(**what, decision_id=decision.id, from_on=first))
    session.flush()
    return versions
