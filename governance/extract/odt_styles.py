"""What an OpenDocument text's styles say: which words are bold or hidden, which paragraphs are titles, how lists count."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

from governance.extract.paragraphs import plain_number
from governance.extract.word_numbering import in_figures

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE, STYLE, TEXT, TABLE, DRAW = (f"{{{_NAMES}{one}:1.0}}" for one in ("office", "style", "text", "table", "drawing"))
FO = f"{{{_NAMES}xsl-fo-compatible:1.0}}"
XLINK = "{http://www.w3.org/1999/xlink}"
_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
_PATTERNS = (
    f"{STYLE}num-list-format",
    "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}num-list-format",
)
_FIGURES = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_SIZE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,4})?)(pt|cm|mm|in|%)")
_POINTS = {"pt": 1.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "in": 72.0}
_PLAIN_SIZE = 12.0
# The key of what is in force where a paragraph's style does not say.
PLAIN = ("paragraph", "")
_LONGEST_CHAIN = 12
_DEEPEST_LIST = 10
OUTLINE = "outline"


@dataclass(frozen=True)
class Look:
    """How words are set; None where that is left to what surrounds them. `list_style` is "" for a paragraph that is
    taken out of its list. `size` is in points; where that is None, letters are `scale` times as large as those around.
    """

    is_title: bool = False
    strong: bool | None = None
    em: bool | None = None
    hidden: bool = False
    list_style: str | None = None
    size: float | None = None
    scale: float = 1.0

    def sized(self, around: float) -> float:
        """Its letters' size among letters of this size, in points."""
        return self.scale * around if self.size is None else self.size


@dataclass(frozen=True)
class Level:
    """How one level of a list is numbered; without `figures` it has a bullet or nothing."""

    figures: str = ""
    prefix: str = ""
    suffix: str = ""
    pattern: str = ""
    start: int = 1
    shown: int = 1


@dataclass
class Lists:
    """The lists of a document, and how far each has counted. The key of a list is its own, however often it goes on."""

    styles: Mapping[str, Mapping[int, Level]]
    counts: dict[int, list[int]] = field(default_factory=dict)
    by_id: dict[str, int] = field(default_factory=dict)
    latest: dict[str, int] = field(default_factory=dict)

    def opened(self, element: ElementTree.Element, style: str) -> int:
        """The key of a list at its outermost element: a new one, or that of the list that it goes on with."""
        earlier = self.by_id.get(element.get(f"{TEXT}continue-list", ""))
        if earlier is None and element.get(f"{TEXT}continue-numbering") == "true":
            earlier = self.latest.get(style)
        key = self.key_of(style) if earlier is None else earlier
        self.latest[style] = key
        if element.get(_XML_ID):
            self.by_id[element.get(_XML_ID, "")] = key
        return key

    def key_of(self, style: str) -> int:
        """A new list of this style."""
        key = len(self.counts) + 1
        self.counts[key] = [0] * (_DEEPEST_LIST + 1)
        self.latest[style] = key
        return key

    def next(self, key: int, style: str, depth: int, start: int | None = None) -> str | None:
        """The printed number of the next paragraph at a depth from 1; None for a bullet."""
        depth = min(max(depth, 1), _DEEPEST_LIST)
        levels, counts = self.styles.get(style, {}), self.counts[key]
        for above in range(1, depth):
            counts[above] = counts[above] or levels.get(above, Level()).start
        level = levels.get(depth, Level())
        counts[depth] = start if start is not None else counts[depth] + 1 if counts[depth] else level.start
        counts[depth + 1 :] = [0] * (_DEEPEST_LIST - depth)
        return _printed(levels, depth, counts) if level.figures else None


def _printed(levels: Mapping[int, Level], depth: int, counts: list[int]) -> str | None:
    level = levels[depth]

    def figure(at: int) -> str:
        figures = levels.get(at, Level()).figures
        return in_figures(counts[at], _FIGURES.get(figures, "decimal")) if figures else ""

    if level.pattern:
        return plain_number(re.sub(r"%(\d{1,2})%", lambda at: figure(min(int(at[1]), _DEEPEST_LIST)), level.pattern))
    figures = (figure(at) for at in range(max(1, depth - level.shown + 1), depth + 1))
    return plain_number(level.prefix + ".".join(one for one in figures if one) + level.suffix)


def lists_of(roots: Iterable[ElementTree.Element]) -> Lists:
    """The list styles of a document's parts; the numbers of its headings are the list called OUTLINE."""
    styles: dict[str, dict[int, Level]] = {}
    for root in roots:
        for one in (*root.iter(f"{TEXT}list-style"), *root.iter(f"{TEXT}outline-style")):
            name = OUTLINE if one.tag == f"{TEXT}outline-style" else one.get(f"{STYLE}name", "")
            styles[name] = dict(_levels(one))
    return Lists(styles)


def _levels(style: ElementTree.Element) -> Iterator[tuple[int, Level]]:
    for one in style:
        figures = one.get(f"{STYLE}num-format", "")
        yield (
            whole(one.get(f"{TEXT}level"), 1),
            Level(
                figures="" if one.tag == f"{TEXT}list-level-style-bullet" else figures,
                prefix=one.get(f"{STYLE}num-prefix", "")[:20],
                suffix=one.get(f"{STYLE}num-suffix", "")[:20],
                pattern=next((one.get(name, "")[:80] for name in _PATTERNS if one.get(name)), ""),
                start=whole(one.get(f"{TEXT}start-value"), 1),
                shown=whole(one.get(f"{TEXT}display-levels"), 1),
            ),
        )


def whole(text: str | None, otherwise: int) -> int:
    """A count as written in an attribute, of at most six figures."""
    return int(text) if text and re.fullmatch(r"[0-9]{1,6}", text) else otherwise


def start_of(element: ElementTree.Element) -> int | None:
    """The number that a list item or heading says it starts again from."""
    start = element.get(f"{TEXT}start-value")
    return whole(start, 1) if start else None


def looks_of(roots: Iterable[ElementTree.Element]) -> dict[tuple[str, str], Look]:
    """The styles of a document's parts by family ("text" or "paragraph") and name, with what each inherits."""
    elements = {
        (one.get(f"{STYLE}family", ""), one.get(f"{STYLE}name", "")): one
        for root in roots
        for one in root.iter(f"{STYLE}style")
    }
    looks = {key: _look(key, elements) for key in elements if key[0] in ("text", "paragraph")}
    return looks | {PLAIN: Look(size=_usual_size(roots))}


def _usual_size(roots: Iterable[ElementTree.Element]) -> float:
    """What letters have, in points, where no style says."""
    for root in roots:
        for one in root.iter(f"{STYLE}default-style"):
            words = one.find(f"{STYLE}text-properties")
            if one.get(f"{STYLE}family") == "paragraph" and words is not None:
                return _size_of(words)[0] or _PLAIN_SIZE
    return _PLAIN_SIZE


def _look(key: tuple[str, str], elements: Mapping[tuple[str, str], ElementTree.Element]) -> Look:
    strong = em = list_style = size = None
    hidden = is_title = False
    scale = 1.0
    for _ in range(_LONGEST_CHAIN):
        is_title = is_title or key[1] == "Title"
        if key not in elements:
            break
        one = elements[key]
        words = one.find(f"{STYLE}text-properties")
        if words is not None:
            strong = _is_bold(words) if strong is None else strong
            em = _is_italic(words) if em is None else em
            hidden = hidden or words.get(f"{TEXT}display") == "none"
            if size is None:
                size, more = _size_of(words)
                scale *= more
        list_style = one.get(f"{STYLE}list-style-name") if list_style is None else list_style
        key = (key[0], one.get(f"{STYLE}parent-style-name", ""))
    return Look(is_title, strong, em, hidden, list_style, size and size * scale, scale)


def _size_of(words: ElementTree.Element) -> tuple[float | None, float]:
    """The size in points, or None and how many times as large as what surrounds it."""
    match = _SIZE.fullmatch(words.get(f"{FO}font-size", ""))
    if match is None:
        return None, 1.0
    number = float(match[1])
    return (None, number / 100) if match[2] == "%" else (number * _POINTS[match[2]], 1.0)


def _is_bold(words: ElementTree.Element) -> bool | None:
    weight = words.get(f"{FO}font-weight")
    return None if weight is None else weight in ("bold", "600", "700", "800", "900")


def _is_italic(words: ElementTree.Element) -> bool | None:
    posture = words.get(f"{FO}font-style")
    return None if posture is None else posture in ("italic", "oblique")
