"""What somebody who is here for a day must read before they begin: what is required of their category within 0 days.

    the school's facts ─ somebody of the category, here for this day alone ─▶ what the rules say they owe ─▶ the short set

Nothing is kept of it: a rule with 0 days to read puts a policy in, and ending the rule takes it out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.people.models import Category
from governance.policies.models import Policy, PolicyVersion
from governance.reading.asking import in_force_now
from governance.reading.facts import Engagement, Facts
from governance.reading.owed import Owed, State, owed
from governance.reading.parts import named_parts
from governance.reading.queries import facts_of
from governance.reception.models import FrontDesk
from governance.tenancy import Scope

AGENCY = "agency"
UNREAD = frozenset({State.NOT_YET_READ, State.READING_OVERDUE, State.DECLINED})
# Stands for somebody who is not recorded yet.
_SOMEBODY = 0


@dataclass(frozen=True)
class ToRead:
    """A policy of the short set, in the version that is in force.

    `parts` are the bits of the parts that are asked, 0 the whole, and `named` what they are called.
    """

    policy_id: int
    title: str
    reference: str
    version: PolicyVersion
    parts: int = 0
    named: tuple[str, ...] = ()


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


def short_set(session: Session, scope: Scope, day: dt.date, person_id: int | None = None) -> list[ToRead]:
    """What day people must read on a day, by title, in the parts asked of them.

    Of a person recorded already it is the parts asked of them, which may be more where they have other work here too.
    """
    category = day_category(session, scope)
    if category is None:
        return []
    facts = facts_of(session, scope, day, person_ids=[_SOMEBODY, *([person_id] if person_id else [])])
    here = replace(facts, engagements=(*facts.engagements, Engagement(_SOMEBODY, category.id, day, day)))
    policies, rows = in_short_set(facts, category.id, day), owed(here, day)
    wanted = {row.policy_id: row.parts for row in rows if row.person_id == _SOMEBODY and row.policy_id in policies}
    own = {row.policy_id: row.parts for row in rows if row.person_id == person_id and row.policy_id in wanted}
    return in_force_of(session, scope, wanted | own, day)


def in_force_of(session: Session, scope: Scope, asked: Mapping[int, int], day: dt.date) -> list[ToRead]:
    """Policies in the versions in force on a day, by title. `asked` has for each the bits of the parts asked, 0 the whole."""
    rows = session.scalars(
        select(Policy)
        .where(Policy.organisation_id == scope.organisation_id, Policy.id.in_(asked))
        .order_by(Policy.sort_key, Policy.id)
    ).all()
    named = named_parts(session, scope, asked.items())
    return [
        ToRead(
            policy.id,
            policy.title,
            policy.reference,
            session.get_one(PolicyVersion, row.version_id),
            asked[policy.id],
            named[policy.id, asked[policy.id]],
        )
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
