"""Jobs that were recorded and turn out not to have been held: kept, and held on no day."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from governance.journal.actions import record
from governance.journal.events import Event
from governance.people.models import Engagement, Person
from governance.tenancy import Actor, Scope, lock

JOB_VOIDED = Event("job found not to be held", ids=("person", "job"), payload=("ended_on", "reason"))
JOB_RESTORED = Event("job held after all", ids=("person", "job"), payload=("ended_on",))
_ONE_DAY = dt.timedelta(days=1)


def void(session: Session, scope: Scope, actor: Actor, job: Engagement, reason: str, *, now: dt.datetime) -> None:
    """Keep a job on the record and let it hold on no day: it ends the day before it began."""
    lock(session, scope)
    before = job.ended_on
    job.ended_on, job.voided_at = job.started_on - _ONE_DAY, now
    session.flush()
    payload = {"ended_on": before.isoformat() if before else None, "reason": reason}
    record(session, scope, actor, JOB_VOIDED, ids=_ids(session, job), payload=payload, now=now)


def restore(
    session: Session, scope: Scope, actor: Actor, job: Engagement, ended_on: dt.date, *, now: dt.datetime
) -> None:
    """Take that back: the job holds from its first day to `ended_on`."""
    lock(session, scope)
    job.ended_on, job.voided_at = ended_on, None
    session.flush()
    payload = {"ended_on": ended_on.isoformat()}
    record(session, scope, actor, JOB_RESTORED, ids=_ids(session, job), payload=payload, now=now)


def _ids(session: Session, job: Engagement) -> dict[str, str]:
    return {"person": session.get_one(Person, job.person_id).public_id, "job": job.public_id}
