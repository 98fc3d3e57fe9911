"""Whom a rule reaches by job title, by joining, and for parts; sheets given and not signed; terms. Worked out by hand.

Tess has taught since September 2020 and is asked on Monday 15 September 2025 to read within 14 days, unless said.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from governance.reading.rules import Declined, Engagement, Facts, Receipt, Repeat, Rule, SchoolYear, Term
from tests.reading.school import (
    CONDUCT,
    LEADERSHIP,
    TEACHERS,
    TESS,
    VIV,
    asking,
    day,
    facts,
    in_force,
    job,
    receipt,
    rule,
    told,
)

PART_ONE, ANNEX = 1, 2


def part(number: int, given: str, parts: int) -> Receipt:
    return replace(receipt(number, given), parts=parts)


def declined(given: str, number: int = 1) -> Declined:
    return Declined(TESS, CONDUCT, number, day(given))


def titled(title: str | None, started: str = "2020-09-01", person_id: int = TESS) -> Engagement:
    return replace(job(TEACHERS, started, person_id=person_id), title=title or "")


FOR_CARETAKERS = replace(rule(), category_id=None, title="caretaker")


@pytest.mark.parametrize(
    ("title", "expected"),
    [("caretaker", "not yet read, due 2025-09-29"), ("", "not asked"), ("head caretaker", "not asked")],
)
def test_a_rule_for_a_job_title_reaches_whoever_holds_it(title: str, expected: str) -> None:
    assert told(facts(engagements=(titled(title),), rules=(FOR_CARETAKERS,)), "2025-09-20") == expected


def test_an_asking_of_one_category_does_not_ask_by_job_title() -> None:
    case = facts(
        engagements=(titled("caretaker"),), rules=(FOR_CARETAKERS,), askings=(asking(1, "2025-09-15", TEACHERS),)
    )
    assert told(case, "2025-09-20") == "not asked"


INDUCTION = replace(rule(days=5), joined_since=day("2025-09-01"))


@pytest.mark.parametrize(
    ("started", "on", "expected"),
    [
        ("2020-09-01", "2025-10-01", "not asked"),
        ("2025-08-31", "2025-10-01", "not asked"),
        ("2025-09-01", "2025-09-18", "not yet read, due 2025-09-20"),
        ("2025-11-03", "2025-11-04", "not yet read, due 2025-11-08"),
    ],
)
def test_an_induction_set_is_for_people_who_join_from_its_day(started: str, on: str, expected: str) -> None:
    assert told(facts(engagements=(job(TEACHERS, started),), rules=(INDUCTION,)), on) == expected


def test_a_second_job_does_not_make_anybody_a_joiner() -> None:
    jobs = (job(TEACHERS, "2020-09-01"), job(LEADERSHIP, "2025-10-01"))
    case = facts(engagements=jobs, rules=(INDUCTION, replace(INDUCTION, category_id=LEADERSHIP)))
    assert told(case, "2025-10-02") == "not asked"


def test_nobody_is_disturbed_by_somebody_elses_joining() -> None:
    case = facts(engagements=(job(TEACHERS, "2020-09-01"),), receipts=(receipt(1, "2025-09-16"),))
    joined = replace(case, engagements=(*case.engagements, job(TEACHERS, "2026-01-05", person_id=VIV)))
    assert told(joined, "2026-01-06") == told(case, "2026-01-06") == "read"
    assert told(joined, "2026-01-06", VIV) == "not yet read, due 2026-01-19"


FIRST = replace(rule(), parts=PART_ONE)
BOTH = replace(rule(LEADERSHIP, start="2024-09-01"), parts=PART_ONE | ANNEX)


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        ((), "reading overdue, due 2025-09-29, 2 late"),
        ((part(1, "2025-09-20", PART_ONE),), "read"),
        ((part(1, "2025-09-20", ANNEX),), "reading overdue, due 2025-09-29, 2 late"),
        ((receipt(1, "2025-09-20"),), "read"),
    ],
)
def test_part_one_is_enough_for_who_must_read_part_one(read: tuple[Receipt, ...], expected: str) -> None:
    assert told(facts(rules=(FIRST,), receipts=read), "2025-10-01") == expected


def test_parts_read_one_after_another_are_enough_together() -> None:
    leader = facts(engagements=(job(LEADERSHIP, "2020-09-01"),), rules=(BOTH,))
    first = part(1, "2025-09-16", PART_ONE)
    assert told(replace(leader, receipts=(first,)), "2025-09-20") == "not yet read, due 2025-09-29"
    assert told(replace(leader, receipts=(first, part(1, "2025-09-18", ANNEX))), "2025-09-20") == "read"


def test_a_promotion_asks_for_the_further_part_from_its_day_and_for_nothing_else_anew() -> None:
    jobs = (job(TEACHERS, "2020-09-01"), job(LEADERSHIP, "2026-01-05"))
    has_read = facts(engagements=jobs, rules=(FIRST, BOTH), receipts=(part(1, "2025-09-16", PART_ONE),))
    assert told(has_read, "2026-01-06") == "not yet read, due 2026-01-19"
    has_not = replace(has_read, receipts=())
    assert told(has_not, "2026-01-06") == "reading overdue, due 2025-09-29, 99 late"


def test_a_part_read_last_year_lapses_like_the_whole() -> None:
    yearly = replace(FIRST, repeat=Repeat.YEARLY)
    case = facts(rules=(yearly,), receipts=(part(1, "2025-09-16", PART_ONE),))
    assert told(case, "2026-08-31") == "read"
    assert told(case, "2026-09-01") == "not yet read, due 2026-09-15"


def test_given_and_not_signed_stops_the_clock_for_this_round_only() -> None:
    case = facts(declined=(declined("2025-09-22"),))
    assert told(case, "2025-09-21") == "not yet read, due 2025-09-29"
    assert told(case, "2025-09-22") == "given, not signed, due 2025-09-29"
    assert told(case, "2026-03-01") == "given, not signed, due 2025-09-29"
    assert told(replace(case, receipts=(receipt(1, "2025-10-01"),)), "2025-10-01") == "read"
    again = replace(
        case, in_force=(*case.in_force, in_force(2, "2026-02-02")), askings=(*case.askings, asking(2, "2026-02-02"))
    )
    assert told(again, "2026-02-03") == "not yet read, due 2026-02-16"


def test_given_last_year_and_not_signed_does_not_answer_for_this_year() -> None:
    yearly = facts(
        rules=(rule(repeat=Repeat.YEARLY),),
        receipts=(receipt(1, "2025-09-16"),),
        declined=(declined("2025-09-15"), declined("2026-09-10")),
    )
    assert told(yearly, "2026-09-09") == "not yet read, due 2026-09-15"
    assert told(yearly, "2026-09-10") == "given, not signed, due 2026-09-15"


AUTUMN = (
    Term(day("2025-09-02"), day("2025-10-24")),
    Term(day("2025-11-03"), day("2025-12-19")),
    Term(day("2026-01-05"), day("2026-02-13")),
)


def termly(start: str, days: int = 14, closed: tuple[dt.date, ...] = ()) -> Facts:
    return facts(
        rules=(rule(days=days),),
        in_force=(in_force(1, start),),
        askings=(asking(1, start),),
        school=SchoolYear(terms=AUTUMN, closed_on=frozenset(closed)),
    )


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        # Tuesday 2 September, 14 school days later: Monday 22 September
        ("2025-09-02", 14, "2025-09-22"),
        # asked on Friday 17 October: five days are left before half-term, nine are wanted after it
        ("2025-10-17", 14, "2025-11-13"),
        # asked in the holiday, on Christmas Day: ten school days from Monday 5 January
        ("2025-12-25", 10, "2026-01-16"),
        # the same day, but in the holiday: the first day back
        ("2025-10-27", 0, "2025-11-03"),
    ],
)
def test_due_days_are_school_days_and_never_in_a_holiday(start: str, days: int, due: str) -> None:
    assert told(termly(start, days), start) == f"not yet read, due {due}"


def test_an_inset_day_moves_the_due_day() -> None:
    assert told(termly("2025-09-02", 14, (day("2025-09-03"),)), "2025-09-02") == "not yet read, due 2025-09-23"


def test_a_one_day_supply_teacher_is_counted_on_that_day_and_not_after() -> None:
    today = facts(engagements=(job(TEACHERS, "2025-11-05", "2025-11-05"),), rules=(rule(days=0),))
    assert told(today, "2025-11-04") == "not asked"
    assert told(today, "2025-11-05") == "not yet read, due 2025-11-05"
    assert told(replace(today, receipts=(receipt(1, "2025-11-05"),)), "2025-11-05") == "read"
    assert told(today, "2025-11-06") == "not asked"


def test_who_returns_keeps_their_receipt() -> None:
    twice = (job(TEACHERS, "2025-09-22", "2025-09-22"), job(TEACHERS, "2025-11-05", "2025-11-05"))
    case = facts(engagements=twice, rules=(rule(days=0),), receipts=(receipt(1, "2025-09-22"),))
    assert told(case, "2025-11-05") == "read"


def test_next_years_edition_read_before_the_first_day_counts() -> None:
    yearly = facts(
        engagements=(job(TEACHERS, "2026-09-01"),),
        rules=(rule(repeat=Repeat.YEARLY),),
        in_force=(in_force(2, "2026-09-01"),),
        askings=(asking(2, "2026-09-01"),),
        receipts=(receipt(2, "2026-07-06"),),
    )
    assert told(yearly, "2026-09-01") == "read"
    assert told(yearly, "2027-08-31") == "read"
    assert told(yearly, "2027-09-01") == "not yet read, due 2027-09-15"


def test_rules_are_for_exactly_one_kind_of_people() -> None:
    by_title = Rule(CONDUCT, None, None, 14, day("2025-09-01"), title="caretaker")
    assert by_title.reaches(titled("caretaker")) and not by_title.reaches(titled(None))
