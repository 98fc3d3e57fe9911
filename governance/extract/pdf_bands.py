"""Lines of a PDF as the bands in which an unruled table is read: what stands side by side, parted into its columns.

bands_of(lines)
  lines parted by wide gaps, and by closer ones where three lines begin a part at the place that a wide gap shows
  lines less than their height apart, in columns of their own, as one band: a label may stand beside the middle of its value
  lines of one column close above or below a band, and further from all else, as more of it: a label or value that wrapped
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from governance.extract.pdf_characters import Word
from governance.extract.pdf_lines import Line, only_marks, parts_of

SAME_PLACE = 4.0
NEXT_LINE = 2.6
_VERY_SAME_PLACE = 1.0
_CLOSE_GAP = 0.5
_FEWEST_ALIGNED = 3
_ABREAST = 0.9
_FURTHEST = 40
_IN_ONE_CELL, _NEARER = 1.4, 0.85
_MOST_LINES = 8


@dataclass(frozen=True)
class Band:
    """Lines that stand side by side, mostly one, and the columns they have. A table or contents entry has none."""

    lines: list[Line]
    parts: list[list[Word]]

    @property
    def first(self) -> Line:
        """Its uppermost line."""
        return self.lines[0]

    @property
    def last(self) -> Line:
        """Its lowest line."""
        return self.lines[-1]


def bands_of(lines: Sequence[Line]) -> list[Band]:
    """The lines in order, as bands."""
    parted = [
        _without_stretched(line, parts_of(line), lines[max(position - 1, 0) : position + 2]) if _may_part(line) else []
        for position, line in enumerate(lines)
    ]
    cut = _with_close_gaps(lines, parted)
    bands: list[Band] = []
    position = 0
    while position < len(lines):
        end = _abreast_until(lines, position)
        columns = _columns(cut[position:end], lines[position].size) if end - position > 1 else None
        if columns is None:
            end, columns = position + 1, cut[position]
        bands.append(Band(list(lines[position:end]), columns))
        position = end
    return _gathered(bands)


def _may_part(line: Line) -> bool:
    return not line.rows and not line.entry


def _without_stretched(line: Line, parts: list[list[Word]], near: Sequence[Line]) -> list[list[Word]]:
    """A line of running text that was stretched is one part: a line beside it has the same edges and no wide gap."""
    if len(parts) > 1 and any(
        other is not line
        and len(other.words) > 2
        and abs(other.left - line.left) < 1
        and abs(other.right - line.right) < 1
        and len(parts_of(other)) == 1
        for other in near
    ):
        return [line.words]
    return parts


def _with_close_gaps(lines: Sequence[Line], parted: Sequence[list[list[Word]]]) -> list[list[list[Word]]]:
    """The parts, cut again where a column that a wide gap shows in one line begins in at least two lines near it."""
    places: list[set[float]] = [set() for _ in lines]
    for position, parts in enumerate(parted):
        for part in parts[1:]:
            place = part[0].left
            if place in places[position]:
                continue
            aligned = _aligned(lines, position, place)
            if len(aligned) >= _FEWEST_ALIGNED:
                for other in aligned:
                    places[other].add(place)
    return [
        [piece for part in parts for piece in _cut_at(part, here, line.size)] if here else list(parts)
        for line, parts, here in zip(lines, parted, places, strict=True)
    ]


def _aligned(lines: Sequence[Line], position: int, place: float) -> list[int]:
    """The lines around one, itself included, in which a part begins at a place, up to the nearest that runs across it."""
    found = [position]
    for step in (-1, 1):
        at = position
        while 0 <= at + step < len(lines) and abs(at + step - position) < _FURTHEST:
            if not _near(*sorted((lines[at], lines[at + step]), key=lambda line: line.y)):
                break
            at += step
            begins = _begins_at(lines[at], place)
            if begins is None:
                break
            if begins:
                found.append(at)
    return found


def _near(upper: Line, lower: Line) -> bool:
    return (
        _may_part(upper)
        and _may_part(lower)
        and upper.page == lower.page
        and upper.column == lower.column
        and lower.y - upper.y < NEXT_LINE * max(upper.size, lower.size)
    )


def _begins_at(line: Line, place: float) -> bool | None:
    """Whether a part begins at a place; None for a line that runs across it."""
    before = [word for word in line.words if word.left < place - _VERY_SAME_PLACE]
    after = next((word for word in line.words if word.left >= place - _VERY_SAME_PLACE), None)
    edge = max((word.right for word in before), default=line.left)
    if not before or after is None:
        return False if not before or edge < place else None
    here = after.left - place < _VERY_SAME_PLACE and after.left - edge >= _CLOSE_GAP * line.size
    return True if here and not only_marks(before) else None


def _cut_at(part: list[Word], places: set[float], size: float) -> list[list[Word]]:
    pieces: list[list[Word]] = []
    for word in part:
        edge = max((before.right for before in pieces[-1]), default=0.0) if pieces else 0.0
        near = any(abs(word.left - place) < _VERY_SAME_PLACE for place in places)
        if pieces and not (near and word.left - edge >= _CLOSE_GAP * size):
            pieces[-1].append(word)
        else:
            pieces.append([word])
    return pieces


def _abreast_until(lines: Sequence[Line], position: int) -> int:
    """The position after the last of the lines that stand side by side with the one here."""
    end = position + 1
    while end < len(lines) and _is_abreast(lines[end - 1], lines[end]):
        end += 1
    return end


def _is_abreast(upper: Line, lower: Line) -> bool:
    if not _near(upper, lower) or not upper.words or not lower.words:
        return False
    return 0 < lower.y - upper.y < _ABREAST * min(upper.size, lower.size)


def _columns(parted: Sequence[list[list[Word]]], size: float) -> list[list[Word]] | None:
    """The parts of lines side by side, put together by where they begin; None unless a gap stands between all of them."""
    columns: list[list[Word]] = []
    for part in sorted((part for parts in parted for part in parts), key=lambda part: part[0].left):
        if columns and part[0].left - columns[-1][0].left < SAME_PLACE:
            columns[-1].extend(part)
        else:
            columns.append(list(part))
    apart = all(
        min(word.left for word in after) - max(word.right for word in before) >= _CLOSE_GAP * size
        for before, after in pairwise(columns)
    )
    return columns if apart and len(columns) > 1 else None


def _gathered(bands: list[Band]) -> list[Band]:
    """The bands, those of one cell's height put together."""
    gathered: list[Band] = []
    position = 0
    while position < len(bands):
        end = _close_until(bands, position)
        columns = _wrapped(bands[position:end]) if _MOST_LINES >= end - position > 1 else None
        if columns is None:
            gathered.extend(bands[position:end])
        else:
            gathered.append(Band([line for band in bands[position:end] for line in band.lines], columns))
        position = end
    return gathered


def _close_until(bands: Sequence[Band], position: int) -> int:
    """The position after the last of the bands that stand as close as the lines of one cell, and closer than to the rest."""
    closest, end = 0.0, position + 1
    while end < len(bands):
        step = _step(bands[end - 1], bands[end])
        if step is None or step > _IN_ONE_CELL * bands[end].first.size or (closest and step * _NEARER > closest):
            break
        closest, end = max(closest, step), end + 1
    above = _step(bands[position - 1], bands[position]) if position else None
    below = _step(bands[end - 1], bands[end]) if end < len(bands) else None
    return end if all(step is None or step * _NEARER > closest for step in (above, below)) else position + 1


def _step(upper: Band, lower: Band) -> float | None:
    """How far a band stands below another; None over a page's or column's end."""
    return lower.first.y - upper.last.y if _near(upper.last, lower.first) else None


def _wrapped(bands: Sequence[Band]) -> list[list[Word]] | None:
    """The columns of bands of which one has several and the others go on in one of them; None for anything else."""
    whole = [band for band in bands if len(band.parts) > 1]
    if len(whole) != 1:
        return None
    lefts = [part[0].left for part in whole[0].parts]
    columns: list[list[Word]] = [[] for _ in lefts]
    for band in bands:
        for part in band.parts:
            place = next((n for n, left in enumerate(lefts) if abs(left - part[0].left) < SAME_PLACE), None)
            if place is None or not _goes_on_in(columns[place], part, lefts[place + 1 : place + 2]):
                return None
            columns[place].extend(part)
    return columns


def _goes_on_in(column: Sequence[Word], part: Sequence[Word], following: Sequence[float]) -> bool:
    """Whether words set in the same letters go on below others in a column, which ends where the following begins."""
    if any(part[-1].right > left - 2 for left in following):
        return False
    if not column:
        return True
    before, here = column[-1], part[0]
    alike = before.strong == here.strong and before.size == here.size
    return alike and not before.text.endswith((":", ".", "?", ";")) and not any(w.text.endswith(":") for w in part[:-1])
