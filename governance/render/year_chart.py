"""An academic year as a picture: reviews due by half-term, and each body's meetings with how much is before them.

Plain values, laid out; the drawing is `templates/components/year_chart.jinja`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 960
_BARS_TOP, _BARS_HEIGHT = 54, 60
_LANES_TOP, _LANE_HEIGHT = 140, 66
# An "m" at the drawing's font size: what does not fit is cut, since the tables have it whole.
_LETTER = 8.5


@dataclass(frozen=True)
class Column:
    """A half-term: its name, and a bar as high as the reviews that fall due in it are many."""

    name: str
    left: float
    width: float
    count: int
    bar_top: float
    bar_height: float

    @property
    def middle(self) -> float:
        """Where its words are centred."""
        return round(self.left + self.width / 2, 1)


@dataclass(frozen=True)
class Spot:
    """A meeting; a square where it has too much before it, else a circle."""

    middle: float
    count: int
    too_many: bool


@dataclass(frozen=True)
class Lane:
    """A body's meetings on their line."""

    name: str
    top: float
    spots: tuple[Spot, ...]

    @property
    def line(self) -> float:
        """How far down the line is drawn."""
        return self.top + 40


@dataclass(frozen=True)
class YearChart:
    """The picture, and the same facts in words."""

    columns: tuple[Column, ...]
    lanes: tuple[Lane, ...]
    height: int
    today: float | None
    text: str
    width: int = WIDTH


def year_chart(
    halves: Sequence[tuple[str, dt.date, dt.date, int]],
    bodies: Sequence[tuple[str, Sequence[tuple[dt.date, int, bool]]]],
    today: dt.date,
    text: str,
) -> YearChart:
    """Lay a year out. `halves`: name, first and last day, reviews due; `bodies`: name, and day, policies, too many."""
    first_on, last_on = halves[0][1], halves[-1][2]
    days = (last_on - first_on).days + 1

    def across(day: dt.date) -> float:
        return round((day - first_on).days * WIDTH / days, 1)

    most = max((count for *_, count in halves), default=0)
    columns = []
    for name, starts_on, ends_on, count in halves:
        left, after = across(starts_on), across(ends_on + dt.timedelta(days=1))
        height = round(_BARS_HEIGHT * count / most, 1) if most else 0.0
        cut = _cut(name, after - left)
        columns.append(Column(cut, left, round(after - left, 1), count, _BARS_TOP + _BARS_HEIGHT - height, height))
    lanes = [
        Lane(
            _cut(name, WIDTH),
            _LANES_TOP + place * _LANE_HEIGHT,
            # a meeting in the first or last days would stand half outside
            tuple(Spot(min(max(across(day), 18), WIDTH - 18), count, too_many) for day, count, too_many in spots),
        )
        for place, (name, spots) in enumerate(bodies)
    ]
    shown = across(today) if first_on <= today <= last_on else None
    return YearChart(tuple(columns), tuple(lanes), _LANES_TOP + len(lanes) * _LANE_HEIGHT, shown, text)


def _cut(name: str, width: float) -> str:
    room = max(int(width / _LETTER), 2)
    return name if len(name) <= room else f"{name[: room - 1]}…"
