"""Hillcrest on Monday 16 November 2026, as an inspector finds it. The year of reading began on 1 September.

Child Protection Policy   asked from 1 October of teachers, governors, agency staff and volunteers: due 15 October;
                          adopted on 1 September 2025, minute 25/9, review due by 1 September 2026: late
Staff Code of Conduct     asked from 9 November of teachers: due 23 November; reviewed by 1 March 2027
Behaviour Policy          in force, asked of nobody; reviewed by 1 February 2027

Tess, teacher             Child Protection late since 15 October, the code not yet due
Noor, teacher             read Child Protection on 5 October and the code on 10 November
Ann, teacher              away since 1 October, ill
Gus, governor             was given Child Protection on 12 October and did not sign
Viv, volunteer            need not read it until further notice; here since January 2024
Kit, administrator        asked to read nothing
Al, agency (Reed)         from 5 to 23 October; read Child Protection on 6 October
Old, agency (Reed)        left on 31 August 2026: the academic year before
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.adoption.actions import adopt
from governance.adoption.entered import Decide
from governance.adoption.models import Asking, InForce
from governance.extract.dates import exactly
from governance.people.absences import record_absence
from governance.people.models import Engagement, Person
from governance.policies.models import Policy
from governance.reading.acknowledging import Act, acknowledge, shown_now
from governance.reading.easing import excuse
from governance.reading.models import Declined
from governance.reading.requiring import Requirement, require
from governance.tenancy import Scope
from tests import hillcrest
from tests.hillcrest import MAYA, NOW

SINCE = dt.date(2025, 9, 1)
EVERYBODY = ("teachers", "governors", "agency", "volunteers")


def furnish(session: Session, scope: Scope) -> dict[str, Person]:
    """Put it all there; people by their given names. Tess is there already where the screens' people are."""
    people = _people(session, scope)
    protection = policy(session, scope, "Child Protection Policy", SINCE, "25/9", dt.date(2026, 9, 1))
    code = policy(session, scope, "Staff Code of Conduct", dt.date(2026, 3, 1), "26/3", dt.date(2027, 3, 1))
    policy(session, scope, "Behaviour Policy", dt.date(2026, 2, 1), "26/2", dt.date(2027, 2, 1))
    asked(session, scope, protection, EVERYBODY, dt.date(2026, 10, 1))
    asked(session, scope, code, ("teachers",), dt.date(2026, 11, 9))
    read(session, scope, people["Noor"], protection, dt.date(2026, 10, 5))
    read(session, scope, people["Noor"], code, dt.date(2026, 11, 10))
    read(session, scope, people["Al"], protection, dt.date(2026, 10, 6))
    record_absence(session, scope, MAYA, people["Ann"], from_on=dt.date(2026, 10, 1), reason="Illness", now=NOW)
    first = dt.date(2026, 10, 1)
    excuse(session, scope, MAYA, people["Viv"], protection, from_on=first, until_on=None, reason="Garden only", now=NOW)
    session.add(
        Declined(
            organisation_id=scope.organisation_id,
            person_id=people["Gus"].id,
            version_id=hillcrest.latest(session, protection).id,
            given_on=dt.date(2026, 10, 12),
            witness="Maya Lund",
            note="Wanted to think about it",
            recorded_at=NOW,
            recorded_by="Maya Lund",
        )
    )
    session.flush()
    return people


def policy(session: Session, scope: Scope, title: str, on: dt.date, minute: str, review: dt.date) -> Policy:
    """A policy that the governing body adopted on a day."""
    made = hillcrest.a_policy(session, scope, title, f"# {title}")
    facts = Decide(
        hillcrest.latest(session, made),
        exactly(on),
        body=hillcrest.body(session, scope),
        minute=minute,
        next_review=exactly(review),
    )
    adopt(session, scope, MAYA, facts, NOW)
    return made


def asked(session: Session, scope: Scope, policy: Policy, codes: tuple[str, ...], from_on: dt.date) -> None:
    """Categories that must read it within 14 days, and the asking."""
    for code in codes:
        wanted = Requirement(category_id=hillcrest.category(session, scope, code).id)
        require(session, scope, MAYA, policy, wanted, SINCE, NOW)
    row = session.scalars(select(InForce.id).where(InForce.policy_id == policy.id)).one()
    session.add(Asking(organisation_id=scope.organisation_id, in_force_id=row, from_on=from_on, recorded_at=NOW))
    session.flush()


def read(session: Session, scope: Scope, person: Person, policy: Policy, day: dt.date) -> None:
    """A receipt on paper."""
    version = hillcrest.latest(session, policy)
    act = Act(acknowledged_on=day, method="paper", assurance="paper_witnessed", witness="Maya Lund")
    acknowledge(session, scope, MAYA, person, version, shown_now(session, scope, version), act, NOW)


def _people(session: Session, scope: Scope) -> dict[str, Person]:
    wanted = (
        ("Tess Marlow", ("teachers",), dt.date(2020, 9, 1), None),
        ("Noor O'Neill", ("teachers",), dt.date(2020, 9, 1), None),
        ("Ann Away", ("teachers",), dt.date(2020, 9, 1), None),
        ("Gus Board", ("governors",), dt.date(2020, 9, 1), None),
        ("Viv Ash", ("volunteers",), dt.date(2024, 1, 8), None),
        ("Kit Desk", ("administrators",), dt.date(2020, 9, 1), None),
        ("Al Supply", ("agency",), dt.date(2026, 10, 5), dt.date(2026, 10, 23)),
        ("Old Supply", ("agency",), dt.date(2026, 1, 5), dt.date(2026, 8, 31)),
    )
    here = {one.given_name: one for one in session.scalars(select(Person).filter_by(given_name="Tess"))}
    for name, codes, first, last in wanted:
        given = name.split()[0]
        if given not in here:
            here[given] = hillcrest.someone(session, scope, name, codes, first, last)
    supply = [here["Al"].id, here["Old"].id]
    for job in session.scalars(select(Engagement).where(Engagement.person_id.in_(supply))):
        job.agency = "Reed"
    session.flush()
    return here
