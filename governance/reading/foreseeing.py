"""What would follow from a rule or an asking, before anybody confirms it. Nothing is written here.

facts of the policies ─ as they are ──────────────────▶ owed
                      ─ with the rule or asking added ─▶ owed ─ compared ─▶ who has to read, who is late at once
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from governance.reading.calendar import days_after
from governance.reading.coverage import Count, counted
from governance.reading.facts import Asking, Facts, Repeat, Rule
from governance.reading.facts_query import facts_of
from governance.reading.owed import Owed, State, owed
from governance.reading.requiring import Requirement, joined_since
from governance.tenancy import Scope


@dataclass(frozen=True)
class Foreseen:
    """How things would stand on a day, beside how they stand now. `late` are those late at once, who are not now."""

    day: dt.date
    before: Count
    after: Count
    rows: tuple[Owed, ...]
    late: tuple[Owed, ...]

    @property
    def unread(self) -> list[Owed]:
        """Everybody with something to read then, once a policy."""
        return [row for row in self.rows if row.due_on is not None]

    @property
    def people(self) -> set[int]:
        """The people with something to read then, each once."""
        return {row.person_id for row in self.unread}

    @property
    def policies(self) -> set[int]:
        """The policies of which somebody has something to read then."""
        return {row.policy_id for row in self.unread}

    @property
    def first_due_on(self) -> dt.date | None:
        """The first due day of those not late already."""
        return min((row.due_on for row in self.unread if row.due_on and row.due_on >= self.day), default=None)

    @property
    def by_category(self) -> dict[int, int]:
        """How many people have something to read, by category; who is in two counts in both."""
        pairs = {(category_id, row.person_id) for row in self.unread for category_id in row.category_ids}
        return dict(Counter(category_id for category_id, _ in pairs))


def foresee_asking(session: Session, scope: Scope, askings: Collection[Asking], policy_ids: Iterable[int]) -> Foreseen:
    """What askings of policies would bring, on the day of the first of them.

    Raises:
        ValueError: when there is none to look at.
    """
    day = min(asking.from_on for asking in askings)
    facts = facts_of(session, scope, day, policy_ids=list(policy_ids))
    return _compared(facts, replace(facts, askings=(*facts.askings, *askings)), day)


def foresee_rule(
    session: Session, scope: Scope, policy_id: int, wanted: Requirement, from_on: dt.date, today: dt.date
) -> Foreseen:
    """What requiring a policy from a day would bring, on that day, or today where it has passed."""
    day = max(from_on, today)
    facts = facts_of(session, scope, day, policy_ids=[policy_id])
    return _compared(facts, with_rule(facts, policy_id, wanted, from_on), day)


def with_rule(facts: Facts, policy_id: int, wanted: Requirement, from_on: dt.date) -> Facts:
    """The facts with a rule added, to which those for the same people give way as `require` makes them."""
    forerunners = sorted((r for r in facts.rules if (r.policy_id, *_whom(r)) == (policy_id, *wanted.whom)), key=_began)
    rule = Rule(
        policy_id=policy_id,
        category_id=wanted.category_id,
        person_id=wanted.person_id,
        title=wanted.title_key,
        days_to_read=wanted.days_to_read,
        from_on=from_on,
        repeat=Repeat(wanted.repeat),
        repeat_months=wanted.repeat_months if wanted.repeat == Repeat.MONTHS else None,
        parts=wanted.parts,
        joined_since=joined_since(wanted, from_on, forerunners[-1].joined_since if forerunners else None),
    )
    kept = [_given_way(one, rule) for one in facts.rules]
    return replace(facts, rules=(*(one for one in kept if one is not None), rule))


def _given_way(old: Rule, new: Rule) -> Rule | None:
    same = (old.policy_id, *_whom(old)) == (new.policy_id, *_whom(new))
    if not same or (old.until_on is not None and old.until_on < new.from_on):
        return old
    return replace(old, until_on=days_after(new.from_on, -1)) if old.from_on < new.from_on else None


def _whom(rule: Rule) -> tuple[int | None, int | None, str | None]:
    return rule.category_id, rule.person_id, rule.title


def _began(rule: Rule) -> dt.date:
    return rule.from_on


def _compared(before: Facts, after: Facts, day: dt.date) -> Foreseen:
    known, coming = owed(before, day), owed(after, day)
    late_now = {(row.person_id, row.policy_id) for row in known if row.state is State.READING_OVERDUE}
    late = [
        row for row in coming if row.state is State.READING_OVERDUE and (row.person_id, row.policy_id) not in late_now
    ]
    return Foreseen(day, counted(known).totals, counted(coming).totals, tuple(coming), tuple(late))
