"""The inspector's call: one file of how things stand now, by name, for those who may see who has read what."""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.permissions import Permission
from governance.child import ChildFailed
from governance.db import db
from governance.errors import NotFound, Refusal
from governance.reports.inspection.gathering import in_force, inspection, left_out_of, safeguarding_of
from governance.schedule.inspecting import INSPECT, files, is_file, keep_file, printed, stored_file
from governance.web.access import actor, in_school, needs, scope
from governance.web.asked import begin
from governance.web.downloads import frozen

screen = in_school("inspection", "reports")
SEES = needs(Permission.SEE_READING)

# More rows than this are not printed while a page waits.
AT_ONCE = 300


@screen.get("/inspection", SEES)
def index() -> str:
    """What the file holds, and those that were made."""
    rows = in_force(db.session(), scope(), clock.today(scope().time_zone))
    return render_template(
        "inspection/index.html",
        policies=safeguarding_of(rows),
        left_out=left_out_of(rows),
        files=files(db.session(), scope()),
    )


@screen.post("/inspection", SEES)
def make() -> ResponseReturnValue:
    """Make the file of this moment: saved at once, or asked for where it is long."""
    session, now = db.session(), clock.now()
    values = inspection(session, scope(), clock.today(scope().time_zone), now, actor().label)
    if values.rows > AT_ONCE:
        return begin(INSPECT)
    stored = stored_file(session, scope(), values)
    # nothing is written yet, and nobody should have to wait with their writing while this prints
    session.rollback()
    try:
        made = stored or printed(scope(), values)
    except ChildFailed as failed:
        raise Refusal.one(f"{failed} Try again; the reports hold the same facts in the meantime.") from failed
    return frozen(keep_file(session, scope(), actor(), made, values, now).public_id)


@screen.get("/inspection/<file>", SEES)
def file(file: str) -> Response:
    """A file as it was frozen."""
    if not is_file(db.session(), scope(), file):
        raise NotFound(file)
    return frozen(file)
