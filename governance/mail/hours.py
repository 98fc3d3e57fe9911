"""When a mail may leave. Pure.

House rule: what asks something of staff, or reminds them, leaves on school days between 07:30 and 17:00. Which days are
holidays or closed is known further up; whoever queues the mail has chosen the day. Here weekends and evenings are kept
free, so that a mail held up by a mail server's trouble does not arrive at night either.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

OPENS = dt.time(7, 30)
CLOSES = dt.time(17, 0)
WITHIN_HOURS = frozenset({"asking", "reminder", "late_reading", "team_digest", "policy_due"})
_SATURDAY = 5


def leaves_at(kind: str, wanted: dt.datetime, zone: str) -> dt.datetime:
    """The first instant, at or after `wanted` (aware), at which a mail of this kind may leave (UTC)."""
    if kind not in WITHIN_HOURS:
        return wanted.astimezone(dt.UTC)
    place = ZoneInfo(zone)
    local = wanted.astimezone(place)
    if local.weekday() < _SATURDAY and OPENS <= local.time() < CLOSES:
        return wanted.astimezone(dt.UTC)
    day = local.date()
    if local.time() >= CLOSES:
        day += dt.timedelta(days=1)
    while day.weekday() >= _SATURDAY:
        day += dt.timedelta(days=1)
    return dt.datetime.combine(day, OPENS, place).astimezone(dt.UTC)
