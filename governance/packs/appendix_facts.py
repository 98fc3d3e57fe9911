"""What stands in a pack's appendix: of the register's rows the late reviews, of the counts of readers the pack's policies.

register ─▶ policies in force ─▶ late reviews, with the next meeting that has each
                              ─▶ reviews by half-term, from the one of the day to a year on
pack     ─▶ its policies, then those about safeguarding ─▶ how far each has been read
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from governance.adoption.coming_up import ComingMeeting, planned_for
from governance.adoption.history import DecisionRow
from governance.adoption.register import RegisterRow
from governance.adoption.reviewed import last_review
from governance.adoption.states import State
from governance.extract.stated_dates import exactly
from governance.packs.appendix import Appendix, DueIn, LateReview, PolicyRead
from governance.packs.named import decided_by
from governance.packs.readers import Counts
from governance.packs.reviewed import last_reviewed_briefly, span
from governance.policies.safeguarding import is_about_safeguarding
from governance.render import words
from governance.schools.academic_year import AcademicYear, Entered, Half, halves_of, year_of
from governance.schools.models import Meeting
from governance.schools.school_time import terms
from governance.tenancy import Scope

# House rule: a year of half-terms ahead is what governors can plan meetings for.
HALVES_AHEAD = 6
FULL_BOARD = "Full board"
THIS_MEETING = "This meeting"


@dataclass(frozen=True)
class Known:
    """What was read for the pack already: the register, decisions by policy, who made them, and the counts of readers."""

    register: Mapping[int, RegisterRow]
    decided: Mapping[int, Sequence[DecisionRow]]
    makers: dict[int, str]
    readers: Mapping[int, Counts]


def appendix(
    session: Session, scope: Scope, known: Known, in_pack: Sequence[int], meeting: Meeting | None, day: dt.date
) -> Appendix:
    """The appendix of a pack with these policies, for a meeting or a day."""
    rows = [row for row in known.register.values() if row.version_id is not None and row.state is not State.RETIRED]
    planned = _planned(session, scope, in_pack, meeting, day)
    return Appendix(
        as_of=day,
        in_force=len(rows),
        undated=sum(row.next_review_on is None for row in rows),
        late=tuple(_late(row, known, planned, day) for row in _by_review(rows) if _is_late(row)),
        due=due_by_half(rows, halves_from(day, terms(session, scope)), planned.keys(), day),
        read=tuple(_read(known, rows, in_pack)),
    )


def halves_from(day: dt.date, entered: Sequence[Entered]) -> list[Half]:
    """The half-term of a day and those after it, for a year."""
    year = year_of(day)
    found = [*halves_of(year, entered), *halves_of(AcademicYear(year.starts_in + 1), entered)]
    return [half for half in found if half.last_on >= day][:HALVES_AHEAD]


def due_by_half(
    rows: Iterable[RegisterRow], halves: Sequence[Half], planned: Collection[int], day: dt.date
) -> tuple[DueIn, ...]:
    """How many reviews have their last day before the half-terms, and in each."""
    dated = [(row.next_review_on, row.policy_id in planned) for row in rows if row.next_review_on is not None]
    before = sum(on < halves[0].first_on for on, _ in dated)
    found = [DueIn(f"Before {_named(halves[0])}", late=before)]
    for half in halves:
        here = [(on < day, placed) for on, placed in dated if half.holds(on)]
        late = sum(is_late for is_late, _ in here)
        placed = sum(placed for is_late, placed in here if not is_late)
        found.append(DueIn(_named(half), late, placed, len(here) - late - placed))
    return tuple(found)


def _named(half: Half) -> str:
    return f"{half.name} {half.first_on.year}"


def _planned(
    session: Session, scope: Scope, in_pack: Iterable[int], meeting: Meeting | None, day: dt.date
) -> dict[int, ComingMeeting | None]:
    """The next meeting that has each policy before it, None for the pack's own, which has all of its pack's before it."""
    found: dict[int, ComingMeeting | None] = dict(planned_for(session, scope, day))
    for policy_id in in_pack if meeting else ():
        other = found.get(policy_id)
        if other is None or meeting is None or other.held_on >= meeting.held_on:
            found[policy_id] = None
    return found


def _planned_in_words(body: str, coming: ComingMeeting | None) -> str:
    """The meeting in a row that names the policy's body already."""
    if coming is None:
        return THIS_MEETING
    on = words.day_short(coming.held_on)
    return on if coming.body == body else f"{coming.body}, {on}"


def _is_late(row: RegisterRow) -> bool:
    return State.REVIEW_LATE in row.flags


def _by_review(rows: Iterable[RegisterRow]) -> list[RegisterRow]:
    """The longest late first; of one day by title, as the register has them."""
    return sorted(rows, key=lambda row: row.next_review_on or dt.date.max)


def _late(row: RegisterRow, known: Known, planned: Mapping[int, ComingMeeting | None], day: dt.date) -> LateReview:
    assert row.next_review_on is not None
    body = row.approving_body or FULL_BOARD
    last = last_review(known.decided[row.policy_id], day)
    decided = decided_by(last.decision, known.makers) if last else None
    return LateReview(
        title=row.title,
        reference=row.reference,
        body=body,
        last=last_reviewed_briefly(decided, is_first=last.is_first if last else False),
        due=row.next_review or exactly(row.next_review_on),
        late_by=span(row.next_review_on, day),
        planned=_planned_in_words(body, planned[row.policy_id]) if row.policy_id in planned else "",
    )


def _read(known: Known, rows: Iterable[RegisterRow], in_pack: Sequence[int]) -> Iterable[PolicyRead]:
    """The pack's policies, then the others in force about safeguarding."""
    others = [row for row in rows if row.policy_id not in in_pack and _about_safeguarding(row)]
    for row in (*(known.register[policy_id] for policy_id in in_pack), *others):
        counts = known.readers.get(row.policy_id, Counts())
        own = row.policy_id in in_pack
        yield PolicyRead(row.title, row.reference, counts, in_pack=own, safeguarding=_about_safeguarding(row))


def _about_safeguarding(row: RegisterRow) -> bool:
    return is_about_safeguarding(row.title, row.safeguarding)
