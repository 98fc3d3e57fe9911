"""My reading: what to read now, what is coming, what I have read, with receipts, and what is recorded about me."""

from __future__ import annotations

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.permissions import Permission
from governance.db import db
from governance.people.models import Person
from governance.policies.contacts import whom_to_ask
from governance.reading.about_me import about
from governance.reading.receipt_forms import printed, receipt_forms
from governance.reading.receipts import METHODS
from governance.web.access import actor, in_school, needs, scope
from governance.web.downloads import download
from governance.web.own_list import at, own_list, persons

screen = in_school("my_reading")
READS = needs(Permission.READ)


@screen.get("/my-reading", READS)
def index() -> str:
    """To read, coming, and done: of every job, and of every school of the account."""
    today, held = clock.today(scope().time_zone), persons()
    return render_template(
        "reading/mine.html",
        mine=own_list(),
        several=len(held) > 1,
        nobody=not held,
        asked=whom_to_ask(db.session(), scope(), None, today),
    )


@screen.get("/my-reading/receipts", READS)
def receipts() -> ResponseReturnValue:
    """All my receipts as one document; without any there is only the list."""
    now, forms = clock.now(), []
    for standing, person_id in persons():
        with at(standing) as session:
            today = clock.local_day(now, standing.scope.time_zone)
            forms += receipt_forms(session, standing.scope, today, person_id=person_id)
    if not forms:
        return redirect(url_for("my_reading.index"))
    # nothing is held open while the document is laid out
    db.session.rollback()
    return download(printed(forms, now, scope().time_zone), "application/pdf", "My read receipts.pdf")


@screen.get("/my-reading/about-me", READS)
def about_me() -> str:
    """What this school's records hold about the person looking, in plain words."""
    session, person_id = db.session(), actor().person_id
    person = session.get(Person, person_id) if person_id else None
    return render_template(
        "reading/about_me.html",
        about=about(session, scope(), person, g.account.id, clock.now()) if person else None,
        email=g.account.email,
        methods=METHODS,
        zone=scope().time_zone,
        today=clock.today(scope().time_zone),
    )
