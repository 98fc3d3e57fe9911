"""The charts of a pack's appendix as plain values, laid out; the drawing is `templates/components/appendix_charts.jinja`.

Hatching and outlines tell what colour tells too, and each chart has its figures in words and in a table beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from governance.render import words
from governance.render.charts import Segment, laid_out

WIDTH = 680
# The table below has columns of the same widths: eight, after the one that names its rows.
FIRST_COLUMN, COLUMN = 150.0, 66.25
_COLUMNS_TOP, _COLUMNS_HEIGHT = 18.0, 66.0
_HIGHEST_REVIEW = 16.0
_BAR_HEIGHT, _BAR_ROW = 20, 39
SMALL_WIDTH, SMALL_HEIGHT = 125, 10

# name of a tone -> what the key calls it
REVIEWS = {"late": "Late", "placed": "Due, on an agenda", "unplaced": "Due, on no agenda"}
READINGS = {
    "read": "read",
    "late": "late",
    "not_yet_due": "not yet due",
    "away": "away",
    "other": "not signed, or not needed",
}


class Due(Protocol):
    """A half-term's reviews."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def late(self) -> int:
        """Late already."""
        ...

    @property
    def placed(self) -> int:
        """Before a meeting."""
        ...

    @property
    def unplaced(self) -> int:
        """Before none."""
        ...


class Read(Protocol):
    """Readings by how they stand."""

    @property
    def read(self) -> int:
        """Done."""
        ...

    @property
    def late(self) -> int:
        """Overdue."""
        ...

    @property
    def not_yet_due(self) -> int:
        """In time."""
        ...

    @property
    def away(self) -> int:
        """Of people who are away."""
        ...

    @property
    def other(self) -> int:
        """Of people who did not sign or need not read it."""
        ...


@dataclass(frozen=True)
class Piece:
    """A part of a column."""

    tone: str
    count: int
    top: float
    height: float


@dataclass(frozen=True)
class Column:
    """A half-term's reviews, one kind on the other; `top` is where its total is written."""

    left: float
    pieces: tuple[Piece, ...]
    total: int
    top: float

    @property
    def middle(self) -> float:
        """Where its words are centred."""
        return round(self.left + COLUMN / 2, 1)


@dataclass(frozen=True)
class ReviewChart:
    """Reviews by half-term as columns, and the same in words."""

    columns: tuple[Column, ...]
    text: str
    width: int = WIDTH
    height: int = int(_COLUMNS_TOP + _COLUMNS_HEIGHT) + 2

    @property
    def ground(self) -> float:
        """The line that columns stand on."""
        return _COLUMNS_TOP + _COLUMNS_HEIGHT


@dataclass(frozen=True)
class LongBar:
    """A named bar of readings and where it is drawn."""

    name: str
    top: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class ReadingChart:
    """Readings as long bars with a key, and the same in words."""

    bars: tuple[LongBar, ...]
    key: tuple[str, ...]
    text: str
    width: int = WIDTH
    bar_height: int = _BAR_HEIGHT

    @property
    def height(self) -> int:
        """With the key below the last bar."""
        return len(self.bars) * _BAR_ROW + 22


@dataclass(frozen=True)
class SmallBar:
    """A policy's readings as a bar within a row of a table."""

    segments: tuple[Segment, ...]
    text: str
    width: int = SMALL_WIDTH
    height: int = SMALL_HEIGHT


def review_chart(halves: Sequence[Due]) -> ReviewChart:
    """Reviews by half-term; the highest column fills the height, a review in it no more than its share."""
    most = max((half.late + half.placed + half.unplaced for half in halves), default=0)
    each = min(_HIGHEST_REVIEW, _COLUMNS_HEIGHT / most) if most else 0.0
    columns = tuple(_column(half, FIRST_COLUMN + place * COLUMN, each) for place, half in enumerate(halves))
    return ReviewChart(columns, _reviews_in_words(halves))


def _column(half: Due, left: float, each: float) -> Column:
    top, pieces = _COLUMNS_TOP + _COLUMNS_HEIGHT, []
    for tone, count in (("late", half.late), ("placed", half.placed), ("unplaced", half.unplaced)):
        if count:
            top -= count * each
            pieces.append(Piece(tone, count, round(top, 1), round(count * each, 1)))
    return Column(left, tuple(pieces), half.late + half.placed + half.unplaced, round(top, 1))


def _reviews_in_words(halves: Sequence[Due]) -> str:
    said = []
    for half in halves:
        counts = (
            (half.late, "late"),
            (half.placed, "due and on an agenda"),
            (half.unplaced, "due and on no agenda"),
        )
        parts = [f"{count} {what}" for count, what in counts if count]
        said.append(f"{half.name}: {', '.join(parts) or 'none'}")
    return f"Reviews by half-term. {'. '.join(said)}."


def reading_chart(named: Sequence[tuple[str, Read]]) -> ReadingChart:
    """A long bar for each of some names."""
    bars, said = [], []
    for place, (name, found) in enumerate(named):
        parts = _parts(found)
        bars.append(LongBar(name, place * _BAR_ROW + 18, laid_out(parts, WIDTH)))
        said.append(f"{name}: {_in_words(parts)}.")
    used = {part.tone for bar in bars for part in bar.segments}
    return ReadingChart(tuple(bars), tuple(tone for tone in READINGS if tone in used), " ".join(said))


def small_bar(found: Read) -> SmallBar:
    """One policy's bar."""
    parts = _parts(found)
    return SmallBar(laid_out(parts, SMALL_WIDTH), f"{_in_words(parts)}.")


def _parts(found: Read) -> list[Segment]:
    counts = (found.read, found.late, found.not_yet_due, found.away, found.other)
    return [Segment(label, count, tone) for (tone, label), count in zip(READINGS.items(), counts, strict=True)]


def _in_words(parts: Sequence[Segment]) -> str:
    total = sum(part.count for part in parts)
    told = ", ".join(f"{part.count:,} {part.label}" for part in parts if part.count)
    return f"of {words.plural(total, 'reading')} {told}" if total else "no readings"
