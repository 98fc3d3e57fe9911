"""The year planner's question: which policies come before which meeting of a year. Nothing of it is stored."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from governance.adoption.competence import competences
from governance.adoption.kinds import Kind
from governance.adoption.models import AgendaItem, Decision
from governance.adoption.planned import Before, Review, Sitting, YearPlan, planned_year
from governance.adoption.proposing import ProposedItem, proposed_agenda
from governance.adoption.register import RegisterRow, in_force_on
from governance.adoption.standing import stands
from governance.policies.models import Policy
from governance.schools.academic_year import AcademicYear, halves_of
from governance.schools.models import GoverningBody, Meeting
from governance.schools.queries import MeetingRow, meetings
from governance.schools.school_time import terms
from governance.tenancy import Scope


def year_plan(session: Session, scope: Scope, year: AcademicYear, today: dt.date) -> YearPlan:
    """A year's meetings with what is on their agendas and what will be proposed, and its reviews.

    A policy is proposed where a body that ought to have it before it meets first. Cancelled meetings are left out. Meetings
    between today and the year count too, since what comes before them comes before no later one.
    """
    rows = meetings(session, scope, from_on=min(today, year.first_on))
    reviews = sorted(
        (_review(row) for row in in_force_on(session, scope, today) if row.next_review_on), key=lambda one: one.last_on
    )
    last_days = {review.policy_id: review.last_on for review in reviews}
    agendas = _agendas(session, scope, [row.id for row in rows], last_days)
    sittings = [_sitting(row, today, agendas[row.id]) for row in rows]
    near = [one for one in sittings if one.open and one.held_on <= year.last_on]
    proposed = dict(_proposed(session, scope, near, _on_open_agendas(sittings), last_days))
    full = [replace(one, before=(*one.before, *proposed.get(one.meeting_id, ()))) for one in sittings]
    told = [_with_power(session, scope, one) if one.open else one for one in full]
    return planned_year(year, halves_of(year, terms(session, scope)), told, reviews, today)


def _with_power(session: Session, scope: Scope, sitting: Sitting) -> Sitting:
    """A committee's meeting with what it may not decide; a board may decide everything."""
    body = session.get_one(GoverningBody, sitting.body_id)
    if body.kind == "board" or not sitting.before:
        return sitting
    ids = [before.policy_id for before in sitting.before]
    may = competences(session, scope, body, sitting.held_on, ids)
    told = (
        before if may[before.policy_id].may_decide else replace(before, no_power=may[before.policy_id].reason)
        for before in sitting.before
    )
    return replace(sitting, before=tuple(told))


def _proposed(
    session: Session,
    scope: Scope,
    sittings: Iterable[Sitting],
    placed: Collection[tuple[int, int]],
    last_days: dict[int, dt.date],
) -> Iterator[tuple[int, list[Before]]]:
    """What will be proposed for each meeting, by its id: at the first that a body has it at, and on no agenda of its."""
    seen = set(placed)
    for sitting in sittings:
        meeting = session.get_one(Meeting, sitting.meeting_id)
        new = [
            item for item in proposed_agenda(session, scope, meeting) if (sitting.body_id, item.policy_id) not in seen
        ]
        seen |= {(sitting.body_id, item.policy_id) for item in new}
        yield sitting.meeting_id, [_to_propose(item, last_days) for item in new]


def _to_propose(item: ProposedItem, last_days: dict[int, dt.date]) -> Before:
    return Before(
        item.policy_id,
        item.policy,
        item.title,
        item.asks_for,
        on_agenda=False,
        last_on=last_days.get(item.policy_id),
        reasons=item.reasons,
    )


def _agendas(
    session: Session, scope: Scope, meeting_ids: Collection[int], last_days: dict[int, dt.date]
) -> defaultdict[int, list[Before]]:
    """What is on the agendas of meetings, by their ids, in the agendas' order."""
    made = Decision
    decided = exists().where(made.agenda_item_id == AgendaItem.id, made.kind != Kind.MISTAKEN, stands(made))
    rows = session.execute(
        select(
            AgendaItem.meeting_id, Policy.id, Policy.public_id, Policy.title, AgendaItem.asks_for, decided.label("made")
        )
        .join(Policy, Policy.id == AgendaItem.policy_id)
        .where(AgendaItem.organisation_id == scope.organisation_id, AgendaItem.meeting_id.in_(meeting_ids))
        .where(AgendaItem.dropped_at.is_(None))
        .order_by(AgendaItem.meeting_id, AgendaItem.position, AgendaItem.id)
    )
    found: defaultdict[int, list[Before]] = defaultdict(list)
    for meeting_id, policy_id, policy, title, asks_for, settled in rows:
        last_on = last_days.get(policy_id)
        found[meeting_id].append(
            Before(policy_id, policy, title, asks_for, on_agenda=True, decided=settled, last_on=last_on)
        )
    return found


def _on_open_agendas(sittings: Iterable[Sitting]) -> set[tuple[int, int]]:
    return {(one.body_id, before.policy_id) for one in sittings if one.open for before in one.before}


def _sitting(row: MeetingRow, today: dt.date, before: Iterable[Before]) -> Sitting:
    is_open = row.state == "planned" and row.held_on >= today
    of = (row.id, row.public_id, row.body_id, row.body_name, row.held_on, row.state)
    return Sitting(*of, open=is_open, before=tuple(before))


def _review(row: RegisterRow) -> Review:
    assert row.next_review_on is not None
    return Review(row.policy_id, row.policy, row.title, row.approving_body_id, row.approving_body, row.next_review_on)
