"""`journal checkpoint` and `journal verify`: the end of the record, and whether all before it still holds."""

from __future__ import annotations

from pathlib import Path

import click

from governance import clock
from governance.cli import base
from governance.db import reading
from governance.errors import Refusal
from governance.journal.verify import Checkpoint, checkpoint, verify
from governance.tenancy import Scope

journal = base.group("journal", "The record of changes.")


@journal.command("checkpoint")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, writable=True, path_type=Path))
@base.school_option
def write_checkpoint(scope: Scope, output: Path) -> None:
    """Write the present end of the record to a file, to be kept somewhere else."""
    with reading() as session:
        made = checkpoint(session, scope, clock.now())
    base.write_file(output, made.as_text().encode())
    click.echo(f"Entry {made.seq}, check code {made.hash[:16]}, is in {output}.")


@journal.command("verify")
@click.option("--checkpoint", "kept", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@base.school_option
def check(scope: Scope, kept: Path | None) -> None:
    """Read the whole record and say whether anything in it was changed, removed or put in."""
    against = Checkpoint.from_text(kept.read_text(encoding="utf-8", errors="replace")) if kept else None
    with reading() as session:
        verdict = verify(session, scope, against)
    if verdict.fault is not None:
        raise Refusal.one(
            f"The record of {scope.name} does not hold at entry {verdict.fault.seq}: {verdict.fault.reason}."
        )
    than = f", and goes on from entry {against.seq} as it was kept" if against else ""
    click.echo(f"All {verdict.entries} entries hold{than}. Check code {verdict.head[:16]}.")


commands = (journal,)
