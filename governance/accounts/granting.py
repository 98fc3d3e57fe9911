"""Giving and taking roles at a school, and closing an account there."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from governance.accounts import rules
from governance.accounts.inviting import held_elsewhere
from governance.accounts.mailing import KIND
from governance.accounts.models import Account, AccountPerson, Grant, OneTimeLink
from governance.accounts.permissions import Role
from governance.accounts.sessions import end_all_sessions
from governance.errors import NotFound, Objection, refuse_if
from governance.journal.actions import record
from governance.journal.events import Event
from governance.mail.actions import take_back_waiting
from governance.tenancy import Actor, Scope, lock

GRANTED = Event("role granted", ids=("account",), payload=("email", "role"))
REVOKED = Event("role revoked", ids=("account",), payload=("email", "role"))
DEACTIVATED = Event("account deactivated", ids=("account",), payload=("email", "roles"))


def account_here(session: Session, scope: Scope, public_id: str) -> Account:
    """An account that holds something at this school.

    Raises:
        NotFound: for any other, whether or not another school has it.
    """
    account = session.scalar(select(Account).where(Account.public_id == public_id))
    if account is None or not (_roles(session, scope, account) or _linked(session, scope, account)):
        raise NotFound(public_id)
    return account


def grant_role(session: Session, scope: Scope, actor: Actor, account: Account, role: Role, *, now: dt.datetime) -> None:
    """Give a role; giving it again changes nothing."""
    lock(session, scope)
    if role in _roles(session, scope, account):
        return
    session.add(Grant(account_id=account.id, organisation_id=scope.organisation_id, role=role.value, granted_at=now))
    session.flush()
    payload = {"email": account.email, "role": role.value}
    record(session, scope, actor, GRANTED, ids={"account": account.public_id}, payload=payload, now=now)


def revoke_role(
    session: Session, scope: Scope, actor: Actor, account: Account, role: Role, *, now: dt.datetime
) -> None:
    """Take a role away, which counts from the account's next request; taking it again changes nothing.

    Raises:
        Refusal: for the last system manager.
    """
    lock(session, scope)
    if role not in _roles(session, scope, account):
        return
    refuse_if(_objections(session, scope, actor, account, role))
    session.execute(delete(Grant).where(*_here(Grant, scope, account), Grant.role == role.value))
    payload = {"email": account.email, "role": role.value}
    record(session, scope, actor, REVOKED, ids={"account": account.public_id}, payload=payload, now=now)


def deactivate(session: Session, scope: Scope, actor: Actor, account: Account, *, now: dt.datetime) -> None:
    """Close an account here at once: roles, person, sessions, links. Another school that holds it keeps it.

    Raises:
        Refusal: for the last system manager.
    """
    lock(session, scope)
    roles = _roles(session, scope, account)
    if Role.SYSTEM_MANAGER in roles:
        refuse_if(_objections(session, scope, actor, account, Role.SYSTEM_MANAGER))
    for model in (Grant, AccountPerson):
        session.execute(delete(model).where(*_here(model, scope, account)))
    unused = (OneTimeLink.account_id == account.id, OneTimeLink.used_at.is_(None))
    session.execute(
        update(OneTimeLink).where(*unused, OneTimeLink.organisation_id == scope.organisation_id).values(used_at=now)
    )
    take_back_waiting(session, scope, KIND, account.email, "The account was closed before it left.", now)
    if not held_elsewhere(session, account, scope):
        account.active = False
        end_all_sessions(session, account, now=now)
    session.flush()
    payload = {"email": account.email, "roles": sorted(roles)}
    record(session, scope, actor, DEACTIVATED, ids={"account": account.public_id}, payload=payload, now=now)


def _objections(session: Session, scope: Scope, actor: Actor, account: Account, role: Role) -> list[Objection]:
    managers = session.scalars(
        select(Grant.account_id)
        .join(Account, Account.id == Grant.account_id)
        .where(
            Grant.organisation_id == scope.organisation_id,
            Grant.role == Role.SYSTEM_MANAGER.value,
            Account.active.is_(True),
        )
    ).all()
    return rules.objections_to_revoking(role, managers, account.id, own=actor.account_id == account.id)


def _roles(session: Session, scope: Scope, account: Account) -> set[Role]:
    return {Role(role) for role in session.scalars(select(Grant.role).where(*_here(Grant, scope, account)))}


def _linked(session: Session, scope: Scope, account: Account) -> bool:
    linked = select(AccountPerson.id).where(*_here(AccountPerson, scope, account)).limit(1)
    return session.scalar(linked) is not None


def _here(model: type[Grant] | type[AccountPerson], scope: Scope, account: Account) -> tuple[ColumnElement[bool], ...]:
    return (model.account_id == account.id, model.organisation_id == scope.organisation_id)
