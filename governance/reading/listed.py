"""Rows of what is owed with the names that a list needs: of people, their jobs, policies and versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from governance.people.models import Category, Engagement, Person
from governance.people.queries import REF, PersonRef
from governance.people.rules import full_name
from governance.policies.models import Policy, PolicyVersion
from governance.reading.owed import Owed
from governance.tenancy import Scope

# Beyond so many the whole school is asked for: SQLite and PostgreSQL limit the values in a statement.
_MOST_NAMED = 500


@dataclass(frozen=True)
class Job:
    """A job held on the day. `manager` is empty where there is none."""

    category_id: int
    category: str
    title: str
    manager: str


@dataclass(frozen=True)
class Worker:
    """Somebody with the jobs they hold on the day, in the order of the categories."""

    person: PersonRef
    jobs: tuple[Job, ...]

    @property
    def job_titles(self) -> str:
        """Their job titles, each once."""
        return "; ".join(dict.fromkeys(job.title for job in self.jobs if job.title))

    @property
    def categories(self) -> str:
        """The names of their categories, each once."""
        return "; ".join(dict.fromkeys(job.category for job in self.jobs))

    @property
    def managers(self) -> str:
        """The names of their managers, each once."""
        return "; ".join(dict.fromkeys(job.manager for job in self.jobs if job.manager))


@dataclass(frozen=True)
class PolicyNamed:
    """A policy as lists name it."""

    id: int
    public_id: str
    title: str
    reference: str


@dataclass(frozen=True)
class Listed:
    """What one person owes, with names. `version` is the version's public identifier, `version_label` its own name."""

    owed: Owed
    worker: Worker
    policy: PolicyNamed
    version: str
    version_label: str


def listed(
    session: Session, scope: Scope, rows: Sequence[Owed], day: dt.date, known: Iterable[PolicyNamed] | None = None
) -> list[Listed]:
    """Rows with their names, in the order given: three statements at most. `known` are the policies, if at hand."""
    people = workers(session, scope, day, {row.person_id for row in rows})
    policies = {one.id: one for one in (policies_named(session, scope) if known is None else known)}
    versions = _versions(session, scope, {row.version_id for row in rows})
    return [
        Listed(row, people[row.person_id], policies[row.policy_id], *versions[row.version_id])
        for row in rows
        if row.person_id in people
    ]


def workers(session: Session, scope: Scope, day: dt.date, ids: Collection[int] | None = None) -> dict[int, Worker]:
    """People with the jobs they hold on a day, by id, in the order of their names; of the whole school without ids."""
    manager = aliased(Person)
    holds = and_(
        Engagement.person_id == Person.id,
        Engagement.started_on <= day,
        or_(Engagement.ended_on.is_(None), Engagement.ended_on >= day),
    )
    query = (
        select(*REF, Category.id, Category.name, Engagement.job_title, manager.given_name, manager.family_name)
        .outerjoin(Engagement, holds)
        .outerjoin(Category, Category.id == Engagement.category_id)
        .outerjoin(manager, manager.id == Engagement.line_manager_id)
        .where(Person.organisation_id == scope.organisation_id)
        .order_by(Person.sort_key, Person.id, Category.position, Engagement.started_on, Engagement.id)
    )
    if ids is not None and len(ids) <= _MOST_NAMED:
        query = query.where(Person.id.in_(sorted(ids)))
    found: dict[int, tuple[PersonRef, list[Job]]] = {}
    for *ref, category_id, category, title, given_name, family_name in session.execute(query):
        _, jobs = found.setdefault(ref[0], (PersonRef(*ref), []))
        if category_id is not None:
            named = full_name(given_name, family_name) if family_name is not None else ""
            jobs.append(Job(category_id, category, title, named))
    return {person_id: Worker(person, tuple(jobs)) for person_id, (person, jobs) in found.items()}


def policies_named(session: Session, scope: Scope) -> list[PolicyNamed]:
    """Every policy of the school, retired ones too, by title."""
    mine = select(Policy.id, Policy.public_id, Policy.title, Policy.reference).where(
        Policy.organisation_id == scope.organisation_id
    )
    return [PolicyNamed(*row) for row in session.execute(mine.order_by(Policy.sort_key, Policy.id))]


def _versions(session: Session, scope: Scope, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    mine = select(PolicyVersion.id, PolicyVersion.public_id, PolicyVersion.label, PolicyVersion.number).where(
        PolicyVersion.organisation_id == scope.organisation_id, PolicyVersion.id.in_(sorted(set(ids)))
    )
    return {row.id: (row.public_id, row.label or str(row.number)) for row in session.execute(mine)}
