"""Names as people type them: tidied for keeping, folded for matching and for the order of lists. Pure."""

from __future__ import annotations

import re
import unicodedata

# Letters that Unicode does not take apart into a plain letter and a mark, and the curly apostrophes.
_PLAIN = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i", "\u2019": "'", "\u2018": "'"}
)
_INVISIBLE = re.compile("[\u200b\u2060\ufeff]")
# Marks that turn the direction of writing can make a name read as another one.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def tidy(text: str) -> str:
    """The text in composed form, with single spaces and none at its ends, otherwise as it was typed."""
    plain = text if text.isascii() else _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return " ".join(plain.split())


def fold(text: str) -> str:
    """The key of a name: no case, no accents, single spaces. Only for matching and ordering, never shown."""
    if text.isascii():
        return " ".join(text.casefold().split())
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", plain)).translate(_PLAIN).split())


def unstorable(text: str) -> bool:
    """Whether a line of text holds what cannot be kept or would mislead: control characters, half characters, turns.

    White space at the ends or between words is no reason: `tidy` makes single spaces of it.
    """
    if text.isascii() and text.isprintable():
        return False
    if _TURNING.search(text):
        return True
    return any(unicodedata.category(letter) in ("Cc", "Cs") and not letter.isspace() for letter in text)
