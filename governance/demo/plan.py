"""How each policy of the demonstration school came by its versions: when, by whom, and what is special about it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from governance.demo.days import Days, meeting_before, meeting_since, months_before, working_day
from governance.demo.written import Written
from governance.extract.dates import StatedDate, exactly, not_recorded
from governance.extract.stated_dates import month_of, term_of
from governance.schools.calendar import add_months


class By(StrEnum):
    """Who decides."""

    BOARD = "board"
    COMMITTEE = "committee"
    HEAD = "headteacher"
    CHAIR = "chair"
    NOBODY = "not recorded"


@dataclass(frozen=True)
class Step:
    """A version with its decision. `back` is how many versions older than the present text it is.

    `on` is the day it happened, `meeting` says that a body's meeting on that day decided. `asks` is for major changes.
    """

    number: int
    back: int
    on: dt.date
    decided: StatedDate
    by: By
    next_review: StatedDate | None
    meeting: bool = False
    in_force_on: dt.date | None = None
    asks: bool = False
    pending: bool = False


SEPTEMBERS = frozenset({"SAF-01", "CON-01", "AUP-01", "KCS-01"})
DRAFT = "AIP-01"
RETIRED, REPLACED_BY = "ESA-01", "AUP-01"
NEW_VERSION = "BEH-01"
TO_BE_RATIFIED = "MOB-01"
RATIFIED = "VIS-01"
AMENDED = "PRI-01"
CORRECTED = "COM-01"
REVIEWED_ONLY = "EQU-01"
_BY_TERM = "ACC-01"
_NOT_RECORDED = "CHN-01"
_NO_REVIEW_DATE = "GRI-01"
_BY_COMMITTEE = frozenset("CHA-01 PAY-01 HSP-01 LON-01 FIR-01 REC-01 GRI-01 CAP-01 COM-01 DAT-01".split())
# Days until the next review; it is late where negative.
_REVIEW_IN = {"BUL-01": -34, "CHA-01": -61, "LON-01": -12, "HSP-01": 27, "SEN-01": 58, "RSE-01": 80}
# How many days ago, where it matters.
_HEAD_APPROVED = {"SAF-02": 12, TO_BE_RATIFIED: 20}
_CHAIR_BEFORE_BOARD = 24
RETIRED_AGO = 31


def steps_of(policy: Written, place: int, days: Days) -> list[Step]:
    """The versions of a policy with their decisions, oldest first; `place` spreads policies over the year."""
    if policy.reference == DRAFT:
        return []
    if policy.reference in SEPTEMBERS:
        return list(_each_september(policy, days))
    if policy.reference in (REVIEWED_ONLY, _BY_TERM, _NOT_RECORDED):
        return [_vague(policy, days)]
    return list(_ordinary(policy, place, days))


def last_held(days: Days) -> dt.date:
    """The last meeting of the board."""
    return meeting_before(days.board, days.today)


def next_held(days: Days) -> dt.date:
    """The next meeting of the board."""
    return next(day for day in days.board if day >= days.today)


def month_after(day: dt.date, months: int) -> StatedDate:
    """The month in which so many months after a day lie, as policies state their next review."""
    due = add_months(day, months)
    return month_of(due.year, due.month, "")


def _each_september(policy: Written, days: Days) -> Iterator[Step]:
    begins = days.septembers
    issued = policy.kind == "guidance"
    for number, first_day in enumerate(begins, start=1):
        on = first_day - dt.timedelta(days=5) if issued else meeting_before(days.board, first_day)
        yield Step(
            number=number,
            back=len(begins) - number,
            on=on,
            decided=exactly(on),
            by=By.HEAD if issued else By.BOARD,
            meeting=not issued,
            next_review=month_after(first_day, policy.months),
            in_force_on=first_day,
            asks=first_day > days.begun,
        )


def _vague(policy: Written, days: Days) -> Step:
    """Adopted in a month, in a term, or nobody knows when."""
    year = days.begun.year - 2
    if policy.reference == _NOT_RECORDED:
        return Step(1, 0, days.set_up_on, not_recorded(), By.NOBODY, None)
    decided = (
        month_of(year, 3, f"March {year}")
        if policy.reference == REVIEWED_ONLY
        else term_of("summer", year, f"summer term {year}")
    )
    on = decided.latest_on or days.set_up_on
    return Step(1, 0, on, decided, By.BOARD, month_after(on, policy.months))


def _ordinary(policy: Written, place: int, days: Days) -> Iterator[Step]:
    count = 1 if policy.months > 24 or policy.reference == RETIRED else 2 if policy.months == 24 else 3
    last, by = _last_decided(policy, place, days)
    newer = policy.reference == NEW_VERSION
    for number in range(1, count + 1):
        on, who = last, by
        if number < count or policy.reference == RETIRED:
            who = _usual(policy)
            earlier = months_before(last, policy.months * max(count - number, 1))
            on = meeting_since(_meetings(who, days), earlier, days.today)
        yield Step(
            number=number,
            back=count - number + newer,
            on=on,
            decided=exactly(on),
            by=who,
            meeting=who in (By.BOARD, By.COMMITTEE),
            next_review=_next_review(policy, on, days) if number == count else month_after(on, policy.months),
            asks=number == count and place % 3 != 0,
            pending=policy.reference in (TO_BE_RATIFIED, RATIFIED) and number == count,
        )


def _last_decided(policy: Written, place: int, days: Days) -> tuple[dt.date, By]:
    """When the version in force was decided, and by whom."""
    if policy.reference in _HEAD_APPROVED:
        return days.ago(_HEAD_APPROVED[policy.reference]), By.HEAD
    if policy.reference == RATIFIED:
        return working_day(last_held(days) - dt.timedelta(days=_CHAIR_BEFORE_BOARD)), By.CHAIR
    by = _usual(policy)
    due_in = _REVIEW_IN.get(policy.reference)
    if due_in is not None:
        return meeting_before(_meetings(by, days), months_before(days.ago(-due_in), policy.months)), by
    span = min(policy.months * 30 - 150, 560)
    return meeting_since(_meetings(by, days), days.ago(20 + place * 47 % span), days.today), by


def _next_review(policy: Written, decided_on: dt.date, days: Days) -> StatedDate | None:
    if policy.reference == _NO_REVIEW_DATE:
        return None
    due_in = _REVIEW_IN.get(policy.reference)
    return month_after(decided_on, policy.months) if due_in is None else exactly(days.ago(-due_in))


def _usual(policy: Written) -> By:
    return By.COMMITTEE if policy.reference in _BY_COMMITTEE else By.BOARD


def _meetings(by: By, days: Days) -> tuple[dt.date, ...]:
    return days.committee if by is By.COMMITTEE else days.board
