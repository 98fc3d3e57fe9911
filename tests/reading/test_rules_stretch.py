"""The stretch in which a policy was required, found from spells, is the one found by walking back a day at a time."""

from __future__ import annotations

import datetime as dt

from hypothesis import assume, given
from hypothesis import strategies as st

from governance.reading.pairs import Pair, pairs
from governance.reading.rules import Engagement, Facts, Rule, SchoolYear, Term, is_school_day, stretch_start
from tests.reading.school import day

DAYS = st.dates(day("2025-09-01"), day("2025-12-31"))
TERMS = (Term(day("2025-09-03"), day("2025-10-24")), Term(day("2025-11-03"), day("2025-12-19")))
ENDS = st.one_of(st.none(), st.integers(0, 40))


def spell(start: dt.date, days: int | None) -> tuple[dt.date, dt.date | None]:
    return start, None if days is None else start + dt.timedelta(days=days)


RULES = st.builds(
    lambda c, s, e: Rule(1, c, None if c else 1, 14, *spell(s, e)), st.sampled_from([1, 2, None]), DAYS, ENDS
)
JOBS = st.builds(lambda c, s, e: Engagement(1, c, *spell(s, e)), st.sampled_from([1, 2, 3]), DAYS, ENDS)


def required(pair: Pair, on: dt.date) -> bool:
    jobs = [job for job in pair.engagements if job.holds_on(on)]
    return any(
        rule.holds_on(on) and (any(job.category_id == rule.category_id for job in jobs) if rule.category_id else jobs)
        for rule in pair.rules
    )


def walked_back(pair: Pair, on: dt.date) -> dt.date:
    first = walked = on
    while walked > day("2025-08-01"):
        walked -= dt.timedelta(days=1)
        if required(pair, walked):
            first = walked
        elif is_school_day(walked, pair.school):
            break
    return first


@given(
    st.lists(RULES, min_size=1, max_size=4),
    st.lists(JOBS, min_size=1, max_size=4),
    st.sampled_from([(), TERMS]),
    st.frozensets(DAYS, max_size=3),
    DAYS,
)
def test_spells_join_just_where_no_school_day_lies_between(
    rules: list[Rule], jobs: list[Engagement], terms: tuple[Term, ...], closed: frozenset[dt.date], on: dt.date
) -> None:
    facts = Facts(tuple(jobs), tuple(rules), school=SchoolYear(terms=terms, closed_on=closed))
    (pair,) = pairs(facts)
    assume(required(pair, on))
    assert stretch_start(pair, on) == walked_back(pair, on)
