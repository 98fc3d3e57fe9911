"""What every command is made of: a refusal in one plain line, the school it is about, and who is acting.

commands = (group("people"),)

@people.command("import")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@school_option
def import_people(scope: Scope, file: Path) -> None: ...
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from governance.accounts.permissions import Permission
from governance.child import ChildFailed
from governance.db import reading
from governance.errors import NotAllowed, NotFound, Refusal
from governance.settings import Settings
from governance.tenancy import Actor, Organisation, Scope, scope_by_slug, scope_of


class PlainCommand(click.Command):
    """A command of which a refusal, and wrong usage, is one line on standard error and exit code 1."""

    def make_context(self, info_name: str | None, args: list[str], *more: Any, **extra: Any) -> click.Context:
        """Read what was typed."""
        understood = lambda: super(PlainCommand, self).make_context(info_name, args, *more, **extra)  # noqa: E731
        context: click.Context = _used_plainly(understood)
        return context

    def invoke(self, ctx: click.Context) -> Any:
        """Run it inside the application."""
        return _plainly(ctx, lambda: with_appcontext(super(PlainCommand, self).invoke)(ctx))


class PlainGroup(click.Group):
    """A group of plain commands."""

    command_class = PlainCommand
    group_class = type

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Find the command that was typed."""
        return _used_plainly(lambda: super(PlainGroup, self).resolve_command(ctx, args))


def group(name: str, words: str) -> PlainGroup:
    """A group such as `people`; `words` stand in its help."""
    return PlainGroup(name, help=words)


def command(name: str) -> Callable[[Callable[..., Any]], PlainCommand]:
    """A command that belongs to no group, such as `tick`."""
    return click.command(name, cls=PlainCommand)


def school_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Take `--school SLUG` and hand `scope` over. It may be left out where there is one school."""

    @click.option("--school", "slug", metavar="SLUG", help="The school's short name; needed where there are several.")
    @wraps(function)
    def with_scope(*arguments: Any, slug: str | None, **options: Any) -> Any:
        with reading() as session:
            scope = _the_school(session, slug)
        return function(*arguments, scope=scope, **options)

    return with_scope


def command_line_actor() -> Actor:
    """Whoever may run commands on this machine may do everything."""
    return Actor("command line", permissions=frozenset(permission.value for permission in Permission))


def settings() -> Settings:
    """The installation's settings."""
    found: Settings = current_app.extensions["countersign_settings"]
    return found


def write_file(path: Path, content: bytes) -> None:
    """Write what was made where somebody wants it.

    Raises:
        Refusal: when it cannot be written there.
    """
    try:
        path.write_bytes(content)
    except OSError as trouble:
        raise Refusal.one(f"{path} cannot be written: {trouble.strerror}. Choose another file with -o.") from trouble


def _used_plainly(understood: Callable[[], Any]) -> Any:
    try:
        return understood()
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as wrong:
        words = " ".join(wrong.format_message().split())
        path = wrong.ctx.command_path if wrong.ctx else ""
        click.echo(f"{words} See {path} --help." if path else words, err=True)
        raise click.exceptions.Exit(1) from wrong


def _the_school(session: Session, slug: str | None) -> Scope:
    if slug:
        try:
            return scope_by_slug(session, slug)
        except NotFound:
            raise NotFound(f"There is no school with the short name {slug}.") from None
    schools = session.scalars(
        select(Organisation).where(Organisation.kind != "trust").order_by(Organisation.slug).limit(21)
    ).all()
    if not schools:
        raise Refusal.one('There is no school yet. Make one: flask --app app school add "Hillcrest Primary School"')
    if len(schools) > 1:
        names = ", ".join(school.slug for school in schools[:20])
        raise Refusal.one(f"There are several schools. Say which with --school: {names}.")
    return scope_of(schools[0])


def _plainly(ctx: click.Context, run: Callable[[], Any]) -> Any:
    try:
        return run()
    except Refusal as refusal:
        words = str(refusal)
    except (NotFound, NotAllowed) as missing:
        words = str(missing) or "There is no such thing."
    except ChildFailed as failed:
        words = str(failed)
    except OperationalError as trouble:
        first = str(trouble.orig).strip().splitlines()[0]
        words = f"The database cannot be used: {first}. Has it been migrated (flask --app app db upgrade)?"
    click.echo(" ".join(words.split()), err=True)
    return ctx.exit(1)
