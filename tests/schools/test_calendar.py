"""Whole months between two days, worked out by hand and held to the sum of months that review days come from."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.schools.calendar import add_months, whole_months

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31))


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2025-09-12", "2026-11-12", 14),
        ("2025-09-12", "2026-11-11", 13),
        ("2026-01-31", "2026-02-27", 0),
        ("2026-01-31", "2026-02-28", 1),
        ("2028-01-31", "2028-02-28", 0),
        ("2028-01-31", "2028-02-29", 1),
        ("2028-02-29", "2029-02-27", 11),
        ("2028-02-29", "2029-02-28", 12),
        ("2028-02-29", "2032-02-28", 47),
        ("2028-02-29", "2032-02-29", 48),
        ("2027-02-28", "2028-02-28", 12),
        ("2026-04-30", "2026-05-30", 1),
        ("2026-12-31", "2027-01-01", 0),
        ("2026-10-01", "2026-10-01", 0),
        ("2026-10-02", "2026-10-01", 0),
        ("2026-10-31", "2020-10-31", 0),
    ],
)
def test_months_that_have_gone_by_are_whole_ones(first: str, last: str, months: int) -> None:
    assert whole_months(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) == months


@given(DAYS, DAYS)
def test_a_month_more_would_be_too_many(one: dt.date, other: dt.date) -> None:
    first, last = sorted((one, other))
    months = whole_months(first, last)
    assert add_months(first, months) <= last < add_months(first, months + 1)
