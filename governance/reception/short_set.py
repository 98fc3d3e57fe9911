"""What somebody who is here for a day must read before they begin: what is required of their category within 0 days.

    the school's facts ─ somebody of the category, here for this day alone ─▶ what the rules say they owe ─▶ the short set

Nothing is kept of it: a rule with 0 days to read puts a policy in, and ending the rule takes it out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.people.models import Category
from governance.policies.models import Policy, PolicyVersion
from governance.reading.asking import in_force_now
from governance.reading.facts import Engagement, Facts
from governance.reading.owed import Owed, State, owed
from governance.reading.queries import facts_of
from governance.reception.models import FrontDesk
from governance.tenancy import Scope

AGENCY = "agency"
UNREAD = frozenset({State.NOT_YET_READ, State.READING_OVERDUE, State.DECLINED})
# Stands for somebody who is not recorded yet.
_SOMEBODY = 0


@dataclass(frozen=True)
class ToRead:
    """A policy of the short set, in the version that is in force."""

    policy_id: int
    title: str
    reference: str
    version: PolicyVersion


def day_category(session: Session, scope: Scope) -> Category | None:
    """The category of people who are here for a day: the one chosen, else the one agency staff have."""
    chosen = session.scalar(
        select(Category)
        .join(FrontDesk, FrontDesk.category_id == Category.id)
        .where(FrontDesk.organisation_id == scope.organisation_id)
    )
    if chosen is not None:
        return chosen
    return session.scalars(
        select(Category)
        .where(Category.organisation_id == scope.organisation_id, Category.code == AGENCY)
        .order_by(Category.position, Category.id)
    ).first()


def short_set(session: Session, scope: Scope, day: dt.date) -> list[ToRead]:
    """What day people must read on a day, by title."""
    category = day_category(session, scope)
    if category is None:
        return []
    facts = facts_of(session, scope, day, person_ids=[_SOMEBODY])
    here = replace(facts, engagements=(Engagement(_SOMEBODY, category.id, day, day),))
    policies = in_short_set(facts, category.id, day)
    wanted = [row.policy_id for row in owed(here, day) if row.person_id == _SOMEBODY and row.policy_id in policies]
    return in_force_of(session, scope, wanted, day)


def in_force_of(session: Session, scope: Scope, policy_ids: Collection[int], day: dt.date) -> list[ToRead]:
    """Policies in the versions in force on a day, by title."""
    rows = session.scalars(
        select(Policy)
        .where(Policy.organisation_id == scope.organisation_id, Policy.id.in_(policy_ids))
        .order_by(Policy.sort_key, Policy.id)
    ).all()
    return [
        ToRead(policy.id, policy.title, policy.reference, session.get_one(PolicyVersion, row.version_id))
        for policy in rows
        for row in [in_force_now(session, scope, policy.id, day)]
        if row is not None
    ]


def in_short_set(facts: Facts, category_id: int, day: dt.date) -> frozenset[int]:
    """The policies that a rule requires of the category within 0 days."""
    return frozenset(
        rule.policy_id
        for rule in facts.rules
        if rule.category_id == category_id and rule.days_to_read == 0 and rule.holds_on(day)
    )


def unread_by(session: Session, scope: Scope, day: dt.date, person_ids: Collection[int]) -> dict[int, list[int]]:
    """The policies of the short set that each person has not read by a day, by the person's id; those with none left out.

    What they owe besides, through another category of theirs, is no matter of the front desk.
    """
    category = day_category(session, scope)
    if category is None or not person_ids:
        return {}
    facts = facts_of(session, scope, day, person_ids=person_ids)
    policies, wanted = in_short_set(facts, category.id, day), set(person_ids)
    found: dict[int, list[int]] = {}
    for row in owed(facts, day):
        if row.person_id in wanted and row.policy_id in policies and _unread(row):
            found.setdefault(row.person_id, []).append(row.policy_id)
    return found


def _unread(row: Owed) -> bool:
    return row.state in UNREAD
