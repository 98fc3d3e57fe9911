"""How a policy stands on a day: one main state and its flags. Pure; the register's queries bring the facts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from governance.extract.dates import Precision
from governance.schools.calendar import add_months

# House rule: a review is announced three months before its last day.
REVIEW_NOTICE_MONTHS = 3


class State(StrEnum):
    """A main state, or a flag beside it; screens filter by either."""

    IN_FORCE = "in_force"
    AWAITING_RATIFICATION = "awaiting_ratification"
    ADOPTION_NOT_RECORDED = "adoption_not_recorded"
    DRAFT = "draft"
    RETIRED = "retired"
    NEW_VERSION_AWAITING = "new_version_awaiting"
    AMENDED_TEXT_AWAITED = "amended_text_awaited"
    REVIEW_DUE = "review_due"
    REVIEW_LATE = "review_late"
    NO_REVIEW_DATE = "no_review_date"

    @property
    def in_words(self) -> str:
        """The state as screens say it."""
        return _WORDS[self]


_WORDS = {
    State.IN_FORCE: "In force",
    State.AWAITING_RATIFICATION: "In force, awaiting ratification",
    State.ADOPTION_NOT_RECORDED: "Adoption not recorded",
    State.DRAFT: "Draft",
    State.RETIRED: "Retired",
    State.NEW_VERSION_AWAITING: "New version awaiting",
    State.AMENDED_TEXT_AWAITED: "Amended text awaited",
    State.REVIEW_DUE: "Review due",
    State.REVIEW_LATE: "Review overdue",
    State.NO_REVIEW_DATE: "No review date",
}
MAIN_STATES = (
    State.IN_FORCE,
    State.AWAITING_RATIFICATION,
    State.ADOPTION_NOT_RECORDED,
    State.DRAFT,
    State.RETIRED,
)


@dataclass(frozen=True)
class Standing:
    """The facts of one policy on a day from which its state follows.

    `in_force` says that some version is; `decided_precision` is how well the day of its decision is known. `says_adopted`
    is a document that states its own adoption or review while nobody entered a decision. `text_awaited`: it was adopted with
    amendments, and the text with these is not recorded yet. `next_review_on` is the last
    day that the review is due by.
    """

    in_force: bool
    decided_precision: str = Precision.DAY
    awaits_ratification: bool = False
    new_version: bool = False
    says_adopted: bool = False
    text_awaited: bool = False
    next_review_on: dt.date | None = None
    retired_on: dt.date | None = None


def state_of(standing: Standing, day: dt.date) -> State:
    """The main state. A policy is retired from the day after its last one."""
    if standing.retired_on is not None and standing.retired_on < day:
        return State.RETIRED
    if not standing.in_force:
        return State.ADOPTION_NOT_RECORDED if standing.says_adopted else State.DRAFT
    if standing.awaits_ratification:
        return State.AWAITING_RATIFICATION
    if standing.decided_precision == Precision.NOT_RECORDED:
        return State.ADOPTION_NOT_RECORDED
    return State.IN_FORCE


def flags_of(standing: Standing, day: dt.date) -> tuple[State, ...]:
    """What else is to be known: at most one about the review, which is late after its last day."""
    main = state_of(standing, day)
    if main in (State.RETIRED, State.DRAFT) or not standing.in_force:
        return ()
    flags = [State.NEW_VERSION_AWAITING] if standing.new_version else []
    flags += [State.AMENDED_TEXT_AWAITED] if standing.text_awaited else []
    review = review_state(standing.next_review_on, day)
    return (*flags, review) if review else tuple(flags)


def review_state(next_review_on: dt.date | None, day: dt.date) -> State | None:
    """Late, due within three months, without a date, or none of these."""
    if next_review_on is None:
        return State.NO_REVIEW_DATE
    if next_review_on < day:
        return State.REVIEW_LATE
    return State.REVIEW_DUE if next_review_on <= add_months(day, REVIEW_NOTICE_MONTHS) else None
