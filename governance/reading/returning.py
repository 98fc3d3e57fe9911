"""Who is back: people whose long absence has just ended or is about to, and what they will have to read by when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.people.models import Absence
from governance.people.queries import PersonRef
from governance.reading.calendar import days_after
from governance.reading.facts import Absence as Away
from governance.reading.facts import Facts
from governance.reading.facts_query import facts_of
from governance.reading.listed import workers
from governance.reading.outstanding_query import UNREAD
from governance.reading.owed import is_long, owed
from governance.tenancy import Scope

# House rule: who was back more than a week ago is in the lists like everybody, and plans further ahead change.
DAYS = 7


@dataclass(frozen=True)
class Returning:
    """Somebody with their first day back. `unread` policies are to be read then, the first by `due_on`."""

    person: PersonRef
    back_on: dt.date
    unread: int
    due_on: dt.date | None


def returning(session: Session, scope: Scope, today: dt.date) -> list[Returning]:
    """Those whose long absence ended in the last seven days or ends in the next seven, by first day back, then name.

    One statement where there is nobody. Who is away again on that day, or has no job then, is not back.
    """
    near = dt.timedelta(days=DAYS)
    ends = select(Absence.person_id, Absence.from_on, Absence.until_on).where(
        Absence.organisation_id == scope.organisation_id, Absence.until_on.between(today - near, today + near)
    )
    rows = [Away(*row) for row in session.execute(ends.order_by(Absence.until_on, Absence.id))]
    if not rows:
        return []
    ids = {row.person_id for row in rows}
    facts = facts_of(session, scope, today, person_ids=ids)
    back = {row.person_id: day for row in rows if is_long(row, facts.school) and (day := _back_on(facts, row))}
    people = workers(session, scope, today, ids)
    return sorted(
        (_returning(facts, who.person, back[one], today) for one, who in people.items() if one in back),
        key=lambda one: one.back_on,
    )


def _back_on(facts: Facts, absence: Away) -> dt.date | None:
    """The first day back; None where they are away again or have left by then."""
    assert absence.until_on is not None  # only absences with an end are looked at
    day = days_after(absence.until_on, 1)
    away = any(
        other.from_on <= day and (other.until_on is None or other.until_on >= day)
        for other in facts.absences
        if other.person_id == absence.person_id
    )
    works = any(job.holds_on(day) for job in facts.engagements if job.person_id == absence.person_id)
    return day if works and not away else None


def _returning(facts: Facts, person: PersonRef, back_on: dt.date, today: dt.date) -> Returning:
    rows = [row for row in owed(facts, max(back_on, today)) if row.person_id == person.id and row.state in UNREAD]
    return Returning(person, back_on, len(rows), min((row.due_on for row in rows if row.due_on), default=None))
