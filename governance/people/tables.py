"""A list somebody saved, as a table: CSV however it was encoded and separated, or a spreadsheet.

bytes → what kind → text (encoding) → separator → records; a spreadsheet is read in a child process
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from dataclasses import dataclass

from governance import child
from governance.errors import Refusal
from governance.extract.filenames import ending_of
from governance.schools.names import fold

_SPREADSHEET = "governance.people.spreadsheet"
_LIMITS = child.Limits(seconds=60, memory_mb=1024, output_mb=64)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = "Open it in Excel or Sheets, save it as CSV or .xlsx, and upload that copy."
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_LONGEST_CELL = 100_000
_NO_NOTES: tuple[str, ...] = ()


@dataclass(frozen=True)
class Record:
    """One row as it stands in the file; `number` is the row's number as a spreadsheet shows it."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A list with its header's names folded to small letters and underscores; `notes` say how it was read."""

    header: tuple[str, ...]
    records: tuple[Record, ...]
    notes: tuple[str, ...] = ()


def read_table(filename: str, data: bytes, *, most_rows: int) -> Table:
    """The table in a file.

    Raises:
        Refusal: when it is empty, no list, damaged, or has more rows than `most_rows`.
    """
    if not data.strip():
        raise Refusal.one("That file is empty. Check that it was saved, then choose it again.", "file")
    if data.startswith(b"PK\x03\x04"):
        rows, notes = _spreadsheet(data, most_rows), _NO_NOTES
    else:
        text, notes = _text(filename, data)
        rows = _records(text, most_rows)
    if not rows:
        raise Refusal.one("That file is empty. Check that it was saved, then choose it again.", "file")
    if len(rows) - 1 > most_rows:
        raise Refusal.one(
            f"That file has more than {most_rows:,} rows, the most that are read at once. Split it and import each part.",
            "file",
        )
    return Table(tuple(column_key(cell) for cell in rows[0].cells), tuple(rows[1:]), notes)


def as_kept(table: Table) -> bytes:
    """A table as it is held between upload and confirmation."""
    records = [[record.number, record.cells] for record in table.records]
    return json.dumps({"header": table.header, "records": records, "notes": table.notes}).encode()


def from_kept(kept: bytes) -> Table:
    """The table that `as_kept` wrote."""
    read = json.loads(kept)
    records = tuple(Record(number, tuple(cells)) for number, cells in read["records"])
    return Table(tuple(read["header"]), records, tuple(read["notes"]))


def column_key(name: str) -> str:
    """A column's name for matching: "Given Name", "given_name" and " GIVEN-NAME " are one."""
    return re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_")


def _spreadsheet(data: bytes, most_rows: int) -> list[Record]:
    payload = f"{most_rows}\n".encode() + data
    try:
        answer = json.loads(child.run(_SPREADSHEET, payload, _LIMITS, part="Reading the spreadsheet"))
    except child.ChildFailed as failed:
        raise Refusal.one(f"{failed} Save it as CSV and upload that copy.", "file") from failed
    if "refused" in answer:
        raise Refusal.one(answer["refused"], "file")
    return [Record(number, tuple(cells)) for number, cells in answer["rows"]]


def _text(filename: str, data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of a CSV file and, where its encoding was guessed, a note asking to check the accents."""
    if data.startswith(_OLE):
        raise Refusal.one(f"That is an old or password-protected Excel file. {_SAVE_AS}", "file")
    if data.startswith(b"%PDF") or ending_of(filename) in (".pdf", ".docx", ".doc"):
        raise Refusal.one(f"That file is no list of rows. {_SAVE_AS}", "file")
    for mark, encoding in (*_BOMS, *_unmarked(data)):
        if data.startswith(mark):
            return _strictly(data, encoding), ()
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        note = "The file is not saved as UTF-8. It was read as Windows text: check that accents such as é are right."
        return _strictly(data, "cp1252"), (note,)


def _unmarked(data: bytes) -> tuple[tuple[bytes, str], ...]:
    """UTF-16 without its mark: every other byte of plain English is then a NUL."""
    start = data[:200]
    if len(start) >= 4 and start[1::2].count(0) > 0.7 * len(start[1::2]):
        return ((b"", "utf-16-le"),)
    if len(start) >= 4 and start[::2].count(0) > 0.7 * len(start[::2]):
        return ((b"", "utf-16-be"),)
    return ()


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as problem:
        raise Refusal.one(
            "We cannot tell how the text was saved. Save it as “CSV UTF-8” and upload that copy.", "file"
        ) from problem


def _records(text: str, most_rows: int) -> list[Record]:
    separator, skipped = _separator(text)
    csv.field_size_limit(_LONGEST_CELL)
    # `newline=None` makes one line end of the three kinds that exist.
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=separator)
    rows: list[Record] = []
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if cells and number > skipped:
                rows.append(Record(number, tuple(cells)))
            if len(rows) > most_rows + 1:
                break
    except csv.Error as problem:
        raise Refusal.one(
            f"Row {number + 1} cannot be read: a quotation mark is not closed, or a cell is very long. "
            "Mend that row and upload the file again.",
            "file",
        ) from problem
    return rows


def _separator(text: str) -> tuple[str, int]:
    """What parts the cells, and how many lines come before the header (Excel's own "sep=;" line)."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    said = re.fullmatch(r"sep=(.)\r?", first)
    if said:
        return said[1], 1
    unquoted = Counter(re.sub(r'"[^"]*"', "", first))
    return max((",", ";", "\t", "|"), key=lambda candidate: unquoted[candidate]), 0
