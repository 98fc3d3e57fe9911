"""Dates as UK schools write them, with the precision they were written in.

A document that says "September 2022" is kept as that month: no day is ever made up. Days come first (12/09/2022 is
12 September), except in the ISO form 2022-09-12. What could mean two things ("Sept 22") is asked back, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from governance.errors import Objection, Refusal

FIRST_YEAR, LAST_YEAR = 1900, 2100
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# House rule: a term named in a document lies somewhere between these days; Easter moves, so spring and summer overlap.
_TERM_BOUNDS = {"autumn": (9, 1, 12, 31), "spring": (1, 1, 4, 30), "summer": (4, 1, 7, 31)}
_TERM_BY_FIRST_MONTH = {bounds[0]: name for name, bounds in _TERM_BOUNDS.items()}
_ACADEMIC_YEAR_STARTS = 9


class Precision(StrEnum):
    """How exactly a date is known."""

    DAY = "day"
    MONTH = "month"
    TERM = "term"
    YEAR = "year"
    NOT_RECORDED = "not_recorded"


class ImpossibleDate(Refusal):
    """A typed date that cannot be used; the message says what was wrong and what to write instead."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__([Objection(message, field)])
        self.message = message


@dataclass(frozen=True)
class StatedDate:
    """A date as somebody stated it: both ends are inclusive, and None only when it is not recorded."""

    earliest_on: date | None
    latest_on: date | None
    precision: Precision
    as_written: str

    def in_words(self) -> str:
        """As the screen shows it: "12 September 2022", "autumn term 2024", "2022/23", "not recorded"."""
        if self.earliest_on is None or self.latest_on is None:
            return "not recorded"
        first = self.earliest_on
        if self.precision is Precision.DAY:
            return day_in_words(first)
        if self.precision is Precision.MONTH:
            return f"{MONTHS[first.month - 1]} {first.year}"
        if self.precision is Precision.TERM:
            return f"{_TERM_BY_FIRST_MONTH[first.month]} term {first.year}"
        if first.month == _ACADEMIC_YEAR_STARTS:
            return f"{first.year}/{(first.year + 1) % 100:02d}"
        return str(first.year)

    def iso(self) -> str | None:
        """`YYYY-MM-DD` for a day, `YYYY-MM` for a month, None for anything less exact."""
        if self.earliest_on is None:
            return None
        if self.precision is Precision.DAY:
            return self.earliest_on.isoformat()
        if self.precision is Precision.MONTH:
            return self.earliest_on.isoformat()[:7]
        return None


def day_in_words(day: date) -> str:
    """ "12 September 2022": no leading nought, no suffix, the same on every platform."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def exactly(day: date, as_written: str = "") -> StatedDate:
    """A date known to the day."""
    return StatedDate(day, day, Precision.DAY, as_written or day_in_words(day))


def not_recorded(as_written: str = "") -> StatedDate:
    """A date that nobody wrote down."""
    return StatedDate(None, None, Precision.NOT_RECORDED, as_written)


def month_of(year: int, month: int, as_written: str) -> StatedDate:
    """Some day in this month."""
    first = date(year, month, 1)
    return StatedDate(first, _last_day(first), Precision.MONTH, as_written)


def term_of(name: str, year: int, as_written: str) -> StatedDate:
    """Some day in this term of a calendar year; `name` is autumn, spring or summer."""
    from_month, from_day, to_month, to_day = _TERM_BOUNDS[name]
    return StatedDate(date(year, from_month, from_day), date(year, to_month, to_day), Precision.TERM, as_written)


def academic_year(first_year: int, as_written: str) -> StatedDate:
    """1 September of `first_year` to 31 August of the next (the usual school year in England)."""
    return StatedDate(date(first_year, 9, 1), date(first_year + 1, 8, 31), Precision.YEAR, as_written)


def calendar_year(year: int, as_written: str) -> StatedDate:
    """Some day in this calendar year."""
    return StatedDate(date(year, 1, 1), date(year, 12, 31), Precision.YEAR, as_written)


def plausible_year(digits: str) -> int:
    """The year meant by two or four figures: 00 to 69 are 2000 to 2069, 70 to 99 are 1970 to 1999 (house rule).

    Raises:
        ImpossibleDate: for a year outside 1900 to 2100, or of another length.
    """
    year = int(digits)
    if len(digits) == 2:
        return 2000 + year if year < 70 else 1900 + year
    if len(digits) != 4 or not FIRST_YEAR <= year <= LAST_YEAR:
        raise ImpossibleDate(
            f"The year {digits} is not between {FIRST_YEAR} and {LAST_YEAR}. Write the year in four figures, such as 2027."
        )
    return year


def real_day(day: int, month: int, year: int) -> date:
    """The calendar day.

    Raises:
        ImpossibleDate: "31 February 2027 does not exist", with how long that month is.
    """
    if not 1 <= month <= 12:
        raise ImpossibleDate(f"There is no month {month}. Write the day first, then the month, such as 31/12/{year}.")
    length = _last_day(date(year, month, 1)).day
    if not 1 <= day <= length:
        raise ImpossibleDate(
            f"{day} {MONTHS[month - 1]} {year} does not exist: {MONTHS[month - 1]} {year} has {length} days. "
            "Check the day and the month."
        )
    return date(year, month, day)


def _last_day(first: date) -> date:
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return following - timedelta(days=1)


_SPACES = re.compile(r"[\s\u00a0\u2000-\u200b]+")


def tidy(text: str) -> str:
    """One space between words, plain hyphens, no space at the ends."""
    return _SPACES.sub(" ", re.sub("[\u2010-\u2015\u2212]", "-", text)).strip()
