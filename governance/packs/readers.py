"""How many people have read a policy, as a pack may say it: no figures about a few."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from governance.render import words

# House rule: figures about fewer people than this could tell who they are.
SMALLEST_GROUP = 5


@dataclass(frozen=True)
class Counts:
    """How many people stand how; `required = acknowledged + outstanding + declined`, `overdue` is part of `outstanding`."""

    required: int = 0
    acknowledged: int = 0
    outstanding: int = 0
    overdue: int = 0
    away: int = 0
    excused: int = 0
    declined: int = 0

    @property
    def audience(self) -> int:
        """Everybody the policy is for."""
        return self.required + self.away + self.excused


NOBODY = Counts()


def summed(counts: Iterable[Counts]) -> Counts:
    """Counts of different people or policies together."""
    rows = [astuple(one) for one in counts]
    return Counts(*map(sum, zip(*rows, strict=True)))


@dataclass(frozen=True)
class Group:
    """A category that must read the policy, the days it has, and how far it is; or several put together."""

    category: str
    days_to_read: int
    counts: Counts
    most_days_to_read: int | None = None
    is_merged: bool = False

    @property
    def days(self) -> str:
        """The days to read: "14", or "7 to 28" where categories put together differ."""
        most = self.most_days_to_read
        return str(self.days_to_read) if most in (None, self.days_to_read) else f"{self.days_to_read} to {most}"


def merged(groups: tuple[Group, ...], smallest: int = SMALLEST_GROUP) -> tuple[Group, ...]:
    """The groups with those under `smallest` put together, so that no line tells about one person.

    One small group alone takes the next smallest with it; what cannot reach `smallest` at all keeps no figures, and is
    told apart by an audience of 0. People in several of the merged categories are counted in each.
    """
    by_size = sorted(groups, key=lambda group: (group.counts.audience, group.category))
    small = [group for group in by_size if group.counts.audience < smallest]
    if not small:
        return groups
    for group in by_size[len(small) :]:
        if sum(one.counts.audience for one in small) >= smallest and len(small) > 1:
            break
        small.append(group)
    kept = tuple(group for group in groups if group not in small)
    return (*kept, _together([group for group in groups if group in small], smallest))


def _together(small: list[Group], smallest: int) -> Group:
    total = summed(group.counts for group in small)
    days = [group.days_to_read for group in small]
    return Group(
        words.listed([group.category for group in small]),
        min(days),
        total if total.audience >= smallest else NOBODY,
        max(days),
        is_merged=len(small) > 1,
    )
