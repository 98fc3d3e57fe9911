"""The peer of the derived counts: the same counts read from a table that somebody would have to keep up to date.

One row for each person, policy and category (null: everyone), under its natural key, with what is known about the pair.
"""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from governance.reading.queries import coverage_rows
from governance.reading.rules import Facts, State, owed
from governance.tenancy import Scope

MAKE = """CREATE TABLE ready_made (person_id INTEGER NOT NULL, policy_id INTEGER NOT NULL, category_id INTEGER NOT NULL,
acknowledged INTEGER NOT NULL, overdue INTEGER NOT NULL, away INTEGER NOT NULL, excused INTEGER NOT NULL,
PRIMARY KEY (person_id, policy_id, category_id))"""
READ = text(
    "SELECT policy_id, category_id, count(*), sum(acknowledged), sum(overdue), sum(away), sum(excused)"
    " FROM ready_made GROUP BY policy_id, category_id"
)


def make(session: Session, facts: Facts, day: dt.date) -> None:
    """The table as it stands on a day; category 0 is everyone."""
    session.execute(text(MAKE))
    rows = [
        {
            "person": row.person_id,
            "policy": row.policy_id,
            "category": category_id,
            "read": row.state is State.READ,
            "late": row.state is State.READING_OVERDUE,
            "away": row.state is State.AWAY,
            "excused": row.state is State.EXCUSED,
        }
        for row in owed(facts, day)
        for category_id in (0, *row.category_ids)
    ]
    insert = "INSERT INTO ready_made VALUES (:person, :policy, :category, :read, :late, :away, :excused)"
    session.execute(text(insert), [{k: int(v) for k, v in row.items()} for row in rows])


def ratio(session: Session, scope: Scope, day: dt.date, rounds: int = 15) -> float:
    """How many times longer the derived counts take than the ready-made ones: the median of pairs run in turn."""
    derived, ready = coverage_rows(session, scope, day), lambda: session.execute(READ).all()
    pairs = [(_seconds(ready), _seconds(derived)) for _ in range(rounds)]
    return statistics.median(b / a for a, b in pairs)


def _seconds(read: Callable[[], Any]) -> float:
    started = time.perf_counter()
    read()
    return time.perf_counter() - started
