"""Which edition of itself a document says it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from governance.extract.dates import find_dates
from governance.extract.fields.labels import Fact, Label
from governance.extract.fields.source import Guess, Line, Source
from governance.extract.titles import KIND_WORD

_COVER_LINES = 40
_FIGURES = r"(?P<label>\d{1,3}(?:\.\d{1,3}){0,2}[a-z]?)"
_NUMBER_WORD = r"(?:no\.?|number)?"
_VERSION_LINE = re.compile(
    rf"(?i)^\(?(?:version|issue|edition|revision|rev\.?|v)\s*{_NUMBER_WORD}\s*[:.]?\s*{_FIGURES}\b(?!\s*\w+ing)"
)
_VERSION_IN_TITLE = re.compile(
    rf"(?i)\b(?:version\s+|v\.?\s?|issue\s+){_NUMBER_WORD}\s*(?P<label>\d{{1,3}}(?:\.\d{{1,3}}){{0,2}})\b"
)
# In a running head or foot: "Page 2 of 15 Version 1.9 Created May 2019", "HR/12, Issue 3 | May 2020". In running text
# the word has a small letter, and what follows goes on.
_IN_MIDST = re.compile(
    rf"(?:(?<=\d)|(?<=[|;,)–-]))\s+(?:Version|Issue|Edition|VERSION|ISSUE)\s+(?:No\.?\s*)?{_FIGURES}"
    r"(?=\s*(?:$|[|;,(–-]|[A-Z][a-z]+))"
)
_VERSION_VALUE = re.compile(
    r"(?i)^v?\.?\s*(?P<label>(?:(?:draft|final)\s*)?\d{1,3}(?:\.\d{1,3}){0,2}[a-z]?|draft|final)\b"
)
_LONGEST_PIECE, _LONGEST_LINE = 60, 100


def version_label(source: Source, facts: list[Fact]) -> Guess[str] | None:
    """The edition the document gives itself, without the word version: "2.1", "Draft 3"."""
    stated = [
        fact.line.guess(match["label"], 0.95)
        for fact in facts
        if fact.label is Label.VERSION
        and not _begins_with_date(fact.value)
        and (match := _VERSION_VALUE.match(fact.value))
    ]
    if stated:
        return max(stated, key=lambda guess: (_figures(guess.value), -guess.line))
    lines = list(source.filled())
    return _latest([*lines[:_COVER_LINES], *lines[-10:]])


def _latest(lines: Sequence[Line]) -> Guess[str] | None:
    """The first version that is named; in a list of them, one a line, the highest."""
    found: Guess[str] | None = None
    for line in lines:
        here = _named_in(line)
        if here is None:
            continue
        if found is None:
            found = here
        elif here.line - found.line > 2:
            break
        else:
            found = max(found, here, key=lambda guess: _figures(guess.value))
    return found


def _named_in(line: Line) -> Guess[str] | None:
    pieces = [piece for piece in line.pieces if len(piece) <= _LONGEST_PIECE]
    begun = [match for piece in pieces if (match := _VERSION_LINE.match(piece))]
    if begun:
        best = max(begun, key=lambda match: _figures(match["label"]))
        if not _begins_with_date(best.string[best.start("label") :]):
            return line.guess(best["label"], 0.85)
        # "Issue 8 June 2017" may be the eighth or that day's; "Issue: 8 June 2017" is that day's
        return None if ":" in best[0] else line.guess(best["label"], 0.6)
    if len(line.plain) > _LONGEST_LINE:
        return None
    if KIND_WORD.search(line.plain) and (match := _VERSION_IN_TITLE.search(line.plain)):
        return line.guess(match["label"], 0.85)
    match = _IN_MIDST.search(line.plain)
    return line.guess(match["label"], 0.75) if match else None


def _begins_with_date(text: str) -> bool:
    """ "Issue: 8 June 2017" is a day and no eighth issue."""
    return any(start == 0 for _, (start, _) in find_dates(text.strip()))


def _figures(label: str) -> tuple[int, ...]:
    return tuple(int(figure) for figure in re.findall(r"\d+", label))
