"""What a Word file's styles say of its paragraphs: which are headings, which are numbered, which are bold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from xml.etree import ElementTree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"(?i)heading\s*([1-9])")
_CONTENTS = re.compile(r"(?i)toc(?:\s*\d|\s*heading)")
_LONGEST_CHAIN = 12
_OFF = ("0", "false", "off", "none")
# Half points, where a file does not say: the standard's own.
_USUAL_SIZE = 20
DEFAULT = ""


@dataclass(frozen=True)
class Style:
    """A paragraph or character style, with what it inherits. `size` is in half points; `level` is 0 for the title, 1 to 9
    for a heading, None for ordinary text. `list_id` and `depth` are its numbering; a `list_id` of "0" is none.
    """

    name: str = ""
    level: int | None = None
    list_id: str | None = None
    depth: int | None = None
    bold: bool = False
    italic: bool = False
    size: int | None = None

    @property
    def is_contents(self) -> bool:
        """The style of a line of a contents page."""
        return bool(_CONTENTS.match(self.name))


def styles_of(part: ElementTree.Element | None) -> dict[str, Style]:
    """The styles of `word/styles.xml` by identifier; each has what it is based on folded in. DEFAULT is that of paragraphs
    which name none.
    """
    if part is None:
        return {DEFAULT: Style(size=_USUAL_SIZE)}
    plain = Style(size=size_of(part.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")) or _USUAL_SIZE)
    elements = {one.get(f"{W}styleId", ""): one for one in part.iter(f"{W}style")}
    styles = {name: _whole(name, elements, plain) for name in elements}
    usual = (name for name, one in elements.items() if _is_default(one))
    return styles | {DEFAULT: styles.get(next(usual, ""), plain)}


def _is_default(element: ElementTree.Element) -> bool:
    """The style of paragraphs that name none."""
    return element.get(f"{W}type") == "paragraph" and element.get(f"{W}default", "0") not in _OFF


def _whole(name: str, elements: Mapping[str, ElementTree.Element], style: Style) -> Style:
    chain: list[ElementTree.Element] = []
    while name in elements and len(chain) < _LONGEST_CHAIN:
        chain.append(elements[name])
        based_on = elements[name].find(f"{W}basedOn")
        name = based_on.get(f"{W}val", "") if based_on is not None else ""
    for element in reversed(chain):
        style = _with(style, element)
    return style


def _with(style: Style, element: ElementTree.Element) -> Style:
    name = value(element, "name") or ""
    properties, runs = element.find(f"{W}pPr"), element.find(f"{W}rPr")
    outline = value(properties, "outlineLvl")
    level = style.level if outline is None else _outline(outline)
    heading = _HEADING.fullmatch(name)
    if heading:
        level = int(heading[1])
    elif name.lower() == "title":
        level = 0
    list_id, depth = numbering_of(properties)
    return Style(
        name=name,
        level=level,
        list_id=list_id or style.list_id,
        depth=depth if depth is not None else style.depth,
        bold=is_on(runs, "b", style.bold),
        italic=is_on(runs, "i", style.italic),
        size=size_of(runs) or style.size,
    )


def _outline(text: str) -> int | None:
    return int(text) + 1 if text.isdigit() and int(text) < 9 else None


def numbering_of(properties: ElementTree.Element | None) -> tuple[str | None, int | None]:
    """The list and the depth, from 0, that paragraph properties name."""
    numbers = properties.find(f"{W}numPr") if properties is not None else None
    depth = value(numbers, "ilvl") or ""
    return value(numbers, "numId"), int(depth) if depth.isdigit() else None


def value(element: ElementTree.Element | None, name: str) -> str | None:
    """The `w:val` of a child element."""
    child = element.find(f"{W}{name}") if element is not None else None
    return child.get(f"{W}val") if child is not None else None


def is_on(properties: ElementTree.Element | None, name: str, inherited: bool) -> bool:
    """Whether a toggle such as bold is on."""
    child = properties.find(f"{W}{name}") if properties is not None else None
    return inherited if child is None else child.get(f"{W}val", "true") not in _OFF


def size_of(properties: ElementTree.Element | None) -> int | None:
    """A font size in half points."""
    text = value(properties, "sz") or ""
    return int(text) if text.isdigit() else None


def with_runs(style: Style, properties: ElementTree.Element | None) -> Style:
    """The style with the properties of one run."""
    if properties is None:
        return style
    return replace(
        style,
        bold=is_on(properties, "b", style.bold),
        italic=is_on(properties, "i", style.italic),
        size=size_of(properties) or style.size,
    )
