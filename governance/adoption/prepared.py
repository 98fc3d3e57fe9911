"""The owners' forms as they stand: open ones, and those that went with a decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from governance.adoption.models import Consultation, Preparation
from governance.adoption.preparing import Consulted, Equality, Prepared, Recommends, Round
from governance.tenancy import Scope


def open_forms(session: Session, scope: Scope, policy_ids: Collection[int] | None = None) -> dict[int, Prepared]:
    """The form that is open for each policy, by its id; of these policies, or of all."""
    query = _forms(scope).where(Preparation.decision_id.is_(None))
    if policy_ids is not None:
        query = query.where(Preparation.policy_id.in_(policy_ids))
    rows = session.scalars(query).all()
    rounds = _rounds(session, scope, [row.id for row in rows])
    return {row.policy_id: _prepared(row, rounds[row.id]) for row in rows}


def form_of(session: Session, scope: Scope, decision_id: int) -> Prepared | None:
    """The form that a decision closed."""
    row = session.scalars(_forms(scope).where(Preparation.decision_id == decision_id)).first()
    return _prepared(row, _rounds(session, scope, [row.id])[row.id]) if row is not None else None


def _forms(scope: Scope) -> Select[Preparation]:
    return select(Preparation).where(Preparation.organisation_id == scope.organisation_id).order_by(Preparation.id)


def _rounds(session: Session, scope: Scope, ids: Collection[int]) -> defaultdict[int, list[Round]]:
    order = [one.value for one in Consulted]
    found: defaultdict[int, list[Round]] = defaultdict(list)
    rows = session.scalars(
        select(Consultation).where(
            Consultation.organisation_id == scope.organisation_id, Consultation.preparation_id.in_(ids)
        )
    )
    for row in sorted(rows, key=lambda one: order.index(one.consulted)):
        found[row.preparation_id].append(
            Round(Consulted(row.consulted), row.who, row.from_on, row.until_on, row.outcome)
        )
    return found


def _prepared(row: Preparation, rounds: list[Round]) -> Prepared:
    return Prepared(
        what_changed=row.what_changed,
        why=row.why,
        prompted_by=row.prompted_by,
        equality=Equality(row.equality) if row.equality else None,
        equality_note=row.equality_note,
        recommends=Recommends(row.recommends) if row.recommends else None,
        recommendation=row.recommendation,
        rounds=tuple(rounds),
        ready=row.ready_at is not None,
    )
