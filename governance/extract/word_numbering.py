"""The numbers that Word prints by itself: "7.8", "(a)", "iv". They stand nowhere in the text, only how to count does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

from governance.extract.word_styles import W, value

_DEEPEST = 9
_ROMAN: tuple[tuple[int, str], ...] = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
BULLET = "bullet"


@dataclass(frozen=True)
class Level:
    """How one depth of a list counts: from where, in which figures, set in which words ("%1.%2")."""

    start: int = 1
    figures: str = "decimal"
    text: str = ""
    legal: bool = False
    style: str | None = None
    restarts_below: int | None = None


@dataclass(frozen=True)
class Kind:
    """A way of numbering that several lists may share, and go on counting together."""

    identifier: str
    levels: Mapping[int, Level]
    starts: Mapping[int, int] = field(default_factory=dict)


@dataclass
class Numbering:
    """The lists of a document, and how far each has counted."""

    lists: Mapping[str, Kind]
    counts: dict[str, list[int]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)

    def depth_of(self, list_id: str, depth: int | None, style_id: str) -> int:
        """The depth at which a paragraph stands: its own, or the one that its style belongs to."""
        if depth is None and list_id in self.lists:
            depth = next((at for at, level in self.lists[list_id].levels.items() if level.style == style_id), 0)
        return min(max(depth or 0, 0), _DEEPEST - 1)

    def next(self, list_id: str, depth: int) -> str | None:
        """The number of the next paragraph at a depth; BULLET for a bullet, None for nothing to see."""
        kind = self.lists.get(list_id)
        if kind is None:
            return None
        level = kind.levels.get(depth, Level())
        if level.figures == "none" and not level.text:
            return None
        counts = self._counted(list_id, kind, depth)
        if level.figures == BULLET:
            return BULLET
        return _shown(kind, level, counts)

    def _counted(self, list_id: str, kind: Kind, depth: int) -> list[int]:
        counts = self.counts.setdefault(kind.identifier, [0] * _DEEPEST)
        if list_id not in self.begun:
            self.begun.add(list_id)
            for at, start in kind.starts.items():
                counts[at] = start - 1
                counts[at + 1 :] = [0] * (_DEEPEST - at - 1)
        for above in range(depth):
            counts[above] = counts[above] or kind.levels.get(above, Level()).start
        start = kind.levels.get(depth, Level()).start
        counts[depth] = counts[depth] + 1 if counts[depth] or depth in kind.starts else start
        for below in range(depth + 1, _DEEPEST):
            if kind.levels.get(below, Level()).restarts_below != 0:
                counts[below] = 0
        return counts


def numbering_from(part: ElementTree.Element | None) -> Numbering:
    """The lists of `word/numbering.xml`, nothing counted yet."""
    if part is None:
        return Numbering({})
    kinds = {one.get(f"{W}abstractNumId", ""): _levels(one) for one in part.findall(f"{W}abstractNum")}
    lists: dict[str, Kind] = {}
    for one in part.findall(f"{W}num"):
        identifier = value(one, "abstractNumId") or ""
        if identifier in kinds:
            levels, starts = _overridden(one, kinds[identifier])
            lists[one.get(f"{W}numId", "")] = Kind(identifier, levels, starts)
    return Numbering(lists)


def _overridden(one: ElementTree.Element, levels: dict[int, Level]) -> tuple[dict[int, Level], dict[int, int]]:
    levels, starts = dict(levels), {}
    for override in one.findall(f"{W}lvlOverride"):
        at = _whole(override.get(f"{W}ilvl"), 0)
        new = override.find(f"{W}lvl")
        if new is not None:
            levels[at] = _level(new)
        if (start := value(override, "startOverride")) is not None and at < _DEEPEST:
            starts[at] = _whole(start, 1)
    return levels, starts


def _levels(kind: ElementTree.Element) -> dict[int, Level]:
    return {_whole(one.get(f"{W}ilvl"), 0): _level(one) for one in kind.findall(f"{W}lvl")}


def _level(element: ElementTree.Element) -> Level:
    return Level(
        start=_whole(value(element, "start"), 1),
        figures=value(element, "numFmt") or "decimal",
        text=value(element, "lvlText") or "",
        legal=element.find(f"{W}isLgl") is not None,
        style=value(element, "pStyle"),
        restarts_below=_whole(value(element, "lvlRestart"), 1) if element.find(f"{W}lvlRestart") is not None else None,
    )


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,6}", text) else otherwise


def _shown(kind: Kind, level: Level, counts: list[int]) -> str | None:
    def figure(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        figures = "decimal" if level.legal else kind.levels.get(at, Level()).figures
        return in_figures(counts[at], figures)

    return re.sub(r"%([1-9])", figure, level.text).strip() or None


def in_figures(count: int, figures: str) -> str:
    """A count as a list prints it: figures, letters (z is followed by aa) or Roman numerals."""
    if figures in ("lowerLetter", "upperLetter") and count > 0:
        text = chr(ord("a") + (count - 1) % 26) * min((count - 1) // 26 + 1, 9)
    elif figures in ("lowerRoman", "upperRoman") and 0 < count < 4000:
        text = _roman(count)
    elif figures == "decimalZero":
        return f"{count:02d}"
    else:
        return str(count)
    return text.upper() if figures.startswith("upper") else text


def _roman(count: int) -> str:
    text = ""
    for size, letters in _ROMAN:
        text += letters * (count // size)
        count %= size
    return text
