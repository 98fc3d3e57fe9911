"""Who was here for a day and left without reading what day people must read."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from governance.clock import local_day
from governance.reception.queries import Row, left_without_reading
from governance.render.words import listed, local_time
from governance.reports.report import Column, Kind, Report
from governance.tenancy import Scope

COLUMNS = (
    Column("visited_on", "Day", Kind.DAY),
    Column("family_name", "Family name"),
    Column("given_name", "Given name"),
    Column("reference", "Printed reference"),
    Column("agency", "Agency"),
    Column("purpose", "Here for"),
    Column("arrived", "Came at"),
    Column("left", "Left at"),
    Column("seen_by", "Seen by"),
    Column("unread", "Not read"),
)

_WHO = "Visitors whom nobody knew are left out. Whoever signed nothing and was seen by nobody is listed by the name they typed."


def left_without_reading_report(
    session: Session, scope: Scope, as_of: dt.date, now: dt.datetime, *, since: dt.date | None = None
) -> Report:
    """Visits of a day, or from `since` to it, that ended with something unread. Today's count once they have left."""
    first, today = min(since or as_of, as_of), local_day(now, scope.time_zone)
    rows = left_without_reading(session, scope, first, as_of, today)
    totals = {"visits": len(rows)}
    return Report(
        "left-without-reading",
        "Left without reading",
        scope.name,
        as_of,
        COLUMNS,
        tuple(_row(row, scope) for row in rows),
        totals,
        (
            _range_in_words(first, as_of),
            _WHO,
        ),
        now,
        {"visits": "Visits"},
    )


def _range_in_words(first: dt.date, last: dt.date) -> str:
    if first == last:
        return "Visits of that day."
    return f"Visits from {first:%-d %B %Y} to {last:%-d %B %Y}."


def _row(row: Row, scope: Scope) -> tuple[object, ...]:
    visit = row.visit
    return (
        visit.visited_on,
        visit.family_name,
        visit.given_name,
        row.person.reference if row.person else "",
        visit.agency,
        visit.purpose,
        local_time(visit.arrived_at, scope.time_zone),
        local_time(row.left_at, scope.time_zone) if row.left_at else "",
        row.seen_by or "",
        listed(row.unread),
    )
