"""Keeping reading rules: who must read a policy, within how many days, how often."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.errors import Objection, Refusal, refuse_if
from governance.extract.dates import day_in_words
from governance.journal.actions import record
from governance.journal.events import Event
from governance.people.rules import LONGEST_NAME, objections_to_text
from governance.policies.models import Policy
from governance.reading.facts import MOST_PARTS
from governance.reading.models import ReadingRule
from governance.schools.names import fold, tidy
from governance.tenancy import Actor, Scope, lock

RULE_MADE = Event(
    "reading rule made",
    ids=("rule", "policy"),
    payload=(
        "category_id",
        "person_id",
        "job_title",
        "days_to_read",
        "repeat",
        "repeat_months",
        "parts",
        "joined_since",
        "from_on",
    ),
)
RULE_ENDED = Event("reading rule ended", ids=("rule", "policy"), payload=("until_on",))

DAYS_TO_READ = 14
REPEATS = ("once", "yearly", "months")
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Requirement:
    """Who must read (a category, a job title or a named person), how long they have, and how often they read it again.

    `parts` are the bits of the policy's parts, 0 the whole. With `joiners` it is for people who join from the rule's first
    day on; a rule that takes the place of such a one goes on from that one's day.
    """

    category_id: int | None = None
    person_id: int | None = None
    days_to_read: int = DAYS_TO_READ
    repeat: str = "once"
    repeat_months: int | None = None
    job_title: str = ""
    parts: int = 0
    joiners: bool = False

    @property
    def title_key(self) -> str | None:
        """The job title as jobs are found by it."""
        return fold(self.job_title) or None

    @property
    def whom(self) -> tuple[int | None, int | None, str | None]:
        """Category, person, job title: what rules for the same people have in common."""
        return self.category_id, self.person_id, self.title_key


def objections(requirement: Requirement) -> Iterator[Objection]:
    """What is wrong with a requirement, in words."""
    if sum(one is not None for one in requirement.whom) != 1:
        yield Objection("Choose a category of people, a job title, or one person: one of the three.", "category")
    yield from objections_to_text(requirement.job_title, "The job title", "job_title", LONGEST_NAME)
    if not 0 <= requirement.parts < 1 << MOST_PARTS:
        yield Objection("Choose parts that this policy has.", "parts")
    if not 0 <= requirement.days_to_read <= 365:
        yield Objection("Enter the days to read as a number from 0 to 365.", "days_to_read")
    if requirement.repeat not in REPEATS:
        yield Objection("Choose once, every academic year, or every so many months.", "repeat")
    if requirement.repeat == "months" and requirement.repeat_months not in range(1, 61):
        yield Objection("Enter after how many months it is read again, from 1 to 60.", "repeat_months")


def require(
    session: Session,
    scope: Scope,
    actor: Actor,
    policy: Policy,
    wanted: Requirement,
    from_on: dt.date,
    now: dt.datetime,
) -> ReadingRule:
    """Require a policy of a category, a job title or a person from a day. A rule for them that still holds gives way to it.

    A rule of theirs that starts on the same day is changed in place, also where it was ended meanwhile.

    Raises:
        Refusal: for a requirement with objections, a retired policy, or one that starts before another rule of theirs.
    """
    lock(session, scope)
    refuse_if([*objections(wanted), *_objections_to_start(policy, from_on)])
    known = _rules_for(session, scope, policy, *wanted.whom)
    if known and known[-1].from_on > from_on:
        starts = day_in_words(known[-1].from_on)
        raise Refusal.one(f"A rule for them starts on {starts}. Start this one then or later.", "from_on")
    rule = known[-1] if known and known[-1].from_on == from_on else None
    if rule is None:
        _give_way(known, from_on)
        rule = ReadingRule(organisation_id=scope.organisation_id, policy_id=policy.id, from_on=from_on)
        session.add(rule)
    since = joined_since(wanted, from_on, known[-1].joined_since if known else None)
    _fill(rule, wanted, since)
    session.flush()
    content = {name: getattr(rule, name) for name in RULE_MADE.payload}
    ids = {"rule": rule.public_id, "policy": policy.public_id}
    record(session, scope, actor, RULE_MADE, ids=ids, payload=content, now=now)
    return rule


def joined_since(wanted: Requirement, from_on: dt.date, earlier: dt.date | None) -> dt.date | None:
    """From which day on those joined whom a rule is for; None where it is for everybody. `earlier` is its forerunner's."""
    return (earlier or from_on) if wanted.joiners else None


def stop_requiring(
    session: Session, scope: Scope, actor: Actor, policy: Policy, rule: ReadingRule, until_on: dt.date, now: dt.datetime
) -> None:
    """End a rule; `until_on` is its last day.

    Raises:
        Refusal: when it would end before it starts, or after the next rule for the same people starts.
    """
    lock(session, scope)
    if until_on < rule.from_on:
        starts = day_in_words(rule.from_on)
        raise Refusal.one(f"The rule starts on {starts}. Its last day cannot be before that.", "until_on")
    for other in _rules_for(session, scope, policy, rule.category_id, rule.person_id, rule.title_key):
        if rule.from_on < other.from_on <= until_on:
            starts = day_in_words(other.from_on)
            raise Refusal.one(f"Another rule for them starts on {starts}. Choose a last day before that.", "until_on")
    rule.until_on = until_on
    session.flush()
    ids = {"rule": rule.public_id, "policy": policy.public_id}
    record(session, scope, actor, RULE_ENDED, ids=ids, payload={"until_on": until_on}, now=now)


def _objections_to_start(policy: Policy, from_on: dt.date) -> Iterator[Objection]:
    if policy.retired_on is not None and policy.retired_on < from_on:
        yield Objection(f"{policy.title} was retired on {day_in_words(policy.retired_on)}.", "from_on")


def _fill(rule: ReadingRule, wanted: Requirement, since: dt.date | None) -> None:
    rule.category_id, rule.person_id, rule.title_key = wanted.whom
    rule.job_title = tidy(wanted.job_title) or None
    rule.days_to_read, rule.parts, rule.joined_since = wanted.days_to_read, wanted.parts, since
    rule.repeat = wanted.repeat
    rule.repeat_months = wanted.repeat_months if wanted.repeat == "months" else None
    rule.until_on = None


def _give_way(rules: Sequence[ReadingRule], from_on: dt.date) -> None:
    for rule in rules:
        if rule.until_on is None or rule.until_on >= from_on:
            rule.until_on = from_on - _ONE_DAY


def _rules_for(
    session: Session,
    scope: Scope,
    policy: Policy,
    category_id: int | None,
    person_id: int | None,
    title_key: str | None,
) -> Sequence[ReadingRule]:
    """Every rule there was for the same category, person or job title, by its first day."""
    return session.scalars(
        select(ReadingRule)
        .where(
            ReadingRule.organisation_id == scope.organisation_id,
            ReadingRule.policy_id == policy.id,
            ReadingRule.category_id == category_id,
            ReadingRule.person_id == person_id,
            ReadingRule.title_key == title_key,
        )
        .order_by(ReadingRule.from_on)
    ).all()
