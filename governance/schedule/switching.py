"""Turning the morning's reminders on and off: an entry of the schedule like any other, which nobody has by default."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.chasing.ladder import ladder_of, set_ladder
from governance.errors import Refusal
from governance.schedule.actions import close, schedule
from governance.schedule.cadence import Daily
from governance.schedule.models import ScheduleEntry
from governance.schedule.offers import REMINDERS
from governance.schedule.recipients import READERS, Recipients
from governance.tenancy import Actor, Scope

# Early enough that whoever looks before half past seven can undo, late enough that last night's readings count.
EVERY_MORNING = Daily(dt.time(6, 0), school_days_only=True)


def turn_on(session: Session, scope: Scope, actor: Actor, now: dt.datetime) -> ScheduleEntry:
    """Let reminders be sent from the next school morning on, by the ladder as it stands.

    Raises:
        Refusal: when they are on already.
    """
    if reminding_entry(session, scope) is not None:
        raise Refusal.one("Reminders are on already.")
    set_ladder(session, scope, actor, ladder_of(session, scope), now)
    recipients = Recipients(own=READERS)
    return schedule(session, scope, actor, job=REMINDERS, cadence=EVERY_MORNING, recipients=recipients, now=now)


def turn_off(session: Session, scope: Scope, actor: Actor, now: dt.datetime) -> None:
    """Send no more reminders. What waits to leave stays, to be undone by itself.

    Raises:
        Refusal: when they are off already.
    """
    entry = reminding_entry(session, scope)
    if entry is None:
        raise Refusal.one("Reminders are off already.")
    close(session, scope, actor, entry.public_id, now)


def reminding_entry(session: Session, scope: Scope) -> ScheduleEntry | None:
    """The entry by which reminders are on; None while they are off."""
    mine = select(ScheduleEntry).filter_by(organisation_id=scope.organisation_id, job=REMINDERS, closed_at=None)
    return session.scalar(mine.order_by(ScheduleEntry.id).limit(1))
