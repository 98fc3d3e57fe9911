"""School years, school days and due days: the calendar arithmetic of reading. Pure; dates are a school's own days.

It stays in Python, as month arithmetic does. Sums stop at the first and the last date there is.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from governance.schools.calendar import FIRST_DAY, LAST_DAY, add_months

__all__ = [
    "FIRST_DAY", "LAST_DAY", "SchoolYear", "Term", "add_months", "days_after", "days_before", "due_day", "has_school_days",
    "is_school_day", "last_year_start", "next_school_day", "next_year_start",
]  # fmt: skip

SATURDAY = 5
# House rule: two entered terms further apart than any school holiday have a term between them that was not entered.
LONGEST_HOLIDAY_DAYS = 70


@dataclass(frozen=True, slots=True)
class Term:
    """A term, from its first to its last day."""

    first_on: dt.date
    last_on: dt.date


@dataclass(frozen=True)
class SchoolYear:
    """A school's own calendar settings.

    `year_starts` is the month and day on which a yearly reading lapses (29 February means the 28th in other years).
    `terms` may be empty; `closed_on` are days inside a term that are no school day (bank holidays, INSET, closures) and
    count only where terms are entered.
    """

    year_starts: tuple[int, int] = (9, 1)
    away_school_days: int = 10
    terms: tuple[Term, ...] = ()
    closed_on: frozenset[dt.date] = field(default_factory=frozenset)

    @classmethod
    def entered(
        cls,
        year_starts: tuple[int, int],
        away_school_days: int,
        terms: Iterable[tuple[dt.date, dt.date]],
        closed_on: Iterable[dt.date],
    ) -> SchoolYear:
        """The calendar of a school from its settings, its terms in any order, and its closed days."""
        return _remembered(year_starts, away_school_days, tuple(sorted(terms)), frozenset(closed_on))

    @cached_property
    def spans(self) -> tuple[Term, ...]:
        """Terms and the holidays between them, as unbroken spans in which every day is known to be school or holiday."""
        spans: list[Term] = []
        for term in sorted(self.terms, key=lambda t: (t.first_on, t.last_on)):
            if spans and (term.first_on - spans[-1].last_on).days - 1 <= LONGEST_HOLIDAY_DAYS:
                spans[-1] = Term(spans[-1].first_on, max(spans[-1].last_on, term.last_on))
            else:
                spans.append(term)
        return tuple(spans)

    @cached_property
    def open_on(self) -> dict[Term, list[dt.date]]:
        """The school days of each span, in their order."""
        known = {day for term in self.terms for day in _days(term) if day.weekday() < SATURDAY} - self.closed_on
        return {span: sorted(day for day in known if span.first_on <= day <= span.last_on) for span in self.spans}


@lru_cache(maxsize=64)
def _remembered(
    year_starts: tuple[int, int],
    away_school_days: int,
    terms: tuple[tuple[dt.date, dt.date], ...],
    closed_on: frozenset[dt.date],
) -> SchoolYear:
    """One value for equal calendars, so that what it works out of its terms is worked out once."""
    return SchoolYear(year_starts, away_school_days, tuple(Term(*spell) for spell in terms), closed_on)


def days_after(day: dt.date, days: int) -> dt.date:
    """`day` + `days` (which may be negative), stopping at the first and the last date there is."""
    ordinal = day.toordinal() + days
    return dt.date.fromordinal(min(max(ordinal, FIRST_DAY.toordinal()), LAST_DAY.toordinal()))


def last_year_start(day: dt.date, school: SchoolYear) -> dt.date:
    """The latest yearly day on or before `day`; a reading given on it or since is of this year."""
    this_year = _year_start(day.year, school)
    if this_year <= day:
        return this_year
    return FIRST_DAY if day.year == dt.MINYEAR else _year_start(day.year - 1, school)


def next_year_start(day: dt.date, school: SchoolYear) -> dt.date:
    """The first yearly day after `day`: a yearly reading given on `day` lapses on it."""
    this_year = _year_start(day.year, school)
    if this_year > day:
        return this_year
    return LAST_DAY if day.year == dt.MAXYEAR else _year_start(day.year + 1, school)


def is_school_day(day: dt.date, school: SchoolYear) -> bool:
    """Whether a day is a school day: by the terms where they are entered, else Monday to Friday."""
    if day.weekday() >= SATURDAY:
        return False
    if _span_over(day, day, school) is None:
        return True
    return day not in school.closed_on and any(t.first_on <= day <= t.last_on for t in school.terms)


def next_school_day(day: dt.date, school: SchoolYear) -> dt.date:
    """The first school day after `day`. Two spells so joined are one unbroken stretch."""
    while day < LAST_DAY:
        day = days_after(day, 1)
        if is_school_day(day, school):
            return day
    return LAST_DAY


def has_school_days(first_on: dt.date, last_on: dt.date | None, wanted: int, school: SchoolYear) -> bool:
    """Whether the days from first to last, both counted, hold at least so many school days; an open end does."""
    if last_on is None or wanted <= 0:
        return True
    span = _span_over(first_on, last_on, school)
    if span is not None:
        open_on = school.open_on[span]
        return bisect_right(open_on, last_on) - bisect_left(open_on, first_on) >= wanted
    counted, day = 0, first_on
    while day <= last_on:
        counted += is_school_day(day, school)
        if counted >= wanted or day == LAST_DAY:
            break
        day = days_after(day, 1)
    return counted >= wanted


def due_day(start: dt.date, days: int, school: SchoolYear) -> dt.date:
    """The last day to read: `days` after `start`.

    Counted in school days where the entered terms cover start to due (the first school day after `start` is day 1; with
    none to count, `start` or the next school day), so that it never falls in a holiday. Else in calendar days.
    """
    by_calendar = days_after(start, days)
    span = _span_over(start, by_calendar, school)
    if span is None:
        return by_calendar
    open_on = school.open_on[span]
    position = bisect_right(open_on, start) + days - 1 if days else bisect_left(open_on, start)
    return open_on[position] if position < len(open_on) else by_calendar


def days_before(day: dt.date, days: int, school: SchoolYear) -> dt.date:
    """So many days before a day: school days where the entered terms cover both, the last one before `day` being the first;
    else calendar days.
    """
    by_calendar = days_after(day, -days)
    span = _span_over(by_calendar, day, school)
    if span is None:
        return by_calendar
    open_on = school.open_on[span]
    position = bisect_left(open_on, day) - days
    return open_on[position] if 0 <= position < len(open_on) else by_calendar


def _year_start(year: int, school: SchoolYear) -> dt.date:
    month, day = school.year_starts
    return dt.date(year, month, min(day, monthrange(year, month)[1]))


def _span_over(first_on: dt.date, last_on: dt.date, school: SchoolYear) -> Term | None:
    return next((span for span in school.spans if span.first_on <= first_on and last_on <= span.last_on), None)


def _days(span: Term) -> Iterator[dt.date]:
    for ordinal in range(span.first_on.toordinal(), span.last_on.toordinal() + 1):
        yield dt.date.fromordinal(ordinal)
