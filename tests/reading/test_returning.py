"""Who is back, worked out by hand, on both databases: Monday 16 November 2026, a week before and a week after."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from governance.people.absences import record_absence
from governance.people.models import Person
from governance.reading.requiring import Requirement, require
from governance.reading.returning import returning
from governance.tenancy import Scope
from tests import hillcrest
from tests.hillcrest import MAYA, NOW, TODAY


@pytest.fixture
def scope(session: Session) -> Scope:
    """Behaviour is asked of teachers from 1 October, 14 days: due 15 October, but for who was away then."""
    scope = hillcrest.a_school(session)
    policy = hillcrest.a_policy(session, scope, "Behaviour Policy")
    hillcrest.put_in_force(session, scope, hillcrest.latest(session, policy), dt.date(2026, 9, 1), dt.date(2026, 10, 1))
    wanted = Requirement(category_id=hillcrest.category(session, scope, "teachers").id)
    require(session, scope, MAYA, policy, wanted, dt.date(2026, 9, 1), NOW)
    return scope


def away(session: Session, scope: Scope, name: str, first: str, last: str | None, ended: str | None = None) -> Person:
    left = dt.date.fromisoformat(ended) if ended else None
    who = hillcrest.someone(session, scope, name, ended_on=left)
    until = dt.date.fromisoformat(last) if last else None
    record_absence(
        session, scope, MAYA, who, from_on=dt.date.fromisoformat(first), until_on=until, reason="Illness", now=NOW
    )
    return who


def back(session: Session, scope: Scope) -> list[tuple[str, dt.date, int, dt.date | None]]:
    return [(one.person.name, one.back_on, one.unread, one.due_on) for one in returning(session, scope, TODAY)]


def test_who_came_back_and_who_is_coming_with_the_full_days_from_the_first_day_back(
    session: Session, scope: Scope
) -> None:
    away(session, scope, "Ann Back", "2026-10-12", "2026-11-13")
    away(session, scope, "Bob Coming", "2026-10-01", "2026-11-20")
    assert back(session, scope) == [
        ("Ann Back", dt.date(2026, 11, 14), 1, dt.date(2026, 11, 28)),
        ("Bob Coming", dt.date(2026, 11, 21), 1, dt.date(2026, 12, 5)),
    ]


def test_the_first_and_the_last_day_of_the_fortnight_count_and_no_other(session: Session, scope: Scope) -> None:
    for name, last in (("A One", "2026-11-08"), ("B Two", "2026-11-09"), ("C Three", "2026-11-23")):
        away(session, scope, name, "2026-10-01", last)
    away(session, scope, "D Four", "2026-10-01", "2026-11-24")
    away(session, scope, "E Five", "2026-10-01", None)
    assert [name for name, *_ in back(session, scope)] == ["B Two", "C Three"]


def test_a_short_absence_a_leaver_and_somebody_away_again_are_not_back(session: Session, scope: Scope) -> None:
    away(session, scope, "Short Cold", "2026-11-09", "2026-11-13")
    away(session, scope, "Left Since", "2026-10-01", "2026-11-13", ended="2026-11-13")
    again = away(session, scope, "Away Again", "2026-10-01", "2026-11-13")
    record_absence(session, scope, MAYA, again, from_on=dt.date(2026, 11, 14), until_on=None, reason="Other", now=NOW)
    assert back(session, scope) == []


def test_another_schools_people_are_not_listed(session: Session, scope: Scope) -> None:
    zeds = hillcrest.a_school(session, "Zed's Academy", "zeds")
    away(session, zeds, "Zoe Farr", "2026-10-01", "2026-11-13")
    assert back(session, scope) == []
