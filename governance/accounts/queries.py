"""Who holds what at a school, and who has no account yet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from governance.accounts.models import Account, AccountPerson, Grant, OneTimeLink
from governance.accounts.permissions import Role
from governance.people.models import BodyMember, Engagement, Person
from governance.tenancy import Scope


@dataclass(frozen=True)
class Holder:
    """An account at the school. `state`: active, or invited until their link is used or over (`link_until`)."""

    public_id: str
    email: str
    name: str | None
    roles: tuple[Role, ...]
    state: str
    link_until: dt.datetime | None


@dataclass(frozen=True)
class Unaccounted:
    """Somebody of the school who has no account yet."""

    public_id: str
    name: str
    email: str | None


def holders(session: Session, scope: Scope, *, now: dt.datetime) -> list[Holder]:
    """Every account that holds a role or is a person here, in order of its address."""
    link = (
        select(func.max(OneTimeLink.expires_at))
        .where(
            OneTimeLink.account_id == Account.id,
            OneTimeLink.organisation_id == scope.organisation_id,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now,
        )
        .correlate(Account)
        .scalar_subquery()
    )
    here = scope.organisation_id
    rows = session.execute(
        select(Account, Grant.role, Person.given_name, Person.family_name, link)
        .outerjoin(Grant, and_(Grant.account_id == Account.id, Grant.organisation_id == here))
        .outerjoin(AccountPerson, and_(AccountPerson.account_id == Account.id, AccountPerson.organisation_id == here))
        .outerjoin(Person, Person.id == AccountPerson.person_id)
        .where(or_(Grant.id.is_not(None), AccountPerson.id.is_not(None)))
        .order_by(Account.email, Account.id)
    ).all()
    found: dict[int, Holder] = {}
    for account, role, given, family, until in rows:
        before = found.get(account.id)
        roles = {*(before.roles if before else ()), *((Role(role),) if role else ())}
        name = f"{given} {family}".strip() if family is not None else None
        ordered = tuple(sorted(roles, key=list(Role).index))
        state = "active" if account.password else "invited"
        found[account.id] = Holder(account.public_id, account.email, name, ordered, state, until)
    return list(found.values())


def unaccounted(session: Session, scope: Scope, day: dt.date) -> list[Unaccounted]:
    """Everybody with a job or a seat on that day or to come and no account, in the order of lists."""
    job = exists().where(
        Engagement.person_id == Person.id, or_(Engagement.ended_on.is_(None), Engagement.ended_on >= day)
    )
    seat = exists().where(
        BodyMember.person_id == Person.id, or_(BodyMember.until_on.is_(None), BodyMember.until_on >= day)
    )
    rows = session.scalars(
        select(Person)
        .where(
            Person.organisation_id == scope.organisation_id,
            Person.deactivated_at.is_(None),
            or_(job, seat),
            ~exists().where(AccountPerson.person_id == Person.id),
        )
        .order_by(Person.sort_key, Person.id)
    )
    return [Unaccounted(row.public_id, f"{row.given_name} {row.family_name}".strip(), row.email) for row in rows]


def signing_in(session: Session, scope: Scope) -> frozenset[int]:
    """The ids of the people here who have an account with a password."""
    rows = session.scalars(
        select(AccountPerson.person_id)
        .join(Account, Account.id == AccountPerson.account_id)
        .where(
            AccountPerson.organisation_id == scope.organisation_id,
            Account.active.is_(True),
            Account.password.is_not(None),
        )
        .order_by(AccountPerson.person_id)
    )
    return frozenset(rows)
