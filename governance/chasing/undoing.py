"""Taking back what was recorded of a meeting while nobody has been told of it yet.

decisions of the meeting ─ recorded since mails could last tell of any? named in no mail? ─▶ can be undone together
undo ─ lock ─ the same as was shown? ─▶ each is marked as entered by mistake: all of them, or none

Nothing is deleted: the decision and the mark both stay on the record, and the item of the agenda is open again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.adoption.actions import correct
from governance.adoption.cases import decided
from governance.adoption.entered import Decide
from governance.adoption.history import DecisionRow, decisions_of_meeting
from governance.adoption.kinds import Kind
from governance.adoption.models import Decision, InForce
from governance.chasing.models import ReminderLine
from governance.chasing.rules import told_from
from governance.clock import local_day
from governance.errors import Refusal
from governance.policies.models import PolicyVersion
from governance.reading.school_year import school_year
from governance.schools.models import GoverningBody, Meeting
from governance.tenancy import Actor, Scope, lock

REASON = "Undone before anybody was told"
TOO_LATE = (
    "What was recorded of this meeting can no longer be undone together, since people may have been told of it. "
    "Correct each decision that is wrong; the earlier entry stays on the record."
)


@dataclass(frozen=True)
class Untold:
    """Decisions of which nobody has been told: by their public ids, as recorded; on which days, and until when (UTC)."""

    decisions: tuple[str, ...]
    recorded_on: tuple[dt.date, ...]
    until: dt.datetime


def untold(session: Session, scope: Scope, meeting_id: int, now: dt.datetime) -> Untold | None:
    """What can be undone of a meeting at `now`; None where nothing was decided there or people may have been told.

    A correction counts from when the decision it corrects was recorded: taking it back would leave neither.
    """
    rows = decisions_of_meeting(session, scope, meeting_id)
    by_key = {row.decision: row for row in rows}
    school = school_year(session, scope)
    found, first = [], []
    for row in rows:
        chain = list(_chain(row, by_key))
        until = told_from(chain[-1].recorded_at, school, scope.time_zone)
        if row.stands and row.kind is not Kind.MISTAKEN and chain[-1].corrects is None and now < until:
            found.append((row, until))
            first += chain
    if not found or _anybody_told(session, scope, [row.id for row in first]):
        return None
    days = sorted({local_day(row.recorded_at, scope.time_zone) for row in first})
    return Untold(tuple(row.decision for row, _ in found), tuple(days), min(until for _, until in found))


def undo(
    session: Session, scope: Scope, actor: Actor, meeting: Meeting, shown: Collection[str], now: dt.datetime
) -> list[Decision]:
    """Mark what was recorded of a meeting as entered by mistake, so that its items are open again; the marks.

    Args:
        shown: the public ids of the decisions that the person was shown.

    Raises:
        Refusal: when people may have been told, or when what can be undone is no longer what was shown.
    """
    lock(session, scope)
    found = untold(session, scope, meeting.id, now)
    if found is None:
        raise Refusal.one(TOO_LATE)
    if set(found.decisions) != set(shown):
        raise Refusal.one(
            "Something else was recorded of this meeting meanwhile. Look at its decisions again, then undo."
        )
    mine = select(Decision).where(
        Decision.organisation_id == scope.organisation_id, Decision.public_id.in_(found.decisions)
    )
    made = session.scalars(mine.order_by(Decision.id.desc())).all()
    return [correct(session, scope, actor, one, _mistaken(session, one, meeting), now) for one in made]


def _mistaken(session: Session, decision: Decision, meeting: Meeting) -> Decide:
    """That the decision was never made: on the record beside it, by the same body at the same meeting."""
    return Decide(
        version=session.get_one(PolicyVersion, decision.version_id),
        decided=decided(decision),
        kind=Kind.MISTAKEN,
        body=session.get(GoverningBody, decision.body_id) if decision.body_id is not None else None,
        meeting=meeting,
        reason=REASON,
    )


def _chain(row: DecisionRow, by_key: dict[str, DecisionRow]) -> Iterator[DecisionRow]:
    """A decision and what it corrects, back to the first entry of this meeting."""
    yield row
    while row.corrects in by_key:
        row = by_key[row.corrects]
        yield row


def _anybody_told(session: Session, scope: Scope, decision_ids: Collection[int]) -> bool:
    """Whether a mail that named one of the decisions was queued: a morning's run that came late has no set hour."""
    named = (
        select(ReminderLine.id)
        .join(InForce, InForce.id == ReminderLine.in_force_id)
        .where(ReminderLine.organisation_id == scope.organisation_id, InForce.decision_id.in_(decision_ids))
    )
    return session.scalar(named.limit(1)) is not None
