"""XLSX: the rows on one sheet ready to filter and print, what they are on a second. No cell is a formula or a link."""

from __future__ import annotations

import datetime as dt
import io
from itertools import islice
from textwrap import wrap
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from governance.render import words
from governance.reports.report import MOST_ROWS, Column, Kind, Report, refuse_more_than, said

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "dd mmm yyyy",
}
_LONGEST_CELL = 32_767
_LINE = 15  # points
_FIRST_EXCEL_YEAR = 1900
_NARROWEST, _WIDEST, _LOOKED_AT = 8, 48, 1_000


def xlsx(report: Report) -> bytes:
    """The report as a workbook: head frozen and repeated in print, filters, real dates and figures.

    Raises:
        Refusal: for more rows than a reader can use; CSV has no limit.
    """
    refuse_more_than(report, MOST_ROWS, "a spreadsheet")
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, _OPTIONS)
    book.set_properties(
        {"title": report.heading, "author": report.school, "created": report.instant.replace(tzinfo=None)}
    )
    _rows(book, report)
    _about(book, report)
    book.close()
    return held.getvalue()


def _rows(book: Workbook, report: Report) -> None:
    sheet = book.add_worksheet("Report")
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#DCE8EE"})
    faces = [_face(book, column.kind) for column in report.columns]
    widths = _widths(report)
    # said, since not every program makes room for a title of two lines by itself
    lines = max((len(wrap(one.title, width)) for one, width in zip(report.columns, widths, strict=True)), default=1)
    sheet.set_row(0, _LINE * lines)
    for place, column in enumerate(report.columns):
        sheet.write_string(0, place, column.title, head)
    for line, row in enumerate(report.rows, start=1):
        for place, value in enumerate(row):
            _cell(sheet, line, place, value, faces[place])
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    _ready_to_print(sheet, report)


def _face(book: Workbook, kind: Kind) -> Format:
    """Text as text, so that a spreadsheet does not think again when the cell is edited."""
    forms = {Kind.DAY: "dd mmm yyyy", Kind.STATED: "dd mmm yyyy", Kind.WHOLE: "#,##0", Kind.PERCENT: '0"%"'}
    return book.add_format({"num_format": forms.get(kind, "@"), "valign": "top", "text_wrap": kind is Kind.TEXT})


def _cell(sheet: Worksheet, line: int, place: int, value: Any, face: Format) -> None:
    if value is None:
        sheet.write_blank(line, place, None, face)
    elif isinstance(value, int):
        sheet.write_number(line, place, value, face)
    elif isinstance(value, dt.date) and value.year >= _FIRST_EXCEL_YEAR:
        sheet.write_datetime(line, place, value, face)
    else:
        shown = value if isinstance(value, str) else said(value, Kind.STATED)
        sheet.write_string(line, place, _storable(shown), face)


def _storable(text: str) -> str:
    """Text that XML can hold, no longer than a cell."""
    return text.encode("utf-8", "replace").decode()[:_LONGEST_CELL]


def _widths(report: Report) -> list[int]:
    """Wide enough for the title's longest word and for most of what is in the first rows."""
    widths = [max((len(word) for word in column.title.split()), default=0) for column in report.columns]
    for row in islice(report.rows, _LOOKED_AT):
        for place, value in enumerate(row):
            widths[place] = max(widths[place], len(said(value, report.columns[place].kind)))
    return [min(_WIDEST, max(_NARROWEST, width + 2)) for width in widths]


def _ready_to_print(sheet: Worksheet, report: Report) -> None:
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, len(report.rows), max(0, len(report.columns) - 1))
    sheet.set_paper(9)  # A4
    if is_wide(report.columns):
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    # An ampersand begins a command in a header.
    sheet.set_header(f"&L{_said_in_header(report.school)}&R{_said_in_header(report.heading)}")
    sheet.set_footer("&RPage &P of &N")


def _said_in_header(text: str) -> str:
    return text.replace("&", "&&")[:100]


def is_wide(columns: tuple[Column, ...]) -> bool:
    """Whether a page of it is better turned on its side."""
    return len(columns) > 5


def _about(book: Workbook, report: Report) -> None:
    sheet = book.add_worksheet("About")
    bold, wrapped = (
        book.add_format({"bold": True, "valign": "top"}),
        book.add_format({"text_wrap": True, "num_format": "@"}),
    )
    facts: list[tuple[str, str | int]] = [
        ("Report", report.title),
        ("School", report.school),
        ("As of", words.day(report.as_of)),
        ("Rows", len(report.rows)),
    ]
    facts += [(title[:1].upper() + title[1:], count) for title, count in report.figures]
    facts += [("Note", note) for note in report.notes]
    for line, (name, value) in enumerate(facts):
        sheet.write_string(line, 0, _storable(name), bold)
        if isinstance(value, int):
            sheet.write_number(line, 1, value)
        else:
            sheet.write_string(line, 1, _storable(value), wrapped)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 80)
