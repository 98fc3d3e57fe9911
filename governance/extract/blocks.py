"""What a document is made of before it is read by clause: headings, paragraphs, list items and tables, in reading order.

Each format has a reader that gives a Content. Two things are made of it: clauses (segmentation) and, from the same text
set out as lines, guesses (fields/*).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from governance.extract.clauses import Segment

SAFE_LINK = re.compile(r"(?i)(?:https?://|mailto:)[^\s\x00-\x1f]+")


@dataclass
class Block:
    """A heading, paragraph, list item or table.

    `kind` is "heading", "paragraph", "item" or "table". `line` counts from 0 in the lines of the document. `level` is 1 to
    6 for a heading (1 is the title), the depth of nesting from 1 for an item, else 0. `number` is as written or as the
    program that made the document would print it ("7.8", "(a)"), without a closing point; it is not in `segments`.
    Items of one list share a `list_id`, counted from 1. A table has `rows`, heads first; the paragraphs of one cell are
    lines of it. `may_head` is False for ordinary text in a document that sets its headings apart. `size` is that of its
    largest letters, in points, or 0 where nobody says. `as_line` are a paragraph's words with its tabs, where it has any:
    they set facts apart on a cover.
    """

    kind: str
    line: int = 0
    level: int = 0
    number: str | None = None
    list_id: int = 0
    segments: tuple[Segment, ...] = ()
    rows: list[tuple[str, ...]] = field(default_factory=list)
    may_head: bool = True
    size: float = 0.0
    as_line: str = ""

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(segment.text for segment in self.segments)

    @property
    def is_strong(self) -> bool:
        """All of its words are bold."""
        return bool(self.text.strip()) and all(one.strong for one in self.segments if one.text.strip())


@dataclass(frozen=True)
class Content:
    """What a reader of one format found. `lines` hold everything that may state a fact: what stands above the body on every
    page (once), the body's blocks with an empty line after each, and what stands below. `warnings` are sentences for the
    person who chose the file.
    """

    blocks: tuple[Block, ...]
    lines: tuple[str, ...]
    pages: int | None = None
    warnings: tuple[str, ...] = ()


def set_out(
    blocks: Sequence[Block],
    *,
    above: Iterable[str] = (),
    below: Iterable[str] = (),
    pages: int | None = None,
    warnings: Iterable[str] = (),
) -> Content:
    """Blocks with their lines: each block is told which line is its first. `above` and `below` are the running heads and
    feet, each once; they give no clause, and a policy's dates often stand there.
    """
    lines = [line for one in above for line in (one, "")]
    kept = [block for block in blocks if block.rows or block.text.strip()]
    for block in kept:
        block.line = len(lines)
        block.segments = _stripped(block.segments)
        lines.extend(_lines_of(block))
        lines.append("")
    lines.extend(below)
    return Content(tuple(kept), tuple(lines), pages, tuple(warnings))


def _stripped(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Without spaces at either end."""
    kept = list(segments)
    if kept:
        kept[0] = replace(kept[0], text=kept[0].text.lstrip())
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip())
    return tuple(one for one in kept if one.text)


def _lines_of(block: Block) -> Iterator[str]:
    """A block as Markdown would write it, as far as `fields.source` looks at marks; a table row is cells with tabs."""
    if block.kind == "table":
        for row in block.rows:
            yield from ("\t".join(cells) for cells in _side_by_side(row))
        return
    text = block.as_line or " ".join(block.text.split())
    number = f"{block.number} " if block.number else ""
    if block.kind == "heading":
        yield f"{'#' * min(max(block.level, 1), 6)} {number}{text}"
    elif block.kind == "item":
        yield f"{number or '- '}{text}"
    else:
        yield f"**{number}{text}**" if block.is_strong and not set("*\t") & set(text) else f"{number}{text}"


def _side_by_side(row: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """A row's lines. Cells of as many lines each are read across: "Approved by" and "Date" beside a body and a day."""
    cells = [cell.split("\n") for cell in row]
    deepest = {len(cell) for cell in cells if any(cell)}
    if len(deepest) == 1 and deepest != {1}:
        whole = next(iter(deepest))
        yield from zip(*(cell if any(cell) else [" "] * whole for cell in cells), strict=True)
    else:
        yield tuple(" ".join(cell) or " " for cell in cells)


def tidied(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Neighbours set alike become one, runs of spaces one space, and addresses that are not safe are dropped."""
    joined: list[Segment] = []
    for (strong, em, href), alike in groupby(segments, key=_set_as):
        text = re.sub(r"\s+", " ", "".join(one.text for one in alike))
        joined.append(Segment(text, strong, em, href))
    return tuple(one for one in joined if one.text)


def _set_as(one: Segment) -> tuple[bool, bool, str | None]:
    return one.strong, one.em, one.href if one.href and SAFE_LINK.fullmatch(one.href) else None
