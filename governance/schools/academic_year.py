"""Academic years and their half-terms, for whatever is spread over a year. Pure; days are a school's own."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from governance.errors import Refusal

EARLIEST, YEARS_AHEAD = 2000, 5
_SEPTEMBER = 9
_WRITTEN = re.compile(r"([0-9]{4})-([0-9]{2})")
# House rule, where a school entered no terms: half-terms by the calendar, each from a month and day.
_BY_CALENDAR = (
    ("Autumn 1", 9, 1),
    ("Autumn 2", 11, 1),
    ("Spring 1", 1, 1),
    ("Spring 2", 2, 16),
    ("Summer 1", 4, 1),
    ("Summer 2", 6, 1),
)


class Entered(Protocol):
    """A term or half-term that a school entered."""

    @property
    def name(self) -> str:
        """What the school calls it."""
        ...

    @property
    def first_on(self) -> dt.date:
        """Its first day."""
        ...

    @property
    def last_on(self) -> dt.date:
        """Its last day."""
        ...


@dataclass(frozen=True)
class AcademicYear:
    """From 1 September to 31 August (house rule: the year that the statutory guidance for schools counts by)."""

    starts_in: int

    @property
    def name(self) -> str:
        """ "2026-27"."""
        return f"{self.starts_in}-{(self.starts_in + 1) % 100:02}"

    @property
    def first_on(self) -> dt.date:
        """1 September."""
        return dt.date(self.starts_in, _SEPTEMBER, 1)

    @property
    def last_on(self) -> dt.date:
        """31 August."""
        return dt.date(self.starts_in + 1, _SEPTEMBER - 1, 31)

    def holds(self, day: dt.date) -> bool:
        """Whether a day is in it."""
        return self.first_on <= day <= self.last_on


@dataclass(frozen=True)
class Half:
    """A half-term with the holiday after it, so that every day of the year is in one of them."""

    name: str
    first_on: dt.date
    last_on: dt.date

    def holds(self, day: dt.date) -> bool:
        """Whether a day is in it."""
        return self.first_on <= day <= self.last_on


def year_of(day: dt.date) -> AcademicYear:
    """The academic year that a day is in."""
    return AcademicYear(day.year if day.month >= _SEPTEMBER else day.year - 1)


def year_named(written: str, today: dt.date) -> AcademicYear:
    """The year as addresses write it, "2026-27".

    Raises:
        Refusal: for anything else, or a year too far away to be planned.
    """
    found = _WRITTEN.fullmatch(written.strip())
    if found is None or int(found[2]) != (int(found[1]) + 1) % 100:
        raise Refusal.one("That is no academic year. Write the two years that it spans, such as 2026-27.", "year")
    year = AcademicYear(int(found[1]))
    if not is_shown(year, today):
        first, last = AcademicYear(EARLIEST), _latest(today)
        raise Refusal.one(f"Choose an academic year between {first.name} and {last.name}.", "year")
    return year


def is_shown(year: AcademicYear, today: dt.date) -> bool:
    """Whether a year is near enough: meetings are planned at most so many years ahead."""
    return EARLIEST <= year.starts_in <= _latest(today).starts_in


def halves_of(year: AcademicYear, terms: Sequence[Entered]) -> tuple[Half, ...]:
    """The half-terms of a year, in their order and without a gap.

    They are the terms that the school entered for it, where these reach from autumn to summer; else those of the
    calendar. A holiday belongs to the half-term before it: what falls due then has to be decided before it begins.
    """
    own = sorted((one for one in terms if year.holds(one.last_on)), key=lambda one: one.first_on)
    autumn, summer = dt.date(year.starts_in, 9, 30), dt.date(year.starts_in + 1, 6, 1)
    if own and own[0].first_on <= autumn and own[-1].last_on >= summer:
        starts = [(one.name, one.first_on) for one in own]
    else:
        starts = [(name, _on(year, month, day)) for name, month, day in _BY_CALENDAR]
    ends = [first_on - dt.timedelta(days=1) for _, first_on in starts[1:]] + [year.last_on]
    return tuple(
        Half(name, year.first_on if place == 0 else first_on, last_on)
        for place, ((name, first_on), last_on) in enumerate(zip(starts, ends, strict=True))
    )


def _on(year: AcademicYear, month: int, day: int) -> dt.date:
    return dt.date(year.starts_in + (month < _SEPTEMBER), month, day)


def _latest(today: dt.date) -> AcademicYear:
    return AcademicYear(year_of(today).starts_in + YEARS_AHEAD)
