"""`policy import`, `policy load` and `intake`: documents come in from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import click

from governance import clock
from governance.cli import base
from governance.db import writing
from governance.extract.guesses import as_json
from governance.intake.loading import load
from governance.intake.reading_in import ReadIn, read_in
from governance.intake.recording import record_document
from governance.tenancy import Scope

policy = base.group("policy", "Policies: documents and a school's history come in.")
FILES = click.Path(exists=True, dir_okay=False, path_type=Path)


@policy.command("import")
@click.argument("files", nargs=-1, required=True, type=FILES)
@click.option("--yes", is_flag=True, help="Record what was detected; without it nothing is recorded.")
@base.school_option
def import_policies(scope: Scope, files: tuple[Path, ...], yes: bool) -> None:
    """Read documents and print what was detected in them."""
    found = read_in([(file.name, file.read_bytes()) for file in files])
    for read in found:
        _print_detected(read)
    if not yes:
        click.echo("Nothing was recorded. Add --yes to record it.")
        return
    now, today = clock.now(), clock.today(scope.time_zone)
    with writing() as session:
        done = [record_document(session, scope, base.command_line_actor(), read, today, now) for read in found]
        lines = [
            f"{one.policy.reference}: {one.policy.title}, version {one.version.number}, "
            + ("was here already." if one.already else "is recorded. Nobody has been asked to read it.")
            for one in done
        ]
    click.echo("\n".join(lines))


@policy.command("load")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@base.school_option
def load_history(scope: Scope, folder: Path) -> None:
    """Load policies.csv with its files, reading_rules.csv and acknowledgements.csv. Nothing is mailed."""
    with writing() as session:
        loaded = load(session, scope, base.command_line_actor(), folder, clock.today(scope.time_zone), clock.now())
    click.echo(
        f"New: {loaded.policies} policies, {loaded.versions} versions, {loaded.decisions} decisions, "
        f"{loaded.rules} reading rules, {loaded.receipts} receipts."
    )


@base.command("intake")
@click.argument("file", type=FILES)
@click.option("--json", "as_data", is_flag=True, help="As JSON, each value with its line and confidence.")
def intake(file: Path, as_data: bool) -> None:
    """Show what is detected in a document, recording nothing."""
    [read] = read_in([(file.name, file.read_bytes())])
    if as_data:
        click.echo(json.dumps(as_json(read.examined.guesses), ensure_ascii=False, indent=1))
    else:
        _print_detected(read)


def _print_detected(read: ReadIn) -> None:
    found = as_json(read.examined.guesses)
    click.echo(read.file.filename)
    for name, value in found.items():
        if name != "evidence":
            shown = ", ".join(value) if isinstance(value, list) else value
            click.echo(f"  {name.replace('_', ' ')}: {shown if shown not in (None, '') else 'not stated'}")
    for sentence in read.examined.warnings:
        click.echo(f"  note: {sentence}")


commands = (policy, intake)
