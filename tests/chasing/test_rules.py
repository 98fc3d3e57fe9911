"""The rungs of the ladder, worked by hand on real dates: holidays, clock changes, month ends, leap days, a new year."""

from __future__ import annotations

import datetime as dt

import pytest

from governance.chasing.plan import Morning, Staff, Told, planned, reached
from governance.chasing.rules import (
    OFFERED,
    Rung,
    Whom,
    from_text,
    leaving_at,
    objections_to,
    rung_day,
    to_text,
)
from governance.reading.calendar import SchoolYear, Term, is_school_day
from governance.reading.owed import Owed, State

LONDON = "Europe/London"


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


# An English school's terms from September 2026 to July 2028: half-term 26–30 October 2026, INSET on 4 January 2027.
YEAR = SchoolYear(
    terms=(
        Term(day("2026-09-02"), day("2026-10-23")),
        Term(day("2026-11-02"), day("2026-12-18")),
        Term(day("2027-01-04"), day("2027-02-12")),
        Term(day("2027-02-22"), day("2027-03-25")),
        Term(day("2027-04-12"), day("2027-05-28")),
        Term(day("2027-06-07"), day("2027-07-21")),
        Term(day("2027-09-01"), day("2027-10-22")),
        Term(day("2027-11-01"), day("2027-12-17")),
        Term(day("2028-01-04"), day("2028-02-11")),
        Term(day("2028-02-21"), day("2028-03-31")),
        Term(day("2028-04-18"), day("2028-07-20")),
    ),
    closed_on=frozenset({day("2027-01-04"), day("2027-05-03")}),
)
NO_TERMS = SchoolYear()


@pytest.mark.parametrize(
    ("school", "due", "days", "expected"),
    [
        # around half-term 2026: the holiday's days do not count
        (YEAR, "2026-11-04", -5, "2026-10-21"),
        (YEAR, "2026-11-02", -1, "2026-10-23"),
        (YEAR, "2026-10-22", 3, "2026-11-03"),
        (YEAR, "2026-10-23", 0, "2026-10-23"),
        # over the closed days
        (YEAR, "2027-01-05", -1, "2026-12-18"),
        (YEAR, "2027-04-30", 1, "2027-05-04"),
        # the weekends on which the clocks change: 25 October 2026 and 28 March 2027 are Sundays
        (YEAR, "2026-10-23", 1, "2026-11-02"),
        (NO_TERMS, "2026-10-24", 1, "2026-10-25"),
        (NO_TERMS, "2026-10-26", -1, "2026-10-25"),
        (NO_TERMS, "2027-03-27", 1, "2027-03-28"),
        (YEAR, "2027-03-25", 1, "2027-04-12"),
        # month ends and the leap day, in calendar days where no term is entered
        (NO_TERMS, "2027-01-31", 30, "2027-03-02"),
        (NO_TERMS, "2028-03-01", -1, "2028-02-29"),
        (NO_TERMS, "2028-02-29", -29, "2028-01-31"),
        (NO_TERMS, "2027-03-01", -1, "2027-02-28"),
        (YEAR, "2028-02-29", 0, "2028-02-29"),
        (YEAR, "2028-02-28", 1, "2028-02-29"),
        (YEAR, "2028-03-01", -1, "2028-02-29"),
        # 31 August and 1 September: in the summer holiday between two entered years
        (YEAR, "2027-08-31", 0, "2027-09-01"),
        (YEAR, "2027-09-01", -1, "2027-07-21"),
        (NO_TERMS, "2026-08-31", 1, "2026-09-01"),
        (NO_TERMS, "2026-09-01", -1, "2026-08-31"),
        # beyond the entered terms calendar days count
        (YEAR, "2028-07-20", 5, "2028-07-25"),
        (YEAR, "2026-09-03", -5, "2026-08-29"),
    ],
)
def test_the_day_of_a_rung_is_counted_in_school_days_where_terms_are_entered(
    school: SchoolYear, due: str, days: int, expected: str
) -> None:
    assert rung_day(day(due), days, school) == day(expected)


def owing(due: str, person: int = 1, start: str = "2026-09-10") -> Owed:
    on = day(due)
    return Owed(person, 7, State.NOT_YET_READ, 70, 71, 1, day(start), None, None, day(start), on, 0, (3,), False)


def rungs_told(
    due: str, ladder: tuple[int, ...], first: str, last: str, school: SchoolYear = YEAR
) -> list[tuple[str, int]]:
    """What one person is told on each school morning from a first to a last day, each mail noted in the ledger."""
    row, told, said = owing(due), Told({(Whom.PERSON, 1, 70): day(first) - dt.timedelta(days=1)}), []
    for number in range((day(last) - day(first)).days + 1):
        today = day(first) + dt.timedelta(days=number)
        if not is_school_day(today, school):
            continue
        rungs = tuple(Rung(days, Whom.PERSON) for days in ladder)
        found = reached(row, Whom.PERSON, Morning(today, rungs, school, told))
        if found is not None:
            said.append((today.isoformat(), found))
            told = Told({(Whom.PERSON, 1, 70): today}, {(Whom.PERSON, 1, 70, day(due)): found})
    return said


def test_each_rung_is_told_once_on_its_own_school_day() -> None:
    told = rungs_told("2026-11-20", (-5, 0, 3, 10), "2026-11-03", "2026-12-31")
    assert told == [("2026-11-13", -5), ("2026-11-20", 0), ("2026-11-25", 3), ("2026-12-04", 10)]


def test_rungs_that_fall_in_a_holiday_without_terms_are_told_once_on_the_next_school_day() -> None:
    # due on a Saturday, as no terms are entered: both rungs of the weekend are one mail on Monday
    assert rungs_told("2026-10-24", (0, 1), "2026-10-20", "2026-10-30", NO_TERMS) == [("2026-10-26", 1)]


def test_a_long_silence_is_made_good_once_and_not_once_a_rung() -> None:
    row = owing("2026-10-21")
    asked_in_september = Told({(Whom.PERSON, 1, 70): day("2026-09-10")})
    morning = Morning(day("2026-11-02"), OFFERED, YEAR, asked_in_september)
    assert reached(row, Whom.PERSON, morning) == 3
    after = Told({(Whom.PERSON, 1, 70): day("2026-11-02")}, {(Whom.PERSON, 1, 70, day("2026-10-21")): 3})
    assert reached(row, Whom.PERSON, Morning(day("2026-11-03"), OFFERED, YEAR, after)) is None


def test_a_later_due_day_has_rungs_of_its_own() -> None:
    told_on_the_day = Told({(Whom.PERSON, 1, 70): day("2026-11-20")}, {(Whom.PERSON, 1, 70, day("2026-11-20")): 0})
    extended = owing("2026-12-04")
    for today, expected in (("2026-11-26", None), ("2026-11-27", -5), ("2026-12-04", 0)):
        morning = Morning(day(today), OFFERED, YEAR, told_on_the_day)
        assert reached(extended, Whom.PERSON, morning) == expected


def test_a_closed_day_entered_afterwards_does_not_tell_the_same_rung_again() -> None:
    told = Told({(Whom.PERSON, 1, 70): day("2026-11-25")}, {(Whom.PERSON, 1, 70, day("2026-11-20")): 3})
    snow = SchoolYear(terms=YEAR.terms, closed_on=YEAR.closed_on | {day("2026-11-24")})
    assert rung_day(day("2026-11-20"), 3, snow) == day("2026-11-26")
    assert reached(owing("2026-11-20"), Whom.PERSON, Morning(day("2026-11-26"), OFFERED, snow, told)) is None


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-16T06:00", "2026-11-16T07:30"),
        # summer time: half past seven is 06:30 in UTC; the Monday after the clocks went back it is 07:30 again
        ("2026-10-23T05:00", "2026-10-23T06:30"),
        ("2026-10-26T06:00", "2026-10-26T07:30"),
        ("2027-03-26T06:00", "2027-03-26T07:30"),
        ("2027-03-29T05:00", "2027-03-29T06:30"),
        # a late run holds its mails for an hour, and leaves those to the next morning that could not go today
        ("2026-11-16T10:15", "2026-11-16T11:15"),
        ("2026-11-16T15:59", "2026-11-16T16:59"),
        ("2026-11-16T16:00", None),
        ("2026-11-16T23:30", None),
    ],
)
def test_mails_are_held_until_half_past_seven_by_the_schools_clock(now: str, expected: str | None) -> None:
    assert leaving_at(instant(now), LONDON) == (instant(expected) if expected else None)


def test_a_ladder_that_makes_no_sense_is_refused_in_words() -> None:
    early_chair = (*OFFERED, Rung(0, Whom.CHAIR))
    far = (*OFFERED, Rung(61, Whom.PERSON))
    nobody = tuple(rung for rung in OFFERED if rung.whom is not Whom.PERSON)
    assert [one.field for one in objections_to(early_chair)] == ["when"]
    assert [one.message for one in objections_to(far)] == ["Choose from 0 to 60 days."]
    assert "tells the person" in objections_to(nobody)[0].message
    assert objections_to(OFFERED) == []


def test_the_offered_ladder_tells_the_chair_nothing_and_is_kept_as_it_is() -> None:
    assert all(rung.whom is not Whom.CHAIR for rung in OFFERED)
    assert from_text(to_text(OFFERED)) == OFFERED


def test_others_hear_of_somebody_only_after_they_did_themselves_unless_no_mail_reaches_them() -> None:
    late, unreachable = owing("2026-10-01"), owing("2026-10-01", person=2)
    staff = Staff(here=frozenset({1, 9}), managers_of={1: [(3, 9)], 2: [(3, 9)]})
    first = Morning(day("2026-11-09"), OFFERED, YEAR, Told())
    mails = {(mail.whom, mail.to): mail for mail in planned([late, unreachable], staff, first)}
    assert set(mails) == {(Whom.PERSON, 1), (Whom.MANAGER, 9)}
    assert [line.owed.person_id for line in mails[Whom.MANAGER, 9].lines] == [2]
    told = Told({(Whom.PERSON, 1, 70): day("2026-11-09"), (Whom.MANAGER, 2, 70): day("2026-11-09")})
    [mail] = planned([late, unreachable], staff, Morning(day("2026-11-10"), OFFERED, YEAR, told))
    assert (mail.whom, [line.owed.person_id for line in mail.lines]) == (Whom.MANAGER, [1])
