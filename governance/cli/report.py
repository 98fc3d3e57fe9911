"""`report NAME`: any report, for any day, in any form."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import click

from governance import clock
from governance.cli import base
from governance.db import reading
from governance.errors import Refusal
from governance.reports.catalogue import CATALOGUE
from governance.reports.files import FORMS
from governance.reports.gathering.person import person_named, person_report
from governance.reports.report import Report
from governance.tenancy import Scope

PERSON = "person"


@base.command("report")
@click.argument("name", type=click.Choice([*CATALOGUE, PERSON]))
@click.option(
    "--as-of", "day", metavar="D", type=click.DateTime(["%Y-%m-%d"]), help="The day, YYYY-MM-DD; today if left out."
)
@click.option(
    "--since",
    metavar="D",
    type=click.DateTime(["%Y-%m-%d"]),
    help="For left-without-reading: the first of several days, the last being --as-of.",
)
@click.option("--format", "form", type=click.Choice(list(FORMS)), default="csv", show_default=True)
@click.option(
    "--person", "number", metavar="STAFF_NUMBER", help="For `report person`: a staff number or printed reference."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Standard output if left out.",
)
@base.school_option
def report(
    scope: Scope,
    name: str,
    day: dt.datetime | None,
    since: dt.datetime | None,
    form: str,
    number: str | None,
    output: Path | None,
) -> None:
    """Make a report."""
    as_of = day.date() if day else clock.today(scope.time_zone)
    content = FORMS[form].write(_gathered(scope, name, as_of, since.date() if since else None, number))
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        base.write_file(output, content)


def _gathered(scope: Scope, name: str, as_of: dt.date, since: dt.date | None, number: str | None) -> Report:
    if (name == PERSON) != (number is not None):
        raise Refusal.one("Say whose record with --person STAFF_NUMBER, and only for the report called person.")
    stretches = name != PERSON and CATALOGUE[name].stretches
    if since is not None and not stretches:
        raise Refusal.one("Only the report left-without-reading is about several days: leave out --since.")
    with reading() as session:
        if number is not None:
            person = person_named(session, scope, number)
            return person_report(session, scope, as_of, clock.now(), person=person)
        stretch = {"since": since} if stretches else {}
        return CATALOGUE[name].gather(session, scope, as_of, clock.now(), **stretch)


commands = (report,)
