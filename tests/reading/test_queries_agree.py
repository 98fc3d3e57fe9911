"""Whatever the facts, the SQL on both databases says what the plain Python of `rules` says."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from governance.db import db
from governance.reading.queries import coverage, facts_of, my_reading, outstanding
from governance.reading.rules import (
    Absence,
    Asking,
    Declined,
    Engagement,
    Excuse,
    Extension,
    Facts,
    InForce,
    Owed,
    Receipt,
    Repeat,
    Rule,
    SchoolYear,
    State,
    Term,
    counted,
    owed,
)
from tests.reading.school import day
from tests.reading.stored import store

PEOPLE, CATEGORIES, POLICIES, NUMBERS = range(1, 5), range(1, 4), range(1, 3), range(1, 4)
TITLES = ("caretaker", "chef, head")
TERMS = tuple(
    Term(day(first), day(last))
    for first, last in (
        ("2027-09-01", "2027-10-15"), ("2027-11-01", "2027-12-17"), ("2028-01-04", "2028-02-11"),
        ("2028-02-21", "2028-03-31"), ("2028-04-18", "2028-07-21"),
    )
)  # fmt: skip
CLOSED = frozenset({day("2027-09-01"), day("2027-11-01"), day("2028-05-01")})
UNREAD = {State.NOT_YET_READ, State.READING_OVERDUE}
# Two school years with month ends and a leap day; the days that matter most are drawn often.
TELLING = [day(f"2027-{md}") for md in ("09-01", "09-15", "09-29", "09-30", "10-01", "08-31", "10-15", "12-31")]
TELLING += [day("2028-02-28"), day("2028-02-29"), day("2028-03-01"), day("2028-08-31"), day("2028-09-01")]
ANY_DAY = st.dates(day("2027-08-01"), day("2028-09-30"))
DAYS = st.one_of(st.sampled_from(TELLING), ANY_DAY)
# Long before, or shortly before or after one of those days: spells then meet, overlap, or miss each other by a day.
EARLY = st.one_of(st.just(day("2025-09-01")), st.just(day("2025-09-01")), DAYS)
LASTING = st.sampled_from([None, None, None, 0, 4, 13, 20, 60, 200, 400, 9999])


@dataclass(frozen=True)
class Case:
    """Facts, and rows that are none: withdrawn receipts, corrected in-force rows, those refused ratification on a day."""

    facts: Facts
    withdrawn: tuple[Receipt, ...] = ()
    corrected: tuple[InForce, ...] = ()
    refused: tuple[tuple[InForce, dt.date], ...] = ()


@st.composite
def spells(draw: st.DrawFn, first: st.SearchStrategy[dt.date] = EARLY) -> tuple[dt.date, dt.date | None]:
    start = draw(first)
    lasts = draw(LASTING)
    if lasts == 9999:
        return start, dt.date.max
    return start, None if lasts is None else start + dt.timedelta(days=lasts)


def several(rows: st.SearchStrategy[Any], most: int, key: Any = None, least: int = 0) -> st.SearchStrategy[Any]:
    return st.lists(rows, min_size=least, max_size=most, unique_by=key).map(tuple)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    of = draw(st.sampled_from(["category"] * 6 + ["person", "title"]))
    repeat, months = draw(
        st.sampled_from(
            [(Repeat.ONCE, None)] * 3 + [(Repeat.YEARLY, None)] * 2 + [(Repeat.MONTHS, n) for n in (1, 6, 12)]
        )
    )
    return Rule(
        draw(st.sampled_from(POLICIES)),
        draw(st.sampled_from(CATEGORIES)) if of == "category" else None,
        draw(st.sampled_from(PEOPLE)) if of == "person" else None,
        draw(st.sampled_from([0, 7, 14, 14, 30])),
        *draw(spells()),
        repeat,
        months,
        draw(st.sampled_from(TITLES)) if of == "title" else None,
        draw(st.sampled_from([0, 0, 0, 0, 1, 2, 3])),
        draw(st.sampled_from([None] * 5 + [day("2025-09-01"), day("2027-09-01"), day("2027-09-15")])),
    )


@st.composite
def adopted(draw: st.DrawFn) -> tuple[tuple[InForce, ...], tuple[Asking, ...]]:
    rows, askings = [], []
    for number in range(1, draw(st.integers(2, 5)) + 1):
        policy_id, version = draw(st.sampled_from(POLICIES)), draw(st.sampled_from(NUMBERS))
        rows.append(InForce(number, policy_id, policy_id * 10 + version, version, draw(EARLY)))
        categories = draw(st.sampled_from([(None,), (None,), (None,), (None,), (), (1,), (1, 2), (None, 2), (2, 3)]))
        askings += [
            Asking(number, category, draw(st.one_of(st.just(rows[-1].from_on), st.just(rows[-1].from_on), DAYS)))
            for category in categories
        ]
    return tuple(rows), tuple(askings)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    people, policies = st.sampled_from(PEOPLE), st.sampled_from(POLICIES)
    titles = st.sampled_from(["", "", *TITLES, "teaching assistant"])
    jobs = st.builds(lambda p, c, s, t: Engagement(p, c, *s, t), people, st.sampled_from(CATEGORIES), spells(), titles)
    receipts = st.builds(
        lambda p, k, n, on, parts: Receipt(p, k, k * 10 + n, n, on, parts),
        *(people, policies, st.sampled_from(NUMBERS), DAYS, st.sampled_from([0, 0, 1, 2])),
    )
    declined = st.builds(Declined, people, policies, st.sampled_from(NUMBERS), DAYS)
    away = st.builds(lambda p, s: Absence(p, *s), people, spells(DAYS))
    excuses = st.builds(lambda p, k, s: Excuse(p, k, *s), people, policies, spells(DAYS))
    in_force, askings = draw(adopted())
    asked = sorted({a.in_force_id for a in askings})
    extensions = several(st.builds(Extension, people, st.sampled_from(asked), DAYS), 2) if asked else st.just(())
    marks = draw(st.lists(st.sampled_from(["stands"] * 10 + ["corrected", "refused"]), min_size=5, max_size=5))
    marked = dict(zip(in_force, marks, strict=False))
    standing = tuple(row for row in in_force if marked[row] == "stands")
    facts = Facts(
        engagements=draw(several(jobs, 9, lambda e: (e.person_id, e.category_id, e.started_on), 3)),
        rules=draw(several(rules(), 6, lambda r: (r.policy_id, r.category_id, r.person_id, r.title, r.from_on), 2)),
        in_force=standing,
        askings=tuple(a for a in askings if a.in_force_id in {row.in_force_id for row in standing}),
        receipts=draw(several(receipts, 8)),
        absences=draw(several(away, 3)),
        excuses=draw(several(excuses, 2)),
        extensions=tuple(e for e in draw(extensions) if e.in_force_id in {row.in_force_id for row in standing}),
        declined=draw(several(declined, 2)),
        retired_on=draw(st.dictionaries(policies, DAYS, max_size=1) if draw(st.integers(0, 4)) == 0 else st.just({})),
        school=SchoolYear(
            draw(st.sampled_from([(9, 1), (9, 1), (1, 1), (2, 29)])),
            draw(st.sampled_from([10, 10, 5, 1])),
            *draw(st.sampled_from([((), frozenset()), (TERMS, CLOSED), (TERMS[:2], CLOSED), (TERMS[1:], CLOSED)])),
        ),
    )
    refused = tuple(
        (row, draw(st.dates(row.from_on, day("2028-12-31")))) for row in in_force if marked[row] == "refused"
    )
    return Case(
        facts, draw(several(receipts, 2)), tuple(row for row in in_force if marked[row] == "corrected"), refused
    )


def facts_known_of(case: Case, on: dt.date) -> Facts:
    """A version refused ratification is no fact from the day it was refused; until then it is one."""
    pending = tuple(row for row, refused_on in case.refused if refused_on > on)
    asked = tuple(Asking(row.in_force_id, None, day("2025-01-01")) for row in pending)
    return replace(case.facts, in_force=case.facts.in_force + pending, askings=case.facts.askings + asked)


def agree(session: Session, scope: Any, facts: Facts, on: dt.date) -> list[Owed]:
    rows = owed(facts, on)
    assert facts_of(session, scope, on).school == facts.school
    assert owed(facts_of(session, scope, on), on) == rows
    assert coverage(session, scope, on) == counted(rows)
    assert outstanding(session, scope, on) == [row for row in rows if row.state in UNREAD]
    mine = [row for row in rows if row.person_id == 1]
    assert my_reading(session, scope, 1, on) == mine
    assert outstanding(session, scope, on, person_id=1) == [row for row in mine if row.state in UNREAD]
    of_one = [row for row in rows if row.policy_id == 1 and row.state in UNREAD]
    assert outstanding(session, scope, on, policy_id=1) == of_one
    return rows


@settings(
    max_examples=30,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(case=cases(), next_door=cases(), days=st.lists(DAYS, min_size=3, max_size=3, unique=True))
def test_the_sql_says_what_the_rules_say(rooms: Flask, case: Case, next_door: Case, days: list[dt.date]) -> None:
    with Session(db.engine) as session:
        store(session, next_door.facts, organisation_id=2)
        scope = store(session, case.facts, withdrawn=case.withdrawn, corrected=case.corrected, refused=case.refused)
        for on in days:
            for row in agree(session, scope, facts_known_of(case, on), on):
                event(f"somebody is {row.state}")
        session.rollback()
