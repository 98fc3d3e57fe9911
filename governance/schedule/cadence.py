"""How often something happens at a school, and which of its slots are due. Pure: no database, no Flask, no clock.

    cadence → days it falls on → instants in UTC → slots after the last one and up to now → the latest runs

A slot of a calendar cadence is keyed by its local date, so the hour that comes twice in October cannot run it twice;
a meeting's slot is keyed by the meeting, so moving the meeting afterwards cannot either.
"""

from __future__ import annotations

import calendar
import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from governance.errors import Refusal
from governance.schedule.local_time import clock_change_note, instant_at

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LAST_DAY_IN_EVERY_MONTH = 28
MOST_DAYS_BEFORE_A_MEETING = 60
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Weekly:
    """Once a week. `weekday` is 0 for Monday to 6 for Sunday; `at` is the school's own time."""

    weekday: int
    at: dt.time

    def __post_init__(self) -> None:
        _whole_minute(self.at)
        if self.weekday not in range(7):
            raise Refusal.one("Choose a day of the week.", "weekday")


@dataclass(frozen=True)
class Monthly:
    """Once a month, on a day that every month has, or (None) on its last day."""

    day: int | None
    at: dt.time

    def __post_init__(self) -> None:
        _whole_minute(self.at)
        if self.day is not None and self.day not in range(1, LAST_DAY_IN_EVERY_MONTH + 1):
            raise Refusal.one("Choose a day from 1 to 28, or the last day of the month.", "day")


@dataclass(frozen=True)
class Daily:
    """Every day, or Monday to Friday only. Holidays are not left out: whoever needs to know may be at work."""

    at: dt.time
    school_days_only: bool = False

    def __post_init__(self) -> None:
        _whole_minute(self.at)


@dataclass(frozen=True)
class BeforeMeeting:
    """Once for each meeting, a number of calendar days before it; 0 is the day itself."""

    days: int
    at: dt.time

    def __post_init__(self) -> None:
        _whole_minute(self.at)
        if self.days not in range(MOST_DAYS_BEFORE_A_MEETING + 1):
            raise Refusal.one(f"Choose from 0 to {MOST_DAYS_BEFORE_A_MEETING} days before the meeting.", "days")


Cadence = Weekly | Monthly | Daily | BeforeMeeting


@dataclass(frozen=True)
class PlannedMeeting:
    """As much of a meeting as a cadence needs: a key that never changes and the local day it is held on."""

    key: str
    held_on: dt.date


@dataclass(frozen=True)
class Slot:
    """One time at which a run is due. `lapses_on` is the last local day on which running it late is of any use."""

    key: str
    due_at: dt.datetime
    lapses_on: dt.date | None = None


def slots_due(
    cadence: Cadence,
    created_at: dt.datetime,
    last_slot: dt.datetime | None,
    now: dt.datetime,
    zone: str,
    meetings: Iterable[PlannedMeeting] = (),
) -> list[Slot]:
    """The slots due up to and at `now`, earliest first.

    Args:
        cadence: how often.
        created_at: when the entry was made; it has no slot before (UTC).
        last_slot: `due_at` of the latest slot in the ledger (UTC), or None. Not used for meetings.
        now: the present instant (UTC).
        zone: the school's time zone.
        meetings: for BeforeMeeting the meetings still to be held that have no slot in the ledger.
    """
    if isinstance(cadence, BeforeMeeting):
        found = [_meeting_slot(cadence, meeting, zone) for meeting in meetings]
        due = [slot for slot in found if created_at <= slot.due_at <= now]
        return sorted(due, key=lambda slot: (slot.due_at, slot.key))
    earliest = created_at if last_slot is None else max(created_at, last_slot)
    due = []
    for day in _days(earliest.date() - ONE_DAY, now.date() + ONE_DAY):
        if not falls_on(cadence, day):
            continue
        slot = Slot(day.isoformat(), instant_at(day, cadence.at, zone))
        if earliest <= slot.due_at <= now and slot.due_at != last_slot:
            due.append(slot)
    return due


def which_runs(slots: Sequence[Slot], today: dt.date) -> tuple[list[Slot], list[Slot]]:
    """Of several missed slots (those that run, those that are skipped).

    A calendar cadence runs the latest only: its report tells how things stand and makes the earlier ones useless.
    Meetings do not replace each other: each that is not over still runs.
    """
    lapsing = [slot for slot in slots if slot.lapses_on is not None]
    plain = [slot for slot in slots if slot.lapses_on is None]
    run = plain[-1:] + [slot for slot in lapsing if slot.lapses_on is not None and slot.lapses_on >= today]
    return run, [slot for slot in slots if slot not in run]


def falls_on(cadence: Weekly | Monthly | Daily, day: dt.date) -> bool:
    """Whether a calendar cadence has a slot on this local day."""
    if isinstance(cadence, Weekly):
        return day.weekday() == cadence.weekday
    if isinstance(cadence, Monthly):
        wanted = cadence.day or calendar.monthrange(day.year, day.month)[1]
        return day.day == wanted
    return day.weekday() < WEEKDAYS.index("Saturday") or not cadence.school_days_only


def next_slot(cadence: Cadence, after: dt.datetime, zone: str, meetings: Iterable[PlannedMeeting] = ()) -> Slot | None:
    """The first slot later than `after`, for the words "next: Monday 12 October at 07:00"; None without a meeting."""
    if isinstance(cadence, BeforeMeeting):
        coming = [_meeting_slot(cadence, meeting, zone) for meeting in meetings]
        return min((slot for slot in coming if slot.due_at > after), key=lambda slot: slot.due_at, default=None)
    for day in _days(after.date() - ONE_DAY, after.date() + dt.timedelta(days=63)):
        if falls_on(cadence, day):
            slot = Slot(day.isoformat(), instant_at(day, cadence.at, zone))
            if slot.due_at > after:
                return slot
    return None


def note_for(
    cadence: Cadence, from_on: dt.date, zone: str, meetings: Iterable[PlannedMeeting] = (), days: int = 400
) -> str | None:
    """A sentence about the first day, in the `days` to come, on which the clocks change over this cadence's time."""
    if isinstance(cadence, BeforeMeeting):
        planned = sorted(meeting.held_on - dt.timedelta(days=cadence.days) for meeting in meetings)
        candidates = [day for day in planned if day >= from_on]
    else:
        candidates = [day for day in _days(from_on, from_on + dt.timedelta(days=days)) if falls_on(cadence, day)]
    notes = (clock_change_note(day, cadence.at, zone) for day in candidates)
    return next((note for note in notes if note), None)


def in_words(cadence: Cadence) -> str:
    """The cadence as a person would say it: "Every Monday at 07:00"."""
    return f"{_how_often(cadence)} at {cadence.at:%H:%M}"


def to_text(cadence: Cadence) -> str:
    """The cadence as JSON text, the same text for the same cadence."""
    fields: dict[str, Any] = {"at": f"{cadence.at:%H:%M}"}
    match cadence:
        case Weekly():
            fields |= {"every": "week", "weekday": WEEKDAYS[cadence.weekday].lower()}
        case Monthly():
            fields |= {"every": "month", "day": cadence.day or "last"}
        case Daily():
            fields |= {"every": "day", "school_days_only": cadence.school_days_only}
        case BeforeMeeting():
            fields |= {"every": "meeting", "days_before": cadence.days}
    return json.dumps(fields, sort_keys=True)


def from_text(text: str) -> Cadence:
    """The cadence that `to_text` wrote.

    Raises:
        ValueError: for text that `to_text` did not write.
    """
    try:
        fields = json.loads(text)
        at = dt.time.fromisoformat(fields["at"])
        return _from_fields(fields, at)
    except (KeyError, TypeError, AttributeError, ValueError, Refusal) as problem:
        raise ValueError(f"not a cadence: {text!r}") from problem


def last_day_to_send(meeting_on: dt.date, clear_days: int) -> dt.date:
    """The last day on which papers can go out with so many clear days before the meeting.

    Neither the day of sending nor the day of the meeting counts, so for seven and 15 October it is 7 October.
    """
    return meeting_on - dt.timedelta(days=clear_days + 1)


def seven_clear_days_before(meeting_on: dt.date) -> dt.date:
    """The last day to send the notice and papers of a meeting of a maintained school's governing body.

    Source: the School Governance (Roles, Procedures and Allowances) (England) Regulations 2013 (SI 2013/1624),
    regulation 13; the chair may set a shorter period where matters demand urgent consideration, with the reason.
    """
    return last_day_to_send(meeting_on, 7)


def _from_fields(fields: dict[str, Any], at: dt.time) -> Cadence:
    match fields["every"]:
        case "week":
            return Weekly(WEEKDAYS.index(fields["weekday"].title()), at)
        case "month":
            return Monthly(None if fields["day"] == "last" else int(fields["day"]), at)
        case "day":
            return Daily(at, bool(fields["school_days_only"]))
        case "meeting":
            return BeforeMeeting(int(fields["days_before"]), at)
        case other:
            raise ValueError(f"unknown kind of cadence: {other!r}")


def _how_often(cadence: Cadence) -> str:
    match cadence:
        case Weekly():
            return f"Every {WEEKDAYS[cadence.weekday]}"
        case Monthly(day=None):
            return "On the last day of every month"
        case Monthly(day=int(day)):
            return f"On the {_ordinal(day)} of every month"
        case Daily():
            return "Every day from Monday to Friday" if cadence.school_days_only else "Every day"
        case BeforeMeeting(days=0):
            return "On the day of each meeting"
        case BeforeMeeting(days=days):
            return "The day before each meeting" if days == 1 else f"{days} days before each meeting"
    raise ValueError(f"not a cadence: {cadence!r}")


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _meeting_slot(cadence: BeforeMeeting, meeting: PlannedMeeting, zone: str) -> Slot:
    day = meeting.held_on - dt.timedelta(days=cadence.days)
    return Slot(f"meeting:{meeting.key}", instant_at(day, cadence.at, zone), lapses_on=meeting.held_on)


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    for number in range((last - first).days + 1):
        yield first + dt.timedelta(days=number)


def _whole_minute(at: dt.time) -> None:
    if at.tzinfo is not None or at.second or at.microsecond:
        raise Refusal.one("Give the time of day in hours and minutes, such as 07:00.", "at")
