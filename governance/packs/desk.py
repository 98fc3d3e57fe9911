"""What a clerk still has to do about meetings, over all bodies: packs to send, decisions to enter, minutes to name."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from governance.adoption.kinds import Kind
from governance.adoption.models import AgendaItem, Decision, MinuteReference
from governance.adoption.standing import stands
from governance.packs.models import MeetingTold, Pack, PackSending
from governance.packs.told import news_of
from governance.policies.models import Policy
from governance.schools.former_names import name_on
from governance.schools.models import GoverningBody, Meeting
from governance.schools.queries import MeetingRow, meetings
from governance.schools.rules import DECIDED_NOTHING
from governance.tenancy import Scope

# House rule: a draft is made 14 days before; a week earlier there is time to look at it.
PACKS_AHEAD = dt.timedelta(days=21)
# House rule: what was left for longer than a year was left on purpose.
LOOK_BACK = dt.timedelta(days=366)


@dataclass(frozen=True)
class MeetingToDo:
    """A meeting with `count` items on its agenda without a pack sent, or without a decision."""

    meeting: str
    body: str
    held_on: dt.date
    count: int


@dataclass(frozen=True)
class MinuteMissing:
    """A decision of a body that nobody has said the minute of."""

    decision: str
    policy: str
    title: str
    body: str
    decided_on: dt.date


@dataclass(frozen=True)
class Desk:
    """Everything that waits for the clerk, the most pressing first."""

    to_send: tuple[MeetingToDo, ...]
    to_tell: tuple[MeetingRow, ...]
    to_enter: tuple[MeetingToDo, ...]
    minutes: tuple[MinuteMissing, ...]

    @property
    def is_clear(self) -> bool:
        """Whether nothing waits."""
        return not (self.to_send or self.to_tell or self.to_enter or self.minutes)


def clerks_desk(session: Session, scope: Scope, today: dt.date) -> Desk:
    """What waits for the clerk on a day."""
    return Desk(
        _to_send(session, scope, today),
        _to_tell(session, scope, today),
        _to_enter(session, scope, today),
        _minutes(session, scope, today),
    )


def _to_send(session: Session, scope: Scope, today: dt.date) -> tuple[MeetingToDo, ...]:
    sent = exists().where(Pack.meeting_id == Meeting.id, PackSending.pack_id == Pack.id)
    coming = (Meeting.state == "planned", Meeting.held_on >= today, Meeting.held_on <= today + PACKS_AHEAD)
    return _meetings(session, _with_items(scope).where(*coming, ~sent))


def _to_tell(session: Session, scope: Scope, today: dt.date) -> tuple[MeetingRow, ...]:
    """Meetings to come that are another than members were told with their pack."""
    told = select(MeetingTold.meeting_id).where(MeetingTold.organisation_id == scope.organisation_id)
    known = set(session.scalars(told))
    coming = meetings(session, scope, from_on=today, cancelled=True)
    return tuple(row for row in coming if row.id in known and news_of(session, scope, session.get_one(Meeting, row.id)))


def _to_enter(session: Session, scope: Scope, today: dt.date) -> tuple[MeetingToDo, ...]:
    made = Decision
    decided = exists().where(made.agenda_item_id == AgendaItem.id, made.kind != Kind.MISTAKEN, stands(made))
    past = (Meeting.state.not_in(DECIDED_NOTHING), Meeting.held_on <= today, Meeting.held_on > today - LOOK_BACK)
    # an item that a later meeting took up is no longer open here
    later_item, later = AgendaItem.__table__.alias("later_item"), Meeting.__table__.alias("later")
    taken_up = (
        select(later_item.c.id)
        .join(later, later.c.id == later_item.c.meeting_id)
        .where(
            later_item.c.organisation_id == scope.organisation_id,
            later_item.c.policy_id == AgendaItem.policy_id,
            later_item.c.dropped_at.is_(None),
            later.c.body_id == Meeting.body_id,
            later.c.held_on > Meeting.held_on,
        )
        .exists()
    )
    return _meetings(session, _with_items(scope).where(*past, ~decided, ~taken_up))


def _minutes(session: Session, scope: Scope, today: dt.date) -> tuple[MinuteMissing, ...]:
    named = exists().where(MinuteReference.decision_id == Decision.id)
    rows = session.execute(
        select(
            Decision.public_id,
            Policy.public_id,
            Policy.title,
            name_on(Decision.decided_latest_on),
            Decision.decided_latest_on,
        )
        .join(Policy, Policy.id == Decision.policy_id)
        .join(GoverningBody, GoverningBody.id == Decision.body_id)
        .where(Decision.organisation_id == scope.organisation_id, Decision.kind != Kind.MISTAKEN)
        .where(Decision.decided_latest_on > today - LOOK_BACK, stands(), ~named)
        .order_by(Decision.decided_latest_on, Policy.sort_key, Decision.id)
    )
    return tuple(MinuteMissing(*row) for row in map(tuple[Any, ...], rows))


def _with_items(scope: Scope) -> Select[str, str, dt.date, int]:
    """Meetings with how many items are on their agenda, the earliest first."""
    return (
        select(Meeting.public_id, GoverningBody.name, Meeting.held_on, func.count())
        .join(GoverningBody, GoverningBody.id == Meeting.body_id)
        .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
        .where(Meeting.organisation_id == scope.organisation_id, AgendaItem.dropped_at.is_(None))
        .group_by(Meeting.id, Meeting.public_id, GoverningBody.name, Meeting.held_on)
        .order_by(Meeting.held_on, Meeting.id)
    )


def _meetings(session: Session, query: Select[str, str, dt.date, int]) -> tuple[MeetingToDo, ...]:
    return tuple(MeetingToDo(meeting, body, held_on, count) for meeting, body, held_on, count in session.execute(query))
