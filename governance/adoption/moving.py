"""Moving a policy from one meeting of a body to another, wherever it stands before: on the agenda, or proposed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.adoption.agenda import AsksFor, drop_from_agenda, put_on_agenda
from governance.adoption.models import AgendaItem
from governance.adoption.proposing import proposed_agenda
from governance.clock import local_day
from governance.errors import Objection, Refusal, refuse_if
from governance.extract.dates import day_in_words
from governance.policies.models import Policy, PolicyVersion
from governance.schools.models import Meeting
from governance.tenancy import Actor, Scope, lock


def move_to_meeting(
    session: Session, scope: Scope, actor: Actor, policy: Policy, source: Meeting, target: Meeting, now: dt.datetime
) -> None:
    """Put a policy on the agenda of another planned meeting of the body, and take it off the first one's.

    What was only proposed is put on the later agenda, and so is no longer proposed for the earlier one. The body is asked
    the same about the same version. Where the other agenda has it already, it is left there as it is.

    Raises:
        Refusal: for another body's meeting, one that is not planned or is over, an item that is decided, or a policy that is
            neither on the agenda nor proposed any more.
    """
    lock(session, scope)
    refuse_if(objections_to_target(source, target, local_day(now, scope.time_zone)))
    item = _item(session, source, policy)
    asks_for, version_id = (
        (AsksFor(item.asks_for), item.version_id) if item else _proposed(session, scope, source, policy)
    )
    if item is not None:
        drop_from_agenda(session, scope, actor, item, now)
    if _item(session, target, policy) is None:
        version = session.get(PolicyVersion, version_id) if version_id is not None else None
        put_on_agenda(session, scope, actor, target, policy, asks_for, now, version)


def objections_to_target(source: Meeting, target: Meeting, today: dt.date) -> Iterator[Objection]:
    """What stops an item of one meeting from going to another."""
    if source.body_id != target.body_id:
        yield Objection("That is a meeting of another body. Choose a meeting of the same one.", "to")
    elif source.id == target.id:
        yield Objection("It is at that meeting already. Choose another one.", "to")
    for meeting in (source, target):
        if meeting.state != "planned" or meeting.held_on < today:
            said = day_in_words(meeting.held_on)
            yield Objection(f"The meeting of {said} is no longer to come. Choose one that is planned.", "to")


def _item(session: Session, meeting: Meeting, policy: Policy) -> AgendaItem | None:
    return session.scalar(
        select(AgendaItem).where(
            AgendaItem.meeting_id == meeting.id, AgendaItem.policy_id == policy.id, AgendaItem.dropped_at.is_(None)
        )
    )


def _proposed(session: Session, scope: Scope, meeting: Meeting, policy: Policy) -> tuple[AsksFor, int | None]:
    found = next((one for one in proposed_agenda(session, scope, meeting) if one.policy_id == policy.id), None)
    if found is None:
        said = day_in_words(meeting.held_on)
        raise Refusal.one(f"{policy.title} is no longer before the meeting of {said}. Look at the planner again.", "to")
    return found.asks_for, found.version_id
