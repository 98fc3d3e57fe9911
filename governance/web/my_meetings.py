"""My meetings: those of the bodies I sit on, each with its pack, and my own required reading beside them."""

from __future__ import annotations

import datetime as dt

from flask import render_template

from governance import clock
from governance.accounts.permissions import Permission
from governance.db import db
from governance.packs.members import own_meetings
from governance.reading.outstanding_query import UNREAD
from governance.reading.queries import my_reading
from governance.web.access import actor, in_school, needs, scope

screen = in_school("my_meetings", "meetings")
_YEAR = dt.timedelta(days=366)


@screen.get("/my-meetings", needs(Permission.SEE_PACKS))
def index() -> str:
    """Meetings to come and those of a year, of the person looking."""
    session, today, person_id = db.session(), clock.today(scope().time_zone), actor().person_id
    found = own_meetings(session, scope(), person_id, today - _YEAR) if person_id else []
    unread = [row for row in my_reading(session, scope(), person_id, today) if row.state in UNREAD] if person_id else []
    return render_template(
        "meetings/mine.html",
        coming=[one for one in found if one.held_on >= today and one.state != "cancelled"],
        past=[one for one in reversed(found) if one.held_on < today],
        unread=len(unread),
        known=person_id is not None,
    )
