"""The rows of a list of receipts, as somebody saved it: CSV or a spreadsheet, read row by row.

table → columns → row → Row, or a RowError that names its row. What is recorded already is not looked at here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from governance.errors import Objection, Refusal
from governance.extract.dates import ImpossibleDate, parse_day
from governance.people.tables import Record, Table
from governance.reading.importing import Row, RowError
from governance.reading.parts import part_names_in

COLUMNS = ("staff_number", "reference", "version", "acknowledged_on", "method", "witness", "parts")
NEEDED = COLUMNS[:4]
# What other programs and people call these columns.
_ALSO_CALLED = {
    "staff_no": "staff_number",
    "staff_id": "staff_number",
    "payroll_number": "staff_number",
    "printed_reference": "staff_number",
    "policy": "reference",
    "policy_reference": "reference",
    "date": "acknowledged_on",
    "read_on": "acknowledged_on",
    "signed_on": "acknowledged_on",
    "witnessed_by": "witness",
    "part": "parts",
}


@dataclass(frozen=True)
class Read:
    """What was read: rows that can go on, errors by row, and notes."""

    rows: list[Row] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_receipts(table: Table) -> Read:
    """Every row of a table. An empty method is "paper" where a witness is named, else "import".

    Raises:
        Refusal: naming a needed column that is missing, or one that is there twice.
    """
    places = _columns(table.header)
    found = Read(notes=list(table.notes))
    for record in table.records:
        cells = _cells(record, places)
        if not any(cell for cell in cells.values()):
            found.notes.append(f"Row {record.number} has nothing in it and is left out.")
            continue
        wrong = list(_wrong(record, cells, len(table.header)))
        if wrong:
            found.errors.extend(RowError(record.number, message) for message in wrong)
        else:
            found.rows.append(_row(record.number, cells))
    return found


def _columns(header: tuple[str, ...]) -> dict[str, int]:
    named = [_ALSO_CALLED.get(name, name) for name in header]
    objections = [
        Objection(f"The column {column} is there twice. Take one out and upload the file again.", "file")
        for column in COLUMNS
        if named.count(column) > 1
    ]
    objections += [
        Objection(
            f"There is no column {column}. The first row must name the columns: {', '.join(COLUMNS)}.",
            "file",
        )
        for column in NEEDED
        if column not in named
    ]
    if objections:
        raise Refusal(objections)
    return {column: named.index(column) for column in COLUMNS if column in named}


def _cells(record: Record, places: Mapping[str, int]) -> dict[str, str]:
    width = len(record.cells)
    return {
        column: record.cells[places[column]].strip() if places.get(column, width) < width else "" for column in COLUMNS
    }


def _wrong(record: Record, cells: Mapping[str, str], width: int) -> list[str]:
    if any(cell.strip() for cell in record.cells[width:]):
        return [f"this row has {len(record.cells)} cells where the header has {width}. Check for a comma too many."]
    wrong = [f"{column} is empty." for column in NEEDED if not cells[column]]
    version = cells["version"]
    if version and not (version.isascii() and version.isdigit() and 0 < int(version[:9]) < 100_000):
        wrong.append(f"version must be the version's number in the register, such as 2, not {version[:40]!r}.")
    if cells["acknowledged_on"]:
        try:
            parse_day(cells["acknowledged_on"])
        except ImpossibleDate as problem:
            wrong.append(str(problem))
    return wrong


def _row(number: int, cells: Mapping[str, str]) -> Row:
    return Row(
        number,
        cells["staff_number"],
        cells["reference"],
        int(cells["version"]),
        parse_day(cells["acknowledged_on"]),
        cells["method"].lower() or ("paper" if cells["witness"] else "import"),
        cells["witness"],
        part_names_in(cells["parts"]),
    )
