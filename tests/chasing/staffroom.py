"""Hillcrest in the autumn of 2026 with its terms, for tests of chasing.

Half-term is 26 to 30 October; INSET on 27 November. Everybody is asked to read Behaviour from Monday 2 November within ten
school days: it is due on Monday 16 November. Complaints is asked of teachers from 9 November: due on Monday 23 November.

Tess and Noor are teachers whom Priya manages; Viv, a volunteer, has no e-mail; Mr Okafor is the headteacher, Prof. Iqbal
chairs the board. Zed's school next door has a teacher, a manager and a policy of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from typing import Any

from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from governance.db import reading, writing
from governance.mail.models import Outbox
from governance.people.models import BodyMember, Engagement, Person
from governance.policies.models import Policy
from governance.reading.requiring import Requirement, require
from governance.schedule import runner
from governance.schedule.queries import recent_runs
from governance.schedule.switching import turn_on
from governance.schools.models import ClosedDay, Term
from governance.tenancy import Actor, Organisation, Scope, new_public_id
from tests import hillcrest
from tests.mail.post_office import PostOffice

MAYA = Actor("Maya Lund")
SUMMER = dt.date(2026, 9, 1)
TURNED_ON = dt.datetime(2026, 11, 1, 12, 0, tzinfo=dt.UTC)
TERMS = (
    (dt.date(2026, 9, 2), dt.date(2026, 10, 23)),
    (dt.date(2026, 11, 2), dt.date(2026, 12, 18)),
    (dt.date(2027, 1, 5), dt.date(2027, 2, 12)),
)
TELLS = "policies left to read"
INSET = dt.date(2026, 11, 27)


@dataclass
class School:
    """A school's scope and its people and policies by short names."""

    scope: Scope
    people: dict[str, Person] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)

    def id(self, name: str) -> int:
        return self.people[name].id


def furnish(*, turned_on: bool = True) -> tuple[School, School]:
    """Hillcrest and Zed's, committed."""
    with writing() as session:
        schools = _hillcrest(session), _zeds(session)
        for one in schools:
            session.get_one(Organisation, one.scope.organisation_id).asking_since = SUMMER
            if turned_on:
                turn_on(session, one.scope, MAYA, TURNED_ON)
        session.flush()
        session.expunge_all()
    return schools


def morning(text: str) -> dt.datetime:
    """Shortly after six on a day, by the school's clock: when the run is due."""
    day = dt.datetime.fromisoformat(f"{text}T06:01")
    return day.replace(tzinfo=dt.UTC) - (dt.timedelta(hours=1) if text < "2026-10-25" else dt.timedelta())


def tick(rooms: Flask, at: dt.datetime | str, script: dict[str, Any] | None = None) -> list[EmailMessage]:
    """Knock once; the mails that a real mail server took."""
    settings = rooms.extensions["countersign_settings"]
    with PostOffice(script) as office:
        rooms.extensions["countersign_settings"] = replace(settings, smtp_url=office.url)
        ticked = runner.tick(rooms, morning(at) if isinstance(at, str) else at)
        rooms.extensions["countersign_settings"] = settings
    assert ticked.failed == 0
    return office.accepted


def whole_day(rooms: Flask, day: str, script: dict[str, Any] | None = None) -> dict[str, EmailMessage]:
    """The morning's run, then what leaves after half past seven, by address."""
    assert runner.tick(rooms, morning(day)).failed == 0
    if not any(mail.ended_at is None for mail in outbox()):
        return {}
    arrived = tick(rooms, morning(day) + dt.timedelta(hours=2), script)
    about_others = [TELLS in str(mail["Subject"]) for mail in arrived]
    to = [str(mail["To"]) for mail in arrived]
    assert len(set(zip(to, about_others, strict=True))) == len(arrived), f"two mails to one address on one day: {to}"
    # of two, what somebody is told of others comes last
    return {
        str(mail["To"]): mail for _, mail in sorted(zip(about_others, arrived, strict=True), key=lambda one: one[0])
    }


def words(mail: EmailMessage, form: str = "plain") -> str:
    part = mail.get_body((form,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def outbox() -> list[Outbox]:
    """Every mail there is, in the order queued."""
    with reading() as session:
        found = list(session.scalars(select(Outbox).order_by(Outbox.id)))
        session.expunge_all()
        return found


def last_result(scope: Scope) -> str:
    with reading() as session:
        return recent_runs(session, scope)[0].result


def change(act: Callable[[Session], Any]) -> None:
    """Something that happens between two mornings."""
    with writing() as session:
        act(session)


def _hillcrest(session: Session) -> School:
    scope = hillcrest.a_school(session)
    _calendar(session, scope)
    school = School(scope)
    for name, codes in (
        ("Priya Nair", ("leadership",)),
        ("Tess Marlow", ("teachers",)),
        ("Noor O'Neill", ("teachers",)),
        ("Viv Ash", ("volunteers",)),
        ("Chidi Okafor", ("headteacher",)),
        ("Farah Iqbal", ("governors",)),
    ):
        school.people[name.split()[0]] = _person(session, scope, name, codes, "hillcrest")
    school.people["Viv"].email = None
    _manage(session, school, "Priya", "Tess", "Noor")
    chair = {"body_id": hillcrest.body(session, scope).id, "person_id": school.id("Farah"), "office": "chair"}
    session.add(BodyMember(organisation_id=scope.organisation_id, from_on=SUMMER, **chair))
    everyone = ("teachers", "volunteers", "headteacher")
    school.policies["Behaviour"] = _policy(session, scope, "Behaviour Policy", everyone, dt.date(2026, 11, 2))
    school.policies["Complaints"] = _policy(session, scope, "Complaints Procedure", ("teachers",), dt.date(2026, 11, 9))
    return school


def _zeds(session: Session) -> School:
    scope = hillcrest.a_school(session, "Zed's Academy", "zeds")
    _calendar(session, scope)
    school = School(scope)
    for name in ("Zed Farr", "Zoe Farr"):
        school.people[name.split()[0]] = _person(session, scope, name, ("teachers",), "zeds")
    _manage(session, school, "Zed", "Zoe")
    school.policies["Zed's"] = _policy(session, scope, "Zed's Policy", ("teachers",), dt.date(2026, 11, 2))
    return school


def _calendar(session: Session, scope: Scope) -> None:
    whose = {"organisation_id": scope.organisation_id}
    session.add_all(
        Term(**whose, public_id=new_public_id(), name="Term", first_on=first, last_on=last) for first, last in TERMS
    )
    session.add(ClosedDay(**whose, public_id=new_public_id(), closed_on=INSET, kind="inset", note=""))


def _person(session: Session, scope: Scope, name: str, codes: tuple[str, ...], host: str) -> Person:
    one = hillcrest.someone(session, scope, name, codes)
    one.email = f"{name.split(maxsplit=1)[0].lower()}@{host}.sch.uk"
    return one


def _manage(session: Session, school: School, manager: str, *people: str) -> None:
    session.execute(
        update(Engagement)
        .where(Engagement.person_id.in_([school.id(name) for name in people]))
        .values(line_manager_id=school.id(manager))
    )


def _policy(session: Session, scope: Scope, title: str, codes: tuple[str, ...], asked_from: dt.date) -> Policy:
    policy = hillcrest.a_policy(session, scope, title, f"# {title}")
    hillcrest.put_in_force(session, scope, hillcrest.latest(session, policy), SUMMER, asked_from)
    for code in codes:
        wanted = Requirement(category_id=hillcrest.category(session, scope, code).id, days_to_read=10)
        require(session, scope, MAYA, policy, wanted, SUMMER, hillcrest.NOW)
    return policy
