"""Days worked by hand with a wall calendar: months, school years, school days, cut-offs."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.reading.calendar import has_school_days
from governance.reading.cutoffs import first_good_day, overdue_starts
from governance.reading.rules import (
    Repeat,
    SchoolYear,
    Term,
    add_months,
    days_after,
    due_day,
    is_school_day,
    lapse_day,
    last_year_start,
    next_school_day,
    next_year_start,
)
from tests.reading.school import day

NO_TERMS = SchoolYear()
# A school year as a county publishes it. INSET on 3 September and 3 November 2025, bank holiday on 4 May 2026.
YEAR_2025 = SchoolYear(
    terms=(
        Term(day("2025-09-03"), day("2025-10-24")),
        Term(day("2025-11-03"), day("2025-12-19")),
        Term(day("2026-01-05"), day("2026-02-13")),
        Term(day("2026-02-23"), day("2026-03-27")),
        Term(day("2026-04-13"), day("2026-05-22")),
        Term(day("2026-06-01"), day("2026-07-21")),
    ),
    closed_on=frozenset({day("2025-09-03"), day("2025-11-03"), day("2026-05-04")}),
)
DAYS = st.dates(dt.date(2023, 12, 1), dt.date(2032, 3, 31))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2025-08-31", 6, "2026-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-03-31", 1, "2026-04-30"),
        ("2025-12-15", 1, "2026-01-15"),
        ("2025-11-30", 3, "2026-02-28"),
        ("2025-10-31", 18, "2027-04-30"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-31", -1, "2025-12-31"),
        ("2026-05-05", 0, "2026-05-05"),
        ("9999-12-31", 1, "9999-12-31"),
        ("0001-01-01", -1, "0001-01-01"),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(start: str, months: int, end: str) -> None:
    assert add_months(day(start), months) == day(end)


@pytest.mark.parametrize(
    ("years", "end"),
    [(1, "2029-02-28"), (2, "2030-02-28"), (3, "2031-02-28"), (4, "2032-02-29"), (5, "2033-02-28"), (8, "2036-02-29")],
)
def test_a_yearly_chain_from_29_february_does_not_drift(years: int, end: str) -> None:
    assert add_months(day("2028-02-29"), 12 * years) == day(end)


def test_sums_stop_at_the_first_and_last_date_there_is() -> None:
    assert days_after(day("9999-12-31"), 1) == day("9999-12-31")
    assert days_after(day("0001-01-02"), -30) == day("0001-01-01")
    assert next_school_day(day("9999-12-31"), NO_TERMS) == day("9999-12-31")
    assert has_school_days(day("9999-12-27"), day("9999-12-31"), 10, NO_TERMS) is False


@pytest.mark.parametrize(
    ("given_on", "lapses_on"),
    [
        ("2025-08-31", "2025-09-01"),
        ("2025-09-01", "2026-09-01"),
        ("2025-09-20", "2026-09-01"),
        ("2026-08-31", "2026-09-01"),
    ],
)
def test_a_yearly_reading_lapses_on_the_next_first_of_september(given_on: str, lapses_on: str) -> None:
    assert next_year_start(day(given_on), NO_TERMS) == day(lapses_on)
    assert lapse_day(day(given_on), Repeat.YEARLY, None, NO_TERMS) == day(lapses_on)


def test_a_school_year_from_29_february_starts_on_the_28th_in_other_years() -> None:
    leap = SchoolYear(year_starts=(2, 29))
    assert next_year_start(day("2027-02-28"), leap) == day("2028-02-29")
    assert next_year_start(day("2028-02-29"), leap) == day("2029-02-28")
    assert last_year_start(day("2028-02-28"), leap) == day("2027-02-28")
    assert last_year_start(day("2028-03-01"), leap) == day("2028-02-29")


@pytest.mark.parametrize(
    ("given_on", "months", "lapses_on"),
    [
        ("2025-09-30", 6, "2026-03-30"),
        ("2025-08-31", 6, "2026-02-28"),
        ("2025-10-31", 6, "2026-04-30"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2024-02-29", 24, "2026-02-28"),
    ],
)
def test_a_reading_for_so_many_months_lapses_on_that_day(given_on: str, months: int, lapses_on: str) -> None:
    assert lapse_day(day(given_on), Repeat.MONTHS, months, NO_TERMS) == day(lapses_on)


@pytest.mark.parametrize(
    ("on", "without_terms", "with_terms"),
    [
        ("2025-10-24", True, True),  # Friday before half-term
        ("2025-10-25", False, False),  # Saturday
        ("2025-10-29", True, False),  # half-term
        ("2025-11-03", True, False),  # INSET
        ("2025-11-04", True, True),
        ("2025-12-25", True, False),
        ("2026-05-04", True, False),  # bank holiday
        ("2025-09-02", True, True),  # before the terms that were entered: Monday to Friday
        ("2026-07-22", True, True),  # after them
    ],
)
def test_school_days(on: str, without_terms: bool, with_terms: bool) -> None:
    assert is_school_day(day(on), NO_TERMS) is without_terms
    assert is_school_day(day(on), YEAR_2025) is with_terms


@pytest.mark.parametrize(
    ("on", "without_terms", "with_terms"),
    [
        ("2025-10-10", "2025-10-13", "2025-10-13"),  # Friday to Monday
        ("2025-10-11", "2025-10-13", "2025-10-13"),
        ("2025-10-14", "2025-10-15", "2025-10-15"),
        ("2025-10-24", "2025-10-27", "2025-11-04"),  # over half-term and the INSET day
        ("2025-12-19", "2025-12-22", "2026-01-05"),
        ("2026-05-01", "2026-05-04", "2026-05-05"),
    ],
)
def test_the_next_school_day(on: str, without_terms: str, with_terms: str) -> None:
    assert next_school_day(day(on), NO_TERMS) == day(without_terms)
    assert next_school_day(day(on), YEAR_2025) == day(with_terms)


@pytest.mark.parametrize(
    ("first_on", "last_on", "without_terms", "with_terms"),
    [
        ("2025-10-06", "2025-10-17", True, True),  # two weeks, Monday to Friday
        ("2025-10-06", "2025-10-16", False, False),  # nine
        ("2025-10-03", "2025-10-16", True, True),  # Friday to the second Thursday
        ("2025-10-20", "2025-11-07", True, False),  # half-term within: 5 + 4
        ("2025-10-06", None, True, True),
    ],
)
def test_ten_school_days(first_on: str, last_on: str | None, without_terms: bool, with_terms: bool) -> None:
    last = day(last_on) if last_on else None
    assert has_school_days(day(first_on), last, 10, NO_TERMS) is without_terms
    assert has_school_days(day(first_on), last, 10, YEAR_2025) is with_terms


@pytest.mark.parametrize(
    ("start", "days", "without_terms", "with_terms"),
    [
        ("2025-09-15", 14, "2025-09-29", "2025-10-03"),
        ("2025-10-13", 10, "2025-10-23", "2025-11-04"),  # nine before half-term, then past the INSET day
        ("2025-10-24", 1, "2025-10-25", "2025-11-04"),
        ("2025-10-29", 5, "2025-11-03", "2025-11-10"),  # asked in half-term
        ("2025-10-29", 0, "2025-10-29", "2025-11-04"),
        ("2025-10-22", 0, "2025-10-22", "2025-10-22"),
        ("2026-04-30", 2, "2026-05-02", "2026-05-05"),  # over the bank holiday
        ("2026-07-08", 9, "2026-07-17", "2026-07-21"),  # the last school day entered
        ("2026-07-08", 10, "2026-07-18", "2026-07-18"),  # not enough school days entered: calendar days
        ("2025-08-20", 14, "2025-09-03", "2025-09-03"),  # started before the terms that were entered
    ],
)
def test_due_days(start: str, days: int, without_terms: str, with_terms: str) -> None:
    assert due_day(day(start), days, NO_TERMS) == day(without_terms)
    assert due_day(day(start), days, YEAR_2025) == day(with_terms)


def test_a_term_that_was_not_entered_is_no_long_holiday() -> None:
    autumn_and_summer = SchoolYear(terms=(YEAR_2025.terms[0], YEAR_2025.terms[1], YEAR_2025.terms[4]))
    assert due_day(day("2025-12-15"), 14, autumn_and_summer) == day("2025-12-29")
    assert due_day(day("2025-12-15"), 4, autumn_and_summer) == day("2025-12-19")
    assert is_school_day(day("2026-02-03"), autumn_and_summer)


@pytest.mark.parametrize(
    ("repeat", "months", "on", "first_good"),
    [
        (Repeat.ONCE, None, "2026-02-28", "0001-01-01"),
        (Repeat.YEARLY, None, "2026-08-31", "2025-09-01"),
        (Repeat.YEARLY, None, "2026-09-01", "2026-09-01"),
        (Repeat.MONTHS, 6, "2026-02-27", "2025-08-28"),
        (Repeat.MONTHS, 6, "2026-02-28", "2025-09-01"),  # the receipts of 28 to 31 August all lapse on the 28th
        (Repeat.MONTHS, 6, "2028-02-28", "2027-08-29"),
        (Repeat.MONTHS, 6, "2028-02-29", "2027-09-01"),
        (Repeat.MONTHS, 12, "2029-02-28", "2028-03-01"),
        (Repeat.MONTHS, 1, "2026-04-30", "2026-04-01"),
    ],
)
def test_the_first_day_whose_receipt_is_still_good(
    repeat: Repeat, months: int | None, on: str, first_good: str
) -> None:
    assert first_good_day(repeat, months, day(on), NO_TERMS) == day(first_good)


@given(DAYS, DAYS, st.sampled_from([(Repeat.YEARLY, None), *((Repeat.MONTHS, n) for n in (1, 6, 12, 18, 24))]))
def test_a_receipt_is_good_from_the_first_good_day_and_no_earlier(
    given_on: dt.date, on: dt.date, repeats: tuple[Repeat, int | None]
) -> None:
    lapse = lapse_day(given_on, *repeats, NO_TERMS)
    assert lapse is not None
    assert (lapse > on) == (given_on >= first_good_day(*repeats, on, NO_TERMS))


@given(
    st.dates(dt.date(2025, 7, 1), dt.date(2026, 9, 30)),
    st.dates(dt.date(2025, 7, 1), dt.date(2026, 9, 30)),
    st.integers(0, 40),
)
def test_a_start_is_overdue_by_its_cutoff_just_when_its_due_day_has_passed(
    start: dt.date, on: dt.date, days: int
) -> None:
    plain, termly = overdue_starts(days, on, NO_TERMS), overdue_starts(days, on, YEAR_2025)
    assert plain.certain_on == plain.possible_on
    assert plain.possible_on is not None and (start <= plain.possible_on) == (due_day(start, days, NO_TERMS) < on)
    overdue = due_day(start, days, YEAR_2025) < on
    assert termly.certain_on is not None and (overdue or start > termly.certain_on)
    assert termly.possible_on is not None and (not overdue or start <= termly.possible_on)


def test_nothing_is_overdue_before_there_were_days() -> None:
    assert overdue_starts(14, day("0001-01-10"), NO_TERMS).possible_on is None
    assert overdue_starts(14, day("2025-11-04"), NO_TERMS).possible_on == day("2025-10-20")
