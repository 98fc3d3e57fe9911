"""A policy's clauses in the shape they are printed in: headings that skip no level, lists inside lists.

clauses → without the title, which stands above → runs of list items → blocks
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from governance.extract.clauses import Clause, ClauseKind

# A pack's own headings take levels 1 to 3; a page knows six.
FIRST_LEVEL, LAST_LEVEL = 4, 6


@dataclass(frozen=True)
class Item:
    """An item of a list with the items under it."""

    clause: Clause
    under: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Block:
    """A piece to print: `clause` alone, a heading with the `level` to print it at, or the `items` of a list."""

    kind: str
    clause: Clause | None = None
    level: int = 0
    items: tuple[Item, ...] = ()


def blocks(clauses: tuple[Clause, ...], title: str, first_level: int = FIRST_LEVEL) -> tuple[Block, ...]:
    """The text of a policy as blocks; its own title is left out, since it stands above already.

    Its highest headings are printed at `first_level`.
    """
    return tuple(_blocks(_untitled(clauses, title), first_level))


def _untitled(clauses: tuple[Clause, ...], title: str) -> tuple[Clause, ...]:
    is_title = clauses and clauses[0].kind is ClauseKind.HEADING and _same(clauses[0].text, title)
    return clauses[1:] if is_title else clauses


def _same(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def _blocks(clauses: tuple[Clause, ...], first_level: int) -> Iterator[Block]:
    open_levels: list[int] = []
    for is_list, run in groupby(clauses, key=lambda clause: clause.kind is ClauseKind.LIST_ITEM):
        if is_list:
            yield Block("list", items=_nested(list(run)))
            continue
        for clause in run:
            level = 0
            if clause.kind is ClauseKind.HEADING:
                open_levels = [outer for outer in open_levels if outer < clause.level] + [clause.level]
                level = min(LAST_LEVEL, first_level + len(open_levels) - 1)
            yield Block(clause.kind.value, clause, level)


def _nested(run: list[Clause]) -> tuple[Item, ...]:
    """Each item with the deeper ones that follow it."""
    items: list[Item] = []
    at = 0
    while at < len(run):
        end = at + 1
        while end < len(run) and run[end].level > run[at].level:
            end += 1
        items.append(Item(run[at], _nested(run[at + 1 : end])))
        at = end
    return tuple(items)
