"""The reading rules of a policy, and what would follow from one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.people.models import Category, Person
from governance.reading.models import ReadingRule
from governance.render import words
from governance.tenancy import Scope


@dataclass(frozen=True)
class RuleRow:
    """A rule as a screen lists it. `who` is the category's or the person's name."""

    rule: str
    policy_id: int
    category_id: int | None
    category_code: str | None
    who: str
    days_to_read: int
    repeat: str
    repeat_months: int | None
    from_on: dt.date
    until_on: dt.date | None
    person_id: int | None = None

    @property
    def how_often(self) -> str:
        """How often it is read again, in words."""
        if self.repeat == "months":
            return f"again every {self.repeat_months} months"
        return "again every academic year" if self.repeat == "yearly" else "once"

    def holds_on(self, day: dt.date) -> bool:
        """Whether the rule holds on a day; its last day counts."""
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)


def in_few_words(rules: Sequence[RuleRow], today: dt.date) -> list[tuple[list[str], str]]:
    """Who must read it and how, from today on, with those together to whom the same applies; in the order given."""
    found: dict[str, list[str]] = {}
    for rule in rules:
        if rule.until_on is None or rule.until_on >= today:
            begins = f", from {words.day(rule.from_on)}" if rule.from_on > today else ""
            ends = f", until {words.day(rule.until_on)}" if rule.until_on else ""
            how = f"within {words.plural(rule.days_to_read, 'day')}, {rule.how_often}{begins}{ends}"
            found.setdefault(how, []).append(rule.who)
    return [(who, how) for how, who in found.items()]


def rules_of(session: Session, scope: Scope, policy_ids: Sequence[int]) -> dict[int, list[RuleRow]]:
    """The rules of several policies, past and coming ones too, by policy id: categories in the school's order, then people."""
    rows = session.execute(
        select(ReadingRule, Category, Person)
        .outerjoin(Category, Category.id == ReadingRule.category_id)
        .outerjoin(Person, Person.id == ReadingRule.person_id)
        .where(ReadingRule.organisation_id == scope.organisation_id, ReadingRule.policy_id.in_(policy_ids))
        .order_by(
            ReadingRule.policy_id, Category.position.is_(None), Category.position, Person.sort_key, ReadingRule.from_on
        )
    )
    found: dict[int, list[RuleRow]] = {policy_id: [] for policy_id in policy_ids}
    for rule, category, person in rows:
        found[rule.policy_id].append(
            RuleRow(
                rule.public_id,
                rule.policy_id,
                rule.category_id,
                category.code if category else None,
                category.name if category else f"{person.given_name} {person.family_name}",
                rule.days_to_read,
                rule.repeat,
                rule.repeat_months,
                rule.from_on,
                rule.until_on,
                rule.person_id,
            )
        )
    return found
