"""When the clock starts and when the reading is due. Dates worked by hand; Tess is asked on Monday 15 September 2025."""

from __future__ import annotations

import pytest

from governance.reading.rules import Repeat, SchoolYear, Term
from tests.reading.school import (
    LEADERSHIP,
    SUPPORT,
    TEACHERS,
    TESS,
    absence,
    asking,
    day,
    excuse,
    extension,
    facts,
    in_force,
    job,
    receipt,
    rule,
    stands,
    told,
)


def start(case: object, on: str) -> str:
    """The day the clock started."""
    row = stands(case, on)  # type: ignore[arg-type]
    assert row is not None
    return str(row.start_on)


def test_the_last_day_to_read_is_not_late_and_the_next_is() -> None:
    assert told(facts(), "2025-09-29") == "not yet read, due 2025-09-29"
    assert told(facts(), "2025-09-30") == "reading overdue, due 2025-09-29, 1 late"


def test_a_decision_of_24_september_typed_in_on_20_october_makes_nobody_late_before_4_november() -> None:
    typed_late = facts(in_force=(in_force(1, "2025-09-24"),), askings=(asking(1, "2025-10-20"),))
    assert told(typed_late, "2025-10-19") == "not asked"
    assert told(typed_late, "2025-10-20") == "not yet read, due 2025-11-03"
    assert told(typed_late, "2025-11-03") == "not yet read, due 2025-11-03"
    assert told(typed_late, "2025-11-04") == "reading overdue, due 2025-11-03, 1 late"


def test_somebody_who_joins_later_has_the_full_days_from_their_first_day() -> None:
    assert told(facts(engagements=(job(TEACHERS, "2025-10-06"),)), "2025-10-06") == "not yet read, due 2025-10-20"


def test_somebody_who_leaves_unread_and_comes_back_has_the_full_days_again() -> None:
    back = facts(engagements=(job(TEACHERS, "2020-09-01", "2025-10-31"), job(TEACHERS, "2025-12-01")))
    assert told(back, "2025-10-31") == "reading overdue, due 2025-09-29, 32 late"
    assert told(back, "2025-12-01") == "not yet read, due 2025-12-15"


@pytest.mark.parametrize(
    ("promoted_on", "begins"),
    [
        ("2025-10-11", "2025-09-15"),  # the day after, a Saturday
        ("2025-10-13", "2025-09-15"),  # over a weekend
        ("2025-10-14", "2025-10-14"),  # a school day between: she was not required to read on the Monday
    ],
)
def test_a_promotion_gives_nobody_a_fresh_clock(promoted_on: str, begins: str) -> None:
    promoted = facts(
        engagements=(job(TEACHERS, "2020-09-01", "2025-10-10"), job(LEADERSHIP, promoted_on)),
        rules=(rule(TEACHERS), rule(LEADERSHIP)),
    )
    assert start(promoted, "2025-10-20") == begins


def test_a_promotion_gives_no_fresh_clock_where_both_categories_were_asked_by_name() -> None:
    promoted = facts(
        engagements=(job(TEACHERS, "2020-09-01", "2025-10-10"), job(LEADERSHIP, "2025-10-13")),
        rules=(rule(TEACHERS), rule(LEADERSHIP)),
        askings=(asking(1, "2025-09-15", TEACHERS), asking(1, "2025-09-15", LEADERSHIP)),
    )
    assert told(promoted, "2025-10-20") == "reading overdue, due 2025-09-29, 21 late"


def test_a_move_into_the_only_category_asked_starts_the_clock() -> None:
    moved = facts(
        engagements=(job(SUPPORT, "2020-09-01", "2025-10-31"), job(TEACHERS, "2025-11-03")),
        rules=(rule(TEACHERS), rule(SUPPORT)),
        askings=(asking(1, "2025-09-15", TEACHERS),),
    )
    assert told(moved, "2025-10-31") == "not asked"
    assert told(moved, "2025-11-03") == "not yet read, due 2025-11-17"


def test_holidays_do_not_break_a_stretch_where_terms_are_entered() -> None:
    over_half_term = facts(
        engagements=(job(TEACHERS, "2020-09-01", "2025-10-24"), job(TEACHERS, "2025-11-03")),
    )
    assert start(over_half_term, "2025-11-10") == "2025-11-03"
    terms = (Term(day("2025-09-03"), day("2025-10-24")), Term(day("2025-11-03"), day("2025-12-19")))
    with_terms = facts(engagements=over_half_term.engagements, school=SchoolYear(terms=terms))
    assert start(with_terms, "2025-11-10") == "2025-09-15"


def test_editing_a_rule_gives_nobody_a_fresh_clock() -> None:
    edited = facts(rules=(rule(days=14, end="2025-09-19"), rule(days=21, start="2025-09-20")))
    assert told(edited, "2025-09-19") == "not yet read, due 2025-09-29"
    assert told(edited, "2025-09-22") == "not yet read, due 2025-10-06"


def test_shortening_a_rule_may_make_somebody_late_at_once() -> None:
    edited = facts(rules=(rule(days=30, end="2025-09-30"), rule(days=7, start="2025-10-01")))
    assert told(edited, "2025-09-30") == "not yet read, due 2025-10-15"
    assert told(edited, "2025-10-01") == "reading overdue, due 2025-09-22, 9 late"


def test_a_minor_version_gives_nobody_a_fresh_clock() -> None:
    minor = facts(in_force=(in_force(1, "2025-09-15"), in_force(2, "2025-09-25")))
    assert start(minor, "2025-10-20") == "2025-09-15"


def test_of_two_rules_not_read_the_earlier_day_is_due() -> None:
    two = facts(
        engagements=(job(TEACHERS, "2020-09-01"), job(LEADERSHIP, "2025-09-17")),
        rules=(rule(TEACHERS, days=14), rule(LEADERSHIP, days=7)),
    )
    assert told(two, "2025-09-16") == "not yet read, due 2025-09-29"
    assert told(two, "2025-09-17") == "not yet read, due 2025-09-22"


def test_the_clock_starts_the_day_after_an_excuse_ended() -> None:
    excused = facts(excuses=(excuse("2025-09-15", "2025-10-31"),))
    assert told(excused, "2025-10-31") == "excused"
    assert told(excused, "2025-11-01") == "not yet read, due 2025-11-15"


def test_one_sick_day_gives_nobody_a_fresh_clock() -> None:
    assert told(facts(absences=(absence("2025-09-16", "2025-09-16"),)), "2025-09-30").startswith("reading overdue")


@pytest.mark.parametrize(
    ("first_on", "last_on", "due"),
    [
        ("2025-09-22", "2025-10-03", "2025-10-18"),  # ten school days: the full days from Saturday 4 October
        ("2025-09-22", "2025-10-02", "2025-09-29"),  # nine
        ("2025-09-29", "2025-10-10", "2025-10-25"),  # begins on the due day
        ("2025-09-30", "2025-10-13", "2025-09-29"),  # begins the day after
        ("2025-09-01", "2025-09-30", "2025-10-15"),  # away when asked
        ("2025-08-04", "2025-08-29", "2025-09-29"),  # back before it was asked
        ("2026-01-05", "2026-01-30", "2025-09-29"),  # much later
    ],
)
def test_an_absence_that_began_by_the_due_day_gives_the_full_days_again(first_on: str, last_on: str, due: str) -> None:
    row = stands(facts(absences=(absence(first_on, last_on),)), "2026-03-02")
    assert row is not None and row.due_on == day(due)


def test_absences_are_taken_in_date_order_against_the_due_day_so_far() -> None:
    first, second = absence("2025-09-22", "2025-10-03"), absence("2025-10-13", "2025-10-24")
    assert told(facts(absences=(second,)), "2025-12-01") == "reading overdue, due 2025-09-29, 63 late"
    assert told(facts(absences=(second, first)), "2025-12-01") == "reading overdue, due 2025-11-08, 23 late"


def test_while_away_nobody_is_late_and_after_it_they_have_the_full_days() -> None:
    away = facts(absences=(absence("2025-09-22", "2025-10-03"),))
    assert [told(away, on) for on in ("2025-09-19", "2025-09-22", "2025-10-03", "2025-10-04", "2025-10-19")] == [
        "not yet read, due 2025-10-18",  # the absence is known by now, and so is the day it moves
        "away",
        "away",
        "not yet read, due 2025-10-18",
        "reading overdue, due 2025-10-18, 1 late",
    ]


def test_an_open_absence_counts_as_long_and_moves_no_day_before_it_begins() -> None:
    away = facts(absences=(absence("2025-09-22", None),))
    assert told(away, "2025-09-19") == "not yet read, due 2025-09-29"
    assert told(away, "2025-09-22") == "away"
    assert told(away, "2026-09-22") == "away"


def test_the_school_sets_the_figure_of_an_absence() -> None:
    week = (absence("2025-09-22", "2025-09-26"),)
    assert told(facts(absences=week), "2025-09-22") == "not yet read, due 2025-09-29"
    assert told(facts(absences=week, school=SchoolYear(away_school_days=5)), "2025-09-22") == "away"
    assert (
        told(facts(absences=week, school=SchoolYear(away_school_days=5)), "2025-09-27")
        == "not yet read, due 2025-10-11"
    )


def test_an_extension_sets_the_day_and_wins_over_an_absence() -> None:
    longer = facts(extensions=(extension(1, "2025-10-10"),))
    assert told(longer, "2025-10-10") == "not yet read, due 2025-10-10"
    assert told(longer, "2025-10-11") == "reading overdue, due 2025-10-10, 1 late"
    both = facts(extensions=longer.extensions, absences=(absence("2025-09-22", "2025-10-03"),))
    assert told(both, "2025-10-11") == "reading overdue, due 2025-10-10, 1 late"
    assert told(both, "2025-10-03") == "away"


def test_an_extension_holds_until_the_next_asking() -> None:
    asked_again = facts(
        in_force=(in_force(1, "2025-09-15"), in_force(2, "2025-11-03")),
        askings=(asking(1, "2025-09-15"), asking(2, "2025-11-03")),
        extensions=(extension(1, "2025-12-01"),),
    )
    assert told(asked_again, "2025-11-02") == "not yet read, due 2025-12-01"
    assert told(asked_again, "2025-11-03") == "not yet read, due 2025-11-17"


def test_last_year_s_extension_does_not_make_anybody_late_this_year() -> None:
    yearly = facts(
        rules=(rule(repeat=Repeat.YEARLY),),
        extensions=(extension(1, "2025-10-31"),),
        receipts=(receipt(1, "2025-10-20"),),
    )
    assert told(yearly, "2026-09-02") == "not yet read, due 2026-09-15"


def test_days_to_read_are_school_days_where_terms_are_entered() -> None:
    terms = (Term(day("2025-09-03"), day("2025-10-24")), Term(day("2025-11-03"), day("2025-12-19")))
    termly = facts(
        rules=(rule(days=10),),
        in_force=(in_force(1, "2025-10-14"),),
        askings=(asking(1, "2025-10-14"),),
        school=SchoolYear(terms=terms, closed_on=frozenset({day("2025-11-03")})),
    )
    # 15 to 17 and 20 to 24 October are eight; half-term and an INSET day; 4 and 5 November.
    assert told(termly, "2025-11-05", TESS) == "not yet read, due 2025-11-05"
    assert told(termly, "2025-11-06", TESS) == "reading overdue, due 2025-11-05, 1 late"
