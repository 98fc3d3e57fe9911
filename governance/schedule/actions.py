"""Setting what runs by itself, ending it, and asking for a run now."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.errors import Refusal
from governance.journal.actions import record
from governance.journal.events import Event
from governance.schedule import known_jobs as known_jobs
from governance.schedule.cadence import Cadence, from_text, in_words, to_text
from governance.schedule.jobs import JOBS, payload_text
from governance.schedule.models import Run, ScheduleEntry
from governance.schedule.offers import OFFERS
from governance.schedule.recipients import Recipients
from governance.tenancy import Actor, Scope, in_school, lock, new_public_id

SCHEDULED = Event("schedule set", ids=("entry",), payload=("job", "cadence", "recipients", "options"))
SCHEDULE_ENDED = Event("schedule ended", ids=("entry",), payload=("job", "cadence"))
RUN_ASKED = Event("run asked for", ids=("run", "entry"), payload=("job", "payload"))


def schedule(
    session: Session,
    scope: Scope,
    actor: Actor,
    *,
    job: str,
    cadence: Cadence,
    recipients: Recipients,
    options: Mapping[str, Any] | None = None,
    now: dt.datetime,
) -> ScheduleEntry:
    """Let a job run from now on. An entry is never changed: end it and set another, so that the ledger stays true.

    Raises:
        Refusal: for a job that does not exist, or the very same entry twice.
    """
    lock(session, scope)
    if job not in JOBS:
        raise Refusal.one("Choose what is to run from the list.", "job")
    wanted = {
        "job": job,
        "cadence": to_text(cadence),
        "recipients": recipients.to_text(),
        "options": json.dumps(dict(options or {}), sort_keys=True),
    }
    same = select(ScheduleEntry.id).filter_by(organisation_id=scope.organisation_id, closed_at=None, **wanted)
    if session.scalar(same.limit(1)) is not None:
        raise Refusal.one(f"This is set already: {in_words(cadence)}, to the same recipients.", "cadence")
    entry = ScheduleEntry(organisation_id=scope.organisation_id, created_at=now, created_by=actor.label, **wanted)
    session.add(entry)
    session.flush()
    record(session, scope, actor, SCHEDULED, ids={"entry": entry.public_id}, payload=wanted, now=now)
    return entry


def close(session: Session, scope: Scope, actor: Actor, public_id: str, now: dt.datetime) -> ScheduleEntry:
    """End an entry: no further slots. Its runs and mails stay listed; runs that have begun are finished.

    Raises:
        NotFound: when this school has no such entry.
        Refusal: when it has ended already.
    """
    lock(session, scope)
    entry: ScheduleEntry = in_school(session, ScheduleEntry, scope, public_id)
    if entry.closed_at is not None:
        raise Refusal.one("This was ended already.")
    entry.closed_at = now
    session.flush()
    content = {"job": entry.job, "cadence": entry.cadence}
    record(session, scope, actor, SCHEDULE_ENDED, ids={"entry": public_id}, payload=content, now=now)
    return entry


def run_now(
    session: Session,
    scope: Scope,
    actor: Actor,
    public_id: str,
    now: dt.datetime,
    payload: Mapping[str, Any] | None = None,
) -> Run:
    """Ask for a run of an entry at once, beside its slots. `payload` may name the meeting it is for.

    Raises:
        NotFound: when this school has no such entry.
        Refusal: when one that was asked for is still under way, or the entry has ended.
    """
    lock(session, scope)
    entry: ScheduleEntry = in_school(session, ScheduleEntry, scope, public_id)
    if entry.closed_at is not None:
        raise Refusal.one("This has ended. Set it again to run it.")
    under_way = select(Run.id).where(
        Run.organisation_id == scope.organisation_id,
        Run.entry_id == entry.id,
        Run.slot.like("now:%"),
        Run.state.in_(("waiting", "claimed")),
    )
    if session.scalar(under_way.limit(1)) is not None:
        raise Refusal.one("It is running already. Wait until it is done.")
    return _ask(session, scope, actor, entry.job, payload or {}, now, entry)


def ask(session: Session, scope: Scope, actor: Actor, job: str, payload: Mapping[str, Any], now: dt.datetime) -> Run:
    """Ask for one run of a job that belongs to no entry, such as a PDF or an import somebody started on screen.

    Raises:
        Refusal: for a job that does not exist.
    """
    lock(session, scope)
    if job not in JOBS:
        raise Refusal.one("Choose what is to run from the list.", "job")
    return _ask(session, scope, actor, job, payload, now, None)


def ask_once(
    session: Session, scope: Scope, actor: Actor, job: str, payload: Mapping[str, Any], now: dt.datetime
) -> Run:
    """As `ask`; where the very same was asked for and is still under way, that run."""
    lock(session, scope)
    same = select(Run).where(
        Run.organisation_id == scope.organisation_id,
        Run.job == job,
        Run.payload == payload_text(payload),
        Run.state.in_(("waiting", "claimed")),
    )
    return session.scalar(same.order_by(Run.id).limit(1)) or ask(session, scope, actor, job, payload, now)


def begin_offered(session: Session, scope: Scope, actor: Actor, now: dt.datetime) -> list[ScheduleEntry]:
    """Set the entries that are offered, once a person has confirmed the school's set-up.

    An offer whose job was ever set here is left alone, also when somebody has ended it since.
    """
    lock(session, scope)
    ever = set(session.scalars(select(ScheduleEntry.job).where(ScheduleEntry.organisation_id == scope.organisation_id)))
    return [
        schedule(
            session,
            scope,
            actor,
            job=offer.job,
            cadence=offer.cadence,
            recipients=offer.recipients,
            options=dict(offer.options),
            now=now,
        )
        for offer in OFFERS
        if offer.job not in ever and offer.job in JOBS
    ]


def cadence_of(entry: ScheduleEntry) -> Cadence:
    """An entry's cadence."""
    return from_text(entry.cadence)


def _ask(
    session: Session,
    scope: Scope,
    actor: Actor,
    job: str,
    payload: Mapping[str, Any],
    now: dt.datetime,
    entry: ScheduleEntry | None,
) -> Run:
    text = payload_text(payload)
    run = Run(
        organisation_id=scope.organisation_id,
        public_id=new_public_id(),
        entry_id=entry.id if entry else None,
        job=job,
        slot=f"now:{new_public_id()}",
        due_at=now,
        state="waiting",
        payload=text,
        asked_by=actor.label,
    )
    session.add(run)
    session.flush()
    ids = {"run": run.public_id, "entry": entry.public_id if entry else None}
    record(session, scope, actor, RUN_ASKED, ids=ids, payload={"job": job, "payload": text}, now=now)
    return run
