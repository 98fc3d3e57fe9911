"""The order in which a page's lines are read: columns of running text one after the other, all else from the top.

House rule: two columns are columns of text when lines begin at one place to the right of a gap that nothing crosses, and
the lines to the left of it mostly reach it. Labels with values beside them do not, and stay on one line.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from governance.extract.pdf_characters import Word
from governance.extract.pdf_lines import Line, lines_of, parts_of

_FEWEST_LINES = 4
_SAME_PLACE = 2.5
_GAP = 0.9
_FULL = 0.6
_FEWEST_WORDS = 3.0
_DEEPEST = 6
_MOST_PLACES = 12


def in_order(lines: Sequence[Line], depth: int = 0) -> list[Line]:
    """Lines as they are read, those across a gap between columns cut in two."""
    ordered = sorted(lines, key=lambda line: (line.y, line.left))
    found = _columns(ordered) if depth < _DEEPEST and len(ordered) > _FEWEST_LINES else None
    if found is None:
        return ordered
    gap, first, last = found
    band = ordered[first : last + 1]
    left, right = _halves(band, gap)
    read = in_order(ordered[:first], depth + 1)
    for half in (left, right):
        read += _in_column(in_order(half, depth + 1))
    return read + in_order(ordered[last + 1 :], depth + 1)


def _in_column(lines: list[Line]) -> list[Line]:
    edges = (min(line.left for line in lines), max(line.right for line in lines))
    for line in lines:
        line.column = line.column or edges
    return lines


def _columns(lines: Sequence[Line]) -> tuple[float, int, int] | None:
    """A gap's right edge, and the first and last of the lines it parts."""
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    parts = [parts_of(line, _GAP) if line.words else [] for line in lines]
    for place in _starts(parts, left, right):
        crossed = [_crosses(line, part, place) for line, part in zip(lines, parts, strict=True)]
        for first, last in _runs(crossed):
            if _is_text_in_columns(parts[first : last + 1], place, left):
                return place, first, last
    return None


def _starts(parts: Sequence[list[list[Word]]], left: float, right: float) -> list[float]:
    """Places in the middle of the page where several parts of lines begin, those with most first."""
    starts = sorted(part[0].left for line in parts for part in line)
    wide = right - left
    inner = [start for start in starts if left + 0.2 * wide < start < left + 0.8 * wide]
    groups: list[list[float]] = []
    for start in inner:
        if groups and start - groups[-1][0] <= _SAME_PLACE:
            groups[-1].append(start)
        else:
            groups.append([start])
    often = sorted((group for group in groups if len(group) >= _FEWEST_LINES), key=len, reverse=True)
    return [group[0] for group in often[:_MOST_PLACES]]


def _crosses(line: Line, parts: Sequence[list[Word]], place: float) -> bool:
    if line.rows:
        return line.left < place - _SAME_PLACE < line.right
    return any(
        part[0].left < place - _SAME_PLACE and max(word.right for word in part) > place - _SAME_PLACE for part in parts
    )


def _runs(crossed: Sequence[bool]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for position, here in enumerate([*crossed, True]):
        if here and start is not None:
            runs.append((start, position - 1))
            start = None
        elif not here and start is None:
            start = position
    return runs


def _is_text_in_columns(parts: Sequence[list[list[Word]]], place: float, left: float) -> bool:
    flat = [part for line in parts for part in line]
    lefts = [part for part in flat if part[0].left < place - _SAME_PLACE]
    rights = [part for part in flat if part[0].left >= place - _SAME_PLACE]
    if len(lefts) < _FEWEST_LINES or len(rights) < _FEWEST_LINES:
        return False
    if min(sum(map(len, half)) / len(half) for half in (lefts, rights)) < _FEWEST_WORDS:
        return False
    reached = median(max(word.right for word in part) - part[0].left for part in lefts)
    far = max(max(word.right for word in part) for part in rights)
    reached_right = median(max(word.right for word in part) - part[0].left for part in rights)
    return reached > _FULL * (place - left) and reached_right > _FULL * (far - place)


def _halves(band: Sequence[Line], gap: float) -> tuple[list[Line], list[Line]]:
    left: list[Line] = [line for line in band if line.rows and line.left < gap - _SAME_PLACE]
    right: list[Line] = [line for line in band if line.rows and line.left >= gap - _SAME_PLACE]
    page = band[0].page
    words = [word for line in band for word in line.words]
    left += lines_of([word for word in words if word.left < gap - _SAME_PLACE], page)
    right += lines_of([word for word in words if word.left >= gap - _SAME_PLACE], page)
    return left, right
