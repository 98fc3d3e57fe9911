"""Whom a policy is required of on a day, and who has not read it, as common table expressions for both databases.

present  people with a job that day; `plain` ones hold one category, and no rule names them
held     the other people's categories and names, with the policies required through each
tangled  the same, one row a person and policy

Most people are plain. For them the version asked and the days are those of their category, so that their pairs need no
grouping: the audience comes from head counts, and only pairs without a good receipt are looked at one by one.

Each pair bears the earliest and the latest day on which its clock can have started. Where a cut-off lies between them,
where rules of different repeats meet, or where an absence, an excuse or an extension may move the day, the pair is
UNDECIDED and `owed_by` decides it.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, bindparam, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from governance.adoption.models import InForce
from governance.people.models import Engagement
from governance.policies.models import PolicyVersion
from governance.reading.cutoff_query import Mix, cutoff, lapsed_by_cutoff
from governance.reading.day_query import ONCE
from governance.reading.dialects import latest
from governance.reading.models import Acknowledgement, Excuse, Withdrawal
from governance.reading.parameters import ALWAYS, DAY, ORGANISATION, among
from governance.reading.standing_query import VERSION, in_use, kept, required_readings, standing_versions

IN_TIME, OVERDUE, UNDECIDED = 1, 2, 3
_RULED = ("policy_id", "category_id", "rank", "days", "low_kind", "high_kind", "good_on", "asked_on", "first_asked_on")


@dataclass(frozen=True)
class Pairs:
    """The expressions that a statement selects from."""

    required: CTE
    plain: CTE
    held: CTE
    tangled: CTE


def pairs(mix: Mix, *, of_person: bool = False, of_policy: bool = False) -> Pairs:
    """The expressions for a mix of rules, of the whole school or of the parameters `person_id` and `policy_id`."""
    standing = standing_versions(of_policy)
    required = required_readings(mix, standing)
    present = _present(required, of_person)
    held = kept("held", _held_by_job(required, present).union_all(_held_by_name(required, present, of_person)))
    one_category = and_(present.c.category_id == present.c.high_category_id, present.c.named == 0)
    return Pairs(required, kept("plain", select(present).where(one_category)), held, _tangled(standing, held))


def plain_pair(of: Pairs) -> Any:
    """The columns of a pair of a plain person and a policy required of their category."""
    r, person = of.required.c, of.plain.c
    names = ("policy_id", "rank", "days", "low_kind", "high_kind", "good_on", *VERSION)
    earliest_on, latest_on = _bounds(of.required, person.started_on, person.first_job_on)
    return SimpleNamespace(
        **{name: r[name] for name in names},
        person_id=person.person_id,
        low_rank=r.rank,
        earliest_on=earliest_on,
        latest_on=latest_on,
    )


def excused_from(person_id: Any, policy_id: Any) -> ColumnElement[bool]:
    """Whether an excuse holds that day. Only people with an excuse are looked up."""
    holds = and_(Excuse.from_on <= DAY, or_(Excuse.until_on.is_(None), Excuse.until_on >= DAY))
    excuse = exists().where(Excuse.person_id == person_id, Excuse.policy_id == policy_id, holds)
    return and_(among(person_id, "excused"), excuse)


def unread(pair: Any) -> ColumnElement[bool]:
    """No receipt for the version asked, or any later-numbered one, is good that day.

    Later versions are looked for only where there are any: one probe of the covering index answers most pairs.
    """
    asked_since = case((pair.first_on >= pair.good_on, ALWAYS), else_=pair.good_on)
    asked = _receipt(pair).where(
        Acknowledgement.version_id == pair.version_id, Acknowledgement.acknowledged_on >= asked_since
    )
    later = _of_version(_receipt(pair), pair, PolicyVersion.number > pair.number).where(counts_from() >= pair.good_on)
    return and_(~asked.exists(), or_(pair.has_later == 0, ~later.exists()))


def verdict(mix: Mix, pair: Any) -> ColumnElement[int]:
    """For an unread pair: in time, overdue, or for `owed_by` to decide."""
    mixed = or_(pair.low_kind != pair.high_kind, pair.low_rank != pair.rank)
    lapses = mix.repeats > 0
    return case(
        (among(pair.person_id, "watched"), UNDECIDED),
        (mixed, UNDECIDED),
        (pair.earliest_on > cutoff(mix, "possible", pair.days), IN_TIME),
        *([(_lapsed_after(mix, pair, "possible"), IN_TIME)] if lapses else []),
        (pair.latest_on > cutoff(mix, "certain", pair.days), UNDECIDED),
        *([(_lapsed_after(mix, pair, "certain"), UNDECIDED)] if lapses else []),
        else_=OVERDUE,
    )


def receipts_for(pair: Any) -> Select[Any]:
    """The standing receipts of a pair for the version asked or a later one, up to the day."""
    return _of_version(_receipt(pair), pair, PolicyVersion.number >= pair.number)


def counts_from() -> ColumnElement[Any]:
    """The day a receipt (joined to its version) counts from where it repeats: its own, or its version's in-force day."""
    row = aliased(InForce)
    of_version = and_(row.policy_id == PolicyVersion.policy_id, row.version_id == Acknowledgement.version_id)
    began = select(func.min(row.from_on)).where(of_version, in_use(row)).correlate(PolicyVersion, Acknowledgement)
    return latest(Acknowledgement.acknowledged_on, func.coalesce(began.scalar_subquery(), ALWAYS))


def _lapsed_after(mix: Mix, pair: Any, which: str) -> ColumnElement[bool]:
    """The last receipt lapsed after the cut-off, so that the clock started then."""
    good = lapsed_by_cutoff(mix, which, pair.days, pair.low_kind)
    return and_(pair.low_kind != ONCE, receipts_for(pair).where(counts_from() >= good).exists())


def _receipt(pair: Any) -> Select[Any]:
    receipt = Acknowledgement
    withdrawn = select(Withdrawal.acknowledgement_id).where(Withdrawal.organisation_id == ORGANISATION)
    return (
        select(literal(1))
        .select_from(receipt)
        .where(receipt.person_id == pair.person_id, receipt.acknowledged_on <= DAY, receipt.id.not_in(withdrawn))
    )


def _of_version(receipts: Select[Any], pair: Any, numbered: ColumnElement[bool]) -> Select[Any]:
    return receipts.join(PolicyVersion, PolicyVersion.id == Acknowledgement.version_id).where(
        PolicyVersion.policy_id == pair.policy_id, numbered
    )


def _present(required: CTE, of_person: bool) -> CTE:
    job = Engagement
    holds = or_(job.ended_on.is_(None), job.ended_on >= DAY)
    named = select(required.c.person_id).where(required.c.person_id.is_not(None))
    statement = (
        select(
            job.person_id,
            func.min(case((holds, job.category_id))).label("category_id"),
            func.max(case((holds, job.category_id))).label("high_category_id"),
            func.min(case((holds, job.started_on))).label("started_on"),
            func.min(job.started_on).label("first_job_on"),
            case((among(job.person_id, "away"), 1), else_=0).label("away"),
            case((job.person_id.in_(named), 1), else_=0).label("named"),
        )
        .where(job.organisation_id == ORGANISATION, job.started_on <= DAY)
        .group_by(job.person_id)
        .having(func.max(case((holds, 1), else_=0)) == 1)
    )
    return kept("present", _narrowed(statement, job.person_id, of_person))


def _held_by_job(required: CTE, present: CTE) -> Select[Any]:
    job = Engagement
    spell = (
        select(job.person_id, job.category_id, func.min(job.started_on).label("started_on"))
        .where(job.organisation_id == ORGANISATION, job.started_on <= DAY)
        .where(or_(job.ended_on.is_(None), job.ended_on >= DAY))
        .group_by(job.person_id, job.category_id)
        .cte("spell")
    )
    person, ruled = present.c, [required.c[name] for name in _RULED]
    return (
        select(person.person_id, person.away, *ruled, *_bounds(required, spell.c.started_on, person.first_job_on))
        .join(spell, spell.c.person_id == person.person_id)
        .join(required, required.c.category_id == spell.c.category_id)
        .where(or_(person.category_id != person.high_category_id, person.named == 1))
    )


def _held_by_name(required: CTE, present: CTE, of_person: bool) -> Select[Any]:
    """People whom a rule names, unless they had a job here and have none that day."""
    ever, person_id, ruled = aliased(Engagement), required.c.person_id, [required.c[name] for name in _RULED]
    never_employed = and_(present.c.person_id.is_(None), ~exists().where(ever.person_id == person_id))
    started, first = func.coalesce(present.c.started_on, ALWAYS), func.coalesce(present.c.first_job_on, ALWAYS)
    away = case((among(person_id, "away"), 1), else_=0)
    statement = (
        select(person_id, away, *ruled, *_bounds(required, started, first))
        .outerjoin(present, present.c.person_id == person_id)
        .where(person_id.is_not(None), or_(present.c.person_id.is_not(None), never_employed))
    )
    return _narrowed(statement, person_id, of_person)


def _bounds(required: CTE, started_on: Any, first_job_on: Any) -> tuple[Any, Any]:
    """Between which days the clock can have started, apart from lapses, excuses and absences."""
    r = required.c
    return (
        latest(r.first_asked_on, first_job_on, r.first_rule_on).label("earliest_on"),
        latest(r.asked_on, started_on, r.rule_from_on).label("latest_on"),
    )


def _tangled(standing: CTE, held: CTE) -> CTE:
    h = held.c
    lowest = ("days", "low_kind", "asked_on", "first_asked_on", "earliest_on", "latest_on")
    top = (
        select(
            h.person_id,
            h.policy_id,
            func.max(h.rank).label("rank"),
            func.min(h.rank).label("low_rank"),
            *(func.max(h[name]).label(name) for name in ("away", "high_kind", "good_on")),
            *(func.min(h[name]).label(name) for name in lowest),
        )
        .group_by(h.person_id, h.policy_id)
        .cte("top_pair")
    )
    of_top = and_(standing.c.policy_id == top.c.policy_id, standing.c.rank == top.c.rank)
    return kept("tangled", select(*top.c, *(standing.c[name] for name in VERSION)).join(standing, of_top))


def _narrowed(statement: Select[Any], person_id: Any, of_person: bool) -> Select[Any]:
    return statement.where(person_id == bindparam("person_id")) if of_person else statement
