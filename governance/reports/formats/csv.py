"""CSV: UTF-8, RFC 4180, a header row of titles, cells made inert. Takes rows as they come, so length costs no memory."""

from __future__ import annotations

import csv as standard
import io
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from governance.reports.formats.inert import inert, may_start_a_formula
from governance.reports.report import Column, Kind, Report, plain

_ROWS_AT_ONCE = 2_000
_BYTE_ORDER_MARK = "\ufeff"

Row = tuple[Any, ...]


def csv(report: Report, *, byte_order_mark: bool = False) -> bytes:
    """The report as one file. Excel on Windows reads accents only after a byte order mark; programs do without."""
    return b"".join(csv_chunks(report.columns, report.rows, byte_order_mark=byte_order_mark))


def csv_chunks(columns: tuple[Column, ...], rows: Iterable[Row], *, byte_order_mark: bool = False) -> Iterator[bytes]:
    """The same file piece by piece, from rows in column order of str, int, date, StatedDate or None."""
    head = _BYTE_ORDER_MARK if byte_order_mark else ""
    yield (head + _written([tuple(inert(column.title) for column in columns)])).encode()
    worded = _words_stated(columns)
    coming = iter(rows)
    while chunk := list(islice(coming, _ROWS_AT_ONCE)):
        text = _written([worded(row) for row in chunk] if worded else chunk)
        # Looking once at what was written is many times faster than at every cell.
        if may_start_a_formula(text):
            text = _written([tuple(_inert_cell(value) for value in (worded(row) if worded else row)) for row in chunk])
        yield text.encode("utf-8", "replace")


def _written(rows: Iterable[Row]) -> str:
    held = io.StringIO()
    standard.writer(held, lineterminator="\r\n").writerows(rows)
    return held.getvalue()


def _inert_cell(value: Any) -> Any:
    return inert(value) if isinstance(value, str) else value


def _words_stated(columns: tuple[Column, ...]) -> Callable[[Row], Row] | None:
    """Stated dates need words; everything else the csv module writes as it should."""
    places = [place for place, column in enumerate(columns) if column.kind is Kind.STATED]
    if not places:
        return None

    def worded(row: Row) -> Row:
        cells = list(row)
        for place in places:
            cells[place] = plain(cells[place], Kind.STATED)
        return tuple(cells)

    return worded
