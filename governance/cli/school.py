"""`school add`: a school, its governing body and its categories."""

from __future__ import annotations

import click

from governance import clock
from governance.accounts.setting_up import BODY, NewSchool, add_school
from governance.cli import base
from governance.db import writing

school = base.group("school", "Schools in this installation.")
commands = (school,)


@school.command("add")
@click.argument("name")
@click.option("--slug", metavar="SLUG", help="Its short name in addresses; made from the name if left out.")
@click.option("--trust", metavar="NAME", help="The trust it belongs to, made where there is none of that name.")
def add(name: str, slug: str | None, trust: str | None) -> None:
    """Make a school with its body and the ten default categories."""
    with writing() as session:
        actor = base.command_line_actor()
        scope = add_school(session, actor, NewSchool(name, slug=slug, trust=trust), now=clock.now())
    click.echo(f"{scope.name} is set up as {scope.slug}, with its body {BODY}.")
