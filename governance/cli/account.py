"""`account add` and `account link`: somebody's way in."""

from __future__ import annotations

import click
from sqlalchemy import select

from governance import clock
from governance.accounts.inviting import invite, new_link
from governance.accounts.models import Account
from governance.accounts.permissions import Role
from governance.cli import base
from governance.db import writing
from governance.errors import NotFound
from governance.tenancy import Scope

account = base.group("account", "Accounts and their roles.")
commands = (account,)


@account.command("add")
@click.argument("email")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role]))
@base.school_option
def add(scope: Scope, email: str, roles: tuple[str, ...]) -> None:
    """Give EMAIL a role; prints a one-time link to set a password."""
    with writing() as session:
        invitation = invite(
            session,
            scope,
            base.command_line_actor(),
            email=email,
            roles=[Role(role) for role in roles],
            across=True,
            now=clock.now(),
        )
    if invitation.token is None:
        click.echo(f"{email} has an account already and signs in with the password they have.")
    else:
        click.echo(_address(invitation.token))


@account.command("link")
@click.argument("email")
@base.school_option
def link(scope: Scope, email: str) -> None:
    """Print a new one-time link for EMAIL, who forgot their password."""
    with writing() as session:
        known = session.scalar(select(Account).where(Account.email == email.strip().casefold()))
        if known is None:
            raise NotFound(f"Nobody has an account as {email}.")
        token = new_link(session, scope, base.command_line_actor(), known, across=True, now=clock.now())
    if token is not None:
        click.echo(_address(token))


def _address(token: str) -> str:
    return f"{base.settings().base_url}/link/{token}"
