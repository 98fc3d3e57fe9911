"""Who read what: every receipt of any version, leavers included; of one policy or person, or of all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from governance.people.models import Category, Engagement, Person
from governance.policies.models import Policy, PolicyVersion
from governance.reading.models import Acknowledgement, Withdrawal
from governance.reports.gathering.staff import joined
from governance.reports.report import Column, Kind, Report
from governance.tenancy import Scope

METHODS = {"signed_in": "Signed in", "paper": "On paper", "import": "Earlier record"}
COLUMNS = (
    Column("staff_number", "Staff number"),
    Column("family_name", "Family name"),
    Column("given_name", "Given name"),
    Column("job", "Job"),
    Column("category", "Category"),
    Column("reference", "Reference"),
    Column("policy", "Policy"),
    Column("version", "Version"),
    Column("acknowledged_on", "Read on", Kind.DAY),
    Column("method", "How"),
    Column("witness", "Seen by"),
    Column("receipt", "Receipt"),
)


@dataclass(frozen=True)
class _Spell:
    """A job that somebody held."""

    title: str
    category: str
    started_on: dt.date
    ended_on: dt.date | None

    def holds_on(self, day: dt.date) -> bool:
        return self.started_on <= day and (self.ended_on is None or day <= self.ended_on)


def read_report(
    session: Session, scope: Scope, as_of: dt.date, now: dt.datetime, *, policy_id: int | None = None
) -> Report:
    """The receipts given up to a day that were not withdrawn; the job is the one held on the day of reading."""
    spells = _spells(session, scope)
    rows = tuple(_rows(session, _receipts(scope, as_of, policy_id), spells))
    totals = {"receipts": len(rows), "people": len({row[0] for row in rows})}
    title = "Who has read what"
    return Report(
        "read", title, scope.name, as_of, COLUMNS, rows, totals, (), now, {"receipts": "Receipts", "people": "People"}
    )


def _receipts(scope: Scope, as_of: dt.date, policy_id: int | None) -> Select[*tuple[Any, ...]]:
    query = (
        select(Person, Policy.reference, Policy.title, PolicyVersion.number, PolicyVersion.label, Acknowledgement)
        .select_from(Acknowledgement)
        .join(Person, Person.id == Acknowledgement.person_id)
        .join(PolicyVersion, PolicyVersion.id == Acknowledgement.version_id)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .outerjoin(Withdrawal, Withdrawal.acknowledgement_id == Acknowledgement.id)
        .with_only_columns(
            Person.id,
            Person.staff_number,
            Person.printed_reference,
            Person.family_name,
            Person.given_name,
            Policy.reference.label("policy_reference"),
            Policy.title,
            PolicyVersion.number,
            PolicyVersion.label,
            Acknowledgement.acknowledged_on,
            Acknowledgement.method,
            Acknowledgement.witness,
            Acknowledgement.reference,
        )
        .where(
            Acknowledgement.organisation_id == scope.organisation_id,
            Acknowledgement.acknowledged_on <= as_of,
            Withdrawal.id.is_(None),
        )
        .order_by(Policy.sort_key, Policy.id, PolicyVersion.number, Person.sort_key, Person.id, Acknowledgement.id)
    )
    return query if policy_id is None else query.where(Policy.id == policy_id)


def _rows(
    session: Session, query: Select[*tuple[Any, ...]], spells: dict[int, list[_Spell]]
) -> Iterator[tuple[Any, ...]]:
    for row in session.execute(query):
        held = spells.get(row.id, [])
        then = [spell for spell in held if spell.holds_on(row.acknowledged_on)] or held[-1:]
        yield (
            row.staff_number or row.printed_reference,
            row.family_name,
            row.given_name,
            joined(spell.title for spell in then),
            joined(spell.category for spell in then),
            row.policy_reference,
            row.title,
            row.label or str(row.number),
            row.acknowledged_on,
            METHODS.get(row.method, row.method),
            row.witness or "",
            row.reference,
        )


def _spells(session: Session, scope: Scope) -> dict[int, list[_Spell]]:
    """Every job ever held, by person, the latest begun last."""
    rows = session.execute(
        select(
            Engagement.person_id,
            Engagement.job_title,
            Category.name,
            Engagement.started_on,
            Engagement.ended_on,
        )
        .join(Category, Category.id == Engagement.category_id)
        .where(Engagement.organisation_id == scope.organisation_id)
        .order_by(Engagement.person_id, Engagement.started_on, Category.position, Engagement.id)
    )
    found: dict[int, list[_Spell]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(_Spell(row.job_title, row.name, row.started_on, row.ended_on))
    return found
