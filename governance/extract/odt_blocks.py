"""An OpenDocument text (.odt) as blocks: headings, numbers as LibreOffice prints them, tables, text boxes.

read_odt(data)
  package within its limits (packages); no passwords, macros or entities
  styles and lists (odt_styles)
  the body, block by block; contents pages, comments and tracked deletions are left out
  running heads and feet, as lines only
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from xml.etree import ElementTree

from governance.extract.blocks import Block, Content
from governance.extract.odt_runs import Runs
from governance.extract.odt_styles import (
    DRAW,
    OFFICE,
    OUTLINE,
    STYLE,
    TABLE,
    TEXT,
    XLINK,
    Look,
    lists_of,
    looks_of,
    start_of,
    whole,
)
from governance.extract.packages import Package, Wording, parsed, refuse_unsafe_xml, xml_parts
from governance.extract.paragraphs import (
    DEEPEST,
    WIDEST_TABLE,
    Label,
    as_table,
    counted,
    finished,
    in_cell,
    plain_number,
    set_as,
    too_deep,
)
from governance.extract.unreadable import UnreadableDocument

_SAVE_AGAIN = "Open it in LibreOffice, save it again as .odt, and upload that copy."
WORDS = Wording(
    "OpenDocument file",
    _SAVE_AGAIN,
    "That OpenDocument file is password-protected. Open it in LibreOffice, choose Save As, untick “Save with password”, "
    "and upload that copy.",
)
ODT_MACROS = (
    "Files with macros are not accepted. In LibreOffice choose Save As, pick the type .docx, and upload that copy, or take "
    "the macros out (Tools, Macros) and save as .odt."
)
NOT_ODT = f"That file is not an OpenDocument text: its contents do not match the ending .odt. {_SAVE_AGAIN}"

_MANIFEST, _CONTENT, _STYLES = "META-INF/manifest.xml", "content.xml", "styles.xml"
_SKIPPED = {
    *(f"{TEXT}{name}-index" for name in ("alphabetical", "illustration", "table", "object", "user")),
    *(f"{TEXT}{name}" for name in ("table-of-content", "tracked-changes", "sequence-decls")),
    *(f"{OFFICE}{name}" for name in ("forms", "annotation")),
}
_FURTHER_LINES = 100


def read_odt(data: bytes) -> Content:
    """What an OpenDocument text says.

    Raises:
        UnreadableDocument: when it is damaged, unsafe, locked, holds macros, is no text, or is nested beyond reason.
    """
    package = xml_parts(data, WORDS)
    _refuse_unsafe(package)
    content = parsed(package.parts[_CONTENT], WORDS)
    styles = parsed(package.parts[_STYLES], WORDS) if _STYLES in package.parts else ElementTree.Element("none")
    body = content.find(f"{OFFICE}body/{OFFICE}text")
    if body is None:
        raise UnreadableDocument(NOT_ODT)
    reader = _Reader([styles, content])
    return finished(
        reader.blocks_of(body, _Place()),
        heads=reader.running(styles, "header"),
        feet=reader.running(styles, "footer"),
        warnings=_warnings([styles, content]),
    )


def _refuse_unsafe(package: Package) -> None:
    if b"encryption-data" in package.parts.get(_MANIFEST, b""):
        raise UnreadableDocument(WORDS.locked)
    if _CONTENT not in package.parts:
        raise UnreadableDocument(NOT_ODT)
    if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in package.names):
        raise UnreadableDocument(ODT_MACROS)
    refuse_unsafe_xml(package.parts, WORDS)


def _warnings(roots: list[ElementTree.Element]) -> list[str]:
    links = (one.get(f"{XLINK}href", "") for root in roots for one in root.iter(f"{DRAW}image"))
    outside = sum(bool(re.match(r"(?i)[a-z]{2,12}:|//|\\\\|\.\./", link)) for link in links)
    if not outside:
        return []
    things = "a picture" if outside == 1 else f"{outside} pictures"
    return [f"It fetches {things} from outside the file; what they hold is not stored."]


@dataclass(frozen=True)
class _Place:
    """Where an element stands: how deep in the document, and in which list; `label` waits for an item's first words."""

    depth: int = 0
    list_style: str = ""
    list_key: int = 0
    list_depth: int = 0
    labelled: bool = False
    start: int | None = None
    printed: str | None = None

    def within(self) -> _Place:
        """One element further in."""
        if self.depth >= DEEPEST:
            raise UnreadableDocument(too_deep(WORDS.called))
        return replace(self, depth=self.depth + 1)


class _Reader:
    def __init__(self, roots: list[ElementTree.Element]) -> None:
        self.looks = looks_of(roots)
        self.lists = lists_of(roots)
        self.headings = self.lists.key_of(OUTLINE)
        self.runs = Runs(self.looks, too_deep(WORDS.called))

    def blocks_of(self, element: ElementTree.Element, place: _Place) -> Iterator[Block]:
        """The blocks below an element, in order."""
        place = place.within()
        for child in element:
            if child.tag in _SKIPPED or child.get(f"{TEXT}display") == "none":
                continue
            if child.tag in (f"{TEXT}p", f"{TEXT}h"):
                yield from self._paragraph(child, place)
                place = replace(place, labelled=False)
            elif child.tag == f"{TEXT}list":
                yield from self._list(child, place)
                place = replace(place, labelled=False)
            elif child.tag == f"{TABLE}table":
                yield from self._table(child, place)
            else:
                yield from self.blocks_of(child, place)

    def running(self, styles: ElementTree.Element, name: str) -> Iterator[Block]:
        """The blocks of all running heads or feet."""
        for page in styles.iter(f"{STYLE}master-page"):
            for one in page:
                if one.tag.startswith(f"{STYLE}{name}"):
                    yield from self.blocks_of(one, _Place())

    def _list(self, element: ElementTree.Element, place: _Place) -> Iterator[Block]:
        style = element.get(f"{TEXT}style-name") or place.list_style
        key = place.list_key or self.lists.opened(element, style)
        inside = replace(place.within(), list_style=style, list_key=key, list_depth=place.list_depth + 1)
        for child in element:
            printed = child.find(f"{TEXT}number")
            item = replace(
                inside,
                labelled=child.tag == f"{TEXT}list-item",
                start=start_of(child),
                printed=plain_number(printed.text or "") if printed is not None else None,
            )
            yield from self.blocks_of(child, item)

    def _paragraph(self, element: ElementTree.Element, place: _Place) -> Iterator[Block]:
        look = self.looks.get(("paragraph", element.get(f"{TEXT}style-name", "")))
        found = self.runs.read(element, look)
        is_heading = element.tag == f"{TEXT}h"
        level = whole(element.get(f"{TEXT}outline-level"), 1) if is_heading else None
        if look and look.is_title and not is_heading:
            level = 0
        if any(one.text.strip() for one in found.segments):
            label = self._label(element, place, look or Look())
            yield from set_as(found.segments, heading=level, label=label, size=found.largest)
        for box in found.boxes:
            yield from self.blocks_of(box, _Place(place.depth))

    def _label(self, element: ElementTree.Element, place: _Place, look: Look) -> Label | None:
        if place.labelled:
            style = place.list_style or look.list_style or ""
            number = self.lists.next(place.list_key, style, place.list_depth, place.start)
            return Label(place.printed or number, place.list_depth, place.list_key)
        unlisted = look.list_style == "" or element.get(f"{TEXT}is-list-header") == "true" or place.list_key
        if element.tag == f"{TEXT}h" and not unlisted:
            depth = whole(element.get(f"{TEXT}outline-level"), 1)
            number = self.lists.next(self.headings, OUTLINE, depth, start_of(element))
            return Label(number, depth, self.headings)
        return None

    def _table(self, element: ElementTree.Element, place: _Place) -> Iterator[Block]:
        rows: list[list[str]] = []
        alone: list[Block] = []
        is_narrow = True
        for row in _rows(element):
            cells, blocks = self._cells(row, place)
            is_narrow = is_narrow and len(cells) <= 1
            alone.extend(blocks)
            rows.extend([cells] * min(_repeated(row, "rows"), _FURTHER_LINES if any(cells) else 1))
        yield from alone if is_narrow else as_table(rows)

    def _cells(self, row: ElementTree.Element, place: _Place) -> tuple[list[str], list[Block]]:
        cells: list[str] = []
        found: list[Block] = []
        for cell in row:
            if cell.tag in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
                blocks = list(counted(self.blocks_of(cell, _Place(place.depth))))
                found.extend(blocks)
                cells.extend([in_cell(blocks)] * min(_repeated(cell, "columns"), WIDEST_TABLE))
        return cells, found


def _rows(table: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """A table's rows, those of its heads and groups too; a table within a cell keeps its own."""
    groups = (f"{TABLE}table-header-rows", f"{TABLE}table-rows", f"{TABLE}table-row-group")
    for one in table:
        if one.tag == f"{TABLE}table-row":
            yield one
        elif one.tag in groups:
            yield from chain.from_iterable(
                [inner] if inner.tag == f"{TABLE}table-row" else inner.findall(f"{TABLE}table-row") for inner in one
            )


def _repeated(element: ElementTree.Element, what: str) -> int:
    return max(whole(element.get(f"{TABLE}number-{what}-repeated"), 1), 1)
