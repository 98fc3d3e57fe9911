"""What a line manager is told each week: their own people alone, and only what anybody may know who manages them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from governance.chasing.gathering import Reader, readers, staff
from governance.chasing.plan import Staff, managers_for
from governance.mail.compose import Letter, compose
from governance.reading.calendar import SchoolYear, is_school_day, next_school_day
from governance.reading.listed import Listed, listed
from governance.reading.owed import Owed, State
from governance.reading.queries import outstanding
from governance.tenancy import Scope

DIGEST = "team_digest"
# What is due so soon is told beside what is late.
SOON = dt.timedelta(days=7)


@dataclass(frozen=True)
class Team:
    """A line manager with what their people have not read, overdue or due within the week, by name."""

    manager: Reader
    rows: tuple[Listed, ...]


def teams(session: Session, scope: Scope, day: dt.date, school: SchoolYear) -> list[Team]:
    """Every line manager who can be written to and whose people have something late or nearly so."""
    people = readers(session, scope, day)
    known = staff(session, scope, day, school, people)
    rows = [row for row in outstanding(session, scope, day) if _tells(row, day)]
    theirs: defaultdict[int, list[Listed]] = defaultdict(list)
    for row in listed(session, scope, rows, day):
        for manager in _told(row.owed, known):
            theirs[manager].append(row)
    return [Team(people[manager], tuple(found)) for manager, found in sorted(theirs.items())]


def sent_on(day: dt.date, school: SchoolYear) -> dt.date | None:
    """The school day on which a week's digest goes out: the day itself, or the first within the week; None in a holiday."""
    on = day if is_school_day(day, school) else next_school_day(day, school)
    return on if on - day < SOON else None


def digest(team: Team, day: dt.date, school: str, links: dict[str, str]) -> Letter:
    """The mail to one line manager."""
    values = {
        "name": team.manager.name,
        "today": day,
        "late": _lines(row for row in team.rows if row.owed.state is State.READING_OVERDUE),
        "soon": _lines(row for row in team.rows if row.owed.state is not State.READING_OVERDUE),
    }
    return compose(
        DIGEST, to=team.manager.address, school=school, values=values | links, to_person=team.manager.public_id
    )


def _tells(row: Owed, day: dt.date) -> bool:
    return row.due_on is not None and row.due_on < day + SOON


def _told(row: Owed, known: Staff) -> Sequence[int]:
    return [one for one in managers_for(row, known) if one in known.here]


def _lines(rows: Iterable[Listed]) -> list[dict[str, object]]:
    return [
        {
            "person": row.worker.person.name,
            "policy": row.policy.title,
            "due": row.owed.due_on,
            "days_late": row.owed.days_late,
        }
        for row in rows
    ]
