"""The tables and lists of a web page while they are open: cells that span rows and columns, items that are counted."""

from __future__ import annotations

from dataclasses import dataclass, field

from governance.extract.blocks import Block
from governance.extract.html_marks import Attributes, figures_of, whole
from governance.extract.paragraphs import WIDEST_TABLE, as_table, counted, in_cell
from governance.extract.word_numbering import in_figures

_LONGEST_SPAN = 1_000


@dataclass
class Table:
    """Rows of words, and the blocks of the cell that is open; `outer` is where blocks went before the table began."""

    outer: list[Block]
    rows: list[list[str]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    found: list[Block] = field(default_factory=list)
    spans: dict[int, int] = field(default_factory=dict)
    across: tuple[int, int] = (1, 1)
    is_open: bool = False

    def begin_row(self) -> None:
        """A row begins."""
        self.end_cell()
        self.rows.append([])

    def begin_cell(self, attributes: Attributes) -> None:
        """A cell begins, in a row of its own where the page forgot to begin one."""
        self.end_cell()
        self.outer.extend(self.blocks)
        self.blocks.clear()
        if not self.rows:
            self.rows.append([])
        columns, rows = whole(attributes.get("colspan"), 1), whole(attributes.get("rowspan"), 1)
        self.across = (min(max(columns, 1), WIDEST_TABLE), min(max(rows, 1), _LONGEST_SPAN))
        self.is_open = True

    def end_cell(self) -> None:
        """The blocks so far are a cell; what stands outside of cells, as a caption does, comes before the table."""
        if not self.is_open:
            return
        row = self.rows[-1]
        self._fill(row)
        columns, rows = self.across
        for position in range(columns):
            if rows > 1:
                self.spans[len(row)] = rows - 1
            row.append("" if position else in_cell(counted(self.blocks)))
        self.found.extend(self.blocks)
        self.blocks.clear()
        self.is_open = False

    def _fill(self, row: list[str]) -> None:
        """Empty cells below those that reach down from the rows above."""
        while self.spans.get(len(row), 0) > 0 and len(row) < WIDEST_TABLE:
            self.spans[len(row)] -= 1
            row.append("")

    def ended(self) -> list[Block]:
        """The table; one of a single column is a box around its paragraphs."""
        self.end_cell()
        loose, self.blocks = self.blocks, []
        is_narrow = all(len(row) <= 1 for row in self.rows)
        return [*loose, *(self.found if is_narrow else as_table(self.rows))]


@dataclass
class OpenList:
    """A list that is open: how it counts and how far it has."""

    list_id: int
    figures: str
    next: int

    def number(self, attributes: Attributes) -> str | None:
        """The number of the next item; None for a bullet."""
        self.next = whole(attributes.get("value"), self.next)
        number = in_figures(self.next, self.figures) if self.figures else None
        self.next += 1
        return number


def begun(tag: str, attributes: Attributes, list_id: int) -> OpenList:
    """A list at its first tag."""
    return OpenList(list_id, figures_of(tag, attributes), whole(attributes.get("start"), 1))
