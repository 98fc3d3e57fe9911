"""Pure rules about governing bodies and their meetings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum

from governance.errors import Objection
from governance.extract.dates import day_in_words
from governance.schools.names import fold, tidy, unstorable

LONGEST_NAME = 200
KINDS = {"board": "Governing board", "committee": "Committee"}
# A meeting is planned a few years ahead at most, and the records a school brings along go back decades.
EARLIEST_YEAR = 1900
YEARS_AHEAD = 5


class PackWay(StrEnum):
    """How a pack that the clerk sends reaches governors: the school's choice."""

    ATTACHED = "attached"
    LINK = "link"


def objections_to_body(name: str, kind: str, others: Collection[str]) -> Iterator[Objection]:
    """What stops a body from having this name; `others` are the folded names of the school's other bodies."""
    yield from objections_to_name(name, "the governing body's name", others)
    if kind not in KINDS:
        yield Objection("Choose governing board or committee.", "kind")


def objections_to_name(name: str, what: str, others: Collection[str]) -> Iterator[Objection]:
    """What stops a thing of the school from having this name; `others` are the folded names taken."""
    if not tidy(name):
        yield Objection(f"Enter {what}.", "name")
    elif len(tidy(name)) > LONGEST_NAME:
        yield Objection(f"That is {len(tidy(name))} characters long. Shorten it to {LONGEST_NAME} or fewer.", "name")
    elif unstorable(name):
        yield Objection("The name contains characters we cannot store. Type it again.", "name")
    elif fold(name) in others:
        yield Objection(f"“{tidy(name)}” is already there. Choose another name.", "name")


def objections_to_ending(ended_on: dt.date, planned: Sequence[dt.date]) -> Iterator[Objection]:
    """What stops a body from ending on a day; `planned` are its meetings planned after it."""
    if planned:
        yield Objection(
            f"It has a meeting planned on {day_in_words(planned[0])}, after {day_in_words(ended_on)}. Cancel that meeting first.",
            "ended_on",
        )


def objections_to_renaming(since: dt.date, today: dt.date, last: dt.date | None) -> Iterator[Objection]:
    """What stops a body from having another name since a day; `last` is the first day of the name it has."""
    if since > today:
        yield Objection(f"Until {day_in_words(since)} it has its old name. Rename it on that day.", "since")
    elif last is not None and since <= last:
        yield Objection(f"It has its present name since {day_in_words(last)}. Enter a later day.", "since")


def objections_to_meeting(
    held_on: dt.date, today: dt.date, taken: Collection[dt.date], place: str = ""
) -> Iterator[Objection]:
    """What stops a body from meeting on a day; `taken` are the days of its other meetings."""
    latest = today.year + YEARS_AHEAD
    if not EARLIEST_YEAR <= held_on.year <= latest:
        yield Objection(f"Enter a date between {EARLIEST_YEAR} and {latest}.", "held_on")
    elif held_on in taken:
        yield Objection(f"It has a meeting on {day_in_words(held_on)} already. Choose another day.", "held_on")
    if len(place) > LONGEST_NAME or unstorable(place):
        yield Objection(f"Enter the place in {LONGEST_NAME} ordinary characters or fewer.", "place")


# A meeting in one of these states decided nothing: its agenda goes on to the next one.
DECIDED_NOTHING = frozenset({"cancelled", "inquorate"})


def objections_to_moving(state: str) -> Iterator[Objection]:
    """What stops a meeting from being moved or cancelled."""
    if state == "held":
        yield Objection("This meeting has been held. What was decided there stays with its date.")
    elif state == "cancelled":
        yield Objection("This meeting is cancelled. Plan a new one instead.")
    elif state == "inquorate":
        yield Objection("This meeting was not quorate. Plan a new one instead.")


def objections_to_inquorate(state: str, held_on: dt.date, today: dt.date) -> Iterator[Objection]:
    """What stops a meeting from being recorded as not quorate. One with decisions is for the caller to know."""
    yield from objections_to_moving("planned" if state == "held" else state)
    if held_on > today:
        yield Objection(f"This meeting is on {day_in_words(held_on)}. Whether it was quorate is known from that day.")


def objections_to_holding(state: str, held_on: dt.date, today: dt.date) -> Iterator[Objection]:
    """What stops a meeting from counting as held."""
    if state == "cancelled":
        yield Objection("This meeting is cancelled. Plan it again first.")
    elif state == "inquorate":
        yield Objection("This meeting was not quorate, so it decided nothing. Choose the meeting that decided.")
    elif held_on > today:
        yield Objection(f"This meeting is on {day_in_words(held_on)}. Decisions can be recorded from that day.")
