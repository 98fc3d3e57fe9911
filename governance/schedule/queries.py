"""What is set to run, what ran, what it made, and what comes next."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.accounts.permissions import Permission
from governance.errors import NotFound
from governance.mail.models import Outbox
from governance.schedule import known_jobs as known_jobs
from governance.schedule.cadence import BeforeMeeting, Cadence, from_text, in_words, next_slot, note_for
from governance.schedule.jobs import JOBS, Job, payload_text
from governance.schedule.local_time import local_time
from governance.schedule.models import Run, ScheduleEntry
from governance.schedule.recipients import Recipients
from governance.schedule.rounds import planned_meetings
from governance.storage.models import Artefact
from governance.tenancy import Scope

STATES = {
    "waiting": "waiting",
    "claimed": "running",
    "done": "done",
    "failed": "failed",
    "skipped": "skipped",
}


@dataclass(frozen=True)
class EntryLine:
    """An entry as the screen shows it. `next_at` is in the school's own time; `note` tells of a clock change ahead."""

    public_id: str
    job: str
    title: str
    cadence: Cadence
    cadence_words: str
    recipients: Recipients
    options: dict[str, str]
    created_at: dt.datetime
    created_by: str
    closed_at: dt.datetime | None
    next_at: dt.datetime | None
    note: str | None


@dataclass(frozen=True)
class RunLine:
    """A run as the screen shows it: what it was, when it was due, what came of it, and how its mails fared."""

    public_id: str
    job: str
    title: str
    slot: str
    due_at: dt.datetime
    state: str
    state_words: str
    late: bool
    asked_by: str
    progress: str
    finished_at: dt.datetime | None
    result: str
    entry: str | None
    artefact: str | None
    artefact_title: str | None
    artefact_filename: str | None
    mails: dict[str, int]
    # Public id of the meeting it is about, if it is about one.
    meeting: str | None
    # What its job was told: the run's own payload.
    payload: Mapping[str, Any]
    # What somebody must be allowed to open its file.
    opens: Permission

    @property
    def asked_by_account(self) -> str | None:
        """Public id of the account that alone may see it; None for what is the school's."""
        return self.payload.get("account")

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it; a page showing its progress can stop asking."""
        return self.state in ("done", "failed", "skipped")


def entries(session: Session, scope: Scope, now: dt.datetime, *, closed: bool = False) -> list[EntryLine]:
    """The school's entries in the order they were made; those that ended only when asked for."""
    chosen = select(ScheduleEntry).where(ScheduleEntry.organisation_id == scope.organisation_id)
    if not closed:
        chosen = chosen.where(ScheduleEntry.closed_at.is_(None))
    return [_entry_line(session, scope, entry, now) for entry in session.scalars(chosen.order_by(ScheduleEntry.id))]


def entry_line(session: Session, scope: Scope, public_id: str, now: dt.datetime) -> EntryLine:
    """One entry.

    Raises:
        NotFound: when this school has none of that id.
    """
    mine = select(ScheduleEntry).filter_by(organisation_id=scope.organisation_id, public_id=public_id)
    entry = session.scalar(mine)
    if entry is None:
        raise NotFound(public_id)
    return _entry_line(session, scope, entry, now)


def recent_runs(session: Session, scope: Scope, *, limit: int = 100) -> list[RunLine]:
    """The latest runs, newest first."""
    return _lines(session, scope, limit=limit)


def run_line(session: Session, scope: Scope, public_id: str) -> RunLine:
    """One run, for the page that shows its progress.

    Raises:
        NotFound: when this school has none of that id.
    """
    found = _lines(session, scope, public_id=public_id)
    if not found:
        raise NotFound(public_id)
    return found[0]


def latest_run(session: Session, scope: Scope, job: str, payload: Mapping[str, Any]) -> RunLine | None:
    """The latest run that was told to do exactly this; None when nobody asked."""
    same = select(Run.public_id).where(
        Run.organisation_id == scope.organisation_id, Run.job == job, Run.payload == payload_text(payload)
    )
    found = session.scalar(same.order_by(Run.id.desc()).limit(1))
    return run_line(session, scope, found) if found else None


def failed_since(session: Session, scope: Scope, since: dt.datetime) -> int:
    """How many runs of this school failed since then."""
    mine = select(func.count()).where(
        Run.organisation_id == scope.organisation_id, Run.state == "failed", Run.finished_at >= since
    )
    return session.scalar(mine) or 0


@dataclass(frozen=True)
class Pulse:
    """How the scheduler stands, for status: when a run last ended, and since when one has been waiting too long."""

    last_finished_at: dt.datetime | None
    oldest_waiting_at: dt.datetime | None


def pulse(session: Session, now: dt.datetime) -> Pulse:
    """The ledger's pulse over all schools; a run that waits though it is due means that nobody knocks."""
    last = session.scalar(select(func.max(Run.finished_at)))
    waits = select(func.min(Run.due_at)).where(Run.state == "waiting", Run.leased_until.is_(None), Run.due_at <= now)
    return Pulse(last, session.scalar(waits))


def _entry_line(session: Session, scope: Scope, entry: ScheduleEntry, now: dt.datetime) -> EntryLine:
    cadence = from_text(entry.cadence)
    meetings = planned_meetings(session, scope, entry) if isinstance(cadence, BeforeMeeting) else []
    after = max(now, entry.created_at)
    coming = next_slot(cadence, after, scope.time_zone, meetings) if entry.closed_at is None else None
    today = local_time(now, scope.time_zone).date()
    return EntryLine(
        public_id=entry.public_id,
        job=entry.job,
        title=_title(entry.job),
        cadence=cadence,
        cadence_words=in_words(cadence),
        recipients=Recipients.from_values(json.loads(entry.recipients)),
        options=json.loads(entry.options),
        created_at=entry.created_at,
        created_by=entry.created_by,
        closed_at=entry.closed_at,
        next_at=local_time(coming.due_at, scope.time_zone) if coming else None,
        note=note_for(cadence, today, scope.time_zone, meetings) if entry.closed_at is None else None,
    )


def _lines(session: Session, scope: Scope, *, public_id: str | None = None, limit: int = 1) -> list[RunLine]:
    chosen = (
        select(Run, ScheduleEntry, Artefact.public_id, Artefact.title, Artefact.filename)
        .outerjoin(ScheduleEntry, ScheduleEntry.id == Run.entry_id)
        .outerjoin(Artefact, Artefact.id == Run.artefact_id)
        .where(Run.organisation_id == scope.organisation_id)
    )
    if public_id is not None:
        chosen = chosen.where(Run.public_id == public_id)
    rows = session.execute(chosen.order_by(Run.due_at.desc(), Run.id.desc()).limit(limit)).all()
    mails = _mails(session, scope, [row[0].public_id for row in rows])
    return [_run_line(run, entry, artefact, mails.get(run.public_id, {})) for run, entry, *artefact in rows]


def _run_line(run: Run, entry: ScheduleEntry | None, artefact: Sequence[str | None], mails: dict[str, int]) -> RunLine:
    payload = json.loads(run.payload)
    about = {**(json.loads(entry.options) if entry else {}), **payload}
    return RunLine(
        public_id=run.public_id,
        job=run.job,
        title=_title(run.job),
        slot=run.slot,
        due_at=run.due_at,
        state=run.state,
        state_words=STATES[run.state],
        late=run.late,
        asked_by=run.asked_by,
        progress=run.progress,
        finished_at=run.finished_at,
        result=run.result,
        entry=entry.public_id if entry else None,
        artefact=artefact[0],
        artefact_title=artefact[1],
        artefact_filename=artefact[2],
        mails=mails,
        meeting=run.slot.removeprefix("meeting:") if run.slot.startswith("meeting:") else payload.get("meeting"),
        payload=payload,
        opens=(JOBS[run.job].opens if run.job in JOBS else Job.opens)(about),
    )


def _mails(session: Session, scope: Scope, run_ids: list[str]) -> dict[str, dict[str, int]]:
    """For each run, how many of its mails are in which state."""
    rows = session.execute(
        select(Outbox.cause, Outbox.state, func.count())
        .where(Outbox.organisation_id == scope.organisation_id, Outbox.cause.in_(run_ids))
        .group_by(Outbox.cause, Outbox.state)
        .order_by(Outbox.cause, Outbox.state)
    )
    found: dict[str, dict[str, int]] = {}
    for cause, state, count in rows:
        found.setdefault(cause or "", {})[state] = count
    return found


def _title(job: str) -> str:
    return JOBS[job].title if job in JOBS else job
