"""Month arithmetic for every room: review days, repeats, rows of a planner. Pure; dates are a school's own days.

It stays in Python since SQLite and PostgreSQL disagree about month ends. Sums stop at the first and the last date there
is, so that "31 December 9999", which some systems write for "still here", is a day like any other.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange

FIRST_DAY, LAST_DAY = dt.date.min, dt.date.max


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day so many months on, or that month's last day: 31 August + 6 is the last of February.

    To repeat, multiply the months and add them to the first day; adding to each result would drift from 29 to 28 February.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        return FIRST_DAY if months < 0 else LAST_DAY
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def whole_months(first: dt.date, last: dt.date) -> int:
    """The months that have gone by on a day: the most that `add_months` can add to the first without passing the last.

    From 31 January to the last of February is one, from 29 February to 28 February of the next year twelve. 0 where the
    last day is before the first.
    """
    months = (last.year - first.year) * 12 + last.month - first.month
    return max(0, months - (add_months(first, months) > last))
