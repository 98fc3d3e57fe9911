"""The blueprint of the screens for sheets to sign, and what making one and entering one share."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.db import db
from governance.reading.paper_models import Sheet
from governance.reading.sheet_printing import ToSign, print_sheet
from governance.reading.sheet_queries import sheet_numbered
from governance.web.access import actor, in_school, scope
from governance.web.forms import Form, TextField
from governance.web.reading_screen import today
from governance.web.requests import settings

screen = in_school("sheets", "reading")


class Make(Form):
    """What is printed on a sheet beside the names."""

    witness = TextField("Witness", description="Who will see it signed. Leave empty to write the name in by hand.")


def make(wanted: ToSign, form: Make) -> ResponseReturnValue:
    """Keep the sheet and lead to its page.

    Raises:
        Refusal: as `print_sheet`.
    """
    sheet = print_sheet(db.session(), scope(), actor(), wanted, form.witness.data or "", today(), clock.now())
    return redirect(url_for("sheets.show", sheet=sheet.number))


def the_sheet(number: str) -> Sheet:
    """This school's sheet by its printed number, or the same 404 as for none."""
    return sheet_numbered(db.session(), scope(), number)


def address_of(sheet: Sheet) -> str:
    """Where the code on a sheet leads."""
    return f"{settings().base_url}{url_for('sheets.show', sheet=sheet.number)}"
