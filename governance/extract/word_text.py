"""The text of a Word file, line by line, from its XML parts.

Tracked insertions are read and deletions are not, as a reader of the finished text would. Numbers that Word counts by
itself are not in the text; reading by clause needs them, finding dates and titles does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

from governance.extract.unreadable import UnreadableDocument
from governance.extract.word_packages import DAMAGED

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = {_FALLBACK, f"{_W}del", f"{_W}instrText", f"{_W}delText", f"{_W}pPr", f"{_W}rPr"}
_SIGNS = {f"{_W}tab": "\t", f"{_W}ptab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_DEEPEST = 200


def lines_of(parts: Mapping[str, bytes]) -> list[str]:
    """First the headers, then the body, then the footers; a table row is one line with tabs between cells.

    Raises:
        UnreadableDocument: when a part is no well-formed XML, or is nested beyond reason.
    """
    names = [name for name in sorted(parts) if re.fullmatch(r"word/header\d*\.xml", name)]
    names += ["word/document.xml"]
    names += [name for name in sorted(parts) if re.fullmatch(r"word/footer\d*\.xml", name)]
    lines: list[str] = []
    for name in names:
        try:
            root = ElementTree.fromstring(parts[name])  # noqa: S314 - document types were refused before
        except (ElementTree.ParseError, LookupError, ValueError) as problem:
            raise UnreadableDocument(DAMAGED) from problem
        lines.extend(_block_lines(root, 0))
    return lines


def _block_lines(element: ElementTree.Element, depth: int) -> Iterator[str]:
    """Lines of the paragraphs and tables below an element, in order; text boxes and content controls included."""
    if depth > _DEEPEST:
        raise UnreadableDocument(DAMAGED)
    for child in element:
        if child.tag == f"{_W}p":
            yield from _paragraph_lines(child, depth)
        elif child.tag == f"{_W}tr":
            found = [*child.findall(f"{_W}tc"), *child.findall(f"{_W}sdt/{_W}sdtContent/{_W}tc")]
            cells = (" ".join(_block_lines(cell, depth + 1)).strip() for cell in found)
            yield "\t".join(cells)
        elif child.tag not in _SKIPPED:
            yield from _block_lines(child, depth + 1)


def _paragraph_lines(paragraph: ElementTree.Element, depth: int) -> Iterator[str]:
    text: list[str] = []
    boxes: list[ElementTree.Element] = []
    _collect(paragraph, text, boxes, depth)
    bullet = "- " if paragraph.find(f"{_W}pPr/{_W}numPr") is not None else ""
    for line in "".join(text).split("\n"):
        yield bullet + line if line.strip() else line
    for box in boxes:
        yield from _block_lines(box, depth + 1)


def _collect(element: ElementTree.Element, text: list[str], boxes: list[ElementTree.Element], depth: int) -> None:
    if depth > _DEEPEST:
        raise UnreadableDocument(DAMAGED)
    for child in element:
        if child.tag == f"{_W}t":
            text.append(child.text or "")
        elif child.tag in _SIGNS:
            text.append(_SIGNS[child.tag])
        elif child.tag == f"{_W}txbxContent":
            boxes.append(child)
        elif child.tag not in _SKIPPED:
            _collect(child, text, boxes, depth + 1)
