"""A document's lines made ready for reading facts from: marks removed, contents page left out, wrapped lines joined."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from governance.extract.contents_pages import contents_lines
from governance.extract.dates import StatedDate, find_dates, is_short_month
from governance.extract.fields.spelling import spelt

T = TypeVar("T")

_BULLET = re.compile(r"^\s*(?:[-*+•·▪●○◦‣–]|[\ue000-\uf8ff]|o(?=\s+[A-Z]))\s+")
_NUMBER = re.compile(r"^\s*(?:\d{1,2}(?:\.\d{1,2})*[.)]?|\([a-z]{1,3}\)|[a-z][.)])\s+(?=\S)")
_CELLS = re.compile(r"\t+|\s*\|\s*|\s{3,}")
_AFTER_YEAR = re.compile(
    r"(?<=\b(?:19|20)\d\d)\s+(?=[A-Z][a-z])"
    r"|,\s+(?=(?:(?:last\s+)?(?:revised|reviewed|updated)|approved|adopted|ratified|version|issue|next\s+review)\b)"
    r"|(?<=\d)\s+(?=(?:Updated|Reviewed|Revised|Last|Next|Approved|Adopted|Ratified|Review|Date)\b)"
)
_LONGEST_LINE = 20_000
_MOST_LINES = 50_000
_EVIDENCE = 300
_DOUBTFUL = 0.6


@dataclass(frozen=True)
class Guess(Generic[T]):
    """A value that a document seems to state, and where: `line` counts from 1, `confidence` is from 0 to 1."""

    value: T
    line: int
    text: str
    confidence: float


@dataclass(frozen=True)
class Line:
    """One line: `plain` has no Markdown marks, bullet or leading number, and common misspellings of the words that facts
    are found by are put right; `said` is the same as it was written. `cells` are its table cells or columns.
    """

    number: int
    plain: str
    bulleted: bool
    numbered: bool
    heading: bool
    cells: tuple[str, ...]
    said: str = ""

    @property
    def pieces(self) -> tuple[str, ...]:
        """What may state one fact each: its cells, parted where a year is followed by a new beginning, as in a running
        foot ("Last reviewed May 2024 Next review May 2025").
        """
        cells = _with_days(self.cells) if len(self.cells) > 1 else (self.plain,)
        return tuple(part for cell in cells for part in _AFTER_YEAR.split(cell) if part)

    def guess(self, value: T, confidence: float) -> Guess[T]:
        """A value with this line as its evidence."""
        if isinstance(value, StatedDate) and is_short_month(value):
            confidence = min(confidence, _DOUBTFUL)
        return Guess(value, self.number, (self.said or self.plain)[:_EVIDENCE], confidence)


@dataclass(frozen=True)
class Source:
    """What every field reads: the lines, and the passages (sentences that wrapped over lines, joined again)."""

    lines: tuple[Line, ...]
    passages: tuple[Line, ...]

    def filled(self) -> Iterator[Line]:
        """The lines that say something."""
        return (line for line in self.lines if line.plain)


def _with_days(cells: Sequence[str]) -> Iterator[str]:
    """Cells, with a cell that is only a date joined to the one before it."""
    held = ""
    for cell in cells:
        if held and is_day(cell):
            yield f"{held} {cell}"
            held = ""
            continue
        if held:
            yield held
        held = cell
    if held:
        yield held


def is_day(text: str) -> bool:
    """Whether the text is a date and nothing else."""
    found = find_dates(text)
    return bool(found) and found[0][1] == (0, len(text.strip()))


def source_of(lines: Sequence[str]) -> Source:
    """A document's lines made ready; lines beyond 50,000 and characters beyond 20,000 in one line are not looked at."""
    lines = [line[:_LONGEST_LINE] for line in lines[:_MOST_LINES]]
    hidden = contents_lines(lines)
    read = tuple(_line(number, "" if number - 1 in hidden else line) for number, line in enumerate(lines, 1))
    return Source(read, tuple(_passages(read)))


def plain(text: str) -> str:
    """A line without Markdown's marks: links as their words, no stars or backslashes, ordinary spaces and quotes."""
    text = re.sub(r"!?\[([^\[\]]*)\]\([^()]*\)", r"\1", text)
    text = re.sub(r"\*{1,3}|(?<!\w)_{1,2}(?=\w)|(?<=[\w.,:])_{1,2}(?!\w)|`|\\(?=[^\w\s])", "", text)
    text = text.replace("\u2019", "'").replace("\u00ad", "")
    return re.sub(r"[\u00a0\u2002-\u200a]", " ", text)


def _line(number: int, raw: str) -> Line:
    text = plain(raw)
    heading = bool(re.match(r"\s{0,3}#{1,6}\s", raw)) or bool(
        re.fullmatch(r"\s*(?:\*\*|__).{2,90}(?:\*\*|__):?\s*", raw)
    )
    text = re.sub(r"^\s{0,3}#{1,6}\s+|\s#+\s*$", "", text)
    bullet = _BULLET.match(text)
    text = text[bullet.end() :] if bullet else text
    numbered = None if _starts_with_date(text) or _is_row(text) else _NUMBER.match(text)
    text = text[numbered.end() :] if numbered else text
    cells = tuple(spelt(cell.strip()) for cell in _CELLS.split(text.strip().strip("|")))
    if all(re.fullmatch(r":?-+:?", cell) for cell in cells):
        text, cells = "", ()
    said = " ".join(text.split()).strip("| ")
    return Line(number, spelt(said), bool(bullet), bool(numbered), heading, cells, said)


def _is_row(text: str) -> bool:
    """A row of cells, whose first may be a number that is no clause's: "4 | Governing Body | May 2024"."""
    cells = [cell for cell in _CELLS.split(text.strip().strip("|")) if cell.strip()]
    return len(cells) > 2 or (len(cells) == 2 and bool(find_dates(cells[1])))


def _starts_with_date(text: str) -> bool:
    found = find_dates(text[:60]) if text.lstrip()[:1].isdigit() else []
    return bool(found) and not text[: found[0][1][0]].strip()


def _passages(lines: Sequence[Line]) -> Iterator[Line]:
    held: Line | None = None
    for line in lines:
        if held is not None and _runs_on(held, line):
            joined = f"{held.plain} {line.plain}"
            said = f"{held.said} {line.said}"
            held = Line(held.number, joined, held.bulleted, held.numbered, held.heading, (joined,), said)
            continue
        if held is not None and held.plain:
            yield held
        held = line
    if held is not None and held.plain:
        yield held


def _runs_on(held: Line, line: Line) -> bool:
    if not held.plain or not line.plain or line.bulleted or line.numbered or line.heading or held.heading:
        return False
    if len(held.plain) > _LONGEST_LINE or len(line.cells) > 1 or len(held.cells) > 1:
        return False
    if line.plain[0].islower():
        return held.plain[-1] not in ".:;"
    return len(held.plain) >= 55 and held.plain[-1] not in ".:;?!"
