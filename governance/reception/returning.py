"""People who were here for a day before, among whom the front desk may find a visitor again; never the staff."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from governance.people.models import Engagement, Person
from governance.people.references import as_printed
from governance.people.rules import full_name
from governance.reception.models import Visit, VisitStep
from governance.schools.names import fold
from governance.tenancy import Scope

MOST = 20
_MOST_WORDS = 6


@dataclass(frozen=True)
class Earlier:
    """Somebody of an earlier visit: what the front desk may see of them."""

    public_id: str
    name: str
    reference: str
    agency: str
    last_on: dt.date


def earlier_day_people(session: Session, scope: Scope, name: str, reference: str, *, but: int | None) -> list[Earlier]:
    """Day people of earlier visits who share a word of a name, or of a printed reference, the latest first.

    `but` is the person whom the visit is about already.
    """
    words = fold(name).split()[:_MOST_WORDS]
    like: list[ColumnElement[bool]] = [Person.sort_key.contains(word, autoescape=True) for word in words]
    found = [Person.printed_reference == as_printed(reference)] if reference.strip() else like
    if not found:
        return []
    last_on = func.max(Visit.visited_on)
    rows = session.execute(
        select(Person.public_id, Person.given_name, Person.family_name, Person.printed_reference, last_on)
        .join(VisitStep, VisitStep.person_id == Person.id)
        .join(Visit, Visit.id == VisitStep.visit_id)
        .where(*_day_people(scope), or_(*found), Person.id != (but or 0))
        .group_by(Person.id, Person.public_id, Person.given_name, Person.family_name, Person.printed_reference)
        .order_by(last_on.desc(), Person.given_name, Person.id)
        .limit(MOST)
    ).all()
    agencies = _agencies(session, scope, [row[0] for row in rows])
    return [
        Earlier(public_id, full_name(given, family), printed, agencies.get(public_id, ""), on)
        for public_id, given, family, printed, on in rows
    ]


def is_earlier_day_person(session: Session, scope: Scope, person_id: int) -> bool:
    """Whether somebody is a person of a visit and has no other job here than such days."""
    known: Select[Any] = (
        select(Person.id)
        .join(VisitStep, VisitStep.person_id == Person.id)
        .where(*_day_people(scope), Person.id == person_id)
        .limit(1)
    )
    return session.scalar(known) is not None


def _day_people(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """Somebody who held a day, and no job of theirs is longer than one."""
    day, longer = aliased(Engagement), aliased(Engagement)
    return (
        Person.organisation_id == scope.organisation_id,
        select(day.id).where(day.person_id == Person.id, day.voided_at.is_(None)).exists(),
        ~select(longer.id)
        .where(longer.person_id == Person.id, or_(longer.ended_on.is_(None), longer.ended_on > longer.started_on))
        .exists(),
    )


def _agencies(session: Session, scope: Scope, public_ids: list[str]) -> dict[str, str]:
    """The agency each came through last."""
    rows = session.execute(
        select(Person.public_id, Engagement.agency)
        .join(Engagement, Engagement.person_id == Person.id)
        .where(Person.organisation_id == scope.organisation_id, Person.public_id.in_(public_ids))
        .order_by(Engagement.started_on, Engagement.id)
    )
    return {public_id: agency or "" for public_id, agency in rows}
