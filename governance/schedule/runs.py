"""The ledger: exactly one row a slot, held by one process at a time, finished once.

    enter   slots → rows waiting or skipped                  INSERT … ON CONFLICT DO NOTHING RETURNING, under the lock
    claim   waiting, or held by a process that vanished      a lease, and a fence one higher than the last
    renew   while working                                    only the latest fence
    finish  artefact, mails, row done                        one transaction, only the latest fence

A process that slept past its lease finds another fence and stores nothing.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, and_, or_, select, update
from sqlalchemy.orm import Session

from governance.db import insert_once
from governance.journal.actions import record
from governance.journal.events import Event
from governance.mail.actions import queue
from governance.schedule.artefacts import freeze
from governance.schedule.cadence import Slot
from governance.schedule.jobs import Outcome
from governance.schedule.models import Run, ScheduleEntry
from governance.tenancy import Actor, Organisation, Scope, lock, new_public_id, scope_of

LEASE = dt.timedelta(minutes=15)
LATE_AFTER = dt.timedelta(minutes=15)
MOST_ATTEMPTS = 3
RETRY_PAUSE = dt.timedelta(minutes=5)
SCHEDULER = Actor("Countersign (scheduled)")
SKIPPED = "Skipped: it was missed, and a later one has taken its place."
SKIPPED_MEETING = "Skipped: it was missed, and the meeting is over."
VANISHED = f"Given up: it was begun {MOST_ATTEMPTS} times, and each time the program stopped before the end."

RUN_FINISHED = Event("run finished", ids=("run", "entry", "artefact"), payload=("job", "slot", "result", "mails"))
RUN_FAILED = Event("run failed", ids=("run", "entry"), payload=("job", "slot", "reason"))

_run = cast(Table, Run.__table__)


class Fenced(Exception):
    """Another process holds the run by now. Whatever this one made is not stored."""


@dataclass(frozen=True)
class Claimed:
    """A run this process holds, with everything its job is told."""

    id: int
    public_id: str
    fence: int
    attempts: int
    job: str
    slot: str
    due_at: dt.datetime
    late: bool
    asked_by: str
    scope: Scope
    payload: Mapping[str, Any]
    entry: str | None
    options: Mapping[str, Any]
    recipients: Mapping[str, Any]

    @property
    def begun_too_often(self) -> bool:
        """Whether it is to be ended rather than begun again, lest a run that kills its process does so for ever."""
        return self.attempts > MOST_ATTEMPTS


def enter(
    session: Session, entry: ScheduleEntry, run: Sequence[Slot], skipped: Sequence[Slot], now: dt.datetime
) -> int:
    """Write slots into the ledger; how many were new. The organisation is locked."""
    new = 0
    for slot in (*skipped, *run):
        values: dict[str, Any] = {
            "organisation_id": entry.organisation_id,
            "public_id": new_public_id(),
            "entry_id": entry.id,
            "job": entry.job,
            "slot": slot.key,
            "due_at": slot.due_at,
            "late": now - slot.due_at > LATE_AFTER,
            "asked_by": entry.created_by,
            "state": "waiting",
        }
        if slot in skipped:
            result = SKIPPED if slot.lapses_on is None else SKIPPED_MEETING
            values |= {"state": "skipped", "finished_at": now, "result": result}
        new += insert_once(session, _run, values) is not None
    return new


def claimable(session: Session, now: dt.datetime) -> bool:
    """Whether any run waits or has been let go. A look without the write lock, since mostly none has."""
    return session.scalar(select(Run.id).where(_free(now)).limit(1)) is not None


def claim(session: Session, now: dt.datetime, lease: dt.timedelta = LEASE) -> Claimed | None:
    """Take the oldest free run for the length of the lease; None when there is none."""
    oldest = select(Run.id).where(_free(now)).order_by(Run.due_at, Run.id).limit(1).with_for_update(skip_locked=True)
    row = session.execute(
        update(Run)
        .where(Run.id == oldest.scalar_subquery())
        .values(state="claimed", fence=Run.fence + 1, attempts=Run.attempts + 1, leased_until=now + lease)
        .returning(Run)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    return None if row is None else _claimed(session, row)


def renew(session: Session, claimed: Claimed, progress: str, now: dt.datetime, lease: dt.timedelta = LEASE) -> None:
    """Hold a run for longer and say how far it is.

    Raises:
        Fenced: when another process holds it.
    """
    _change(session, claimed, leased_until=now + lease, progress=progress)


def finish(session: Session, claimed: Claimed, outcome: Outcome, now: dt.datetime) -> None:
    """Store what a job made, queue its mails and end its run: all of it, or nothing.

    Raises:
        Fenced: when another process holds the run.
        Refusal: when a letter cannot be sent to anybody.
    """
    lock(session, claimed.scope)
    _change(session, claimed, state="done", finished_at=now, result=outcome.result, leased_until=None, progress="")
    artefact = None
    if outcome.artefact is not None:
        artefact = freeze(session, claimed.scope, outcome.artefact, _actor(claimed).label, now)
    if artefact is not None:
        _change_ended(session, claimed, artefact_id=artefact.id)
    mails = sum(_queue(session, claimed, outcome, number, now) for number in range(len(outcome.letters)))
    result = outcome.result
    if outcome.then is not None:
        result = outcome.then(session, claimed.scope, None if artefact is None else artefact.id, now) or result
        _change_ended(session, claimed, result=result)
    ids = {"run": claimed.public_id, "entry": claimed.entry, "artefact": artefact and artefact.public_id}
    content = {"job": claimed.job, "slot": claimed.slot, "result": result, "mails": mails}
    record(session, claimed.scope, _actor(claimed), RUN_FINISHED, ids=ids, payload=content, now=now)


def fail(session: Session, claimed: Claimed, reason: str, now: dt.datetime) -> None:
    """End a run for good, with the reason a person reads.

    Raises:
        Fenced: when another process holds it.
    """
    lock(session, claimed.scope)
    _change(session, claimed, state="failed", finished_at=now, result=reason, leased_until=None, progress="")
    ids = {"run": claimed.public_id, "entry": claimed.entry}
    content = {"job": claimed.job, "slot": claimed.slot, "reason": reason}
    record(session, claimed.scope, _actor(claimed), RUN_FAILED, ids=ids, payload=content, now=now)


def put_off(session: Session, claimed: Claimed, reason: str, now: dt.datetime) -> None:
    """Let a run go that met trouble which may pass; it is tried again after a pause, and seen meanwhile.

    Raises:
        Fenced: when another process holds it.
    """
    _change(session, claimed, state="waiting", leased_until=now + RETRY_PAUSE, progress="", result=reason)


def _free(now: dt.datetime) -> Any:
    """Waiting (after its pause, if it was put off), or claimed by a process whose lease ran out."""
    rested = or_(Run.leased_until.is_(None), Run.leased_until < now)
    return and_(Run.state.in_(("waiting", "claimed")), rested, Run.due_at <= now)


def _change(session: Session, claimed: Claimed, **values: Any) -> None:
    mine = (Run.id == claimed.id, Run.fence == claimed.fence, Run.state == "claimed")
    changed = session.execute(
        update(Run).where(*mine).values(**values).returning(Run.id).execution_options(synchronize_session=False)
    ).one_or_none()
    if changed is None:
        raise Fenced(claimed.public_id)


def _change_ended(session: Session, claimed: Claimed, **values: Any) -> None:
    """Further columns of a run that this transaction has just ended."""
    session.execute(
        update(Run).where(Run.id == claimed.id).values(**values).execution_options(synchronize_session=False)
    )


def _claimed(session: Session, row: Run) -> Claimed:
    entry = session.get_one(ScheduleEntry, row.entry_id) if row.entry_id is not None else None
    return Claimed(
        id=row.id,
        public_id=row.public_id,
        fence=row.fence,
        attempts=row.attempts,
        job=row.job,
        slot=row.slot,
        due_at=row.due_at,
        late=row.late,
        asked_by=row.asked_by,
        scope=scope_of(session.get_one(Organisation, row.organisation_id)),
        payload=json.loads(row.payload),
        entry=entry.public_id if entry else None,
        options=json.loads(entry.options) if entry else {},
        recipients=json.loads(entry.recipients) if entry else {},
    )


def _queue(session: Session, claimed: Claimed, outcome: Outcome, number: int, now: dt.datetime) -> int:
    post = outcome.letters[number]
    whom = post.letter.to_person or post.letter.to.casefold()
    key = f"run:{claimed.public_id}:{post.letter.kind}:{whom}"[:180]
    queued = queue(
        session,
        claimed.scope,
        post.letter,
        dedupe_key=key,
        cause_run=claimed.public_id,
        not_before=post.not_before,
        now=now,
    )
    return int(queued is not None)


def _actor(claimed: Claimed) -> Actor:
    """Who the journal names: the person who asked for it on screen, else the scheduler."""
    return Actor(claimed.asked_by) if claimed.entry is None and claimed.asked_by else SCHEDULER
