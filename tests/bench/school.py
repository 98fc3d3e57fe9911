"""A large school of our own making: 150 people, 40 policies, seven categories, three years of versions and receipts."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from sqlalchemy import insert
from sqlalchemy.orm import Session

from governance import clock
from governance.accounts.permissions import Role
from governance.adoption.models import Asking, Decision, InForce
from governance.people.models import Engagement, Person
from governance.policies.models import Policy, PolicyVersion
from governance.reading.models import Acknowledgement, ReadingRule
from governance.tenancy import Organisation, Scope
from tests import hillcrest
from tests.web.people import account

PEOPLE, POLICIES, YEARS = 150, 40, 3
CODES = ("teachers", "support_staff", "administrators", "governors", "volunteers", "casual", "agency")
DIGEST = "0" * 64
SUBJECTS = (
    "Behaviour Attendance Safeguarding Complaints Admissions Uniform Charging Curriculum Assessment Trips".split()
)


@dataclass(frozen=True)
class Large:
    """The school, and its manager's address."""

    scope: Scope
    email: str


def build(session: Session) -> Large:
    """Write it, by rows in bulk."""
    chance, today, now = random.Random(40_150), clock.today(), clock.now()
    scope = hillcrest.a_school(session)
    session.get_one(Organisation, scope.organisation_id).asking_since = today - dt.timedelta(days=365 * YEARS)
    email = "maya@hillcrest.sch.uk"
    account(session, scope, email, (Role.SYSTEM_MANAGER,))
    people = _people(session, scope, chance, today, now)
    versions = _policies(session, scope, today, now)
    _receipts(session, scope, people, versions, chance, today, now)
    return Large(scope, email)


def _people(session: Session, scope: Scope, chance: random.Random, today: dt.date, now: dt.datetime) -> list[int]:
    whose = {"organisation_id": scope.organisation_id}
    session.execute(
        insert(Person),
        [
            {
                **whose,
                "given_name": f"Given{number}",
                "family_name": f"Family{number:03d}",
                "sort_key": f"family{number:03d} given{number}",
                "staff_number": f"N{number:04d}",
                "printed_reference": f"P{number:05d}",
                "recorded_at": now,
            }
            for number in range(PEOPLE)
        ],
    )
    ids = [row[0] for row in session.query(Person.id).order_by(Person.id)]
    categories = [hillcrest.category(session, scope, code).id for code in CODES]
    session.execute(
        insert(Engagement),
        [
            {
                **whose,
                "person_id": person,
                "category_id": categories[number % len(categories)],
                "job_title": "Teacher",
                "started_on": today - dt.timedelta(days=chance.randrange(30, 2_000)),
                # one in twelve has left
                "ended_on": today - dt.timedelta(days=chance.randrange(1, 25)) if number % 12 == 5 else None,
            }
            for number, person in enumerate(ids)
        ],
    )
    return ids


def _policies(session: Session, scope: Scope, today: dt.date, now: dt.datetime) -> list[tuple[int, dt.date]]:
    whose = {"organisation_id": scope.organisation_id}
    categories = [hillcrest.category(session, scope, code).id for code in CODES]
    body, versions = hillcrest.body(session, scope).id, []
    for number in range(POLICIES):
        title = f"{SUBJECTS[number % len(SUBJECTS)]} Policy {number:02d}"
        policy = Policy(
            **whose,
            title=title,
            sort_key=title.lower(),
            title_key=title.lower(),
            reference=f"P-{number}",
            recorded_at=now,
        )
        session.add(policy)
        session.flush()
        for year in range(YEARS):
            on = today - dt.timedelta(days=365 * (YEARS - 1 - year) + 20 + number)
            by = {"recorded_at": now, "recorded_by": "Helen"}
            version = PolicyVersion(**whose, policy_id=policy.id, number=year + 1, documents_sha256=DIGEST, **by)
            session.add(version)
            session.flush()
            pair = {**whose, "policy_id": policy.id, "version_id": version.id}
            review = on + dt.timedelta(days=380)
            days = {"decided_on": on, "decided_latest_on": on, "next_review_on": review}
            decision = Decision(**pair, kind="adopted", body_id=body, **days, **by)
            session.add(decision)
            session.flush()
            row = InForce(**pair, decision_id=decision.id, from_on=on)
            session.add(row)
            session.flush()
            session.add(Asking(**whose, in_force_id=row.id, from_on=on, recorded_at=now))
            versions.append((version.id, on))
        # a quarter is read again every year
        often = {"repeat": "months", "repeat_months": 12} if number % 4 == 0 else {"repeat": "once"}
        first = today - dt.timedelta(days=365 * YEARS)
        session.add_all(
            ReadingRule(**whose, policy_id=policy.id, category_id=one, from_on=first, **often) for one in categories
        )
    session.flush()
    return versions


def _receipts(
    session: Session,
    scope: Scope,
    people: list[int],
    versions: list[tuple[int, dt.date]],
    chance: random.Random,
    today: dt.date,
    now: dt.datetime,
) -> None:
    rows: list[dict[str, object]] = []
    for person in people:
        for version, asked_on in versions:
            on = asked_on + dt.timedelta(days=chance.randrange(1, 30))
            if chance.random() < 0.8 and on <= today:
                rows.append(
                    {
                        "organisation_id": scope.organisation_id,
                        "reference": f"R-{len(rows):07d}",
                        "person_id": person,
                        "version_id": version,
                        "documents_sha256": DIGEST,
                        "wording": "I have read and understood",
                        "acknowledged_on": on,
                        "recorded_at": now,
                        "method": "paper",
                        "assurance": "paper_witnessed",
                        "witness": "Maya Lund",
                    }
                )
    session.execute(insert(Acknowledgement), rows)
