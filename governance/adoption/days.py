"""The days that follow from a decision: in force, asked from, next review. Pure."""

from __future__ import annotations

import datetime as dt

from governance.adoption.proposals import Proposed
from governance.errors import Objection
from governance.extract.dates import Precision, StatedDate, exactly
from governance.schools.calendar import add_months

REVIEW_MONTHS = range(1, 61)


def in_force_from(proposed: Proposed, today: dt.date) -> tuple[dt.date, Precision]:
    """The day from which the version is in force, and how well that day is known.

    A vague date counts from its latest day, from which it was certainly in force; with no date recorded it counts from
    the day given, else from today.
    """
    if proposed.in_force_on is not None:
        known = proposed.decided.precision is not Precision.NOT_RECORDED
        return proposed.in_force_on, Precision.DAY if known else Precision.NOT_RECORDED
    if proposed.decided.latest_on is not None:
        return proposed.decided.latest_on, proposed.decided.precision
    return today, Precision.NOT_RECORDED


def asked_from(in_force_on: dt.date, asks_from: dt.date | None, today: dt.date) -> dt.date:
    """The day from which people are asked: the one given, else the later of the in-force day and today.

    So a decision typed in weeks late makes nobody late.
    """
    return asks_from or max(in_force_on, today)


def made_by(decided: StatedDate, today: dt.date) -> StatedDate:
    """The stated date less the days still to come: "September 2026", typed on the 10th, was made by the 10th."""
    if decided.latest_on is None or decided.earliest_on is None or not decided.earliest_on <= today < decided.latest_on:
        return decided
    return StatedDate(decided.earliest_on, today, decided.precision, decided.as_written)


def next_review_after(decided_on: dt.date, months: int, anchor_on: dt.date | None = None) -> dt.date:
    """The next review day of a cycle: 31 August + 6 months is the last day of February.

    `anchor_on` is the day the cycle began; a review held exactly on its day continues from there, so that 29 February
    2028 + a year is 28 February 2029 and, three reviews later, 29 February 2032 again.

    Raises:
        ValueError: for an interval outside 1 to 60 months.
    """
    if months not in REVIEW_MONTHS:
        raise ValueError(f"a review interval of {months} months")
    if anchor_on is not None and anchor_on <= decided_on:
        rounds, left = divmod((decided_on.year - anchor_on.year) * 12 + decided_on.month - anchor_on.month, months)
        if not left and add_months(anchor_on, rounds * months) == decided_on:
            return add_months(anchor_on, (rounds + 1) * months)
    return add_months(decided_on, months)


def interval_of(text: str) -> tuple[int | None, list[Objection]]:
    """A review interval as typed, in months; blank is none."""
    written = text.strip()
    if not written:
        return None, []
    if written.isascii() and written.isdigit() and len(written) < 5 and int(written) in REVIEW_MONTHS:
        return int(written), []
    return None, [
        Objection("Enter how often it is reviewed as a number of months from 1 to 60.", "review_every_months")
    ]


def stated_by_latest(latest_on: dt.date | None, precision: str) -> StatedDate | None:
    """A date of which only its last day and its precision were kept, such as a next review; None where there is none."""
    if latest_on is None:
        return None
    first = latest_on.replace(day=1)
    if precision == Precision.MONTH:
        return StatedDate(first, latest_on, Precision.MONTH, "")
    if precision == Precision.TERM:  # each is four calendar months, as `extract` reads them
        return StatedDate(add_months(first, -3), latest_on, Precision.TERM, "")
    if precision == Precision.YEAR:
        return StatedDate(add_months(first, -11), latest_on, Precision.YEAR, "")
    return exactly(latest_on)
