"""Whom a training session makes a receipt for, and who is left out and why. Pure: it knows no database and no clock.

people of the chosen categories ─▶ left, away, absent, present ─▶ of those present: has it already, or a receipt
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from governance.reading.bulk_receipts import Given
from governance.reading.facts import Absence, Engagement, covers_parts
from governance.reading.owed import State

# Somebody who left longer ago is not mentioned: nobody would look for them on the list.
LEFT_WITHIN_DAYS = 365
_TO_READ = frozenset({State.NOT_YET_READ, State.READING_OVERDUE, State.DECLINED})


class Attendance(StrEnum):
    """What somebody on a session's list was on that day."""

    PRESENT = "present"
    ABSENT = "absent"
    AWAY = "away"
    LEFT = "left"


@dataclass(frozen=True)
class Covered:
    """A version that a session covers, with the parts of it as bits; 0 is the whole."""

    policy_id: int
    version_id: int
    parts: int = 0


@dataclass(frozen=True)
class Standing:
    """How somebody stands with a covered version on the day; `given` are their standing receipts for it up to then."""

    state: State | None
    given: Sequence[Given] = ()


def attendance(
    jobs: Iterable[Engagement], absences: Iterable[Absence], category_ids: Collection[int] | None, day: dt.date
) -> dict[int, Attendance]:
    """Who belongs to a session's list, before anybody is ticked as absent; `category_ids` None for every category."""
    away = {one.person_id for one in absences if one.from_on <= day and (one.until_on is None or day <= one.until_on)}
    earliest = day - dt.timedelta(days=LEFT_WITHIN_DAYS)
    chosen = [job for job in jobs if category_ids is None or job.category_id in category_ids]
    here = {job.person_id for job in chosen if job.holds_on(day)}
    left = {job.person_id for job in chosen if job.ended_on is not None and earliest <= job.ended_on < day}
    # Who changed category has not left; they are of another one now.
    still = {job.person_id for job in jobs if job.ended_on is None or job.ended_on >= day}
    found = {one: Attendance.AWAY if one in away else Attendance.PRESENT for one in here}
    return found | dict.fromkeys(left - here - still, Attendance.LEFT)


def needs(covered: Covered, standing: Standing, day: dt.date) -> bool:
    """Whether somebody present gets a receipt: not where what they have is good on the day.

    Of whom it is asked, the rules of reading say what is good. Of whom it is not, any receipt for the version is.
    """
    good = [one for one in standing.given if covers_parts(one.parts, covered.parts) and one.acknowledged_on <= day]
    if any(one.acknowledged_on == day for one in good):
        return False
    return standing.state in _TO_READ or (standing.state is not State.READ and not good)


def receipts_for(
    present: Iterable[int],
    covered: Sequence[Covered],
    standings: Mapping[tuple[int, int], Standing],
    day: dt.date,
) -> list[tuple[int, Covered]]:
    """Each receipt that a session makes, by person, then version. `standings` are by person and version."""
    nothing = Standing(None)
    return [
        (person_id, one)
        for person_id in present
        for one in covered
        if needs(one, standings.get((person_id, one.version_id), nothing), day)
    ]


def statement(wordings: Sequence[tuple[str, Sequence[str]]]) -> str:
    """What whoever records a session states: for each wording, the titles of the policies it belongs to."""
    said = [f"“{wording}” for {'; '.join(titles)}" for wording, titles in wordings]
    return f"Each person recorded as present confirmed on that day: {', and '.join(said)}."
