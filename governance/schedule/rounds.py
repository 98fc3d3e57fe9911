"""Entering slots into the ledger, and running what waits in it.

    open entries → slots due → the ledger                    one short transaction an entry that has any
    free runs, one by one: claim → build → finish            building holds no transaction

Any number of processes may do this at the same time; the database decides who runs what.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.child import ChildFailed
from governance.clock import local_day
from governance.db import reading, writing
from governance.errors import NotFound, Refusal
from governance.packs.shelf import any_old, clear_old
from governance.schedule import runs
from governance.schedule.cadence import BeforeMeeting, PlannedMeeting, Slot, from_text, slots_due, which_runs
from governance.schedule.jobs import JOBS, Context, Outcome
from governance.schedule.models import Run, ScheduleEntry
from governance.schools.models import Meeting
from governance.schools.rules import DECIDED_NOTHING
from governance.storage.held import KEPT_FOR, expire
from governance.storage.models import HeldFile
from governance.tenancy import Organisation, Scope, lock, scope_of

log = logging.getLogger(__name__)

# Slots of runs that a person asked for by hand; they say nothing about which slots of the cadence were done.
BY_HAND = "now:"
MOST_RUNS_AT_ONCE = 200

Moment = Callable[[], dt.datetime]


def enter_slots(now: dt.datetime) -> int:
    """Bring the ledger up to now; how many slots were new."""
    with reading() as session:
        due = [entry.id for entry, last in _open_entries(session) if _due_or_broken(session, entry, last, now)]
    return sum(_enter(entry_id, now) for entry_id in due)


def let_go(now: dt.datetime) -> None:
    """Let files go that somebody uploaded and did not confirm in two days, and parts of packs printed long ago."""
    with reading() as session:
        forgotten = session.scalar(select(HeldFile.id).where(HeldFile.held_at <= now - KEPT_FOR).limit(1))
        old = any_old(session, now)
    if forgotten is not None or old:
        with writing() as session:
            expire(session, now)
            clear_old(session, now)


def run_due(moment: Moment, lease: dt.timedelta = runs.LEASE) -> tuple[int, int]:
    """Run what waits, oldest first; how many ended well and how many did not."""
    done = failed = 0
    for _ in range(MOST_RUNS_AT_ONCE):
        with reading() as session:
            if not runs.claimable(session, moment()):
                break
        with writing() as session:
            claimed = runs.claim(session, moment(), lease)
        if claimed is None:
            break
        ended = _run_one(claimed, moment, lease)
        done += ended is True
        failed += ended is False
    return done, failed


def _run_one(claimed: runs.Claimed, moment: Moment, lease: dt.timedelta) -> bool | None:
    """Build and finish one run: True when done, False when it failed or was put off, None when another holds it."""
    if claimed.begun_too_often:
        return _ended(claimed, runs.VANISHED, moment)
    try:
        outcome = _build(claimed, moment, lease)
        with writing() as session:
            runs.finish(session, claimed, outcome, moment())
    except runs.Fenced:
        log.warning("run %s was taken over by another process", claimed.public_id)
        return None
    except (Refusal, NotFound, ChildFailed) as problem:
        # These would fail again in the same way.
        return _ended(claimed, str(problem), moment)
    except Exception:
        log.exception("run %s failed", claimed.public_id)
        reason = f"Something went wrong on our side. The log tells more about {claimed.public_id}."
        if claimed.attempts >= runs.MOST_ATTEMPTS:
            return _ended(claimed, f"Given up after {claimed.attempts} attempts. {reason}", moment)
        return _ended(claimed, f"{reason} It will be tried again.", moment, again=True)
    return True


def _build(claimed: runs.Claimed, moment: Moment, lease: dt.timedelta) -> Outcome:
    def progress(text: str) -> None:
        with writing() as session:
            runs.renew(session, claimed, text, moment(), lease)

    known = JOBS.get(claimed.job)
    if known is None:
        raise Refusal.one(f"This program has no job called {claimed.job}.")
    context = Context(
        scope=claimed.scope,
        run=claimed.public_id,
        job=claimed.job,
        slot=claimed.slot,
        due_at=claimed.due_at,
        late=claimed.late,
        now=moment(),
        asked_by=claimed.asked_by,
        base_url=current_app.extensions["countersign_settings"].base_url,
        payload=claimed.payload,
        options=claimed.options,
        recipients=claimed.recipients,
        progress=progress,
    )
    return known.work(context)


def _ended(claimed: runs.Claimed, reason: str, moment: Moment, again: bool = False) -> bool | None:
    try:
        with writing() as session:
            (runs.put_off if again else runs.fail)(session, claimed, reason, moment())
    except runs.Fenced:
        return None
    return False


def _open_entries(session: Session) -> list[tuple[ScheduleEntry, dt.datetime | None]]:
    """Every school's open entries, each with the instant of its latest slot in the ledger."""
    latest = (
        select(Run.entry_id, func.max(Run.due_at).label("due_at"))
        .where(Run.entry_id.is_not(None), Run.slot.not_like(f"{BY_HAND}%"))
        .group_by(Run.entry_id)
        .subquery()
    )
    rows = session.execute(
        # The organisation is loaded too, so that looking at each entry asks nothing more of the database.
        select(ScheduleEntry, latest.c.due_at, Organisation)
        .join(Organisation, Organisation.id == ScheduleEntry.organisation_id)
        .outerjoin(latest, latest.c.entry_id == ScheduleEntry.id)
        .where(ScheduleEntry.closed_at.is_(None))
        .order_by(ScheduleEntry.id)
    )
    return [(entry, last) for entry, last, _ in rows]


def _enter(entry_id: int, now: dt.datetime) -> int:
    """Enter one entry's slots, worked out again under the lock, since another process may have been quicker."""
    with writing() as session:
        organisation_id = session.scalar(select(ScheduleEntry.organisation_id).where(ScheduleEntry.id == entry_id))
        scope = scope_of(session.get_one(Organisation, organisation_id))
        lock(session, scope)
        entry = session.get_one(ScheduleEntry, entry_id)
        if entry.closed_at is not None:
            return 0
        last = session.scalar(
            select(func.max(Run.due_at)).where(Run.entry_id == entry_id, Run.slot.not_like(f"{BY_HAND}%"))
        )
        slots = _due(session, entry, last, now)
        run, skipped = which_runs(slots, local_day(now, scope.time_zone))
        return runs.enter(session, entry, run, skipped, now)


def _due_or_broken(session: Session, entry: ScheduleEntry, last: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether an entry has slots due. One that cannot be read steps aside, so that it does not stop the others."""
    try:
        return bool(_due(session, entry, last, now))
    except ValueError:
        log.exception("the cadence of schedule entry %s cannot be read", entry.public_id)
        return False


def _due(session: Session, entry: ScheduleEntry, last: dt.datetime | None, now: dt.datetime) -> list[Slot]:
    cadence = from_text(entry.cadence)
    scope = scope_of(session.get_one(Organisation, entry.organisation_id))
    meetings = planned_meetings(session, scope, entry) if isinstance(cadence, BeforeMeeting) else []
    return slots_due(cadence, entry.created_at, last, now, scope.time_zone, meetings)


def planned_meetings(session: Session, scope: Scope, entry: ScheduleEntry) -> list[PlannedMeeting]:
    """Meetings of a school, none called off, on or after the day the entry was made, without a slot in the ledger."""
    in_ledger = select(Run.slot).where(Run.entry_id == entry.id)
    rows = session.execute(
        select(Meeting.public_id, Meeting.held_on)
        .where(Meeting.organisation_id == scope.organisation_id, Meeting.state.not_in(DECIDED_NOTHING))
        .where(Meeting.held_on >= local_day(entry.created_at, scope.time_zone))
        .where(("meeting:" + Meeting.public_id).not_in(in_ledger))
        .order_by(Meeting.held_on, Meeting.public_id)
    )
    return [PlannedMeeting(key, held_on) for key, held_on in rows]
