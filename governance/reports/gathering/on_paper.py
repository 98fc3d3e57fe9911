"""Who has something to read and is reached by no mail: a list to print, so that reception can tell them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from governance.chasing.queries import NO_ADDRESS, not_reached
from governance.reading.listed import Listed, listed
from governance.reading.queries import outstanding
from governance.reports.report import Column, Kind, Report
from governance.tenancy import Scope

COLUMNS = (
    Column("family_name", "Family name"),
    Column("given_name", "Given name"),
    Column("staff_number", "Number"),
    Column("policy", "What to read"),
    Column("version", "Version"),
    Column("due", "Due", Kind.DAY),
    Column("days_late", "Days late", Kind.WHOLE),
    Column("why", "Why on paper"),
)
_NOTES = (
    "Everybody who has something left to read and no e-mail address, or whose last reminder could not be delivered.",
    "Hand them the policy, or the way to sign in, and enter signed paper under Reading.",
)


def on_paper_report(session: Session, scope: Scope, as_of: dt.date, now: dt.datetime) -> Report:
    """Who is to be told on paper: a row a person and policy, by name, what is due first in front."""
    why = not_reached(session, scope)
    owed = [row for row in outstanding(session, scope, as_of) if row.person_id in why]
    found = listed(session, scope, owed, as_of)
    rows = tuple(_row(one, why[one.owed.person_id]) for one in found)
    totals = {"people": len({row.person_id for row in owed}), "readings": len(rows)}
    titles = {"people": "People to tell", "readings": "Policies to read, in all"}
    return Report("on-paper", "To tell on paper", scope.name, as_of, COLUMNS, rows, totals, _NOTES, now, titles)


def _row(one: Listed, why: str) -> tuple[object, ...]:
    person, owed = one.worker.person, one.owed
    about = (person.family_name, person.given_name, person.number)
    short = "No e-mail address" if why == NO_ADDRESS else "Mail was refused"
    return (*about, one.policy.title, one.version, owed.due_on, owed.days_late, short)
