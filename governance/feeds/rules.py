"""What a calendar says of a meeting, a pack, a review and a policy to read. Pure.

Each is known by an identifier that stays when its day, its name or its state changes, so that a calendar moves it instead of
showing it twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from governance.extract.dates import day_in_words
from governance.schedule.cadence import seven_clear_days_before
from governance.schools.calendar import add_months

# House rule: a meeting stays in the calendar for a term after it.
LOOK_BACK = dt.timedelta(days=120)
# House rule: until everybody's calendar has surely fetched it, and whoever was away has seen it.
CANCELLED_KEPT = dt.timedelta(days=28)
# House rule, since the length of a meeting is not planned here; it keeps the evening free.
MEETING_LASTS = dt.timedelta(hours=2)


@dataclass(frozen=True)
class Change:
    """When a thing last changed, and how often it had changed before."""

    at: dt.datetime
    before: int = 0
    # whether it is known that nothing about it changed since
    is_last: bool = False


@dataclass(frozen=True)
class Entry:
    """One thing in a calendar, on a day of the school's: all day, or from a time on. `path` leads to its screen."""

    uid: str
    title: str
    on: dt.date
    change: Change
    starts_at: dt.time | None = None
    place: str = ""
    words: str = ""
    path: str = ""
    cancelled: bool = False


@dataclass(frozen=True)
class MeetingFacts:
    """A meeting as the records have it."""

    key: str
    body: str
    held_on: dt.date
    starts_at: dt.time | None
    place: str
    state: str
    change: Change
    path: str

    @property
    def named(self) -> str:
        """ "Full Governing Body, 3 December 2026"."""
        return f"{self.body}, {day_in_words(self.held_on)}"


def is_shown(held_on: dt.date, state: str, today: dt.date) -> bool:
    """Whether a meeting is still in the calendar."""
    return held_on >= today - (CANCELLED_KEPT if state == "cancelled" else LOOK_BACK)


def meeting(facts: MeetingFacts) -> Entry:
    """A meeting. Some calendars do not show that one is cancelled, so its title says it too."""
    cancelled = facts.state == "cancelled"
    return Entry(
        f"meeting-{facts.key}",
        f"{'Cancelled: ' if cancelled else ''}{facts.body} meeting",
        facts.held_on,
        facts.change,
        facts.starts_at,
        facts.place,
        "Too few members came, so nothing was decided." if facts.state == "inquorate" else "",
        facts.path,
        cancelled,
    )


def pack_to_send(facts: MeetingFacts) -> Entry:
    """The last day to send a meeting's pack (SI 2013/1624 reg 13: seven clear days)."""
    return Entry(
        f"pack-{facts.key}",
        f"Last day to send the pack: {facts.named}",
        seven_clear_days_before(facts.held_on),
        facts.change,
        words="Notice and papers go out seven clear days before a meeting.",
        path=facts.path,
    )


def decisions_to_enter(facts: MeetingFacts) -> Entry:
    """What a meeting decided waits to be entered, from the day after it."""
    return Entry(
        f"decisions-{facts.key}",
        f"Enter what was decided: {facts.named}",
        facts.held_on + dt.timedelta(days=1),
        facts.change,
        path=facts.path,
    )


def review(key: str, title: str, last_on: dt.date, change: Change, path: str) -> Entry:
    """The last day of a review, with the three days on which its owner is told."""
    months, month, week = add_months(last_on, -3), add_months(last_on, -1), last_on - dt.timedelta(days=7)
    words = (
        f"You are reminded three months before, on {day_in_words(months)}; a month before, on {day_in_words(month)}; "
        f"and a week before, on {day_in_words(week)}."
    )
    return Entry(f"review-{key}", f"Review due: {title}", last_on, change, words=words, path=path)


def to_read(key: str, whose: str, title: str, due_on: dt.date, change: Change, path: str) -> Entry:
    """The last day to read a policy; `whose` sets apart what two people owe."""
    return Entry(f"reading-{key}-{whose}", f"Read by today: {title}", due_on, change, path=path)


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Each once, whichever offices brought it, by day and time."""
    once = {entry.uid: entry for entry in entries}
    return sorted(once.values(), key=lambda entry: (entry.on, entry.starts_at or dt.time.min, entry.uid))
