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
from governance.reading.coverage import Count, Coverage, coverage_of
from governance.reading.cutoff_query import Mix, binds, mix_of
from governance.reading.day_query import figures_of
from governance.reading.facts_query import facts_of
from governance.reading.owed import State, owed_by
from governance.reading.pair_query import NO_NUMBER, OVERDUE, UNDECIDED, Pairs, excused_from, owing, pairs, verdict
from governance.reading.pairs import pairs as pairs_of
from governance.tenancy import Scope

# What each group of people adds to a cell: audience, away, excused, outstanding, overdue.
Parts = tuple[int, ...]
Cells = defaultdict[tuple[int, int | None], list[Parts]]
_HEADS, _THROUGH, _EXCUSED, _UNREAD = range(4)
_ONE_OVERDUE = (0, 0, 0, 0, 1)
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
        _decide(session, scope, as_of, undecided, cells)
    return coverage_of({key: _count(parts) for key, parts in cells.items()})


def coverage_rows(session: Session, scope: Scope, as_of: dt.date) -> Callable[[], Any]:
    """The counting statement alone, ready to run: for measuring it beside a ready-made table."""
    figures = figures_of(session, scope, as_of)
    statement, values = _statement(mix_of(figures)), binds(scope, figures)
    return lambda: rows_of(session, statement, values)


def _cells(rows: Iterable[Any]) -> tuple[Cells, set[tuple[int, int]]]:
    """Cells from the counts of groups; and the pairs (person, policy) still to be decided."""
    heads: dict[int, tuple[int, int]] = {}
    through: set[tuple[int, int, int | None]] = set()
    excused: dict[tuple[int, int], tuple[int, int]] = {}
    unread: dict[tuple[int, int], tuple[int, int]] = {}
    undecided: set[tuple[int, int]] = set()
    for what, group, policy_id, number, one, two in rows:
        if what == _THROUGH:
            through.add((group, policy_id, number))
        elif what == _UNREAD:
            left, late = unread.get((group, policy_id), _NONE)
            unread[group, policy_id] = left + one, late + two
            if number is not None:
                undecided.add((number, policy_id))
        elif what == _HEADS:
            heads[group] = one, two
        else:
            excused[group, policy_id] = one, two
    return _joined(heads, through, excused, unread), undecided


def _joined(
    heads: dict[int, tuple[int, int]],
    through: set[tuple[int, int, int | None]],
    excused: dict[tuple[int, int], tuple[int, int]],
    unread: dict[tuple[int, int], tuple[int, int]],
) -> Cells:
    """What each group adds to a policy's cells: to that of everyone, and to those of the categories it reads it through."""
    cells: Cells = defaultdict(list)
    parts: dict[tuple[int, int], Parts] = {}
    for group, policy_id, category_id in through:
        key = group, policy_id
        part = parts.get(key)
        if part is None:
            (people, away), (not_needed, of_them_away) = heads[group], excused.get(key, _NONE)
            part = parts[key] = (people, away - of_them_away, not_needed, *unread.get(key, _NONE))
            cells[policy_id, None].append(part)
        if category_id is not None:
            cells[policy_id, category_id].append(part)
    return cells


def _count(parts: list[Parts]) -> Count:
    audience, away, excused, outstanding, overdue = parts[0] if len(parts) == 1 else map(sum, zip(*parts, strict=True))
    required = audience - away - excused
    return Count(audience, required, required - outstanding, outstanding, overdue, away, excused)


def _decide(session: Session, scope: Scope, day: dt.date, undecided: set[tuple[int, int]], cells: Cells) -> None:
    """Add the overdue among the pairs that the rules have to look at one by one."""
    people, policies = ({pair[k] for pair in undecided} for k in (0, 1))
    facts = facts_of(session, scope, day, person_ids=people, policy_ids=policies)
    for pair in pairs_of(facts):
        row = owed_by(pair, day) if (pair.person_id, pair.policy_id) in undecided else None
        if row is not None and row.state is State.READING_OVERDUE:
            for category_id in (None, *row.category_ids):
                cells[pair.policy_id, category_id].append(_ONE_OVERDUE)


@lru_cache(maxsize=64)
def _statement(mix: Mix) -> Any:
    of = pairs(mix)
    excused = [_excused(of)] if mix.excused else []
    return union_all(_heads(of), _through(of), *excused, _unread(mix, of))


def _row(what: int, group: Any, policy_id: Any, number: Any, one: Any, two: Any) -> Select[Any]:
    """Rows of every kind share their columns: its kind, group, policy, a category or person, two counts."""
    named = {"group": group, "policy_id": policy_id, "number": number, "one": one, "two": two}
    return select(cast(what, Integer).label("what"), *(column.label(name) for name, column in named.items()))


def _heads(of: Pairs) -> Select[Any]:
    person = of.present.c
    return _row(_HEADS, person.group, NO_NUMBER, NO_NUMBER, func.count(), func.sum(person.away)).group_by(person.group)


def _through(of: Pairs) -> Select[Any]:
    through = of.through.c
    return _row(_THROUGH, through.group, through.policy_id, through.category_id, NO_NUMBER, NO_NUMBER)


def _excused(of: Pairs) -> Select[Any]:
    person, reading = of.present.c, of.reading.c
    counts = (func.count(), func.sum(person.away))
    return (
        _row(_EXCUSED, person.group, reading.policy_id, NO_NUMBER, *counts)
        .where(reading.group == person.group, excused_from(of))
        .group_by(person.group, reading.policy_id)
    )


def _unread(mix: Mix, of: Pairs) -> Select[Any]:
    person, reading = of.present.c, of.reading.c
    todo = (
        of.joined(person.group, reading.policy_id, person.person_id, verdict(mix, of).label("verdict"))
        .where(person.away == 0, *owing(mix, of))
        .cte("todo")
        .prefix_with("MATERIALIZED")
    ).c
    undecided = case((todo.verdict == UNDECIDED, todo.person_id))
    overdue = func.sum(case((todo.verdict == OVERDUE, 1), else_=0))
    return _row(_UNREAD, todo.group, todo.policy_id, undecided, func.count(), overdue).group_by(
        todo.group, todo.policy_id, undecided
    )
