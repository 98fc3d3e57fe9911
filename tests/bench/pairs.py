"""Two ways of doing the same, in turn: A B A B …, and the median of the ratios of neighbours.

The clock of a busy machine swings by two between minutes; two neighbours see nearly the same machine.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Compared:
    """What a comparison found. Times in seconds; `ratio` is ours over the bare one."""

    name: str
    ours: float
    bare: float
    ratio: float
    target: float | None = None
    note: str = ""

    def __str__(self) -> str:
        wanted = f"  target {self.target:g}" if self.target else ""
        verdict = "" if self.target is None or self.ratio <= self.target else "  ABOVE TARGET"
        times = f"{self.ours * 1000:9.2f} ms  bare {self.bare * 1000:9.2f} ms"
        return (
            f"{self.name:44} {times}  ratio {self.ratio:5.2f}{wanted}{verdict}{'  ' + self.note if self.note else ''}"
        )


def compare(
    name: str,
    ours: Callable[[], object],
    bare: Callable[[], object],
    *,
    pairs: int = 11,
    times: int = 3,
    target: float | None = None,
) -> Compared:
    """Run both `times` over in each of `pairs` turns, after a turn that does not count."""
    mine, other = [], []
    for turn in range(pairs + 1):
        taken = (_timed(ours, times), _timed(bare, times))
        if turn:
            mine.append(taken[0])
            other.append(taken[1])
    ratio = statistics.median(a / b for a, b in zip(mine, other, strict=True))
    return Compared(name, statistics.median(mine), statistics.median(other), ratio, target)


def _timed(what: Callable[[], object], times: int) -> float:
    begun = time.perf_counter()
    for _ in range(times):
        what()
    return (time.perf_counter() - begun) / times
