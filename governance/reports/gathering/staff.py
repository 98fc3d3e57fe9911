"""People as reports name them: their number, name, jobs and managers on a day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from governance.people.models import Category, Engagement, Person
from governance.tenancy import Scope


@dataclass(frozen=True)
class Job:
    """A job held on the day."""

    category_id: int
    category: str
    title: str
    manager: str


@dataclass(frozen=True)
class StaffMember:
    """Somebody of the school. `number` is the staff number, or the printed reference of those who have none."""

    person_id: int
    number: str
    family_name: str
    given_name: str
    sort_key: str
    jobs: tuple[Job, ...] = field(default=())

    def jobs_in(self, category_ids: Iterable[int]) -> tuple[Job, ...]:
        """The jobs in some categories, or all where none of theirs is among them: somebody named in person."""
        wanted = set(category_ids)
        return tuple(job for job in self.jobs if job.category_id in wanted) or self.jobs


def joined(words: Iterable[str]) -> str:
    """Several words in one cell, each once."""
    return "; ".join(dict.fromkeys(word for word in words if word))


def staff_on(session: Session, scope: Scope, day: dt.date) -> dict[int, StaffMember]:
    """Everybody ever recorded, leavers included, with the jobs that hold on a day: one statement."""
    manager = aliased(Person)
    holds = (Engagement.started_on <= day) & (Engagement.ended_on.is_(None) | (Engagement.ended_on >= day))
    rows = session.execute(
        select(
            Person.id,
            Person.staff_number,
            Person.printed_reference,
            Person.family_name,
            Person.given_name,
            Person.sort_key,
            Engagement.category_id,
            Category.name,
            Engagement.job_title,
            manager.given_name.label("manager_given"),
            manager.family_name.label("manager_family"),
        )
        .outerjoin(Engagement, (Engagement.person_id == Person.id) & holds)
        .outerjoin(Category, Category.id == Engagement.category_id)
        .outerjoin(manager, manager.id == Engagement.line_manager_id)
        .where(Person.organisation_id == scope.organisation_id)
        .order_by(Person.sort_key, Person.id, Category.position, Engagement.id)
    ).all()
    jobs: defaultdict[int, list[Job]] = defaultdict(list)
    people: dict[int, StaffMember] = {}
    for row in rows:
        number = row.staff_number or row.printed_reference
        people[row.id] = StaffMember(row.id, number, row.family_name, row.given_name, row.sort_key)
        if row.category_id is not None:
            managed_by = f"{row.manager_given} {row.manager_family}" if row.manager_family else ""
            jobs[row.id].append(Job(row.category_id, row.name, row.job_title, managed_by))
    return {
        key: StaffMember(one.person_id, one.number, one.family_name, one.given_name, one.sort_key, tuple(jobs[key]))
        for key, one in people.items()
    }
