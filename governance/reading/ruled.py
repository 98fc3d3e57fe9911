"""The reading rules of a policy, and what would follow from one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.people.models import Category, Person
from governance.reading.models import ReadingRule
from governance.reading.parts import parts_of
from governance.render import words
from governance.tenancy import Scope


@dataclass(frozen=True)
class RuleRow:
    """A rule as a screen lists it. `who` is the category's, the job title's or the person's name, and who of them.

    `parts` names the parts that are to be read; empty for the whole.
    """

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
    title_key: str | None = None
    parts: tuple[str, ...] = ()
    joined_since: dt.date | None = None

    @property
    def whom(self) -> tuple[int | None, int | None, str | None]:
        """Category, person, job title: what rules for the same people have in common."""
        return self.category_id, self.person_id, self.title_key

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
            parts = f", {words.listed(rule.parts)} only" if rule.parts else ""
            how = f"within {words.plural(rule.days_to_read, 'day')}, {rule.how_often}{parts}{begins}{ends}"
            found.setdefault(how, []).append(rule.who)
    return [(who, how) for how, who in found.items()]


def rules_of(session: Session, scope: Scope, policy_ids: Sequence[int]) -> dict[int, list[RuleRow]]:
    """The rules of several policies, past and coming ones too, by policy id: categories in the school's order, job titles,
    then people.
    """
    named = parts_of(session, scope, policy_ids)
    rows = session.execute(
        select(ReadingRule, Category, Person)
        .outerjoin(Category, Category.id == ReadingRule.category_id)
        .outerjoin(Person, Person.id == ReadingRule.person_id)
        .where(ReadingRule.organisation_id == scope.organisation_id, ReadingRule.policy_id.in_(policy_ids))
        .order_by(
            ReadingRule.policy_id,
            Category.position.is_(None),
            Category.position,
            ReadingRule.title_key.is_(None),
            ReadingRule.title_key,
            Person.sort_key,
            ReadingRule.from_on,
        )
    )
    found: dict[int, list[RuleRow]] = {policy_id: [] for policy_id in policy_ids}
    for rule, category, person in rows:
        parts = tuple(one.name for one in named[rule.policy_id] if rule.parts >> one.bit & 1)
        found[rule.policy_id].append(_row(rule, category, _who(rule, category, person), parts))
    return found


def _row(rule: ReadingRule, category: Category | None, who: str, parts: tuple[str, ...]) -> RuleRow:
    return RuleRow(
        rule=rule.public_id,
        policy_id=rule.policy_id,
        category_id=rule.category_id,
        category_code=category.code if category else None,
        who=who,
        days_to_read=rule.days_to_read,
        repeat=rule.repeat,
        repeat_months=rule.repeat_months,
        from_on=rule.from_on,
        until_on=rule.until_on,
        person_id=rule.person_id,
        title_key=rule.title_key,
        parts=parts,
        joined_since=rule.joined_since,
    )


def _who(rule: ReadingRule, category: Category | None, person: Person | None) -> str:
    if person is not None:
        return f"{person.given_name} {person.family_name}"
    who = category.name if category is not None else f"{rule.job_title} (job title)"
    return f"{who} who join from {words.day(rule.joined_since)} on" if rule.joined_since else who
