"""The sheet to sign: whoever has not read a policy, or those of them who were ticked, with room for a signature."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from governance.db import db
from governance.policies.rules import wording_of
from governance.reading.sheet_printing import for_policy
from governance.web.access import scope
from governance.web.forms import refusals_into
from governance.web.reading_bulk import ticked
from governance.web.reading_policy import readers_page, the_policy
from governance.web.reading_screen import PAPER, own_categories, screen, the_category, today
from governance.web.sheets_making import named
from governance.web.sheets_screen import Make, make


@screen.get("/policies/<policy>/reading/sheet", PAPER)
def sheet(policy: str) -> str:
    """What a sheet to print would hold: whoever has not read the policy."""
    return _page(policy, Make())


@screen.post("/policies/<policy>/reading/sheet", PAPER)
def print_sheet(policy: str) -> ResponseReturnValue:
    """Make the sheet, and lead to its page."""
    found, form, category = the_policy(policy), Make(), the_category(request.args.get("category", ""))
    if form.validate():
        with refusals_into(form):
            return make(for_policy(db.session(), scope(), found, category, today()), form)
    return _page(policy, form), 422


@screen.post("/policies/<policy>/reading/ticked/sheet", PAPER)
def ticked_sheet(policy: str) -> ResponseReturnValue:
    """The same for those who were ticked; who has nothing to sign is left out. The witness is written in by hand."""
    found, people, form = the_policy(policy), ticked(), Make()
    if not people:
        return readers_page(found, nobody_ticked=True)
    if form.validate():
        with refusals_into(form):
            only = {one.id for one in people}
            return make(for_policy(db.session(), scope(), found, None, today(), only), form)
    return _page(policy, form), 422


def _page(policy: str, form: Make) -> str:
    found, category = the_policy(policy), the_category(request.args.get("category", ""))
    return render_template(
        "reading/sheet.html",
        policy=found,
        category=category,
        categories=own_categories(),
        parts=named(for_policy(db.session(), scope(), found, category, today())),
        wording=wording_of(found.wording),
        form=form,
    )
