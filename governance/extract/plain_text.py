"""Bytes to text, and text to lines."""

from __future__ import annotations

import codecs
import re

from governance.extract.unreadable import UnreadableDocument

MAX_CHARACTERS = 2_000_000

UNSTORABLE = (
    "That file contains characters we cannot store. Open it in a text editor, save it as plain text (UTF-8), and upload "
    "that copy."
)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decoded(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 with its mark, or Windows-1252, with line ends made one.

    Raises:
        UnreadableDocument: for NUL or half characters, which no database stores, and for more than 2 million characters.
    """
    text = _as_text(data)
    if re.search("[\x00\ud800-\udfff]", text):
        raise UnreadableDocument(UNSTORABLE)
    if len(text) > MAX_CHARACTERS:
        raise UnreadableDocument(
            f"That document has {len(text):,} characters. The most we read is {MAX_CHARACTERS:,}: split it into parts."
        )
    return re.sub("\r\n?|\u2028|\u2029|\x0b|\x0c|\x85", "\n", text)


def _as_text(data: bytes) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strictly(data, encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _strictly(data, "cp1252")


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as problem:
        raise UnreadableDocument(UNSTORABLE) from problem
