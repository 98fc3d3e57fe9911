"""When a mail may leave. Pure.

House rule: what asks something of staff, or reminds them, leaves between 07:30 and 17:00 from Monday to Friday, and on
school days alone where it can wait for them. Which days these are is known further up and handed in: whoever queues a mail
has chosen its day, and whoever sends says which days are open for what a mail server would not take at once. A link that
somebody asked for keeps the hours, but does not wait for the end of a holiday: it might be over by then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

OPENS = dt.time(7, 30)
CLOSES = dt.time(17, 0)
ON_SCHOOL_DAYS = frozenset({"asking", "reminder", "late_reading", "team_digest", "policy_due"})
WITHIN_HOURS = ON_SCHOOL_DAYS | {"reading_link"}
_SATURDAY = 5
# House rule: longer than any holiday. Without an open day within it the calendar is wrong, and a mail rather leaves.
_LONGEST_WAIT = dt.timedelta(days=100)

OpenOn = Callable[[dt.date], bool]


def is_weekday(day: dt.date) -> bool:
    """Whether a day is none of a weekend."""
    return day.weekday() < _SATURDAY


def leaves_at(kind: str, wanted: dt.datetime, zone: str, open_on: OpenOn = is_weekday) -> dt.datetime:
    """The first instant, at or after `wanted` (aware), at which a mail of this kind may leave (UTC).

    Args:
        open_on: the days on which mail leaves that can wait for a school day.
    """
    if kind not in WITHIN_HOURS:
        return wanted.astimezone(dt.UTC)
    place = ZoneInfo(zone)
    local = wanted.astimezone(place)
    first = local.date() + dt.timedelta(days=local.time() >= CLOSES)
    day = _first_open(first, open_on if kind in ON_SCHOOL_DAYS else is_weekday)
    if day == local.date() and local.time() >= OPENS:
        return wanted.astimezone(dt.UTC)
    return dt.datetime.combine(day, OPENS, place).astimezone(dt.UTC)


def _first_open(first: dt.date, open_on: OpenOn) -> dt.date:
    days = (first + dt.timedelta(days=ahead) for ahead in range(_LONGEST_WAIT.days))
    return next((day for day in days if open_on(day)), first)
