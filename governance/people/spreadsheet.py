"""Run in a child process: the rows of a spreadsheet's first filled sheet. The file may be hostile.

Payload: the most rows, a line end, the file. Answer: JSON, {"rows": [[number, [cell, …]], …]} or {"refused": sentence}.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from openpyxl import load_workbook

MAX_PARTS = 500
MAX_EXPANDED = 200 * 1024 * 1024
MAX_COLUMNS = 1_000
_CHUNK = 1024 * 1024

_SAVE_AGAIN = "Open it in Excel or Sheets, save it as CSV, and upload that copy."
DAMAGED = f"That spreadsheet is damaged or password-protected. {_SAVE_AGAIN}"
EXPANDS = f"That spreadsheet expands too far when opened, so we did not read it. {_SAVE_AGAIN}"
UNSAFE = f"That spreadsheet contains unsafe XML, so we did not read it. {_SAVE_AGAIN}"
NO_SPREADSHEET = f"That file is not a spreadsheet. {_SAVE_AGAIN}"


class Unreadable(Exception):
    """The file will not be read; the message is for the person who chose it."""


def answer(payload: bytes) -> bytes:
    """The rows, or why there are none."""
    most, _, data = payload.partition(b"\n")
    try:
        said: dict[str, Any] = {"rows": list(_rows(data, int(most)))}
    except Unreadable as reason:
        said = {"refused": str(reason)}
    return json.dumps(said).encode()


def _rows(data: bytes, most_rows: int) -> Iterator[tuple[int, list[str]]]:
    _refuse_unsafe(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheets = book.worksheets
    except Exception as problem:  # openpyxl raises whatever its parsers do
        raise Unreadable(DAMAGED) from problem
    for sheet in sheets:
        if sheet.sheet_state != "visible":
            continue
        # What a sheet says of its own size may be wrong.
        sheet.reset_dimensions()
        found = list(_of_sheet(sheet, most_rows))
        if found:
            yield from found
            return


def _of_sheet(sheet: Any, most_rows: int) -> Iterator[tuple[int, list[str]]]:
    """Rows with anything in them, with their numbers; one more than allowed tells that there are too many."""
    filled = 0
    try:
        for number, values in enumerate(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS), start=1):
            cells = [_as_text(value) for value in values]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                filled += 1
                yield number, cells
            if filled > most_rows + 1:
                return
    except Exception as problem:  # as above
        raise Unreadable(DAMAGED) from problem


def _as_text(value: object) -> str:
    """A cell as a CSV file would hold it: days as YYYY-MM-DD, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _refuse_unsafe(data: bytes) -> None:
    """Count what really comes out of the zip, and look for declared entities, before any parser sees it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_EXPANDED:
                raise Unreadable(EXPANDS)
            names = [entry.filename for entry in entries]
            if "xl/workbook.xml" not in names:
                raise Unreadable(NO_SPREADSHEET)
            if len(set(names)) != len(names):
                raise Unreadable(DAMAGED)
            for entry in entries:
                _refuse_entities(package, entry)
    except (
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        EOFError,
        OSError,
        RuntimeError,
        NotImplementedError,
    ) as problem:
        raise Unreadable(DAMAGED) from problem


def _refuse_entities(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    if not entry.filename.endswith((".xml", ".rels")):
        return
    tail = b""
    with package.open(entry) as part:
        while chunk := part.read(_CHUNK):
            if not tail and re.match(
                rb"(?i)\s*<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-?8)", chunk.removeprefix(b"\xef\xbb\xbf")
            ):
                raise Unreadable(UNSAFE)
            squeezed = (tail + chunk).replace(b"\x00", b"")
            if b"<!DOCTYPE" in squeezed or b"<!ENTITY" in squeezed:
                raise Unreadable(UNSAFE)
            tail = chunk[-32:]
