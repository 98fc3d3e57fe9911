"""The words of one paragraph of a Word file: its runs, links and fields, tracked insertions kept and deletions not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

from governance.extract.clauses import Segment
from governance.extract.unreadable import UnreadableDocument
from governance.extract.word_packages import DAMAGED
from governance.extract.word_styles import Style, W, is_on, value, with_runs

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = {_FALLBACK, *(f"{W}{name}" for name in ("del", "moveFrom", "delText", "pPr", "rPr", "softHyphen"))}
_SIGNS = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}sym": "•"}
_FIELD = {f"{W}fldChar", f"{W}instrText"}
_LINK = re.compile(r"\s*HYPERLINK\s+\"?([^\s\"]+)")
DEEPEST = 200


@dataclass
class Paragraph:
    """What a paragraph holds: its words as they are set, the text boxes anchored in it, its largest letters."""

    segments: list[Segment] = field(default_factory=list)
    boxes: list[ElementTree.Element] = field(default_factory=list)
    largest: int = 0

    @property
    def text(self) -> str:
        """The words with their tabs and line breaks."""
        return "".join(one.text for one in self.segments)


@dataclass
class Runs:
    """Reads paragraphs one after another; a field, such as a contents page, may begin in one and end in a later one."""

    styles: Mapping[str, Style]
    links: Mapping[str, str]
    open_fields: list[list[str]] = field(default_factory=list)

    def read(self, element: ElementTree.Element, style: Style) -> Paragraph:
        """A paragraph's words. `style` is that of the paragraph."""
        found = Paragraph()
        self._walk(element, style, None, found, 0)
        return found

    @property
    def in_contents(self) -> bool:
        """Inside a contents page that Word keeps up by itself."""
        return any(one[0].split()[:1] == ["TOC"] for one in self.open_fields)

    def _walk(self, element: ElementTree.Element, style: Style, href: str | None, found: Paragraph, depth: int) -> None:
        if depth > DEEPEST:
            raise UnreadableDocument(DAMAGED)
        for child in element:
            if child.tag == f"{W}r":
                self._run(child, style, href, found, depth)
            elif child.tag == f"{W}hyperlink":
                to = self.links.get(child.get(f"{_R}id", ""), None)
                self._walk(child, style, to or href, found, depth + 1)
            elif child.tag == f"{W}fldSimple":
                link = _LINK.match(child.get(f"{W}instr", ""))
                self._walk(child, style, link[1] if link else href, found, depth + 1)
            elif child.tag == f"{W}txbxContent":
                found.boxes.append(child)
            elif child.tag not in _SKIPPED:
                self._walk(child, style, href, found, depth + 1)

    def _run(self, run: ElementTree.Element, style: Style, href: str | None, found: Paragraph, depth: int) -> None:
        properties = run.find(f"{W}rPr")
        if is_on(properties, "vanish", False):
            return
        name = value(properties, "rStyle")
        named = self.styles.get(name) if name else None
        if named is not None:
            style = Style(
                style.name, bold=style.bold or named.bold, italic=style.italic or named.italic, size=style.size
            )
        style = with_runs(style, properties)
        for words in self._words(run, found, depth):
            found.segments.append(Segment(words, style.bold, style.italic, self._field_link() or href))
            if words.strip():
                found.largest = max(found.largest, style.size or 0)

    def _words(self, element: ElementTree.Element, found: Paragraph, depth: int) -> Iterator[str]:
        if depth > DEEPEST:
            raise UnreadableDocument(DAMAGED)
        for child in element:
            if child.tag == f"{W}t":
                yield child.text or ""
            elif child.tag in _SIGNS:
                yield "" if child.get(f"{W}type") in ("page", "column") else _SIGNS[child.tag]
            elif child.tag == f"{W}txbxContent":
                found.boxes.append(child)
            elif child.tag in _FIELD:
                self._field(child)
            elif child.tag not in _SKIPPED:
                yield from self._words(child, found, depth + 1)

    def _field(self, part: ElementTree.Element) -> None:
        """A field's beginning, what it is to show, or its end."""
        kind = part.get(f"{W}fldCharType")
        if kind == "begin" and len(self.open_fields) < DEEPEST:
            self.open_fields.append([""])
        elif kind == "end" and self.open_fields:
            self.open_fields.pop()
        elif kind is None and self.open_fields:
            self.open_fields[-1][0] += part.text or ""

    def _field_link(self) -> str | None:
        for one in reversed(self.open_fields):
            link = _LINK.match(one[0])
            if link:
                return link[1]
        return None
