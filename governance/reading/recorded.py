"""What a school has on record, as the rows of a list of receipts are held against it. Few statements, whatever the rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.people.models import Engagement
from governance.people.queries import PersonRef, by_number
from governance.policies.models import Policy, PolicyVersion, VersionText
from governance.policies.rules import wording_of
from governance.reading.models import Acknowledgement, PolicyPart, Withdrawal
from governance.reading.parts import parts_of
from governance.tenancy import Scope

# A person, a version and a day.
Occasion = tuple[int, int, dt.date]


@dataclass(frozen=True)
class Version:
    """A version that a row names, with what its reader was shown, and the parts that its policy has."""

    id: int
    title: str
    documents_sha256: str
    text_sha256: str | None
    wording: str
    parts: Sequence[PolicyPart]


@dataclass(frozen=True)
class Recorded:
    """People by number, last days of those who left, versions by reference and number, the parts read by occasion."""

    people: dict[str, PersonRef]
    last_days: Mapping[int, dt.date]
    versions: Mapping[tuple[str, int], Version]
    given: Mapping[Occasion, Sequence[int]]


def recorded_in(session: Session, scope: Scope) -> Recorded:
    """All of it, for one school."""
    return Recorded(
        by_number(session, scope), last_days(session, scope), _versions(session, scope), _given(session, scope)
    )


def last_days(session: Session, scope: Scope) -> dict[int, dt.date]:
    """The last day in school of people whose jobs have all ended, or will; people without any job are not in it."""
    open_jobs = func.count().filter(Engagement.ended_on.is_(None))
    rows = session.execute(
        select(Engagement.person_id, func.max(Engagement.ended_on).label("last_on"))
        .where(Engagement.organisation_id == scope.organisation_id)
        .group_by(Engagement.person_id)
        .having(open_jobs == 0)
    )
    return {row.person_id: row.last_on for row in rows}


def _versions(session: Session, scope: Scope) -> dict[tuple[str, int], Version]:
    rows = session.execute(
        select(
            Policy.id,
            Policy.reference,
            PolicyVersion.number,
            PolicyVersion.id,
            Policy.title,
            PolicyVersion.documents_sha256,
            VersionText.sha256,
            Policy.wording,
        )
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .outerjoin(VersionText, VersionText.version_id == PolicyVersion.id)
        .where(PolicyVersion.organisation_id == scope.organisation_id)
    ).all()
    parts = parts_of(session, scope, sorted({row[0] for row in rows}))
    return {
        (reference.lower(), number): Version(version_id, title, documents, text, wording_of(wording), parts[policy_id])
        for policy_id, reference, number, version_id, title, documents, text, wording in rows
    }


def _given(session: Session, scope: Scope) -> dict[Occasion, list[int]]:
    rows = session.execute(
        select(
            Acknowledgement.person_id,
            Acknowledgement.version_id,
            Acknowledgement.acknowledged_on,
            Acknowledgement.parts,
        )
        .outerjoin(Withdrawal, Withdrawal.acknowledgement_id == Acknowledgement.id)
        .where(Acknowledgement.organisation_id == scope.organisation_id, Withdrawal.id.is_(None))
        .order_by(Acknowledgement.id)
    )
    found: dict[Occasion, list[int]] = {}
    for person_id, version_id, day, parts in rows:
        found.setdefault((person_id, version_id, day), []).append(parts)
    return found
