"""The people of the demonstration school: who works there, sits on which body, holds which post, came, left, is away."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path

from sqlalchemy import select

from governance.demo.days import Days
from governance.demo.school import School
from governance.people.absences import record_absence
from governance.people.importing import import_people
from governance.people.jobs import leave
from governance.people.membership import seat_member
from governance.people.models import Person
from governance.people.posts import hold_post, make_post
from governance.people.rules import full_name
from governance.people.tables import Record, Table

_FILE = Path(__file__).with_name("people.txt")
MAILBOXES = "hillcrest.example"
_HEADER = (
    "staff_number", "given_name", "family_name", "email", "category", "job_title", "started_on", "line_manager", "agency",
)  # fmt: skip

AWAY = "Fatima Begum"
AWAY_SINCE = 42
_POSTS = {
    "Headteacher": "James Okafor",
    "Deputy headteacher": "Rhiannon Pugh",
    "School business manager": "Maya Lund",
    "Designated safeguarding lead": "Niamh O'Connell",
    "SENCO": "Niamh O'Connell",
    "Site manager": "Gareth Bevan",
    # who left, so that the post is vacant now
    "Data protection officer": "Dorothy Pike",
}
_BOARD = {
    "Tariq Iqbal": "chair",
    "Elizabeth Carr": "vice_chair",
    "James Okafor": "member",
    "Gurpreet Singh": "member",
    "Anne-Marie Duval": "member",
    "Kofi Boateng": "member",
    "Rosalind Hart": "member",
    "Michael Trevelyan": "member",
    "Ngozi Umeh": "member",
    "Stephen Wray": "associate",
    "Helen Brandt": "clerk",
}
_COMMITTEE = {
    "Gurpreet Singh": "chair",
    "Kofi Boateng": "member",
    "Elizabeth Carr": "member",
    "Maya Lund": "associate",
    "Helen Brandt": "clerk",
}


@dataclass(frozen=True)
class Listed:
    """Somebody of the list, with their first day and, where they left, their last."""

    cells: tuple[str, ...]
    name: str
    categories: tuple[str, ...]
    started_on: dt.date
    ended_on: dt.date | None


def listed_people(days: Days) -> list[Listed]:
    """Everybody of the list, in its order."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return [_listed(line, days) for line in lines if line.strip() and not line.startswith("#")]


def people_come(school: School, everybody: list[Listed]) -> None:
    """Whoever is there when the school is set up, or is to begin in September, is imported at once; the others later."""
    first = [one for one in everybody if one.started_on <= school.days.begun]
    _import(school, first, school.set_up_at)
    later = sorted((one for one in everybody if one not in first), key=lambda one: one.started_on)
    for day, few in groupby(later, key=lambda one: one.started_on):
        school.on(day - dt.timedelta(days=2), partial(_import, school, list(few)))


def offices_and_posts(school: School, everybody: list[Listed]) -> None:
    """Seats on the two bodies and holders of the posts, each from the person's first day on."""
    since = {one.name: one.started_on for one in everybody}
    at = school.set_up_at
    for body, seats in ((school.board, _BOARD), (school.committee, _COMMITTEE)):
        for name, office in seats.items():
            person = school.people[name]
            seat_member(
                school.session, school.scope, school.helen, body, person, office=office, from_on=since[name], now=at
            )
    for title, name in _POSTS.items():
        post = school.posts[title] = make_post(school.session, school.scope, school.maya, name=title, now=at)
        hold_post(school.session, school.scope, school.maya, post, school.people[name], from_on=since[name], now=at)


def people_go(school: School, everybody: list[Listed]) -> None:
    """Leavers on their last day, and the one who is away for long."""
    for one in everybody:
        if one.ended_on is not None:
            school.on(one.ended_on, partial(_leaves, school, one.name, one.ended_on))
    school.on(school.days.ago(AWAY_SINCE), partial(_goes_away, school))


def _listed(line: str, days: Days) -> Listed:
    number, given, family, mailbox, categories, title, first, last, manager, agency = (
        cell.strip() for cell in (line + "|").split("|")[:10]
    )
    started_on = days.read(first)
    assert started_on is not None
    email = "" if mailbox == "-" else f"{mailbox}@{MAILBOXES}"
    number = "" if number == "-" else number
    cells = (number, given, family, email, categories, title, started_on.isoformat(), manager, agency)
    names = tuple(name.strip().lower() for name in categories.split(";"))
    return Listed(cells, full_name(given, family), names, started_on, days.read(last))


def _import(school: School, people: list[Listed], at: dt.datetime) -> None:
    table = Table(_HEADER, tuple(Record(row, one.cells) for row, one in enumerate(people, start=2)))
    import_people(school.session, school.scope, school.sam, table, now=at)
    here = select(Person).where(Person.organisation_id == school.scope.organisation_id)
    school.people.update(
        {full_name(person.given_name, person.family_name): person for person in school.session.scalars(here)}
    )


def _leaves(school: School, name: str, last_on: dt.date, at: dt.datetime) -> None:
    leave(school.session, school.scope, school.sam, school.people[name], last_on=last_on, now=at)


def _goes_away(school: School, at: dt.datetime) -> None:
    since = school.days.ago(AWAY_SINCE)
    person = school.people[AWAY]
    reason = "Maternity leave"
    record_absence(school.session, school.scope, school.sam, person, from_on=since, reason=reason, now=at)
