"""The one door to time. Everything else is handed `now` or a day; ruff bans the clock elsewhere."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

LONDON = "Europe/London"


def now() -> dt.datetime:
    """The present instant, in UTC."""
    return dt.datetime.now(dt.UTC)


def today(zone: str = LONDON) -> dt.date:
    """The calendar day it is now at a school."""
    return local_day(now(), zone)


def local_day(instant: dt.datetime, zone: str = LONDON) -> dt.date:
    """The calendar day on which an instant falls at a school.

    Raises:
        ValueError: for an instant without a time zone, which could mean two days.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(ZoneInfo(zone)).date()
