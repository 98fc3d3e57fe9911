"""How many have read what, on a day: one count per policy and category, and one per policy with each person once."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, Select, and_, case, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from governance.reading.coverage import Count, Coverage, coverage_of
from governance.reading.cutoff_query import Mix, binds, mix_of
from governance.reading.day_query import figures_of
from governance.reading.facts_query import facts_of
from governance.reading.owed import State, owed_by
from governance.reading.pair_query import (
    OVERDUE,
    UNDECIDED,
    Pairs,
    excused_from,
    pairs,
    plain_pair,
    unread,
    verdict,
)
from governance.reading.pairs import pairs as pairs_of
from governance.tenancy import Scope

Cells = dict[tuple[int, int | None], list[int]]


def coverage(session: Session, scope: Scope, as_of: dt.date) -> Coverage:
    """Coverage of a school's policies on a day, as `counted(owed(facts, as_of))` would give it.

    Three statements at most: the day's figures, the counts, and the facts of the few pairs that no cut-off decides.
    """
    figures = figures_of(session, scope, as_of)
    if not figures.rules:
        return Coverage()
    rows = session.execute(_statement(mix_of(figures)), binds(scope, figures)).all()
    cells: Cells = {}
    undecided: set[tuple[int, int]] = set()
    for policy_id, category_id, whole, person_id, *counts in rows:
        if category_id is not None:
            _add(cells, (policy_id, category_id), counts)
        if whole:
            _add(cells, (policy_id, None), counts)
        if person_id is not None:
            undecided.add((person_id, policy_id))
    if undecided:
        _decide(session, scope, as_of, undecided, cells)
    return coverage_of({key: _count(*counts) for key, counts in cells.items() if counts[0]})


def _add(cells: Cells, key: tuple[int, int | None], counts: list[int]) -> None:
    known = cells.get(key)
    cells[key] = counts if known is None else [a + b for a, b in zip(known, counts, strict=True)]


def _count(audience: int, away: int, excused: int, outstanding: int, overdue: int) -> Count:
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
                _add(cells, (pair.policy_id, category_id), [0, 0, 0, 0, 1])


@lru_cache(maxsize=64)
def _statement(mix: Mix) -> Any:
    of = pairs(mix)
    return union_all(_plain_heads(of), _plain_excused(of), _plain_unread(mix, of), *_tangled(mix, of))


def _row(policy_id: Any, category_id: Any, whole: int, person_id: Any, *counts: Any) -> Select[Any]:
    """Audience, away, excused, outstanding, overdue; `whole` rows also count towards everyone."""
    names = ("audience", "away", "excused", "outstanding", "overdue")
    return select(
        policy_id.label("policy_id"),
        (cast(null(), Integer) if category_id is None else category_id).label("category_id"),
        literal(whole, Integer).label("whole"),
        (cast(null(), Integer) if person_id is None else person_id).label("person_id"),
        *(cast(count, Integer).label(name) for name, count in zip(names, counts, strict=True)),
    )


def _plain_heads(of: Pairs) -> Select[Any]:
    head = of.plain.c
    heads = (
        select(head.category_id, func.count().label("people"), func.sum(head.away).label("away"))
        .group_by(head.category_id)
        .cte("heads")
        .prefix_with("MATERIALIZED")
    )
    r = of.required
    return _row(r.c.policy_id, r.c.category_id, 1, None, heads.c.people, heads.c.away, 0, 0, 0).join_from(
        r, heads, heads.c.category_id == r.c.category_id
    )


def _plain_excused(of: Pairs) -> Select[Any]:
    r, person = of.required, of.plain
    return (
        _row(r.c.policy_id, r.c.category_id, 1, None, 0, -func.sum(person.c.away), func.count(), 0, 0)
        .join_from(person, r, r.c.category_id == person.c.category_id)
        .where(excused_from(person.c.person_id, r.c.policy_id))
        .group_by(r.c.policy_id, r.c.category_id)
    )


def _plain_unread(mix: Mix, of: Pairs) -> Select[Any]:
    pair = plain_pair(of)
    todo = (
        select(
            pair.policy_id,
            of.plain.c.category_id,
            pair.person_id,
            verdict(mix, pair).label("verdict"),
        )
        .join_from(of.plain, of.required, of.required.c.category_id == of.plain.c.category_id)
        .where(of.plain.c.away == 0, unread(pair), ~excused_from(pair.person_id, pair.policy_id))
        .subquery("todo")
    ).c
    undecided = case((todo.verdict == UNDECIDED, todo.person_id))
    overdue = func.sum(case((todo.verdict == OVERDUE, 1), else_=0))
    return _row(todo.policy_id, todo.category_id, 1, undecided, 0, 0, 0, func.count(), overdue).group_by(
        todo.policy_id, todo.category_id, undecided
    )


def _tangled(mix: Mix, of: Pairs) -> tuple[Select[Any], Select[Any]]:
    pair = of.tangled.c
    state = (
        select(
            pair.person_id,
            pair.policy_id,
            pair.away,
            case((excused_from(pair.person_id, pair.policy_id), 1), else_=0).label("excused"),
            case((unread(pair), verdict(mix, pair)), else_=0).label("verdict"),
        )
        .cte("state")
        .prefix_with("MATERIALIZED")
    )
    s = state.c
    required = and_(s.away == 0, s.excused == 0)
    undecided = case((and_(required, s.verdict == UNDECIDED), s.person_id))
    counts = (
        func.count(),
        func.sum(case((s.excused == 0, s.away), else_=0)),
        func.sum(s.excused),
        func.sum(case((and_(required, s.verdict > 0), 1), else_=0)),
        func.sum(case((and_(required, s.verdict == OVERDUE), 1), else_=0)),
    )
    everyone = _row(s.policy_id, None, 1, undecided, *counts).group_by(s.policy_id, undecided)
    h = of.held.c
    same = and_(h.person_id == s.person_id, h.policy_id == s.policy_id)
    by_category = (
        _row(s.policy_id, h.category_id, 0, None, *counts)
        .join_from(of.held, state, same)
        .where(h.category_id.is_not(None))
        .group_by(s.policy_id, h.category_id)
    )
    return everyone, by_category
