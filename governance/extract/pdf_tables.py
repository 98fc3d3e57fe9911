"""Tables that a PDF sets without rules: labels with values beside them, columns that begin at the same places.

set_as_tables(lines)
  lines as bands with their columns (pdf_bands), in runs whose parts begin at the same places
  bands of one part that stand under such a part, as more of its cell
  a run as one table; a gap that nothing else shares is a space
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from governance.extract.pdf_bands import NEXT_LINE, SAME_PLACE, Band, bands_of
from governance.extract.pdf_characters import Word
from governance.extract.pdf_lines import Line, text_of

_FOLLOWS_ON = 1.65
_NEXT_LINE_OF_CELL = 1.2
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
    """Rows under way; `lines` are kept for the case that they are no table. What stands on a further `page` counts as
    `lowered_by` so much, as if all stood on one sheet. `heads_again` says that the page began with the first row.
    """

    columns: list[float]
    page: int
    lowered_by: float = 0.0
    heads_again: bool = False
    rows: list[_Row] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def set_as_tables(lines: Sequence[Line]) -> list[Line]:
    """The lines with those that make a table replaced by it."""
    done: list[Line] = []
    run: _Run | None = None
    for band in bands_of(lines):
        if run is not None and _joins(run, band):
            continue
        if run is not None:
            done.extend(_finished(run))
            run = None
        if len(band.parts) > 1:
            run = _Run([part[0].left for part in band.parts], band.first.page)
            _add_row(run, band)
        else:
            done.extend(band.lines)
    return done + (_finished(run) if run is not None else [])


def _joins(run: _Run, band: Band) -> bool:
    last = run.rows[-1]
    line, before = band.first, run.lines[-1]
    if not band.parts or not line.words:
        return False
    if line.page == run.page + 1:
        return _joins_over_the_page(run, band)
    apart = line.y + run.lowered_by - last.last_y
    if run.page != line.page or not 0 < apart < NEXT_LINE * max(line.size, before.size):
        return False
    if len(band.parts) > 1:
        return _joins_as_row(run, band, apart)
    column = _column_of(run, band.parts[0])
    if column is None or _reaches_past(run, column, line):
        return False
    if column or (not last.cells[0] and apart < line.size):
        _add_row(run, band)
    elif _is_more_of_the_label(last, line, apart):
        _add_to_last(run, band)
    else:
        return False
    return True


def _joins_over_the_page(run: _Run, band: Band) -> bool:
    """Heads said again are passed over, and rows follow them; without them only the rest of a broken row goes on."""
    if not run.heads_again and len(run.rows) > 1 and _says(band.parts) == _says(run.rows[0].cells):
        run.heads_again = True
        run.lines.extend(band.lines)
        return True
    places = [_column_of(run, part) for part in band.parts]
    if None in places or len(set(places)) < len(places) or _reaches_past(run, places[-1] or 0, band.first):
        return False
    in_lower_case = any(part[0].text[:1].islower() for part in band.parts)
    is_rest = all(places) and (run.heads_again or in_lower_case)
    if not is_rest and not run.heads_again:
        return False
    run.page, run.heads_again = band.first.page, False
    run.lowered_by = run.rows[-1].last_y + _NEXT_LINE_OF_CELL * band.first.size - band.first.y
    (_add_to_last if is_rest else _add_row)(run, band)
    return True


def _says(cells: Sequence[list[Word]]) -> list[str]:
    return [text_of(cell) for cell in cells]


def _is_more_of_the_label(last: _Row, line: Line, apart: float) -> bool:
    """A label that wrapped goes on in lower case."""
    return bool(last.cells[0]) and apart <= _FOLLOWS_ON * line.size and line.text[:1].islower()


def _joins_as_row(run: _Run, band: Band, apart: float) -> bool:
    places = [_column_of(run, part) for part in band.parts]
    if None in places or len(set(places)) < len(places):
        return False
    if apart < _FOLLOWS_ON * band.first.size and _goes_on(run.rows[-1], places, band.parts):
        _add_to_last(run, band)
    else:
        _add_row(run, band)
    return True


def _goes_on(last: _Row, places: Sequence[int | None], parts: Sequence[list[Word]]) -> bool:
    """A row that wrapped goes on in lower case, all of it or the label that had begun in capitals."""
    lower = [part[0].text[:1].islower() for part in parts]
    label = last.cells[0][0].text[:1] if last.cells[0] else ""
    return all(lower) or (places[0] == 0 and lower[0] and label.isupper())


def _column_of(run: _Run, part: Sequence[Word]) -> int | None:
    """The column in which a part begins."""
    return next((n for n, left in enumerate(run.columns) if abs(left - part[0].left) < SAME_PLACE), None)


def _reaches_past(run: _Run, column: int, line: Line) -> bool:
    return column + 1 < len(run.columns) and line.right > run.columns[column + 1] - 2


def _add_row(run: _Run, band: Band) -> None:
    run.rows.append(_Row([[] for _ in run.columns], band.first.y + run.lowered_by, 0.0))
    _add_to_last(run, band)


def _add_to_last(run: _Run, band: Band) -> None:
    for part in band.parts:
        place = _column_of(run, part)
        lowered = [word._replace(y=word.y + run.lowered_by) for word in part] if run.lowered_by else part
        run.rows[-1].cells[place if place is not None else -1].extend(lowered)
    run.rows[-1].last_y = band.last.y + run.lowered_by
    run.lines.extend(band.lines)


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
            and (not whole or rows[position + 1].y - row.last_y < 0.9 * (row.y - rows[position - 1].last_y))
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
    cells = [cell for cell in run.rows[0].cells if cell]
    gaps = [after[0].left - max(word.right for word in before) for before, after in pairwise(cells)]
    return max(gaps) > _VERY_WIDE * run.lines[0].size or bool(
        _LABEL.fullmatch(rows[0][0]) and rows[0][0].endswith((":", "?"))
    )
