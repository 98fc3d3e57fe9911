"""What a decision would do, shown before it is recorded: who would be asked to read, and by when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask import request
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from governance.adoption.asking import Ask, asking_started
from governance.adoption.history import DecisionRow, decision_row
from governance.adoption.kinds import PUTS_IN_FORCE
from governance.adoption.models import Decision
from governance.adoption.rules import asked_from
from governance.db import db
from governance.people.models import Engagement
from governance.reading.models import ReadingRule
from governance.reading.rules import due_day
from governance.reading.school_year import school_year
from governance.tenancy import Scope
from governance.web.access import scope


@dataclass(frozen=True)
class Asked:
    """How many people would be asked, from when, and the first day by which one of them must have read it."""

    people: int
    from_on: dt.date
    due_on: dt.date | None


@dataclass(frozen=True)
class Line:
    """One decision as the check shows it; `asked` is None where nobody would be asked."""

    row: DecisionRow
    puts_in_force: bool
    asked: Asked | None
    warnings: tuple[str, ...]


def line_of(decision: Decision, chosen: Ask | None, warnings: list[str], today: dt.date) -> Line:
    """A decision that was just written, to be shown and then rolled back."""
    session = db.session()
    row = decision_row(session, scope(), decision.id)
    assert row is not None
    puts_in_force = row.kind in PUTS_IN_FORCE
    asked = None
    started = asking_started(session, scope())
    if puts_in_force and chosen is not None and chosen.anybody and started and row.in_force_from is not None:
        latest = row.in_force_from.latest_on or today
        from_on = asked_from(latest, chosen.from_on, today)
        asked = would_be_asked(session, scope(), decision.policy_id, chosen, from_on)
    return Line(row, puts_in_force, asked, tuple(warnings))


def would_be_asked(session: Session, scope: Scope, policy_id: int, chosen: Ask, from_on: dt.date) -> Asked:
    """Whom rules require to read a policy on the day of asking, through what was chosen; each person once."""
    covered = ReadingRule.category_id.in_(chosen.category_ids) if not chosen.everyone else ReadingRule.id.is_not(None)
    rule = and_(
        ReadingRule.organisation_id == scope.organisation_id,
        ReadingRule.policy_id == policy_id,
        ReadingRule.from_on <= from_on,
        or_(ReadingRule.until_on.is_(None), ReadingRule.until_on >= from_on),
        covered,
    )
    people = session.scalar(
        select(func.count(func.distinct(Engagement.person_id)))
        .join(
            ReadingRule,
            or_(ReadingRule.category_id == Engagement.category_id, ReadingRule.person_id == Engagement.person_id),
        )
        .where(
            Engagement.organisation_id == scope.organisation_id,
            Engagement.started_on <= from_on,
            or_(Engagement.ended_on.is_(None), Engagement.ended_on >= from_on),
            rule,
        )
    )
    days = session.scalar(select(func.min(ReadingRule.days_to_read)).where(rule))
    due_on = due_day(from_on, days, school_year(session, scope)) if days is not None and people else None
    return Asked(people or 0, from_on, due_on)


def typed_again() -> list[tuple[str, str]]:
    """Everything that was typed, to be sent again from the page that shows what would happen."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "step")]
