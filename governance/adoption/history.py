"""Decisions as they were recorded, with what followed from each and what corrected it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from governance.adoption.kinds import Kind
from governance.adoption.models import Asking, Decision, InForce, MinuteReference
from governance.adoption.register import maker_in_words
from governance.adoption.rules import stated_by_latest
from governance.adoption.standing import stands
from governance.extract.dates import Precision, StatedDate
from governance.people.models import Category, Person
from governance.policies.models import Policy, PolicyVersion
from governance.schools.former_names import name_on
from governance.schools.models import GoverningBody, Meeting
from governance.tenancy import Scope


@dataclass(frozen=True)
class DecisionRow:
    """A decision with everything that was entered and what followed. `corrected_by` is set where it stands no more."""

    id: int
    decision: str
    policy: str
    policy_title: str
    policy_reference: str
    version_id: int
    version: str
    version_number: int
    kind: Kind
    decided_by: str
    body_id: int | None
    decided: StatedDate
    minute: str
    power: str
    reason: str
    next_review: StatedDate | None
    deferred_to_on: dt.date | None
    meeting: str | None
    item_id: int | None
    corrects: str | None
    corrected_by: str | None
    recorded_at: dt.datetime
    recorded_by: str
    in_force_from: StatedDate | None
    in_force_version: int | None
    pending_ratification: bool
    asked: tuple[tuple[str | None, dt.date], ...]

    @property
    def stands(self) -> bool:
        """Whether it was not corrected."""
        return self.corrected_by is None


def decisions(
    session: Session,
    scope: Scope,
    *,
    policy_id: int | None = None,
    from_on: dt.date | None = None,
    until_on: dt.date | None = None,
    corrected: bool = True,
) -> list[DecisionRow]:
    """Decisions by their day, then as they were recorded; corrected ones are left out on request."""
    query = _decisions(scope)
    if policy_id is not None:
        query = query.where(Decision.policy_id == policy_id)
    if from_on is not None:
        query = query.where(Decision.decided_latest_on >= from_on)
    if until_on is not None:
        query = query.where(Decision.decided_on <= until_on)
    if not corrected:
        query = query.where(stands())
    return _rows(session, query)


def decisions_of_meeting(session: Session, scope: Scope, meeting_id: int) -> list[DecisionRow]:
    """What a meeting decided, corrected decisions included."""
    return _rows(session, _decisions(scope).where(Decision.meeting_id == meeting_id))


def decision_row(session: Session, scope: Scope, decision_id: int) -> DecisionRow | None:
    """One decision."""
    found = _rows(session, _decisions(scope).where(Decision.id == decision_id))
    return found[0] if found else None


def _decisions(scope: Scope) -> Select[Any]:
    corrected, correction, made = aliased(Decision), aliased(Decision), aliased(PolicyVersion)
    minute = select(MinuteReference.reference).where(MinuteReference.decision_id == Decision.id)
    # an amended text puts a second version in force by the same decision
    later = aliased(InForce)
    latest = select(func.max(later.id))
    return (
        select(
            Decision,
            Policy.public_id.label("policy"),
            Policy.title,
            Policy.reference,
            PolicyVersion.public_id.label("version"),
            PolicyVersion.number,
            name_on(Decision.decided_latest_on).label("body"),
            (Person.given_name + " " + Person.family_name).label("person"),
            minute.order_by(MinuteReference.id.desc()).limit(1).scalar_subquery().label("minute"),
            Meeting.public_id.label("meeting"),
            corrected.public_id.label("corrects"),
            correction.public_id.label("corrected_by"),
            InForce.id.label("in_force_id"),
            InForce.from_on,
            InForce.from_precision,
            InForce.pending_ratification,
            made.number.label("in_force_version"),
        )
        .join(Policy, Policy.id == Decision.policy_id)
        .join(PolicyVersion, PolicyVersion.id == Decision.version_id)
        .outerjoin(GoverningBody, GoverningBody.id == Decision.body_id)
        .outerjoin(Person, Person.id == Decision.person_id)
        .outerjoin(Meeting, Meeting.id == Decision.meeting_id)
        .outerjoin(corrected, corrected.id == Decision.corrects_id)
        .outerjoin(correction, correction.corrects_id == Decision.id)
        .outerjoin(InForce, InForce.id == latest.where(later.decision_id == Decision.id).scalar_subquery())
        .outerjoin(made, made.id == InForce.version_id)
        .where(Decision.organisation_id == scope.organisation_id)
        .order_by(func.coalesce(Decision.decided_on, dt.date.min), Decision.id)
    )


def _rows(session: Session, query: Select[Any]) -> list[DecisionRow]:
    rows = session.execute(query).all()
    asked = _asked(session, [row.in_force_id for row in rows if row.in_force_id is not None])
    return [_row(row, asked.get(row.in_force_id, ())) for row in rows]


def _asked(session: Session, in_force_ids: Sequence[int]) -> dict[int, tuple[tuple[str | None, dt.date], ...]]:
    """Whom in-force rows ask, by name of category (None for everyone), from when."""
    if not in_force_ids:
        return {}
    rows = session.execute(
        select(Asking.in_force_id, Category.name, Asking.from_on)
        .outerjoin(Category, Category.id == Asking.category_id)
        .where(Asking.in_force_id.in_(in_force_ids))
        .order_by(Asking.in_force_id, Category.position, Asking.id)
    )
    found: defaultdict[int, list[tuple[str | None, dt.date]]] = defaultdict(list)
    for in_force_id, name, from_on in rows:
        found[in_force_id].append((name, from_on))
    return {in_force_id: tuple(pairs) for in_force_id, pairs in found.items()}


def _row(row: Any, asked: tuple[tuple[str | None, dt.date], ...]) -> DecisionRow:
    decision: Decision = row.Decision
    decided = StatedDate(decision.decided_on, decision.decided_latest_on, Precision(decision.decided_precision), "")
    return DecisionRow(
        id=decision.id,
        decision=decision.public_id,
        policy=row.policy,
        policy_title=row.title,
        policy_reference=row.reference,
        version_id=decision.version_id,
        version=row.version,
        version_number=row.number,
        kind=Kind(decision.kind),
        decided_by=maker_in_words(row.body, row.person, decision.office),
        body_id=decision.body_id,
        decided=decided,
        minute=row.minute or "",
        power=decision.power,
        reason=decision.reason,
        next_review=stated_by_latest(decision.next_review_on, decision.next_review_precision),
        deferred_to_on=decision.deferred_to_on,
        meeting=row.meeting,
        item_id=decision.agenda_item_id,
        corrects=row.corrects,
        corrected_by=row.corrected_by,
        recorded_at=decision.recorded_at,
        recorded_by=decision.recorded_by,
        in_force_from=stated_by_latest(row.from_on, row.from_precision),
        in_force_version=row.in_force_version,
        pending_ratification=bool(row.pending_ratification),
        asked=asked,
    )
