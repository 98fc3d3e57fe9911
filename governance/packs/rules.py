"""How long the private link to a pack works, and how one stands. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

# House rule: long enough to read the minutes against the pack, short enough that an old mailbox opens nothing.
LINK_DAYS_AFTER_MEETING = 30


class LinkState(StrEnum):
    """How a link to a pack stands; every state but the first answers with the same page."""

    WORKS = "works"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    UNDONE = "undone"
    NO_MEMBER = "no_member"
    OVER = "over"


@dataclass(frozen=True)
class LinkFacts:
    """What decides how a link stands.

    `why` is why somebody withdrew it, if anybody did; `undone` whether its mail was taken back before it left; `sits`
    whether a pack of the meeting would go to its recipient now; `held_on` the day of the meeting, wherever it was moved.
    """

    why: str | None
    undone: bool
    sits: bool
    held_on: dt.date


def works_until(held_on: dt.date) -> dt.date:
    """The last day on which links to a meeting's packs work."""
    return held_on + dt.timedelta(days=LINK_DAYS_AFTER_MEETING)


def ends_at(held_on: dt.date, zone: str) -> dt.datetime:
    """The instant from which they do not: the midnight after that day at the school, whatever its clocks did since."""
    return dt.datetime.combine(works_until(held_on) + dt.timedelta(days=1), dt.time(), ZoneInfo(zone))


def state_of(facts: LinkFacts, now: dt.datetime, zone: str) -> LinkState:
    """How a link stands at an instant (aware). What a person did to it is told before what came by itself."""
    if facts.why is not None:
        return LinkState.REPLACED if facts.why == LinkState.REPLACED else LinkState.WITHDRAWN
    if facts.undone:
        return LinkState.UNDONE
    if now >= ends_at(facts.held_on, zone):
        return LinkState.OVER
    return LinkState.WORKS if facts.sits else LinkState.NO_MEMBER
