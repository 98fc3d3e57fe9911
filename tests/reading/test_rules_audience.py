"""Who is in the audience of a policy, in which column, and which version is asked of them. Dates worked by hand."""

from __future__ import annotations

import pytest

from governance.reading.rules import Count, State, counted, owed
from tests.reading.school import (
    AGENCY,
    AL,
    CONDUCT,
    GOVERNORS,
    HELEN,
    LEADERSHIP,
    SUPPORT,
    TEACHERS,
    TESS,
    VIV,
    VOLUNTEERS,
    absence,
    asking,
    day,
    excuse,
    facts,
    in_force,
    job,
    receipt,
    rule,
    stands,
    told,
)


def test_a_leaver_owes_until_the_last_day_in_school_and_nothing_from_the_day_after() -> None:
    leaver = facts(engagements=(job(TEACHERS, "2020-09-01", "2025-09-30"),))
    assert told(leaver, "2025-09-30") == "reading overdue, due 2025-09-29, 1 late"
    assert told(leaver, "2025-10-01") == "not asked"


def test_a_one_day_supply_teacher_is_counted_on_that_day() -> None:
    supply = facts(engagements=(job(AGENCY, "2025-11-12", "2025-11-12", AL),), rules=(rule(AGENCY, days=0),))
    assert told(supply, "2025-11-11", AL) == "not asked"
    assert told(supply, "2025-11-12", AL) == "not yet read, due 2025-11-12"
    assert told(supply, "2025-11-13", AL) == "not asked"


def test_a_rule_counts_from_its_first_to_its_last_day() -> None:
    spell = facts(rules=(rule(start="2025-10-01", end="2025-12-19"),))
    assert [told(spell, on) for on in ("2025-09-30", "2025-10-01", "2025-12-19", "2025-12-20")] == [
        "not asked",
        "not yet read, due 2025-10-15",
        "reading overdue, due 2025-10-15, 65 late",
        "not asked",
    ]


def test_nobody_owes_what_nobody_was_asked() -> None:
    assert owed(facts(askings=()), day("2026-02-02")) == []


def test_an_asking_of_a_category_asks_no_other() -> None:
    two = facts(
        engagements=(job(TEACHERS, "2020-09-01"), job(GOVERNORS, "2022-09-01", None, HELEN)),
        rules=(rule(TEACHERS), rule(GOVERNORS)),
        askings=(asking(1, "2025-09-15", GOVERNORS),),
    )
    assert told(two, "2025-09-20", TESS) == "not asked"
    assert told(two, "2025-09-20", HELEN) == "not yet read, due 2025-09-29"


def test_an_asking_of_everyone_covers_categories_and_people_that_a_later_rule_names() -> None:
    later = facts(
        engagements=(job(SUPPORT, "2020-09-01"), job(VOLUNTEERS, "2020-09-01", None, VIV)),
        rules=(rule(SUPPORT, start="2025-11-03"), rule(person_id=VIV, start="2025-11-10", days=7)),
    )
    assert told(later, "2025-11-02") == "not asked"
    assert told(later, "2025-11-03") == "not yet read, due 2025-11-17"
    assert told(later, "2025-11-09", VIV) == "not asked"
    assert told(later, "2025-11-10", VIV) == "not yet read, due 2025-11-17"


def test_an_asking_of_a_category_leaves_out_the_people_a_rule_names() -> None:
    named = facts(rules=(rule(person_id=TESS),), askings=(asking(1, "2025-09-15", TEACHERS),))
    assert told(named, "2025-09-20") == "not asked"


def test_a_rule_that_names_viv_asks_nothing_of_tess() -> None:
    named = facts(rules=(rule(person_id=VIV),))
    assert told(named, "2025-09-20", TESS) == "not asked"
    assert told(named, "2025-09-20", VIV) == "not yet read, due 2025-09-29"


def test_a_version_is_not_asked_before_it_is_in_force() -> None:
    early = facts(askings=(asking(1, "2025-09-01"),))
    assert told(early, "2025-09-14") == "not asked"
    row = stands(early, "2025-09-15")
    assert row is not None and (row.asked_on, row.due_on) == (day("2025-09-15"), day("2025-09-29"))


def test_a_retired_policy_is_required_of_nobody_after_its_last_day() -> None:
    retired = facts(retired_on={CONDUCT: day("2026-03-31")})
    assert told(retired, "2026-03-31") == "reading overdue, due 2025-09-29, 183 late"
    assert told(retired, "2026-04-01") == "not asked"


def test_a_category_is_asked_once_and_the_earliest_row_counts() -> None:
    twice = facts(askings=(asking(1, "2025-10-15"), asking(1, "2025-09-15", TEACHERS), asking(1, "2025-10-01")))
    row = stands(twice, "2025-10-20")
    assert row is not None and (row.asked_on, row.due_on) == (day("2025-09-15"), day("2025-09-29"))


def test_the_excused_are_counted_before_the_away_and_the_away_before_the_required() -> None:
    both = facts(excuses=(excuse("2025-10-06", "2025-10-10"),), absences=(absence("2025-10-01", "2025-10-31"),))
    states = [(on, told(both, on)) for on in ("2025-09-30", "2025-10-01", "2025-10-06", "2025-10-10", "2025-10-11")]
    assert states == [
        ("2025-09-30", "reading overdue, due 2025-09-29, 1 late"),
        ("2025-10-01", "away"),
        ("2025-10-06", "excused"),
        ("2025-10-10", "excused"),
        ("2025-10-11", "away"),
    ]


def test_somebody_away_or_excused_is_in_that_column_even_when_they_have_read() -> None:
    read = facts(receipts=(receipt(1, "2025-09-16"),))
    assert told(read, "2025-10-06") == "read"
    assert told(facts(receipts=read.receipts, excuses=(excuse("2025-10-01", None),)), "2025-10-06") == "excused"
    assert told(facts(receipts=read.receipts, absences=(absence("2025-10-01", None),)), "2025-10-06") == "away"


@pytest.mark.parametrize(
    ("last_on", "state"),
    [("2025-10-17", State.AWAY), ("2025-10-16", State.READING_OVERDUE), (None, State.AWAY)],
)
def test_away_means_at_least_ten_school_days(last_on: str | None, state: State) -> None:
    row = stands(facts(absences=(absence("2025-10-06", last_on),)), "2025-10-06")
    assert row is not None and row.state is state


def test_a_minor_version_asks_nobody() -> None:
    minor = facts(in_force=(in_force(1, "2025-09-15"), in_force(2, "2025-09-22")))
    row = stands(minor, "2025-09-25")
    assert row is not None and (row.number, row.due_on) == (1, day("2025-09-29"))


def test_the_version_asked_is_the_latest_asked_of_any_of_their_categories() -> None:
    split = facts(
        engagements=(
            job(TEACHERS, "2020-09-01"),
            job(TEACHERS, "2020-09-01", None, VIV),
            job(LEADERSHIP, "2020-09-01", None, VIV),
        ),
        rules=(rule(TEACHERS), rule(LEADERSHIP)),
        in_force=(in_force(1, "2024-09-16"), in_force(2, "2025-09-15")),
        askings=(asking(1, "2024-09-16"), asking(2, "2025-09-15", LEADERSHIP)),
    )
    tess, viv = stands(split, "2025-09-20", TESS), stands(split, "2025-09-20", VIV)
    assert tess is not None and viv is not None
    assert (tess.number, tess.asked_on, tess.category_ids) == (1, day("2024-09-16"), (TEACHERS,))
    assert (viv.number, viv.asked_on, viv.category_ids) == (2, day("2025-09-15"), (TEACHERS, LEADERSHIP))


def test_a_version_put_back_and_asked_again_is_the_version_asked() -> None:
    back = facts(
        in_force=(in_force(2, "2025-09-15"), in_force(1, "2025-10-13")),
        askings=(asking(2, "2025-09-15"), asking(1, "2025-10-13")),
    )
    row = stands(back, "2025-10-13")
    assert row is not None and (row.number, row.due_on) == (1, day("2025-10-27"))


def test_totals_count_a_person_once_and_cells_overlap() -> None:
    school = facts(
        engagements=(
            job(TEACHERS, "2020-09-01"),
            job(LEADERSHIP, "2020-09-01"),
            job(TEACHERS, "2020-09-01", None, VIV),
            job(TEACHERS, "2020-09-01", None, AL),
            job(LEADERSHIP, "2020-09-01", None, HELEN),
        ),
        rules=(rule(TEACHERS), rule(LEADERSHIP), rule(person_id=TESS)),
        receipts=(receipt(1, "2025-09-16", VIV),),
        absences=(absence("2025-09-15", "2025-10-31", AL),),
        excuses=(excuse("2025-09-15", None, HELEN),),
    )
    coverage = counted(owed(school, day("2025-10-01")))
    everyone = Count(audience=4, required=2, acknowledged=1, outstanding=1, overdue=1, away=1, excused=1)
    assert coverage.totals == everyone
    assert coverage.cells == {
        (CONDUCT, None): everyone,
        (CONDUCT, TEACHERS): Count(audience=3, required=2, acknowledged=1, outstanding=1, overdue=1, away=1),
        (CONDUCT, LEADERSHIP): Count(audience=2, required=1, outstanding=1, overdue=1, excused=1),
    }


def test_a_leaver_owes_nothing_whatever_rule_names_them() -> None:
    named = facts(engagements=(job(TEACHERS, "2020-09-01", "2025-09-30"),), rules=(rule(person_id=TESS),))
    assert told(named, "2025-09-30") == "reading overdue, due 2025-09-29, 1 late"
    assert told(named, "2025-10-01") == "not asked"


def test_somebody_named_who_has_not_started_yet_owes_nothing_until_they_do() -> None:
    named = facts(engagements=(job(SUPPORT, "2025-11-03"),), rules=(rule(person_id=TESS),))
    assert told(named, "2025-11-02") == "not asked"
    assert told(named, "2025-11-03") == "not yet read, due 2025-11-17"
