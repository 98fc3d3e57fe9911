"""Hillcrest's people with accounts, for tests of the screens, and Zed of the school next door."""

from __future__ import annotations

import functools
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_security.utils import hash_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.accounts.inviting import invite
from governance.accounts.models import Account
from governance.accounts.permissions import Role
from governance.db import writing
from governance.people.models import Person
from governance.tenancy import Actor, Scope
from tests import hillcrest
from tests.databases import copied

PASSWORD = "three random words of Maya"

# persona -> address, roles
PEOPLE: dict[str, tuple[str, tuple[Role, ...]]] = {
    "Maya": ("maya@hillcrest.sch.uk", (Role.SYSTEM_MANAGER,)),
    "Mr Okafor": ("okafor@hillcrest.sch.uk", (Role.HEADTEACHER,)),
    "Helen": ("helen@clerks.example", (Role.CLERK,)),
    "Prof. Iqbal": ("iqbal@university.example", (Role.GOVERNOR,)),
    "Sam": ("sam@hillcrest.sch.uk", (Role.HR,)),
}


def open_hillcrest(app: Flask) -> Scope:
    """Hillcrest with its five roles and Tess the teacher, and Zed's school; everybody has the same password."""
    return copied(app, _open_hillcrest)


def _open_hillcrest(app: Flask) -> Scope:
    with app.app_context(), writing() as session:
        scope = hillcrest.a_school(session)
        for email, roles in PEOPLE.values():
            account(session, scope, email, roles)
        tess = hillcrest.someone(session, scope)
        account(session, scope, "tess@hillcrest.sch.uk", (), tess)
        other = hillcrest.a_school(session, "Zed's Academy", "zeds")
        account(session, other, "zed@zeds.sch.uk", (Role.SYSTEM_MANAGER,))
    return scope


def account(
    session: Session, scope: Scope, email: str, roles: tuple[Role, ...] = (), person: Person | None = None
) -> Account:
    """An account that can sign in with PASSWORD."""
    actor = Actor("Maya Lund")
    made = invite(session, scope, actor, email=email, roles=roles, person=person, across=True, now=hillcrest.NOW)
    made.account.password = _hashed()
    session.flush()
    return made.account


@functools.cache
def _hashed() -> str:
    """Hashing is slow on purpose, so it is done once."""
    return str(hash_password(PASSWORD))


def sign_in(client: FlaskClient, who: str = "Maya", password: str = PASSWORD, **data: Any) -> Any:
    """Sign a persona in, or whoever has the address."""
    email = PEOPLE[who][0] if who in PEOPLE else who
    return client.post("/sign-in", data={"email": email, "password": password, **data})


def account_called(session: Session, email: str) -> Account:
    """An account by its address."""
    return session.scalars(select(Account).where(Account.email == email)).one()
