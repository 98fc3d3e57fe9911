"""What a body ought to have before it at a meeting, so that the clerk only ticks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.adoption.agenda import AsksFor
from governance.adoption.carrying import Carried, carried_to
from governance.adoption.kinds import PUTS_IN_FORCE, SETTLES, Kind
from governance.adoption.models import AgendaItem, Decision
from governance.adoption.register import RegisterRow, every_policy
from governance.adoption.standing import stands
from governance.adoption.states import State
from governance.extract.dates import day_in_words
from governance.schools.calendar import add_months
from governance.schools.models import GoverningBody, Meeting
from governance.schools.rules import DECIDED_NOTHING
from governance.tenancy import Scope

# House rule: with no later meeting planned, look one term ahead.
MONTHS_AHEAD = 4


@dataclass(frozen=True)
class ProposedItem:
    """A policy to put on the agenda: what the body is asked, and every reason why, the first deciding what is asked."""

    policy_id: int
    policy: str
    title: str
    reference: str
    asks_for: AsksFor
    version_id: int | None
    version_number: int | None
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class _Around:
    """A meeting between its body's other ones, and what happened since the one before."""

    body: GoverningBody
    last_on: dt.date | None
    next_on: dt.date
    put_off: Mapping[int, dt.date | None]
    carried: Mapping[int, Carried]
    approved: frozenset[int]
    # policies on the agenda of a later planned meeting of the body, and its day
    later: Mapping[int, dt.date]


def proposed_agenda(session: Session, scope: Scope, meeting: Meeting) -> list[ProposedItem]:
    """What is to be ratified, adopted, reviewed or reported back and not on the agenda yet, by what is asked, then title.

    A policy belongs to the body that approves it; one without such a body belongs to full boards.

    What the clerk put on the agenda of a later planned meeting of the body was planned for then, so it is not proposed
    here as well. It is all the same where its review would be late by then: its last day is before that meeting, and a
    body that lets a review lapse ought to be asked about it, not to find out afterwards. A proposal binds nobody.
    """
    around = _around(session, scope, meeting)
    there = set(
        session.scalars(
            select(AgendaItem.policy_id).where(AgendaItem.meeting_id == meeting.id, AgendaItem.dropped_at.is_(None))
        )
    )
    rows = every_policy(session, scope, meeting.held_on)
    found = [
        item
        for row in rows
        if row.policy_id not in there and (item := _proposed(row, around, meeting.held_on)) is not None
    ]
    order = [AsksFor.RATIFY, AsksFor.ADOPT, AsksFor.REVIEW, AsksFor.NOTE]
    return sorted(found, key=lambda item: order.index(item.asks_for))


def _proposed(row: RegisterRow, around: _Around, held_on: dt.date) -> ProposedItem | None:
    if row.state is State.RETIRED or not (_concerns(row, around.body) or row.policy_id in around.carried):
        return None
    found = list(_reasons(row, around, held_on))
    until = around.put_off.get(row.policy_id)
    if until is not None and until > held_on:
        found = [reason for reason in found if reason[0] in (AsksFor.RATIFY, AsksFor.NOTE)]
    later = around.later.get(row.policy_id)
    if not found or (later is not None and not _late_by(row, later)):
        return None
    asks_for, version_id, number, _ = found[0]
    planned = (f"It is planned for {day_in_words(later)}, after its review's last day",) if later else ()
    reasons = (*(reason for *_, reason in found), *planned)
    return ProposedItem(row.policy_id, row.policy, row.title, row.reference, asks_for, version_id, number, reasons)


def _concerns(row: RegisterRow, body: GoverningBody) -> bool:
    return row.approving_body_id == body.id or (row.approving_body_id is None and body.kind == "board")


def _late_by(row: RegisterRow, day: dt.date) -> bool:
    """Whether the review's last day is before a day."""
    return row.version_id is not None and row.next_review_on is not None and row.next_review_on < day


def _reasons(
    row: RegisterRow, around: _Around, held_on: dt.date
) -> Iterator[tuple[AsksFor, int | None, int | None, str]]:
    current = (row.version_id, row.version_number)
    if row.state is State.AWAITING_RATIFICATION:
        yield (
            AsksFor.RATIFY,
            *current,
            f"Version {row.version_number}, approved by {row.decided_by}, awaits ratification",
        )
    if row.awaiting_id is not None and row.kind != "guidance":
        yield AsksFor.ADOPT, row.awaiting_id, row.awaiting_number, f"Version {row.awaiting_number} awaits a decision"
    tabled = (row.awaiting_id, row.awaiting_number) if row.awaiting_id else current
    if row.policy_id in around.put_off:
        until, asks = around.put_off[row.policy_id], AsksFor.ADOPT if row.awaiting_id else AsksFor.REVIEW
        yield asks, *tabled, f"Put off until {day_in_words(until)}" if until else "Put off from an earlier meeting"
    if row.policy_id in around.carried:
        carried = around.carried[row.policy_id]
        yield carried.asks_for, *(tabled if carried.asks_for is AsksFor.ADOPT else current), carried.why
    if row.version_id is not None and row.next_review_on is not None and row.next_review_on < around.next_on:
        late = "was due by" if row.next_review_on < held_on else "is due by"
        yield AsksFor.REVIEW, *current, f"Its review {late} {day_in_words(row.next_review_on)}"
    if row.policy_id in around.approved:
        yield (
            AsksFor.NOTE,
            *current,
            f"Version {row.version_number} was decided by {row.decided_by} since the last meeting",
        )


def _around(session: Session, scope: Scope, meeting: Meeting) -> _Around:
    others = select(Meeting.held_on).where(
        Meeting.body_id == meeting.body_id, Meeting.state.not_in(DECIDED_NOTHING), Meeting.id != meeting.id
    )
    last_on = session.scalar(others.where(Meeting.held_on < meeting.held_on).order_by(Meeting.held_on.desc()).limit(1))
    next_on = session.scalar(others.where(Meeting.held_on > meeting.held_on).order_by(Meeting.held_on).limit(1))
    body = session.get_one(GoverningBody, meeting.body_id)
    return _Around(
        body=body,
        last_on=last_on,
        next_on=next_on or add_months(meeting.held_on, MONTHS_AHEAD),
        put_off=_put_off(session, scope, meeting),
        carried=carried_to(session, scope, meeting),
        approved=_approved(session, scope, meeting.held_on, last_on),
        later=_on_later_agendas(session, scope, meeting),
    )


def _on_later_agendas(session: Session, scope: Scope, meeting: Meeting) -> dict[int, dt.date]:
    """Policies on the agendas of the body's later planned meetings, by their id; the first such meeting counts."""
    rows = session.execute(
        select(AgendaItem.policy_id, Meeting.held_on)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(AgendaItem.organisation_id == scope.organisation_id, AgendaItem.dropped_at.is_(None))
        .where(Meeting.body_id == meeting.body_id, Meeting.state == "planned", Meeting.held_on > meeting.held_on)
        .order_by(Meeting.held_on.desc(), AgendaItem.id)
    )
    return {row.policy_id: row.held_on for row in rows}


def _put_off(session: Session, scope: Scope, meeting: Meeting) -> dict[int, dt.date | None]:
    """Policies on which this body's latest word was to put them off, and the day from which they come back."""
    latest_first = (func.coalesce(Decision.decided_latest_on, dt.date.min).desc(), Decision.id.desc())
    closing = [Kind.DEFERRED, Kind.REVIEWED, *sorted(SETTLES)]
    ranked = (
        select(
            Decision.policy_id,
            Decision.kind,
            Decision.body_id,
            Decision.deferred_to_on,
            func.row_number().over(partition_by=Decision.policy_id, order_by=latest_first).label("place"),
        )
        .where(
            Decision.organisation_id == scope.organisation_id,
            Decision.kind.in_(closing),
            Decision.decided_latest_on < meeting.held_on,
            stands(),
        )
        .subquery()
    )
    query = select(ranked.c.policy_id, ranked.c.deferred_to_on).where(
        ranked.c.place == 1, ranked.c.kind == Kind.DEFERRED, ranked.c.body_id == meeting.body_id
    )
    return {row.policy_id: row.deferred_to_on for row in session.execute(query)}


def _approved(session: Session, scope: Scope, held_on: dt.date, last_on: dt.date | None) -> frozenset[int]:
    """Policies that a person decided about without a meeting since the body last met (reg 20: reported back)."""
    query = select(Decision.policy_id).where(
        Decision.organisation_id == scope.organisation_id,
        Decision.person_id.is_not(None),
        Decision.kind.in_([*sorted(PUTS_IN_FORCE), Kind.REVIEWED]),
        Decision.decided_latest_on <= held_on,
        stands(),
    )
    if last_on is not None:
        query = query.where(Decision.decided_latest_on > last_on)
    return frozenset(session.scalars(query))
