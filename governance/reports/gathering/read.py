"""Who read what: every receipt of any version, leavers included; of one policy or person, or of all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from governance.db import rows_of
from governance.people.models import Category, Engagement, Person
from governance.policies.models import Policy, PolicyVersion
from governance.reading.listed import joined
from governance.reading.models import Acknowledgement, Withdrawal, Witnessing
from governance.reading.witnessing import seen_by
from governance.reports.report import Column, Kind, Report
from governance.tenancy import Scope

METHODS = {
    "signed_in": "Signed in",
    "link": "By a link",
    "paper": "On paper",
    "read_aloud": "On paper, read aloud",
    "session": "Training session",
    "reception": "Phone at reception",
    "tablet": "Shared tablet",
    "import": "Earlier record",
}
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
    rows = tuple(_rows(rows_of(session, _receipts(scope, as_of, policy_id)), _spells(session, scope)))
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
        .outerjoin(Witnessing, Witnessing.acknowledgement_id == Acknowledgement.id)
        .with_only_columns(
            Person.id,
            Person.staff_number,
            Person.printed_reference,
            Person.family_name,
            Person.given_name,
            Policy.reference,
            Policy.title,
            PolicyVersion.number,
            PolicyVersion.label,
            Acknowledgement.acknowledged_on,
            Acknowledgement.method,
            seen_by(),
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


def _rows(receipts: Iterable[Any], spells: Mapping[int, list[_Spell]]) -> Iterator[tuple[Any, ...]]:
    # most people have held one job, which needs no looking at the day
    only = {person_id: _said(held) for person_id, held in spells.items() if len(held) == 1}
    for (
        person_id,
        staff_number,
        printed,
        family,
        given,
        *policy,
        number,
        label,
        on,
        method,
        witness,
        receipt,
    ) in receipts:
        job = only.get(person_id) or _then(spells.get(person_id, []), on)
        version, how = label or str(number), METHODS.get(method, method)
        yield (staff_number or printed, family, given, *job, *policy, version, on, how, witness or "", receipt)


def _then(held: list[_Spell], on: dt.date) -> tuple[str, str]:
    """The job and category of the day, or of the latest job where none was held on it."""
    return _said([spell for spell in held if spell.holds_on(on)] or held[-1:])


def _said(spells: list[_Spell]) -> tuple[str, str]:
    return joined(spell.title for spell in spells), joined(spell.category for spell in spells)


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
