"""A document's text with what was found in it: each piece knows which facts were read from it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from governance.extract.clauses import Clause, ClauseKind
from governance.intake.evidence import Evidence


@dataclass(frozen=True)
class Piece:
    """A heading, clause, list item or row of a table. `facts` were read from it; `line` counts from 1 in the document."""

    line: int
    text: str
    kind: ClauseKind | None = None
    number: str | None = None
    facts: tuple[Evidence, ...] = ()

    @property
    def anchor(self) -> str:
        """Where its facts' links lead, unique among pieces with facts."""
        return f"line-{self.facts[0].line}" if self.facts else ""


def pieces_of(clauses: Sequence[Clause], evidence: Sequence[Evidence]) -> list[Piece]:
    """The text in its order. Lines that belong to no clause, such as a page's foot, come first with their facts."""
    pieces = [piece for clause in clauses for piece in _cut(clause)]
    plain = [_plain(piece.text) for piece in pieces]
    facts: dict[int, list[Evidence]] = {}
    elsewhere: dict[int, list[Evidence]] = {}
    for one in evidence:
        place = _place(one, pieces, plain)
        if place is None:
            elsewhere.setdefault(one.line, []).append(one)
        else:
            facts.setdefault(place, []).append(one)
    apart = [Piece(line, found[0].text, facts=tuple(found)) for line, found in sorted(elsewhere.items())]
    within = [
        Piece(piece.line, piece.text, piece.kind, piece.number, tuple(facts.get(place, ())))
        for place, piece in enumerate(pieces)
    ]
    return apart + within


def anchors(pieces: Sequence[Piece]) -> dict[str, tuple[str, int]]:
    """For each field of the form the piece that its first fact was read from: its anchor and line."""
    found: dict[str, tuple[str, int]] = {}
    for piece in pieces:
        for fact in piece.facts:
            found.setdefault(fact.field, (piece.anchor, fact.line))
    return found


def _cut(clause: Clause) -> Iterator[Piece]:
    if not clause.rows:
        yield Piece(clause.line, clause.text, clause.kind, clause.number)
        return
    for further, cells in enumerate(clause.rows):
        yield Piece(clause.line + further, " | ".join(cells), clause.kind)


def _place(one: Evidence, pieces: Sequence[Piece], plain: Sequence[str]) -> int | None:
    """The nearest piece that says what the evidence says: line numbers alone do not tell heads and feet apart."""
    said = _plain(one.text)
    if not said:
        return None
    saying = [place for place, text in enumerate(plain) if text and (said in text or text in said)]
    near = [place for place in saying if said in plain[place] or len(plain[place]) * 4 > len(said)]
    return min(near or saying, key=lambda place: (abs(pieces[place].line - one.line), place), default=None)


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
