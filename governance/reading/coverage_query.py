"""How many have read what, on a day: one count per policy and category, and one per policy with each person once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, Select, case, cast, func, select, union_all
from sqlalchemy.orm import Session

from governance.db import rows_of
from governance.reading.coverage import Count, Coverage, coverage_of, summed
from governance.reading.cutoff_query import Mix, binds, mix_of
from governance.reading.day_query import Figures, figures_of
from governance.reading.dialects import listed
from governance.reading.facts_query import facts_of
from governance.reading.owed import State, owed_by
from governance.reading.pair_query import (
    NO_NUMBER,
    NO_TEXT,
    OVERDUE,
    UNDECIDED,
    Pairs,
    excused_from,
    owing,
    pairs,
    verdict,
)
from governance.reading.pairs import pairs as pairs_of
from governance.reading.parameters import NOUGHT, ONE
from governance.tenancy import Scope

Cells = defaultdict[tuple[int, int | None], list[Count]]
_HEADS, _EXCUSED, _READS = range(3)
# What a pair that was counted as outstanding adds where it turns out to be something else.
_TURNED_OUT = {
    State.READING_OVERDUE: Count(overdue=1),
    State.READ: Count(acknowledged=1, outstanding=-1),
    State.DECLINED: Count(declined=1, outstanding=-1),
}
_NONE = (0, 0)


def coverage(session: Session, scope: Scope, as_of: dt.date) -> Coverage:
    """Coverage of a school's policies on a day, as `counted(owed(facts, as_of))` would give it.

    Three statements at most: the day's figures, the counts, and the facts of the few pairs that no cut-off decides.
    """
    figures = figures_of(session, scope, as_of)
    if not figures.rules:
        return Coverage()
    rows = rows_of(session, _statement(mix_of(figures)), binds(scope, figures))
    cells, undecided = _cells(rows)
    if undecided:
        _decide(session, scope, figures, undecided, cells)
    return coverage_of({key: parts[0] if len(parts) == 1 else summed(parts) for key, parts in cells.items()})


def coverage_rows(session: Session, scope: Scope, as_of: dt.date) -> Callable[[], Any]:
    """The counting statement alone, ready to run: for measuring it beside a ready-made table."""
    figures = figures_of(session, scope, as_of)
    statement, values = _statement(mix_of(figures)), binds(scope, figures)
    return lambda: rows_of(session, statement, values)


def _cells(rows: Iterable[Any]) -> tuple[Cells, set[tuple[int, int]]]:
    """What each group of people adds to a policy's cells: to that of everyone, and to those of the categories it reads the
    policy through; and the pairs (person, policy) still to be decided.
    """
    heads: dict[int, tuple[int, int]] = {}
    excused: dict[tuple[int, int], tuple[int, int]] = {}
    reads: list[Any] = []
    for row in rows:
        what, group, policy_id, _, _, one, two = row
        if what == _READS:
            reads.append(row)
        elif what == _HEADS:
            heads[group] = one, two
        else:
            excused[group, policy_id] = one, two
    cells: Cells = defaultdict(list)
    undecided: set[tuple[int, int]] = set()
    for _, group, policy_id, through, persons, unread, late in reads:
        people, away = heads[group]
        not_needed, of_them_away = excused.get((group, policy_id), _NONE)
        away -= of_them_away
        required = people - away - not_needed
        count = Count(people, required, required - unread, unread, late, away, not_needed)
        cells[policy_id, None].append(count)
        for category_id in _numbers(through):
            cells[policy_id, category_id].append(count)
        if persons:
            undecided.update((person_id, policy_id) for person_id in _numbers(persons))
    return cells, undecided


@lru_cache(maxsize=4096)
def _numbers(text: str | None) -> frozenset[int]:
    """The numbers that `listed` put into one text, each once: two rules of one category are one way through."""
    return frozenset(map(int, text.split(","))) if text else frozenset()


def _decide(session: Session, scope: Scope, figures: Figures, undecided: set[tuple[int, int]], cells: Cells) -> None:
    """Add what the pairs are that the rules have to look at one by one."""
    facts = facts_of(session, scope, figures.day, pairs=undecided, school=figures.school)
    for pair in pairs_of(facts, undecided):
        row = owed_by(pair, figures.day)
        counts = _TURNED_OUT.get(row.state) if row is not None else None
        if row is not None and counts is not None:
            for category_id in (None, *row.category_ids):
                cells[pair.policy_id, category_id].append(counts)


@lru_cache(maxsize=64)
def _statement(mix: Mix) -> Any:
    of = pairs(mix, listing=True)
    return union_all(_heads(of), *([_excused(of)] if mix.excused else []), _reads(mix, of))


def _row(what: int, group: Any, policy_id: Any, through: Any, persons: Any, one: Any, two: Any) -> Select[Any]:
    """Rows of every kind share their columns: its kind, group, policy, categories and people as texts, two counts."""
    named = {"group": group, "policy_id": policy_id, "through": through, "persons": persons, "one": one, "two": two}
    return select(cast(what, Integer).label("what"), *(column.label(name) for name, column in named.items()))


def _heads(of: Pairs) -> Select[Any]:
    person = of.present.c
    counts = (func.count(), func.sum(person.away))
    return _row(_HEADS, person.group, NO_NUMBER, NO_TEXT, NO_TEXT, *counts).group_by(person.group)


def _excused(of: Pairs) -> Select[Any]:
    person, reading = of.present.c, of.reading.c
    counts = (func.count(), func.sum(person.away))
    return (
        _row(_EXCUSED, person.group, reading.policy_id, NO_TEXT, NO_TEXT, *counts)
        .where(reading.group == person.group, excused_from(of))
        .group_by(person.group, reading.policy_id)
    )


def _reads(mix: Mix, of: Pairs) -> Select[Any]:
    """A row for each group and policy. Stacked and summed rather than joined, which PostgreSQL would misjudge."""
    person, reading = of.present.c, of.reading.c
    todo = (
        of.joined(person.group, reading.policy_id, person.person_id, verdict(mix, of).label("verdict"))
        .where(person.away == 0, *owing(mix, of))
        .cte("todo")
        .prefix_with("MATERIALIZED")
    ).c
    undecided = case((todo.verdict == UNDECIDED, todo.person_id)).label("person_id")
    late = case((todo.verdict == OVERDUE, ONE), else_=NOUGHT).label("late")
    some = union_all(
        select(
            reading.group,
            reading.policy_id,
            reading.through,
            NO_NUMBER.label("person_id"),
            NOUGHT.label("unread"),
            NOUGHT.label("late"),
        ),
        select(todo.group, todo.policy_id, NO_TEXT, undecided, ONE, late),
    ).subquery("some")
    group, policy_id, through, person_id, unread, overdue = some.c
    found = (func.max(through), listed(person_id), func.sum(unread), func.sum(overdue))
    return _row(_READS, group, policy_id, *found).group_by(group, policy_id)
