"""My calendar: the private address under which a calendar program finds what is mine here."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.permissions import Permission
from governance.db import db
from governance.feeds.addresses import current_feed, make_address, revoke_address
from governance.web.access import actor, in_school, needs, scope
from governance.web.requests import settings

screen = in_school("calendar", "my_reading")
READS = needs(Permission.READ)


@screen.get("/calendar", READS)
def index() -> str:
    """What the calendar holds, and since when its address has worked."""
    return _page()


@screen.post("/calendar", READS)
def make() -> str:
    """A new address, shown on this answer and never again."""
    token = make_address(db.session(), scope(), actor(), clock.now())
    return _page(f"{settings().base_url}{url_for('calendar_feed.show', token=token)}")


@screen.post("/calendar/stop", READS)
def stop() -> ResponseReturnValue:
    """No address at all."""
    revoke_address(db.session(), scope(), actor(), clock.now())
    flash("The address has stopped working. Take the calendar out of your calendar program too.")
    return redirect(url_for("calendar.index"))


def _page(address: str | None = None) -> str:
    return render_template(
        "calendar/index.html",
        current=current_feed(db.session(), scope(), actor()),
        address=address,
        subscribe=f"webcal://{address.partition('://')[2]}" if address else None,
        known=actor().person_id is not None,
    )
