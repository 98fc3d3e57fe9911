"""Who has not read what, and since when it is due: SQL finds the pairs and their clocks, Python dates them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import cache, lru_cache, partial
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import CTE, Date, case, func, literal, select
from sqlalchemy.orm import Session

from governance.db import rows_of
from governance.reading.calendar import FIRST_DAY, due_day
from governance.reading.cutoff_query import Mix, binds, mix_of
from governance.reading.day_query import ONCE, Figures, figures_of, repeat_of
from governance.reading.dialects import latest
from governance.reading.facts_query import facts_of
from governance.reading.models import Acknowledgement
from governance.reading.owed import Owed, State, lapse_day, owed_by
from governance.reading.pair_query import Pairs, counts_from, no, owing, pairs, read_in_part, receipts_for
from governance.reading.pairs import pairs as pairs_of
from governance.reading.parameters import NOUGHT, ONE
from governance.reading.standing_query import kept
from governance.tenancy import Scope

UNREAD = frozenset({State.NOT_YET_READ, State.READING_OVERDUE})
# The first two columns: policy, person.
_PAIR = itemgetter(0, 1)
# What stands for a category where a rule names the person.
_BY_NAME = frozenset({None})


def outstanding(
    session: Session, scope: Scope, as_of: dt.date, *, person_id: int | None = None, policy_id: int | None = None
) -> list[Owed]:
    """Everybody of whom a policy is required and who has not read it, by policy, then person.

    Of the whole school, of a person or of a policy; as `owed` would give them. Three statements at most.
    """
    figures = figures_of(session, scope, as_of, dated=True)
    if not figures.rules:
        return []
    narrowed = {"person_id": person_id, "policy_id": policy_id}
    given = {name: value for name, value in narrowed.items() if value is not None}
    statement = _statement(mix_of(figures), person_id is not None, policy_id is not None)
    rows = sorted(rows_of(session, statement, binds(scope, figures) | given), key=_PAIR)
    due_on = cache(partial(due_day, school=figures.school))
    found = {key: _dated(figures, list(same), due_on) for key, same in groupby(rows, key=_PAIR)}
    undecided = {key for key, row in found.items() if row is None}
    if undecided:
        found |= _decided(session, scope, figures, undecided)
    return [row for row in found.values() if row is not None]


def overdue(
    session: Session, scope: Scope, as_of: dt.date, *, person_id: int | None = None, policy_id: int | None = None
) -> list[Owed]:
    """Those of `outstanding` whose due day has passed."""
    rows = outstanding(session, scope, as_of, person_id=person_id, policy_id=policy_id)
    return [row for row in rows if row.state is State.READING_OVERDUE]


def my_reading(session: Session, scope: Scope, person_id: int, as_of: dt.date) -> list[Owed]:
    """Everything asked of one person that day, read or not, by policy; one statement."""
    facts = facts_of(session, scope, as_of, person_ids=[person_id])
    rows = (owed_by(pair, as_of) for pair in pairs_of(facts) if pair.person_id == person_id)
    return [row for row in rows if row is not None]


def _dated(figures: Figures, rows: list[Any], due_on: Callable[[dt.date, int], dt.date]) -> Owed | None:
    """A pair from its rows, one for each category or name it is required through; None where the rules must decide."""
    policy_id, person_id, in_force_id, version_id, number, days, low_kind, high_kind, *dates, category_id = rows[0]
    first_asked_on, asked_on, earliest_on, latest_on, good_since, read_on, in_part, parts = dates
    unsure = in_part or earliest_on != latest_on or first_asked_on != asked_on or low_kind != high_kind
    if unsure or earliest_on <= figures.eased_until.get(person_id, FIRST_DAY):
        return None
    lapses_on = lapse_day(good_since, *repeat_of(low_kind), figures.school) if good_since else None
    start = max(latest_on, lapses_on) if lapses_on else latest_on
    due, day = due_on(start, days), figures.day
    state, days_late = (State.READING_OVERDUE, (day - due).days) if due < day else (State.NOT_YET_READ, 0)
    through = {category_id} if len(rows) == 1 else {row[-1] for row in rows}
    named, categories = None in through, tuple(sorted(through - _BY_NAME))
    asked = (in_force_id, version_id, number, asked_on)
    return Owed(
        person_id, policy_id, state, *asked, read_on, lapses_on, start, due, days_late, categories, named, parts
    )


def _decided(
    session: Session, scope: Scope, figures: Figures, undecided: set[tuple[int, int]]
) -> dict[tuple[int, int], Owed | None]:
    wanted = {(person_id, policy_id) for policy_id, person_id in undecided}
    facts = facts_of(session, scope, figures.day, pairs=wanted, school=figures.school)
    found = pairs_of(facts, wanted)
    rows = {(pair.policy_id, pair.person_id): owed_by(pair, figures.day) for pair in found}
    return {key: row if row is not None and row.state in UNREAD else None for key, row in rows.items()}


@lru_cache(maxsize=64)
def _statement(mix: Mix, of_person: bool, of_policy: bool) -> Any:
    """Unread pairs and what their clocks need; a row for each category or name through which it is required."""
    whole = pairs(mix, of_person=of_person, of_policy=of_policy)
    of = replace(whole, reading=_by_category(whole))
    person, reading = of.present.c, of.reading.c
    asked = ("in_force_id", "version_id", "number", "days")
    kinds = (reading.low_kind, reading.high_kind) if mix.repeats else (literal(ONCE), literal(ONCE))
    return of.joined(
        *(reading.policy_id, person.person_id),
        *(reading[name] for name in asked),
        *(kind.label(name) for kind, name in zip(kinds, ("low_kind", "high_kind"), strict=True)),
        reading.first_asked_on,
        reading.last_asked_on,
        latest(reading.earliest_on, person.first_job_on).label("earliest_on"),
        latest(reading.latest_on, person.started_on).label("latest_on"),
        _last(mix, of, counts_from()).label("good_since"),
        _last(mix, of, Acknowledgement.acknowledged_on).label("read_on"),
        (case((read_in_part(mix, of), ONE), else_=NOUGHT) if mix.partial else NOUGHT).label("in_part"),
        (reading.parts if mix.partial else NOUGHT).label("parts"),
        reading.category_id,
    ).where(person.away == 0, *owing(mix, of))


def _by_category(of: Pairs) -> CTE:
    """What a group has to read, a row for each category or name. Joined before people are: PostgreSQL, which cannot tell
    how few groups there are, would go through it all again for each person.
    """
    reading, through = of.reading.c, of.through.c
    same = (through.group == reading.group, through.policy_id == reading.policy_id)
    return kept("by_category", select(*reading, through.category_id).where(*same))


def _last(mix: Mix, of: Pairs, day: Any) -> Any:
    """The latest such day of the receipts, all lapsed; an unread pair that does not repeat has none."""
    if not mix.repeats:
        return no(Date)
    newest = receipts_for(mix, of).with_only_columns(func.max(day), maintain_column_froms=True).scalar_subquery()
    return case((of.reading.c.low_kind != ONCE, newest))
