"""The rows of a people list, checked one by one. Pure: what is already recorded is not looked at here.

table → columns → row → Row, or a RowError that names its row
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from governance.errors import Objection, Refusal
from governance.extract.dates import ImpossibleDate, parse_day
from governance.people import rules
from governance.people.references import as_printed
from governance.people.rules import Details
from governance.people.tables import Record, Table
from governance.schools.names import fold, tidy

COLUMNS = (
    "staff_number",
    "given_name",
    "family_name",
    "email",
    "category",
    "job_title",
    "started_on",
    "ended_on",
    "line_manager",
    "agency",
    "printed_reference",
)
NEEDED = ("given_name", "family_name", "category")
# What other programs call these columns.
_ALSO_CALLED = {
    "staff_no": "staff_number",
    "staff_id": "staff_number",
    "payroll_number": "staff_number",
    "first_name": "given_name",
    "forename": "given_name",
    "last_name": "family_name",
    "surname": "family_name",
    "e_mail": "email",
    "email_address": "email",
    "categories": "category",
    "job": "job_title",
    "start_date": "started_on",
    "end_date": "ended_on",
    "manager": "line_manager",
    "reference": "printed_reference",
}


@dataclass(frozen=True)
class RowError:
    """A row that cannot be imported, and why; `column` is the one to mend, where there is one."""

    row: int
    message: str
    column: str | None = None


@dataclass(frozen=True)
class Row:
    """One row that makes sense by itself. `categories` are the school's own names, `reference` as it is printed."""

    number: int
    details: Details
    categories: tuple[str, ...]
    reference: str = ""
    job_title: str = ""
    started_on: dt.date | None = None
    ended_on: dt.date | None = None
    line_manager: str = ""
    agency: str = ""


@dataclass
class Rows:
    """What was read: rows that can go on, errors by row, and notes; `numbers` are the folded ones of every row."""

    rows: list[Row] = field(default_factory=list)
    numbers: set[str] = field(default_factory=set)
    errors: list[RowError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def columns_of(header: Iterable[str]) -> dict[str, int]:
    """Where each known column stands; columns of other names are passed over.

    Raises:
        Refusal: naming the needed column that is missing, or one that is there twice.
    """
    places: dict[str, int] = {}
    objections = []
    for place, name in enumerate(header):
        column = _ALSO_CALLED.get(name, name)
        if column in places and column in COLUMNS:
            objections.append(
                Objection(f"The column {column} is there twice. Take one out and upload the file again.", "file")
            )
        places.setdefault(column, place)
    for column in NEEDED:
        if column not in places:
            objections.append(
                Objection(
                    f"There is no column {column}. The first row must name the columns: {', '.join(COLUMNS)}.", "file"
                )
            )
    if objections:
        raise Refusal(objections)
    return {column: place for column, place in places.items() if column in COLUMNS}


def read_rows(table: Table, categories: Mapping[str, str], today: dt.date) -> Rows:
    """Check every row. `categories` are the school's category names by their folded names.

    Raises:
        Refusal: for the header, as `columns_of`.
    """
    places = columns_of(table.header)
    found = Rows(notes=list(table.notes))
    for record in table.records:
        if not any(cell.strip() for cell in record.cells):
            found.notes.append(f"Row {record.number} has nothing in it and is left out.")
            continue
        surplus = _surplus(record, len(table.header))
        if surplus:
            found.errors.append(surplus)
            continue
        place = places.get("staff_number", len(record.cells))
        found.numbers.update(fold(number) for number in record.cells[place : place + 1] if number.strip())
        row, errors = _read(record, places, categories, today)
        if errors:
            found.errors.extend(errors)
        elif row:
            found.rows.append(row)
    return found


def _surplus(record: Record, width: int) -> RowError | None:
    if any(cell.strip() for cell in record.cells[width:]):
        return RowError(
            record.number,
            f"This row has {len(record.cells)} cells where the header has {width}. "
            "Check for a comma too many, or a name that needs quotation marks.",
        )
    return None


def _read(
    record: Record, places: Mapping[str, int], categories: Mapping[str, str], today: dt.date
) -> tuple[Row | None, list[RowError]]:
    def cell(column: str) -> str:
        place = places.get(column, len(record.cells))
        # A line end inside an address is no slip of the keyboard, so only spaces are taken off.
        return record.cells[place].strip(" ") if place < len(record.cells) else ""

    details = Details(cell("given_name"), cell("family_name"), cell("email"), cell("staff_number"))
    objections = list(rules.objections_to_details(details))
    started_on = _day(cell("started_on"), "started_on", objections)
    ended_on = _day(cell("ended_on"), "ended_on", objections)
    objections += rules.objections_to_job(started_on, ended_on, cell("job_title"), cell("agency"), today)
    named = _categories(cell("category"), categories, objections)
    objections += _to_numbers(cell("line_manager"), details)
    if objections:
        return None, [RowError(record.number, objection.message, objection.field) for objection in objections]
    row = Row(
        record.number,
        details.tidied(),
        named,
        as_printed(cell("printed_reference")),
        tidy(cell("job_title")),
        started_on,
        ended_on,
        tidy(cell("line_manager")),
        tidy(cell("agency")),
    )
    return row, []


def _day(text: str, column: str, objections: list[Objection]) -> dt.date | None:
    """The day in a cell, day before month; an impossible one becomes an objection."""
    if not text:
        return None
    try:
        return parse_day(text)
    except ImpossibleDate as problem:
        objections.append(Objection(problem.message, column))
        return None


def _categories(text: str, known: Mapping[str, str], objections: list[Objection]) -> tuple[str, ...]:
    """The school's categories that a cell names, parted by semicolons."""
    named: list[str] = []
    for typed in filter(None, (tidy(part) for part in text.split(";"))):
        name = known.get(fold(typed))
        if name is None:
            choices = ", ".join(known.values())
            objections.append(
                Objection(f"“{typed[:80]}” is no category of this school. Use one of: {choices}.", "category")
            )
        elif name not in named:
            named.append(name)
    if not named and not objections:
        objections.append(Objection(f"Give a category: one of {', '.join(known.values())}.", "category"))
    return tuple(named)


def _to_numbers(line_manager: str, details: Details) -> Iterator[Objection]:
    yield from rules.objections_to_text(
        line_manager, "The line manager's staff number", "line_manager", rules.LONGEST_NUMBER
    )
    if line_manager and fold(line_manager) == fold(details.staff_number or ""):
        yield Objection(
            "Nobody is their own line manager. Leave it empty, or give another staff number.", "line_manager"
        )
