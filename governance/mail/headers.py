"""What may stand in a mail's header. Our own guard, as Python's has let line breaks through more than once.

Python's header classes decode `=?utf-8?q?…?=` in plain text that is given to them, so a policy's title could smuggle in
a line break that is not there to be seen (CVE-2024-6923 and CVE-2026-1299 are of this kind). Hence two refusals:
control characters, and anything that reads as an encoded word.
"""

from __future__ import annotations

import re
import unicodedata

from governance.errors import Refusal

LONGEST_HEADER = 300
LONGEST_SUBJECT = 150
LONGEST_ADDRESS = 254
LONGEST_FILENAME = 120

_ENCODED_WORD = re.compile(r"=\?[^?]*\?[^?]*\?.*?\?=", re.DOTALL)
# Line and paragraph separators are no control characters to Unicode, yet some programs break lines at them.
_BREAKS = "\u0085\u2028\u2029"
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+"
)
_NOT_IN_FILENAMES = re.compile(r'[\\/:*?"<>|]+')


def header_text(text: str, what: str = "subject") -> str:
    """The text itself, once it is known to be safe as a header.

    Raises:
        Refusal: for line breaks, control characters, encoded words, text that is empty or too long.
    """
    if not text.strip():
        raise Refusal.one(f"The mail's {what} is empty.", what)
    if any(_is_control(character) for character in text):
        raise Refusal.one(f"The mail's {what} contains a line break or a character that cannot be sent.", what)
    if _ENCODED_WORD.search(text):
        raise Refusal.one(f"The mail's {what} contains encoded text (=?…?=), which mail programs would alter.", what)
    if len(text) > LONGEST_HEADER:
        raise Refusal.one(f"The mail's {what} is longer than {LONGEST_HEADER} characters.", what)
    return text


def address(text: str) -> str:
    """One plain mail address, without a name.

    Raises:
        Refusal: for anything that is not exactly one address of the common form.
    """
    if len(text) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(text) or ".." in text or text.startswith("."):
        raise Refusal.one("Give one full e-mail address, such as helen@oakfield.sch.uk.", "to")
    local, _, _domain = text.partition("@")
    if local.endswith("."):
        raise Refusal.one("Give one full e-mail address, such as helen@oakfield.sch.uk.", "to")
    return text


def shortened(text: str, longest: int = LONGEST_SUBJECT) -> str:
    """The text, cut at a word with an ellipsis where it is too long to be read in a list of mails."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    head, space, _ = cut.rpartition(" ")
    return f"{head if space else cut}…"


def filename(text: str) -> str:
    """A name for an attachment that any system can save: no folders, no controls, its ending kept.

    Letters of any language stay; they travel as RFC 2231 parameters, the mail's form of RFC 6266.
    """
    kept = "".join(character for character in text if not _is_control(character) and not _turns_text(character))
    kept = _NOT_IN_FILENAMES.sub("-", kept).strip(" .-")
    stem, dot, ending = kept.rpartition(".")
    if not dot or len(ending) > 8:
        stem, ending = kept, ""
    room = LONGEST_FILENAME - len(ending) - 1
    # No encoded word can be left in it: those need a question mark.
    return (stem[:room].rstrip(" .-") or "attachment") + (f".{ending}" if ending else "")


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs") or character in _BREAKS


def _turns_text(character: str) -> bool:
    """Characters that show `gpj.exe` as `exe.jpg`, or show nothing at all."""
    return unicodedata.category(character) == "Cf"
