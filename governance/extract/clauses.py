"""A policy's text by clause: what the reading screen shows, packs print, and a receipt is bound to.

    read_clauses(text)
      contents page out (contents_pages)
      Markdown to blocks (markdown_blocks)
      blocks to headings, numbered clauses, paragraphs and list items (segmentation)

The same bytes always give the same clauses: a stored text is the JSON of `to_json`, and its hash is part of a receipt.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

# Kept with every stored text. Change it whenever the same document would give other clauses.
EXTRACTOR = "clauses-3"


class ClauseKind(StrEnum):
    """What a piece of a policy is."""

    HEADING = "heading"
    CLAUSE = "clause"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE = "table"


@dataclass(frozen=True)
class Segment:
    """Words set in one way. `href` is only ever an http, https or mailto address."""

    text: str
    strong: bool = False
    em: bool = False
    href: str | None = None


@dataclass(frozen=True)
class Clause:
    """One piece of a policy, in reading order.

    `number` is as written without a closing point ("7.8", "(a)", "1"). `level` is 1 to 6 for a heading (1 is the title),
    the count of figures in its number for a clause, the depth of nesting from 1 for a list item, else 0. `anchor` is
    unique in the document and safe in an address. `line` counts from 1 in the source. A table has `rows`, heads first.
    """

    kind: ClauseKind
    number: str | None
    level: int
    segments: tuple[Segment, ...]
    anchor: str
    line: int
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def text(self) -> str:
        """The words alone; a table row is a line with bars between its cells."""
        if self.rows:
            return "\n".join(" | ".join(row) for row in self.rows)
        return "".join(segment.text for segment in self.segments)


def to_json(clauses: tuple[Clause, ...]) -> str:
    """The one JSON form of a text, the same characters for the same clauses."""
    return json.dumps(
        [_as_dict(clause) for clause in clauses], ensure_ascii=False, separators=(",", ":"), sort_keys=True
    )


def from_json(stored: str) -> tuple[Clause, ...]:
    """The clauses that `to_json` wrote."""
    return tuple(_from_dict(row) for row in json.loads(stored))


def _as_dict(clause: Clause) -> dict[str, Any]:
    row: dict[str, Any] = {
        "kind": clause.kind.value,
        "number": clause.number,
        "level": clause.level,
        "anchor": clause.anchor,
        "line": clause.line,
        "segments": [_segment_dict(segment) for segment in clause.segments],
    }
    return row | ({"rows": [list(cells) for cells in clause.rows]} if clause.rows else {})


def _segment_dict(segment: Segment) -> dict[str, Any]:
    marks = {"strong": segment.strong, "em": segment.em, "href": segment.href}
    return {"text": segment.text} | {name: value for name, value in marks.items() if value}


def _from_dict(row: dict[str, Any]) -> Clause:
    return Clause(
        kind=ClauseKind(row["kind"]),
        number=row["number"],
        level=row["level"],
        segments=tuple(Segment(**segment) for segment in row["segments"]),
        anchor=row["anchor"],
        line=row["line"],
        rows=tuple(tuple(cells) for cells in row.get("rows", ())),
    )
