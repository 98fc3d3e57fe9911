"""What a document is made of before it is read by clause: headings, paragraphs, list items and tables, in reading order.

Each format has a reader that gives a Content. Two things are made of it: clauses (segmentation) and, from the same text
set out as lines, guesses (fields/*).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from governance.extract.clauses import Segment

SAFE_LINK = re.compile(r"(?i)(?:https?://|mailto:)[^\s\x00-\x1f]+")


@dataclass
class Block:
    """A heading, paragraph, list item or table.

    `kind` is "heading", "paragraph", "item" or "table". `line` counts from 0 in the lines of the document. `level` is 1 to
    6 for a heading (1 is the title), the depth of nesting from 1 for an item, else 0. `number` is as written or as the
    program that made the document would print it ("7.8", "(a)"), without a closing point; it is not in `segments`.
    Items of one list share a `list_id`, counted from 1. A table has `rows`, heads first.
    """

    kind: str
    line: int = 0
    level: int = 0
    number: str | None = None
    list_id: int = 0
    segments: tuple[Segment, ...] = ()
    rows: list[tuple[str, ...]] = field(default_factory=list)

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
    page (once), the body's blocks, and what stands below. `warnings` are sentences for the person who chose the file.
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
    lines = list(above)
    kept = [block for block in blocks if block.rows or block.text.strip()]
    for block in kept:
        block.line = len(lines)
        lines.extend(_lines_of(block))
    lines.extend(below)
    return Content(tuple(kept), tuple(lines), pages, tuple(warnings))


def _lines_of(block: Block) -> Iterator[str]:
    """A block as Markdown would write it, as far as `fields.source` looks at marks; a table row is cells with tabs."""
    if block.kind == "table":
        yield from ("\t".join(cell or " " for cell in row) for row in block.rows)
        return
    text = " ".join(block.text.split())
    number = f"{block.number} " if block.number else ""
    if block.kind == "heading":
        yield f"{'#' * min(max(block.level, 1), 6)} {number}{text}"
    elif block.kind == "item":
        yield f"{number or '- '}{text}"
    else:
        yield f"**{number}{text}**" if block.is_strong and "*" not in text else f"{number}{text}"


def tidied(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Neighbours set alike become one, runs of spaces one space, and addresses that are not safe are dropped."""
    joined: list[Segment] = []
    for one in segments:
        href = one.href if one.href and SAFE_LINK.fullmatch(one.href) else None
        if joined and (joined[-1].strong, joined[-1].em, joined[-1].href) == (one.strong, one.em, href):
            one = Segment(joined.pop().text + one.text, one.strong, one.em, href)
        joined.append(Segment(re.sub(r"\s+", " ", one.text), one.strong, one.em, href))
    return tuple(one for one in joined if one.text)
