"""Counting what is owed: one count per policy and category, and one per policy with each person once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from governance.reading.owed import Owed, State


class Count(NamedTuple):
    """How many stand how.

    `audience = required + away + excused`, `required = acknowledged + outstanding + declined`.
    """

    audience: int = 0
    required: int = 0
    acknowledged: int = 0
    outstanding: int = 0
    overdue: int = 0
    away: int = 0
    excused: int = 0
    declined: int = 0


@dataclass(frozen=True)
class Coverage:
    """Counts on a day. `cells` are by (policy_id, category_id); category None is everyone, each person once.

    A cell is there only where somebody is in its audience. Cells of categories may overlap; `totals` adds everyone's.
    """

    totals: Count = field(default_factory=Count)
    cells: dict[tuple[int, int | None], Count] = field(default_factory=dict)


def summed(counts: Iterable[Count]) -> Count:
    """Counts of different people or policies together."""
    found = tuple(counts)
    return Count(*map(sum, zip(*found, strict=True))) if found else Count()


def counted(rows: Iterable[Owed]) -> Coverage:
    """The counts of rows as `owed` gives them."""
    cells: defaultdict[tuple[int, int | None], list[Count]] = defaultdict(list)
    for row in rows:
        for category_id in (None, *row.category_ids):
            cells[row.policy_id, category_id].append(_one(row.state))
    return coverage_of({key: summed(counts) for key, counts in cells.items()})


def coverage_of(cells: dict[tuple[int, int | None], Count]) -> Coverage:
    """Cells with their totals."""
    return Coverage(summed(count for (_, category_id), count in cells.items() if category_id is None), cells)


def _one(state: State) -> Count:
    if state is State.EXCUSED:
        return Count(audience=1, excused=1)
    if state is State.AWAY:
        return Count(audience=1, away=1)
    if state is State.READ:
        return Count(audience=1, required=1, acknowledged=1)
    if state is State.DECLINED:
        return Count(audience=1, required=1, declined=1)
    return Count(audience=1, required=1, outstanding=1, overdue=int(state is State.READING_OVERDUE))
