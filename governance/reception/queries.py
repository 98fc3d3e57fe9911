"""Who is here for the day and where each visit stands; and over a stretch of days, who left without reading."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.people.queries import PersonRef, refs
from governance.policies.models import Policy, PolicyVersion
from governance.reading.models import Acknowledgement, Withdrawal
from governance.reading.parts import named_parts
from governance.reception.models import Visit, VisitReceipt, VisitStep
from governance.reception.rules import State, state_of
from governance.reception.short_set import short_set, unread_by
from governance.reception.visits import NOT_KNOWN, SEEN, Course
from governance.tenancy import Scope


@dataclass(frozen=True)
class Signed:
    """A receipt of a visit. `withdrawn` says why, where it was taken back; `parts` names what it is for, if not the whole."""

    reference: str
    title: str
    method: str
    withdrawn: str | None
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """A visit as the front desk sees it: of the short set, the policies that were not read, and their titles."""

    course: Course
    state: State
    person: PersonRef | None
    signed: tuple[Signed, ...]
    unread: tuple[str, ...]
    unread_ids: frozenset[int]

    @property
    def visit(self) -> Visit:
        """The visit."""
        return self.course.visit

    @property
    def seen_by(self) -> str | None:
        """Who at the front desk saw them."""
        seen = self.course.last(SEEN)
        return seen.recorded_by if seen else None

    @property
    def here(self) -> bool:
        """Whether they have neither left nor are unknown."""
        return self.state in (State.READING, State.SIGNED)

    @property
    def unseen(self) -> bool:
        """Whether they are here and nobody at the front desk has seen them."""
        return self.here and self.seen_by is None

    @property
    def left_at(self) -> dt.datetime | None:
        """When they left."""
        left = self.course.left
        return left.at if left else None

    @property
    def not_known(self) -> str | None:
        """Why nobody knows them."""
        step = self.course.last(NOT_KNOWN)
        return step.reason if step else None


def visitors(session: Session, scope: Scope, day: dt.date, today: dt.date) -> list[Row]:
    """Everybody who came on a day, in the order they came."""
    visits = _visits(session, scope, day, day)
    return _rows(session, scope, visits, day, today)


def one_visitor(session: Session, scope: Scope, visit: Visit, today: dt.date) -> Row:
    """One visit of today."""
    return _rows(session, scope, [visit], visit.visited_on, today)[0]


def left_without_reading(session: Session, scope: Scope, since: dt.date, until: dt.date, today: dt.date) -> list[Row]:
    """Visits between two days, both included, whose visitor left with something of the short set unread, by day."""
    by_day: dict[dt.date, list[Visit]] = defaultdict(list)
    for visit in _visits(session, scope, since, until):
        by_day[visit.visited_on].append(visit)
    rows = [row for day, visits in by_day.items() for row in _rows(session, scope, visits, day, today)]
    return [row for row in rows if row.state is State.LEFT_UNREAD]


def _visits(session: Session, scope: Scope, since: dt.date, until: dt.date) -> list[Visit]:
    return list(
        session.scalars(
            select(Visit)
            .where(Visit.organisation_id == scope.organisation_id, Visit.visited_on.between(since, until))
            .order_by(Visit.visited_on, Visit.arrived_at, Visit.id)
        )
    )


def _rows(session: Session, scope: Scope, visits: list[Visit], day: dt.date, today: dt.date) -> list[Row]:
    """Visits of one day. Where somebody came twice that day, what they read counts for both."""
    courses = _courses(session, visits)
    ids = {course.who.person_id for course in courses if course.who is not None and course.who.person_id}
    people = refs(session, scope, ids)
    wanted = {one.policy_id: one.title for one in short_set(session, scope, day)}
    unread = unread_by(session, scope, day, ids)
    titles = wanted | _titles(session, {policy for found in unread.values() for policy in found} - set(wanted))
    signed = _signed(session, scope, [visit.id for visit in visits])
    rows = []
    for course in courses:
        who = course.who.person_id if course.who is not None else None
        left = list(wanted) if who is None else unread.get(who, [])
        rows.append(
            Row(
                course,
                state_of(
                    not_known=course.last(NOT_KNOWN) is not None,
                    left=course.left is not None,
                    everything_read=not left,
                    day_over=day < today,
                ),
                people.get(who) if who is not None else None,
                tuple(signed[course.visit.id]),
                tuple(sorted(titles[policy] for policy in left)),
                frozenset(left),
            )
        )
    return rows


def _courses(session: Session, visits: list[Visit]) -> list[Course]:
    steps: dict[int, list[VisitStep]] = defaultdict(list)
    wanted = select(VisitStep).where(VisitStep.visit_id.in_([visit.id for visit in visits])).order_by(VisitStep.id)
    for step in session.scalars(wanted):
        steps[step.visit_id].append(step)
    return [Course(visit, steps[visit.id]) for visit in visits]


def _signed(session: Session, scope: Scope, visit_ids: Collection[int]) -> defaultdict[int, list[Signed]]:
    rows = session.execute(
        select(
            VisitReceipt.visit_id,
            Policy.id,
            Acknowledgement.parts,
            Acknowledgement.reference,
            Policy.title,
            Acknowledgement.method,
            Withdrawal.reason,
        )
        .join(Acknowledgement, Acknowledgement.id == VisitReceipt.acknowledgement_id)
        .join(PolicyVersion, PolicyVersion.id == Acknowledgement.version_id)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .outerjoin(Withdrawal, Withdrawal.acknowledgement_id == Acknowledgement.id)
        .where(VisitReceipt.visit_id.in_(visit_ids))
        .order_by(Acknowledgement.id)
    ).all()
    named = named_parts(session, scope, ((policy_id, parts) for _, policy_id, parts, *_ in rows))
    found: defaultdict[int, list[Signed]] = defaultdict(list)
    for visit_id, policy_id, parts, reference, title, method, withdrawn in rows:
        found[visit_id].append(Signed(reference, title, method, withdrawn, named[policy_id, parts]))
    return found


def _titles(session: Session, policy_ids: Iterable[int]) -> dict[int, str]:
    rows = session.execute(select(Policy.id, Policy.title).where(Policy.id.in_(list(policy_ids))))
    return {row[0]: row[1] for row in rows}
