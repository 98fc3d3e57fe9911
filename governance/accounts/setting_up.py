"""A school from nothing: its row, its governing body, its categories, and its first system manager."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from governance.accounts import rules
from governance.accounts.inviting import invite
from governance.accounts.models import Account
from governance.accounts.permissions import Role
from governance.accounts.school_details import LONGEST_NAME
from governance.errors import Objection, Refusal, refuse_if
from governance.journal.actions import record
from governance.journal.events import Event
from governance.people.actions import add_person
from governance.people.categories import DEFAULTS, add_category
from governance.people.rules import Details
from governance.schools.actions import make_body
from governance.schools.names import fold, tidy
from governance.tenancy import Actor, Organisation, Scope, scope_of

SET_UP = Event("school set up", ids=("school",), payload=("name", "slug", "trust"))
BODY = "Full Governing Body"


@dataclass(frozen=True)
class NewSchool:
    """What a school begins with; `categories` are names among the ten defaults."""

    name: str
    slug: str | None = None
    trust: str | None = None
    body: str = BODY
    categories: Collection[str] = tuple(DEFAULTS)


@dataclass(frozen=True)
class FirstManager:
    """Who sets the school up, and can do everything at first. The password is already hashed."""

    given_name: str
    family_name: str
    email: str
    password_hash: str


def any_school(session: Session) -> bool:
    """Whether anything was set up here yet."""
    return bool(session.scalar(select(exists().where(Organisation.id.is_not(None)))))


def add_school(session: Session, actor: Actor, new: NewSchool, *, now: dt.datetime) -> Scope:
    """Make a school with its body and its categories, in its trust where it names one.

    Raises:
        Refusal: for a name or short name that cannot be, or one that is taken.
    """
    name = tidy(new.name)
    refuse_if(_objections_to_name(name))
    slug = new.slug or rules.slug_from(name)
    taken = set(session.scalars(select(Organisation.slug)))
    refuse_if(rules.objections_to_slug(slug, taken))
    parent = _trust(session, new.trust, taken | {slug}) if new.trust else None
    school = Organisation(kind="school", name=name, slug=slug, parent_id=parent)
    session.add(school)
    session.flush()
    scope = scope_of(school)
    payload = {"name": name, "slug": slug, "trust": new.trust}
    record(session, scope, actor, SET_UP, ids={"school": school.public_id}, payload=payload, now=now)
    make_body(session, scope, actor, name=new.body, now=now)
    for category in DEFAULTS:
        if category in new.categories:
            add_category(session, scope, actor, name=category, code=DEFAULTS[category], now=now)
    return scope


def add_first_manager(session: Session, scope: Scope, manager: FirstManager, *, now: dt.datetime) -> Account:
    """The person who set the school up, with an account they can sign in with at once.

    Raises:
        Refusal: for a name or an address that cannot be.
    """
    details = Details(given_name=manager.given_name, family_name=manager.family_name, email=manager.email)
    label = f"{manager.given_name} {manager.family_name}".strip() or manager.email
    actor = Actor(label)
    person = add_person(session, scope, actor, details, now=now)
    invitation = invite(session, scope, actor, email=manager.email, roles=[Role.SYSTEM_MANAGER], person=person, now=now)
    invitation.account.password = manager.password_hash
    session.flush()
    return invitation.account


def _objections_to_name(name: str) -> list[Objection]:
    if not name:
        return [Objection("Enter the school's name.", "name")]
    if len(name) > LONGEST_NAME:
        return [Objection(f"The school's name can have at most {LONGEST_NAME} characters.", "name")]
    if not rules.slug_from(name):
        return [Objection("Write the school's name with some plain letters, or give it a short name.", "name")]
    return []


def _trust(session: Session, name: str, taken: Collection[str]) -> int:
    """The trust of that name, made where there is none."""
    trusts = session.execute(select(Organisation.name, Organisation.id).where(Organisation.kind == "trust"))
    known = {fold(there): key for there, key in trusts}.get(fold(name))
    if known is not None:
        return known
    slug = rules.slug_from(name)
    if rules.objections_to_slug(slug, taken):
        raise Refusal.one(f"The trust's name {name} makes the short name {slug}, which is in use.", "trust")
    trust = Organisation(kind="trust", name=tidy(name), slug=slug)
    session.add(trust)
    session.flush()
    return trust.id
