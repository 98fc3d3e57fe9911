"""How members were last told of a meeting, and whether that still holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.packs.models import MeetingTold
from governance.schools.models import Meeting
from governance.tenancy import Scope


@dataclass(frozen=True)
class News:
    """What members do not know yet: they were told of a meeting on one day, which is on another one now, or cancelled."""

    told_on: dt.date
    told_starts_at: dt.time | None
    told_place: str
    is_cancelled: bool


def news_of(session: Session, scope: Scope, meeting: Meeting) -> News | None:
    """What there is to tell the members of a meeting; None while they were never told or know it as it stands."""
    told = told_last(session, scope, meeting.id)
    if told is None or not is_news(told, meeting):
        return None
    return News(told.held_on, told.starts_at, told.place or "", meeting.state == "cancelled")


def told_last(session: Session, scope: Scope, meeting_id: int) -> MeetingTold | None:
    """The last that members were told of a meeting."""
    return session.scalars(
        select(MeetingTold)
        .where(MeetingTold.organisation_id == scope.organisation_id, MeetingTold.meeting_id == meeting_id)
        .order_by(MeetingTold.id.desc())
        .limit(1)
    ).first()


def is_news(told: MeetingTold, meeting: Meeting) -> bool:
    """Whether a meeting that has not been held is another than members were told."""
    if meeting.state not in ("planned", "cancelled"):
        return False
    if "cancelled" in (told.state, meeting.state):
        return told.state != meeting.state
    before = (told.held_on, told.starts_at, told.place)
    return before != (meeting.held_on, meeting.starts_at, meeting.place)
