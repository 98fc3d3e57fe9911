"""Keeping a meeting's agenda: what is put on it, dropped from it, and in which order."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.adoption.models import AgendaItem, Decision
from governance.adoption.standing import stands
from governance.errors import Refusal
from governance.journal.actions import record
from governance.journal.events import Event
from governance.policies.models import Policy, PolicyVersion
from governance.schools.actions import inquorate_meeting
from governance.schools.models import Meeting
from governance.schools.rules import DECIDED_NOTHING
from governance.tenancy import Actor, Scope, lock

PUT = Event("put on agenda", ids=("meeting", "policy", "version"), payload=("asks_for",))
DROPPED = Event("dropped from agenda", ids=("meeting", "policy"), payload=())
REORDERED = Event("agenda reordered", ids=("meeting", "policies"), payload=())


class AsksFor(StrEnum):
    """What a body is asked to do with an item."""

    ADOPT = "adopt"
    REVIEW = "review"
    RATIFY = "ratify"
    NOTE = "note"

    @property
    def in_words(self) -> str:
        """As an agenda says it."""
        return {AsksFor.REVIEW: "review", AsksFor.NOTE: "note (reported back)"}.get(self, self.value)


def put_on_agenda(
    session: Session,
    scope: Scope,
    actor: Actor,
    meeting: Meeting,
    policy: Policy,
    asks_for: AsksFor,
    now: dt.datetime,
    version: PolicyVersion | None = None,
) -> AgendaItem:
    """Put a policy on a meeting's agenda, last; one that is there already is asked for anew.

    Raises:
        Refusal: for a meeting cancelled or not quorate, or an item that is decided already.
    """
    lock(session, scope)
    _refuse_decided_nothing(meeting)
    if version is not None and version.policy_id != policy.id:
        raise Refusal.one("That version is of another policy. Choose the policy again.", "version")
    items = _items(session, meeting)
    item = next((item for item in items if item.policy_id == policy.id), None)
    if item is None:
        item = AgendaItem(organisation_id=scope.organisation_id, meeting_id=meeting.id, policy_id=policy.id)
        session.add(item)
    elif _decided(session, item):
        raise Refusal.one(
            f"{policy.title} is decided at this meeting already. Correct that decision instead.", "policy"
        )
    if item.id is None or item.dropped_at is not None:
        item.position = max((other.position for other in items), default=0) + 1
    item.version_id, item.asks_for, item.dropped_at = version.id if version else None, asks_for, None
    session.flush()
    ids = {
        "meeting": meeting.public_id,
        "policy": policy.public_id,
        "version": version.public_id if version else None,
    }
    record(session, scope, actor, PUT, ids=ids, payload={"asks_for": str(asks_for)}, now=now)
    return item


def drop_from_agenda(session: Session, scope: Scope, actor: Actor, item: AgendaItem, now: dt.datetime) -> None:
    """Take an item off its agenda. Dropping it again changes nothing.

    Raises:
        Refusal: for an item that is decided.
    """
    lock(session, scope)
    if item.dropped_at is not None:
        return
    if _decided(session, item):
        raise Refusal.one("This item is decided, so it stays on the agenda. If that is wrong, correct the decision.")
    item.dropped_at = now
    session.flush()
    meeting, policy = session.get_one(Meeting, item.meeting_id), session.get_one(Policy, item.policy_id)
    ids = {"meeting": meeting.public_id, "policy": policy.public_id}
    record(session, scope, actor, DROPPED, ids=ids, now=now)


def reorder(
    session: Session, scope: Scope, actor: Actor, meeting: Meeting, item: AgendaItem, places: int, now: dt.datetime
) -> None:
    """Move an item so many places down its agenda (up where negative), as far as there is room."""
    lock(session, scope)
    items = [other for other in _items(session, meeting) if other.dropped_at is None]
    before = [other.id for other in items]
    if item.id not in before:
        raise Refusal.one("That item is no longer on the agenda. Look at it again.")
    here = before.index(item.id)
    items.insert(min(max(here + places, 0), len(items) - 1), items.pop(here))
    if [other.id for other in items] == before:
        return
    for place, other in enumerate(items, start=1):
        other.position = place
    session.flush()
    public = _publics(session, [other.policy_id for other in items])
    ids = {"meeting": meeting.public_id, "policies": [public[other.policy_id] for other in items]}
    record(session, scope, actor, REORDERED, ids=ids, now=now)


def _publics(session: Session, policy_ids: list[int]) -> dict[int, str]:
    rows = session.execute(select(Policy.id, Policy.public_id).where(Policy.id.in_(policy_ids)))
    return {row.id: row.public_id for row in rows}


def not_quorate(session: Session, scope: Scope, actor: Actor, meeting: Meeting, now: dt.datetime) -> None:
    """Say that too few members came: the items are proposed for the body's next meeting.

    Raises:
        Refusal: for a meeting with decisions on record, a cancelled one, or a day still to come.
    """
    lock(session, scope)
    decided = select(Decision.id).where(Decision.meeting_id == meeting.id, Decision.kind != "mistaken", stands())
    if session.scalar(decided.limit(1)) is not None:
        raise Refusal.one("Decisions of this meeting are on record. If they were not made, correct them first.")
    inquorate_meeting(session, scope, actor, meeting, now=now)


def _refuse_decided_nothing(meeting: Meeting) -> None:
    if meeting.state in DECIDED_NOTHING:
        said = "cancelled" if meeting.state == "cancelled" else "not quorate"
        raise Refusal.one(f"This meeting was {said}. Choose another one.")


def _items(session: Session, meeting: Meeting) -> list[AgendaItem]:
    query = select(AgendaItem).where(AgendaItem.meeting_id == meeting.id)
    return list(session.scalars(query.order_by(AgendaItem.position, AgendaItem.id)))


def _decided(session: Session, item: AgendaItem) -> bool:
    """Whether a standing decision was made about the item."""
    query = select(Decision.id).where(Decision.agenda_item_id == item.id, Decision.kind != "mistaken", stands())
    return session.scalar(query.limit(1)) is not None
