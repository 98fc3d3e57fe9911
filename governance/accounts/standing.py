"""What an account is and may do at a school on a day: its person there, its roles, its permissions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from governance.accounts.models import Account, AccountPerson, Grant
from governance.accounts.permissions import Role, permissions_of
from governance.accounts.rules import Here, roles_held
from governance.clock import local_day
from governance.people.models import BodyMember, Engagement, Person
from governance.tenancy import Actor, Organisation, Scope, scope_of

_FOR_EVER = dt.date(9999, 12, 31)


@dataclass(frozen=True)
class Standing:
    """Somebody at a school where they hold something. `label` is their name there, else how they sign in."""

    scope: Scope
    colour: str | None
    roles: frozenset[Role]
    label: str
    account_id: int
    person_id: int | None

    @property
    def actor(self) -> Actor:
        """Who acts, with what they may do."""
        return Actor(self.label, self.account_id, self.person_id, permissions_of(self.roles))


def standing_at(session: Session, account: Account, slug: str, *, now: dt.datetime) -> Standing | None:
    """The account's standing at one school; None for no such school and for one where it holds nothing."""
    rows = session.execute(_at_school(), {"account_id": account.id, "slug": slug}).all()
    return next(iter(_standings(rows, account, now)), None)


def standings(session: Session, account: Account, *, now: dt.datetime) -> list[Standing]:
    """Every school where the account holds anything, by name."""
    linked = _facts().where(or_(Grant.id.is_not(None), AccountPerson.id.is_not(None)))
    return _standings(session.execute(linked, {"account_id": account.id}).all(), account, now)


@lru_cache(maxsize=1)
def _at_school() -> Select[Any]:
    """Built once: every page asks it, and putting it together costs more than asking."""
    return _facts().where(Organisation.slug == bindparam("slug"))


def _facts() -> Select[Any]:
    """A row for each role and linked person, with the first and last days on which that person is known there."""
    at_school, account_id = Organisation.id, bindparam("account_id", type_=Integer())
    return (
        select(
            Organisation,
            Grant.role,
            Person,
            _day(func.min(Engagement.started_on), Engagement.person_id),
            _day(func.max(func.coalesce(Engagement.ended_on, literal(_FOR_EVER))), Engagement.person_id),
            _day(func.min(BodyMember.from_on), BodyMember.person_id),
            _day(func.max(func.coalesce(BodyMember.until_on, literal(_FOR_EVER))), BodyMember.person_id),
        )
        .outerjoin(Grant, and_(Grant.organisation_id == at_school, Grant.account_id == account_id))
        .outerjoin(
            AccountPerson, and_(AccountPerson.organisation_id == at_school, AccountPerson.account_id == account_id)
        )
        .outerjoin(Person, Person.id == AccountPerson.person_id)
        .order_by(Organisation.name, Organisation.id, AccountPerson.id)
    )


def _day(found: ColumnElement[Any], person_id: InstrumentedAttribute[int]) -> Any:
    return select(found).where(person_id == Person.id).correlate(Person).scalar_subquery()


def _standings(rows: Iterable[Any], account: Account, now: dt.datetime) -> list[Standing]:
    schools: dict[int, list[Any]] = {}
    for row in rows:
        schools.setdefault(row[0].id, []).append(row)
    found = (_standing(school, account, now) for school in schools.values())
    return [standing for standing in found if standing]


def _standing(rows: list[Any], account: Account, now: dt.datetime) -> Standing | None:
    organisation = rows[0][0]
    scope = scope_of(organisation)
    day = local_day(now, scope.time_zone)
    granted = frozenset(Role(row[1]) for row in rows if row[1] is not None)
    roles: frozenset[Role] = frozenset()
    linked = None
    for row in rows:
        held = roles_held(granted, _here(row), day)
        if held and not roles:
            roles, linked = held, row[2]
    if not roles:
        return None
    label = f"{linked.given_name} {linked.family_name}" if linked else account.email
    return Standing(scope, organisation.colour, roles, label, account.id, linked.id if linked else None)


def _here(row: Any) -> Here | None:
    if row[2] is None:
        return None
    firsts = [day for day in (row[3], row[5]) if day is not None]
    lasts = [day for day in (row[4], row[6]) if day is not None]
    return Here(row[2].deactivated_at is not None, min(firsts, default=None), max(lasts, default=None))


def has_left(session: Session, person: Person, day: dt.date) -> bool:
    """Whether somebody's last day has passed, or they were shut out by hand; who has no job and no seat has not left."""
    last_ons = session.execute(
        select(
            _day(func.max(func.coalesce(Engagement.ended_on, literal(_FOR_EVER))), Engagement.person_id),
            _day(func.max(func.coalesce(BodyMember.until_on, literal(_FOR_EVER))), BodyMember.person_id),
        ).where(Person.id == person.id)
    ).one()
    known = [day for day in last_ons if day is not None]
    return Here(person.deactivated_at is not None, None, max(known, default=None)).has_left(day)
