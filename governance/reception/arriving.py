"""Coming for the day: a visit begins, its visitor reads and signs on their own phone, and may say that they leave.

What is typed alone makes a visit and no person. The first signature records the person, with a job for the day.
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.accounts.sessions import hashed
from governance.clock import local_day
from governance.errors import Refusal, refuse_if
from governance.journal.actions import record
from governance.journal.events import Event
from governance.policies.models import PolicyVersion
from governance.reading.acknowledging import Act, Shown, acknowledge
from governance.reading.models import Acknowledgement
from governance.reading.witnessing import witness
from governance.reception.models import Visit
from governance.reception.rules import Visitor, objections_to_signature, objections_to_visitor
from governance.reception.visits import SEEN, course_of, link_receipt, recorded_person, step
from governance.schools.names import tidy
from governance.tenancy import Actor, Scope, lock

VISIT_BEGUN = Event("visit begun", ids=("visit",), payload=("name", "agency", "purpose", "how"))
METHOD, ASSURANCE = "reception", "reception_unverified"


@dataclass(frozen=True)
class Begun:
    """A visit that just began, and the token for its visitor's phone."""

    visit: Visit
    token: str


def begin_visit(session: Session, scope: Scope, visitor: Visitor, *, now: dt.datetime) -> Begun:
    """Somebody typed their name at reception. Nothing is looked up and nobody is recorded as a person.

    Raises:
        Refusal: for a name that cannot be kept.
    """
    refuse_if(objections_to_visitor(visitor))
    lock(session, scope)
    token = secrets.token_urlsafe(32)
    actor = Actor(f"{visitor.tidied().details.name}, at reception")
    return Begun(_begin(session, scope, actor, visitor, now, token_sha256=hashed(token)), token)


def add_by_hand(session: Session, scope: Scope, actor: Actor, visitor: Visitor, *, now: dt.datetime) -> Visit:
    """The front desk adds somebody who has no phone, and so has seen them: they are recorded at once.

    Raises:
        Refusal: for a name that cannot be kept, or where the school has no category for day people.
    """
    refuse_if(objections_to_visitor(visitor))
    lock(session, scope)
    visit = _begin(session, scope, actor, visitor, now, added_by=actor.label)
    recorded_person(session, scope, actor, course_of(session, visit), now)
    step(session, scope, actor, visit, SEEN, now)
    return visit


def visit_behind(session: Session, scope: Scope, token: str, *, now: dt.datetime) -> Visit | None:
    """The visit that a phone's token stands for, on its own day alone, until it is over."""
    found = session.scalar(
        select(Visit).where(
            Visit.organisation_id == scope.organisation_id,
            Visit.token_sha256 == hashed(token),
            Visit.visited_on == local_day(now, scope.time_zone),
        )
    )
    return found if found is not None and not course_of(session, found).is_over else None


def sign(
    session: Session,
    scope: Scope,
    visit: Visit,
    version: PolicyVersion,
    shown: Shown,
    typed: str,
    *,
    parts: int = 0,
    now: dt.datetime,
) -> Acknowledgement:
    """The visitor signs what they were shown, by typing their name; `parts` as bits, 0 the whole.

    The same act again gives the same receipt.

    Raises:
        Refusal: without their name, for other bytes or wording than are served now, or when the visit is over.
    """
    lock(session, scope)
    course = course_of(session, visit)
    if course.is_over:
        raise Refusal.one("Your visit is over, so nothing was recorded. Ask at reception.")
    refuse_if(objections_to_signature(typed, visit.given_name, visit.family_name))
    label = f"{course.name}, at reception"
    person = recorded_person(session, scope, Actor(label), course, now)
    act = Act(visit.visited_on, METHOD, ASSURANCE, typed_name=tidy(typed), given_at=now, parts=parts)
    receipt = acknowledge(session, scope, Actor(label, None, person.id), person, version, shown, act, now)
    link_receipt(session, scope, visit, receipt)
    seen = course.last(SEEN)
    if seen is not None:
        witness(session, scope, Actor(seen.recorded_by), receipt, seen.recorded_by, now)
    return receipt


def _begin(session: Session, scope: Scope, actor: Actor, visitor: Visitor, now: dt.datetime, **how: str) -> Visit:
    kept = visitor.tidied()
    visit = Visit(
        organisation_id=scope.organisation_id,
        visited_on=local_day(now, scope.time_zone),
        arrived_at=now,
        **kept.__dict__,
        **how,
    )
    session.add(visit)
    session.flush()
    payload = {
        "name": kept.details.name,
        "agency": kept.agency,
        "purpose": kept.purpose,
        "how": "by hand" if "added_by" in how else "own phone",
    }
    record(session, scope, actor, VISIT_BEGUN, ids={"visit": visit.public_id}, payload=payload, now=now)
    return visit
