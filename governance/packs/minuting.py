"""From the record of a meeting to the values of its extract: what stands, in the order of the agenda."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.adoption.kinds import Kind
from governance.adoption.models import AgendaItem
from governance.adoption.queries import DecisionRow, decisions_of_meeting, meeting_agenda
from governance.clock import local_day
from governance.packs.minutes import Extract, Item, Outcome
from governance.packs.models import Pack, PackSending
from governance.schools.models import Meeting
from governance.schools.queries import MeetingRow
from governance.tenancy import Scope


@dataclass(frozen=True)
class Recorded:
    """An extract and the instant (UTC) of the latest decision in it; None while nothing that stands is recorded."""

    extract: Extract
    recorded_at: dt.datetime | None

    @property
    def says_anything(self) -> bool:
        """Whether there is something for the minutes."""
        return self.recorded_at is not None or not self.extract.is_quorate


def recorded(session: Session, scope: Scope, meeting: MeetingRow) -> Recorded:
    """The extract of a meeting. Decisions of the meeting about what was not on its agenda come last."""
    agenda = meeting_agenda(session, scope, meeting.id)
    later = _later_meetings(session, scope, meeting, [row.policy_id for row in agenda if row.decision is None])
    items = [
        Item(
            row.title,
            row.decision.version_number if row.decision else row.version_number,
            _outcome(row.decision) if row.decision else None,
            later.get(row.policy_id),
        )
        for row in agenda
    ]
    standing = [
        row for row in decisions_of_meeting(session, scope, meeting.id) if row.stands and row.kind is not Kind.MISTAKEN
    ]
    known = {row.decision.decision for row in agenda if row.decision}
    items += [
        Item(row.policy_title, row.version_number, _outcome(row)) for row in standing if row.decision not in known
    ]
    extract = Extract(
        school=scope.name,
        body=meeting.body_name,
        held_on=meeting.held_on,
        items=tuple(items),
        starts_at=meeting.starts_at,
        place=meeting.place or "",
        is_quorate=meeting.state != "inquorate",
        short_notice=_short_notice(session, scope, meeting.id),
    )
    return Recorded(extract, max((row.recorded_at for row in standing), default=None))


def _outcome(row: DecisionRow) -> Outcome:
    return Outcome(
        decision=row.decision,
        kind=row.kind,
        minute=row.minute,
        in_force_from=row.in_force_from,
        in_force_version=row.in_force_version,
        awaits_ratification=row.pending_ratification,
        next_review=row.next_review,
        deferred_to_on=row.deferred_to_on,
        asked=row.asked,
        # of a correction it says what was wrong with the record
        reason="" if row.corrects else row.reason,
    )


def _later_meetings(
    session: Session, scope: Scope, meeting: MeetingRow, policy_ids: Sequence[int]
) -> dict[int, dt.date]:
    """The day of the body's next meeting that has a policy on its agenda, by policy."""
    rows = session.execute(
        select(AgendaItem.policy_id, Meeting.held_on)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(
            AgendaItem.organisation_id == scope.organisation_id,
            AgendaItem.policy_id.in_(policy_ids),
            AgendaItem.dropped_at.is_(None),
            Meeting.body_id == meeting.body_id,
            Meeting.held_on > meeting.held_on,
            Meeting.state != "cancelled",
        )
        .order_by(Meeting.held_on.desc(), AgendaItem.id)
    )
    return {row.policy_id: row.held_on for row in rows}


def _short_notice(session: Session, scope: Scope, meeting_id: int) -> tuple[tuple[dt.date, str], ...]:
    rows = session.execute(
        select(PackSending.sent_at, PackSending.short_notice_reason)
        .join(Pack, Pack.id == PackSending.pack_id)
        .where(
            PackSending.organisation_id == scope.organisation_id,
            Pack.meeting_id == meeting_id,
            PackSending.short_notice_reason != "",
        )
        .order_by(PackSending.sent_at, PackSending.id)
    )
    return tuple((local_day(row.sent_at, scope.time_zone), row.short_notice_reason) for row in rows)
