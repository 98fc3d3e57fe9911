"""Ruled tables of a PDF's page: which rules make a grid, and which words stand in which of its cells.

ruled_tables(page)
  rules on one line joined
  rules that meet, and rules of one length below each other, as grids
  columns from upright rules, or else from the gaps that all rows share
  words to cells; a cell without a rule below or beside it is one with its neighbour
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from governance.extract.pdf_characters import Word
from governance.extract.pdf_lines import Line, lines_of, segments_of
from governance.extract.pdf_marks import mark_of
from governance.extract.pdf_pages import Page, Rule

_NEAR = 3.0
_SAME_EDGE = 4.5
_MOST_RULES = 500
_MOST_CELLS = 4_000
_LONGEST_CELL = 3_000
_COLUMN_GAP = 9.0
_TALLEST_ROW = 130.0


@dataclass(frozen=True)
class _Grid:
    xs: list[float]
    ys: list[float]
    across: list[Rule]
    down: list[Rule]

    @property
    def area(self) -> float:
        return (self.xs[-1] - self.xs[0]) * (self.ys[-1] - self.ys[0])

    def holds(self, word: Word) -> bool:
        x, y = _middle(word)
        return self.xs[0] - _NEAR < x < self.xs[-1] + _NEAR and self.ys[0] < y < self.ys[-1]


def ruled_tables(page: Page) -> list[Line]:
    """The tables of a page, each as a line with rows; their words are taken from the page."""
    rules = _joined(page.rules)
    if len(rules) > _MOST_RULES:
        return []
    tables = []
    for grid in sorted(_grids(rules), key=lambda grid: grid.area):
        words = [word for word in page.words if grid.holds(word)]
        rows = _rows(grid, words)
        if _is_table(rows):
            taken = set(map(id, words))
            page.words = [word for word in page.words if id(word) not in taken]
            size = words[0].size
            tables.append(Line([], grid.xs[0], grid.xs[-1], grid.ys[0] + size, size, page.number, rows=rows))
    return tables


def _middle(word: Word) -> tuple[float, float]:
    return (word.left + word.right) / 2, word.y - word.size * 0.3


def _joined(rules: Iterable[Rule]) -> list[Rule]:
    """Rules that lie on one line and touch, as one."""
    joined: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: (rule.across, round(rule.at / 1.5), rule.start)):
        last = joined[-1] if joined else None
        if last and last.across == rule.across and abs(last.at - rule.at) < 1.6 and rule.start <= last.end + _NEAR:
            joined[-1] = last._replace(end=max(last.end, rule.end))
        else:
            joined.append(rule)
    return joined


def _grids(rules: Sequence[Rule]) -> list[_Grid]:
    across = [rule for rule in rules if rule.across]
    down = [rule for rule in rules if not rule.across]
    group = list(range(len(rules)))
    places = {id(rule): place for place, rule in enumerate(rules)}
    for one in across:
        for other in down:
            if _meet(one, other):
                _unite(group, places[id(one)], places[id(other)])
    together: dict[int, list[Rule]] = defaultdict(list)
    for place, rule in enumerate(rules):
        together[_root(group, place)].append(rule)
    grids = [_grid(found) for found in together.values() if len(found) > 2]
    lone = [found[0] for found in together.values() if len(found) == 1 and found[0].across]
    return [grid for grid in [*grids, *map(_grid, _stacks(lone))] if grid is not None]


def _meet(across: Rule, down: Rule) -> bool:
    return across.start - _NEAR <= down.at <= across.end + _NEAR and down.start - _NEAR <= across.at <= down.end + _NEAR


def _root(group: list[int], place: int) -> int:
    while group[place] != place:
        group[place] = group[group[place]]
        place = group[place]
    return place


def _unite(group: list[int], one: int, other: int) -> None:
    group[_root(group, one)] = _root(group, other)


def _stacks(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Three or more rules of the same ends, below each other."""
    stacks: dict[tuple[int, int], list[Rule]] = defaultdict(list)
    for rule in rules:
        stacks[round(rule.start / 4), round(rule.end / 4)].append(rule)
    return [stack for stack in stacks.values() if len(stack) >= 3]


def _grid(rules: Sequence[Rule]) -> _Grid | None:
    across = [rule for rule in rules if rule.across]
    down = [rule for rule in rules if not rule.across]
    if not across:
        return None
    ends = [end for rule in across for end in (rule.start, rule.end)]
    xs = _clustered([*(rule.at for rule in down), min(ends), max(ends)])
    ys = _clustered([*(rule.at for rule in across), *_open_ends(down)])
    if len(xs) < 2 or len(ys) < 2 or len(xs) * len(ys) > _MOST_CELLS:
        return None
    return _Grid(xs, ys, across, down)


def _open_ends(down: Sequence[Rule]) -> list[float]:
    """How high and how low two upright rules reach: a row that a page's end breaks may have no rule across there."""
    highest = sorted(rule.start for rule in down)[:2]
    lowest = sorted((rule.end for rule in down), reverse=True)[:2]
    return [ends[0] for ends in (highest, lowest) if len(ends) == 2 and abs(ends[1] - ends[0]) < _SAME_EDGE]


def _clustered(values: Iterable[float]) -> list[float]:
    clustered: list[float] = []
    for value in sorted(values):
        if not clustered or value - clustered[-1] > _SAME_EDGE:
            clustered.append(value)
    return clustered


def _rows(grid: _Grid, words: Sequence[Word]) -> list[tuple[str, ...]]:
    xs = grid.xs if len(grid.xs) > 2 else _shared_gaps(grid, words)
    if len(xs) < 3 or (len(grid.ys) == 2 and len(lines_of(words)) > 3):
        return []
    cells: dict[tuple[int, int], list[Word]] = defaultdict(list)
    for word in words:
        x, y = _middle(word)
        cells[_home(grid, xs, _band(grid.ys, y), _band(xs, x))].append(word)
    rows = [
        tuple(_cell(cells.get((row, column), ()), xs[column], xs[column + 1]) for column in range(len(xs) - 1))
        for row in range(len(grid.ys) - 1)
    ]
    return _without_empty_columns([row for row in rows if any(row)])


def _cell(words: Sequence[Word], left: float, right: float) -> str:
    """A cell's text; its paragraphs are lines of it."""
    groups: list[list[Line]] = []
    for line in lines_of(words):
        if groups and not _begins(groups[-1][-1], line, left, right):
            groups[-1].append(line)
        else:
            groups.append([line])
    return "\n".join("".join(one.text for one in segments_of(group)).strip() for group in groups)


def _begins(last: Line, line: Line, left: float, right: float) -> bool:
    """A mark, a gap, or a first word that had room on the line before."""
    if mark_of(line) is not None or line.y - last.y > 1.6 * line.size:
        return True
    first = line.words[0]
    edge = right - max(last.left - left, 0)
    return not first.text[:1].islower() and last.right + 0.3 * line.size + first.right - first.left < edge


def _band(edges: Sequence[float], value: float) -> int:
    return next((place for place, edge in enumerate(edges[1:-1]) if value < edge), len(edges) - 2)


def _home(grid: _Grid, xs: Sequence[float], row: int, column: int) -> tuple[int, int]:
    """The upper left cell of those that are one with this cell."""
    x = (xs[column] + xs[column + 1]) / 2
    while row > 0 and not any(
        rule.start - 1 <= x <= rule.end + 1 and abs(rule.at - grid.ys[row]) < _SAME_EDGE for rule in grid.across
    ):
        row -= 1
    y = (grid.ys[row] + grid.ys[row + 1]) / 2
    while (
        grid.down
        and column > 0
        and not any(
            rule.start - 1 <= y <= rule.end + 1 and abs(rule.at - xs[column]) < _SAME_EDGE for rule in grid.down
        )
    ):
        column -= 1
    return row, column


def _shared_gaps(grid: _Grid, words: Sequence[Word]) -> list[float]:
    """Column edges where no word of any row stands, for tables ruled only across."""
    if len(grid.ys) < 3 or sorted(b - a for a, b in pairwise(grid.ys))[len(grid.ys) // 2 - 1] > _TALLEST_ROW:
        return []
    edges = [grid.xs[0]]
    reached = grid.xs[0]
    for word in sorted(words, key=lambda word: word.left):
        if word.left - reached > _COLUMN_GAP and reached > grid.xs[0]:
            edges.append(word.left - 1)
        reached = max(reached, word.right)
    return [*edges, grid.xs[-1]] if len(edges) < 12 else []


def _without_empty_columns(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    kept = [column for column in range(len(rows[0]) if rows else 0) if any(row[column] for row in rows)]
    return [tuple(row[column] for column in kept) for row in rows]


def _is_table(rows: list[tuple[str, ...]]) -> bool:
    if not rows or len(rows[0]) < 2 or any(len(cell) > _LONGEST_CELL for row in rows for cell in row):
        return False
    return any(sum(map(bool, row)) > 1 for row in rows)
