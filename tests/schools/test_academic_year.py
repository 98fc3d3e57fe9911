"""Academic years and their half-terms."""

from __future__ import annotations

import datetime as dt

import pytest

from governance.errors import Refusal
from governance.schools.academic_year import AcademicYear, halves_of, year_named, year_of
from governance.schools.term_pattern import usual_year

TODAY = dt.date(2026, 11, 16)
YEAR = AcademicYear(2026)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (dt.date(2026, 8, 31), "2025-26"),
        (dt.date(2026, 9, 1), "2026-27"),
        (dt.date(2027, 8, 31), "2026-27"),
        (dt.date(2099, 12, 1), "2099-00"),
    ],
)
def test_a_year_begins_in_september_and_is_called_after_both_its_years(day: dt.date, name: str) -> None:
    assert year_of(day).name == name


@pytest.mark.parametrize("written", ["2026-27", " 2026-27 ", "2031-32", "2000-01"])
def test_a_year_is_read_as_it_is_written(written: str) -> None:
    assert year_named(written, TODAY).name == written.strip()


@pytest.mark.parametrize("written", ["1999-00", "2032-33", "9999-00", "0000-01"])
def test_a_year_too_far_away_is_refused_with_the_years_there_are(written: str) -> None:
    with pytest.raises(Refusal, match="between 2000-01 and 2031-32"):
        year_named(written, TODAY)


@pytest.mark.parametrize(
    "written", ["2026-28", "2026", "26-27", "2026/27", "", "２０２６-27", "2026-27-28", "x" * 9_000]
)
def test_what_is_no_year_is_refused_in_a_plain_sentence(written: str) -> None:
    with pytest.raises(Refusal, match=r"That is no academic year\. Write the two years that it spans, such as 2026-27"):
        year_named(written, TODAY)


def test_without_terms_the_calendar_says_the_halves() -> None:
    halves = halves_of(YEAR, ())
    assert [half.name for half in halves] == [f"{term} {n}" for term in ("Autumn", "Spring", "Summer") for n in (1, 2)]
    assert [half.first_on for half in halves] == [
        dt.date(*day) for day in ((2026, 9, 1), (2026, 11, 1), (2027, 1, 1), (2027, 2, 16), (2027, 4, 1), (2027, 6, 1))
    ]


def test_entered_terms_are_the_halves_and_a_holiday_belongs_to_the_one_before_it() -> None:
    usual = usual_year("england", 2026)
    assert usual is not None
    halves = halves_of(YEAR, [*reversed(usual.terms), *_terms_of(2025)])
    assert [half.name for half in halves] == [term.name for term in usual.terms]
    christmas = dt.date(2026, 12, 26)
    assert [half.name for half in halves if half.holds(christmas)] == ["Autumn 2"]


@pytest.mark.parametrize("terms", ["calendar", "entered", "only the autumn"])
def test_every_day_of_the_year_is_in_exactly_one_half(terms: str) -> None:
    known = {"calendar": (), "entered": _terms_of(2026), "only the autumn": _terms_of(2026)[:2]}[terms]
    halves = halves_of(YEAR, known)
    days = [YEAR.first_on + dt.timedelta(days=n) for n in range((YEAR.last_on - YEAR.first_on).days + 1)]
    assert all(sum(half.holds(day) for half in halves) == 1 for day in days)
    assert len(halves) == 6


def _terms_of(year: int):  # type: ignore[no-untyped-def]
    usual = usual_year("england", year)
    assert usual is not None
    return usual.terms
