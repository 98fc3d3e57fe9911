"""Rows of what is owed with the names that a list needs: of people, their jobs, policies and versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Text, and_, cast, literal, null, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from governance.db import SortText, rows_of
from governance.people.models import Category, Engagement, Person
from governance.people.queries import REF, PersonRef
from governance.people.rules import full_name
from governance.policies.models import Policy, PolicyVersion
from governance.reading.owed import Owed
from governance.reading.parameters import DAY, ORGANISATION, among
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

    @cached_property
    def job_titles(self) -> str:
        """Their job titles, each once."""
        return joined(job.title for job in self.jobs)

    @cached_property
    def categories(self) -> str:
        """The names of their categories, each once."""
        return joined(job.category for job in self.jobs)

    @cached_property
    def managers(self) -> str:
        """The names of their managers, each once."""
        return joined(job.manager for job in self.jobs)

    def in_categories(self, category_ids: Collection[int]) -> Worker:
        """The same with the jobs in some categories alone, or with all where none of theirs is among them."""
        kept = tuple(job for job in self.jobs if job.category_id in category_ids)
        return self if kept in ((), self.jobs) else Worker(self.person, kept)


class PolicyNamed(NamedTuple):
    """A policy as lists name it."""

    id: int
    public_id: str
    title: str
    reference: str


class CategoryNamed(NamedTuple):
    """A category as lists name it."""

    id: int
    public_id: str
    name: str


class Listed(NamedTuple):
    """What one person owes, with names. `version` is what the version is called: its own label, or its number."""

    owed: Owed
    worker: Worker
    policy: PolicyNamed
    version: str


def joined(words: Iterable[str]) -> str:
    """Several words in one cell, each once."""
    return "; ".join(dict.fromkeys(word for word in words if word))


def listed(
    session: Session, scope: Scope, rows: Sequence[Owed], day: dt.date, known: Iterable[PolicyNamed] | None = None
) -> list[Listed]:
    """Rows with their names, by person, then policy: three statements at most. `known` are all policies, by title."""
    people = workers(session, scope, day, {row.person_id for row in rows})
    policies = {one.id: one for one in (policies_named(session, scope) if known is None else known)}
    versions = versions_named(session, scope, {row.version_id for row in rows})
    persons, titles = _places(people), _places(policies)
    found = [
        Listed(row, people[row.person_id], policies[row.policy_id], versions[row.version_id])
        for row in rows
        if row.person_id in people
    ]
    found.sort(key=lambda one: (persons[one.owed.person_id], titles[one.owed.policy_id]))
    return found


def _places(ids: Iterable[int]) -> dict[int, int]:
    return {one: place for place, one in enumerate(ids)}


def workers(session: Session, scope: Scope, day: dt.date, ids: Collection[int] | None = None) -> dict[int, Worker]:
    """People with the jobs they hold on a day, by id, in the order of their names; of the whole school without ids."""
    values: dict[str, Any] = {"organisation_id": scope.organisation_id, "day": day}
    some = ids is not None and len(ids) <= _MOST_NAMED
    rows = rows_of(session, _workers(some), values | {"ids": sorted(ids)} if ids is not None and some else values)
    found: dict[int, tuple[PersonRef, list[Job]]] = {}
    for *ref, category_id, category, title, given_name, family_name in rows:
        _, jobs = found.setdefault(ref[0], (PersonRef(*ref), []))
        if category_id is not None:
            named = full_name(given_name, family_name) if family_name is not None else ""
            jobs.append(Job(category_id, category, title, named))
    return {person_id: Worker(person, tuple(jobs)) for person_id, (person, jobs) in found.items()}


def policies_named(session: Session, scope: Scope) -> list[PolicyNamed]:
    """Every policy of the school, retired ones too, by title."""
    return [PolicyNamed(*row) for row in rows_of(session, _POLICIES, {"organisation_id": scope.organisation_id})]


def policies_and_categories(session: Session, scope: Scope) -> tuple[list[PolicyNamed], list[CategoryNamed]]:
    """Every policy by title, and the school's categories in its order: for the grid, in one statement."""
    policies: list[PolicyNamed] = []
    categories: list[CategoryNamed] = []
    for one, public_id, name, reference in rows_of(session, _BOTH, {"organisation_id": scope.organisation_id}):
        if reference is None:
            categories.append(CategoryNamed(one, public_id, name))
        else:
            policies.append(PolicyNamed(one, public_id, name, reference))
    return policies, categories


def versions_named(session: Session, scope: Scope, ids: Iterable[int]) -> dict[int, str]:
    """What versions are called, by id: their own label, or their number."""
    values = {"organisation_id": scope.organisation_id, "ids": sorted(set(ids))}
    return {version_id: label or str(number) for version_id, label, number in rows_of(session, _VERSIONS, values)}


@lru_cache(maxsize=2)
def _workers(some: bool) -> Any:
    manager, job = aliased(Person), Engagement
    began = and_(job.person_id == Person.id, job.started_on <= DAY)
    query = (
        select(*REF, Category.id, Category.name, job.job_title, manager.given_name, manager.family_name)
        .outerjoin(job, and_(began, or_(job.ended_on.is_(None), job.ended_on >= DAY)))
        .outerjoin(Category, Category.id == job.category_id)
        .outerjoin(manager, manager.id == job.line_manager_id)
        .where(Person.organisation_id == ORGANISATION)
        .order_by(Person.sort_key, Person.id, Category.position, job.started_on, job.id)
    )
    return query.where(among(Person.id, "ids")) if some else query


# Built once: putting such a statement together costs more than asking it.
_POLICIES = (
    select(Policy.id, Policy.public_id, Policy.title, Policy.reference)
    .where(Policy.organisation_id == ORGANISATION)
    .order_by(Policy.sort_key, Policy.id)
)
_names = union_all(
    select(
        Policy.id, Policy.public_id, Policy.title, Policy.reference, Policy.sort_key, literal(0).label("position")
    ).where(Policy.organisation_id == ORGANISATION),
    select(
        Category.id, Category.public_id, Category.name, cast(null(), Text), cast(null(), SortText), Category.position
    ).where(Category.organisation_id == ORGANISATION),
).subquery()
_BOTH = select(*list(_names.c)[:4]).order_by(_names.c.position, _names.c.sort_key, _names.c.id)
_VERSIONS = select(PolicyVersion.id, PolicyVersion.label, PolicyVersion.number).where(
    PolicyVersion.organisation_id == ORGANISATION, among(PolicyVersion.id, "ids")
)
