"""Items that an earlier meeting of a body did not decide, and that go on to its next one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Exists, exists, or_, select
from sqlalchemy.orm import Session

from governance.adoption.agenda import AsksFor
from governance.adoption.kinds import Kind
from governance.adoption.models import AgendaItem, Decision
from governance.adoption.standing import stands
from governance.extract.dates import day_in_words
from governance.schools.models import Meeting
from governance.tenancy import Scope

# House rule: what lay undecided for longer was dropped, whatever the agenda says.
MONTHS_KEPT = 15


@dataclass(frozen=True)
class Carried:
    """What a body was asked about a policy at its last meeting that had it on the agenda, and why it comes back."""

    asks_for: AsksFor
    held_on: dt.date
    why: str


def carried_to(session: Session, scope: Scope, meeting: Meeting) -> dict[int, Carried]:
    """Policies left undecided on the agendas of the body's earlier meetings, by their id; the latest meeting counts."""
    rows = session.execute(
        select(AgendaItem.policy_id, AgendaItem.asks_for, Meeting.held_on, Meeting.state)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(
            AgendaItem.organisation_id == scope.organisation_id,
            AgendaItem.dropped_at.is_(None),
            Meeting.body_id == meeting.body_id,
            Meeting.held_on < meeting.held_on,
            Meeting.held_on >= meeting.held_on - dt.timedelta(days=MONTHS_KEPT * 31),
            Meeting.state != "planned",
            ~_decided_since(),
        )
        .order_by(Meeting.held_on, AgendaItem.id)
    )
    return {
        policy_id: Carried(AsksFor(asks_for), held_on, _why(state, held_on))
        for policy_id, asks_for, held_on, state in rows
    }


def _decided_since() -> Exists:
    """Something was decided about the policy at that meeting, or by anybody after it."""
    made = Decision
    return exists().where(
        made.organisation_id == AgendaItem.organisation_id,
        made.policy_id == AgendaItem.policy_id,
        made.kind != Kind.MISTAKEN,
        or_(made.agenda_item_id == AgendaItem.id, made.decided_latest_on >= Meeting.held_on),
        stands(made),
    )


def _why(state: str, held_on: dt.date) -> str:
    said = day_in_words(held_on)
    if state == "cancelled":
        return f"The meeting of {said} was cancelled"
    return f"The meeting of {said} was not quorate" if state == "inquorate" else f"Not decided on {said}"
