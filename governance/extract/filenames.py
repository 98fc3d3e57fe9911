"""A file's name as a person may see it; files are stored under random names, never under this one."""

from __future__ import annotations

import unicodedata

LONGEST_NAME = 120
UNNAMED = "document"

# Joiners that Arabic, Persian and family emoji need; every other invisible character goes.
_JOINERS = "\u200c\u200d"
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def clean_filename(name: str) -> str:
    """The name without folders, control characters or direction overrides, at most 120 characters with its ending kept.

    Emoji, Welsh and Arabic names stay as they are. A name of nothing but refuse becomes "document".
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(character for character in unicodedata.normalize("NFC", last) if _visible(character))
    seen = " ".join(seen.split()).strip(". ")
    if len(seen) > LONGEST_NAME:
        ending = ending_of(seen)
        seen = seen[: LONGEST_NAME - len(ending)].rstrip() + seen[len(seen) - len(ending) :]
    return seen or UNNAMED


def ending_of(name: str) -> str:
    """The last ending with its dot, in small letters: ".html" for "policy.pdf.html"; empty when there is none."""
    stem, dot, ending = name.rpartition(".")
    return f".{ending}".lower() if dot and stem and len(ending) <= 10 else ""


def _visible(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character) not in _INVISIBLE
