"""Entries as a calendar file (RFC 5545): the same entries give the same bytes. The library escapes, folds and ends lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vDuration
from icalendar.prop import vRecur

from governance.feeds.rules import MEETING_LASTS, Entry

_PRODUCER = "-//Countersign//Calendar//EN"
# How soon a calendar may ask again; most ask less often.
_AGAIN_AFTER = dt.timedelta(hours=6)
_LONDON = "Europe/London"
_NIGHT = (dt.timedelta(0), dt.timedelta(hours=1))


def calendar_file(name: str, zone: str, entries: Sequence[Entry], base_url: str) -> bytes:
    """A calendar called `name` of a school whose clock is `zone`'s; addresses in it begin with `base_url`."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", vDuration(_AGAIN_AFTER), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(_AGAIN_AFTER))
    if any(entry.starts_at for entry in entries):
        calendar.add_component(_zone(zone, [entry.on for entry in entries]))
    for entry in entries:
        calendar.add_component(_event(entry, zone, base_url))
    content: bytes = calendar.to_ical()
    return content


def _event(entry: Entry, zone: str, base_url: str) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.change.at.astimezone(dt.UTC).replace(microsecond=0))
    if entry.change.is_last:
        event.add("last-modified", entry.change.at.astimezone(dt.UTC).replace(microsecond=0))
    event.add("sequence", entry.change.before)
    event.add("summary", entry.title)
    if entry.starts_at is not None:
        starts = dt.datetime.combine(entry.on, entry.starts_at, ZoneInfo(zone))
        event.add("dtstart", starts)
        event.add("dtend", starts + MEETING_LASTS)
    else:
        event.add("dtstart", entry.on)
        event.add("dtend", entry.on + dt.timedelta(days=1))
        # a note on a day keeps nobody from being free on it
        event.add("transp", "TRANSPARENT")
    for field, text in (("location", entry.place), ("description", entry.words)):
        if text:
            event.add(field, text)
    if entry.path:
        event.add("url", base_url + entry.path)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    return event


def _zone(zone: str, days: Iterable[dt.date]) -> Timezone:
    """When the clocks change. For London by rule, as every calendar program knows it; for elsewhere day by day."""
    if zone != _LONDON:
        around = list(days)
        first, last = dt.date(min(around).year - 1, 1, 1), dt.date(max(around).year + 2, 1, 1)
        return Timezone.from_tzinfo(ZoneInfo(zone), zone, first_date=first, last_date=last)
    found = Timezone()
    found.add("tzid", zone)
    winter, summer = _NIGHT
    for half, called, starts, before, after in (
        (TimezoneDaylight(), "BST", "1996-03-31T01:00", winter, summer),
        (TimezoneStandard(), "GMT", "1996-10-27T02:00", summer, winter),
    ):
        half.add("tzname", called)
        begins = dt.datetime.fromisoformat(starts)
        half.add("dtstart", begins)
        half.add("tzoffsetfrom", before)
        half.add("tzoffsetto", after)
        half.add("rrule", vRecur(freq="YEARLY", bymonth=begins.month, byday="-1SU"))
        found.add_component(half)
    return found
