"""What a day's figures rest on before any pair is looked at: the school's calendar, and who is a special case.

One small statement. The calendar becomes cut-off dates here, in Python, so that the large statements compare dates only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    Text,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from governance.db import rows_of
from governance.people.models import Absence as AbsenceRow
from governance.reading.calendar import FIRST_DAY, LAST_DAY, SchoolYear, days_after
from governance.reading.cutoffs import OverdueStarts, first_good_day, overdue_starts
from governance.reading.facts import Absence, Repeat
from governance.reading.models import Declined, Excuse, Extension, PolicyPart, ReadingRule, Withdrawal
from governance.reading.owed import is_long
from governance.reading.parameters import DAY, ORGANISATION
from governance.schools.models import ClosedDay
from governance.schools.models import Term as TermRow
from governance.tenancy import Organisation, Scope

# At most 365 days to read; as school days they span less than two years. Whatever ended longer ago than this cannot
# matter to a clock that is not overdue without it.
LONGEST_CLOCK_DAYS = 1000
# A repeat as a number: rules compare and group by it. Months stand for themselves.
ONCE, YEARLY = 0, -1
_SCHOOL, _TERM, _CLOSED, _RULE, _ABSENCE, _EXCUSE, _EXTENSION, _DECLINED, _PART, _WITHDRAWAL = range(10)
_SINCE: Any = bindparam("since", type_=Date())


@dataclass(frozen=True)
class Figures:
    """A school's calendar, the rules that hold on a day as (days to read, repeat kind), and its special cases.

    `away` are people away that day, `excused` those with any excuse that day, `watched` those of whom an
    absence, an excuse or an extension may decide how they stand, and `declined` those who were given a sheet and did not
    sign: that is for `owed_by` to say.
    `eased_until` is the last day on which any of these ended: a clock that started later is untouched by them. `named`
    tells whether any rule of the day names a person. `titles` are the job titles that rules of the day are for, `joined`
    the days from which rules for joiners count. `partial` are policies with parts to be read separately,
    `bits` is how many bits these take, `withdrawn` tells whether the school ever withdrew a receipt.
    """

    day: dt.date
    school: SchoolYear
    rules: tuple[tuple[int, int], ...]
    away: frozenset[int]
    excused: frozenset[int]
    watched: frozenset[int]
    declined: frozenset[int]
    eased_until: Mapping[int, dt.date]
    named: bool
    titles: tuple[str, ...]
    joined: tuple[dt.date, ...]
    partial: frozenset[int]
    bits: int
    withdrawn: bool

    def overdue_starts(self, days: int) -> OverdueStarts:
        """Which clocks of so many days are overdue."""
        return overdue_starts(days, self.day, self.school)

    def first_good(self, kind: int, day: dt.date | None) -> dt.date | None:
        """The first day whose receipt is still good on `day`, under a repeat of that kind."""
        return None if day is None else first_good_day(*repeat_of(kind), day, self.school)


def repeat_of(kind: int) -> tuple[Repeat, int | None]:
    """A repeat from its number."""
    if kind == ONCE:
        return Repeat.ONCE, None
    return (Repeat.YEARLY, None) if kind == YEARLY else (Repeat.MONTHS, kind)


def repeat_kind(rule: Any = ReadingRule) -> ColumnElement[int]:
    """A rule's repeat as a number, in SQL."""
    numbers: Mapping[Any, Any] = {Repeat.ONCE.value: ONCE, Repeat.YEARLY.value: YEARLY}
    return case(numbers, value=rule.repeat, else_=rule.repeat_months)


def figures_of(session: Session, scope: Scope, day: dt.date, *, dated: bool = False) -> Figures:
    """The figures of a school on a day; `dated` for lists that show due days, however long ago they were moved."""
    binds = {"organisation_id": scope.organisation_id, "day": day}
    binds["since"] = FIRST_DAY if dated else days_after(day, -LONGEST_CLOCK_DAYS)
    rows = rows_of(session, _statement(), binds)
    school = _school_year(rows)
    rules = tuple(sorted({(row.a, row.b) for row in rows if row.what == _RULE}))
    certain = min((cut for days, _ in rules if (cut := overdue_starts(days, day, school).certain_on)), default=day)
    absences = [row for row in rows if row.what == _ABSENCE and _long(row, school)]
    excuses = [row for row in rows if row.what == _EXCUSE]
    extensions = [row for row in rows if row.what == _EXTENSION]
    declined = [row for row in rows if row.what == _DECLINED]
    eased = [*absences, *excuses, *extensions]
    return Figures(
        day=day,
        school=school,
        rules=rules,
        away=_people(absences, day),
        excused=_people(excuses, day),
        watched=frozenset(row.a for row in eased if row.until_on is not None and row.until_on >= certain),
        declined=frozenset(row.a for row in declined),
        eased_until=_latest([*eased, *declined]),
        named=any(row.c for row in rows if row.what == _RULE),
        titles=tuple(sorted({row.title for row in rows if row.what == _RULE and row.title is not None})),
        joined=tuple(sorted({row.from_on for row in rows if row.what == _RULE and row.from_on is not None})),
        partial=frozenset(row.a for row in rows if row.what == _PART),
        bits=max((row.b + 1 for row in rows if row.what == _PART), default=0),
        withdrawn=any(row.what == _WITHDRAWAL for row in rows),
    )


def _school_year(rows: Iterable[Any]) -> SchoolYear:
    settings, terms, closed_on = [], [], []
    for row in rows:
        if row.what == _SCHOOL:
            settings.append(((row.a, row.b), row.c))
        elif row.what == _TERM:
            terms.append((row.from_on, row.until_on))
        elif row.what == _CLOSED:
            closed_on.append(row.from_on)
    return SchoolYear.entered(*settings[0], terms, closed_on)


def _long(row: Any, school: SchoolYear) -> bool:
    return is_long(Absence(row.a, row.from_on, row.until_on), school)


def _people(rows: Iterable[Any], day: dt.date) -> frozenset[int]:
    """Whom rows that hold on the day are about."""
    holding = (row for row in rows if row.from_on <= day and (row.until_on is None or row.until_on >= day))
    return frozenset(row.a for row in holding)


def _latest(rows: Iterable[Any]) -> dict[int, dt.date]:
    """The last day on which anything about each person ended."""
    ended: dict[int, dt.date] = {}
    for row in rows:
        if row.until_on is not None:
            ended[row.a] = max(row.until_on, ended.get(row.a, FIRST_DAY))
    return ended


@lru_cache(maxsize=1)
def _statement() -> Any:
    rule, part, school, term = ReadingRule, PolicyPart, Organisation, TermRow
    return union_all(
        _row(_SCHOOL, school.year_starts_month, school.year_starts_day, school.away_school_days).where(
            school.id == ORGANISATION
        ),
        _row(_TERM, from_on=term.first_on, until_on=term.last_on).where(term.organisation_id == ORGANISATION),
        _row(_CLOSED, from_on=ClosedDay.closed_on).where(ClosedDay.organisation_id == ORGANISATION),
        _row(
            _RULE,
            *(rule.days_to_read, repeat_kind(), case((rule.person_id.is_(None), 0), else_=1)),
            from_on=rule.joined_since,
            title=rule.title_key,
        )
        .where(rule.organisation_id == ORGANISATION, rule.from_on <= DAY)
        .where(or_(rule.until_on.is_(None), rule.until_on >= DAY))
        .distinct(),
        _spell(_ABSENCE, AbsenceRow),
        _spell(_EXCUSE, Excuse),
        _row(_EXTENSION, Extension.person_id, until_on=Extension.until_on).where(
            Extension.organisation_id == ORGANISATION, Extension.until_on >= _SINCE
        ),
        _row(_DECLINED, Declined.person_id, until_on=literal(LAST_DAY, Date())).where(
            Declined.organisation_id == ORGANISATION
        ),
        _row(_PART, part.policy_id, func.max(part.bit))
        .where(part.organisation_id == ORGANISATION)
        .group_by(part.policy_id),
        _row(_WITHDRAWAL).where(exists().where(Withdrawal.organisation_id == ORGANISATION)),
    )


def _spell(what: int, model: Any) -> Select[Any]:
    lasting = or_(model.until_on.is_(None), model.until_on >= _SINCE)
    return _row(what, model.person_id, from_on=model.from_on, until_on=model.until_on).where(
        model.organisation_id == ORGANISATION, lasting
    )


def _row(what: int, *numbers: Any, from_on: Any = None, until_on: Any = None, title: Any = None) -> Select[Any]:
    a, b, c = (*numbers, None, None, None)[:3]
    return select(
        cast(what, Integer).label("what"),
        _or_null(a, Integer).label("a"),
        _or_null(b, Integer).label("b"),
        _or_null(c, Integer).label("c"),
        _or_null(from_on, Date).label("from_on"),
        _or_null(until_on, Date).label("until_on"),
        _or_null(title, Text).label("title"),
    )


def _or_null(column: Any, kind: Any) -> Any:
    # PostgreSQL wants to know what a null in a union is; SQLite would turn a cast date into its year.
    return cast(null(), kind) if column is None else column
