"""What is to be done next about a policy whose review comes up: the one thing its owner is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.adoption.models import AgendaItem
from governance.adoption.preparing import Prepared, Recommends
from governance.adoption.register import RegisterRow
from governance.adoption.states import State
from governance.extract.dates import day_in_words
from governance.schools.models import GoverningBody, Meeting
from governance.tenancy import Scope


@dataclass(frozen=True)
class ComingMeeting:
    """The next meeting that has a policy on its agenda."""

    meeting: str
    body: str
    held_on: dt.date

    @property
    def in_words(self) -> str:
        """ "Full Governing Body, 3 December 2026"."""
        return f"{self.body}, {day_in_words(self.held_on)}"


def planned_for(
    session: Session, scope: Scope, day: dt.date, policy_ids: Collection[int] | None = None
) -> dict[int, ComingMeeting]:
    """The first meeting from a day on whose agenda each policy is, by the policy's id."""
    query = (
        select(AgendaItem.policy_id, Meeting.public_id, GoverningBody.name, Meeting.held_on)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(GoverningBody, GoverningBody.id == Meeting.body_id)
        .where(AgendaItem.organisation_id == scope.organisation_id, AgendaItem.dropped_at.is_(None))
        .where(Meeting.state == "planned", Meeting.held_on >= day)
        .order_by(Meeting.held_on.desc(), Meeting.id.desc())
    )
    if policy_ids is not None:
        query = query.where(AgendaItem.policy_id.in_(policy_ids))
    return {policy_id: ComingMeeting(key, body, day) for policy_id, key, body, day in session.execute(query)}


def next_step(row: RegisterRow, form: Prepared | None, meeting: ComingMeeting | None) -> str:
    """The one thing to do next, in the order in which a review goes: text, form, agenda, meeting."""
    if State.AMENDED_TEXT_AWAITED in row.flags:
        return "Record the amended text that governors adopted."
    if form is None or form.recommends is None:
        return "Look the policy over and say what you recommend."
    if form.recommends is Recommends.ADOPT and row.awaiting_id is None:
        return "Record the new version, so that governors can see what changed."
    if not form.ready:
        return "Complete the form and say that it is ready."
    if meeting is None:
        return "Ask the clerk to put it on the next agenda."
    return f"Nothing more: it is on the agenda of {meeting.in_words}."
