"""One person's record: jobs, offices, posts and absences. Each part is one statement."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import null, select
from sqlalchemy.orm import Session, aliased

from governance.errors import NotFound
from governance.people.models import Absence, BodyMember, Category, Engagement, Person, Post, PostHolder
from governance.people.queries import PersonRef
from governance.people.rules import Office, full_name
from governance.schools.models import GoverningBody
from governance.tenancy import Scope


@dataclass(frozen=True)
class JobRecord:
    """A job of theirs. `ended_on` is its last day."""

    public_id: str
    category_public_id: str
    category: str
    job_title: str
    started_on: dt.date
    ended_on: dt.date | None
    line_manager: str | None
    agency: str | None


@dataclass(frozen=True)
class OfficeRecord:
    """An office of theirs on a governing body."""

    public_id: str
    body_public_id: str
    body: str
    office: Office
    from_on: dt.date
    until_on: dt.date | None


@dataclass(frozen=True)
class PostRecord:
    """A post that they hold or held."""

    public_id: str
    post: str
    from_on: dt.date
    until_on: dt.date | None


@dataclass(frozen=True)
class AbsenceRecord:
    """Days away. `reason` is None unless whoever looks may see it."""

    public_id: str
    from_on: dt.date
    until_on: dt.date | None
    reason: str | None


@dataclass(frozen=True)
class PersonRecord:
    """Everything kept about one person's place at the school, newest first."""

    person: PersonRef
    deactivated_at: dt.datetime | None
    jobs: tuple[JobRecord, ...]
    offices: tuple[OfficeRecord, ...]
    posts: tuple[PostRecord, ...]
    absences: tuple[AbsenceRecord, ...]

    def jobs_on(self, day: dt.date) -> list[JobRecord]:
        """The jobs held on a day."""
        return [job for job in self.jobs if job.started_on <= day and (job.ended_on is None or day <= job.ended_on)]

    def away_on(self, day: dt.date) -> AbsenceRecord | None:
        """The absence that holds on a day."""
        holding = (
            away for away in self.absences if away.from_on <= day and (away.until_on is None or day <= away.until_on)
        )
        return next(holding, None)


def person_record(session: Session, scope: Scope, public_id: str, *, reasons: bool = False) -> PersonRecord:
    """One person's record; the reasons of absences only where they were asked for.

    Raises:
        NotFound: when this school has no such person.
    """
    person = session.scalar(
        select(Person).where(Person.organisation_id == scope.organisation_id, Person.public_id == public_id)
    )
    if person is None:
        raise NotFound(public_id)
    return PersonRecord(
        ref_of(person),
        person.deactivated_at,
        _jobs(session, person.id),
        _offices(session, person.id),
        _posts(session, person.id),
        _absences(session, person.id, reasons),
    )


def ref_of(person: Person) -> PersonRef:
    """A stored person as other rooms name them."""
    return PersonRef(
        person.id,
        person.public_id,
        person.given_name,
        person.family_name,
        person.staff_number,
        person.printed_reference,
        person.email,
    )


def _jobs(session: Session, person_id: int) -> tuple[JobRecord, ...]:
    manager = aliased(Person)
    query = (
        select(
            Engagement.public_id,
            Category.public_id,
            Category.name,
            Engagement.job_title,
            Engagement.started_on,
            Engagement.ended_on,
            manager.given_name,
            manager.family_name,
            Engagement.agency,
        )
        .join(Category, Category.id == Engagement.category_id)
        .outerjoin(manager, manager.id == Engagement.line_manager_id)
        .where(Engagement.person_id == person_id)
        .order_by(Engagement.started_on.desc(), Category.position, Engagement.id)
    )
    return tuple(
        JobRecord(
            key,
            category_key,
            category,
            title,
            started_on,
            ended_on,
            full_name(given or "", family or "") or None,
            agency,
        )
        for key, category_key, category, title, started_on, ended_on, given, family, agency in session.execute(query)
    )


def _offices(session: Session, person_id: int) -> tuple[OfficeRecord, ...]:
    query = (
        select(
            BodyMember.public_id,
            GoverningBody.public_id,
            GoverningBody.name,
            BodyMember.office,
            BodyMember.from_on,
            BodyMember.until_on,
        )
        .join(GoverningBody, GoverningBody.id == BodyMember.body_id)
        .where(BodyMember.person_id == person_id)
        .order_by(BodyMember.from_on.desc(), GoverningBody.name_key, BodyMember.id)
    )
    return tuple(
        OfficeRecord(key, body_key, body, Office(office), from_on, until_on)
        for key, body_key, body, office, from_on, until_on in session.execute(query)
    )


def _posts(session: Session, person_id: int) -> tuple[PostRecord, ...]:
    query = (
        select(PostHolder.public_id, Post.name, PostHolder.from_on, PostHolder.until_on)
        .join(Post, Post.id == PostHolder.post_id)
        .where(PostHolder.person_id == person_id)
        .order_by(PostHolder.from_on.desc(), Post.name_key, PostHolder.id)
    )
    return tuple(PostRecord(*row) for row in session.execute(query))


def _absences(session: Session, person_id: int, reasons: bool) -> tuple[AbsenceRecord, ...]:
    # Where the reason may not be seen it is not read at all.
    reason = Absence.reason if reasons else null()
    query = select(Absence.public_id, Absence.from_on, Absence.until_on, reason).where(Absence.person_id == person_id)
    return tuple(AbsenceRecord(*row) for row in session.execute(query.order_by(Absence.from_on.desc(), Absence.id)))
