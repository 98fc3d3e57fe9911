"""When a reminder is due, to whom, and when it may leave: the pure rules of chasing.

    ladder    rungs: so many days before, on or after the due day, and whom to tell
    rung day  due day ± days: school days where the entered terms cover both, else calendar days
    reached   on the first school morning on or after the rung day

A rung is passed once a mail told of it, or once a later mail named the same reading: so whatever was missed, in a holiday
or while the program stood still, is made good by one mail. A due day that moves makes rungs of its own.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from governance.errors import Objection
from governance.mail.hours import CLOSES, OPENS
from governance.reading.calendar import SchoolYear, days_before, due_day, is_school_day, next_school_day

MOST_DAYS = 60
MOST_RUNGS = 12
# What stands for a rung where somebody is first asked.
ASKING = "asking"
# A run that comes after half past seven holds its mails for so long, so that they can be undone.
HELD_FOR = dt.timedelta(hours=1)


class Whom(StrEnum):
    """Who is told when a rung is reached."""

    PERSON = "person"
    MANAGER = "manager"
    HEADTEACHER = "headteacher"
    CHAIR = "chair"

    @property
    def in_words(self) -> str:
        """As the screens say it."""
        return _WHOM[self]


_WHOM = {
    Whom.PERSON: "The person",
    Whom.MANAGER: "Their line manager",
    Whom.HEADTEACHER: "The headteacher",
    Whom.CHAIR: "The chair, of the headteacher's own reading",
}
_ORDER = list(Whom)


@dataclass(frozen=True)
class Rung:
    """One step: days relative to the due day (negative before, 0 on it, positive after), and whom to tell."""

    days: int
    whom: Whom

    @property
    def in_words(self) -> str:
        """ "3 days before the due day": as the screens say it."""
        return days_in_words(self.days)


Ladder = tuple[Rung, ...]

# House rule: twice before it is late, then less and less often; a manager after a week, the headteacher after two.
OFFERED: Ladder = (
    Rung(-5, Whom.PERSON),
    Rung(0, Whom.PERSON),
    Rung(3, Whom.PERSON),
    Rung(5, Whom.MANAGER),
    Rung(10, Whom.PERSON),
    Rung(10, Whom.HEADTEACHER),
)


def days_in_words(days: int) -> str:
    """ "5 days before the due day", "on the due day"."""
    if days == 0:
        return "on the due day"
    plural = "" if abs(days) == 1 else "s"
    return f"{abs(days)} day{plural} {'before' if days < 0 else 'after'} the due day"


def rung_in_words(rung: str | None) -> str:
    """A rung as the ledger keeps it, in words."""
    if rung is None:
        return "named in a mail about others"
    return "asked to read it" if rung == ASKING else days_in_words(int(rung))


def in_order(rungs: Iterable[Rung]) -> Ladder:
    """By day, then from the person to the chair; each once."""
    return tuple(sorted(set(rungs), key=lambda rung: (rung.days, _ORDER.index(rung.whom))))


def to_text(ladder: Ladder) -> str:
    """The ladder as JSON text, the same text for the same ladder."""
    return json.dumps([[rung.days, rung.whom.value] for rung in in_order(ladder)])


def from_text(text: str) -> Ladder:
    """The ladder that `to_text` wrote."""
    return tuple(Rung(days, Whom(whom)) for days, whom in json.loads(text))


def objections_to(ladder: Ladder) -> list[Objection]:
    """What stands against a ladder."""
    found = []
    if not any(rung.whom is Whom.PERSON for rung in ladder):
        found.append(Objection("Keep at least one step that tells the person: others are told only after they were."))
    if len(ladder) > MOST_RUNGS:
        found.append(Objection(f"Keep at most {MOST_RUNGS} steps: more mails are not read."))
    if any(abs(rung.days) > MOST_DAYS for rung in ladder):
        found.append(Objection(f"Choose from 0 to {MOST_DAYS} days.", "days"))
    if any(rung.whom is Whom.CHAIR and rung.days <= 0 for rung in ladder):
        found.append(
            Objection("The chair is told only once the headteacher's reading is late: choose “after”.", "when")
        )
    return found


def days_for(ladder: Ladder, whom: Whom) -> tuple[int, ...]:
    """The days of the rungs that tell somebody, the latest first."""
    return tuple(sorted((rung.days for rung in ladder if rung.whom is whom), reverse=True))


def rung_day(due_on: dt.date, days: int, school: SchoolYear) -> dt.date:
    """The day of a rung. It may be no school day: it is reached on the next one."""
    return days_before(due_on, -days, school) if days < 0 else due_day(due_on, days, school)


def leaving_at(now: dt.datetime, zone: str) -> dt.datetime | None:
    """When what is queued at `now` (aware) on a school day may leave: at half past seven, or an hour later where that is
    past; None where that would be after hours, and it is left to the next school morning.
    """
    there = now.astimezone(ZoneInfo(zone))
    if there.time() < OPENS:
        return dt.datetime.combine(there.date(), OPENS, there.tzinfo).astimezone(dt.UTC)
    later = (now + HELD_FOR).astimezone(ZoneInfo(zone))
    if later.date() > there.date() or later.time() >= CLOSES:
        return None
    return later.astimezone(dt.UTC)


def told_from(recorded_at: dt.datetime, school: SchoolYear, zone: str) -> dt.datetime:
    """The first instant (UTC) at which mails may tell of what was recorded at an instant (aware): half past seven on that
    day, where it is a school day and not that late yet, else on the next school day.
    """
    there = recorded_at.astimezone(ZoneInfo(zone))
    day = there.date()
    if there.time() >= OPENS or not is_school_day(day, school):
        day = next_school_day(day, school)
    return dt.datetime.combine(day, OPENS, there.tzinfo).astimezone(dt.UTC)
