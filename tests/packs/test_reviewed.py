"""How long ago a review was and how late the next one is, in words; each worked out by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from governance.extract.stated_dates import StatedDate, exactly, month_of, not_recorded, term_of
from governance.packs.reviewed import last_reviewed, last_reviewed_briefly, overdue, span
from governance.packs.values import Decided

ON = dt.date(2025, 9, 12)
BODY = "the Governing Body"


def by_body(on: StatedDate, what: str = "Adopted", minute: str | None = "2025/47") -> Decided:
    return Decided(what, BODY, on, minute)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-10-01", "2026-10-01", "0 days"),
        ("2026-09-30", "2026-10-01", "1 day"),
        ("2026-01-31", "2026-02-27", "27 days"),
        ("2026-01-31", "2026-02-28", "1 month"),
        ("2028-01-31", "2028-02-28", "28 days"),
        ("2025-09-12", "2026-11-12", "14 months"),
        ("2028-02-29", "2029-02-28", "12 months"),
        ("2024-11-13", "2026-11-12", "23 months"),
        ("2024-11-12", "2026-11-12", "2 years"),
        ("2028-02-29", "2032-02-28", "3 years and 11 months"),
        ("2028-02-29", "2032-02-29", "4 years"),
        ("2024-07-31", "2026-08-31", "2 years and 1 month"),
    ],
)
def test_a_span_is_days_then_months_then_years(first: str, last: str, said: str) -> None:
    assert span(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) == said


@pytest.mark.parametrize(
    ("day", "ago"),
    [
        ("2026-11-30", "14 months ago"),
        ("2025-10-11", "29 days ago"),
        ("2025-10-12", "1 month ago"),
        ("2025-09-12", "today"),
    ],
)
def test_the_last_review_is_told_with_day_body_and_minute(day: str, ago: str) -> None:
    said = last_reviewed(by_body(exactly(ON)), dt.date.fromisoformat(day), is_first=False)
    assert said == f"Last reviewed {ago}, on 12 September 2025, by the Governing Body (minute 2025/47)."


def test_what_was_only_ever_adopted_or_never_decided_is_said_to_be_unreviewed() -> None:
    day = dt.date(2026, 11, 12)
    said = last_reviewed(by_body(exactly(ON), "Approved (delegated)", None), day, is_first=True)
    assert said == "Not reviewed yet: approved (delegated) 14 months ago, on 12 September 2025, by the Governing Body."
    assert last_reviewed(None, day, is_first=False) == "Never reviewed: no adoption or review of it is recorded."


@pytest.mark.parametrize(
    ("on", "said", "briefly"),
    [
        (month_of(2024, 9, ""), "at least 2 years and 1 month ago, in September 2024", "September 2024"),
        (term_of("autumn", 2025, ""), "at least 10 months ago, in the autumn term 2025", "autumn term 2025"),
        (month_of(2026, 11, ""), "in November 2026", "November 2026"),
        (not_recorded(), "on a day that is not recorded", "day not recorded"),
        (exactly(ON), "13 months ago, on 12 September 2025", "12 Sep 2025"),
    ],
)
def test_a_day_known_less_exactly_gives_no_more_than_is_known(on: StatedDate, said: str, briefly: str) -> None:
    review = by_body(on, minute=None)
    assert (
        last_reviewed(review, dt.date(2026, 11, 11), is_first=False) == f"Last reviewed {said}, by the Governing Body."
    )
    assert last_reviewed_briefly(review, is_first=False) == briefly
    assert last_reviewed_briefly(review, is_first=True) == f"adopted {briefly}"
    assert last_reviewed_briefly(None, is_first=False) == "never"


@pytest.mark.parametrize(
    ("due", "day", "said"),
    [
        (exactly(dt.date(2026, 9, 30)), "2026-09-30", ""),
        (exactly(dt.date(2026, 9, 30)), "2026-10-01", "1 day"),
        (exactly(dt.date(2026, 9, 30)), "2026-10-29", "29 days"),
        (exactly(dt.date(2026, 9, 30)), "2026-10-30", "1 month"),
        (exactly(dt.date(2028, 2, 29)), "2029-02-28", "12 months"),
        (month_of(2025, 9, ""), "2026-10-01", "12 months"),
        (None, "2026-10-01", ""),
        (not_recorded(), "2026-10-01", ""),
    ],
)
def test_a_review_is_late_from_the_day_after_its_last_one(due: StatedDate | None, day: str, said: str) -> None:
    assert overdue(due, dt.date.fromisoformat(day)) == said
