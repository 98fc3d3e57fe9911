"""What will be asked of one person: by the first day of a job, a new version, or a rule that holds from a day. Pure.

    pair ─ days still to come on which something begins ─▶ owed_by on each ─ the first that asks for more ─▶ Coming

A lapse is not looked ahead to: what is read now would have lapsed by then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from governance.reading.facts import Facts, Receipt
from governance.reading.owed import Owed, State, owed_by
from governance.reading.pairs import Pair, pairs

# Who is away may read all the same, and so may who did not sign on paper.
TO_DO = frozenset({State.READING_OVERDUE, State.NOT_YET_READ, State.AWAY, State.DECLINED})


@dataclass(frozen=True)
class Coming:
    """Something that will be to read from a day, as it will stand then. `early`: read today, it is read by then."""

    owed: Owed
    from_on: dt.date
    early: bool


def to_read(facts: Facts, person_id: int, today: dt.date) -> list[Owed]:
    """What one person has to read today, by policy."""
    rows = (owed_by(pair, today) for pair in _of(facts, person_id))
    return [row for row in rows if row is not None and row.state in TO_DO]


def coming(facts: Facts, person_id: int, today: dt.date) -> list[Coming]:
    """What one person will have to read that they have not to read today, by policy; for each the first day of it."""
    found = (_coming(pair, today) for pair in _of(facts, person_id))
    return [one for one in found if one is not None]


def version_to_read(facts: Facts, row: Owed, today: dt.date) -> int:
    """The version that whoever owes a reading opens: the one in force, where a later one replaced what was asked of them.

    A receipt for it counts for the earlier one, which nobody can confirm any more.
    """
    held = [one for one in facts.in_force if one.policy_id == row.policy_id and one.from_on <= today]
    now = max(held, key=lambda one: (one.from_on, one.in_force_id), default=None)
    return now.version_id if now is not None and now.number > row.number else row.version_id


def _of(facts: Facts, person_id: int) -> Iterator[Pair]:
    return (pair for pair in pairs(facts) if pair.person_id == person_id)


def _coming(pair: Pair, today: dt.date) -> Coming | None:
    now = owed_by(pair, today)
    for day in sorted(_beginnings(pair, today)):
        then = owed_by(pair, day)
        if then is None or then.state not in TO_DO:
            continue
        if now is None or then.version_id != now.version_id:
            return Coming(then, day, _read_early(pair, then, today, day))
    return None


def _beginnings(pair: Pair, today: dt.date) -> set[dt.date]:
    """The days after today on which a job, a rule, a version or an asking begins."""
    in_force = {row.in_force_id: row.from_on for row in pair.in_force}
    days = {
        *(job.started_on for job in pair.engagements),
        *(rule.from_on for rule in pair.rules),
        *(
            max(asking.from_on, in_force[asking.in_force_id])
            for asking in pair.askings
            if asking.in_force_id in in_force
        ),
    }
    return {day for day in days if day > today}


def _read_early(pair: Pair, then: Owed, today: dt.date, day: dt.date) -> bool:
    receipt = Receipt(pair.person_id, pair.policy_id, then.version_id, then.number, today)
    row = owed_by(replace(pair, receipts=(*pair.receipts, receipt)), day)
    return row is not None and row.state in (State.READ, State.AWAY)
