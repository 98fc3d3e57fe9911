"""A small school for the tables of this room: its people, its categories, and facts with as little as a case needs."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from governance.reading.rules import (
    Absence,
    Asking,
    Engagement,
    Excuse,
    Extension,
    Facts,
    InForce,
    Owed,
    Receipt,
    Repeat,
    Rule,
    owed,
)

TESS, VIV, AL, HELEN, MR_OKAFOR = 101, 102, 103, 104, 105
TEACHERS, SUPPORT, LEADERSHIP, VOLUNTEERS, AGENCY, GOVERNORS = 11, 12, 13, 14, 15, 16
CONDUCT, SAFEGUARDING = 1, 2


def day(text: str) -> dt.date:
    """2025-09-15"""
    return dt.date.fromisoformat(text)


def maybe(text: str | None) -> dt.date | None:
    """A day, or None."""
    return day(text) if text else None


def job(category_id: int, started: str, ended: str | None = None, person_id: int = TESS) -> Engagement:
    """A job, Tess's unless said."""
    return Engagement(person_id, category_id, day(started), maybe(ended))


def rule(
    category_id: int | None = TEACHERS,
    days: int = 14,
    start: str = "2024-09-01",
    end: str | None = None,
    *,
    person_id: int | None = None,
    repeat: Repeat = Repeat.ONCE,
    months: int | None = None,
    policy_id: int = CONDUCT,
) -> Rule:
    """Teachers must read Conduct within 14 days, unless said."""
    named = None if person_id else category_id
    return Rule(policy_id, named, person_id, days, day(start), maybe(end), repeat, months)


def in_force(number: int, start: str, policy_id: int = CONDUCT) -> InForce:
    """Version `number`; its in-force row and version share the identifier policy * 100 + number."""
    identifier = policy_id * 100 + number
    return InForce(identifier, policy_id, identifier, number, day(start))


def asking(number: int, start: str, category_id: int | None = None, policy_id: int = CONDUCT) -> Asking:
    """Version `number` asks everyone, or a category."""
    return Asking(policy_id * 100 + number, category_id, day(start))


def receipt(number: int, given: str, person_id: int = TESS, policy_id: int = CONDUCT) -> Receipt:
    """Tess has read version `number`."""
    return Receipt(person_id, policy_id, policy_id * 100 + number, number, day(given))


def absence(start: str, end: str | None, person_id: int = TESS) -> Absence:
    """Tess is away."""
    return Absence(person_id, day(start), maybe(end))


def excuse(start: str, end: str | None, person_id: int = TESS) -> Excuse:
    """Tess need not read Conduct."""
    return Excuse(person_id, CONDUCT, day(start), maybe(end))


def extension(number: int, until: str, person_id: int = TESS) -> Extension:
    """Tess has more time for version `number` of Conduct."""
    return Extension(person_id, CONDUCT * 100 + number, day(until))


# Tess, a teacher since 2020, is asked on Monday 15 September 2025 to read version 1 within 14 days: due 29 September.
PLAIN = Facts(
    engagements=(job(TEACHERS, "2020-09-01"),),
    rules=(rule(),),
    in_force=(in_force(1, "2025-09-15"),),
    askings=(asking(1, "2025-09-15"),),
)


def facts(**changes: Any) -> Facts:
    """The plain case with other facts in place of some of its own."""
    return replace(PLAIN, **changes)


def stands(case: Facts, on: str, person_id: int = TESS, policy_id: int = CONDUCT) -> Owed | None:
    """How a person stands with a policy on a day; None outside the audience."""
    rows = [r for r in owed(case, day(on)) if (r.person_id, r.policy_id) == (person_id, policy_id)]
    assert len(rows) <= 1
    return rows[0] if rows else None


def told(case: Facts, on: str, person_id: int = TESS, policy_id: int = CONDUCT) -> str:
    """The same in words, for tables: "not yet read, due 2025-09-29", "reading overdue, due 2025-09-29, 2 late"."""
    row = stands(case, on, person_id, policy_id)
    if row is None:
        return "not asked"
    late = f", {row.days_late} late" if row.days_late else ""
    return f"{row.state}, due {row.due_on}{late}" if row.due_on else str(row.state)
