"""The poster at reception: its code, making a new one so that the old stops working, and stopping it."""

from __future__ import annotations

import segno
from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.db import db
from governance.reception.addresses import current_address, end_address, make_address, printable_secret
from governance.web.access import actor, in_school, scope
from governance.web.front_desk import KEEPS
from governance.web.requests import settings

screen = in_school("front_desk_poster", "front_desk")


@screen.get("/front-desk/poster", KEEPS)
def index() -> str:
    """The poster to print."""
    current = current_address(db.session(), scope())
    secret = printable_secret(current, settings().secret_key) if current is not None else None
    address = f"{settings().base_url}/reception/{secret}" if secret else None
    code = segno.make_qr(address, error="m").svg_data_uri(scale=8, border=2) if address else None
    return render_template("front_desk/poster.html", current=current, address=address, code=code)


@screen.post("/front-desk/poster", KEEPS)
def make() -> ResponseReturnValue:
    """A new address."""
    replaced = current_address(db.session(), scope()) is not None
    make_address(db.session(), scope(), actor(), settings().secret_key, now=clock.now())
    before = " Posters printed before do not work any more." if replaced else ""
    flash(f"There is a new code.{before} Print this poster and put it up.")
    return redirect(url_for("front_desk_poster.index"))


@screen.post("/front-desk/poster/stop", KEEPS)
def stop() -> ResponseReturnValue:
    """No address at all."""
    end_address(db.session(), scope(), actor(), now=clock.now())
    flash("The code has stopped working. Visitors can be added by hand until there is a new one.")
    return redirect(url_for("front_desk_poster.index"))
