"""A school's wall clock and UTC. Pure: all steps are taken in UTC, since `aware + timedelta` forgets which 01:30 it is.

When the clocks go forward an hour is missing: what was set for it happens at the hour's end, 02:00 instead of 01:30.
When they go back an hour comes twice: what was set for it happens the first time only.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

SECOND = dt.timedelta(seconds=1)


def instant_at(day: dt.date, at: dt.time, zone: str) -> dt.datetime:
    """The instant, in UTC, at which a school's clock first shows this time on this day, or has first passed it."""
    wall = dt.datetime.combine(day, at)
    place = ZoneInfo(zone)
    first = wall.replace(tzinfo=place, fold=0).astimezone(dt.UTC)
    if _wall(first, place) == wall:
        return first
    second = wall.replace(tzinfo=place, fold=1).astimezone(dt.UTC)
    return _change_between(min(first, second), max(first, second), place)


def local_time(instant: dt.datetime, zone: str) -> dt.datetime:
    """What a school's clock shows at this instant (aware, so that it prints with the right offset)."""
    return instant.astimezone(ZoneInfo(zone))


def clock_change_note(day: dt.date, at: dt.time, zone: str) -> str | None:
    """In words what becomes of a time that the school's clock skips or shows twice on this day, else None."""
    wall = dt.datetime.combine(day, at)
    place = ZoneInfo(zone)
    offsets = [wall.replace(tzinfo=place, fold=fold).utcoffset() for fold in (0, 1)]
    if offsets[0] == offsets[1]:
        return None
    written = f"{day.day} {day:%B %Y}"
    happens = instant_at(day, at, zone).astimezone(place)
    if happens.replace(tzinfo=None) == wall:
        return f"The clocks go back on {written}, so {at:%H:%M} comes twice. This happens once, the first time."
    return f"The clocks go forward on {written}, so there is no {at:%H:%M}. This happens at {happens:%H:%M} instead."


def _wall(instant: dt.datetime, place: ZoneInfo) -> dt.datetime:
    return instant.astimezone(place).replace(tzinfo=None)


def _change_between(early: dt.datetime, late: dt.datetime, place: ZoneInfo) -> dt.datetime:
    """The instant between these two at which the offset from UTC changes, to the second."""
    before = early.astimezone(place).utcoffset()
    while late - early > SECOND:
        middle = early + (late - early) // 2
        middle = middle.replace(microsecond=0)
        if middle <= early:
            break
        if middle.astimezone(place).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late
