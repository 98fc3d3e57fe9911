"""Spreadsheets are read in a child process, since they may be hostile."""

import datetime as dt
import io
import zipfile
from collections.abc import Sequence

import pytest
from openpyxl import Workbook, load_workbook

from governance.errors import Refusal
from governance.people import spreadsheet
from governance.people.tables import Table, read_table

HEADER = ["Staff number", "Given name", "Family name", "Category", "Started on"]


def a_workbook(rows: Sequence[Sequence[object]], hidden: Sequence[Sequence[object]] = ()) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    if hidden:
        secret = book.create_sheet("Hidden")
        secret.sheet_state = "hidden"
        for row in hidden:
            secret.append(list(row))
    sheet = book.create_sheet("People")
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rezipped(data: bytes, changed: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changed.pop(name) if name in changed else old.read(name))
        for name, content in changed.items():
            new.writestr(name, content)
    return out.getvalue()


def read(data: bytes, most_rows: int = 50_000) -> Table:
    return read_table("people.xlsx", data, most_rows=most_rows)


def test_days_and_numbers_come_out_as_a_list_would_write_them() -> None:
    table = read(
        a_workbook(
            [
                HEADER,
                [1234, "Tess", "Marlow", "teachers", dt.date(2025, 9, 1)],
                ["S2", "Viv", "Lane", "volunteers", "01/09/2025"],
            ]
        )
    )
    assert table.header == ("staff_number", "given_name", "family_name", "category", "started_on")
    assert table.records[0].cells == ("1234", "Tess", "Marlow", "teachers", "2025-09-01")
    assert table.records[1].cells[-1] == "01/09/2025"


def test_blank_rows_and_hidden_sheets_are_passed_over() -> None:
    table = read(a_workbook([HEADER, [], ["S1", "Tess", "Marlow", "teachers"]], hidden=[["secret"]]))
    assert [record.number for record in table.records] == [3]


def test_row_45_text_that_looks_like_a_formula_is_read_as_its_text() -> None:
    data = a_workbook([HEADER, ["S1", "x", "Marlow", "teachers"]])
    book = load_workbook(io.BytesIO(data))
    cell = book.worksheets[0]["B2"]
    cell.value, cell.data_type = "=cmd|'/c calc'!A1", "s"
    out = io.BytesIO()
    book.save(out)
    assert read(out.getvalue()).records[0].cells[1] == "=cmd|'/c calc'!A1"


def test_row_38_a_spreadsheet_with_too_many_rows_is_refused() -> None:
    data = a_workbook([HEADER, *([["S1", "Tess", "Marlow", "teachers"]] * 12)])
    with pytest.raises(Refusal, match="more than 11 rows"):
        read(data, most_rows=11)
    assert len(read(data, most_rows=12).records) == 12


@pytest.mark.parametrize(
    "part",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><sst>&a;</sst>',
        b'<?xml version="1.0" encoding="utf-7"?><sst/>',
        '<!DOCTYPE x [<!ENTITY a "a">]><sst/>'.encode("utf-16"),
    ],
)
def test_a_spreadsheet_that_declares_entities_is_not_parsed(part: bytes) -> None:
    data = rezipped(a_workbook([HEADER]), {"xl/sharedStrings.xml": part})
    with pytest.raises(Refusal, match="unsafe XML"):
        read(data)


def test_a_spreadsheet_that_expands_too_far_is_not_read() -> None:
    data = rezipped(a_workbook([HEADER]), {f"xl/media/{n}.xml": b"\0" * 30_000_000 for n in range(7)})
    assert len(data) < 1_000_000
    with pytest.raises(Refusal, match="expands too far"):
        read(data)


@pytest.mark.parametrize("data", [b"PK\x03\x04 nonsense", a_workbook([HEADER])[:-400]])
def test_a_damaged_spreadsheet_is_refused_with_what_to_do(data: bytes) -> None:
    with pytest.raises(Refusal, match="damaged or password-protected"):
        read(data)


def test_a_zip_that_is_no_spreadsheet_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("word/document.xml", "<w/>")
    with pytest.raises(Refusal, match="not a spreadsheet"):
        read(out.getvalue())


def test_broken_xml_inside_is_damage_not_a_crash() -> None:
    data = rezipped(a_workbook([HEADER, ["S1"]]), {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row><c"})
    assert b"damaged" in spreadsheet.answer(b"10\n" + data)
