"""Terms and closed days: the usual pattern, what is refused, and what follows for due days."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.errors import Refusal
from governance.journal.models import JournalEntry
from governance.reading.calendar import SchoolYear, due_day, is_school_day
from governance.reading.calendar import Term as Span
from governance.reading.school_year import school_year
from governance.schools import school_time as time
from governance.schools.models import ClosedDay, Term
from governance.schools.term_pattern import usual_year
from governance.tenancy import Scope
from tests.hillcrest import MAYA, NOW, a_school

AUTUMN = time.Days("Autumn 1", dt.date(2026, 9, 2), dt.date(2026, 10, 23))


@pytest.fixture
def scope(session: Session) -> Scope:
    return a_school(session)


def entries(session: Session, name: str) -> int:
    return session.scalar(select(func.count()).select_from(JournalEntry).where(JournalEntry.event == name)) or 0


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        # Hand-checked against calendars of several English authorities: half-term weeks, Christmas and Easter.
        (2025, ["09-01 10-24", "11-03 12-19", "01-05 02-13", "02-23 03-27", "04-13 05-22", "06-01 07-22"]),
        (2026, ["09-01 10-23", "11-02 12-18", "01-04 02-12", "02-22 03-25", "04-12 05-28", "06-07 07-22"]),
        (2027, ["09-01 10-22", "11-01 12-17", "01-04 02-11", "02-21 03-31", "04-18 05-26", "06-05 07-21"]),
    ],
)
def test_the_usual_terms_of_england(year: int, expected: list[str]) -> None:
    usual = usual_year("england", year)
    assert usual is not None
    assert [f"{one.first_on:%m-%d} {one.last_on:%m-%d}" for one in usual.terms] == expected


@pytest.mark.parametrize("year", range(2024, 2041))
def test_every_usual_year_is_in_order_and_begins_and_ends_on_school_days(year: int) -> None:
    for nation in ("england", "wales"):
        usual = usual_year(nation, year)
        assert usual is not None and len(usual.terms) == 6
        edges = [day for one in usual.terms for day in (one.first_on, one.last_on)]
        assert edges == sorted(edges)
        free = {day for day, _ in usual.bank_holidays}
        assert all(day.weekday() < 5 and day not in free for day in edges)
        days = sum(
            1 for one in usual.terms for n in range((one.last_on - one.first_on).days + 1) if _open(one, n, free)
        )
        # statutory: 190 days and five INSET days; the pattern may be a few out
        assert 185 <= days <= 200


def _open(term: object, number: int, free: set[dt.date]) -> bool:
    day = term.first_on + dt.timedelta(days=number)  # type: ignore[attr-defined]
    return day.weekday() < 5 and day not in free


def test_a_nation_with_other_terms_is_not_guessed() -> None:
    assert usual_year("scotland", 2026) is None


def test_a_year_is_taken_whole_and_a_second_time_refused(session: Session, scope: Scope) -> None:
    usual = usual_year("england", 2026)
    assert usual is not None
    time.take_usual_year(session, scope, MAYA, usual, NOW)
    with pytest.raises(Refusal, match="Autumn 1 is entered already, from 1 September 2026 to 23 October 2026"):
        time.take_usual_year(session, scope, MAYA, usual, NOW)
    assert [one.name for one in time.terms(session, scope)][::5] == ["Autumn 1", "Summer 2"]
    assert [one.closed_on for one in time.closed_days(session, scope)] == [dt.date(2027, 5, 3)]
    assert entries(session, "usual terms taken") == 1


def test_the_rules_see_the_terms(session: Session, scope: Scope) -> None:
    time.keep_term(session, scope, MAYA, AUTUMN, NOW)
    time.keep_term(session, scope, MAYA, time.Days("Autumn 2", dt.date(2026, 11, 2), dt.date(2026, 12, 18)), NOW)
    time.close_day(session, scope, MAYA, dt.date(2026, 11, 2), "inset", "", NOW)
    year = school_year(session, scope)
    assert year == SchoolYear(
        terms=(Span(AUTUMN.first_on, AUTUMN.last_on), Span(dt.date(2026, 11, 2), dt.date(2026, 12, 18))),
        closed_on=frozenset({dt.date(2026, 11, 2)}),
    )
    assert not is_school_day(dt.date(2026, 10, 28), year)
    # Wednesday 21 October: two days are left before half-term, INSET on the first Monday after it
    assert due_day(dt.date(2026, 10, 21), 5, year) == dt.date(2026, 11, 5)


def test_a_term_is_put_right_and_taken_off_with_an_entry_each(session: Session, scope: Scope) -> None:
    term = time.keep_term(session, scope, MAYA, AUTUMN, NOW)
    time.keep_term(session, scope, MAYA, time.Days("Autumn 1", AUTUMN.first_on, dt.date(2026, 10, 22)), NOW, term)
    time.keep_term(session, scope, MAYA, time.Days("Autumn 1", AUTUMN.first_on, dt.date(2026, 10, 22)), NOW, term)
    assert entries(session, "term kept") == 2
    time.drop_term(session, scope, MAYA, term, NOW)
    assert session.scalar(select(func.count()).select_from(Term)) == 0
    assert entries(session, "term dropped") == 1


@pytest.mark.parametrize(
    ("name", "first_on", "last_on", "why"),
    [
        ("", "2026-11-02", "2026-12-18", "Enter the term's name"),
        ("x" * 61, "2026-11-02", "2026-12-18", "60 ordinary characters"),
        ("Autumn 2", "2026-12-18", "2026-11-02", "before 18 December 2026, the first"),
        ("Autumn 2", "2026-11-02", "2027-05-28", "more than half a year"),
        ("Autumn 2", "2026-10-23", "2026-12-18", "meets Autumn 1, 2 September 2026 to 23 October 2026"),
        ("Autumn 2", "1926-10-23", "1926-12-18", "between 2000 and 2031"),
    ],
)
def test_a_term_that_cannot_be_is_refused(
    session: Session, scope: Scope, name: str, first_on: str, last_on: str, why: str
) -> None:
    time.keep_term(session, scope, MAYA, AUTUMN, NOW)
    wanted = time.Days(name, dt.date.fromisoformat(first_on), dt.date.fromisoformat(last_on))
    with pytest.raises(Refusal, match=why):
        time.keep_term(session, scope, MAYA, wanted, NOW)
    assert session.scalar(select(func.count()).select_from(Term)) == 1


@pytest.mark.parametrize(
    ("closed_on", "kind", "why"),
    [
        ("2026-10-28", "inset", "in no term that you entered"),
        ("2026-09-05", "inset", "at a weekend"),
        ("2026-09-03", "inset", "on the list already"),
        ("2026-09-04", "snow", "Choose INSET day"),
    ],
)
def test_a_closed_day_that_cannot_be_is_refused(
    session: Session, scope: Scope, closed_on: str, kind: str, why: str
) -> None:
    time.keep_term(session, scope, MAYA, AUTUMN, NOW)
    first = time.close_day(session, scope, MAYA, dt.date(2026, 9, 3), "inset", "Safeguarding", NOW)
    with pytest.raises(Refusal, match=why):
        time.close_day(session, scope, MAYA, dt.date.fromisoformat(closed_on), kind, "", NOW)
    time.open_day(session, scope, MAYA, first, NOW)
    assert session.scalar(select(func.count()).select_from(ClosedDay)) == 0
