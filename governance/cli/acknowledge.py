"""`acknowledge import`: receipts from another record or from paper."""

from __future__ import annotations

from pathlib import Path

import click

from governance import clock
from governance.cli import base
from governance.db import writing
from governance.intake.tables import receipt_rows
from governance.reading.importing import import_receipts
from governance.tenancy import Scope

acknowledge = base.group("acknowledge", "Read receipts.")


@acknowledge.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@base.school_option
def import_file(scope: Scope, file: Path) -> None:
    """Import receipts: staff_number, reference, version, acknowledged_on, method, witness; and parts, where a document has them."""
    rows = receipt_rows(file)
    with writing() as session:
        added = import_receipts(
            session, scope, base.command_line_actor(), rows, clock.today(scope.time_zone), clock.now()
        )
    click.echo(f"{added} new receipts; {len(rows) - added} were here already.")


commands = (acknowledge,)
