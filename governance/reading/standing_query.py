"""What is required on a day, before anybody is looked at, as common table expressions for both databases.

standing  a version in force that stands by the day, ranked within its policy
asked     from when an in-force row asked a category, or everyone
required  policy x category (or named person): the version asked, days, repeat and the first good day of a receipt
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import CTE, ColumnElement, and_, bindparam, case, exists, func, not_, or_, select
from sqlalchemy.orm import aliased

from governance.adoption.kinds import Kind
from governance.adoption.models import Asking, Decision, InForce
from governance.adoption.standing import answered, stands
from governance.policies.models import Policy, PolicyVersion
from governance.reading.cutoff_query import Mix, good_from
from governance.reading.day_query import repeat_kind
from governance.reading.dialects import latest
from governance.reading.models import ReadingRule
from governance.reading.parameters import DAY, ORGANISATION

VERSION = ("in_force_id", "version_id", "number", "first_on", "has_later")


def in_use(row: Any) -> ColumnElement[bool]:
    """The in-force row was neither corrected nor, by the day, refused ratification."""
    decision = aliased(Decision)
    refused = and_(row.pending_ratification, answered(Kind.NOT_RATIFIED, DAY, decision))
    return exists().where(decision.id == row.decision_id, stands(decision), not_(refused))


def standing_versions(of_policy: bool) -> CTE:
    """Every version in use, before or after the day, of policies not retired; of the parameter `policy_id` if so said."""
    later = aliased(PolicyVersion)
    has_later = exists().where(later.policy_id == InForce.policy_id, later.number > PolicyVersion.number)
    ranking = (InForce.from_on, PolicyVersion.number, InForce.id)
    statement = (
        select(
            InForce.id.label("in_force_id"),
            InForce.policy_id,
            InForce.version_id,
            InForce.from_on,
            PolicyVersion.number,
            func.row_number().over(partition_by=InForce.policy_id, order_by=ranking).label("rank"),
            func.min(InForce.from_on).over(partition_by=InForce.version_id).label("first_on"),
            case((has_later, 1), else_=0).label("has_later"),
        )
        .join(PolicyVersion, PolicyVersion.id == InForce.version_id)
        .join(Policy, Policy.id == InForce.policy_id)
        .where(InForce.organisation_id == ORGANISATION, in_use(InForce))
        .where(or_(Policy.retired_on.is_(None), Policy.retired_on >= DAY))
    )
    if of_policy:
        statement = statement.where(InForce.policy_id == bindparam("policy_id"))
    return kept("standing", statement)


def asked_categories(standing: CTE) -> CTE:
    """The first day on which each in-force row asked a category, or everyone (category null)."""
    return kept(
        "asked",
        select(
            standing.c.policy_id,
            standing.c.rank,
            Asking.category_id,
            func.min(latest(Asking.from_on, standing.c.from_on)).label("asked_on"),
        )
        .join(standing, standing.c.in_force_id == Asking.in_force_id)
        .where(Asking.organisation_id == ORGANISATION, Asking.from_on <= DAY, standing.c.from_on <= DAY)
        .group_by(standing.c.policy_id, standing.c.rank, Asking.category_id),
    )


def required_readings(mix: Mix, standing: CTE) -> CTE:
    """Each policy and category, or named person, that a rule requires that day and some asking covers."""
    asked = asked_categories(standing)
    top = _highest_asked(mix, asked)
    of_row = and_(asked.c.policy_id == top.c.policy_id, asked.c.rank == top.c.rank)
    first_asked = select(func.min(asked.c.asked_on)).where(of_row)
    first_rule = select(func.min(ReadingRule.from_on)).where(ReadingRule.policy_id == top.c.policy_id)
    return kept(
        "required",
        select(
            *top.c,
            *(standing.c[name] for name in VERSION),
            first_asked.where(_covers(asked, top.c.category_id)).scalar_subquery().label("asked_on"),
            first_asked.scalar_subquery().label("first_asked_on"),
            first_rule.scalar_subquery().label("first_rule_on"),
        ).join(standing, and_(standing.c.policy_id == top.c.policy_id, standing.c.rank == top.c.rank)),
    )


def kept(name: str, statement: Any) -> CTE:
    """A common table expression worked out once, on both databases."""
    made: CTE = statement.cte(name).prefix_with("MATERIALIZED")
    return made


def _highest_asked(mix: Mix, asked: CTE) -> CTE:
    rule = ReadingRule
    return kept(
        "top",
        select(
            rule.policy_id,
            rule.category_id,
            rule.person_id,
            func.max(asked.c.rank).label("rank"),
            func.min(rule.days_to_read).label("days"),
            func.min(repeat_kind()).label("low_kind"),
            func.max(repeat_kind()).label("high_kind"),
            func.max(good_from(mix, repeat_kind())).label("good_on"),
            func.min(rule.from_on).label("rule_from_on"),
        )
        .join(asked, and_(asked.c.policy_id == rule.policy_id, _covers(asked, rule.category_id)))
        .where(rule.organisation_id == ORGANISATION, rule.from_on <= DAY)
        .where(or_(rule.until_on.is_(None), rule.until_on >= DAY))
        .group_by(rule.policy_id, rule.category_id, rule.person_id),
    )


def _covers(asked: CTE, category_id: Any) -> ColumnElement[bool]:
    return or_(asked.c.category_id.is_(None), asked.c.category_id == category_id)
