"""Delegated power: what is worth a warning, and what cannot be recorded. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from governance.adoption.kinds import PUTS_IN_FORCE, Kind, MakerKind
from governance.adoption.proposals import Delegated, Maker, Proposed, held_on
from governance.errors import Objection
from governance.extract.dates import StatedDate, day_in_words


def delegation_warnings(
    proposed: Proposed, maker: Maker | None, powers: Sequence[Delegated], *, subject_to_ratification: bool = False
) -> list[str]:
    """What to know about the power a committee or a person decided under. Never a refusal: real schemes have gaps."""
    if maker is None or maker.kind is MakerKind.BOARD or proposed.kind not in _NEEDS_POWER:
        return []
    if powers and held_on([(power.from_on, power.until_on) for power in powers], proposed.decided):
        return []
    advice = "" if subject_to_ratification else " Record the delegation, or have the governing body ratify this."
    return [gap_in_words(proposed.decided, maker, powers) + advice]


# To issue outside guidance the headteacher needs no delegation.
_NEEDS_POWER = (PUTS_IN_FORCE - {Kind.ISSUED}) | {Kind.REVIEWED}


def gap_in_words(decided: StatedDate, maker: Maker, powers: Sequence[Delegated]) -> str:
    """Why none of a maker's powers holds on the day of a decision: there are none, they ended, or they begin later."""
    if not powers:
        return f"No power over this policy is recorded as delegated to {maker.name}."
    day = decided.earliest_on or dt.date.min
    ended = max((power.until_on for power in powers if power.until_on and power.until_on < day), default=None)
    if ended is not None:
        said = decided.in_words()
        return f"The power delegated to {maker.name} ended on {day_in_words(ended)}, before {said}."
    begins = min(power.from_on for power in powers)
    return f"The power delegated to {maker.name} begins only on {day_in_words(begins)}."


def objections_to_delegation(
    has_holder: int, has_scope: int, from_on: dt.date, until_on: dt.date | None
) -> Iterator[Objection]:
    """What stops a delegation from being recorded. `has_holder` and `has_scope` count what was chosen of each."""
    if has_holder != 1:
        yield Objection("Choose one committee, person or office that is given the power.", "holder")
    if has_scope > 1:
        yield Objection("Choose one policy, one kind of document, or all of them.", "covers")
    if until_on is not None and until_on < from_on:
        yield Objection(
            f"Its last day, {day_in_words(until_on)}, is before its first, {day_in_words(from_on)}.", "until_on"
        )
