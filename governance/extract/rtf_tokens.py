"""Rich text as tokens: groups, control words, and the words between them. Nothing here knows what a control word means."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from governance.extract.unreadable import UnreadableDocument

_SAVE_AGAIN = "Open it in Word or LibreOffice, save it again, and upload that copy."
DAMAGED = f"That rich text file is damaged. {_SAVE_AGAIN}"
TOO_MANY = f"That rich text file is made of too many pieces, so we did not read it. {_SAVE_AGAIN}"
MAX_TOKENS = 1_500_000
# A whole number of 16 bits, and what careless programs write for emoji.
_LARGEST = 0x10FFFF
_TOKEN = re.compile(
    rb"([{}])|\\'([0-9A-Fa-f]{2})|\\([A-Za-z]{1,40})(-?[0-9]{1,10})? ?|\\([^A-Za-z])|[\r\n\x00]+|([^\\{}\r\n\x00]+)|\\"
)
_CODE_PAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
SYMBOLS = "symbols"
_CHARSETS = {
    2: SYMBOLS,
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    134: "gbk",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}


class Token(NamedTuple):
    """`kind` is "open", "close", "word" (a control word, with its `value`), "sign" (a control symbol) or "text"; a `text`
    of bytes waits for a code page.
    """

    kind: str
    name: str = ""
    value: int | None = None
    text: bytes = b""


def tokens_of(data: bytes) -> Iterator[Token]:
    """The tokens of a file, in order.

    Raises:
        UnreadableDocument: for more than 1.5 million tokens.
    """
    position = count = 0
    while (match := _TOKEN.match(data, position)) is not None:
        position = match.end()
        count += 1
        if count > MAX_TOKENS:
            raise UnreadableDocument(TOO_MANY)
        token = _token(match)
        if token is not None:
            yield token
            if token.name == "bin":
                position += min(max(token.value or 0, 0), len(data))


def _token(match: re.Match[bytes]) -> Token | None:
    """A token; None for the ends of lines, which say nothing."""
    brace, hexed, name, number, sign, text = match.groups()
    if text:
        return Token("text", text=text)
    if name:
        return Token("word", name.decode("ascii"), int(number) if number else None)
    if brace:
        return Token("open" if brace == b"{" else "close")
    if hexed:
        return Token("text", text=bytes.fromhex(hexed.decode("ascii")))
    return Token("sign", sign.decode("latin-1")) if sign else None


def code_page(name: str, value: int | None = None) -> str:
    """The codec for "ansicpg" with its value, or for "mac", "pc" and "pca"; Windows-1252 for what nobody knows."""
    wanted = _CODE_PAGES.get(name) or ("utf-8" if value == 65001 else f"cp{value}")
    try:
        # Some codecs turn bytes into bytes; those named by a code page do not.
        return codecs.lookup(wanted).name
    except LookupError:
        return "cp1252"


def charset_page(charset: int | None) -> str | None:
    """The codec of a font's character set; None for the document's own, SYMBOLS for a font of signs and ticks."""
    return _CHARSETS.get(charset or 0)


def character(value: int | None) -> str:
    """The character, or half character, that \\u names; negative numbers count back from 65,536. Empty for nonsense."""
    number = value if value is not None else -1
    if -0x8000 <= number < 0:
        number += 0x10000
    return chr(number) if value is not None and 0 < number <= _LARGEST else ""


def whole_characters(text: str) -> str:
    """Pairs of half characters become one; a half that stands alone becomes the sign for a lost one."""
    if not re.search("[\ud800-\udfff]", text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
