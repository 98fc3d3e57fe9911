"""Counting what is owed: one count per policy and category, and one per policy with each person once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields

from governance.reading.owed import Owed, State


@dataclass(frozen=True, slots=True)
class Count:
    """How many stand how. `audience = required + away + excused`, `required = acknowledged + outstanding`."""

    audience: int = 0
    required: int = 0
    acknowledged: int = 0
    outstanding: int = 0
    overdue: int = 0
    away: int = 0
    excused: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True)
class Coverage:
    """Counts on a day. `cells` are by (policy_id, category_id); category None is everyone, each person once.

    A cell is there only where somebody is in its audience. Cells of categories may overlap; `totals` adds everyone's.
    """

    totals: Count = field(default_factory=Count)
    cells: dict[tuple[int, int | None], Count] = field(default_factory=dict)


def counted(rows: Iterable[Owed]) -> Coverage:
    """The counts of rows as `owed` gives them."""
    cells: dict[tuple[int, int | None], Count] = {}
    for row in rows:
        one = _one(row.state)
        for category_id in (None, *row.category_ids):
            key = (row.policy_id, category_id)
            cells[key] = cells.get(key, Count()) + one
    return coverage_of(cells)


def coverage_of(cells: dict[tuple[int, int | None], Count]) -> Coverage:
    """Cells with their totals."""
    totals = sum((count for (_, category_id), count in cells.items() if category_id is None), Count())
    return Coverage(totals, cells)


def _one(state: State) -> Count:
    if state is State.EXCUSED:
        return Count(audience=1, excused=1)
    if state is State.AWAY:
        return Count(audience=1, away=1)
    if state is State.READ:
        return Count(audience=1, required=1, acknowledged=1)
    return Count(audience=1, required=1, outstanding=1, overdue=int(state is State.READING_OVERDUE))
