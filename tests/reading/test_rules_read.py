"""When a receipt counts, for which version, and when it lapses. Dates worked by hand."""

from __future__ import annotations

import pytest

from governance.reading.rules import Repeat
from tests.reading.school import (
    LEADERSHIP,
    TEACHERS,
    asking,
    day,
    facts,
    in_force,
    job,
    receipt,
    rule,
    stands,
    told,
)

YEARLY = (rule(repeat=Repeat.YEARLY),)


def test_a_receipt_counts_from_the_day_it_was_given() -> None:
    read = facts(receipts=(receipt(1, "2025-10-02"),))
    assert told(read, "2025-10-01") == "reading overdue, due 2025-09-29, 2 late"
    assert told(read, "2025-10-02") == "read"
    assert told(read, "2030-10-02") == "read"


def test_a_receipt_for_a_later_numbered_version_counts_and_one_for_an_earlier_does_not() -> None:
    case = {
        "in_force": (in_force(1, "2024-09-16"), in_force(2, "2025-09-15"), in_force(3, "2025-09-20")),
        "askings": (asking(1, "2024-09-16"), asking(2, "2025-09-15")),
    }
    assert told(facts(**case, receipts=(receipt(1, "2025-09-16"),)), "2025-09-22") == "not yet read, due 2025-09-29"
    assert told(facts(**case, receipts=(receipt(2, "2025-09-16"),)), "2025-09-22") == "read"
    assert told(facts(**case, receipts=(receipt(3, "2025-09-22"),)), "2025-09-22") == "read"


def test_a_new_version_is_to_be_read_by_those_who_read_the_old_one() -> None:
    case = facts(
        in_force=(in_force(1, "2025-09-15"), in_force(2, "2026-01-12")),
        askings=(asking(1, "2025-09-15"), asking(2, "2026-01-12")),
        receipts=(receipt(1, "2025-09-16"),),
    )
    assert told(case, "2026-01-11") == "read"
    assert told(case, "2026-01-12") == "not yet read, due 2026-01-26"


def test_somebody_who_comes_back_keeps_their_receipt() -> None:
    back = facts(
        engagements=(job(TEACHERS, "2020-09-01", "2025-12-31"), job(TEACHERS, "2026-04-13")),
        receipts=(receipt(1, "2025-09-20"),),
    )
    assert [told(back, on) for on in ("2025-12-31", "2026-01-01", "2026-04-13")] == ["read", "not asked", "read"]


def test_a_yearly_reading_is_good_until_the_school_year_ends_and_not_overdue_on_the_first_day_after() -> None:
    yearly = facts(rules=YEARLY, receipts=(receipt(1, "2025-09-20"),))
    assert [told(yearly, on) for on in ("2026-08-31", "2026-09-01", "2026-09-15", "2026-09-16")] == [
        "read",
        "not yet read, due 2026-09-15",
        "not yet read, due 2026-09-15",
        "reading overdue, due 2026-09-15, 1 late",
    ]


def test_a_yearly_reading_never_read_stays_late_from_the_first_asking() -> None:
    assert told(facts(rules=YEARLY), "2026-09-02") == "reading overdue, due 2025-09-29, 338 late"


def test_the_september_edition_read_in_july_is_good_for_the_year_that_follows() -> None:
    edition = facts(
        rules=YEARLY,
        in_force=(in_force(1, "2025-09-01"), in_force(2, "2026-09-01")),
        askings=(asking(1, "2025-09-01"), asking(2, "2026-09-01")),
        receipts=(receipt(2, "2026-07-10"),),
    )
    assert told(edition, "2026-07-09") == "reading overdue, due 2025-09-15, 297 late"
    assert [told(edition, on) for on in ("2026-07-10", "2026-09-01", "2027-08-31")] == ["read"] * 3
    assert told(edition, "2027-09-01") == "not yet read, due 2027-09-15"
    row = stands(edition, "2026-09-01")
    assert row is not None and (row.read_on, row.lapses_on) == (day("2026-07-10"), day("2027-09-01"))


@pytest.mark.parametrize(
    ("given_on", "last_good", "lapses", "due"),
    [
        ("2025-09-30", "2026-03-29", "2026-03-30", "2026-04-13"),
        ("2025-10-31", "2026-04-29", "2026-04-30", "2026-05-14"),
        ("2025-08-31", "2026-02-27", "2026-02-28", "2026-03-14"),
    ],
)
def test_a_reading_for_six_months_lapses_on_that_day_or_the_month_s_last(
    given_on: str, last_good: str, lapses: str, due: str
) -> None:
    half_yearly = facts(
        rules=(rule(repeat=Repeat.MONTHS, months=6),),
        in_force=(in_force(1, "2025-08-01"),),
        askings=(asking(1, "2025-08-01"),),
        receipts=(receipt(1, given_on),),
    )
    assert told(half_yearly, last_good) == "read"
    assert told(half_yearly, lapses) == f"not yet read, due {due}"


def test_a_reading_on_leap_day_lapses_on_28_february_and_is_not_drawn_back_by_it() -> None:
    annual = facts(
        rules=(rule(repeat=Repeat.MONTHS, months=12, start="2027-09-01"),),
        in_force=(in_force(1, "2027-09-01"),),
        askings=(asking(1, "2027-09-01"),),
        receipts=(receipt(1, "2028-02-29"),),
    )
    assert told(annual, "2029-02-27") == "read"
    assert told(annual, "2029-02-28") == "not yet read, due 2029-03-14"


def test_two_rules_must_both_be_met_and_count_from_one_start() -> None:
    two = facts(
        engagements=(job(TEACHERS, "2020-09-01"), job(LEADERSHIP, "2020-09-01")),
        rules=(rule(repeat=Repeat.YEARLY), rule(LEADERSHIP, days=30, repeat=Repeat.MONTHS, months=6)),
        receipts=(receipt(1, "2025-10-01"),),
    )
    assert told(two, "2026-03-31") == "read"
    # The half-yearly reading lapsed: only its 30 days count.
    assert told(two, "2026-04-01") == "not yet read, due 2026-05-01"
    assert told(two, "2026-08-31") == "reading overdue, due 2026-05-01, 122 late"
    # The yearly one lapsed as well: no fresh clock, and its 14 days are the earlier.
    assert told(two, "2026-09-01") == "reading overdue, due 2026-04-15, 139 late"
