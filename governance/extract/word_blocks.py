"""A Word file as blocks: headings by their styles, numbers as Word prints them, tables, text boxes, lists.

read_word(parts)
  styles (word_styles) and lists (word_numbering)
  the body, block by block; a contents page is left out
  running heads and feet, each line once, as lines only
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from xml.etree import ElementTree

from governance.extract.blocks import Block, Content, set_out, tidied
from governance.extract.clauses import Segment
from governance.extract.plain_text import MAX_CHARACTERS
from governance.extract.unreadable import UnreadableDocument
from governance.extract.word_numbering import BULLET, Numbering, numbering_from
from governance.extract.word_packages import DAMAGED, warnings_of
from governance.extract.word_runs import DEEPEST, Paragraph, Runs
from governance.extract.word_styles import Style, W, numbering_of, styles_of, value

_GALLERY = f"{W}docPartGallery"
_SKIPPED = {f"{W}sectPr", f"{W}tblPr", f"{W}tblGrid", f"{W}sdtPr", f"{W}del", f"{W}moveFrom"}
_PAGE_NUMBER = re.compile(r"(?i)(?:page\s*)?\d{1,3}(?:\s*(?:of|/)\s*\d{1,3})?")
_LONGEST_HEADING = 110
NO_TEXT = "It has no text that we could find."


def read_word(parts: Mapping[str, bytes]) -> Content:
    """What a Word file says, from its XML parts.

    Raises:
        UnreadableDocument: when a part is no well-formed XML, is nested beyond reason, or holds too much text.
    """
    reader = _Reader(parts)
    blocks = list(reader.blocks_of(_parsed(parts, "word/document.xml"), 0))
    _let_head(blocks, reader.sizes)
    _level(blocks)
    heads, feet = (list(reader.running(parts, name)) for name in ("header", "footer"))
    warnings = warnings_of(parts)
    if not any(block.rows or block.text.strip() for block in blocks):
        warnings.append(NO_TEXT)
    return set_out(blocks, above=heads, below=feet, warnings=warnings)


def _parsed(parts: Mapping[str, bytes], name: str) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(parts[name])  # noqa: S314 - document types were refused before
    except (ElementTree.ParseError, LookupError, ValueError) as problem:
        raise UnreadableDocument(DAMAGED) from problem


class _Reader:
    def __init__(self, parts: Mapping[str, bytes]) -> None:
        optional = {name: _parsed(parts, name) for name in ("word/styles.xml", "word/numbering.xml") if name in parts}
        self.styles = styles_of(optional.get("word/styles.xml"))
        self.numbering: Numbering = numbering_from(optional.get("word/numbering.xml"))
        self.runs = Runs(self.styles, _links(parts))
        self.lists: dict[str, int] = {}
        self.sizes: dict[int, int] = {}
        self.characters = 0

    def blocks_of(self, element: ElementTree.Element, depth: int) -> Iterator[Block]:
        """The blocks below an element, in order."""
        if depth > DEEPEST:
            raise UnreadableDocument(DAMAGED)
        for child in element:
            if child.tag == f"{W}p":
                yield from self._paragraph(child, depth)
            elif child.tag == f"{W}tbl":
                yield from self._table(child, depth)
            elif child.tag == f"{W}sdt" and any(
                one.get(f"{W}val") == "Table of Contents" for one in child.iter(_GALLERY)
            ):
                continue
            elif child.tag not in _SKIPPED:
                yield from self.blocks_of(child, depth + 1)

    def running(self, parts: Mapping[str, bytes], name: str) -> Iterator[str]:
        """The lines of the running heads or feet, each once and without page numbers."""
        seen: set[str] = set()
        for part in sorted(parts):
            if not re.fullmatch(rf"word/{name}\d*\.xml", part):
                continue
            blocks = list(self.blocks_of(_parsed(parts, part), 0))
            for line in set_out(
                [replace(block, kind="paragraph") if not block.rows else block for block in blocks]
            ).lines:
                if line not in seen and not _PAGE_NUMBER.fullmatch(line.strip("* ")):
                    seen.add(line)
                    yield line

    def _paragraph(self, element: ElementTree.Element, depth: int) -> Iterator[Block]:
        properties = element.find(f"{W}pPr")
        style_id = value(properties, "pStyle") or ""
        style = self.styles.get(style_id, Style())
        within = self.runs.in_contents
        read = self.runs.read(element, style)
        self.characters += len(read.text)
        if self.characters > MAX_CHARACTERS:
            raise UnreadableDocument(DAMAGED)
        if read.text.strip() and not (style.is_contents or within or self.runs.in_contents):
            yield from self._set(properties, style_id, style, read)
        for box in read.boxes:
            yield from self.blocks_of(box, depth + 1)

    def _set(
        self, properties: ElementTree.Element | None, style_id: str, style: Style, read: Paragraph
    ) -> Iterator[Block]:
        number, list_id, depth = self._number(properties, style_id, style)
        segments = tidied(read.segments)
        outline = value(properties, "outlineLvl") or ""
        level = int(outline) + 1 if outline.isdigit() and int(outline) < 9 else style.level
        if level is not None and len(read.text) <= 2 * _LONGEST_HEADING:
            yield Block("heading", level=min(level + 1, 6), number=_plain(number), segments=segments)
        elif number == BULLET:
            yield Block("item", level=depth + 1, list_id=list_id, segments=segments)
        elif number is not None and "." in number.rstrip("."):
            yield Block("paragraph", number=_plain(number), segments=segments)
        elif number is not None:
            yield Block("item", level=depth + 1, number=_plain(number), list_id=list_id, segments=segments)
        else:
            for block in _lines_apart(read):
                self.sizes[id(block)] = read.largest or style.size or 0
                yield block

    def _number(
        self, properties: ElementTree.Element | None, style_id: str, style: Style
    ) -> tuple[str | None, int, int]:
        own, own_depth = numbering_of(properties)
        list_id = own or style.list_id
        if list_id is None or list_id == "0":
            return None, 0, 0
        depth = self.numbering.depth_of(list_id, own_depth if own_depth is not None else style.depth, style_id)
        number = self.numbering.next(list_id, depth)
        return number, self.lists.setdefault(list_id, len(self.lists) + 1), depth

    def _table(self, element: ElementTree.Element, depth: int) -> Iterator[Block]:
        rows = [tuple(self._cells(row, depth + 1)) for row in _rows(element)]
        rows = [row for row in rows if any(cell for cell, _ in row)]
        if all(len(row) == 1 for row in rows):
            for ((_, blocks),) in rows:
                yield from blocks
            return
        widest = max(len(row) for row in rows)
        texts = [tuple(cell for cell, _ in row) for row in rows]
        yield Block("table", rows=[(*row, *[""] * (widest - len(row))) for row in texts])

    def _cells(self, row: ElementTree.Element, depth: int) -> Iterator[tuple[str, list[Block]]]:
        cells = [*row.findall(f"{W}tc"), *row.findall(f"{W}sdt/{W}sdtContent/{W}tc")]
        for cell in cells:
            merged = cell.find(f"{W}tcPr/{W}vMerge")
            blocks = list(self.blocks_of(cell, depth))
            if merged is not None and merged.get(f"{W}val") != "restart":
                blocks = []
            yield "\n".join(_cell_lines(blocks)), blocks


def _rows(table: ElementTree.Element) -> list[ElementTree.Element]:
    return [*table.findall(f"{W}tr"), *table.findall(f"{W}sdt/{W}sdtContent/{W}tr"), *table.findall(f"{W}ins/{W}tr")]


def _cell_lines(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if block.rows:
            yield from (" ".join(part for part in row if part).replace("\n", " ") for row in block.rows)
        else:
            mark = f"{block.number} " if block.number else "• " if block.kind == "item" else ""
            yield mark + " ".join(block.text.split())


def _lines_apart(read: Paragraph) -> Iterator[Block]:
    """An ordinary paragraph; a line that was broken by hand is a paragraph of its own, as on a cover."""
    for segments in _broken(read.segments):
        words = "".join(one.text for one in segments)
        tidy = tidied(segments)
        if words.strip():
            tabbed = (
                "\t".join(" ".join(part.split()) for part in words.strip().split("\t")) if "\t" in words.strip() else ""
            )
            yield Block("paragraph", segments=tidy, as_line=tabbed, may_head=False)


def _broken(segments: Iterable[Segment]) -> Iterator[list[Segment]]:
    line: list[Segment] = []
    for one in segments:
        first, *more = one.text.split("\n")
        line.append(replace(one, text=first))
        for part in more:
            yield line
            line = [replace(one, text=part)]
    yield line


def _let_head(blocks: list[Block], sizes: Mapping[int, int]) -> None:
    """Which ordinary paragraphs may be headings after all: those set bold, in capitals or larger than the rest; where
    nothing at all is set apart, any.
    """
    ordinary = [block for block in blocks if id(block) in sizes]
    usual = Counter(sizes[id(block)] for block in ordinary).most_common(1)[0][0] if ordinary else 0
    for block in ordinary:
        block.may_head = block.is_strong or 0 < usual < sizes[id(block)] or block.text.isupper()
    if not any(block.kind == "heading" or block.may_head for block in blocks if not block.rows):
        for block in ordinary:
            block.may_head = True


def _level(blocks: list[Block]) -> None:
    """The title at level 1: it is the first heading, and the only one so high."""
    headings = [block for block in blocks if block.kind == "heading"]
    top = min((block.level for block in headings), default=1)
    if top > 1 and headings[0].level == top and sum(block.level == top for block in headings) == 1:
        for block in headings:
            block.level = max(1, block.level - top + 1)


def _plain(number: str | None) -> str | None:
    return None if number is None or number == BULLET else number.rstrip(".:") or None


def _links(parts: Mapping[str, bytes]) -> dict[str, str]:
    if "word/_rels/document.xml.rels" not in parts:
        return {}
    relations = _parsed(parts, "word/_rels/document.xml.rels")
    return {one.get("Id", ""): one.get("Target", "") for one in relations if one.get("TargetMode") == "External"}
