"""`demo`: the fictional school, for looking round."""

from __future__ import annotations

import click

from governance import clock
from governance.cli import base
from governance.db import writing
from governance.demo.load import load


@base.command("demo")
def demo() -> None:
    """Load the fictional Hillcrest Primary School with a believable year; prints its sign-ins."""
    with writing() as session:
        loaded = load(session, clock.now())
    widest = max(len(one.email) for one in loaded.sign_ins)
    click.echo(f"{loaded.scope.name} is loaded. Everybody in it is made up, and nothing is mailed.")
    click.echo(
        f"Sign in at {base.settings().base_url} with any of these and the password: {loaded.sign_ins[0].password}"
    )
    for one in loaded.sign_ins:
        click.echo(f"  {one.email:<{widest}}  {one.who}")


commands = (demo,)
