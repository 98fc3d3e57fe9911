"""What the school chooses for its front desk: the category of day people, and the policies they read before they begin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.adoption.models import Asking, InForce
from governance.adoption.standing import holding
from governance.errors import Refusal
from governance.journal.actions import record
from governance.journal.events import Event
from governance.people.models import Category
from governance.policies.models import Policy
from governance.reading.asking import ask_to_read, asking_since
from governance.reading.models import ReadingRule
from governance.reading.requiring import Requirement, require, stop_requiring
from governance.reception.models import FrontDesk
from governance.reception.short_set import day_category
from governance.tenancy import Actor, Scope, lock

CHOSEN = Event("category of day people chosen", ids=("category",), payload=("name",))
_ONE_DAY = dt.timedelta(days=1)
ON_THE_DAY = 0  # days to read


@dataclass(frozen=True)
class Offered:
    """A policy in force that can be in the short set. `days` is what the category has to read it, None if not required.

    `parts` are the bits of the parts that its rule is for, 0 the whole.
    """

    policy: Policy
    days: int | None
    parts: int = 0

    @property
    def chosen(self) -> bool:
        """Whether day people read it before they begin."""
        return self.days == ON_THE_DAY


def choose_category(session: Session, scope: Scope, actor: Actor, category: Category, *, now: dt.datetime) -> None:
    """Say which category people who are here for a day are of."""
    lock(session, scope)
    row = session.scalar(select(FrontDesk).where(FrontDesk.organisation_id == scope.organisation_id))
    if row is None:
        row = FrontDesk(organisation_id=scope.organisation_id, category_id=category.id)
        session.add(row)
    elif row.category_id == category.id:
        return
    row.category_id = category.id
    session.flush()
    ids, payload = {"category": category.public_id}, {"name": category.name}
    record(session, scope, actor, CHOSEN, ids=ids, payload=payload, now=now)


def offered(session: Session, scope: Scope, category: Category, today: dt.date) -> list[Offered]:
    """Every policy in force today with how long the category has for it, by title."""
    policies = session.scalars(
        select(Policy)
        .where(
            Policy.organisation_id == scope.organisation_id,
            Policy.retired_on.is_(None) | (Policy.retired_on >= today),
            Policy.id.in_(holding(scope.organisation_id, today, InForce.policy_id)),
        )
        .order_by(Policy.sort_key, Policy.id)
    ).all()
    rules = {rule.policy_id: (rule.days_to_read, rule.parts) for rule in _rules(session, scope, category, today)}
    return [Offered(policy, *rules.get(policy.id, (None, 0))) for policy in policies]


def choose_policies(
    session: Session, scope: Scope, actor: Actor, wanted: Collection[int], *, today: dt.date, now: dt.datetime
) -> None:
    """Let day people read these policies, by id, and no others before they begin, from today.

    Each is required of their category within 0 days, and asked of it; where parts were required of it, the same parts. What
    is taken out is no longer required of them; a rule that began today holds until its end.

    Raises:
        Refusal: where nobody is of the category's kind, the school has not started asking, or a rule begins later.
    """
    lock(session, scope)
    category = day_category(session, scope)
    if category is None:
        raise Refusal.one("Choose the category of people who are here for a day first.", "category")
    if wanted and asking_since(session, scope) is None:
        raise Refusal.one("Your school has not started asking its people to read. Start that first, under Reading.")
    offers = offered(session, scope, category, today)
    for offer in offers:
        if offer.policy.id in wanted and not offer.chosen:
            wants = Requirement(category_id=category.id, days_to_read=ON_THE_DAY, parts=offer.parts)
            require(session, scope, actor, offer.policy, wants, today, now)
        if offer.policy.id in wanted:
            _ask(session, scope, actor, offer.policy, category, today, now)
    for rule in _rules(session, scope, category, today):
        if rule.days_to_read == ON_THE_DAY and rule.policy_id not in wanted and rule.until_on != today:
            policy = session.get_one(Policy, rule.policy_id)
            until_on = max(rule.from_on, today - _ONE_DAY)
            stop_requiring(session, scope, actor, policy, rule, until_on, now)


def _ask(
    session: Session, scope: Scope, actor: Actor, policy: Policy, category: Category, today: dt.date, now: dt.datetime
) -> None:
    """Ask the category to read the version in force, unless it was asked already."""
    row = session.scalars(
        holding(scope.organisation_id, today, InForce)
        .where(InForce.policy_id == policy.id)
        .order_by(InForce.from_on.desc(), InForce.id.desc())
    ).first()
    if row is None:
        return
    asked = session.scalars(
        select(Asking.id).where(
            Asking.in_force_id == row.id, Asking.category_id.is_(None) | (Asking.category_id == category.id)
        )
    ).first()
    if asked is None:
        ask_to_read(session, scope, actor, policy, row, [category], today, today, now)


def _rules(session: Session, scope: Scope, category: Category, today: dt.date) -> list[ReadingRule]:
    """The category's rules that hold today."""
    return list(
        session.scalars(
            select(ReadingRule)
            .where(
                ReadingRule.organisation_id == scope.organisation_id,
                ReadingRule.category_id == category.id,
                ReadingRule.from_on <= today,
                ReadingRule.until_on.is_(None) | (ReadingRule.until_on >= today),
            )
            .order_by(ReadingRule.id)
        )
    )
