"""A PDF's paragraphs to blocks: headings (pdf_headings), items by their marks and indents, tables, paragraphs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from governance.extract.blocks import Block
from governance.extract.clauses import Segment
from governance.extract.pdf_headings import Headings
from governance.extract.pdf_lines import Line, line_of, segments_of
from governance.extract.pdf_marks import follows
from governance.extract.pdf_paragraphs import ENDED, Paragraph, Setting
from governance.extract.segmentation import looks_like_heading

_SAME_LEFT = 3.0
_DEEPEST = 6
_FEWEST_HEADINGS = 2


def blocks_of(found: Sequence[Paragraph], setting: Setting) -> list[Block]:
    """Paragraphs as blocks, in order."""
    headings = Headings(found, setting)
    lists = _Lists()
    blocks: list[Block] = []
    for position, paragraph in enumerate(found):
        if paragraph.first.rows:
            _add_table(blocks, found, position)
        elif paragraph.first.entry:
            blocks.append(Block("paragraph", segments=(Segment(paragraph.first.entry),)))
        elif level := headings.level(position):
            lists.end()
            blocks.append(_heading(paragraph, level))
        else:
            blocks.append(_body(found, position, lists))
    # Where headings are set apart, a short line in the letters of the text is none.
    if len(headings.headings) >= _FEWEST_HEADINGS:
        for block in blocks:
            block.may_head = block.kind == "heading"
    return blocks


def _add_table(blocks: list[Block], found: Sequence[Paragraph], position: int) -> None:
    """A table, or more rows of one that began on the page before; its heads are not said twice."""
    line = found[position].first
    before = found[position - 1].first if position else None
    if before is not None and before.rows and before.page + 1 == line.page and _same_columns(before, line):
        _go_on(blocks[-1].rows, line.rows)
    else:
        blocks.append(Block("table", rows=list(line.rows)))


def _go_on(rows: list[tuple[str, ...]], more: Sequence[tuple[str, ...]]) -> None:
    """More rows of a table, without the heads that it repeats; a row that the page's end broke is whole again."""
    heads = 0
    while heads < min(len(rows), len(more)) and rows[heads] == more[heads]:
        heads += 1
    rest = list(more[heads:])
    if rest and _is_broken(rows, rest[0]):
        rows[-1] = tuple(_put_together(*cells) for cells in zip(rows[-1], rest.pop(0), strict=True))
    rows.extend(rest)


def _is_broken(rows: Sequence[tuple[str, ...]], row: tuple[str, ...]) -> bool:
    """Whether a row at a page's head is the rest of the last: its label is not said again, or is itself broken off.

    A table whose labels stand beside several rows may go on with a row of its own, unless that begins amid a sentence.
    """
    if row[0]:
        return row[0][0].islower() and rows[-1][0][:1].isupper() and not ENDED.search(rows[-1][0])
    amid = any(cell[:1].islower() and before for before, cell in zip(rows[-1], row, strict=True))
    return amid or not any(not earlier[0] for earlier in rows[1:])


def _put_together(before: str, rest: str) -> str:
    goes_on = rest[:1].islower() or not ENDED.search(before)
    return (f"{before} {rest}" if goes_on and not rest.startswith("•") else f"{before}\n{rest}").strip()


def _same_columns(one: Line, other: Line) -> bool:
    same = len(one.rows[0]) == len(other.rows[0])
    return same and abs(one.left - other.left) < _SAME_LEFT and abs(one.right - other.right) < 40


def _heading(paragraph: Paragraph, level: int) -> Block:
    mark = paragraph.mark
    if mark is not None and mark.is_figure:
        return Block("heading", level=level, number=mark.number, segments=_after_mark(paragraph))
    return Block("heading", level=level, segments=segments_of(paragraph.lines))


def _body(found: Sequence[Paragraph], position: int, lists: _Lists) -> Block:
    paragraph = found[position]
    mark = paragraph.mark
    if mark is None:
        lists.reach(paragraph.first.left)
        return Block("paragraph", segments=segments_of(paragraph.lines))
    segments = _after_mark(paragraph)
    if mark.is_figure and ("." in (mark.number or "") or _is_alone(found, position)):
        lists.end()
        return Block("paragraph", number=mark.number, segments=segments)
    level, list_id = lists.item(mark.left, mark.number is not None)
    return Block("item", 0, level, mark.number, list_id, segments)


def _is_alone(found: Sequence[Paragraph], position: int) -> bool:
    """A numbered heading in the letters of the text: no neighbour carries the number before or after."""
    here = found[position]
    if not looks_like_heading("".join(one.text for one in _after_mark(here)).strip()):
        return False
    numbers = [
        other.mark.number if other.mark and abs(other.mark.left - here.first.left) < _SAME_LEFT else None
        for other in (*found[max(position - 1, 0) : position], *found[position + 1 : position + 2])
    ]
    own = here.mark.number if here.mark else None
    return not any(follows(number, own) or follows(own, number) for number in numbers)


def _after_mark(paragraph: Paragraph) -> tuple[Segment, ...]:
    """A paragraph's words without its number or bullet."""
    mark = paragraph.mark
    if mark is None:
        return segments_of(paragraph.lines)
    words = paragraph.first.words[mark.words :]
    if mark.letters:
        words = [words[0]._replace(text=words[0].text[mark.letters :]), *words[1:]]
    first = replace(line_of(words, paragraph.first.page), words=words)
    segments = segments_of([first, *paragraph.lines[1:]])
    return tuple(replace(one, text=one.text.lstrip()) if place == 0 else one for place, one in enumerate(segments))


class _Lists:
    """Which list an item belongs to, and how deep, by where its mark stands."""

    def __init__(self) -> None:
        self.open: list[tuple[float, bool, int]] = []
        self.last_list = 0

    def end(self) -> None:
        self.open.clear()

    def reach(self, left: float) -> None:
        """A paragraph that is not further in than an item ends its list."""
        while self.open and left <= self.open[-1][0] + _SAME_LEFT:
            self.open.pop()

    def item(self, left: float, numbered: bool) -> tuple[int, int]:
        """Level from 1, and the list's number."""
        while self.open and left < self.open[-1][0] - _SAME_LEFT:
            self.open.pop()
        inside = self.open[-1] if self.open else None
        if inside is not None and abs(inside[0] - left) <= _SAME_LEFT and inside[1] == numbered:
            return len(self.open), inside[2]
        if inside is not None and abs(inside[0] - left) <= _SAME_LEFT:
            self.open.pop()
        if len(self.open) >= _DEEPEST:
            self.open.pop()
        self.last_list += 1
        self.open.append((left, numbered, self.last_list))
        return len(self.open), self.last_list
