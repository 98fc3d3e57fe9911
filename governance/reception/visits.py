"""One visit: what its steps have made of it, and the person it is about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.errors import NotFound, Refusal
from governance.people.actions import add_person
from governance.people.jobs import Job
from governance.people.models import Engagement, Person
from governance.people.rules import full_name
from governance.reading.models import Acknowledgement, Withdrawal
from governance.reception.models import Visit, VisitReceipt, VisitStep
from governance.reception.rules import Visitor
from governance.reception.short_set import day_category
from governance.tenancy import Actor, Scope

PERSON, SAME, SOMEBODY_ELSE = "person", "same_person", "somebody_else"
SEEN, NOT_KNOWN, LEFT, BACK = "seen", "not_known", "left", "back"
_WHO = (PERSON, SAME, SOMEBODY_ELSE)


@dataclass(frozen=True)
class Course:
    """What became of a visit, by its steps in the order recorded."""

    visit: Visit
    steps: list[VisitStep] = field(default_factory=list)

    def last(self, *kinds: str) -> VisitStep | None:
        """The latest step of any of these kinds."""
        return next((step for step in reversed(self.steps) if step.kind in kinds), None)

    @property
    def who(self) -> VisitStep | None:
        """The step that says which person it is; None while nobody was recorded for it."""
        return self.last(*_WHO)

    @property
    def name(self) -> str:
        """The visitor's name as it was typed."""
        return full_name(self.visit.given_name, self.visit.family_name)

    @property
    def is_over(self) -> bool:
        """Whether they left, or nobody knows them."""
        return self.last(NOT_KNOWN) is not None or self.left is not None

    @property
    def left(self) -> VisitStep | None:
        """The step by which they left; None while they are here."""
        step = self.last(LEFT, BACK)
        return step if step is not None and step.kind == LEFT else None


def course_of(session: Session, visit: Visit) -> Course:
    """A visit with its steps, as they stand now."""
    steps = session.scalars(select(VisitStep).where(VisitStep.visit_id == visit.id).order_by(VisitStep.id))
    return Course(visit, list(steps))


def visit_of_day(session: Session, scope: Scope, public_id: str, day: dt.date) -> Visit:
    """A visit of that day.

    Raises:
        NotFound: where the school had none of that name on that day.
    """
    found = session.scalar(
        select(Visit).where(
            Visit.organisation_id == scope.organisation_id, Visit.public_id == public_id, Visit.visited_on == day
        )
    )
    if found is None:
        raise NotFound(public_id)
    return found


def step(
    session: Session, scope: Scope, actor: Actor, visit: Visit, kind: str, now: dt.datetime, **more: Any
) -> VisitStep:
    """Record a step of a visit."""
    row = VisitStep(
        organisation_id=scope.organisation_id, visit_id=visit.id, kind=kind, at=now, recorded_by=actor.label, **more
    )
    session.add(row)
    session.flush()
    return row


def person_of(session: Session, course: Course) -> Person | None:
    """The person whom a visit is about."""
    who = course.who
    return session.get_one(Person, who.person_id) if who is not None else None


def recorded_person(session: Session, scope: Scope, actor: Actor, course: Course, now: dt.datetime) -> Person:
    """The person of a visit, recorded now with a job for the day where they were not.

    Raises:
        Refusal: where the school has no category for day people.
    """
    person = person_of(session, course)
    return person or record_person(session, scope, actor, course.visit, PERSON, now)


def record_person(session: Session, scope: Scope, actor: Actor, visit: Visit, kind: str, now: dt.datetime) -> Person:
    """Record a person for a visit. Whether they were here before is never looked at: the front desk says so."""
    who = Visitor(visit.given_name, visit.family_name)
    job = day_job(session, scope, visit)
    person = add_person(session, scope, actor, who.details, job, somebody_else=True, now=now)
    made = session.scalars(select(Engagement).where(Engagement.person_id == person.id)).one()
    step(session, scope, actor, visit, kind, now, person_id=person.id, engagement_id=made.id)
    return person


def day_job(session: Session, scope: Scope, visit: Visit) -> Job:
    """The job of a visit: in the category of day people, for the one day.

    Raises:
        Refusal: where the school has no such category.
    """
    category = day_category(session, scope)
    if category is None:
        raise Refusal.one("Your school has no category for people who are here for a day. Choose one under Settings.")
    return Job(category, visit.visited_on, visit.visited_on, agency=visit.agency)


def receipts_of(session: Session, visit: Visit) -> list[Acknowledgement]:
    """The receipts of a visit that stand, in the order given."""
    return list(
        session.scalars(
            select(Acknowledgement)
            .join(VisitReceipt, VisitReceipt.acknowledgement_id == Acknowledgement.id)
            .where(
                VisitReceipt.visit_id == visit.id,
                Acknowledgement.id.not_in(select(Withdrawal.acknowledgement_id)),
            )
            .order_by(Acknowledgement.id)
        )
    )


def link_receipt(session: Session, scope: Scope, visit: Visit, receipt: Acknowledgement) -> None:
    """Note that a receipt was given during a visit; once, however often it is said."""
    known = session.scalar(
        select(VisitReceipt.id).where(VisitReceipt.visit_id == visit.id, VisitReceipt.acknowledgement_id == receipt.id)
    )
    if known is None:
        whose = {"organisation_id": scope.organisation_id}
        session.add(VisitReceipt(**whose, visit_id=visit.id, acknowledgement_id=receipt.id))
        session.flush()
