"""One school morning: what is owed, planned into mails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from governance.chasing.gathering import Reader, readers, school_year, staff, told
from governance.chasing.ladder import ladder_of
from governance.chasing.plan import Morning, Planned, planned
from governance.chasing.rules import Whom
from governance.chasing.sending import Names, names_of
from governance.reading.calendar import is_school_day, next_school_day
from governance.reading.listed import listed
from governance.reading.queries import outstanding
from governance.render.words import listed as in_a_row
from governance.render.words import plural
from governance.tenancy import Scope

_COUNTED = {
    Whom.PERSON: ("person", "people"),
    Whom.MANAGER: ("line manager", "line managers"),
    Whom.HEADTEACHER: ("headteacher", "headteachers"),
    Whom.CHAIR: ("chair", "chairs"),
}


@dataclass(frozen=True)
class Planning:
    """The mails of a morning with what their words need. `school_day` is False on a day of silence."""

    school_day: bool
    next_school_day: dt.date
    mails: tuple[Planned, ...] = ()
    people: Mapping[int, Reader] | None = None
    names: Names | None = None


def plan_morning(session: Session, scope: Scope, day: dt.date) -> Planning:
    """Who would be written to on a morning, and about what. Reads only."""
    school = school_year(session, scope, day)
    following = next_school_day(day, school)
    if not is_school_day(day, school):
        return Planning(school_day=False, next_school_day=following)
    owed = outstanding(session, scope, day)
    people = readers(session, scope, day)
    known = staff(session, scope, day, school, people)
    ledger = told(session, scope, {row.in_force_id for row in owed})
    mails = planned(owed, known, Morning(day, ladder_of(session, scope), school, ledger))
    wanted = [line.owed for mail in mails for line in mail.lines]
    names = names_of(listed(session, scope, list(dict.fromkeys(wanted)), day)) if wanted else {}
    return Planning(True, following, tuple(mails), people, names)


def in_words(mails: list[Planned] | tuple[Planned, ...]) -> str:
    """ "41 people and 3 line managers": whom the mails go to."""
    counts = [(sum(mail.whom is whom for mail in mails), words) for whom, words in _COUNTED.items()]
    return in_a_row([plural(count, *words) for count, words in counts if count])
