"""Who a scheduled mail goes to: roles at the school and offices on a body, looked up each time it runs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from governance.accounts.models import Account, AccountPerson, Grant
from governance.accounts.permissions import Role, permissions_of
from governance.errors import Refusal
from governance.mail.headers import address
from governance.people.models import BodyMember, Person
from governance.tenancy import Scope

OFFICES = {
    "clerk": "Clerk",
    "chair": "Chair",
    "vice_chair": "Vice-chair",
    "member": "Members",
    "associate": "Associate members",
}


# Those whom a job finds by itself, each told of their own alone.
READERS, MANAGERS, OWNERS = "readers", "managers", "owners"
OWN = {
    READERS: "Everybody with something to read, and whom the steps name",
    MANAGERS: "Each line manager",
    OWNERS: "Whoever holds the post that owns the policy",
}


@dataclass(frozen=True)
class Recipients:
    """Roles at the school, and offices on the meeting's body (on every body where the job has no meeting).

    `own` is for a job that finds its recipients itself and tells each of what is theirs.
    """

    roles: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    own: str = ""

    def __post_init__(self) -> None:
        if not self.roles and not self.offices and self.own not in OWN:
            raise Refusal.one("Choose at least one recipient.", "recipients")
        if not set(self.roles) <= set(Role) or not set(self.offices) <= set(OFFICES):
            raise Refusal.one("Choose recipients from the list.", "recipients")

    def to_text(self) -> str:
        """As JSON text."""
        own = {"own": self.own} if self.own else {}
        return json.dumps({"offices": sorted(self.offices), "roles": sorted(self.roles)} | own, sort_keys=True)

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Recipients:
        """From the JSON object that `to_text` wrote, already parsed (a job's `context.recipients`)."""
        return cls(tuple(values.get("roles", ())), tuple(values.get("offices", ())), values.get("own", ""))

    @property
    def in_words(self) -> str:
        """ "Headteacher, HR, System manager": as screens list them."""
        found = [Role(role).in_words for role in self.roles] + [OFFICES[office] for office in self.offices]
        return ", ".join(found + ([OWN[self.own]] if self.own else []))


# Who has the papers of a body. House rule: the headteacher does, a member of it or not.
MEMBERS = Recipients(roles=(Role.HEADTEACHER,), offices=("chair", "vice_chair", "member", "associate"))


@dataclass(frozen=True)
class Addressee:
    """Somebody to write to; `person` is their public id where the account belongs to a person here.

    `permissions` are those of every role they hold at the school: a mail tells nobody what a screen would not.
    """

    address: str
    name: str
    person: str | None
    permissions: frozenset[str] = frozenset()

    def may(self, permission: str) -> bool:
        """Whether they may see what needs this permission."""
        return permission in self.permissions


def resolve(
    session: Session, scope: Scope, recipients: Recipients, as_of: dt.date, body_id: int | None = None
) -> list[Addressee]:
    """Everybody meant, each address once, in the order of addresses. Those without a usable address are left out.

    Args:
        session: a session that reads.
        scope: the school.
        recipients: roles and offices.
        as_of: the day on which offices must hold.
        body_id: the body whose offices are meant; None means any body's.
    """
    found = [
        *_by_role(session, scope, recipients.roles),
        *_by_office(session, scope, recipients.offices, as_of, body_id),
    ]
    granted = _granted(session, scope, {account for account, _ in found if account is not None})
    by_address: dict[str, Addressee] = {}
    for account, one in found:
        if not _usable(one.address):
            continue
        known = by_address.get(one.address.casefold(), one)
        by_address[one.address.casefold()] = Addressee(
            known.address,
            known.name or one.name,
            known.person or one.person,
            known.permissions | granted.get(account or 0, frozenset()),
        )
    return [by_address[key] for key in sorted(by_address)]


Found = list[tuple[int | None, Addressee]]


def _by_role(session: Session, scope: Scope, roles: Iterable[str]) -> Found:
    rows = session.execute(
        select(Account.id, Account.email, Person.given_name, Person.family_name, Person.public_id)
        .join(Grant, Grant.account_id == Account.id)
        .outerjoin(
            AccountPerson,
            (AccountPerson.account_id == Account.id) & (AccountPerson.organisation_id == scope.organisation_id),
        )
        .outerjoin(Person, Person.id == AccountPerson.person_id)
        .where(Grant.organisation_id == scope.organisation_id, Grant.role.in_(tuple(roles)), Account.active)
        .where(Person.deactivated_at.is_(None))
        .order_by(Account.email, Person.id)
    )
    return [(account, Addressee(email, _name(given, family), person)) for account, email, given, family, person in rows]


def _by_office(session: Session, scope: Scope, offices: Iterable[str], as_of: dt.date, body_id: int | None) -> Found:
    holding = (
        select(AccountPerson.account_id, Person.email, Person.given_name, Person.family_name, Person.public_id)
        .select_from(Person)
        .join(BodyMember, BodyMember.person_id == Person.id)
        .outerjoin(AccountPerson, AccountPerson.person_id == Person.id)
        .where(BodyMember.organisation_id == scope.organisation_id, BodyMember.office.in_(tuple(offices)))
        .where(BodyMember.from_on <= as_of, or_(BodyMember.until_on.is_(None), BodyMember.until_on >= as_of))
        .where(Person.deactivated_at.is_(None), Person.email.is_not(None))
        .order_by(Person.email, Person.id)
    )
    if body_id is not None:
        holding = holding.where(BodyMember.body_id == body_id)
    rows = session.execute(holding)
    return [
        (account, Addressee(email or "", _name(given, family), person))
        for account, email, given, family, person in rows
    ]


def _granted(session: Session, scope: Scope, accounts: Iterable[int]) -> dict[int, frozenset[str]]:
    """What each active account may do at the school."""
    rows = session.execute(
        select(Grant.account_id, Grant.role)
        .join(Account, Account.id == Grant.account_id)
        .where(Grant.organisation_id == scope.organisation_id, Grant.account_id.in_(tuple(accounts)), Account.active)
        .order_by(Grant.account_id, Grant.role)
    )
    roles: dict[int, list[Role]] = {}
    for account, role in rows:
        roles.setdefault(account, []).append(Role(role))
    return {account: permissions_of(held) for account, held in roles.items()}


def _name(given: str | None, family: str | None) -> str:
    return " ".join(part for part in (given, family) if part)


def _usable(text: str) -> bool:
    try:
        address(text)
    except Refusal:
        return False
    return True
