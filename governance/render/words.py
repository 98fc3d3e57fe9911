"""How dates, numbers and counts are said, on screen, in mails and on paper alike."""

from __future__ import annotations

import datetime as dt
from typing import Protocol
from zoneinfo import ZoneInfo

# Names of our own: the C library's months follow the machine's locale.
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT = tuple(month if len(month) <= 4 else month[:3] for month in MONTHS)
NONE = "–"


class Stated(Protocol):
    """A date as somebody stated it, which knows its own words."""

    def in_words(self) -> str:
        """Such as "12 September 2022", "September 2022", "not recorded"."""
        ...


def day(value: dt.date | None, otherwise: str = "not recorded") -> str:
    """ "12 September 2022"."""
    return otherwise if value is None else f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def day_short(value: dt.date | None, otherwise: str = NONE) -> str:
    """ "12 Sep 2022", for narrow columns."""
    return otherwise if value is None else f"{value.day} {_SHORT[value.month - 1]} {value.year}"


def day_full(value: dt.date) -> str:
    """ "Monday 12 September 2022"."""
    return f"{WEEKDAYS[value.weekday()]} {day(value)}"


def stated(value: Stated | dt.date | None, otherwise: str = "not recorded") -> str:
    """A stated date in its own words, a plain date as `day`."""
    if value is None or isinstance(value, dt.date):
        return day(value, otherwise)
    return value.in_words()


def plural(count: int, one: str, many: str | None = None) -> str:
    """ "1 person", "1,204 people": the count with the word that goes with it."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def percent(part: float, whole: float) -> str:
    """A share in whole per cent; never 100% while something is missing, nor 0% while something is there."""
    if not whole:
        return NONE
    share = round(100 * part / whole)
    if share == 100 and part < whole:
        share = 99
    if share == 0 and part > 0:
        share = 1
    return f"{share}%"


def listed(words: list[str] | tuple[str, ...], joined_by: str = "and") -> str:
    """ "teachers, governors and volunteers"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joined_by} {words[-1]}"


def local_time(value: dt.datetime, zone: str = "Europe/London") -> str:
    """The time of day at a school: 08:31."""
    return f"{value.astimezone(ZoneInfo(zone)):%H:%M}"


def local(value: dt.datetime, zone: str = "Europe/London") -> str:
    """An instant by the school's clock: "5 October 2026 at 09:12"."""
    there = value.astimezone(ZoneInfo(zone))
    return f"{day(there.date())} at {there:%H:%M}"
