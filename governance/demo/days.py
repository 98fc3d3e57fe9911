"""The demonstration school's calendar, counted from the day it is looked at, so that it always is a living school. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from governance.schools.calendar import add_months

_WEDNESDAY = 2
_BETWEEN_BOARDS = 63
_COMMITTEE_BEFORE = 28
# An academic year is shown once it is old enough for something in it to be overdue.
_OLD_ENOUGH = 45
_SET_UP_BEFORE = 75


@dataclass(frozen=True)
class Days:
    """Today, the day the academic year (and asking) began, the day the school was set up, and when its bodies meet."""

    today: dt.date
    begun: dt.date
    set_up_on: dt.date
    board: tuple[dt.date, ...]
    committee: tuple[dt.date, ...]

    def ago(self, days: int) -> dt.date:
        """So many days before today; after it where negative."""
        return self.today - dt.timedelta(days=days)

    def years_before(self, years: int) -> dt.date:
        """1 September so many years before the academic year began."""
        return self.begun.replace(year=self.begun.year - years)

    def read(self, token: str) -> dt.date | None:
        """A day as the lists write it: y6 is `years_before(6)`, d40 is `ago(40)`; empty is none."""
        if not token:
            return None
        number = int(token[1:])
        return self.years_before(number) if token[0] == "y" else self.ago(number)

    @property
    def septembers(self) -> list[dt.date]:
        """The beginnings of academic years, from two years before asking began until today."""
        years = [self.years_before(years) for years in (2, 1, 0, -1)]
        return [day for day in years if day <= self.today]


def days_of(today: dt.date) -> Days:
    """The calendar as it looks on a day."""
    latest = today - dt.timedelta(days=_OLD_ENOUGH)
    begun = dt.date(latest.year if latest.month >= 9 else latest.year - 1, 9, 1)
    next_board = _wednesday(today + dt.timedelta(days=19))
    around = [next_board + dt.timedelta(days=_BETWEEN_BOARDS * n) for n in range(-24, 4)]
    before = [day - dt.timedelta(days=_COMMITTEE_BEFORE) for day in around]
    return Days(
        today=today,
        begun=begun,
        set_up_on=begun - dt.timedelta(days=_SET_UP_BEFORE),
        board=_in_term(around, today),
        committee=_in_term(before, today),
    )


def meeting_since(meetings: tuple[dt.date, ...], day: dt.date, today: dt.date) -> dt.date:
    """The first meeting on a day or after it; the last one held where that is still to come."""
    held = [one for one in meetings if one < today]
    return next((one for one in held if one >= day), held[-1])


def meeting_before(meetings: tuple[dt.date, ...], day: dt.date) -> dt.date:
    """The last meeting before a day."""
    return [one for one in meetings if one < day][-1]


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day so many months earlier."""
    return add_months(day, -months)


def working_day(day: dt.date) -> dt.date:
    """The day, or the Monday after where it falls on a weekend."""
    return day + dt.timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day


def _wednesday(day: dt.date) -> dt.date:
    return day + dt.timedelta(days=(_WEDNESDAY - day.weekday()) % 7)


def _in_term(meetings: list[dt.date], today: dt.date) -> tuple[dt.date, ...]:
    """Meetings moved out of the long holidays: those held to the weeks before, those to come to the weeks after."""
    return tuple(sorted({_moved(day, -7 if day < today else 7) for day in meetings}))


def _moved(day: dt.date, step: int) -> dt.date:
    while (7, 20) < (day.month, day.day) < (9, 8) or (day.month, day.day) > (12, 17) or (day.month, day.day) < (1, 7):
        day += dt.timedelta(days=step)
    return day
