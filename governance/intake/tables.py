"""The files of a load: their columns and rows, with what is wrong said by file and row."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from governance.errors import Objection, Refusal
from governance.reading.importing import Row as ReceiptRow
from governance.reading.parts import part_names_in

_MOST_REASONS = 20

T = TypeVar("T")


@dataclass(frozen=True)
class VersionRow:
    """A row of `policies.csv`: one version of one policy, and its adoption."""

    line: int
    reference: str
    title: str
    version: int
    file: str
    decided_on: dt.date | None
    body: str
    minute_ref: str
    in_force_from: dt.date | None
    asks_from: dt.date | None
    next_review_on: dt.date | None


@dataclass(frozen=True)
class RuleRow:
    """A row of `reading_rules.csv`."""

    line: int
    reference: str
    category: str
    days_to_read: int
    from_on: dt.date


def version_rows(path: Path) -> list[VersionRow]:
    """The rows of `policies.csv`.

    Raises:
        Refusal: naming the file, the rows and what to mend.
    """
    return _read(
        path, "reference title version file decided_on body minute_ref in_force_from asks_from next_review_on", _version
    )


def rule_rows(path: Path) -> list[RuleRow]:
    """The rows of `reading_rules.csv`.

    Raises:
        Refusal: as `version_rows`.
    """
    return _read(path, "reference category days_to_read from_on", _rule)


def receipt_rows(path: Path) -> list[ReceiptRow]:
    """The rows of `acknowledgements.csv`. It may have a column `parts` besides.

    Raises:
        Refusal: as `version_rows`.
    """
    return _read(path, "staff_number reference version acknowledged_on method witness", _receipt, "parts")


def _version(line: int, cell: Mapping[str, str]) -> VersionRow:
    return VersionRow(
        line,
        _text(cell, "reference"),
        _text(cell, "title"),
        _whole(cell, "version"),
        _text(cell, "file"),
        _day(cell, "decided_on"),
        cell["body"],
        cell["minute_ref"],
        _day(cell, "in_force_from"),
        _day(cell, "asks_from"),
        _day(cell, "next_review_on"),
    )


def _rule(line: int, cell: Mapping[str, str]) -> RuleRow:
    return RuleRow(
        line,
        _text(cell, "reference"),
        _text(cell, "category"),
        _whole(cell, "days_to_read", least=0),
        _certain_day(cell, "from_on"),
    )


def _receipt(line: int, cell: Mapping[str, str]) -> ReceiptRow:
    return ReceiptRow(
        line,
        _text(cell, "staff_number"),
        _text(cell, "reference"),
        _whole(cell, "version"),
        _certain_day(cell, "acknowledged_on"),
        cell["method"] or "import",
        cell["witness"],
        part_names_in(cell["parts"]),
    )


def _read(path: Path, columns: str, make: Callable[[int, Mapping[str, str]], T], optional: str = "") -> list[T]:
    objections: list[Objection] = []
    made: list[T] = []
    for line, cells in _cells(path, columns.split(), optional.split()):
        try:
            made.append(make(line, cells))
        except ValueError as error:
            objections.append(Objection(f"{path.name}, row {line}: {error}"))
    if objections:
        rest = len(objections) - _MOST_REASONS
        more = [Objection(f"and {rest} more rows like these.")] if rest > 0 else []
        raise Refusal(objections[:_MOST_REASONS] + more)
    return made


def _cells(path: Path, columns: list[str], optional: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            missing = [name for name in columns if name not in (reader.fieldnames or [])]
            if missing:
                raise Refusal.one(
                    f"{path.name} has no column {missing[0]!r}. Its columns must be: {', '.join(columns)}."
                )
            for line, row in enumerate(reader, start=2):
                yield line, {name: (row.get(name) or "").strip() for name in [*columns, *optional]}
    except FileNotFoundError as error:
        raise Refusal.one(f"There is no file {path.name} in that folder.") from error
    except UnicodeDecodeError as error:
        raise Refusal.one(f"{path.name} is not UTF-8 text. Save it as CSV UTF-8 and load it again.") from error


def _text(cell: Mapping[str, str], name: str) -> str:
    if not cell[name]:
        raise ValueError(f"{name} is empty.")
    return cell[name]


def _whole(cell: Mapping[str, str], name: str, least: int = 1) -> int:
    written = cell[name]
    if not (written.isascii() and written.isdigit() and len(written) < 7):
        raise ValueError(f"{name} must be a whole number, not {written!r}.")
    if int(written) < least:
        raise ValueError(f"{name} must be {least} or more, not {written}.")
    return int(written)


def _day(cell: Mapping[str, str], name: str) -> dt.date | None:
    if not cell[name]:
        return None
    try:
        return dt.date.fromisoformat(cell[name])
    except ValueError:
        raise ValueError(f"{name} must be a date written YYYY-MM-DD, not {cell[name]!r}.") from None


def _certain_day(cell: Mapping[str, str], name: str) -> dt.date:
    day = _day(cell, name)
    if day is None:
        raise ValueError(f"{name} is empty.")
    return day
