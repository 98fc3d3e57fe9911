"""The appendix of a pack as plain values: reviews that are late, reviews that fall due, and how far policies were read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from governance.extract.stated_dates import StatedDate
from governance.packs.readers import SMALLEST_GROUP, Counts, summed
from governance.render import words

_MOST_NAMED = 3


@dataclass(frozen=True)
class LateReview:
    """A policy in force whose review is late. `late_by` says how much; `planned` names the next meeting that has it, if any.

    By its `reference` it is found among the pack's own policies.
    """

    title: str
    reference: str
    body: str
    last: str
    due: StatedDate
    late_by: str
    planned: str = ""


@dataclass(frozen=True)
class DueIn:
    """A half-term and the reviews whose last day is in it: late already, on a meeting’s agenda, and on none."""

    name: str
    late: int = 0
    placed: int = 0
    unplaced: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.late + self.placed + self.unplaced


@dataclass(frozen=True)
class PolicyRead:
    """How far a policy has been read by everybody it is for, each person once."""

    title: str
    reference: str
    counts: Counts
    in_pack: bool = True
    safeguarding: bool = False


@dataclass(frozen=True)
class Readings:
    """Counts of readings: of a policy its people; of several, a person once for each of them."""

    read: int = 0
    late: int = 0
    not_yet_due: int = 0
    away: int = 0
    declined: int = 0
    excused: int = 0

    @property
    def other(self) -> int:
        """Given and not signed, or not needed."""
        return self.declined + self.excused

    @property
    def required(self) -> int:
        """Of people who are here and must read."""
        return self.read + self.late + self.not_yet_due + self.declined

    @property
    def total(self) -> int:
        """All of them."""
        return self.required + self.away + self.excused


@dataclass(frozen=True)
class Appendix:
    """What a pack says of the whole school's reviews, and of the reading of its own policies and those about safeguarding.

    `in_force` is how many policies are, `undated` how many of them have no review date. `late` begins with the longest late;
    `due` is by half-term, the first of them everything before; `read` begins with the pack's own policies, in its order.
    """

    as_of: dt.date
    in_force: int = 0
    undated: int = 0
    late: tuple[LateReview, ...] = ()
    due: tuple[DueIn, ...] = ()
    read: tuple[PolicyRead, ...] = ()

    @property
    def told(self) -> tuple[PolicyRead, ...]:
        """Those of which figures may be told (`SMALLEST_GROUP`)."""
        return tuple(one for one in self.read if one.counts.audience >= SMALLEST_GROUP)

    @property
    def for_few(self) -> tuple[PolicyRead, ...]:
        """Those for so few people that figures would tell about them."""
        return tuple(one for one in self.read if 0 < one.counts.audience < SMALLEST_GROUP)

    @property
    def for_nobody(self) -> tuple[PolicyRead, ...]:
        """Those that nobody is asked to read."""
        return tuple(one for one in self.read if not one.counts.audience)

    @property
    def read_latest(self) -> str:
        """The policies that most people are late with: "Behaviour Policy (12 people) and Code of Conduct (1 person)"."""
        behind = sorted((one for one in self.told if one.counts.overdue), key=lambda one: -one.counts.overdue)
        people = [(one.title, words.plural(one.counts.overdue, "person", "people")) for one in behind[:_MOST_NAMED]]
        return words.listed([f"{title} ({count})" for title, count in people])


def readings(counts: Counts) -> Readings:
    """The counts as the appendix tells them; they add up to the audience."""
    waiting = counts.outstanding - counts.overdue
    return Readings(counts.acknowledged, counts.overdue, waiting, counts.away, counts.declined, counts.excused)


def together(policies: Iterable[PolicyRead]) -> Readings:
    """The readings of several policies. Those that are told one by one only, or a difference would tell the others."""
    return readings(summed(one.counts for one in policies))
