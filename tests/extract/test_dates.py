"""Dates as schools write them. The expected answers were worked out by hand with a calendar."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.extract.dates import (
    ImpossibleDate,
    Precision,
    StatedDate,
    exactly,
    find_dates,
    not_recorded,
    parse_day,
    parse_stated,
)
from governance.extract.stated_dates import academic_year, calendar_year, month_of, term_of

DAYS = date(1900, 1, 1), date(2099, 12, 31)


@pytest.mark.parametrize(
    "written, day",
    [
        ("12/09/2022", date(2022, 9, 12)),
        ("1/2/2022", date(2022, 2, 1)),
        ("12.09.22", date(2022, 9, 12)),
        ("12-09-2022", date(2022, 9, 12)),
        ("12–09–2022", date(2022, 9, 12)),
        ("12 / 09 / 2022", date(2022, 9, 12)),
        ("2023-09-12", date(2023, 9, 12)),
        ("3rd July 2023", date(2023, 7, 3)),
        ("3 Sept 2023", date(2023, 9, 3)),
        ("3 Sept. 2023", date(2023, 9, 3)),
        ("12-Sep-2022", date(2022, 9, 12)),
        ("12-Sep-22", date(2022, 9, 12)),
        ("1st of May 2024", date(2024, 5, 1)),
        ("21 st March 2023", date(2023, 3, 21)),
        ("Monday 12th September 2022", date(2022, 9, 12)),
        ("Mon, 12 Sep 2022", date(2022, 9, 12)),
        ("Thurs 1 Feb 2024", date(2024, 2, 1)),
        ("September 12, 2022", date(2022, 9, 12)),
        ("12 SEPTEMBER 2022", date(2022, 9, 12)),
        ("12 September 2022", date(2022, 9, 12)),
        ("29 February 2028", date(2028, 2, 29)),
        ("01/01/70", date(1970, 1, 1)),
        ("31/12/69", date(2069, 12, 31)),
    ],
)
def test_a_day_is_read_day_first(written: str, day: date) -> None:
    assert parse_day(written) == day
    assert parse_stated(written).precision is Precision.DAY


def test_bad_input_26_two_figures_for_the_year_are_read_and_can_be_echoed_in_words() -> None:
    assert parse_stated("02/03/27").in_words() == "2 March 2027"


@pytest.mark.parametrize(
    "written, words, precision, earliest, latest",
    [
        ("September 2022", "September 2022", "month", date(2022, 9, 1), date(2022, 9, 30)),
        ("Sept 2022", "September 2022", "month", date(2022, 9, 1), date(2022, 9, 30)),
        ("09/2022", "September 2022", "month", date(2022, 9, 1), date(2022, 9, 30)),
        ("9.2022", "September 2022", "month", date(2022, 9, 1), date(2022, 9, 30)),
        ("2025-09", "September 2025", "month", date(2025, 9, 1), date(2025, 9, 30)),
        ("February 2024", "February 2024", "month", date(2024, 2, 1), date(2024, 2, 29)),
        ("Autumn Term 2024", "autumn term 2024", "term", date(2024, 9, 1), date(2024, 12, 31)),
        ("Autumn 2024", "autumn term 2024", "term", date(2024, 9, 1), date(2024, 12, 31)),
        ("Autumn 2 2024", "autumn term 2024", "term", date(2024, 9, 1), date(2024, 12, 31)),
        ("Spring term 2024/25", "spring term 2025", "term", date(2025, 1, 1), date(2025, 4, 30)),
        ("Autumn term 2024/25", "autumn term 2024", "term", date(2024, 9, 1), date(2024, 12, 31)),
        ("Summer term 2, 2024", "summer term 2024", "term", date(2024, 4, 1), date(2024, 7, 31)),
        ("2022/23", "2022/23", "year", date(2022, 9, 1), date(2023, 8, 31)),
        ("2024-25", "2024/25", "year", date(2024, 9, 1), date(2025, 8, 31)),
        ("2024/2025", "2024/25", "year", date(2024, 9, 1), date(2025, 8, 31)),
        ("1999/2000", "1999/00", "year", date(1999, 9, 1), date(2000, 8, 31)),
        ("2019", "2019", "year", date(2019, 1, 1), date(2019, 12, 31)),
    ],
)
def test_no_more_is_made_of_a_date_than_was_written(
    written: str, words: str, precision: str, earliest: date, latest: date
) -> None:
    stated = parse_stated(written)
    assert (stated.in_words(), stated.precision, stated.earliest_on, stated.latest_on) == (
        words,
        precision,
        earliest,
        latest,
    )
    assert stated.as_written == written


@pytest.mark.parametrize("written", ["", "  ", "not recorded", "Unknown", "-"])
def test_nothing_written_is_not_recorded(written: str) -> None:
    stated = parse_stated(written)
    assert stated.precision is Precision.NOT_RECORDED
    assert stated.in_words() == "not recorded"
    assert stated.earliest_on is None and stated.latest_on is None


@pytest.mark.parametrize(
    "written, words",
    [
        ("31/02/2027", "31 February 2027 does not exist"),
        ("31 February 2027", "31 February 2027 does not exist: February 2027 has 28 days"),
        ("29/02/2027", "29 February 2027 does not exist"),
        ("31/11/2026", "31 November 2026 does not exist"),
        ("0/1/2027", "0 January 2027 does not exist"),
        ("12/13/2027", "There is no month 13"),
        ("13/2027", "There is no month 13"),
    ],
)
def test_bad_input_25_a_day_that_does_not_exist_is_refused_in_words(written: str, words: str) -> None:
    with pytest.raises(ImpossibleDate, match=words):
        parse_stated(written)


@pytest.mark.parametrize(
    "written", ["02/03/0207", "02/03/20226", "2 March 0207", "2 March 20226", "1/1/2101", "March 1899", "0207"]
)
def test_bad_input_27_a_year_out_of_range_is_refused_with_the_range(written: str) -> None:
    with pytest.raises(ImpossibleDate, match="is not between 1900 and 2100"):
        parse_stated(written)


@pytest.mark.parametrize("written", ["2026-28", "2026/28", "2026/2028", "2026-26", "Autumn term 2026-28"])
def test_bad_input_34_an_academic_year_of_two_years_is_refused(written: str) -> None:
    with pytest.raises(ImpossibleDate, match="academic year"):
        parse_stated(written)


@pytest.mark.parametrize(
    "written, words",
    [
        ("Sept 22", "could be a day or a year"),
        ("2009-10", "could be an academic year or a month"),
        ("22 Sept", "has no year"),
        ("12/09", "has no year"),
        ("Summer term 2", "has no year"),
        ("autumn", "has no year"),
        ("soon", "is not a date we can read"),
        ("Tuesday 12 September 2022", "is a Monday, not a Tuesday"),
        ("x" * 500, "is not a date we can read"),
    ],
)
def test_what_could_mean_two_things_is_asked_back(written: str, words: str) -> None:
    with pytest.raises(ImpossibleDate, match=words) as refusal:
        parse_stated(written)
    assert len(refusal.value.message) < 250


@pytest.mark.parametrize("written", ["September 2022", "2022/23", "Autumn 2024", ""])
def test_where_a_day_is_needed_anything_less_is_refused(written: str) -> None:
    with pytest.raises(ImpossibleDate, match=r"such as 12 September 2027"):
        parse_day(written)


@pytest.mark.parametrize(
    "line, found",
    [
        ("24 may be used", []),
        ("Education Act 2002", []),
        ("we may 2020", []),
        ("SI 2013/1624", []),
        ("call 01902 555522", []),
        ("10.1.2.22", []),
        ("7.1.22 Staff must sign in", []),
        ("version 2.1.22", []),
        ("31 February 2022", []),
        ("March/April 2023", []),
        ("Updated February 2022", ["February 2022"]),
        ("Date Adopted by Governing Body: 12/09/2022", ["12 September 2022"]),
        ("Approved:12/9/22", ["12 September 2022"]),
        ("Date-12/09/2022", ["12 September 2022"]),
        ("12.09.22", ["12 September 2022"]),
        ("agreed 12.09.22 by all", ["12 September 2022"]),
        ("12-14 September 2022", ["September 2022"]),
        ("Reviewed 2021/22, next in the Autumn Term 2024.", ["2021/22", "autumn term 2024"]),
        ("(September 2023)", ["September 2023"]),
        ("Monday 12th September 2022 and 3rd July 2023", ["12 September 2022", "3 July 2023"]),
    ],
)
def test_dates_are_found_in_a_line_and_what_only_looks_like_one_is_not(line: str, found: list[str]) -> None:
    assert [stated.in_words() for stated, _ in find_dates(line)] == found


def test_a_found_date_says_where_it_stands() -> None:
    line = "Approved: 12/09/2022, next review Sept 2025"
    assert [line[start:end] for _, (start, end) in find_dates(line)] == ["12/09/2022", "Sept 2025"]


def test_a_long_hostile_line_is_read_in_good_time() -> None:
    assert len(find_dates("12/09/2022 " * 5_000)) > 1_000
    assert find_dates("1" * 1_000_000) == []


stated_dates = st.one_of(
    st.dates(*DAYS).map(exactly),
    st.builds(month_of, st.integers(1900, 2100), st.integers(1, 12), st.just("")),
    st.builds(term_of, st.sampled_from(["autumn", "spring", "summer"]), st.integers(1900, 2100), st.just("")),
    st.builds(academic_year, st.integers(1900, 2098), st.just("")),
    st.builds(calendar_year, st.integers(1900, 2100), st.just("")),
    st.just(not_recorded()),
)


@given(stated_dates)
@settings(deadline=None)
def test_what_the_screen_says_can_be_typed_back_in(stated: StatedDate) -> None:
    again = parse_stated(stated.in_words())
    assert (again.earliest_on, again.latest_on, again.precision) == (
        stated.earliest_on,
        stated.latest_on,
        stated.precision,
    )


@given(
    st.dates(*DAYS),
    st.sampled_from(["%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%A %d %B %Y", "%d-%b-%Y"]),
)
@settings(deadline=None)
def test_every_day_is_read_from_every_way_of_writing_it(day: date, form: str) -> None:
    written = day.strftime(form) if day.year >= 1000 else day.isoformat()
    assert parse_day(written) == day
    assert [stated.earliest_on for stated, _ in find_dates(f"Adopted on {written}, as minuted")] == [day]


@given(st.text(max_size=80))
@settings(deadline=None)
def test_any_text_at_all_is_a_date_or_a_refusal(text: str) -> None:
    try:
        stated = parse_stated(text)
    except ImpossibleDate:
        return
    assert (stated.earliest_on is None) == (stated.precision is Precision.NOT_RECORDED)
