"""The steps of reminding that a school has set, and setting them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.chasing.models import ReminderLadder
from governance.chasing.rules import OFFERED, Ladder, from_text, in_order, objections_to, to_text
from governance.errors import refuse_if
from governance.journal.actions import record
from governance.journal.events import Event
from governance.tenancy import Actor, Scope, lock

LADDER_SET = Event("reminder steps set", ids=(), payload=("rungs",))


def ladder_set(session: Session, scope: Scope) -> Ladder | None:
    """The ladder that the school has set; None where it never has."""
    mine = select(ReminderLadder.rungs).where(ReminderLadder.organisation_id == scope.organisation_id)
    text = session.scalar(mine.order_by(ReminderLadder.id.desc()).limit(1))
    return None if text is None else from_text(text)


def ladder_of(session: Session, scope: Scope) -> Ladder:
    """The ladder that the school has set, else the one that is offered."""
    return ladder_set(session, scope) or OFFERED


def set_ladder(session: Session, scope: Scope, actor: Actor, ladder: Ladder, now: dt.datetime) -> Ladder:
    """Let a ladder hold from the next school morning on. Setting the same one again changes nothing.

    Raises:
        Refusal: for a ladder that tells nobody, has too many steps, or would tell the chair before anything is late.
    """
    lock(session, scope)
    refuse_if(objections_to(ladder))
    wanted = in_order(ladder)
    if ladder_set(session, scope) == wanted:
        return wanted
    text = to_text(wanted)
    session.add(
        ReminderLadder(organisation_id=scope.organisation_id, rungs=text, recorded_at=now, recorded_by=actor.label)
    )
    session.flush()
    record(session, scope, actor, LADDER_SET, payload={"rungs": text}, ids={}, now=now)
    return wanted
