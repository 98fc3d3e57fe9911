"""Telling members that a meeting whose pack they have was moved or cancelled.

A pack that was sent stays as it is, and moving its meeting sends no other one. Until the clerk tells them, members know the
meeting as the last mail described it; that is kept here.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from governance.clock import local_day
from governance.errors import Refusal
from governance.journal.actions import record
from governance.journal.events import Event
from governance.mail.actions import queue
from governance.mail.compose import compose
from governance.packs.models import MeetingTold
from governance.packs.told import is_news, told_last
from governance.schedule.pack_links import circle
from governance.schools.models import GoverningBody, Meeting
from governance.tenancy import Actor, Scope, lock

KIND = "meeting_changed"
MEMBERS_TOLD = Event("members told of meeting", ids=("meeting",), payload=("members", "state", "held_on"))


def remember(session: Session, scope: Scope, actor: Actor, meeting: Meeting, now: dt.datetime) -> MeetingTold:
    """Keep how members have been told of a meeting: as it stands now."""
    told = MeetingTold(
        organisation_id=scope.organisation_id,
        meeting_id=meeting.id,
        state=meeting.state,
        held_on=meeting.held_on,
        starts_at=meeting.starts_at,
        place=meeting.place,
        told_at=now,
        told_by=actor.label,
    )
    session.add(told)
    session.flush()
    return told


def tell_members(session: Session, scope: Scope, actor: Actor, meeting: Meeting, now: dt.datetime) -> int:
    """Queue a mail to each member that says when and where the meeting is now, or that it is cancelled.

    Returns:
        How many mails were queued.

    Raises:
        Refusal: where they know it already, the meeting is over, or none can be written to.
    """
    lock(session, scope)
    before = told_last(session, scope, meeting.id)
    if before is None or not is_news(before, meeting):
        raise Refusal.one("Members know the meeting as it stands. There is nothing new to tell them.")
    today = local_day(now, scope.time_zone)
    if max(before.held_on, meeting.held_on) < today:
        raise Refusal.one("The meeting is over. Members cannot be told of it any more.")
    recipients = circle(session, scope, meeting, now)
    if not recipients:
        raise Refusal.one("No member of this body has an e-mail address. Tell them in person.")
    told = remember(session, scope, actor, meeting, now)
    values = {
        "body": session.get_one(GoverningBody, meeting.body_id).name,
        "was_on": before.held_on,
        "meeting_on": meeting.held_on,
        "starts_at": meeting.starts_at,
        "place": meeting.place,
        "cancelled": meeting.state == "cancelled",
    }
    for one in recipients:
        letter = compose(
            KIND, to=one.address, school=scope.name, values={**values, "name": one.name}, to_person=one.person
        )
        queue(session, scope, letter, dedupe_key=f"{KIND}:{told.id}:{one.address.casefold()}", now=now)
    content = {"members": len(recipients), "state": meeting.state, "held_on": meeting.held_on.isoformat()}
    record(session, scope, actor, MEMBERS_TOLD, ids={"meeting": meeting.public_id}, payload=content, now=now)
    return len(recipients)
