"""Tables that a PDF sets without rules: labels with values beside them, columns that begin at the same places.

set_as_tables(lines)
  lines parted by wide gaps, in runs whose parts begin at the same places
  lines of one part that stand under such a part, as more of its cell
  a run as one table; a gap that nothing else shares is a space
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from governance.extract.pdf_characters import Word
from governance.extract.pdf_lines import Line, parts_of, text_of

_SAME_PLACE = 4.0
_NEXT_LINE = 2.6
_FOLLOWS_ON = 1.65
_LABEL = re.compile(r"[A-Z][\w /'’(),&.-]{1,50}[:?]?")
_VERY_WIDE = 4.0
_LONGEST_CELL = 1_500


@dataclass
class _Row:
    cells: list[list[Word]]
    y: float
    last_y: float


@dataclass
class _Run:
    """Rows under way; `lines` are kept for the case that they are no table."""

    columns: list[float]
    rows: list[_Row] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def set_as_tables(lines: Sequence[Line]) -> list[Line]:
    """The lines with those that make a table replaced by it."""
    done: list[Line] = []
    run: _Run | None = None
    for position, line in enumerate(lines):
        parts = [] if line.rows or line.entry else parts_of(line)
        if len(parts) > 1 and _is_justified(line, lines[max(position - 1, 0) : position + 2]):
            parts = [line.words]
        if run is not None and _joins(run, line, parts):
            continue
        if run is not None:
            done.extend(_finished(run))
            run = None
        if len(parts) > 1:
            run = _Run([part[0].left for part in parts])
            _add_row(run, line, parts)
        else:
            done.append(line)
    return done + (_finished(run) if run is not None else [])


def _is_justified(line: Line, near: Sequence[Line]) -> bool:
    """A line of running text that was stretched: a line beside it has the same edges and no wide gap."""
    return any(
        other is not line
        and len(other.words) > 2
        and abs(other.left - line.left) < 1
        and abs(other.right - line.right) < 1
        and len(parts_of(other)) == 1
        for other in near
    )


def _joins(run: _Run, line: Line, parts: list[list[Word]]) -> bool:
    last = run.rows[-1]
    apart = line.y - last.last_y
    before = run.lines[-1]
    if not parts or before.page != line.page or not 0 < apart < _NEXT_LINE * max(line.size, before.size):
        return False
    if len(parts) > 1:
        return _joins_as_row(run, line, parts, apart)
    column = next((n for n, left in enumerate(run.columns) if abs(left - line.left) < _SAME_PLACE), None)
    if column is None or _reaches_past(run, column, line):
        return False
    beside = column == 0 and not last.cells[0] and apart < line.size
    if column == 0 and not beside and (apart > _FOLLOWS_ON * line.size or not line.text[:1].islower()):
        return False
    if column or beside:
        _add_row(run, line, [line.words])
    else:
        last.cells[0].extend(line.words)
        last.last_y = line.y
        run.lines.append(line)
    return True


def _joins_as_row(run: _Run, line: Line, parts: list[list[Word]], apart: float) -> bool:
    places = [_column_of(run, part) for part in parts]
    if None in places or len(set(places)) < len(places):
        return False
    last = run.rows[-1]
    # A row that wrapped goes on in lower case, close below.
    if all(part[0].text[:1].islower() for part in parts) and apart < _FOLLOWS_ON * line.size:
        for place, part in zip(places, parts, strict=True):
            last.cells[place or 0].extend(part)
        last.last_y = line.y
        run.lines.append(line)
    else:
        _add_row(run, line, parts)
    return True


def _column_of(run: _Run, part: Sequence[Word]) -> int | None:
    """The column in which a part begins."""
    return next((n for n, left in enumerate(run.columns) if abs(left - part[0].left) < _SAME_PLACE), None)


def _reaches_past(run: _Run, column: int, line: Line) -> bool:
    return column + 1 < len(run.columns) and line.right > run.columns[column + 1] - 2


def _add_row(run: _Run, line: Line, parts: list[list[Word]]) -> None:
    cells: list[list[Word]] = [[] for _ in run.columns]
    for part in parts:
        place = _column_of(run, part)
        cells[place if place is not None else -1].extend(part)
    run.rows.append(_Row(cells, line.y, line.y))
    run.lines.append(line)


def _finished(run: _Run) -> list[Line]:
    rows = [tuple(text_of(cell) for cell in row.cells) for row in _whole(run.rows)]
    if not _is_table(run, rows):
        return run.lines
    first = run.lines[0]
    right = max(line.right for line in run.lines)
    last = run.lines[-1]
    return [Line([], run.columns[0], right, first.y, last.size, first.page, first.column, rows)]


def _whole(rows: Sequence[_Row]) -> list[_Row]:
    """Rows without a first cell put to the row they are nearer to: a label may stand beside the middle of its value."""
    whole: list[_Row] = []
    waiting: list[_Row] = []
    for position, row in enumerate(rows):
        labelled = next((later for later in rows[position + 1 :] if later.cells[0]), None) if not row.cells[0] else None
        if row.cells[0]:
            whole.append(
                _Row(
                    [_joined(cells) for cells in zip(*(one.cells for one in (*waiting, row)), strict=True)],
                    row.y,
                    row.last_y,
                )
            )
            waiting = []
        elif (
            labelled is not None
            and (not whole or rows[position + 1].y - row.y < 0.9 * (row.y - rows[position - 1].y))
            or waiting
            and labelled is not None
        ):
            waiting.append(row)
        elif whole:
            whole[-1] = _Row(
                [_joined(cells) for cells in zip(whole[-1].cells, row.cells, strict=True)], whole[-1].y, row.last_y
            )
        else:
            whole.append(row)
    return whole


def _joined(cells: Sequence[list[Word]]) -> list[Word]:
    return [word for cell in cells for word in cell]


def _is_table(run: _Run, rows: Sequence[tuple[str, ...]]) -> bool:
    if any(len(cell) > _LONGEST_CELL for row in rows for cell in row):
        return False
    if len(rows) > 1:
        return True
    only = run.lines[0]
    gaps = [after[0].left - max(word.right for word in before) for before, after in pairwise(parts_of(only))]
    return max(gaps) > _VERY_WIDE * only.size or bool(_LABEL.fullmatch(rows[0][0]) and rows[0][0].endswith((":", "?")))
