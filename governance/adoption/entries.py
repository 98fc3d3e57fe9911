"""What the journal keeps of a decision: everything that was entered, and everything that followed from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.adoption.asking import Asked
from governance.adoption.models import Decision, InForce
from governance.journal.actions import record
from governance.journal.events import Event
from governance.people.models import Category, Person
from governance.policies.models import Policy, PolicyVersion
from governance.schools.models import GoverningBody, Meeting
from governance.tenancy import Actor, Scope

_IDS = ("policy", "version", "decision", "body", "person", "meeting", "corrects")
_PAYLOAD = (
    "kind",
    "decided",
    "office",
    "power",
    "reason",
    "minute",
    "next_review",
    "deferred_to",
    "in_force",
    "asked",
)
DECIDED = Event("decision recorded", ids=_IDS, payload=_PAYLOAD)
CORRECTED = Event("decision corrected", ids=_IDS, payload=_PAYLOAD)
MINUTED = Event("minute reference added", ids=("decision",), payload=("reference",))
HISTORY_LOADED = Event("decisions loaded", ids=(), payload=("rows", "sha256"))


def write_entry(
    session: Session,
    scope: Scope,
    actor: Actor,
    event: Event,
    decision: Decision,
    *,
    minute: str,
    made: InForce | None,
    asked: Sequence[Asked],
    now: dt.datetime,
) -> None:
    """Journal a decision with its in-force row and askings."""
    ids = {
        "policy": _public(session, Policy, decision.policy_id),
        "version": _public(session, PolicyVersion, decision.version_id),
        "decision": decision.public_id,
        "body": _public(session, GoverningBody, decision.body_id),
        "person": _public(session, Person, decision.person_id),
        "meeting": _public(session, Meeting, decision.meeting_id),
        "corrects": _public(session, Decision, decision.corrects_id),
    }
    payload = {
        "kind": decision.kind,
        "decided": [decision.decided_on, decision.decided_latest_on, decision.decided_precision],
        "office": decision.office,
        "power": decision.power,
        "reason": decision.reason,
        "minute": minute,
        "next_review": [decision.next_review_on, decision.next_review_precision],
        "deferred_to": decision.deferred_to_on,
        "in_force": _in_force(session, made),
        "asked": _asked(session, asked),
    }
    record(session, scope, actor, event, ids=ids, payload=payload, now=now)


def _public(session: Session, model: Any, row_id: int | None) -> str | None:
    return session.scalar(select(model.public_id).where(model.id == row_id)) if row_id is not None else None


def _in_force(session: Session, made: InForce | None) -> list[Any] | None:
    if made is None:
        return None
    version = _public(session, PolicyVersion, made.version_id)
    return [version, made.from_on, made.from_precision, made.pending_ratification]


def _asked(session: Session, asked: Sequence[Asked]) -> list[list[Any]]:
    wanted = [category_id for category_id, _ in asked if category_id is not None]
    if not wanted:
        return [["everyone", from_on] for _, from_on in asked]
    rows = session.execute(select(Category.id, Category.name).where(Category.id.in_(wanted)))
    names = {row.id: row.name for row in rows}
    return [[names[category_id] if category_id else "everyone", from_on] for category_id, from_on in asked]
