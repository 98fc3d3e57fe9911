"""The terms of England as most local authorities set them, offered for a school to change. Pure.

House rule, read off published calendars: schools differ by a day or two, and academies set their own. Bank holidays come
from the library `holidays`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import holidays

# Nations whose schools keep roughly to this pattern, with the name their bank holidays go by.
NATIONS = {"england": "ENG", "wales": "WLS"}
MONDAY, FRIDAY = 0, 4
_WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class UsualTerm:
    """A half-term, from its first to its last day."""

    name: str
    first_on: dt.date
    last_on: dt.date


@dataclass(frozen=True)
class UsualYear:
    """An academic year's half-terms, and the bank holidays that fall in them by day."""

    starts_in: int
    terms: tuple[UsualTerm, ...]
    bank_holidays: tuple[tuple[dt.date, str], ...]


def usual_year(nation: str, starts_in: int) -> UsualYear | None:
    """The academic year that begins in September of a year; None where the nation keeps another pattern."""
    if nation not in NATIONS:
        return None
    free = holidays.country_holidays("GB", subdiv=NATIONS[nation], years=[starts_in, starts_in + 1])
    terms = tuple(_terms(starts_in, frozenset(free)))
    inside = [(day, name) for day, name in sorted(free.items()) if any(t.first_on <= day <= t.last_on for t in terms)]
    return UsualYear(starts_in, terms, tuple((day, name) for day, name in inside if day.weekday() <= FRIDAY))


def _terms(year: int, free: frozenset[dt.date]) -> Iterator[UsualTerm]:
    october = _on_or_before(dt.date(year, 10, 28), MONDAY)
    christmas = _on_or_before(dt.date(year, 12, 21), FRIDAY)
    # two weeks and the weekends about them
    january = christmas + dt.timedelta(days=17)
    february = _on_or_before(dt.date(year + 1, 2, 18), MONDAY)
    easter = max(_on_or_before(dt.date(year + 1, 4, 4), MONDAY), _easter_monday(free, year + 1) - 2 * _WEEK)
    may = _on_or_before(dt.date(year + 1, 5, 31), MONDAY)
    summer = dt.date(year + 1, 7, 22)
    september = dt.date(year, 9, 1)
    # nobody begins with a Friday
    september += dt.timedelta(days=(7 - september.weekday()) % 7) if september.weekday() >= FRIDAY else dt.timedelta()
    begins = (september, october + _WEEK, january, february + _WEEK, easter + 2 * _WEEK, may + _WEEK)
    ends = (october, christmas + dt.timedelta(days=1), february, easter, may, summer + dt.timedelta(days=1))
    names = ("Autumn 1", "Autumn 2", "Spring 1", "Spring 2", "Summer 1", "Summer 2")
    for name, first, after in zip(names, begins, ends, strict=True):
        yield UsualTerm(name, _open_from(first, free), _open_until(after - dt.timedelta(days=1), free))


def _easter_monday(free: frozenset[dt.date], year: int) -> dt.date:
    """The Monday among the bank holidays of March and April; England and Wales have no other."""
    return next(day for day in sorted(free) if day.year == year and day.month in {3, 4} and day.weekday() == MONDAY)


def _on_or_before(day: dt.date, weekday: int) -> dt.date:
    return day - dt.timedelta(days=(day.weekday() - weekday) % 7)


def _open_from(day: dt.date, free: frozenset[dt.date]) -> dt.date:
    while day.weekday() > FRIDAY or day in free:
        day += dt.timedelta(days=1)
    return day


def _open_until(day: dt.date, free: frozenset[dt.date]) -> dt.date:
    while day.weekday() > FRIDAY or day in free:
        day -= dt.timedelta(days=1)
    return day
