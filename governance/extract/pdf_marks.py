"""What a line of a PDF begins with: a bullet, a number, a letter in brackets."""

from __future__ import annotations

import re
from typing import NamedTuple

from governance.extract.pdf_lines import Line

_BULLET = re.compile(r"[•·▪●○◦‣⁃■□▫➢✓✔►➤❖∙–—*-]|[\ue000-\uf8ff]|o")
_BULLET_JOINED = re.compile(r"(?:[•▪●○◦‣■□➢✓✔►➤❖]|[\ue000-\uf8ff])(?=\w)")
_NUMBER = re.compile(r"(?P<number>[1-9]\d{0,2}(?:\.(?:0|[1-9]\d{0,2})){0,5})(?P<end>[.):]?)")
_LETTER = re.compile(
    r"(?:\((?:[a-z]{1,2}|[ivx]{1,5}|\d{1,2}|[A-Z])\)|(?:[a-zA-Z]|[ivx]{2,5})\)|(?:[a-z]|[ivx]{2,5})\.)"
)
_TAB = 0.7


class Mark(NamedTuple):
    """What stands before a paragraph's words: `number` is None for a bullet. `left` is where it stands, `text_left` where
    the words after it begin. `words` and `letters` say what belongs to it: whole words, or letters of the first.
    """

    number: str | None
    left: float
    text_left: float
    words: int = 1
    letters: int = 0

    @property
    def is_figure(self) -> bool:
        """A number such as 3 or 3.1, not a letter or a bullet."""
        return self.number is not None and self.number[0].isdigit()


def mark_of(line: Line) -> Mark | None:
    """The mark a line begins with, if any."""
    if not line.words or line.entry:
        return None
    first = line.words[0]
    joined = _BULLET_JOINED.match(first.text)
    if joined:
        return Mark(None, first.left, first.left + line.size, 0, joined.end())
    if len(line.words) < 2 or line.words[1].glued:
        return None
    second = line.words[1]
    if _BULLET.fullmatch(first.text):
        return Mark(None, first.left, second.left)
    if _LETTER.fullmatch(first.text):
        return Mark(first.text.removesuffix("."), first.left, second.left)
    number = _NUMBER.fullmatch(first.text)
    if number and _is_number(line, number["number"], number["end"]):
        return Mark(number["number"], first.left, second.left)
    return None


def _is_number(line: Line, number: str, end: str) -> bool:
    """Whether figures number what follows: "3. Aims", "3.1 The school", "3 Aims" as a heading, not "3 days"."""
    first, second = line.words[0], line.words[1]
    if second.left - first.right > _TAB * line.size:
        return True
    if end or "." in number:
        return not second.text[0].islower() and second.text[0] not in "%£"
    return second.text[0].isupper() and len(number) < 3 and len(line.words) <= 12


def follows(before: str | None, number: str | None) -> bool:
    """Whether a single number is the next after another."""
    return bool(before and number and before.isdigit() and number.isdigit() and int(number) == int(before) + 1)
