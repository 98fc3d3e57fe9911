"""What changed between two texts of a policy, clause by clause and inside a clause word by word. Pure.

    redline(before, after)
      clauses with the same words put side by side (numbers may differ: inserting 2.1 renumbers the rest)
      what is left between them paired where the words are mostly the same
      words inside each pair compared, islands of unchanged words too small to read closed
      what was taken out in one place and put in at another told as moved

Nothing is lost: the lines give back both texts exactly, clause by clause and letter by letter.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache

from governance.extract.clauses import Clause, ClauseKind

_TOKENS = re.compile(r"\s+|\w+|[^\w\s]")
# House rule: two clauses are one that was changed where at least half of their words are shared.
ALIKE = 0.5
# Beyond these a comparison would take seconds for a result that nobody could read.
MOST_PAIRS, MOST_WORD_PAIRS = 40_000, 4_000_000
# House rule: shorter unchanged words between two changes are shown as part of them.
SMALLEST_ISLAND = 4
# House rule: fewer words may stand in two places by chance.
SHORTEST_MOVE_WORDS = 6


class Change(StrEnum):
    """What became of a clause, or of some words of one."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Words:
    """Words of a changed clause that were kept, added or removed."""

    change: Change
    text: str


@dataclass(frozen=True)
class Line:
    """A clause before and after; one side is missing where it was added or removed.

    `words` are those of a changed clause: kept and removed ones make the old text, kept and added ones the new. `moved`
    tells that the same words were taken out (or put in) elsewhere.
    """

    change: Change
    before: Clause | None = None
    after: Clause | None = None
    words: tuple[Words, ...] = ()
    moved: bool = False

    @property
    def clause(self) -> Clause:
        """The clause as it is now, or as it was last."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def renumbered(self) -> bool:
        """Whether only the number is new."""
        return self.change is Change.KEPT and self.before is not None and self.before.number != self.clause.number


def redline(before: Sequence[Clause], after: Sequence[Clause]) -> tuple[Line, ...]:
    """The two texts as lines in reading order; a removed clause stands where it stood."""
    return tuple(_moves_told(list(_lines(before, after))))


def changes_in(lines: Sequence[Line]) -> Counter[Change]:
    """How many clauses were kept, added, removed and changed."""
    return Counter(line.change for line in lines)


def _lines(before: Sequence[Clause], after: Sequence[Clause]) -> Iterator[Line]:
    blocks = SequenceMatcher(None, [_same(one) for one in before], [_same(one) for one in after], autojunk=False)
    for what, i, i_end, j, j_end in blocks.get_opcodes():
        if what == "equal":
            yield from (
                Line(Change.KEPT, one, other) for one, other in zip(before[i:i_end], after[j:j_end], strict=True)
            )
        else:
            yield from _between(before[i:i_end], after[j:j_end])


def _same(clause: Clause) -> tuple[ClauseKind, str]:
    """What makes two clauses one: its number may have been moved on by others."""
    return clause.kind, clause.text


def _between(old: Sequence[Clause], new: Sequence[Clause]) -> Iterator[Line]:
    """Clauses of which none is the same: pairs that are alike as changed ones, the rest removed and added."""
    i = j = 0
    for left, right in [*_pairs(old, new), (len(old), len(new))]:
        yield from (Line(Change.REMOVED, before=one) for one in old[i:left])
        yield from (Line(Change.ADDED, after=one) for one in new[j:right])
        if left < len(old):
            yield Line(Change.CHANGED, old[left], new[right], tuple(_words(old[left].text, new[right].text)))
        i, j = left + 1, right + 1


def _pairs(old: Sequence[Clause], new: Sequence[Clause]) -> list[tuple[int, int]]:
    """Which clauses became which, in order: those that together share the most words."""
    if len(old) * len(new) > MOST_PAIRS:
        return _pairs_by_number(old, new)
    likeness = [[_alike(one, other) for other in new] for one in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            paired = best[i + 1][j + 1] + likeness[i][j] if likeness[i][j] else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    found, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if likeness[i][j] and best[i][j] == best[i + 1][j + 1] + likeness[i][j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _pairs_by_number(old: Sequence[Clause], new: Sequence[Clause]) -> list[tuple[int, int]]:
    """The same for long stretches: only clauses of one number can be pairs."""
    was, now = ([(clause.kind, clause.number) for clause in side] for side in (old, new))
    blocks = SequenceMatcher(None, was, now, autojunk=False).get_matching_blocks()
    together = ((i + k, j + k) for i, j, size in blocks for k in range(size))
    return [(i, j) for i, j in together if _alike(old[i], new[j])]


def _alike(one: Clause, other: Clause) -> float:
    """The share of words that two clauses of a kind have in common; 0 where they are not alike."""
    if (one.kind is ClauseKind.HEADING) != (other.kind is ClauseKind.HEADING):
        return 0.0
    old, new = _counted(one.text), _counted(other.text)
    total = old.total() + new.total()
    share = 2 * (old & new).total() / total if total else 0.0
    return share if share >= ALIKE else 0.0


@lru_cache(maxsize=2048)
def _counted(text: str) -> Counter[str]:
    return Counter(word.casefold() for word in _TOKENS.findall(text) if not word.isspace())


def _words(old: str, new: str) -> Iterator[Words]:
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    if len(before) * len(after) > MOST_WORD_PAIRS:
        yield from (Words(change, text) for change, text in ((Change.REMOVED, old), (Change.ADDED, new)) if text)
        return
    removed, added = "", ""
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for place, (what, i, i_end, j, j_end) in enumerate(opcodes):
        one, other = "".join(before[i:i_end]), "".join(after[j:j_end])
        at_end = place in (0, len(opcodes) - 1)
        if what == "equal" and (at_end or len(one.strip()) >= SMALLEST_ISLAND):
            yield from _put(removed, added)
            removed = added = ""
            yield Words(Change.KEPT, one)
        else:
            removed, added = removed + one, added + other
    yield from _put(removed, added)


def _put(removed: str, added: str) -> Iterator[Words]:
    if removed:
        yield Words(Change.REMOVED, removed)
    if added:
        yield Words(Change.ADDED, added)


def _moves_told(lines: list[Line]) -> list[Line]:
    """The same lines, in which a clause removed here and added there says so at both places."""
    taken: defaultdict[tuple[ClauseKind, str], list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        if line.change is Change.REMOVED and len(line.clause.text.split()) >= SHORTEST_MOVE_WORDS:
            taken[_same(line.clause)].append(place)
    for place, line in enumerate(lines):
        if line.change is Change.ADDED and taken[_same(line.clause)]:
            gone = taken[_same(line.clause)].pop(0)
            lines[place], lines[gone] = replace(line, moved=True), replace(lines[gone], moved=True)
    return lines
