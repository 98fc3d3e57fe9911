import datetime as dt

import pytest

from governance.errors import Refusal
from governance.people.import_rows import Rows, read_rows
from governance.people.tables import read_table

TODAY = dt.date(2026, 11, 16)
CATEGORIES = {"teachers": "Teachers", "agency staff": "Agency staff", "volunteers": "Volunteers"}


def rows_of(text: str) -> Rows:
    return read_rows(read_table("people.csv", text.encode("utf-8", "surrogatepass"), most_rows=100), CATEGORIES, TODAY)


def errors_of(
    row: str, header: str = "staff_number,given_name,family_name,email,category,started_on,ended_on"
) -> list[str]:
    return [f"{error.row} {error.column}: {error.message}" for error in rows_of(f"{header}\n{row}\n").errors]


@pytest.mark.parametrize("missing", ["given_name", "family_name", "category"])
def test_row_37_a_needed_column_that_is_missing_is_named(missing: str) -> None:
    header = [name for name in ("given_name", "family_name", "category", "email") if name != missing]
    with pytest.raises(Refusal, match=f"There is no column {missing}"):
        rows_of(",".join(header) + "\n")


def test_row_37_the_email_column_may_be_absent() -> None:
    assert len(rows_of("given_name,family_name,category\nTess,Marlow,teachers\n").rows) == 1


@pytest.mark.parametrize("doubled", ["category,Category", "email,E-mail,category", "category,started_on,Start date"])
def test_row_37_a_doubled_column_is_named(doubled: str) -> None:
    with pytest.raises(Refusal, match="is there twice"):
        rows_of(f"given_name,family_name,{doubled}\n")


def test_columns_we_do_not_know_are_passed_over_even_doubled() -> None:
    read = rows_of("given_name,notes,family_name,notes,category\nTess,a,Marlow,b,teachers\n")
    assert (read.errors, read.rows[0].details.name) == ([], "Tess Marlow")


def test_row_39_an_empty_row_and_a_row_of_500_cells_are_listed_and_others_go_on() -> None:
    wide = "Tess,Marlow,teachers" + ",x" * 497
    read = rows_of(f"given_name,family_name,category\n,,,\n{wide}\nViv,Lane,volunteers,,,,\n")
    assert read.notes == ["Row 2 has nothing in it and is left out."]
    assert [(error.row, "500 cells where the header has 3" in error.message) for error in read.errors] == [(3, True)]
    assert [row.number for row in read.rows] == [4]


def test_row_42_an_address_that_is_none_is_a_row_error() -> None:
    for email in ("a@b", "a@@b.uk", '"tess@b.uk\nBcc: x@evil.uk"', '"tess@b.uk\n"'):
        (error,) = errors_of(f"S1,Tess,Marlow,{email},teachers,,")
        assert error.startswith("2 email:"), email


def test_row_43_agency_staff_without_an_address_are_read() -> None:
    assert errors_of(",Al,Supply,,agency staff,,") == []


def test_an_unknown_category_is_refused_and_the_known_ones_are_named() -> None:
    assert errors_of("S1,Tess,Marlow,,teachrs,,") == [
        "2 category: “teachrs” is no category of this school. Use one of: Teachers, Agency staff, Volunteers."
    ]


def test_a_row_without_a_category_is_refused() -> None:
    assert errors_of("S1,Tess,Marlow,,;,,") == [
        "2 category: Give a category: one of Teachers, Agency staff, Volunteers."
    ]


def test_several_categories_stand_in_one_cell_whatever_their_case() -> None:
    read = rows_of("given_name,family_name,category\nTess,Marlow,TEACHERS ; volunteers;teachers\n")
    assert read.rows[0].categories == ("Teachers", "Volunteers")


@pytest.mark.parametrize("typed", ["2025-09-01", "01/09/2025", "1.9.25", "1 September 2025", "1 Sep 2025"])
def test_days_are_read_day_first(typed: str) -> None:
    read = rows_of(f"given_name,family_name,category,started_on\nTess,Marlow,teachers,{typed}\n")
    assert read.rows[0].started_on == dt.date(2025, 9, 1)


@pytest.mark.parametrize(
    "typed, words",
    [
        ("31/02/2027", "February 2027 does not exist"),
        ("09/13/2025", "no month 13"),
        ("0207-01-01", "207"),
        ("September 2025", "has no day"),
        ("soon", "not a date"),
    ],
)
def test_rows_25_and_27_an_impossible_day_is_refused_in_words(typed: str, words: str) -> None:
    (error,) = errors_of(f"S1,Tess,Marlow,,teachers,{typed},")
    assert error.startswith("2 started_on:") and words in error


def test_a_last_day_before_the_first_is_refused() -> None:
    (error,) = errors_of("S1,Tess,Marlow,,teachers,2025-09-01,2025-08-31")
    assert error.startswith("2 ended_on: The last day, 31 August 2025, is before")


def test_row_47_a_name_of_201_characters_is_refused_and_200_are_read() -> None:
    assert errors_of(f"S1,Tess,{'x' * 200},,teachers,,") == []
    assert "201 characters" in errors_of(f"S1,Tess,{'x' * 201},,teachers,,")[0]


def test_row_48_characters_that_cannot_be_kept_are_a_row_error() -> None:
    assert "cannot store" in errors_of("S1,Te\x00ss,Marlow,,teachers,,")[0]


def test_every_objection_to_a_row_is_listed_at_once() -> None:
    assert len(errors_of("S1,,,a@b,nobody,soon,")) == 4
