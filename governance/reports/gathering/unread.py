"""Who has not read what: everybody whose reading is outstanding, or those alone whose due day has passed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from governance.chasing.queries import last_reminded
from governance.reading.listed import Listed, Worker, listed
from governance.reading.owed import Owed
from governance.reading.queries import outstanding, overdue
from governance.reports.report import Column, Kind, Report
from governance.tenancy import Scope

COLUMNS = (
    Column("staff_number", "Staff number"),
    Column("family_name", "Family name"),
    Column("given_name", "Given name"),
    Column("job", "Job"),
    Column("category", "Category"),
    Column("manager", "Manager"),
    Column("policy", "Policy"),
    Column("version", "Version"),
    Column("asked_on", "Asked on", Kind.DAY),
    Column("due", "Due", Kind.DAY),
    Column("days_late", "Days late", Kind.WHOLE),
    Column("last_reminded", "Last reminded", Kind.DAY),
)


def outstanding_report(session: Session, scope: Scope, as_of: dt.date, now: dt.datetime) -> Report:
    """Everybody who has not yet read something, due or not."""
    rows = outstanding(session, scope, as_of)
    return _report(session, scope, as_of, now, "outstanding", "Not yet read", rows)


def overdue_report(session: Session, scope: Scope, as_of: dt.date, now: dt.datetime) -> Report:
    """Those whose reading is overdue, by name, then by policy."""
    return _report(session, scope, as_of, now, "overdue", "Reading overdue", overdue(session, scope, as_of))


def _report(
    session: Session, scope: Scope, as_of: dt.date, now: dt.datetime, name: str, title: str, owed: Sequence[Owed]
) -> Report:
    reminded = last_reminded(session, scope, as_of)
    rows = tuple(_rows(listed(session, scope, owed, as_of), reminded))
    totals = {"people": len({row.person_id for row in owed}), name: len(rows)}
    note = "One row a person and policy. Somebody away, or of whom it is not needed, is not listed."
    return Report(
        name, title, scope.name, as_of, COLUMNS, rows, totals, (note,), now, {"people": "People", name: title}
    )


def _rows(found: Iterable[Listed], reminded: Mapping[tuple[int, int], dt.date]) -> Iterator[tuple[Any, ...]]:
    """A row a person and policy. Of their jobs, those are named through which it is required of them."""
    about: dict[tuple[int, tuple[int, ...]], tuple[str, ...]] = {}
    for owed, worker, policy, version in found:
        through = owed.person_id, owed.category_ids
        if through not in about:
            about[through] = _about(worker.in_categories(owed.category_ids))
        last = reminded.get((owed.person_id, owed.in_force_id))
        yield (*about[through], policy.title, version, owed.asked_on, owed.due_on, owed.days_late, last)


def _about(worker: Worker) -> tuple[str, ...]:
    person = worker.person
    names = (person.number, person.family_name, person.given_name)
    return (*names, worker.job_titles, worker.categories, worker.managers)
