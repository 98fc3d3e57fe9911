"""A calendar for calendar programs, at an address that is a secret. Outside the session: no cookie is read or written.

The right address is always served, so that nobody shuts others out who share a network; asking for what is not there is
counted.
"""

from __future__ import annotations

from flask import Response, abort, request

from governance import clock
from governance.accounts import attempts
from governance.db import db, narrow
from governance.feeds.addresses import whose
from governance.feeds.gathering import entries_of
from governance.feeds.writing import calendar_file
from governance.web import access
from governance.web.access import HOLDER
from governance.web.look import PRODUCT
from governance.web.misses import count_a_miss
from governance.web.requests import settings

screen = access.outside("calendar_feed")


@screen.get("/calendar/<token>.ics", HOLDER)
def show(token: str) -> Response:
    """The calendar of whoever the address is of; 404 for one revoked, made up, or of a leaver (bad-input row 64)."""
    now = clock.now()
    found = whose(db.session(), token, now)
    if found is None:
        _count_a_miss(token)
        abort(404)
    scope = found.standing.scope
    narrow(db.session(), scope.organisation_id)
    entries = entries_of(db.session(), found, now)
    content = calendar_file(f"{scope.name}: {PRODUCT}", scope.time_zone, entries, settings().base_url)
    answer = Response(content, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _count_a_miss(token: str) -> None:
    now = clock.now()
    until = count_a_miss(token, attempts.by_calendar(request.remote_addr or ""))
    if until is not None:
        seconds = max(1, round((until - now).total_seconds()))
        abort(Response("Too many calendars were asked for that are not there.\n", 429, {"Retry-After": str(seconds)}))
