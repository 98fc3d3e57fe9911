"""What the front desk says of a visitor: seen, not known, left, or the same person as on an earlier day.

Nothing is deleted or overwritten. A step is added, receipts are witnessed, withdrawn or carried by linked records, and a
job that was not held after all is kept as void.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.errors import Objection, Refusal, refuse_if
from governance.journal.actions import record
from governance.journal.events import Event
from governance.people.jobs import start_engagement
from governance.people.models import Engagement, Person
from governance.people.rules import objections_to_text
from governance.people.void_jobs import restore, void
from governance.reading.acknowledging import Act, acknowledge, shown_now, withdraw
from governance.reading.models import Acknowledgement
from governance.reading.witnessing import carry, witness
from governance.reception.models import Visit, VisitReceipt, VisitStep
from governance.reception.returning import is_earlier_day_person
from governance.reception.rules import LONGEST_LINE
from governance.reception.short_set import ToRead
from governance.reception.visits import (
    BACK,
    LEFT,
    NOT_KNOWN,
    PERSON,
    SAME,
    SEEN,
    SOMEBODY_ELSE,
    Course,
    course_of,
    day_job,
    link_receipt,
    person_of,
    receipts_of,
    record_person,
    recorded_person,
    step,
)
from governance.schools.names import tidy
from governance.tenancy import Actor, Scope, lock

VISITOR_SEEN = Event("visitor approved", ids=("visit", "person"), payload=())
VISITOR_NOT_KNOWN = Event("visitor not known", ids=("visit",), payload=("reason",))
VISITOR_LEFT = Event("visitor left", ids=("visit",), payload=())
VISITOR_BACK = Event("visitor still here", ids=("visit",), payload=())
VISITOR_IS = Event("visitor is a person recorded before", ids=("visit", "person"), payload=())
VISITOR_IS_NOT = Event("visitor is somebody else after all", ids=("visit", "person"), payload=())


def approve(session: Session, scope: Scope, actor: Actor, visit: Visit, *, now: dt.datetime) -> None:
    """The front desk saw the visitor: it is the witness of what they signed and will sign today.

    Raises:
        Refusal: for a visitor whom nobody knows.
    """
    course = _course(session, scope, visit)
    if course.last(SEEN) is None:
        person = recorded_person(session, scope, actor, course, now)
        step(session, scope, actor, visit, SEEN, now)
        ids = {"visit": visit.public_id, "person": person.public_id}
        record(session, scope, actor, VISITOR_SEEN, ids=ids, now=now)
    for receipt in receipts_of(session, visit):
        witness(session, scope, actor, receipt, actor.label, now)


def not_known(session: Session, scope: Scope, actor: Actor, visit: Visit, reason: str, *, now: dt.datetime) -> None:
    """Nobody knows the visitor: what they signed is withdrawn, and their job for the day was held on no day.

    Raises:
        Refusal: without a reason, or where it was said before.
    """
    course = _course(session, scope, visit)
    if not tidy(reason):
        raise Refusal.one("Say why: it stays on the record with your name.", "reason")
    refuse_if(objections_to_text(reason, "The reason", "reason", LONGEST_LINE))
    for receipt in _of_this_visit_alone(session, course):
        withdraw(session, scope, actor, receipt, f"Not known at reception: {tidy(reason)}", now)
    _give_up_job(session, scope, actor, course, "not known at reception", now)
    step(session, scope, actor, visit, NOT_KNOWN, now, reason=tidy(reason))
    ids, payload = {"visit": visit.public_id}, {"reason": tidy(reason)}
    record(session, scope, actor, VISITOR_NOT_KNOWN, ids=ids, payload=payload, now=now)


def leave(session: Session, scope: Scope, actor: Actor, visit: Visit, *, now: dt.datetime) -> None:
    """The visitor leaves. Their phone can sign nothing more.

    Raises:
        Refusal: for a visitor whom nobody knows.
    """
    course = _course(session, scope, visit)
    if course.left is None:
        step(session, scope, actor, visit, LEFT, now)
        record(session, scope, actor, VISITOR_LEFT, ids={"visit": visit.public_id}, now=now)


def still_here(session: Session, scope: Scope, actor: Actor, visit: Visit, *, now: dt.datetime) -> None:
    """Take `leave` back: the visitor is still here, or came in again.

    Raises:
        Refusal: for a visitor whom nobody knows.
    """
    course = _course(session, scope, visit)
    if course.left is not None:
        step(session, scope, actor, visit, BACK, now)
        record(session, scope, actor, VISITOR_BACK, ids={"visit": visit.public_id}, now=now)


def same_person(
    session: Session, scope: Scope, actor: Actor, visit: Visit, person: Person, *, now: dt.datetime
) -> None:
    """The visitor was here on an earlier day: that person has today's job, and what was signed today stands for them.

    Raises:
        Refusal: for somebody who is no day person of an earlier visit, or whom the visit is about already.
    """
    course = _course(session, scope, visit)
    refuse_if(_objections_to_same(session, scope, course, person))
    _move(session, scope, actor, course, person, SAME, now)
    ids = {"visit": visit.public_id, "person": person.public_id}
    record(session, scope, actor, VISITOR_IS, ids=ids, now=now)


def somebody_else(session: Session, scope: Scope, actor: Actor, visit: Visit, *, now: dt.datetime) -> None:
    """Take `same_person` back: the visit is about its own person again, who is recorded now where there was none.

    Raises:
        Refusal: where the visitor was not said to be anybody else.
    """
    course = _course(session, scope, visit)
    who = course.who
    if who is None or who.kind != SAME:
        raise Refusal.one("This visitor was not joined to an earlier visit, so there is nothing to take back.")
    own = course.last(PERSON, SOMEBODY_ELSE)
    if own is None:
        person = _alone(session, scope, actor, course, now)
    else:
        person = session.get_one(Person, own.person_id)
        _move(session, scope, actor, course, person, SOMEBODY_ELSE, now)
    ids = {"visit": visit.public_id, "person": person.public_id}
    record(session, scope, actor, VISITOR_IS_NOT, ids=ids, now=now)


def signed_on_paper(
    session: Session, scope: Scope, actor: Actor, visit: Visit, signed: Sequence[ToRead], *, now: dt.datetime
) -> list[Acknowledgement]:
    """The visitor signed the printed sheet in front of the desk, which is the witness, for the parts that stood on it.

    Raises:
        Refusal: without anything ticked, or for a visitor whom nobody knows.
    """
    course = _course(session, scope, visit)
    if not signed:
        raise Refusal.one("Tick each policy that was signed on the sheet.", "versions")
    person = recorded_person(session, scope, actor, course, now)
    given = []
    for one in signed:
        act = Act(visit.visited_on, "paper", "paper_witnessed", witness=actor.label, parts=one.parts)
        shown = shown_now(session, scope, one.version, one.parts)
        receipt = acknowledge(session, scope, actor, person, one.version, shown, act, now)
        link_receipt(session, scope, visit, receipt)
        given.append(receipt)
    return given


def _course(session: Session, scope: Scope, visit: Visit) -> Course:
    """The visit as it stands, under the school's lock."""
    lock(session, scope)
    course = course_of(session, visit)
    if course.last(NOT_KNOWN) is not None:
        raise Refusal.one(f"{course.name} was marked as not known, so nothing more can be recorded for this visit.")
    return course


def _objections_to_same(session: Session, scope: Scope, course: Course, person: Person) -> list[Objection]:
    if course.who is not None and course.who.person_id == person.id:
        return [Objection("This visit is recorded for that person already.", "person")]
    if not is_earlier_day_person(session, scope, person.id):
        return [Objection("Choose somebody who was here for a day before.", "person")]
    return []


def _move(
    session: Session, scope: Scope, actor: Actor, course: Course, person: Person, kind: str, now: dt.datetime
) -> None:
    """Let a visit be about a person: the job of the day and the receipts go over, each by a new record."""
    job = _hold_day(session, scope, actor, course.visit, person, now)
    _give_up_job(session, scope, actor, course, f"the same person as {person.printed_reference}", now)
    before = person_of(session, course)
    step(session, scope, actor, course.visit, kind, now, person_id=person.id, engagement_id=job.id if job else None)
    if before is not None:
        for receipt in receipts_of(session, course.visit):
            carried = carry(session, scope, actor, receipt, person, now)
            link_receipt(session, scope, course.visit, carried)


def _alone(session: Session, scope: Scope, actor: Actor, course: Course, now: dt.datetime) -> Person:
    """A visit that was joined before anything was signed gets a person of its own."""
    _give_up_job(session, scope, actor, course, "somebody else after all", now)
    receipts = receipts_of(session, course.visit)
    person = record_person(session, scope, actor, course.visit, SOMEBODY_ELSE, now)
    for receipt in receipts:
        link_receipt(session, scope, course.visit, carry(session, scope, actor, receipt, person, now))
    return person


def _hold_day(
    session: Session, scope: Scope, actor: Actor, visit: Visit, person: Person, now: dt.datetime
) -> Engagement | None:
    """Give a person the job of the visit's day; None where they hold it already."""
    job = day_job(session, scope, visit)
    known = session.scalar(
        select(Engagement).where(
            Engagement.person_id == person.id,
            Engagement.category_id == job.category.id,
            Engagement.started_on == visit.visited_on,
        )
    )
    if known is None:
        return start_engagement(session, scope, actor, person, job, now=now)
    if known.voided_at is None:
        return None
    restore(session, scope, actor, known, visit.visited_on, now=now)
    return known


def _give_up_job(session: Session, scope: Scope, actor: Actor, course: Course, reason: str, now: dt.datetime) -> None:
    """The job that came with a visit was not held, unless another visit of the same person goes by it too."""
    who = course.who
    if who is None or who.engagement_id is None or _shared(session, course, who):
        return
    job = session.get_one(Engagement, who.engagement_id)
    if job.voided_at is None:
        void(session, scope, actor, job, reason, now=now)


def _of_this_visit_alone(session: Session, course: Course) -> list[Acknowledgement]:
    """The receipts of a visit, but for those that another visit of the same person goes by too."""
    ids = [receipt.id for receipt in receipts_of(session, course.visit)]
    others = session.scalars(
        select(VisitReceipt.acknowledgement_id).where(
            VisitReceipt.acknowledgement_id.in_(ids),
            VisitReceipt.visit_id != course.visit.id,
            VisitReceipt.visit_id.not_in(select(VisitStep.visit_id).where(VisitStep.kind == NOT_KNOWN)),
        )
    ).all()
    return [receipt for receipt in receipts_of(session, course.visit) if receipt.id not in others]


def _shared(session: Session, course: Course, who: VisitStep) -> bool:
    """Whether another visit of that day is about the same person."""
    others = session.scalars(
        select(Visit)
        .join(VisitStep, VisitStep.visit_id == Visit.id)
        .where(
            VisitStep.person_id == who.person_id,
            Visit.visited_on == course.visit.visited_on,
            Visit.id != course.visit.id,
        )
        .order_by(Visit.id)
    )
    courses = [course_of(session, visit) for visit in others]
    return any(
        one.last(NOT_KNOWN) is None and one.who is not None and one.who.person_id == who.person_id for one in courses
    )
