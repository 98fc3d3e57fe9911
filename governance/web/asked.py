"""What somebody asked for and does not wait for: how far it is, and what came of it. Whoever asked may see it."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.permissions import Permission
from governance.db import db
from governance.errors import NotFound
from governance.schedule.actions import ask_once
from governance.schedule.asked import IMPORT_PEOPLE, IMPORT_RECEIPTS, PRINT_REPORT
from governance.schedule.inspecting import INSPECT
from governance.schedule.queries import RunLine, run_line
from governance.web.access import actor, allowed, in_school, needs, scope
from governance.web.downloads import frozen
from governance.web.knocking import run_soon

screen = in_school("asked")
# What exactly somebody may see, `_mine` asks: it depends on what they asked for.
_ANYBODY = needs(Permission.READ)

# Lists and reports of more rows than this are not made while a page waits.
AT_ONCE = 500


def begin(job: str, **about: Any) -> ResponseReturnValue:
    """Ask for a job, once however often it is pressed, and lead to the page of how far it is."""
    payload = {**about, "account": g.account.public_id}
    run = ask_once(db.session(), scope(), actor(), job, payload, clock.now())
    run_soon()
    return redirect(url_for("asked.show", run=run.public_id))


@screen.get("/asked/<run>", _ANYBODY)
def show(run: str) -> str:
    """How far it is."""
    line = _mine(run)
    return render_template("scheduled/asked.html", run=line, onward=_onward(line))


@screen.get("/asked/<run>/file", _ANYBODY)
def file(run: str) -> Response:
    """The file that was made."""
    return frozen(_mine(run).artefact)


def _mine(run: str) -> RunLine:
    line = run_line(db.session(), scope(), run)
    if line.asked_by_account != g.account.public_id:
        raise NotFound(run)
    if not allowed(line.opens):
        abort(403)
    return line


def _onward(line: RunLine) -> tuple[str, str]:
    """Where the page leads afterwards: an address and its words. A list that failed is still held."""
    about, failed = line.payload, line.state == "failed"
    if line.job == PRINT_REPORT and about.get("person"):
        return url_for("reports.person", person=about["person"], on=about["on"]), "The record on screen"
    if line.job == PRINT_REPORT:
        return url_for("reports.show", name=about["report"], on=about["on"]), "The report on screen"
    if line.job == INSPECT:
        return url_for("inspection.index"), "Every inspection file"
    if line.job == IMPORT_PEOPLE:
        people = url_for("people_import.look", held=about["held"]) if failed else url_for("people.index")
        return people, "Look through the list again" if failed else "People"
    if line.job == IMPORT_RECEIPTS:
        receipts = url_for("paper.look", kept=about["held"]) if failed else url_for("paper.index")
        return receipts, "Look through the list again" if failed else "Signed paper"
    raise NotFound(line.public_id)
