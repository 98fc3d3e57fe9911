"""The words that facts are found by, when they are misspelt: "Adoped", "Revieiwed", "Goverors".

House rule: a word of a short line that is one slip away from such a word (a letter too many, too few, wrong, or two
changed places), and is no word itself, is read as that word. What is shown to people stays as it was written.
"""

from __future__ import annotations

import re
from functools import lru_cache

_TELLING = (
    "adopted approved ratified reviewed review revised updated governors governing governor headteacher trustees committee "
    "frequency annually responsible version approval adoption conjunction procedure"
).split()
# Real words that are one slip from those above.
_WORDS = frozenset(
    "adapted adopter adopters reviews reviewer reviewers preview previewed viewed approver approves approve governor governors "
    "headteachers trustee committees updates revises procedures versions responsibly governing revise adoptee".split()
)
_SHORT_LINE = 160
_WORD = re.compile(r"[A-Za-z]{5,14}")


def spelt(text: str) -> str:
    """The text with misspelt telling words put right, in the case they were written in."""
    return _WORD.sub(lambda match: _right(match[0]), text) if len(text) <= _SHORT_LINE else text


@lru_cache(maxsize=8192)
def _right(word: str) -> str:
    low = word.lower()
    if low in _TELLING or low in _WORDS:
        return word
    for telling in _TELLING:
        if abs(len(telling) - len(low)) <= 1 and len(telling) > 5 and telling[0] == low[0] and _one_slip(low, telling):
            return telling.upper() if word.isupper() else telling.capitalize() if word[0].isupper() else telling
    return word


def _one_slip(one: str, other: str) -> bool:
    first = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, rest_of_other = one[first:], other[first:]
    return (
        rest[1:] == rest_of_other
        or rest == rest_of_other[1:]
        or rest[1:] == rest_of_other[1:]
        or (rest[:2] == rest_of_other[1::-1] and rest[2:] == rest_of_other[2:])
    )
