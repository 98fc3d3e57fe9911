"""Who is at the school: the list with its search, and finding people by what a list or a slip gives of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_, select
from sqlalchemy.orm import Session

from governance.people.models import BodyMember, Category, Engagement, Person
from governance.people.references import as_printed
from governance.people.rules import full_name
from governance.schools.names import fold
from governance.tenancy import Scope

_MOST_WORDS = 6


class Standing(StrEnum):
    """Where somebody stands on a day. Those without any job are among the former."""

    CURRENT = "current"
    COMING = "coming"
    LEFT = "left"
    ALL = "all"

    @property
    def in_words(self) -> str:
        """As the screen says it."""
        return _STANDINGS[self]


_STANDINGS = {
    Standing.CURRENT: "Here now",
    Standing.COMING: "Starting later",
    Standing.LEFT: "Left, or without a job",
    Standing.ALL: "Everybody",
}


@dataclass(frozen=True)
class PersonRef:
    """Somebody, as other rooms name them."""

    id: int
    public_id: str
    given_name: str
    family_name: str
    staff_number: str | None
    reference: str
    email: str | None

    @property
    def name(self) -> str:
        """Given name and family name."""
        return full_name(self.given_name, self.family_name)

    @property
    def number(self) -> str:
        """What a list finds them by: the staff number, else the printed reference."""
        return self.staff_number or self.reference


@dataclass(frozen=True)
class JobLine:
    """A job as a list shows it."""

    category: str
    job_title: str
    started_on: dt.date
    ended_on: dt.date | None

    def holds_on(self, day: dt.date) -> bool:
        """Whether it is held on a day."""
        return self.started_on <= day and (self.ended_on is None or day <= self.ended_on)


@dataclass(frozen=True)
class PersonRow:
    """Somebody in the list of people, with every job they had."""

    person: PersonRef
    jobs: tuple[JobLine, ...]

    def jobs_on(self, day: dt.date) -> list[JobLine]:
        """The jobs held on a day."""
        return [job for job in self.jobs if job.holds_on(day)]

    @property
    def last_on(self) -> dt.date | None:
        """The last day of the last job; None while one is open or where there was none."""
        ends = [job.ended_on for job in self.jobs]
        return None if None in ends or not ends else max(end for end in ends if end)


@dataclass(frozen=True)
class PeoplePage:
    """A page of the list. `total` counts the whole list, `pages` is at least 1."""

    rows: tuple[PersonRow, ...]
    total: int
    page: int
    pages: int


def people(
    session: Session,
    scope: Scope,
    *,
    as_of: dt.date,
    search: str = "",
    category_id: int | None = None,
    standing: Standing = Standing.CURRENT,
    page: int = 1,
    per_page: int = 50,
) -> PeoplePage:
    """A page of the people, by family name. A page beyond the ends is the nearest there is.

    `search` are words that must all be found in the name, e-mail, staff number or printed reference.
    """
    chosen = and_(
        Person.organisation_id == scope.organisation_id,
        _standing(standing, as_of),
        *_found(search),
        *([_in_category(category_id, standing, as_of)] if category_id is not None else []),
    )
    total = session.scalar(select(func.count()).select_from(Person).where(chosen)) or 0
    pages = max(1, -(-total // per_page))
    shown = min(max(1, page), pages)
    part = (
        select(Person.id)
        .where(chosen)
        .order_by(Person.sort_key, Person.id)
        .limit(per_page)
        .offset((shown - 1) * per_page)
        .subquery()
    )
    return PeoplePage(tuple(_rows(session, select(part.c.id))), total, shown, pages)


def everyone(session: Session, scope: Scope, *, as_of: dt.date | None = None) -> list[PersonRef]:
    """Everybody recorded, by family name; with `as_of`, those who hold a job or an office on that day."""
    query = select(*REF).where(Person.organisation_id == scope.organisation_id)
    if as_of is not None:
        query = query.where(_standing(Standing.CURRENT, as_of))
    return [PersonRef(*row) for row in session.execute(query.order_by(Person.sort_key, Person.id))]


def by_number(session: Session, scope: Scope) -> dict[str, PersonRef]:
    """The school's people by folded staff number and by printed reference, for lists that name them so."""
    found: dict[str, PersonRef] = {}
    for person in everyone(session, scope):
        found[person.reference] = person
        if person.staff_number:
            found[fold(person.staff_number)] = person
    return found


def with_number(people: dict[str, PersonRef], typed: str) -> PersonRef | None:
    """The person of a typed staff number or printed reference, among `by_number`."""
    return people.get(fold(typed)) or people.get(as_printed(typed))


def refs(session: Session, scope: Scope, ids: Iterable[int]) -> dict[int, PersonRef]:
    """People by their ids."""
    wanted = list(ids)
    query = select(*REF).where(Person.organisation_id == scope.organisation_id, Person.id.in_(wanted))
    return {row[0]: PersonRef(*row) for row in session.execute(query)}


REF = (
    Person.id,
    Person.public_id,
    Person.given_name,
    Person.family_name,
    Person.staff_number,
    Person.printed_reference,
    Person.email,
)


def _rows(session: Session, ids: object) -> list[PersonRow]:
    query = (
        select(*REF, Category.name, Engagement.job_title, Engagement.started_on, Engagement.ended_on)
        .outerjoin(Engagement, Engagement.person_id == Person.id)
        .outerjoin(Category, Category.id == Engagement.category_id)
        .where(Person.id.in_(ids))  # type: ignore[arg-type]  # a subquery, which the stubs do not know here
        .order_by(Person.sort_key, Person.id, Engagement.started_on, Category.position, Engagement.id)
    )
    found: dict[int, tuple[PersonRef, list[JobLine]]] = {}
    for *ref, category, job_title, started_on, ended_on in session.execute(query):
        _, jobs = found.setdefault(ref[0], (PersonRef(*ref), []))
        if category is not None:
            jobs.append(JobLine(category, job_title, started_on, ended_on))
    return [PersonRow(person, tuple(jobs)) for person, jobs in found.values()]


def _job(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Engagement.person_id == Person.id, *conditions)


def _seat(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(BodyMember.person_id == Person.id, *conditions)


def _holds(day: dt.date) -> ColumnElement[bool]:
    open_or_later = or_(Engagement.ended_on.is_(None), Engagement.ended_on >= day)
    return and_(Engagement.started_on <= day, open_or_later)


def _standing(standing: Standing, day: dt.date) -> ColumnElement[bool]:
    if standing is Standing.ALL:
        return not_(false())
    sits = and_(BodyMember.from_on <= day, or_(BodyMember.until_on.is_(None), BodyMember.until_on >= day))
    here = or_(_job(_holds(day)), _seat(sits))
    if standing is Standing.CURRENT:
        return here
    coming = or_(_job(Engagement.started_on > day), _seat(BodyMember.from_on > day))
    return and_(not_(here), coming if standing is Standing.COMING else not_(coming))


def _in_category(category_id: int, standing: Standing, day: dt.date) -> ColumnElement[bool]:
    """In the category on the day, where only those here now are looked at; else ever."""
    holds = [_holds(day)] if standing is Standing.CURRENT else []
    return _job(Engagement.category_id == category_id, *holds)


def _found(search: str) -> list[ColumnElement[bool]]:
    conditions = []
    for word in fold(search[:200]).split()[:_MOST_WORDS]:
        conditions.append(
            or_(
                Person.sort_key.contains(word, autoescape=True),
                func.lower(Person.email).contains(word, autoescape=True),
                func.lower(Person.staff_number).contains(word, autoescape=True),
                func.lower(Person.printed_reference).contains(word, autoescape=True),
            )
        )
    return conditions
