"""Making and renaming governing bodies; planning, moving and cancelling their meetings."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.clock import local_day
from governance.errors import refuse_if
from governance.journal.actions import record
from governance.journal.events import Event
from governance.schools import rules
from governance.schools.models import BodyName, GoverningBody, Meeting
from governance.schools.names import fold, tidy
from governance.tenancy import Actor, Scope, lock

BODY_MADE = Event("governing body made", ids=("body",), payload=("name", "kind"))
BODY_RENAMED = Event("governing body renamed", ids=("body",), payload=("before", "after", "since"))
BODY_ENDED = Event("governing body ended", ids=("body",), payload=("ended_on",))
MEETING_PLANNED = Event("meeting planned", ids=("meeting", "body"), payload=("held_on", "starts_at", "place"))
MEETING_MOVED = Event("meeting moved", ids=("meeting",), payload=("before", "after"))
MEETING_CANCELLED = Event("meeting cancelled", ids=("meeting",), payload=("held_on",))
MEETING_INQUORATE = Event("meeting not quorate", ids=("meeting",), payload=("held_on",))
MEETING_HELD = Event("meeting held", ids=("meeting",), payload=("held_on",))


def make_body(
    session: Session, scope: Scope, actor: Actor, *, name: str, kind: str = "board", now: dt.datetime
) -> GoverningBody:
    """Set up a board or committee.

    Raises:
        Refusal: for no name, a name too long, or one that another body has.
    """
    lock(session, scope)
    refuse_if(rules.objections_to_body(name, kind, _other_names(session, scope)))
    body = GoverningBody(organisation_id=scope.organisation_id, name=tidy(name), name_key=fold(name), kind=kind)
    session.add(body)
    session.flush()
    record(
        session,
        scope,
        actor,
        BODY_MADE,
        ids={"body": body.public_id},
        payload={"name": body.name, "kind": kind},
        now=now,
    )
    return body


def rename_body(
    session: Session,
    scope: Scope,
    actor: Actor,
    body: GoverningBody,
    *,
    name: str,
    since: dt.date | None = None,
    now: dt.datetime,
) -> GoverningBody:
    """Give a body another name; what it decided stays its own.

    Args:
        since: the first day of the new name: what the body did before keeps the old one. None where the name was written
            wrongly and the body never had it.

    Raises:
        Refusal: as `make_body`, and for a day to come or before the last change.
    """
    lock(session, scope)
    refuse_if(rules.objections_to_body(name, body.kind, _other_names(session, scope) - {body.name_key}))
    if since is not None:
        last = select(func.max(BodyName.until_on)).where(BodyName.body_id == body.id)
        refuse_if(rules.objections_to_renaming(since, local_day(now, scope.time_zone), session.scalar(last)))
    if tidy(name) != body.name:
        if since is not None:
            whose = {"organisation_id": scope.organisation_id, "body_id": body.id}
            session.add(BodyName(**whose, name=body.name, name_key=body.name_key, until_on=since, recorded_at=now))
        before, body.name, body.name_key = body.name, tidy(name), fold(name)
        session.flush()
        payload = {"before": before, "after": body.name, "since": since.isoformat() if since else None}
        record(session, scope, actor, BODY_RENAMED, ids={"body": body.public_id}, payload=payload, now=now)
    return body


def end_body(
    session: Session, scope: Scope, actor: Actor, body: GoverningBody, *, ended_on: dt.date, now: dt.datetime
) -> GoverningBody:
    """Say that a body was dissolved; `ended_on` is its last day.

    Raises:
        Refusal: when meetings are planned after that day.
    """
    lock(session, scope)
    planned = session.scalars(
        select(Meeting.held_on)
        .where(Meeting.body_id == body.id, Meeting.state == "planned", Meeting.held_on > ended_on)
        .order_by(Meeting.held_on)
    ).all()
    refuse_if(rules.objections_to_ending(ended_on, list(planned)))
    body.ended_on = ended_on
    session.flush()
    ids, payload = {"body": body.public_id}, {"ended_on": ended_on.isoformat()}
    record(session, scope, actor, BODY_ENDED, ids=ids, payload=payload, now=now)
    return body


def plan_meeting(
    session: Session,
    scope: Scope,
    actor: Actor,
    *,
    body: GoverningBody,
    held_on: dt.date,
    starts_at: dt.time | None = None,
    place: str | None = None,
    now: dt.datetime,
) -> Meeting:
    """Put a meeting of a body on the calendar; one on a day it had been cancelled for is planned again.

    Raises:
        Refusal: for a day out of range, or one on which the body meets already.
    """
    lock(session, scope)
    days = _days(session, body.id)
    standing = frozenset(day for day, meeting in days.items() if meeting.state != "cancelled")
    refuse_if(rules.objections_to_meeting(held_on, local_day(now, scope.time_zone), standing, place or ""))
    meeting = days.get(held_on)
    if meeting is None:
        meeting = Meeting(organisation_id=scope.organisation_id, body_id=body.id, held_on=held_on)
        session.add(meeting)
    meeting.state, meeting.starts_at, meeting.place = "planned", starts_at, tidy(place or "") or None
    session.flush()
    ids = {"meeting": meeting.public_id, "body": body.public_id}
    record(session, scope, actor, MEETING_PLANNED, ids=ids, payload=_when(meeting), now=now)
    return meeting


def move_meeting(
    session: Session,
    scope: Scope,
    actor: Actor,
    meeting: Meeting,
    *,
    held_on: dt.date,
    starts_at: dt.time | None,
    place: str | None,
    now: dt.datetime,
) -> Meeting:
    """Give a planned meeting another day, time or place; its agenda goes with it.

    Raises:
        Refusal: for a meeting held or cancelled, a day out of range, or one on which the body meets already.
    """
    lock(session, scope)
    refuse_if(rules.objections_to_moving(meeting.state))
    taken = frozenset(day for day, other in _days(session, meeting.body_id).items() if other.id != meeting.id)
    refuse_if(rules.objections_to_meeting(held_on, local_day(now, scope.time_zone), taken, place or ""))
    before = _when(meeting)
    meeting.held_on, meeting.starts_at, meeting.place = held_on, starts_at, tidy(place or "") or None
    session.flush()
    after = _when(meeting)
    if after != before:
        ids, payload = {"meeting": meeting.public_id}, {"before": before, "after": after}
        record(session, scope, actor, MEETING_MOVED, ids=ids, payload=payload, now=now)
    return meeting


def cancel_meeting(session: Session, scope: Scope, actor: Actor, meeting: Meeting, *, now: dt.datetime) -> Meeting:
    """Cancel a planned meeting. It stays on record, as does its agenda.

    Raises:
        Refusal: for a meeting held or already cancelled.
    """
    lock(session, scope)
    refuse_if(rules.objections_to_moving(meeting.state))
    return _becomes(session, scope, actor, meeting, "cancelled", MEETING_CANCELLED, now)


def hold_meeting(session: Session, scope: Scope, actor: Actor, meeting: Meeting, *, now: dt.datetime) -> Meeting:
    """Say that a meeting took place. Saying it again changes nothing.

    Raises:
        Refusal: for a cancelled meeting, or a day still to come.
    """
    lock(session, scope)
    if meeting.state == "held":
        return meeting
    refuse_if(rules.objections_to_holding(meeting.state, meeting.held_on, local_day(now, scope.time_zone)))
    return _becomes(session, scope, actor, meeting, "held", MEETING_HELD, now)


def inquorate_meeting(session: Session, scope: Scope, actor: Actor, meeting: Meeting, *, now: dt.datetime) -> Meeting:
    """Say that too few members came, so that nothing could be decided. It stays on record, as does its agenda.

    Raises:
        Refusal: for a cancelled meeting, one already recorded so, or a day still to come.
    """
    lock(session, scope)
    today = local_day(now, scope.time_zone)
    refuse_if(rules.objections_to_inquorate(meeting.state, meeting.held_on, today))
    return _becomes(session, scope, actor, meeting, "inquorate", MEETING_INQUORATE, now)


def _becomes(
    session: Session, scope: Scope, actor: Actor, meeting: Meeting, state: str, event: Event, now: dt.datetime
) -> Meeting:
    meeting.state = state
    session.flush()
    ids, payload = {"meeting": meeting.public_id}, {"held_on": meeting.held_on.isoformat()}
    record(session, scope, actor, event, ids=ids, payload=payload, now=now)
    return meeting


def _other_names(session: Session, scope: Scope) -> frozenset[str]:
    names = select(GoverningBody.name_key).where(GoverningBody.organisation_id == scope.organisation_id)
    return frozenset(session.scalars(names))


def _days(session: Session, body_id: int) -> dict[dt.date, Meeting]:
    return {meeting.held_on: meeting for meeting in session.scalars(select(Meeting).where(Meeting.body_id == body_id))}


def _when(meeting: Meeting) -> dict[str, str | None]:
    starts = meeting.starts_at.strftime("%H:%M") if meeting.starts_at else None
    return {"held_on": meeting.held_on.isoformat(), "starts_at": starts, "place": meeting.place}
