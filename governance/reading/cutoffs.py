"""A day's calendar arithmetic turned into cut-off dates, so that SQL only compares dates.

All are exact inverses of `calendar` for one day D: `start <= cutoff` says the same as `due_day(start, days) < D`.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from governance.reading.calendar import (
    FIRST_DAY,
    LAST_DAY,
    SchoolYear,
    add_months,
    days_after,
    due_day,
    last_year_start,
)
from governance.reading.facts import Repeat


@dataclass(frozen=True, slots=True)
class OverdueStarts:
    """Which clocks are overdue: those started on or before `certain_on` are, those after `possible_on` are not.

    In calendar days the two are one. Where the entered terms end (or a term is missing between them) due days are not in
    the order of their starts; a start between the two has to be dated by `due_day`. None where no start can be overdue.
    """

    certain_on: dt.date | None
    possible_on: dt.date | None


def first_good_day(repeat: Repeat, months: int | None, day: dt.date, school: SchoolYear) -> dt.date:
    """The first day on which a receipt must have been given to be good on `day`; the first day there is for `once`."""
    if repeat is Repeat.YEARLY:
        return last_year_start(day, school)
    if repeat is Repeat.ONCE:
        return FIRST_DAY
    # Not `day` less the months: 28 February less 6 is 28 August, yet a receipt of 31 August lapses on 28 February too.
    candidate = add_months(day, -(months or 0))
    while candidate < LAST_DAY and add_months(candidate, months or 0) <= day:
        candidate = days_after(candidate, 1)
    return candidate


@lru_cache(maxsize=256)
def overdue_starts(days: int, day: dt.date, school: SchoolYear) -> OverdueStarts:
    """The starts whose due day, so many days to read later, is before `day`."""
    latest = _latest_by_calendar(days, day)
    if latest is None or not school.terms:
        return OverdueStarts(latest, latest)
    certain, possible = latest, None
    for first_on, last_on in _in_order(days, latest, school):
        starts = range(first_on.toordinal(), last_on.toordinal() + 1)
        overdue = bisect_left(starts, day, key=lambda start: due_day(dt.date.fromordinal(start), days, school))
        if overdue:
            possible = dt.date.fromordinal(starts[overdue - 1])
        if overdue < len(starts):
            certain = min(certain, days_after(dt.date.fromordinal(starts[overdue]), -1))
    return OverdueStarts(None if possible is None else certain, possible)


def _in_order(days: int, latest: dt.date, school: SchoolYear) -> Iterator[tuple[dt.date, dt.date]]:
    """The days up to `latest`, as stretches in each of which due days are in the order of their starts.

    Such a stretch is the part of a span from which so many days do not lead out of it, and everything beside.
    """
    next_on = FIRST_DAY
    for span in school.spans:
        inside_to = days_after(span.last_on, -days)
        for first_on, last_on in ((next_on, days_after(span.first_on, -1)), (span.first_on, inside_to)):
            if first_on <= min(last_on, latest):
                yield first_on, min(last_on, latest)
        next_on = max(span.first_on, days_after(inside_to, 1))
    if next_on <= latest:
        yield next_on, latest


def _latest_by_calendar(days: int, day: dt.date) -> dt.date | None:
    """No day to read is shorter than a calendar day, so no later start can be overdue."""
    ordinal = day.toordinal() - days - 1
    return dt.date.fromordinal(ordinal) if ordinal >= FIRST_DAY.toordinal() else None
