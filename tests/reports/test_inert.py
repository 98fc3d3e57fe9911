"""CSV: what a person typed comes back exactly, and no spreadsheet evaluates it."""

from __future__ import annotations

import csv as standard
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.reports.formats.csv import csv, csv_chunks
from governance.reports.formats.inert import inert, may_start_a_formula, uninert
from governance.reports.report import Column, Kind
from tests.reports.figures import COLUMNS, DANGEROUS, dangerous, report

TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.builds(
    lambda start, rest: start + rest, st.sampled_from(DANGEROUS), st.text(max_size=5)
)


def read(made: bytes) -> list[list[str]]:
    return list(standard.reader(io.StringIO(made.decode("utf-8"), newline="")))


@given(TEXTS)
def test_what_was_typed_comes_back_and_never_starts_a_formula(text: str) -> None:
    cell = inert(text)
    assert uninert(cell) == text
    assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


@given(st.lists(st.tuples(TEXTS, TEXTS, st.integers()), max_size=30))
def test_any_rows_survive_the_round_trip_and_every_cell_is_inert(rows: list[tuple[str, str, int]]) -> None:
    columns = (Column("a", "A"), Column("b", "B"), Column("c", "C", Kind.WHOLE))
    back = read(b"".join(csv_chunks(columns, rows)))[1:]
    assert [(uninert(a), uninert(b), int(c)) for a, b, c in back] == rows
    assert [(a, b) for a, b, _ in back] == [(inert(a), inert(b)) for a, b, _ in rows]


def test_every_dangerous_text_is_inert_in_every_column_and_recoverable() -> None:
    made = dangerous()
    head, *rows = read(csv(made))
    assert [uninert(title) for title in head] == [column.title for column in made.columns]
    assert [tuple(uninert(cell) for cell in row) for row in rows] == list(made.rows)
    for cell in (cell for row in (head, *rows) for cell in row):
        assert not cell.lstrip(" ")[:1] or cell.lstrip(" ")[0] not in "=+-@\t\r\n＝＋－＠"


def test_one_dangerous_cell_among_thousands_is_found() -> None:
    rows: list[tuple[Any, ...]] = [("plain", "O'Neill", 1)] * 4_999 + [("plain", "=1+1", 2)]
    columns = (Column("a", "A"), Column("b", "B"), Column("c", "C", Kind.WHOLE))
    assert read(b"".join(csv_chunks(columns, rows)))[-1] == ["plain", "'=1+1", "2"]


def test_ordinary_rows_need_no_second_look() -> None:
    ordinary = csv(report(rows=(("S001", "O'Neill", "Anti-Bullying, whole school", None, None, 3, None),) * 3))
    assert not may_start_a_formula(ordinary.decode())


def test_dates_are_iso_and_nothing_known_is_empty() -> None:
    head, *rows = read(csv(report()))
    assert head == [column.title for column in COLUMNS]
    assert rows[0][3:] == ["2026-09-28", "2022-09-12", "14", "79"]
    assert rows[1][4] == "2022-09"
    assert rows[2] == ["", "李", "Line one\nline two, with a comma", "", "not recorded", "0", ""]
    assert rows[3][4] == ""


def test_a_report_of_nothing_is_a_header_alone() -> None:
    assert csv(report(rows=())) == b"Staff number,Name,Policy,Due,Last review,Days late,Read\r\n"


@pytest.mark.parametrize("asked", [True, False])
def test_excel_gets_its_byte_order_mark_only_when_asked(asked: bool) -> None:
    assert csv(report(), byte_order_mark=asked).startswith("\ufeff".encode()) is asked


def test_rows_are_taken_as_they_come() -> None:
    taken: list[int] = []

    def coming() -> Any:
        for number in range(10_000):
            taken.append(number)
            yield ("S001", number)

    chunks = csv_chunks((Column("a", "A"), Column("b", "B", Kind.WHOLE)), coming())
    next(chunks), next(chunks)
    assert len(taken) < 5_000
