"""What a list of people is compared with: everybody recorded at a school, their jobs, and the categories there are."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.people.grouping import KnownPerson
from governance.people.models import Category, Engagement, Person
from governance.people.planned_jobs import KnownJob
from governance.people.planning import Facts
from governance.people.rules import Details
from governance.tenancy import Scope


def facts_of(session: Session, scope: Scope) -> Facts:
    """Everything of a school that a list can be matched with: three statements, whatever its size."""
    categories = session.execute(
        select(Category.name, Category.id)
        .where(Category.organisation_id == scope.organisation_id)
        .order_by(Category.position, Category.id)
    )
    return Facts(tuple(_people(session, scope)), tuple(_jobs(session, scope)), {row.name: row.id for row in categories})


def _people(session: Session, scope: Scope) -> Iterator[KnownPerson]:
    rows = session.execute(
        select(
            Person.id,
            Person.public_id,
            Person.given_name,
            Person.family_name,
            Person.email,
            Person.staff_number,
            Person.printed_reference,
        )
        .where(Person.organisation_id == scope.organisation_id)
        .order_by(Person.sort_key, Person.id)
    )
    for inside, public_id, given, family, email, number, reference in rows:
        yield KnownPerson(inside, public_id, Details(given, family, email, number), reference)


def _jobs(session: Session, scope: Scope) -> Iterator[KnownJob]:
    rows = session.execute(
        select(
            Engagement.id,
            Engagement.person_id,
            Engagement.category_id,
            Engagement.job_title,
            Engagement.started_on,
            Engagement.ended_on,
            Engagement.line_manager_id,
            Engagement.agency,
        )
        .where(Engagement.organisation_id == scope.organisation_id)
        .order_by(Engagement.id)
    )
    for row in rows:
        yield KnownJob(*row)
