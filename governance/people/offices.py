"""Who holds what on a day: the headteacher, a body's chair and members, the holders of posts, and whom a mail goes to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from governance.people.models import BodyMember, Category, Engagement, Person, Post, PostHolder
from governance.people.queries import REF, PersonRef
from governance.people.rules import Office
from governance.schools.models import GoverningBody
from governance.tenancy import Scope

HEADTEACHER = "headteacher"
_ORDER = {office: place for place, office in enumerate(Office)}


class Addressee(StrEnum):
    """Who can be addressed by what they are. Roles that are granted to accounts are the accounts room's."""

    HEADTEACHER = "headteacher"
    CHAIR = "chair"
    CLERK = "clerk"
    MEMBERS = "members"  # everybody who sits on the body, associates too, without the clerk


@dataclass(frozen=True)
class Seat:
    """An office on a body, with who has it."""

    public_id: str
    body_id: int
    office: Office
    from_on: dt.date
    until_on: dt.date | None
    person: PersonRef


@dataclass(frozen=True)
class PostRow:
    """A post with its holder on a day; `holder` is None where it is vacant."""

    id: int
    public_id: str
    name: str
    ended_on: dt.date | None
    holder: PersonRef | None
    holding: str | None
    since: dt.date | None
    until_on: dt.date | None


def seats(session: Session, scope: Scope, *, body_id: int | None = None, day: dt.date | None = None) -> list[Seat]:
    """Offices on a body (or all), those that hold on a day (or ever): the chair first, then by office and name."""
    query = (
        select(
            BodyMember.public_id,
            BodyMember.body_id,
            BodyMember.office,
            BodyMember.from_on,
            BodyMember.until_on,
            *REF,
        )
        .join(Person, Person.id == BodyMember.person_id)
        .where(BodyMember.organisation_id == scope.organisation_id)
        .order_by(Person.sort_key, Person.id, BodyMember.from_on, BodyMember.id)
    )
    if body_id is not None:
        query = query.where(BodyMember.body_id == body_id)
    if day is not None:
        query = query.where(_holds(BodyMember.from_on, BodyMember.until_on, day))
    found = [
        Seat(key, body, Office(office), from_on, until_on, PersonRef(*ref))
        for key, body, office, from_on, until_on, *ref in session.execute(query)
    ]
    return sorted(found, key=lambda seat: _ORDER[seat.office])


def members_on(session: Session, scope: Scope, body_id: int, day: dt.date) -> list[PersonRef]:
    """Everybody who sits on a body on a day, once each, the chair first. The clerk is no member."""
    sitting = [seat for seat in seats(session, scope, body_id=body_id, day=day) if seat.office is not Office.CLERK]
    return list({seat.person.id: seat.person for seat in sitting}.values())


def chair_on(session: Session, scope: Scope, body_id: int, day: dt.date) -> PersonRef | None:
    """The chair of a body on a day."""
    return _first_in(session, scope, body_id, day, Office.CHAIR)


def clerk_on(session: Session, scope: Scope, body_id: int, day: dt.date) -> PersonRef | None:
    """The clerk to a body on a day."""
    return _first_in(session, scope, body_id, day, Office.CLERK)


def headteachers_on(session: Session, scope: Scope, day: dt.date) -> list[PersonRef]:
    """Who holds the category headteacher on a day; schools with co-heads have two."""
    query = (
        select(*REF)
        .join(Engagement, Engagement.person_id == Person.id)
        .join(Category, Category.id == Engagement.category_id)
        .where(
            Person.organisation_id == scope.organisation_id,
            Category.code == HEADTEACHER,
            _holds(Engagement.started_on, Engagement.ended_on, day),
        )
        .order_by(Engagement.started_on, Person.sort_key, Person.id)
    )
    return list({row[0]: PersonRef(*row) for row in session.execute(query)}.values())


def headteacher_on(session: Session, scope: Scope, day: dt.date) -> PersonRef | None:
    """The headteacher on a day; of two, the one longer in the job."""
    return next(iter(headteachers_on(session, scope, day)), None)


def posts_on(session: Session, scope: Scope, day: dt.date) -> list[PostRow]:
    """Every post that exists on a day, by name, with its holder."""
    holding = and_(PostHolder.post_id == Post.id, _holds(PostHolder.from_on, PostHolder.until_on, day))
    query = (
        select(
            Post.id,
            Post.public_id,
            Post.name,
            Post.ended_on,
            PostHolder.public_id,
            PostHolder.from_on,
            PostHolder.until_on,
            *REF,
        )
        .outerjoin(PostHolder, holding)
        .outerjoin(Person, Person.id == PostHolder.person_id)
        .where(Post.organisation_id == scope.organisation_id, or_(Post.ended_on.is_(None), Post.ended_on >= day))
        .order_by(Post.name_key, Post.id)
    )
    return [
        PostRow(post_id, key, name, ended, PersonRef(*ref) if holding_key else None, holding_key, since, until)
        for post_id, key, name, ended, holding_key, since, until, *ref in session.execute(query)
    ]


def vacant_posts(session: Session, scope: Scope, day: dt.date) -> list[PostRow]:
    """Posts that nobody holds on a day."""
    return [post for post in posts_on(session, scope, day) if post.holder is None]


def current_holder(session: Session, scope: Scope, post_id: int, day: dt.date) -> PersonRef | None:
    """Who holds a post on a day."""
    query = (
        select(*REF)
        .join(PostHolder, PostHolder.person_id == Person.id)
        .where(
            Person.organisation_id == scope.organisation_id,
            PostHolder.post_id == post_id,
            _holds(PostHolder.from_on, PostHolder.until_on, day),
        )
        .order_by(PostHolder.from_on.desc(), PostHolder.id)
        .limit(1)
    )
    row = session.execute(query).first()
    return PersonRef(*row) if row else None


def bodies_chaired_by(session: Session, scope: Scope, person_id: int, day: dt.date) -> list[int]:
    """The ids of the bodies that somebody chairs on a day."""
    query = (
        select(GoverningBody.id)
        .join(BodyMember, BodyMember.body_id == GoverningBody.id)
        .where(
            GoverningBody.organisation_id == scope.organisation_id,
            BodyMember.person_id == person_id,
            BodyMember.office == Office.CHAIR,
            _holds(BodyMember.from_on, BodyMember.until_on, day),
        )
        .order_by(GoverningBody.name_key)
    )
    return list(session.scalars(query))


def addressees(
    session: Session, scope: Scope, who: Iterable[str], day: dt.date, *, body_id: int | None = None
) -> list[PersonRef]:
    """The people that `who` names on a day, once each; without a body, of every body. Some may have no e-mail."""
    wanted = {Addressee(name) for name in who}
    found: list[PersonRef] = []
    if Addressee.HEADTEACHER in wanted:
        found += headteachers_on(session, scope, day)
    if wanted - {Addressee.HEADTEACHER}:
        for seat in seats(session, scope, body_id=body_id, day=day):
            named = Addressee.MEMBERS in wanted and seat.office is not Office.CLERK
            if named or seat.office in {str(name) for name in wanted}:
                found.append(seat.person)
    return list({person.id: person for person in found}.values())


def _first_in(session: Session, scope: Scope, body_id: int, day: dt.date, office: Office) -> PersonRef | None:
    found = (seat.person for seat in seats(session, scope, body_id=body_id, day=day) if seat.office is office)
    return next(found, None)


def _holds(start: Any, end: Any, day: dt.date) -> ColumnElement[bool]:
    """A stretch of days holds on its last day too."""
    return and_(start <= day, or_(end.is_(None), end >= day))
