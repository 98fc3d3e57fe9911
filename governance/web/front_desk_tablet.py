"""Putting this browser into tablet mode: whoever does it is signed out here, and their password ends it."""

from __future__ import annotations

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import logout_user

from governance import clock
from governance.db import db
from governance.reception.tablets import start_tablet
from governance.web.access import actor, in_school, scope
from governance.web.forms import Form, TickField
from governance.web.front_desk import KEEPS
from governance.web.tablet import TABLET

screen = in_school("front_desk_tablet", "front_desk")


class StartForm(Form):
    """Whether somebody watches."""

    watched = TickField("I stay beside the tablet and see who signs: I am the witness")


@screen.get("/front-desk/tablet", KEEPS)
def start() -> str:
    """What tablet mode is."""
    return render_template("front_desk/tablet.html", form=StartForm())


@screen.post("/front-desk/tablet", KEEPS)
def begin() -> ResponseReturnValue:
    """Begin it. Nothing of the account is left in this browser."""
    form = StartForm()
    if form.validate():
        _, token = start_tablet(db.session(), scope(), actor(), watched=bool(form.watched.data), now=clock.now())
        logout_user()
        session.clear()
        session[TABLET], session.permanent = token, True
        return redirect(url_for("tablet.index"))
    return render_template("front_desk/tablet.html", form=form), 422
