"""`pack build`: a review pack as a PDF, for a meeting or for a day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from governance import clock
from governance.cli import base
from governance.db import reading
from governance.errors import NotFound, Refusal
from governance.packs.freezing import freeze
from governance.packs.gathering import for_day, for_meeting
from governance.packs.shelf import SchoolShelf
from governance.packs.values import Pack, Size
from governance.schools.models import Meeting
from governance.tenancy import Scope, in_school

pack = base.group("pack", "Review packs.")


@pack.command("build")
@click.option("--meeting", metavar="ID", help="The meeting's identifier, as its address shows it.")
@click.option("--as-of", "day", metavar="D", type=click.DateTime(["%Y-%m-%d"]), help="Every policy in force on a day.")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option(
    "--size",
    type=click.Choice([size.value for size in Size]),
    default=Size.FULL.value,
    show_default=True,
    help="Cover sheets alone (short), with the policies' texts (full), or a ZIP of one PDF a policy (separate).",
)
@base.school_option
def build(scope: Scope, meeting: str | None, day: dt.datetime | None, output: Path, size: str) -> None:
    """Build a review pack."""
    if meeting and day:
        raise Refusal.one("Give either --meeting or --as-of, not both.")
    gathered = _gathered(scope, meeting, day.date() if day else None, Size(size))
    frozen = freeze(gathered, scope, base.command_line_actor().label, SchoolShelf(scope, clock.now))
    base.write_file(output, frozen.content)
    click.echo(f"{frozen.title}: {len(gathered.items)} policies, in {output}.")


def _gathered(scope: Scope, meeting: str | None, day: dt.date | None, size: Size) -> Pack:
    now, today = clock.now(), clock.today(scope.time_zone)
    site = f"{base.settings().base_url}/{scope.slug}"
    with reading() as session:
        if meeting is None:
            return for_day(session, scope, day or today, now, size=size, site=site)
        try:
            found = in_school(session, Meeting, scope, meeting)
        except NotFound as error:
            raise NotFound(f"There is no meeting {meeting}.") from error
        return for_meeting(session, scope, found, today, now, size=size, site=site)


commands = (pack,)
