"""Who gets an account and how they come in: by a one-time link to set a password, mailed or printed as a slip."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from governance.accounts import links, rules
from governance.accounts.mailing import Mailing, make
from governance.accounts.models import Account, AccountPerson, Grant
from governance.accounts.permissions import Role
from governance.accounts.sessions import end_all_sessions
from governance.db import across_schools
from governance.errors import Refusal, refuse_if
from governance.journal.actions import record
from governance.journal.events import Event
from governance.people.models import Person
from governance.people.rules import full_name
from governance.tenancy import Actor, Organisation, Scope, lock, new_public_id, scope_of

INVITED = Event("account invited", ids=("account",), payload=("email", "roles"))
LINK_MADE = Event("one-time link made", ids=("account",), payload=("email",))
PASSWORD_SET = Event("password set", ids=("account",))
PERSON_LINKED = Event("account linked to person", ids=("account", "person"), payload=("email", "name"))

_ELSEWHERE = (
    "That address already signs in here with a password that your school cannot change. "
    "Whoever runs this installation can add it to your school with the command `account add`."
)


@dataclass(frozen=True)
class Invitation:
    """An account and the secret of its link, known at this moment only; None where it is mailed or not needed."""

    account: Account
    token: str | None


def invite(
    session: Session,
    scope: Scope,
    actor: Actor,
    *,
    email: str,
    roles: Collection[Role] = (),
    person: Person | None = None,
    across: bool = False,
    mailing: Mailing | None = None,
    now: dt.datetime,
) -> Invitation:
    """Give somebody an account here: roles, or the person they are, and a link to set a password.

    With `mailing` the link goes to them by mail, else it is handed back to be shown once. `across` is for the command
    line alone: an account that another school holds may be given to this one too. It keeps its password, since a school
    that could change it could act at the other.

    Raises:
        Refusal: for no address, for neither role nor person, for an account that is another school's, or for a link to
            be mailed to somebody without an address.
    """
    lock(session, scope)
    account, elsewhere = _account_for(session, scope, email, roles, person, across=across, now=now)
    _grant(session, scope, account, roles, now)
    payload = {"email": account.email, "roles": sorted(roles)}
    record(session, scope, actor, INVITED, ids={"account": account.public_id}, payload=payload, now=now)
    if person is not None:
        link_person(session, scope, actor, account, person, now=now)
    if elsewhere and account.password:
        return Invitation(account, None)
    name = full_name(person.given_name, person.family_name) if person is not None else ""
    return Invitation(account, make(session, scope, account, by=actor.label, name=name, mailing=mailing, now=now))


def invite_person(
    session: Session, scope: Scope, actor: Actor, person: Person, *, mailing: Mailing | None = None, now: dt.datetime
) -> Invitation:
    """Give somebody of the school an account as a reader. Without an e-mail address they sign in by their reference.

    Raises:
        Refusal: as `invite`.
    """
    return invite(session, scope, actor, email=sign_in_name(person, scope), person=person, mailing=mailing, now=now)


def new_link(
    session: Session,
    scope: Scope,
    actor: Actor,
    account: Account,
    *,
    across: bool = False,
    mailing: Mailing | None = None,
    now: dt.datetime,
) -> str | None:
    """A new one-time link for somebody who lost theirs or forgot their password; the old password works until then.

    Its secret, to be shown once; None where `mailing` sends it.

    Raises:
        Refusal: for a deactivated account, for one that another school holds too, and for one without an address where
            it is to be mailed.
    """
    lock(session, scope)
    if not account.active:
        raise Refusal.one("That account is deactivated. Invite the address again to let them back in.")
    if not across and held_elsewhere(session, account, scope):
        raise Refusal.one(_ELSEWHERE)
    payload = {"email": account.email}
    record(session, scope, actor, LINK_MADE, ids={"account": account.public_id}, payload=payload, now=now)
    return make(session, scope, account, by=actor.label, mailing=mailing, now=now)


def set_password(session: Session, token: str, password_hash: str, *, now: dt.datetime) -> Account:
    """Spend a link: the account has this password from now on, and every session it had is over.

    `password_hash` was made before the transaction, since hashing is slow on purpose.

    Raises:
        Refusal: for a link that does not work, or was used by somebody quicker.
    """
    found = links.account_of(session, token, now=now)
    if found is None:
        raise Refusal.one("This link does not work any more. Ask your school's office for a new one.")
    link, account = found
    organisation = session.get_one(Organisation, link.organisation_id)
    scope = scope_of(organisation)
    lock(session, scope)
    if not links.spend(session, link, now=now):
        raise Refusal.one("This link was used a moment ago. Ask your school's office for a new one.")
    account.password = password_hash
    account.fs_uniquifier = new_public_id()
    end_all_sessions(session, account, now=now)
    session.flush()
    who = Actor(account.email, account.id)
    record(session, scope, who, PASSWORD_SET, ids={"account": account.public_id}, now=now)
    return account


def link_person(
    session: Session, scope: Scope, actor: Actor, account: Account, person: Person, *, now: dt.datetime
) -> None:
    """Say which person of the school an account is; saying it again changes nothing.

    Raises:
        Refusal: when the account is somebody else here, or the person has another account.
    """
    lock(session, scope)
    links_here = select(AccountPerson).where(
        AccountPerson.organisation_id == scope.organisation_id,
        or_(AccountPerson.account_id == account.id, AccountPerson.person_id == person.id),
    )
    there = session.scalars(links_here).all()
    if any(row.account_id == account.id and row.person_id == person.id for row in there):
        return
    if there:
        raise Refusal.one("That account or that person is already linked to another. Each has one at a school.")
    session.add(AccountPerson(account_id=account.id, organisation_id=scope.organisation_id, person_id=person.id))
    session.flush()
    payload = {"email": account.email, "name": f"{person.given_name} {person.family_name}"}
    ids = {"account": account.public_id, "person": person.public_id}
    record(session, scope, actor, PERSON_LINKED, ids=ids, payload=payload, now=now)


def sign_in_name(person: Person, scope: Scope) -> str:
    """What somebody signs in with: their e-mail address, else their printed reference at this school."""
    return (person.email or f"{person.printed_reference}@{scope.slug}").strip().casefold()


def held_elsewhere(session: Session, account: Account, scope: Scope) -> bool:
    """Whether another school holds the account too."""
    others = [
        exists().where(model.account_id == account.id, model.organisation_id != scope.organisation_id)
        for model in (Grant, AccountPerson)
    ]
    with across_schools(session):
        return bool(session.scalar(select(or_(*others))))


def _account_for(
    session: Session,
    scope: Scope,
    email: str,
    roles: Collection[Role],
    person: Person | None,
    *,
    across: bool,
    now: dt.datetime,
) -> tuple[Account, bool]:
    """The account of an address, made where there is none, and whether another school holds it too."""
    normal = email.strip().casefold()
    if person is None or normal != sign_in_name(person, scope):
        refuse_if(rules.objections_to_email(normal))
    if not roles and person is None:
        raise Refusal.one("Choose at least one role.", "roles")
    account = session.scalar(select(Account).where(Account.email == normal))
    elsewhere = account is not None and held_elsewhere(session, account, scope)
    if elsewhere and not across:
        raise Refusal.one(_ELSEWHERE, "email")
    if account is None:
        account = Account(email=normal, active=True, created_at=now)
        session.add(account)
    account.active = True
    session.flush()
    return account, elsewhere


def _grant(session: Session, scope: Scope, account: Account, roles: Collection[Role], now: dt.datetime) -> None:
    held = set(
        session.scalars(
            select(Grant.role).where(Grant.account_id == account.id, Grant.organisation_id == scope.organisation_id)
        )
    )
    session.add_all(
        Grant(account_id=account.id, organisation_id=scope.organisation_id, role=role.value, granted_at=now)
        for role in roles
        if role.value not in held
    )
    session.flush()
