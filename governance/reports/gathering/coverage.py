"""How many have read what: one row a policy and category, and one a policy with each person once."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from governance.people.categories import categories
from governance.reading.listed import policies_named
from governance.reading.queries import coverage
from governance.reports.report import Column, Kind, Report
from governance.tenancy import Scope

EVERYONE = "everyone"
TITLES = {
    "audience": "For",
    "required": "Required",
    "acknowledged": "Read",
    "outstanding": "Not yet read",
    "overdue": "Reading overdue",
    "away": "Away",
    "excused": "Not needed",
    "declined": "Given, not signed",
}
COLUMNS = (
    Column("reference", "Reference"),
    Column("policy", "Policy"),
    Column("category", "Category"),
    *(Column(key, title, Kind.WHOLE) for key, title in TITLES.items()),
)


def coverage_report(session: Session, scope: Scope, as_of: dt.date, now: dt.datetime) -> Report:
    """Coverage by policy and category on a day."""
    found = coverage(session, scope, as_of)
    policies = {one.id: one for one in policies_named(session, scope)}
    places = {policy_id: place for place, policy_id in enumerate(policies)}
    named = {category.id: (category.position, category.name) for category in categories(session, scope)}
    order = sorted(
        found.cells,
        key=lambda cell: (places[cell[0]], named.get(cell[1] or 0, (10**6, ""))),
    )
    rows = tuple(
        (
            policies[policy_id].reference,
            policies[policy_id].title,
            EVERYONE if category_id is None else named[category_id][1],
            *found.cells[policy_id, category_id],
        )
        for policy_id, category_id in order
    )
    totals = found.totals._asdict()
    note = "A person in several categories is counted in each of them, and once under everyone and in the totals."
    return Report(
        "coverage",
        "Reading by policy and category",
        scope.name,
        as_of,
        COLUMNS,
        rows,
        totals,
        (note,),
        now,
        total_titles=TITLES,
    )
