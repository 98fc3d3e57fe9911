"""`setup-code`: the code that lets whoever holds it set up the first school in the browser."""

from __future__ import annotations

import click

from governance import clock
from governance.accounts.links import make_set_up_code
from governance.accounts.setting_up import any_school
from governance.cli import base
from governance.db import writing
from governance.errors import Refusal


@base.command("setup-code")
def setup_code() -> None:
    """Print a fresh one-time code for setting up the first school."""
    with writing() as session:
        if any_school(session):
            raise Refusal.one("There is a school already, so no set-up code is needed.")
        code = make_set_up_code(session, now=clock.now())
    click.echo(code)


commands = (setup_code,)
