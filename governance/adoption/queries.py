"""What was decided, what meetings have before them, who may decide what: the questions of this room.

The register, and everything that follows from it, is in `register`; decisions one by one are in `history`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.adoption.history import DecisionRow, decision_row, decisions, decisions_of_meeting
from governance.adoption.kinds import Kind
from governance.adoption.models import AgendaItem, Delegation
from governance.adoption.register import (
    OF_DRAFTS,
    Filters,
    Page,
    RegisterRow,
    every_policy,
    in_force_on,
    policy_row,
    register,
    reviews_due,
)
from governance.people.models import Person
from governance.policies.models import Policy, PolicyVersion
from governance.policies.queries import VersionFacts, versions_of
from governance.schools.models import GoverningBody
from governance.tenancy import Scope

__all__ = [
    "OF_DRAFTS", "AgendaRow", "DecisionRow", "DelegationRow", "Filters", "Page", "RegisterRow", "TimelineVersion", "decision_row",
    "decisions", "decisions_of_meeting", "delegations", "every_policy", "in_force_on", "meeting_agenda", "policy_row",
    "register", "reviews_due", "timeline",
]  # fmt: skip


@dataclass(frozen=True)
class TimelineVersion:
    """A version with the decisions about it, oldest first."""

    version: VersionFacts
    decisions: tuple[DecisionRow, ...]


@dataclass(frozen=True)
class AgendaRow:
    """An item of a meeting's agenda. `decision` is the one that stands, once there is one."""

    id: int
    item: str
    position: int
    asks_for: str
    policy_id: int
    policy: str
    title: str
    reference: str
    kind: str
    review_every_months: int | None
    version_id: int | None
    version: str | None
    version_number: int | None
    decision: DecisionRow | None = None


@dataclass(frozen=True)
class DelegationRow:
    """A delegated power: who holds it, what it covers (everything, where both are None), and between which days."""

    id: int
    delegation: str
    body: str | None
    person: str | None
    office: str | None
    policy: str | None
    policy_kind: str | None
    from_on: dt.date
    until_on: dt.date | None
    source: str


def timeline(session: Session, scope: Scope, policy: Policy) -> list[TimelineVersion]:
    """The versions of a policy, newest first, each with its decisions and their corrections."""
    about: defaultdict[int, list[DecisionRow]] = defaultdict(list)
    for row in decisions(session, scope, policy_id=policy.id):
        about[row.version_id].append(row)
    return [TimelineVersion(v, tuple(about[v.id])) for v in versions_of(session, scope, policy)]


def meeting_agenda(session: Session, scope: Scope, meeting_id: int) -> list[AgendaRow]:
    """What is on a meeting's agenda, in its order, with what was decided about each item."""
    rows = session.execute(
        select(
            AgendaItem.id,
            AgendaItem.public_id,
            AgendaItem.position,
            AgendaItem.asks_for,
            Policy.id,
            Policy.public_id,
            Policy.title,
            Policy.reference,
            Policy.kind,
            Policy.review_every_months,
            PolicyVersion.id,
            PolicyVersion.public_id,
            PolicyVersion.number,
        )
        .join(Policy, Policy.id == AgendaItem.policy_id)
        .outerjoin(PolicyVersion, PolicyVersion.id == AgendaItem.version_id)
        .where(
            AgendaItem.organisation_id == scope.organisation_id,
            AgendaItem.meeting_id == meeting_id,
            AgendaItem.dropped_at.is_(None),
        )
        .order_by(AgendaItem.position, AgendaItem.id)
    ).all()
    decided = {
        row.item_id: row
        for row in decisions_of_meeting(session, scope, meeting_id)
        if row.stands and row.kind is not Kind.MISTAKEN
    }
    return [_agenda_row(row, decided.get(row.id)) for row in rows]


def _agenda_row(row: Any, decision: DecisionRow | None) -> AgendaRow:
    return replace(AgendaRow(*row), decision=decision)


def delegations(session: Session, scope: Scope, *, as_of: dt.date | None = None) -> list[DelegationRow]:
    """Delegated powers by their first day; with `as_of`, those that hold on that day."""
    name = Person.given_name + " " + Person.family_name
    query = (
        select(
            Delegation.id,
            Delegation.public_id,
            GoverningBody.name,
            name,
            Delegation.office,
            Policy.title,
            Delegation.policy_kind,
            Delegation.from_on,
            Delegation.until_on,
            Delegation.source,
        )
        .outerjoin(GoverningBody, GoverningBody.id == Delegation.body_id)
        .outerjoin(Person, Person.id == Delegation.person_id)
        .outerjoin(Policy, Policy.id == Delegation.policy_id)
        .where(Delegation.organisation_id == scope.organisation_id)
        .order_by(Delegation.from_on, Delegation.id)
    )
    if as_of is not None:
        ended = Delegation.until_on.is_not(None) & (Delegation.until_on < as_of)
        query = query.where(Delegation.from_on <= as_of, ~ended)
    return [DelegationRow(*tuple(row)) for row in session.execute(query)]
