"""Adding people and keeping their details. Their jobs are in `jobs`, their absences in `absences`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from governance.errors import Objection, refuse_if
from governance.journal.actions import record
from governance.journal.events import Event
from governance.people import rules
from governance.people.jobs import Job, job_values, new_engagement, objections_to_new_job
from governance.people.models import Person
from governance.people.references import new_reference
from governance.people.rules import Details
from governance.tenancy import Actor, Scope, lock

PERSON_ADDED = Event("person added", ids=("person",), payload=("details", "job"))
DETAILS_CHANGED = Event("person's details changed", ids=("person",), payload=("before", "after"))


def add_person(
    session: Session,
    scope: Scope,
    actor: Actor,
    details: Details,
    job: Job | None = None,
    *,
    somebody_else: bool = False,
    now: dt.datetime,
) -> Person:
    """Record somebody, with their first job where they have one. They get a printed reference.

    `somebody_else` answers the question that is asked when a person of that name or mailbox is there already.

    Raises:
        Refusal: for a name, address, number or job that cannot be; for a possible duplicate (field `somebody_else`).
    """
    lock(session, scope)
    refuse_if(rules.objections_to_details(details))
    kept = details.tidied()
    refuse_if(_taken_number(session, scope, kept, None))
    if job is not None:
        refuse_if(objections_to_new_job(scope, job, now))
    if not somebody_else:
        refuse_if(_alike_objections(alike(session, scope, kept)))
    person = Person(
        organisation_id=scope.organisation_id,
        printed_reference=new_reference(_references(session, scope)),
        recorded_at=now,
        **_columns(kept),
    )
    session.add(person)
    session.flush()
    engagement = new_engagement(session, scope, person, job) if job is not None else None
    ids = {"person": person.public_id}
    payload = {"details": kept.__dict__, "job": job_values(engagement) if engagement else None}
    record(session, scope, actor, PERSON_ADDED, ids=ids, payload=payload, now=now)
    return person


def change_details(
    session: Session, scope: Scope, actor: Actor, person: Person, details: Details, *, now: dt.datetime
) -> Person:
    """Change somebody's name, e-mail or staff number; receipts keep belonging to them.

    Raises:
        Refusal: for a name, address or number that cannot be.
    """
    lock(session, scope)
    refuse_if(rules.objections_to_details(details))
    kept = details.tidied()
    refuse_if(_taken_number(session, scope, kept, person.id))
    before = details_of(person)
    if kept != before:
        for column, value in _columns(kept).items():
            setattr(person, column, value)
        session.flush()
        ids, payload = {"person": person.public_id}, {"before": before.__dict__, "after": kept.__dict__}
        record(session, scope, actor, DETAILS_CHANGED, ids=ids, payload=payload, now=now)
    return person


def details_of(person: Person) -> Details:
    """Who somebody is, as it is recorded."""
    return Details(person.given_name, person.family_name, person.email, person.staff_number)


def alike(session: Session, scope: Scope, details: Details) -> list[Person]:
    """People who may be the same as somebody of these details: the same name, or the same mailbox."""
    same = [Person.sort_key == rules.sort_key(details.given_name, details.family_name)]
    if details.email:
        same.append(func.lower(Person.email) == rules.email_key(details.email))
    query = select(Person).where(Person.organisation_id == scope.organisation_id, or_(*same))
    return list(session.scalars(query.order_by(Person.sort_key, Person.id).limit(6)))


def _alike_objections(people: list[Person]) -> Iterator[Objection]:
    for person in people:
        known_by = person.staff_number or person.printed_reference
        yield Objection(
            f"{details_of(person).name} ({known_by}, {person.email or 'no e-mail'}) is recorded already. If this is the same "
            "person, open their record instead. If not, say that this is somebody else.",
            "somebody_else",
        )


def _taken_number(session: Session, scope: Scope, details: Details, own_id: int | None) -> Iterator[Objection]:
    """An objection where somebody else has the staff number, in whatever case it was typed."""
    if not details.staff_number:
        return
    holder = session.scalars(
        select(Person)
        .where(
            Person.organisation_id == scope.organisation_id,
            func.lower(Person.staff_number) == details.staff_number.lower(),
        )
        .order_by(Person.id)
    ).first()
    if holder is not None and holder.id != own_id:
        name = details_of(holder).name
        yield Objection(f"Staff number {details.staff_number} is {name}'s. Check the number.", "staff_number")


def _references(session: Session, scope: Scope) -> set[str]:
    return set(session.scalars(select(Person.printed_reference).where(Person.organisation_id == scope.organisation_id)))


def _columns(details: Details) -> dict[str, Any]:
    return {**details.__dict__, "sort_key": rules.sort_key(details.given_name, details.family_name)}
