"""Questions about policies and versions, apart from what was decided about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from governance.errors import NotFound
from governance.extract.dates import Precision, StatedDate
from governance.policies.models import Policy, PolicyVersion, VersionDate, VersionDocument, VersionText
from governance.storage.models import Document
from governance.tenancy import Scope


@dataclass(frozen=True)
class VersionFile:
    """A file of a version, without its bytes."""

    document: str
    filename: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class VersionFacts:
    """A version as the policy's page lists it."""

    id: int
    public_id: str
    number: int
    label: str
    change_summary: str
    documents_sha256: str
    recorded_at: dt.datetime
    recorded_by: str
    has_text: bool


@dataclass(frozen=True)
class VersionClauses:
    """A version's text: JSON of clauses and the hash a receipt names."""

    extractor: str
    sha256: str
    clauses: str


def by_reference(session: Session, scope: Scope, reference: str) -> Policy:
    """The policy of that reference.

    Raises:
        NotFound: when the school has none.
    """
    policy = session.scalar(_policies(scope).where(func.lower(Policy.reference) == reference.strip().lower()))
    if policy is None:
        raise NotFound(f"There is no policy {reference} in the register of {scope.name}.")
    return policy


def all_policies(session: Session, scope: Scope) -> Sequence[Policy]:
    """Every policy of the school by title, retired ones included."""
    return session.scalars(_policies(scope).order_by(Policy.sort_key, Policy.id)).all()


def versions_of(session: Session, scope: Scope, policy: Policy) -> list[VersionFacts]:
    """The versions of a policy, newest first."""
    rows = session.execute(
        select(
            PolicyVersion.id,
            PolicyVersion.public_id,
            PolicyVersion.number,
            PolicyVersion.label,
            PolicyVersion.change_summary,
            PolicyVersion.documents_sha256,
            PolicyVersion.recorded_at,
            PolicyVersion.recorded_by,
            VersionText.id.is_not(None),
        )
        .outerjoin(VersionText, VersionText.version_id == PolicyVersion.id)
        .where(PolicyVersion.organisation_id == scope.organisation_id, PolicyVersion.policy_id == policy.id)
        .order_by(PolicyVersion.number.desc())
    )
    return [VersionFacts(*row) for row in rows]


def version_numbered(session: Session, scope: Scope, policy: Policy, number: int) -> PolicyVersion:
    """One version of a policy.

    Raises:
        NotFound: when the policy has no such version.
    """
    version = session.scalar(
        select(PolicyVersion).where(
            PolicyVersion.organisation_id == scope.organisation_id,
            PolicyVersion.policy_id == policy.id,
            PolicyVersion.number == number,
        )
    )
    if version is None:
        raise NotFound(f"{policy.reference} has no version {number}.")
    return version


def files_of(session: Session, scope: Scope, version_ids: Sequence[int]) -> dict[int, list[VersionFile]]:
    """The files of several versions, in their order, by version id."""
    rows = session.execute(
        select(
            VersionDocument.version_id,
            Document.public_id,
            VersionDocument.filename,
            Document.media_type,
            Document.size,
            Document.sha256,
        )
        .join(Document, Document.id == VersionDocument.document_id)
        .where(VersionDocument.organisation_id == scope.organisation_id, VersionDocument.version_id.in_(version_ids))
        .order_by(VersionDocument.version_id, VersionDocument.position)
    )
    found: dict[int, list[VersionFile]] = {version_id: [] for version_id in version_ids}
    for row in rows:
        found[row.version_id].append(VersionFile(row.public_id, row.filename, row.media_type, row.size, row.sha256))
    return found


def text_of(session: Session, scope: Scope, version_id: int) -> VersionClauses | None:
    """The clauses of a version, or None where only the original can be read."""
    row = session.execute(
        select(VersionText.extractor, VersionText.sha256, VersionText.clauses).where(
            VersionText.organisation_id == scope.organisation_id, VersionText.version_id == version_id
        )
    ).one_or_none()
    return VersionClauses(*row) if row else None


def texts_of(session: Session, scope: Scope, version_ids: Sequence[int]) -> dict[int, VersionClauses]:
    """The clauses of several versions, by version id; those without text are absent."""
    rows = session.execute(
        select(VersionText.version_id, VersionText.extractor, VersionText.sha256, VersionText.clauses)
        .where(VersionText.organisation_id == scope.organisation_id, VersionText.version_id.in_(version_ids))
        .order_by(VersionText.version_id)
    )
    return {row.version_id: VersionClauses(row.extractor, row.sha256, row.clauses) for row in rows}


def with_text(session: Session, scope: Scope, version_ids: Sequence[int]) -> frozenset[int]:
    """Those of several versions whose text is kept by clause."""
    query = select(VersionText.version_id).where(
        VersionText.organisation_id == scope.organisation_id, VersionText.version_id.in_(version_ids)
    )
    return frozenset(session.scalars(query.order_by(VersionText.version_id)))


def dates_stated(session: Session, scope: Scope, version_id: int) -> list[tuple[str, StatedDate]]:
    """The dates a version's document states of itself: their kind and value, in the order they were recorded."""
    rows = session.execute(
        select(
            VersionDate.kind,
            VersionDate.earliest_on,
            VersionDate.latest_on,
            VersionDate.precision,
            VersionDate.as_written,
        )
        .where(VersionDate.organisation_id == scope.organisation_id, VersionDate.version_id == version_id)
        .order_by(VersionDate.id)
    )
    return [
        (kind, StatedDate(earliest, latest, Precision(precision), written))
        for kind, earliest, latest, precision, written in rows
    ]


def with_bytes_known(session: Session, scope: Scope, sha256s: Sequence[str]) -> list[tuple[str, str, int, str]]:
    """Where the same bytes are already in the register: (hash, policy title, version number, policy public id)."""
    rows = session.execute(
        select(Document.sha256, Policy.title, PolicyVersion.number, Policy.public_id)
        .join(VersionDocument, VersionDocument.document_id == Document.id)
        .join(PolicyVersion, PolicyVersion.id == VersionDocument.version_id)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .where(Document.organisation_id == scope.organisation_id, Document.sha256.in_(sha256s))
        .order_by(Policy.sort_key, PolicyVersion.number)
    )
    return [(sha256, title, number, public_id) for sha256, title, number, public_id in rows]


def _policies(scope: Scope) -> Select[Policy]:
    return select(Policy).where(Policy.organisation_id == scope.organisation_id)
