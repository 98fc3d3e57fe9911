"""What the tags and attributes of a web page mean: which break a paragraph, which hide words, which make them bold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu ol p pre section summary table tbody td tfoot th "
    "thead tr ul".split()
)
LISTS = frozenset("ul ol menu dir".split())
PARAGRAPHS = frozenset("p h1 h2 h3 h4 h5 h6".split())
CELLS = frozenset("table td th".split())
_SKIPPED = frozenset(
    "script style title nav template svg math iframe object applet audio video canvas map select option optgroup "
    "datalist button textarea noscript noframes noembed xml del rt rp".split()
)
_STRONG, _EM = frozenset(["b", "strong", "th"]), frozenset(["i", "em", "cite", "dfn"])
# An element of the key closes an open one of the values, as far up as the nearest of the boundary.
CLOSES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset(["li"]), LISTS | CELLS),
    "dt": (frozenset(["dt", "dd"]), frozenset(["dl", "table"])),
    "dd": (frozenset(["dt", "dd"]), frozenset(["dl", "table"])),
    "tr": (frozenset(["tr"]), frozenset(["table"])),
    "td": (frozenset(["td", "th"]), frozenset(["tr", "table"])),
    "th": (frozenset(["td", "th"]), frozenset(["tr", "table"])),
    **dict.fromkeys(("thead", "tbody", "tfoot"), (frozenset(["thead", "tbody", "tfoot"]), frozenset(["table"]))),
    "option": (frozenset(["option"]), frozenset(["select", "datalist"])),
}
# How far up a closing tag reaches; others stop at the cell that they stand in.
BOUNDARIES: dict[str, frozenset[str]] = {
    "li": LISTS | CELLS,
    **dict.fromkeys(("table", "body", "html"), frozenset[str]()),
    **dict.fromkeys(("td", "th", "tr", "thead", "tbody", "tfoot"), frozenset(["table"])),
}
_HIDDEN = re.compile(r"(?i)(?:^|;)\s*(?:display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden)")
_WEIGHT = re.compile(r"(?i)(?:^|;)\s*font-weight\s*:\s*(bold|bolder|[1-9]00|normal)")
_POSTURE = re.compile(r"(?i)(?:^|;)\s*font-style\s*:\s*(italic|oblique|normal)")
_COUNTING = re.compile(r"(?i)(?:^|;)\s*list-style(?:-type)?\s*:\s*([a-z-]+)")
_WORD_LIST = re.compile(r"(?i)(?:^|;)\s*mso-list\s*:\s*l(\d{1,4})\s+level(\d{1,2})")
_WORD_LABEL = re.compile(r"(?i)mso-list\s*:\s*ignore")
_FIGURES = {
    "1": "decimal",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "decimal": "decimal",
    "lower-alpha": "lowerLetter",
    "lower-latin": "lowerLetter",
    "upper-alpha": "upperLetter",
    "upper-latin": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
}

Attributes = Mapping[str, str]


@dataclass(frozen=True)
class Open:
    """An element that is open, with what it and those around it say of the words inside."""

    tag: str = ""
    skipped: bool = False
    strong: bool = False
    em: bool = False
    href: str | None = None
    label: bool = False
    preformatted: bool = False


def opened(outer: Open, tag: str, attributes: Attributes) -> Open:
    """An element inside another."""
    style = attributes.get("style", "")
    weight, posture = _WEIGHT.search(style), _POSTURE.search(style)
    strong = outer.strong or tag in _STRONG
    if weight:
        strong = weight[1].lower() in ("bold", "bolder", "600", "700", "800", "900")
    em = outer.em or tag in _EM
    if posture:
        em = posture[1].lower() != "normal"
    href = attributes.get("href", "").strip() if tag == "a" else outer.href
    return replace(
        outer,
        tag=tag,
        skipped=outer.skipped or _is_skipped(tag, attributes, style),
        strong=strong,
        em=em,
        href=href,
        label=outer.label or bool(_WORD_LABEL.search(style)),
        preformatted=outer.preformatted or tag == "pre",
    )


def _is_skipped(tag: str, attributes: Attributes, style: str) -> bool:
    return (
        tag in _SKIPPED
        or "hidden" in attributes
        or bool(_HIDDEN.search(style))
        or attributes.get("class", "").lower().startswith("msotoc")
        or attributes.get("id", "").lower().startswith("table of contents")
    )


def figures_of(tag: str, attributes: Attributes) -> str:
    """How a list counts, in the names of `word_numbering.in_figures`; empty for bullets."""
    style = _COUNTING.search(attributes.get("style", ""))
    named = style[1].lower() if style else attributes.get("type", "")
    if tag != "ol":
        return _FIGURES.get(named, "") if style else ""
    return _FIGURES.get(named, "" if named in ("none", "disc", "circle", "square") else "decimal")


def word_list(attributes: Attributes) -> tuple[int, int] | None:
    """The list, and the depth in it from 1, to which Word says that a paragraph of its web page belongs."""
    found = _WORD_LIST.search(attributes.get("style", ""))
    return (int(found[1]), min(max(int(found[2]), 1), 9)) if found else None


def whole(text: str | None, otherwise: int) -> int:
    """A whole number as an attribute gives it, of at most six figures."""
    return int(text) if text and re.fullmatch(r"-?[0-9]{1,6}", text.strip()) else otherwise
