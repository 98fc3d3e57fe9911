"""A Word file as blocks: headings by their styles, numbers as Word prints them, tables, text boxes, lists.

read_word(parts)
  styles (word_styles) and lists (word_numbering)
  the body, block by block; a contents page is left out
  running heads and feet, each line once, as lines only
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

from governance.extract.blocks import Block, Content
from governance.extract.paragraphs import Label, as_table, finished, in_cell, set_as
from governance.extract.plain_text import MAX_CHARACTERS
from governance.extract.unreadable import UnreadableDocument
from governance.extract.word_numbering import BULLET, Numbering, numbering_from
from governance.extract.word_packages import DAMAGED, warnings_of
from governance.extract.word_runs import DEEPEST, Paragraph, Runs
from governance.extract.word_styles import DEFAULT, Style, W, numbering_of, styles_of, value

_GALLERY = f"{W}docPartGallery"
_SKIPPED = {f"{W}sectPr", f"{W}tblPr", f"{W}tblGrid", f"{W}sdtPr", f"{W}del", f"{W}moveFrom"}


def read_word(parts: Mapping[str, bytes]) -> Content:
    """What a Word file says, from its XML parts.

    Raises:
        UnreadableDocument: when a part is no well-formed XML, is nested beyond reason, or holds too much text.
    """
    reader = _Reader(parts)
    blocks = reader.blocks_of(_parsed(parts, "word/document.xml"), 0)
    heads, feet = (reader.running(parts, name) for name in ("header", "footer"))
    return finished(blocks, heads=heads, feet=feet, warnings=warnings_of(parts))


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

    def running(self, parts: Mapping[str, bytes], name: str) -> Iterator[Block]:
        """The blocks of the running heads or feet."""
        for part in sorted(parts):
            if re.fullmatch(rf"word/{name}\d*\.xml", part):
                yield from self.blocks_of(_parsed(parts, part), 0)

    def _paragraph(self, element: ElementTree.Element, depth: int) -> Iterator[Block]:
        properties = element.find(f"{W}pPr")
        style_id = value(properties, "pStyle") or ""
        style = self.styles.get(style_id) or self.styles[DEFAULT]
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
        outline = value(properties, "outlineLvl") or ""
        level = int(outline) + 1 if outline.isdigit() and int(outline) < 9 else style.level
        label = None if number is None else Label(_plain(number), depth + 1, list_id)
        size = (read.largest or style.size or 0) / 2
        yield from set_as(read.segments, heading=level, label=label, size=size)

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
        else:
            yield from as_table([cell for cell, _ in row] for row in rows)

    def _cells(self, row: ElementTree.Element, depth: int) -> Iterator[tuple[str, list[Block]]]:
        cells = [*row.findall(f"{W}tc"), *row.findall(f"{W}sdt/{W}sdtContent/{W}tc")]
        for cell in cells:
            merged = cell.find(f"{W}tcPr/{W}vMerge")
            blocks = list(self.blocks_of(cell, depth))
            if merged is not None and merged.get(f"{W}val") != "restart":
                blocks = []
            yield in_cell(blocks), blocks


def _rows(table: ElementTree.Element) -> list[ElementTree.Element]:
    return [*table.findall(f"{W}tr"), *table.findall(f"{W}sdt/{W}sdtContent/{W}tr"), *table.findall(f"{W}ins/{W}tr")]


def _plain(number: str | None) -> str | None:
    return None if number is None or number == BULLET else number.rstrip(".:") or None


def _links(parts: Mapping[str, bytes]) -> dict[str, str]:
    if "word/_rels/document.xml.rels" not in parts:
        return {}
    relations = _parsed(parts, "word/_rels/document.xml.rels")
    return {one.get("Id", ""): one.get("Target", "") for one in relations if one.get("TargetMode") == "External"}
