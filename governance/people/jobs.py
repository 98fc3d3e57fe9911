"""Joiners, movers and leavers: jobs that start, change and end. The last day is a day in school."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from governance.clock import local_day
from governance.errors import Objection, refuse_if
from governance.extract.dates import day_in_words
from governance.journal.actions import record
from governance.journal.events import Event
from governance.people import rules
from governance.people.models import BodyMember, Category, Engagement, Person, PostHolder
from governance.schools.names import tidy
from governance.tenancy import Actor, Scope, lock

JOB_STARTED = Event("job started", ids=("person", "job"), payload=("job",))
JOB_ENDED = Event("job ended", ids=("person", "job"), payload=("ended_on",))
JOB_CORRECTED = Event("job corrected", ids=("person", "job"), payload=("before", "after"))
JOB_MOVED = Event("moved to another category", ids=("person", "from", "to"), payload=("ended_on", "job"))
PERSON_LEFT = Event("person left", ids=("person",), payload=("ended_on", "jobs", "offices", "posts"))


@dataclass(frozen=True)
class Job:
    """A job as somebody enters it."""

    category: Category
    started_on: dt.date
    ended_on: dt.date | None = None
    job_title: str = ""
    line_manager: Person | None = None
    agency: str = ""


def start_engagement(
    session: Session, scope: Scope, actor: Actor, person: Person, job: Job, *, now: dt.datetime
) -> Engagement:
    """Give somebody a job, their first or a further one.

    Raises:
        Refusal: for impossible dates, being one's own manager, or a job in that category starting on the same day.
    """
    lock(session, scope)
    refuse_if(objections_to_new_job(scope, job, now))
    refuse_if(_same_start(session, person.id, job, None))
    refuse_if(_own_manager(person, job))
    engagement = new_engagement(session, scope, person, job)
    ids = {"person": person.public_id, "job": engagement.public_id}
    record(session, scope, actor, JOB_STARTED, ids=ids, payload={"job": job_values(engagement)}, now=now)
    return engagement


def end_engagement(
    session: Session, scope: Scope, actor: Actor, engagement: Engagement, *, ended_on: dt.date, now: dt.datetime
) -> Engagement:
    """End one job; `ended_on` is the last day in it. It may lie ahead, and be set again while the job lasts.

    Raises:
        Refusal: for a last day before the first.
    """
    lock(session, scope)
    today = local_day(now, scope.time_zone)
    refuse_if(
        rules.objections_to_days(engagement.started_on, ended_on, today, ("started_on", "ended_on"), "The last day")
    )
    engagement.ended_on = ended_on
    session.flush()
    ids = {"person": _person(session, engagement).public_id, "job": engagement.public_id}
    record(session, scope, actor, JOB_ENDED, ids=ids, payload={"ended_on": ended_on.isoformat()}, now=now)
    return engagement


def correct_engagement(
    session: Session, scope: Scope, actor: Actor, engagement: Engagement, job: Job, *, now: dt.datetime
) -> Engagement:
    """Put right what was entered about a job, its days included.

    Raises:
        Refusal: as `start_engagement`.
    """
    lock(session, scope)
    person = _person(session, engagement)
    refuse_if(objections_to_new_job(scope, job, now))
    refuse_if(_same_start(session, person.id, job, engagement.id))
    refuse_if(_own_manager(person, job))
    before = job_values(engagement)
    _fill(engagement, job)
    session.flush()
    after = job_values(engagement)
    if after != before:
        ids = {"person": person.public_id, "job": engagement.public_id}
        record(session, scope, actor, JOB_CORRECTED, ids=ids, payload={"before": before, "after": after}, now=now)
    return engagement


def move_category(
    session: Session, scope: Scope, actor: Actor, engagement: Engagement, job: Job, *, now: dt.datetime
) -> Engagement:
    """Move somebody: the job ends the day before the new one starts. The new job.

    Raises:
        Refusal: when the new job is in the same category, starts too early, or as `start_engagement`.
    """
    lock(session, scope)
    person = _person(session, engagement)
    refuse_if(objections_to_new_job(scope, job, now))
    refuse_if(_objections_to_moving(engagement, job))
    refuse_if(_same_start(session, person.id, job, None))
    refuse_if(_own_manager(person, job))
    engagement.ended_on = job.started_on - dt.timedelta(days=1)
    moved = new_engagement(session, scope, person, job)
    ids = {"person": person.public_id, "from": engagement.public_id, "to": moved.public_id}
    payload = {"ended_on": engagement.ended_on.isoformat(), "job": job_values(moved)}
    record(session, scope, actor, JOB_MOVED, ids=ids, payload=payload, now=now)
    return moved


def leave(session: Session, scope: Scope, actor: Actor, person: Person, *, last_on: dt.date, now: dt.datetime) -> None:
    """Somebody leaves the school: every job, office and post of theirs that goes beyond this last day ends on it.

    Raises:
        Refusal: when something of theirs only starts after that day, or there is nothing to end.
    """
    lock(session, scope)
    jobs = _beyond(session, Engagement, Engagement.ended_on, person, last_on)
    offices = _beyond(session, BodyMember, BodyMember.until_on, person, last_on)
    posts = _beyond(session, PostHolder, PostHolder.until_on, person, last_on)
    starts = [job.started_on for job in jobs] + [row.from_on for row in (*offices, *posts)]
    refuse_if(_objections_to_leaving(starts, last_on, local_day(now, scope.time_zone)))
    for job in jobs:
        job.ended_on = last_on
    for row in (*offices, *posts):
        row.until_on = last_on
    session.flush()
    payload = {"ended_on": last_on.isoformat()} | {
        what: [row.public_id for row in rows] for what, rows in (("jobs", jobs), ("offices", offices), ("posts", posts))
    }
    record(session, scope, actor, PERSON_LEFT, ids={"person": person.public_id}, payload=payload, now=now)


def objections_to_new_job(scope: Scope, job: Job, now: dt.datetime) -> Iterator[Objection]:
    """What stops a job by itself from being recorded."""
    today = local_day(now, scope.time_zone)
    yield from rules.objections_to_job(job.started_on, job.ended_on, job.job_title, job.agency, today)


def new_engagement(session: Session, scope: Scope, person: Person, job: Job) -> Engagement:
    """Store a job that nothing objects to."""
    engagement = Engagement(organisation_id=scope.organisation_id, person_id=person.id)
    _fill(engagement, job)
    session.add(engagement)
    session.flush()
    return engagement


def job_values(engagement: Engagement) -> dict[str, Any]:
    """A job as the journal tells it. Categories and managers are opaque numbers there."""
    return {
        "category": engagement.category_id,
        "job_title": engagement.job_title,
        "started_on": engagement.started_on.isoformat(),
        "ended_on": engagement.ended_on.isoformat() if engagement.ended_on else None,
        "line_manager": engagement.line_manager_id,
        "agency": engagement.agency,
    }


def _fill(engagement: Engagement, job: Job) -> None:
    engagement.category_id = job.category.id
    engagement.started_on, engagement.ended_on = job.started_on, job.ended_on
    engagement.job_title, engagement.agency = tidy(job.job_title), tidy(job.agency) or None
    engagement.line_manager_id = job.line_manager.id if job.line_manager else None


def _person(session: Session, engagement: Engagement) -> Person:
    return session.get_one(Person, engagement.person_id)


def _own_manager(person: Person, job: Job) -> Iterator[Objection]:
    if job.line_manager is not None and job.line_manager.id == person.id:
        yield Objection("Nobody is their own line manager. Choose somebody else, or leave it empty.", "line_manager")


def _same_start(session: Session, person_id: int, job: Job, own_id: int | None) -> Iterator[Objection]:
    """An objection where the person has a job in that category from that day already."""
    other = session.scalar(
        select(Engagement).where(
            Engagement.person_id == person_id,
            Engagement.category_id == job.category.id,
            Engagement.started_on == job.started_on,
        )
    )
    if other is not None and other.id != own_id:
        yield Objection(
            f"They have a job in {job.category.name} from {day_in_words(job.started_on)} already. Correct that one instead.",
            "started_on",
        )


def _objections_to_moving(engagement: Engagement, job: Job) -> Iterator[Objection]:
    if job.category.id == engagement.category_id:
        yield Objection("That is the category they are in. Choose the one they move to.", "category")
    if job.started_on <= engagement.started_on:
        yield Objection(
            f"The job they leave started on {day_in_words(engagement.started_on)}. The move must be later.",
            "started_on",
        )
    if engagement.ended_on is not None and engagement.ended_on < job.started_on - dt.timedelta(days=1):
        yield Objection(
            f"That job ended on {day_in_words(engagement.ended_on)} already. Add the new job instead.", "started_on"
        )


def _beyond(session: Session, model: type[Any], end: Any, person: Person, last_on: dt.date) -> list[Any]:
    """What somebody holds after a day."""
    query = select(model).where(model.person_id == person.id, or_(end.is_(None), end > last_on))
    return list(session.scalars(query.order_by(model.id)))


def _objections_to_leaving(starts: list[dt.date], last_on: dt.date, today: dt.date) -> Iterator[Objection]:
    yield from rules.objections_to_days(last_on, None, today, ("last_on", "last_on"), "The last day")
    if not starts:
        yield Objection("They hold no job, office or post after that day. Nothing is left to end.", "last_on")
    elif max(starts) > last_on:
        yield Objection(
            f"Something of theirs starts on {day_in_words(max(starts))}, after that day. Correct that first.", "last_on"
        )
