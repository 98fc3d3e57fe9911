"""The front desk's own page: who is here for the day, where each stands, and adding somebody who has no phone."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.permissions import Permission
from governance.db import db
from governance.reception.addresses import current_address
from governance.reception.arriving import add_by_hand
from governance.reception.queries import visitors
from governance.reception.short_set import short_set
from governance.web.access import actor, in_school, needs, scope
from governance.web.forms import refusals_into
from governance.web.reading_screen import today
from governance.web.reception import ArrivalForm

screen = in_school("front_desk")
KEEPS = needs(Permission.KEEP_DAY_PEOPLE)


@screen.get("/front-desk", KEEPS)
def index() -> str:
    """Today's visitors, those to be seen first."""
    session = db.session()
    rows = visitors(session, scope(), today(), today())
    return render_template(
        "front_desk/index.html",
        waiting=[row for row in rows if row.unseen],
        here=[row for row in rows if row.here and not row.unseen],
        gone=[row for row in rows if not row.here],
        wanted=short_set(session, scope(), today()),
        address=current_address(session, scope()),
        today=today(),
    )


@screen.get("/front-desk/add", KEEPS)
def start_adding() -> str:
    """The form for somebody who has no phone with them."""
    return render_template("front_desk/add.html", form=_form())


@screen.post("/front-desk/add", KEEPS)
def add() -> ResponseReturnValue:
    """Add them, seen by whoever adds them."""
    form = _form()
    if form.validate():
        with refusals_into(form):
            visit = add_by_hand(db.session(), scope(), actor(), form.visitor, now=clock.now())
            flash(
                f"{form.visitor.tidied().details.name} is added. Print a sheet for them, or let them sign on the tablet."
            )
            return redirect(url_for("front_desk_visitor.show", visit=visit.public_id))
    return render_template("front_desk/add.html", form=form), 422


def _form() -> ArrivalForm:
    """The visitor's own form in the desk's words."""
    form = ArrivalForm()
    form.agency.description = "Leave it empty if they come from none."
    form.purpose.label.text = "What are they here for?"
    return form
