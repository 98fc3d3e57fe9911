"""Who is to be told what this morning. Pure: what is owed, what was told, and who is who; mails come out.

what is owed ─ by person ─▶ anything not asked yet, or at a rung?  ─▶ one mail with all that they have to read
             ─ at a manager's rung ─▶ one mail a manager, of their own people alone
             ─ at the headteacher's rung ─▶ one mail a headteacher
             ─ the headteacher's own, at the chair's rung ─▶ one mail to the chair
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from governance.chasing.rules import ASKING, Ladder, Whom, days_for, rung_day
from governance.reading.calendar import SchoolYear
from governance.reading.owed import Owed

# Who is told, of whom, for which in-force row.
Mention = tuple[Whom, int, int]


@dataclass(frozen=True)
class Told:
    """What the ledger holds: the last day on which each reading was named to each kind of recipient, and the highest
    rung, in days, that was told for a due day; and which readings were asked for which due day.
    """

    last_on: Mapping[Mention, dt.date] = field(default_factory=dict)
    highest: Mapping[tuple[Whom, int, int, dt.date], int] = field(default_factory=dict)
    asked: Collection[tuple[int, int, dt.date]] = frozenset()


@dataclass(frozen=True)
class Staff:
    """Who can be written to today, and who is told about whom. All by the identifiers of people.

    `managers_of` has the managers of everybody through the jobs that they hold today. `here` are those with an address who
    work here, have not been shut out, and are not away.
    """

    here: frozenset[int]
    managers_of: Mapping[int, Sequence[tuple[int | None, int]]] = field(default_factory=dict)
    headteachers: tuple[int, ...] = ()
    chairs: tuple[int, ...] = ()


@dataclass(frozen=True)
class Line:
    """One reading that a mail names; `rung` is "asking", days in figures, or None where it is only listed."""

    owed: Owed
    rung: str | None


@dataclass(frozen=True)
class Planned:
    """One mail to one person."""

    whom: Whom
    to: int
    lines: tuple[Line, ...]

    @property
    def asks(self) -> bool:
        """Whether it asks for something that it has not asked for before."""
        return any(line.rung == ASKING for line in self.lines)


@dataclass(frozen=True)
class Morning:
    """What the rungs are measured by."""

    day: dt.date
    ladder: Ladder
    school: SchoolYear
    told: Told


def planned(owed: Sequence[Owed], staff: Staff, morning: Morning) -> list[Planned]:
    """Every mail of a morning: to the people themselves, their managers, the headteacher, the chair.

    Others hear of somebody only on a later day than they did themselves, unless no mail can reach them.
    """
    heads = frozenset(staff.headteachers)
    known = [row for row in owed if row.person_id not in staff.here or _was_told(row, morning)]
    others = (
        _to_others(Whom.MANAGER, known, lambda row: managers_for(row, staff), morning),
        _to_others(Whom.HEADTEACHER, known, lambda row: [one for one in heads if one != row.person_id], morning),
        _to_others(Whom.CHAIR, known, lambda row: staff.chairs if row.person_id in heads else (), morning),
    )
    mails = [*_to_people(owed, morning), *(mail for some in others for mail in some)]
    return [mail for mail in mails if mail.to in staff.here]


def reached(row: Owed, whom: Whom, morning: Morning) -> int | None:
    """The latest rung, in days, that a reading has reached and nobody was told of; None where there is none."""
    if row.due_on is None:
        return None
    last = morning.told.last_on.get((whom, row.person_id, row.in_force_id))
    highest = morning.told.highest.get((whom, row.person_id, row.in_force_id, row.due_on))
    for days in days_for(morning.ladder, whom):
        on = rung_day(row.due_on, days, morning.school)
        if on > morning.day:
            continue
        passed = (last is not None and on <= last) or (highest is not None and days <= highest)
        return None if passed else days
    return None


def is_asked(row: Owed, told: Told) -> bool:
    """Whether a mail has named this reading since its clock started, or has asked for it by this very day."""
    if (row.person_id, row.in_force_id, row.due_on) in told.asked:
        return True
    last = told.last_on.get((Whom.PERSON, row.person_id, row.in_force_id))
    return last is not None and (row.start_on is None or last >= row.start_on)


def _was_told(row: Owed, morning: Morning) -> bool:
    last = morning.told.last_on.get((Whom.PERSON, row.person_id, row.in_force_id))
    return is_asked(row, morning.told) and last is not None and last < morning.day


def _to_people(owed: Iterable[Owed], morning: Morning) -> list[Planned]:
    lines: defaultdict[int, list[Line]] = defaultdict(list)
    for row in owed:
        days = reached(row, Whom.PERSON, morning)
        rung = None if days is None else str(days)
        lines[row.person_id].append(Line(row, rung if is_asked(row, morning.told) else ASKING))
    return [
        Planned(Whom.PERSON, person, tuple(found))
        for person, found in sorted(lines.items())
        if any(line.rung is not None for line in found)
    ]


def _to_others(
    whom: Whom, owed: Iterable[Owed], tell: Callable[[Owed], Iterable[int]], morning: Morning
) -> list[Planned]:
    if not days_for(morning.ladder, whom):
        return []
    lines: defaultdict[int, list[Line]] = defaultdict(list)
    for row in owed:
        days = reached(row, whom, morning)
        if days is not None:
            for one in tell(row):
                lines[one].append(Line(row, str(days)))
    return [Planned(whom, to, tuple(found)) for to, found in sorted(lines.items())]


def managers_for(row: Owed, staff: Staff) -> list[int]:
    """Of the jobs through which it is required; of any job where a rule names the person."""
    of_jobs = staff.managers_of.get(row.person_id, ())
    through = [manager for category, manager in of_jobs if category in row.category_ids]
    found = through or [manager for _, manager in of_jobs]
    return [one for one in dict.fromkeys(found) if one != row.person_id]
