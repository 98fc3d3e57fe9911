"""What may be decided: the pure rules of this room. Frozen values in, objections out.

Proposed (what somebody typed) + Tabled (the version) + Maker (who decided) + today
  ─ objections ──────────▶ reasons why it cannot be recorded; none means it can
  ─ delegation_warnings ─▶ what somebody ought to know, and may still record (powers)
  ─ in_force_from, asked_from, next_review_after ─▶ the days that follow (days)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from governance.adoption.days import (
    asked_from,
    in_force_from,
    interval_of,
    made_by,
    next_review_after,
    stated_by_latest,
)
from governance.adoption.kinds import FOR_GUIDANCE, MAY_DECIDE, PUTS_IN_FORCE, Kind, MakerKind
from governance.adoption.powers import delegation_warnings, objections_to_delegation
from governance.adoption.proposals import Delegated, Maker, Past, Proposed, Tabled, held_on
from governance.errors import Objection
from governance.extract.dates import Precision, StatedDate, day_in_words

__all__ = [
    "Delegated", "Kind", "Maker", "MakerKind", "Past", "Proposed", "Tabled", "asked_from", "delegation_warnings",
    "in_force_from", "interval_of", "made_by", "next_review_after", "objections", "objections_to_delegation",
    "stated_by_latest",
]  # fmt: skip

LONGEST_MINUTE = 60
LONGEST_REASON = 2000


def objections(proposed: Proposed, tabled: Tabled, maker: Maker | None, today: dt.date) -> Iterator[Objection]:
    """Every reason why the decision cannot be recorded, each with its form field."""
    if maker is None:
        yield from _objections_to_nobody(proposed)
    else:
        yield from _objections_to_maker(proposed, tabled, maker)
        yield from _objections_to_repeat(proposed, tabled, maker)
    yield from _objections_to_kind(proposed, tabled)
    yield from _objections_to_day(proposed, tabled, today)
    yield from _objections_to_days_after(proposed, today)
    yield from _objections_to_words(proposed, maker)


def _objections_to_nobody(proposed: Proposed) -> Iterator[Objection]:
    if proposed.decided.precision is not Precision.NOT_RECORDED and proposed.kind is not Kind.MISTAKEN:
        yield Objection(
            "Choose who decided. Only where the date is not recorded either can this be left open.", "maker"
        )


def _objections_to_maker(proposed: Proposed, tabled: Tabled, maker: Maker) -> Iterator[Objection]:
    kind = proposed.kind
    if kind is Kind.MISTAKEN:
        return
    if kind not in MAY_DECIDE[maker.kind]:
        yield Objection(_beyond(kind, maker), "kind")
    elif kind is Kind.ISSUED and tabled.policy_kind != "guidance":
        yield Objection(
            "Only outside guidance is issued. Choose “approved (delegated)” for the school's own policy.", "kind"
        )
    elif tabled.policy_kind == "guidance" and kind not in FOR_GUIDANCE:
        yield Objection(
            "Outside guidance is issued by the headteacher and needs no adoption. Choose “noted”, or have it issued.",
            "kind",
        )
    if not held_on(maker.held, proposed.decided):
        yield Objection(_not_then(proposed.decided, maker), "decided_on" if maker.kind.is_body else "maker")


def _beyond(kind: Kind, maker: Maker) -> str:
    if kind is Kind.APPROVED:
        return f"{maker.name} is a full board: it adopts, and delegates approval to others. Choose “adopted”."
    if kind is Kind.ISSUED:
        return "Outside guidance is issued by the headteacher. Choose the headteacher, or another decision."
    return f"“{kind.in_words}” is decided by a governing body at a meeting, not by the {maker.kind.in_words} alone."


def _not_then(decided: StatedDate, maker: Maker) -> str:
    said = decided.in_words()
    if not maker.kind.is_body:
        return (
            f"{maker.name} was not {maker.kind.in_words} on {said}. "
            "Check the date, or enter the term of office among the members first."
        )
    ended = max((until for _, until in maker.held if until), default=None)
    if ended is None:
        return f"{maker.name} did not exist on {said}. Choose the body that decided."
    return f"{maker.name} ended on {day_in_words(ended)}, before {said}. Choose the body that decided."


def _objections_to_repeat(proposed: Proposed, tabled: Tabled, maker: Maker) -> Iterator[Objection]:
    if proposed.kind is Kind.MISTAKEN:
        return
    decided = proposed.decided
    for past in tabled.past:
        same_act = past.kind is proposed.kind or {past.kind, proposed.kind} <= PUTS_IN_FORCE
        same_day = (past.decided.earliest_on, past.decided.latest_on) == (decided.earliest_on, decided.latest_on)
        if same_act and same_day and past.maker == maker.key:
            yield Objection(
                f"Version {tabled.number} is already recorded as {past.kind.in_words.lower()} by {past.maker_name} on "
                f"{decided.in_words()}. If that record is wrong, correct it.",
                "kind",
            )
            return


def _objections_to_kind(proposed: Proposed, tabled: Tabled) -> Iterator[Objection]:
    if proposed.kind in (Kind.RATIFIED, Kind.NOT_RATIFIED) and not tabled.awaits_ratification:
        yield Objection(f"Version {tabled.number} is not awaiting ratification, so there is nothing to ratify.", "kind")
    if proposed.kind is Kind.REVIEWED and not tabled.in_force:
        yield Objection(
            f"Version {tabled.number} is not in force, so it cannot be reviewed without change. Adopt it instead.",
            "kind",
        )
    if proposed.kind is Kind.MISTAKEN and not proposed.corrects:
        yield Objection("Only an entry that is being corrected can be marked as entered by mistake.", "kind")


def _objections_to_day(proposed: Proposed, tabled: Tabled, today: dt.date) -> Iterator[Objection]:
    earliest, latest = proposed.decided.earliest_on, proposed.decided.latest_on
    if earliest is None or latest is None:
        return
    said = proposed.decided.in_words()
    if earliest > today:
        yield Objection(f"The decision is dated {said}, which is after today, {day_in_words(today)}.", "decided_on")
    if proposed.meeting_on is not None and not earliest <= proposed.meeting_on <= latest:
        yield Objection(
            f"The meeting is on {day_in_words(proposed.meeting_on)}, the decision is dated {said}.", "decided_on"
        )
    if tabled.retired_on is not None and earliest > tabled.retired_on:
        yield Objection(f"The policy was retired on {day_in_words(tabled.retired_on)}, before {said}.", "decided_on")
    prepared = _last_prepared(tabled.updated)
    adopts = proposed.kind in PUTS_IN_FORCE and proposed.kind is not Kind.AMENDED
    if adopts and prepared is not None and prepared.earliest_on is not None and latest < prepared.earliest_on:
        yield Objection(
            f"The decision is dated {said}, but the document says it was updated {_in(prepared)}, after that. "
            "Check the date, or choose “adopted with amendments” if the text was changed after the meeting.",
            "decided_on",
        )


def _last_prepared(updated: Sequence[StatedDate]) -> StatedDate | None:
    known = [stated for stated in updated if stated.earliest_on is not None]
    return max(
        known, key=lambda stated: (stated.earliest_on or dt.date.min, stated.latest_on or dt.date.min), default=None
    )


def _in(stated: StatedDate) -> str:
    return ("on " if stated.precision is Precision.DAY else "in ") + stated.in_words()


def _objections_to_days_after(proposed: Proposed, today: dt.date) -> Iterator[Objection]:
    decided, review, starts = proposed.decided, proposed.next_review, proposed.in_force_on
    if decided.earliest_on is not None and decided.latest_on is not None:
        if review is not None and review.latest_on is not None and review.latest_on < decided.earliest_on:
            yield Objection(
                f"The next review, {review.in_words()}, is before the decision, {decided.in_words()}. Check both dates.",
                "next_review",
            )
        if starts is not None and proposed.kind in PUTS_IN_FORCE and starts < decided.earliest_on:
            yield Objection(
                f"It cannot be in force from {day_in_words(starts)}, before it was decided, {_in(decided)}.",
                "in_force_on",
            )
    if proposed.deferred_to is not None:
        yield from _objections_to_putting_off(proposed, proposed.deferred_to)
    first = in_force_from(proposed, today)[0]
    if proposed.asks_from is not None and proposed.kind in PUTS_IN_FORCE and proposed.asks_from < first:
        yield Objection(
            f"People cannot be asked from {day_in_words(proposed.asks_from)} to read what is in force only from "
            f"{day_in_words(first)}.",
            "asks_from",
        )


def _objections_to_putting_off(proposed: Proposed, until: dt.date) -> Iterator[Objection]:
    latest = proposed.decided.latest_on
    if proposed.kind is not Kind.DEFERRED:
        yield Objection(
            "Only what is deferred comes back on a day. Leave it empty, or choose “deferred”.", "deferred_to"
        )
    elif latest is not None and until <= latest:
        yield Objection(
            f"It was put off on {proposed.decided.in_words()}, so it can only come back after that day.", "deferred_to"
        )


def _objections_to_words(proposed: Proposed, maker: Maker | None) -> Iterator[Objection]:
    alone = maker is not None and not maker.kind.is_body
    if proposed.corrects and not proposed.reason.strip():
        yield Objection("Enter why the earlier record was wrong.", "reason")
    elif alone and proposed.kind is Kind.APPROVED and not proposed.reason.strip():
        yield Objection("Enter why this was approved without a meeting.", "reason")
    if len(proposed.reason) > LONGEST_REASON:
        yield Objection(f"Shorten the reason to {LONGEST_REASON} characters or fewer.", "reason")
    if len(proposed.minute) > LONGEST_MINUTE:
        yield Objection(f"Shorten the minute reference to {LONGEST_MINUTE} characters or fewer.", "minute")
