"""A redline as a pack prints it: what changed, under the heading it stands below; what did not, as a count. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from governance.extract.clauses import ClauseKind
from governance.policies.redline import Change, Line, changes_in
from governance.render import words


@dataclass(frozen=True)
class Changes:
    """What changed between the version in force and the one before the meeting, by their labels."""

    before: str
    after: str
    lines: tuple[Line, ...]

    @property
    def summary(self) -> str:
        """ "2 clauses changed, 1 added, 1 removed; 40 are as they were"."""
        found = changes_in(self.lines)
        told = [(Change.CHANGED, "changed"), (Change.ADDED, "added"), (Change.REMOVED, "removed")]
        parts = [f"{found[change]} {said}" for change, said in told if found[change]]
        if not parts:
            return "No words were changed."
        first, _, rest = parts[0].partition(" ")
        parts[0] = f"{words.plural(int(first), 'clause')} {rest}"
        return f"{', '.join(parts)}; {words.plural(found[Change.KEPT], 'other is', 'others are')} as before."


@dataclass(frozen=True)
class Shown:
    """A line to print; or a stretch of `unchanged` clauses, `renumbered` of which only have another number.

    `below` is the heading that a changed line stands under, where that was not printed just before.
    """

    line: Line | None = None
    below: str = ""
    unchanged: int = 0
    renumbered: int = 0


def shown(lines: Sequence[Line]) -> Iterator[Shown]:
    """The lines to print, in reading order."""
    heading, printed = "", ""
    kept: list[Line] = []
    for line in lines:
        is_heading = line.clause.kind is ClauseKind.HEADING
        if is_heading:
            heading = _numbered(line)
        if line.change is Change.KEPT:
            kept.append(line)
            continue
        yield from _stretch(kept)
        kept = []
        yield Shown(line, below="" if is_heading or heading == printed else heading)
        printed = heading
    yield from _stretch(kept)


def _stretch(kept: Sequence[Line]) -> Iterator[Shown]:
    if kept:
        yield Shown(unchanged=len(kept), renumbered=sum(line.renumbered for line in kept))


def _numbered(line: Line) -> str:
    clause = line.clause
    return f"{clause.number}. {clause.text}" if clause.number else clause.text
