"""A day's cut-offs as parameters, so that one statement serves every school with as many kinds of rule.

A statement knows how many distinct days to read and how many kinds of repeat there are, never which: it is built and
compiled once. The numbers are rounded up, the last value being said again, so that there are few statements. Their
names begin with `cut`, which keeps them apart from those that SQLAlchemy gives to values.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Date, Integer, Text, and_, bindparam, case, literal

from governance.reading.calendar import FIRST_DAY
from governance.reading.day_query import ONCE, Figures
from governance.reading.parameters import ALWAYS, NOUGHT, ONE
from governance.tenancy import Scope

T = TypeVar("T")


class Mix(NamedTuple):
    """How many distinct days to read, kinds of repeat, job titles and days of joiners, rounded up; what else to look at.

    `exact` where each clock is known to be overdue or not by one day: the certain and the possible cut-off are the same.
    """

    days: int
    repeats: int
    titles: int
    joiners: int
    named: bool
    bits: int
    withdrawn: bool
    excused: bool
    away: bool
    watched: bool
    declined: bool
    exact: bool

    @property
    def refined(self) -> bool:
        """Whether some rule of the day is for less than all of a category."""
        return bool(self.titles or self.joiners or self.named)

    @property
    def partial(self) -> bool:
        """Whether any policy has parts to be read separately."""
        return self.bits > 0


def mix_of(figures: Figures) -> Mix:
    """The mix of the rules that hold on a day."""
    days, repeats = _distinct(figures)
    cuts = [figures.overdue_starts(number) for number in days]
    exact = all(cut.certain_on == cut.possible_on for cut in cuts)
    of_rules = (_rounded(len(figures.titles)), _rounded(len(figures.joined)), figures.named, figures.bits)
    excused, away, watched, declined = map(bool, (figures.excused, figures.away, figures.watched, figures.declined))
    of_people = (figures.withdrawn, excused, away, watched, declined)
    return Mix(_rounded(len(days)), _rounded(len(repeats)), *of_rules, *of_people, exact)


def binds(scope: Scope, figures: Figures) -> dict[str, Any]:
    """The parameters of every statement over pairs: the day, the special cases, the cut-offs of each kind of rule."""
    values: dict[str, Any] = {
        "organisation_id": scope.organisation_id,
        "day": figures.day,
    }
    for name in ("excused", "away", "watched", "declined", "partial"):
        ids = getattr(figures, name)
        values |= {name: sorted(ids)} if ids else {}
    mix, (days, repeats) = mix_of(figures), _distinct(figures)
    values |= {f"cut_title_{i}": title for i, title in enumerate(_padded(figures.titles, mix.titles))}
    values |= {f"cut_joined_{i}": on for i, on in enumerate(_padded(figures.joined, mix.joiners))}
    for j, kind in enumerate(_padded(repeats, mix.repeats)):
        values |= {f"cut_kind_{j}": kind, f"cut_good_{j}": figures.first_good(kind, figures.day)}
    for i, number in enumerate(_padded(days, mix.days)):
        cut = figures.overdue_starts(number)
        certain, possible = cut.certain_on or FIRST_DAY, cut.possible_on or FIRST_DAY
        values |= {f"cut_days_{i}": number, f"cut_certain_{i}": certain, f"cut_possible_{i}": possible}
        for j, kind in enumerate(_padded(repeats, mix.repeats)):
            values[f"cut_certain_{i}_{j}"] = figures.first_good(kind, certain)
            values[f"cut_possible_{i}_{j}"] = figures.first_good(kind, possible)
    return values


def good_from(mix: Mix, kind: Any) -> ColumnElement[Any]:
    """The first day on which a receipt must have been given to be good, under a repeat of a kind."""
    if not mix.repeats:
        return literal(FIRST_DAY, Date())
    return case(*((kind == _number(f"cut_kind_{j}"), _date(f"cut_good_{j}")) for j in range(mix.repeats)), else_=ALWAYS)


def title_number(mix: Mix, key: Any) -> ColumnElement[int]:
    """A number for a job title that some rule of the day is for; null for every other."""
    return case(*((key == bindparam(f"cut_title_{i}", type_=Text()), i) for i in range(mix.titles)))


def joined_number(mix: Mix, first_job_on: Any) -> ColumnElement[int]:
    """How many of the days from which joiners count lie on or before somebody's first."""
    met = (case((first_job_on >= _date(f"cut_joined_{i}"), ONE), else_=NOUGHT) for i in range(mix.joiners))
    return reduce(add, met)


def cutoff(mix: Mix, which: str, days: Any) -> ColumnElement[Any]:
    """The `certain` or `possible` cut-off of a clock of so many days."""
    return case(*((days == _number(f"cut_days_{i}"), _date(f"cut_{which}_{i}")) for i in range(mix.days)))


def lapsed_by_cutoff(mix: Mix, which: str, days: Any, kind: Any) -> ColumnElement[Any]:
    """The first day whose receipt had not lapsed by that cut-off; null for what does not repeat."""
    cases = [
        (and_(days == _number(f"cut_days_{i}"), kind == _number(f"cut_kind_{j}")), _date(f"cut_{which}_{i}_{j}"))
        for i in range(mix.days)
        for j in range(mix.repeats)
    ]
    return case(*cases)


def _distinct(figures: Figures) -> tuple[list[int], list[int]]:
    return sorted({days for days, _ in figures.rules}), sorted({kind for _, kind in figures.rules if kind != ONCE})


def _rounded(number: int) -> int:
    return 0 if number == 0 else 1 << (number - 1).bit_length()


def _padded(values: Sequence[T], length: int) -> list[T]:
    return [*values, *(values[-1] for _ in range(length - len(values)))]


def _date(name: str) -> Any:
    return bindparam(name, type_=Date())


def _number(name: str) -> Any:
    return bindparam(name, type_=Integer())
