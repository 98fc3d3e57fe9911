"""Who made each decision and what each version is called, as a pack says it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.adoption.history import DecisionRow
from governance.adoption.kinds import MakerKind
from governance.adoption.models import Decision
from governance.packs.values import Decided
from governance.policies.models import PolicyVersion
from governance.schools.former_names import name_on
from governance.schools.models import GoverningBody
from governance.tenancy import Scope


def makers(session: Session, scope: Scope) -> dict[int, str]:
    """Who made each decision, by body or office: a pack names no member of staff."""
    rows = session.execute(
        select(Decision.id, name_on(Decision.decided_latest_on).label("name"), Decision.office)
        .outerjoin(GoverningBody, GoverningBody.id == Decision.body_id)
        .where(Decision.organisation_id == scope.organisation_id)
    )
    return {row.id: row.name or (f"the {MakerKind(row.office).in_words}" if row.office else "") for row in rows}


def labels(session: Session, scope: Scope) -> dict[int, tuple[int, str, str]]:
    """Number, label and change summary of every version, by id."""
    rows = session.execute(
        select(PolicyVersion.id, PolicyVersion.number, PolicyVersion.label, PolicyVersion.change_summary).where(
            PolicyVersion.organisation_id == scope.organisation_id
        )
    )
    return {row.id: (row.number, row.label or str(row.number), row.change_summary) for row in rows}


def decided_by(row: DecisionRow, made_by: dict[int, str]) -> Decided:
    """A decision in a pack's words."""
    return Decided(row.kind.in_words, made_by.get(row.id, ""), row.decided, row.minute or None)
