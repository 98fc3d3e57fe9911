"""Paragraphs and tables as rich text builds them up: words first, then a mark that ends the paragraph, cell or row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from governance.extract.blocks import Block
from governance.extract.clauses import Segment
from governance.extract.paragraphs import (
    Label,
    as_table,
    in_cell,
    joined,
    plain_number,
    refuse_too_long,
    set_as,
    storable,
)
from governance.extract.rtf_tokens import whole_characters

_HEADING = re.compile(r"(?i)heading\s*([1-9])\b")


@dataclass(frozen=True)
class Properties:
    """How a paragraph is set: its style, outline level from 0, list, depth from 0, and whether it stands in a table."""

    style: int = 0
    outline: int | None = None
    list_id: int = 0
    depth: int = 0
    in_table: bool = False


@dataclass
class Flow:
    """One run of paragraphs: the body, a running head, a footnote or a text box. `styles` are names by number."""

    styles: Mapping[int, str]
    blocks: list[Block] = field(default_factory=list)
    words: list[Segment] = field(default_factory=list)
    label: str = ""
    boxes: list[Block] = field(default_factory=list)
    cell: list[Block] = field(default_factory=list)
    row: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    in_rows: list[Block] = field(default_factory=list)
    is_narrow: bool = True
    characters: int = 0
    largest: int = 0
    loose_lists: int = 0
    list_ids: dict[int, int] = field(default_factory=dict)

    def say(self, words: Segment, size: int = 0) -> None:
        """Words of the paragraph that is being built up; their `size` is in half points."""
        self.characters += len(words.text)
        if words.text.strip():
            self.largest = max(self.largest, size)
        refuse_too_long(self.characters)
        self.words.append(words)

    def end_paragraph(self, properties: Properties) -> None:
        """The words so far are a paragraph."""
        heading, label = self._heading(properties), self._labelled(properties)
        blocks = [*set_as(self._segments(), heading=heading, label=label, size=self.largest / 2), *self.boxes]
        self.words, self.label, self.boxes, self.largest = [], "", [], 0
        if properties.in_table:
            self.cell.extend(blocks)
        else:
            self.end_table()
            self.blocks.extend(blocks)

    def end_cell(self, properties: Properties) -> None:
        """The paragraphs so far are a cell."""
        self.end_paragraph(replace(properties, in_table=True))
        self.row.append(in_cell(self.cell))
        self.in_rows.extend(self.cell)
        self.cell = []

    def end_row(self) -> None:
        """The cells so far are a row."""
        self.is_narrow = self.is_narrow and len(self.row) <= 1
        self.rows.append(self.row)
        self.row = []

    def end_table(self) -> None:
        """The rows so far are a table; one of a single column is a box around its paragraphs."""
        if self.cell:
            self.end_cell(Properties())
        if self.row:
            self.end_row()
        self.blocks.extend(self.in_rows if self.is_narrow else as_table(self.rows))
        self.rows, self.in_rows, self.is_narrow = [], [], True

    def ended(self, properties: Properties) -> list[Block]:
        """All blocks, when nothing more is to come."""
        self.end_paragraph(properties)
        self.end_table()
        return self.blocks

    def _segments(self) -> list[Segment]:
        """The words, joined before half characters are: each half is a token of its own."""
        return [replace(one, text=readable(one.text)) for one in joined(self.words)]

    def _heading(self, properties: Properties) -> int | None:
        name = self.styles.get(properties.style, "")
        if properties.outline is not None and 0 <= properties.outline < 9:
            return properties.outline + 1
        match = _HEADING.match(name)
        return int(match[1]) if match else 0 if name.lower() == "title" else None

    def _labelled(self, properties: Properties) -> Label | None:
        label = readable(self.label).strip()
        if not label and properties.list_id <= 0:
            self.loose_lists += bool(self.words)
            return None
        # Older programs name no list: labels that follow one another are one.
        key = properties.list_id if properties.list_id > 0 else -self.loose_lists
        list_id = self.list_ids.setdefault(key, len(self.list_ids) + 1)
        return Label(plain_number(label), min(max(properties.depth, 0), 8) + 1, list_id)


def readable(text: str) -> str:
    """Words as they may be stored."""
    return storable(whole_characters(text))
