"""Policies and versions as reports name them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.policies.models import Policy, PolicyVersion
from governance.tenancy import Scope


@dataclass(frozen=True)
class Named:
    """A policy's title, reference and place in the order of titles."""

    reference: str
    title: str
    sort_key: str
    public_id: str


def policies_named(session: Session, scope: Scope) -> dict[int, Named]:
    """Every policy by id."""
    rows = session.execute(
        select(Policy.id, Policy.reference, Policy.title, Policy.sort_key, Policy.public_id).where(
            Policy.organisation_id == scope.organisation_id
        )
    )
    return {row.id: Named(row.reference, row.title, row.sort_key, row.public_id) for row in rows}


def versions_named(session: Session, scope: Scope) -> dict[int, str]:
    """What every version is called, by id: its own label, or its number."""
    rows = session.execute(
        select(PolicyVersion.id, PolicyVersion.number, PolicyVersion.label).where(
            PolicyVersion.organisation_id == scope.organisation_id
        )
    )
    return {row.id: row.label or str(row.number) for row in rows}
