"""The facts of a school as plain values, in one statement: what `owed` and `owed_by` work from."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Date, Integer, Select, Text, cast, exists, null, select, tuple_, union_all
from sqlalchemy.orm import Session, aliased

from governance.adoption.models import Asking as AskingRow
from governance.adoption.models import InForce as InForceRow
from governance.db import rows_of
from governance.people.models import Absence as AbsenceRow
from governance.people.models import Engagement as EngagementRow
from governance.policies.models import Policy, PolicyVersion
from governance.reading.calendar import SchoolYear
from governance.reading.day_query import repeat_kind, repeat_of
from governance.reading.facts import (
    Absence,
    Asking,
    Declined,
    Engagement,
    Excuse,
    Extension,
    Facts,
    InForce,
    Receipt,
    Rule,
)
from governance.reading.models import Acknowledgement, DeclinedWithdrawal, ReadingRule, Withdrawal
from governance.reading.models import Declined as DeclinedRow
from governance.reading.models import Excuse as ExcuseRow
from governance.reading.models import Extension as ExtensionRow
from governance.reading.parameters import NOUGHT, ORGANISATION, among
from governance.reading.standing_query import in_use
from governance.schools.models import ClosedDay
from governance.schools.models import Term as TermRow
from governance.tenancy import Organisation, Scope

Ids = Collection[int] | None
PairIds = Collection[tuple[int, int]] | None


def facts_of(
    session: Session,
    scope: Scope,
    as_of: dt.date,
    *,
    person_ids: Ids = None,
    policy_ids: Ids = None,
    pairs: PairIds = None,
    school: SchoolYear | None = None,
) -> Facts:
    """A school's facts as they bear on a day: corrected and refused in-force rows and withdrawn receipts are left out.

    `person_ids` and `policy_ids` narrow them to those people and policies, or `pairs` of (person, policy) to what bears on
    these; `school` is the calendar where it is known.
    """
    if pairs is not None:
        person_ids, policy_ids = ({pair[k] for pair in pairs} for k in (0, 1))
    narrowed: dict[str, Any] = {"person_ids": person_ids, "policy_ids": policy_ids, "pairs": pairs}
    binds: dict[str, Any] = {"day": as_of, "organisation_id": scope.organisation_id}
    binds |= {name: sorted(ids) for name, ids in narrowed.items() if ids is not None}
    statement = _statement(*(ids is not None for ids in narrowed.values()), school is None)
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows_of(session, statement, binds):
        found[row.what].append(row)
    return Facts(
        engagements=tuple(Engagement(r.a, r.b, r.from_on, r.until_on, r.title) for r in found["engagement"]),
        rules=tuple(
            Rule(r.a, r.b, r.c, r.d, r.from_on, r.until_on, *repeat_of(r.e), r.title, r.f, r.since_on)
            for r in found["rule"]
        ),
        in_force=tuple(InForce(r.a, r.b, r.c, r.d, r.from_on) for r in found["in_force"]),
        askings=tuple(Asking(r.a, r.b, r.from_on) for r in found["asking"]),
        receipts=tuple(Receipt(r.a, r.b, r.c, r.d, r.from_on, r.e) for r in found["receipt"]),
        absences=tuple(Absence(r.a, r.from_on, r.until_on) for r in found["absence"]),
        excuses=tuple(Excuse(r.a, r.b, r.from_on, r.until_on) for r in found["excuse"]),
        extensions=tuple(Extension(r.a, r.b, r.until_on) for r in found["extension"]),
        declined=tuple(Declined(r.a, r.b, r.c, r.from_on) for r in found["declined"]),
        retired_on={r.a: r.until_on for r in found["retired"]},
        school=school or _school_year(found),
    )


def _school_year(found: Mapping[str, Sequence[Any]]) -> SchoolYear:
    terms, closed_on = ((r.from_on, r.until_on) for r in found["term"]), (r.from_on for r in found["closed"])
    settings = next((((r.a, r.b), r.c) for r in found["school"]), None)
    return SchoolYear.entered(*settings, terms, closed_on) if settings else SchoolYear()


@lru_cache(maxsize=8)
def _statement(of_people: bool, of_policies: bool, of_pairs: bool, with_school: bool) -> Any:
    policies = [
        narrowed if not of_policies else narrowed.where(among(policy_id, "policy_ids"))
        for policy_id, narrowed in (*_adopted(), *_required())
    ]
    people = [spell.where(among(model.person_id, "person_ids")) if of_people else spell for model, spell in _spells()]
    receipts, version = _receipts(of_people), aliased(PolicyVersion)
    of_theirs = select(version.id).where(among(version.policy_id, "policy_ids"))
    receipts = receipts.where(Acknowledgement.version_id.in_(of_theirs)) if of_policies else receipts
    pair = tuple_(Acknowledgement.person_id, PolicyVersion.policy_id)
    receipts = receipts.where(among(pair, "pairs")) if of_pairs else receipts
    return union_all(*(_school() if with_school else []), *policies, *people, receipts)


def _school() -> list[Select[Any]]:
    school, term, closed = Organisation, TermRow, ClosedDay
    return [
        _row("school", school.year_starts_month, school.year_starts_day, school.away_school_days).where(
            school.id == ORGANISATION
        ),
        _row("term", from_on=term.first_on, until_on=term.last_on).where(term.organisation_id == ORGANISATION),
        _row("closed", from_on=closed.closed_on).where(closed.organisation_id == ORGANISATION),
    ]


def _adopted() -> list[tuple[Any, Select[Any]]]:
    row, asking, version = InForceRow, AskingRow, PolicyVersion
    in_force = _row("in_force", row.id, row.policy_id, row.version_id, version.number, from_on=row.from_on)
    asked = _row("asking", asking.in_force_id, asking.category_id, from_on=asking.from_on)
    return [
        (
            row.policy_id,
            in_force.join(version, version.id == row.version_id).where(
                row.organisation_id == ORGANISATION, in_use(row)
            ),
        ),
        (
            row.policy_id,
            asked.join(row, row.id == asking.in_force_id).where(asking.organisation_id == ORGANISATION, in_use(row)),
        ),
    ]


def _required() -> list[tuple[Any, Select[Any]]]:
    rule = ReadingRule
    numbers = (rule.policy_id, rule.category_id, rule.person_id, rule.days_to_read, repeat_kind(), rule.parts)
    days = {"from_on": rule.from_on, "until_on": rule.until_on, "since_on": rule.joined_since}
    return [
        (
            rule.policy_id,
            _row("rule", *numbers, **days, title=rule.title_key).where(rule.organisation_id == ORGANISATION),
        ),
        (
            Policy.id,
            _row("retired", Policy.id, until_on=Policy.retired_on).where(
                Policy.organisation_id == ORGANISATION, Policy.retired_on.is_not(None)
            ),
        ),
    ]


def _spells() -> list[tuple[Any, Select[Any]]]:
    job, away, excuse, extension = EngagementRow, AbsenceRow, ExcuseRow, ExtensionRow
    spells: list[tuple[Any, Select[Any]]] = [
        (
            job,
            _row(
                "engagement",
                *(job.person_id, job.category_id),
                from_on=job.started_on,
                until_on=job.ended_on,
                title=job.title_key,
            ),
        ),
        (DeclinedRow, _declined()),
        (away, _row("absence", away.person_id, from_on=away.from_on, until_on=away.until_on)),
        (
            excuse,
            _row("excuse", excuse.person_id, excuse.policy_id, from_on=excuse.from_on, until_on=excuse.until_on),
        ),
        (
            extension,
            _row("extension", extension.person_id, AskingRow.in_force_id, until_on=extension.until_on).join(
                AskingRow, AskingRow.id == extension.asking_id
            ),
        ),
    ]
    return [(model, spell.where(model.organisation_id == ORGANISATION)) for model, spell in spells]


def _declined() -> Select[Any]:
    declined, version = DeclinedRow, PolicyVersion
    return (
        _row("declined", declined.person_id, version.policy_id, version.number, from_on=declined.given_on)
        .join(version, version.id == declined.version_id)
        .where(~exists().where(DeclinedWithdrawal.declined_id == declined.id))
    )


def _receipts(of_people: bool) -> Select[Any]:
    receipt, version = Acknowledgement, PolicyVersion
    # added to, so that the receipts of a few people are not looked for among all of the school
    school_id = receipt.organisation_id + NOUGHT if of_people else receipt.organisation_id
    numbers = (receipt.person_id, version.policy_id, version.id, version.number, receipt.parts)
    receipts = _row("receipt", *numbers, from_on=receipt.acknowledged_on)
    receipts = receipts.where(among(receipt.person_id, "person_ids")) if of_people else receipts
    return (
        receipts.join(version, version.id == receipt.version_id)
        .where(school_id == ORGANISATION)
        .where(~select(Withdrawal.id).where(Withdrawal.acknowledgement_id == receipt.id).exists())
    )


def _row(
    what: str, *numbers: Any, from_on: Any = None, until_on: Any = None, since_on: Any = None, title: Any = None
) -> Select[Any]:
    """One kind of fact in the columns that all share. A cast null tells PostgreSQL what an absent value is."""
    padded = (*numbers, *[None] * 6)[:6]
    columns: list[tuple[str, Any, Any]] = [
        (name, column, Integer()) for name, column in zip("abcdef", padded, strict=True)
    ]
    columns += [("from_on", from_on, Date()), ("until_on", until_on, Date()), ("since_on", since_on, Date())]
    columns += [("title", title, Text())]
    return select(
        cast(what, Text).label("what"),
        *((cast(null(), kind) if column is None else column).label(name) for name, column, kind in columns),
    )
