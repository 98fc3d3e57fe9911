"""What is required on a day, before anybody is looked at, as common table expressions for both databases.

standing  the in-force rows that stand and have asked somebody by the day, ranked within their policy
covered   the highest rank that asked a category, or everyone (category null)
required  each rule of the day that an asking covers: policy, category, job title or named person, days, repeat
asked     those of `standing` that a rule asks for, with what only they need
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, bindparam, case, exists, func, not_, or_, select
from sqlalchemy.orm import aliased

from governance.adoption.kinds import Kind
from governance.adoption.models import Asking, Decision, InForce
from governance.adoption.standing import answered, stands
from governance.policies.models import Policy, PolicyVersion
from governance.reading.cutoff_query import Mix, good_from, title_number
from governance.reading.day_query import repeat_kind
from governance.reading.dialects import latest
from governance.reading.models import ReadingRule
from governance.reading.parameters import DAY, NOUGHT, ONE, ORGANISATION


def in_use(row: Any) -> ColumnElement[bool]:
    """The in-force row was neither corrected nor, by the day, refused ratification."""
    decision = aliased(Decision)
    refused = and_(row.pending_ratification, answered(Kind.NOT_RATIFIED, DAY, decision))
    return exists().where(decision.id == row.decision_id, stands(decision), not_(refused))


def first_in_use(policy_id: Any, version_id: Any) -> Select[Any]:
    """The first day on which a version is in force, be it after the day asked about."""
    row = aliased(InForce)
    return select(func.min(row.from_on)).where(row.policy_id == policy_id, row.version_id == version_id, in_use(row))


def standing_versions(of_policy: bool) -> CTE:
    """In-force rows of policies not retired that have asked; of the parameter `policy_id` alone where so said."""
    days = _days_asked()
    ranking = (InForce.from_on, PolicyVersion.number, InForce.id)
    statement = (
        select(
            InForce.id.label("in_force_id"),
            InForce.policy_id,
            InForce.version_id,
            PolicyVersion.number,
            func.row_number().over(partition_by=InForce.policy_id, order_by=ranking).label("rank"),
            latest(days.c.first_on, InForce.from_on).label("first_asked_on"),
            latest(days.c.last_on, InForce.from_on).label("last_asked_on"),
        )
        .select_from(days)
        .join(InForce, InForce.id == days.c.in_force_id)
        .join(PolicyVersion, PolicyVersion.id == InForce.version_id)
        .join(Policy, Policy.id == InForce.policy_id)
        .where(InForce.from_on <= DAY, in_use(InForce), or_(Policy.retired_on.is_(None), Policy.retired_on >= DAY))
    )
    if of_policy:
        statement = statement.where(InForce.policy_id == bindparam("policy_id"))
    return kept("standing", statement)


def required_readings(mix: Mix, standing: CTE) -> CTE:
    """The rules of the day whose category, job title or named person some asking covers, with the highest rank that does."""
    rule, kind = ReadingRule, repeat_kind()
    covered = kept(
        "covered",
        select(standing.c.policy_id, Asking.category_id, func.max(standing.c.rank).label("rank"))
        .join(standing, standing.c.in_force_id == Asking.in_force_id)
        .where(Asking.from_on <= DAY)
        .group_by(standing.c.policy_id, Asking.category_id),
    )
    covers = or_(covered.c.category_id.is_(None), covered.c.category_id == rule.category_id)
    return kept(
        "required",
        select(
            rule.policy_id,
            rule.category_id,
            rule.person_id,
            *([title_number(mix, rule.title_key).label("title")] if mix.titles else []),
            *([rule.joined_since] if mix.joiners else []),
            *([_refined(mix)] if mix.refined else []),
            *([rule.parts] if mix.partial else []),
            covered.c.rank,
            rule.days_to_read.label("days"),
            rule.from_on.label("rule_from_on"),
            *([kind.label("kind"), good_from(mix, kind).label("good_on")] if mix.repeats else []),
        )
        .join(covered, and_(covered.c.policy_id == rule.policy_id, covers))
        .where(rule.organisation_id == ORGANISATION, rule.from_on <= DAY)
        .where(or_(rule.until_on.is_(None), rule.until_on >= DAY)),
    )


def _refined(mix: Mix) -> Any:
    """1 for each rule of a policy of which some rule is for a job title, joiners or a named person."""
    rule = ReadingRule
    titled = [rule.title_key.is_not(None)] if mix.titles else []
    narrower = or_(rule.person_id.is_not(None), rule.joined_since.is_not(None), *titled)
    return func.max(case((narrower, ONE), else_=NOUGHT)).over(partition_by=rule.policy_id).label("refined")


def asked_versions(mix: Mix, standing: CTE, required: CTE) -> CTE:
    """The in-force rows that some rule of the day asks for, with when the policy was first required, whether there is a
    later version, and, where a rule repeats, the first day the version was in force.
    """
    later, s = aliased(PolicyVersion), standing.c
    ranks = select(required.c.policy_id, required.c.rank).distinct().subquery("ranks").c
    first_rule = select(func.min(ReadingRule.from_on)).where(ReadingRule.policy_id == s.policy_id)
    has_later = exists().where(later.policy_id == s.policy_id, later.number > s.number)
    first_on = first_in_use(s.policy_id, s.version_id).scalar_subquery().label("first_on")
    return kept(
        "asked",
        select(
            *s,
            first_rule.scalar_subquery().label("first_rule_on"),
            case((has_later, ONE), else_=NOUGHT).label("has_later"),
            *([first_on] if mix.repeats else []),
        ).where(s.policy_id == ranks.policy_id, s.rank == ranks.rank),
    )


def kept(name: str, statement: Any) -> CTE:
    """A common table expression worked out once, on both databases."""
    made: CTE = statement.cte(name).prefix_with("MATERIALIZED")
    return made


def _days_asked() -> Any:
    return (
        select(
            Asking.in_force_id, func.min(Asking.from_on).label("first_on"), func.max(Asking.from_on).label("last_on")
        )
        .where(Asking.organisation_id == ORGANISATION, Asking.from_on <= DAY)
        .group_by(Asking.in_force_id)
        .subquery("days_asked")
    )
