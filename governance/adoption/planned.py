"""An academic year of reviews and meetings as plain values, and the rules by which they are spread. Pure.

the register, agendas, proposals ─▶ where each policy comes before a body ─▶ by half-term: meetings, and reviews that
                                                                            fall due with no meeting before
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from governance.schools.academic_year import AcademicYear, Half

# House rule: more than this and a meeting that has other business too does no policy justice.
MOST_POLICIES = 8


@dataclass(frozen=True)
class Review:
    """A policy in force whose review has a last day. `body_id` is None where any full board approves it."""

    policy_id: int
    policy: str
    title: str
    body_id: int | None
    body: str | None
    last_on: dt.date


@dataclass(frozen=True)
class Before:
    """A policy before a body at a meeting: on its agenda, or to be proposed for it, with the reasons why."""

    policy_id: int
    policy: str
    title: str
    asks_for: str
    on_agenda: bool
    decided: bool = False
    last_on: dt.date | None = None
    reasons: tuple[str, ...] = ()
    # why the body may not decide about it on that day; empty where it may
    no_power: str = ""

    def is_late_at(self, held_on: dt.date) -> bool:
        """Whether a meeting on that day is after the review's last day."""
        return not self.decided and self.last_on is not None and self.last_on < held_on


@dataclass(frozen=True)
class Sitting:
    """A meeting with what is before it; `open` says that it is planned and its day has not passed."""

    meeting_id: int
    meeting: str
    body_id: int
    body: str
    held_on: dt.date
    state: str
    open: bool
    before: tuple[Before, ...] = ()

    @property
    def is_overloaded(self) -> bool:
        """Whether there is still time to move something, and cause to."""
        return self.open and len(self.before) > MOST_POLICIES


@dataclass(frozen=True)
class Unplaced:
    """A review that falls due with no meeting before; `first` is the one after it that has it, if any."""

    review: Review
    first: Sitting | None


@dataclass(frozen=True)
class HalfPlan:
    """A half-term: how many reviews fall due, its meetings, and the reviews without one in time."""

    half: Half
    due: int
    sittings: tuple[Sitting, ...]
    unplaced: tuple[Unplaced, ...]


@dataclass(frozen=True)
class YearPlan:
    """A year by half-terms. `late` are reviews whose last day has passed and that no planned meeting has before it."""

    year: AcademicYear
    halves: tuple[HalfPlan, ...]
    late: tuple[Review, ...]
    # every meeting still to come of each body, also in later years: where an item can go
    open_by_body: Mapping[int, tuple[Sitting, ...]] = field(default_factory=dict)

    @property
    def sittings(self) -> Iterator[Sitting]:
        """The year's meetings by day."""
        return (sitting for half in self.halves for sitting in half.sittings)

    @property
    def overloaded(self) -> list[Sitting]:
        """Those with more before them than they can do justice."""
        return [sitting for sitting in self.sittings if sitting.is_overloaded]

    def elsewhere(self, sitting: Sitting) -> tuple[Sitting, ...]:
        """The body's other meetings still to come."""
        return tuple(one for one in self.open_by_body.get(sitting.body_id, ()) if one.meeting_id != sitting.meeting_id)


def planned_year(
    year: AcademicYear, halves: Sequence[Half], sittings: Sequence[Sitting], reviews: Sequence[Review], today: dt.date
) -> YearPlan:
    """The year put together. `sittings` are by day, those of later years included; `reviews` by their last day."""
    coming = _first_coming(sittings)
    late = [review for review in reviews if review.last_on < today and review.policy_id not in coming]
    ahead = [review for review in reviews if review.last_on >= today]
    unplaced = [
        Unplaced(review, first)
        for review in ahead
        for first in [coming.get(review.policy_id)]
        if first is None or first.held_on > review.last_on
    ]
    open_by_body: defaultdict[int, list[Sitting]] = defaultdict(list)
    for sitting in sittings:
        if sitting.open:
            open_by_body[sitting.body_id].append(sitting)
    return YearPlan(
        year,
        tuple(_half(half, sittings, reviews, unplaced) for half in halves),
        tuple(late) if year.holds(today) else (),
        {body_id: tuple(found) for body_id, found in open_by_body.items()},
    )


def _half(half: Half, sittings: Iterable[Sitting], reviews: Iterable[Review], unplaced: Iterable[Unplaced]) -> HalfPlan:
    return HalfPlan(
        half,
        sum(half.holds(review.last_on) for review in reviews),
        tuple(sitting for sitting in sittings if half.holds(sitting.held_on)),
        tuple(one for one in unplaced if half.holds(one.review.last_on)),
    )


def _first_coming(sittings: Iterable[Sitting]) -> dict[int, Sitting]:
    """The first meeting still to come that has each policy before it."""
    found: dict[int, Sitting] = {}
    for sitting in sittings:
        if sitting.open:
            for before in sitting.before:
                found.setdefault(before.policy_id, sitting)
    return found
