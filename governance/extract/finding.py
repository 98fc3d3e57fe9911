"""Where a policy's text says certain words: clauses that hold all of them, with the words to be marked. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from governance.extract.clauses import Clause, ClauseKind

_AROUND = 110
_MOST_WORDS = 12
_WORD = re.compile(r"[\w][\w'-]*")


@dataclass(frozen=True)
class Place:
    """A clause that says it. `heading` is the one it stands under; `pieces` are its words, each told whether to mark it."""

    anchor: str
    number: str | None
    heading: str
    pieces: tuple[tuple[str, bool], ...]


def words_of(typed: str) -> tuple[str, ...]:
    """The words to look for: letters and figures, however they are written, each once; twelve at most."""
    return tuple(dict.fromkeys(_WORD.findall(_plain(typed))))[:_MOST_WORDS]


def places(clauses: Sequence[Clause], words: Sequence[str]) -> list[Place]:
    """Every clause that holds all the words, or the beginnings of such words, in reading order."""
    if not words:
        return []
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(word)}\w*" for word in sorted(words, key=len, reverse=True)))
    found, heading = [], ""
    for clause in clauses:
        if clause.kind is ClauseKind.HEADING:
            heading = clause.text
        plain = _plain(clause.text)
        spans = [match.span() for match in pattern.finditer(plain)]
        said = {word for start, end in spans for word in words if plain[start:end].startswith(word)}
        if said == set(words):
            found.append(Place(clause.anchor, clause.number, heading, _pieces(clause.text, spans)))
    return found


def _plain(text: str) -> str:
    """Small letters, plain apostrophes; as many characters as there were, so that places agree."""
    small = "".join(one if len(one.lower()) != 1 else one.lower() for one in text)
    return "".join(_without_accent(one) for one in small.replace("\u2019", "'"))


def _without_accent(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[:1]
    return base or letter


def _pieces(text: str, spans: Sequence[tuple[int, int]]) -> tuple[tuple[str, bool], ...]:
    first, last = max(spans[0][0] - _AROUND, 0), min(spans[0][1] + 2 * _AROUND, len(text))
    pieces: list[tuple[str, bool]] = [("… ", False)] if first else []
    at = first
    for start, end in spans:
        if end > last:
            break
        pieces += [(text[at:start], False), (text[start:end], True)]
        at = end
    pieces.append((text[at:last] + (" …" if last < len(text) else ""), False))
    return tuple(piece for piece in pieces if piece[0])
