"""Charts as plain values: what a bar shows and what it says in words. The drawing is `templates/components/charts.jinja`."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from governance.render.words import plural

WIDTH, HEIGHT = 600, 28
_GAP = 2
_NARROWEST = 4


@dataclass(frozen=True)
class Segment:
    """One part of a bar. `tone` names its colour in the drawing; `left` and `width` are in the drawing's units."""

    label: str
    count: int
    tone: str
    left: float = 0.0
    width: float = 0.0


@dataclass(frozen=True)
class Bar:
    """A stacked bar: parts that have something in them, laid out, and the same facts in a sentence."""

    segments: tuple[Segment, ...]
    text: str
    width: int = WIDTH
    height: int = HEIGHT


def coverage_bar(
    *, acknowledged: int, outstanding: int, overdue: int, declined: int = 0, away: int = 0, excused: int = 0
) -> Bar:
    """How far a policy has been read: `overdue` is part of `outstanding`, as in the coverage report."""
    parts = [
        Segment("read", acknowledged, "read"),
        Segment("not yet read, in time", outstanding - overdue, "unread"),
        Segment("reading overdue", overdue, "overdue"),
        Segment("given, not signed", declined, "declined"),
        Segment("away", away, "away"),
        Segment("not needed", excused, "excused"),
    ]
    return Bar(laid_out(parts), _in_words(parts))


def laid_out(parts: Sequence[Segment], width: int = WIDTH) -> tuple[Segment, ...]:
    """Widths in proportion, with a gap between parts and no part too narrow to be seen."""
    shown = [part for part in parts if part.count > 0]
    total = sum(part.count for part in shown)
    room = width - _GAP * (len(shown) - 1) - _NARROWEST * len(shown)
    left, laid = 0.0, []
    for part in shown:
        wide = round(_NARROWEST + room * part.count / total, 1)
        laid.append(Segment(part.label, part.count, part.tone, round(left, 1), wide))
        left += wide + _GAP
    return tuple(laid)


def _in_words(parts: list[Segment]) -> str:
    """The text alternative: every part with something in it, after the number of people altogether."""
    total = sum(part.count for part in parts)
    if not total:
        return "Nobody is asked to read this."
    said = ", ".join(f"{part.count:,} {part.label}" for part in parts if part.count)
    return f"Of {plural(total, 'person', 'people')}: {said}."


def data_uri(svg: str) -> str:
    """A drawing as an address that holds it whole, so that a document loads nothing."""
    drawn = " ".join(str(svg).split())
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.encode()).decode("ascii")
