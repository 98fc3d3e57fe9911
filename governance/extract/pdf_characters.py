"""The words of a PDF's page with their place, size and weight, as PDFium finds them.

    words_of(page)
      all characters of the page at once, cut at spaces
      first and last character of each word: box, baseline and text object (a call for every character is too slow)
      a word set in several ways ("12" and a raised "th") in pieces
      rotated words and pale watermarks left out

Places are in points from the page's upper left corner, as a reader holds the page.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

# PDFium marks a hyphen at a line's end with one of the last two.
_WORD = re.compile("[^\\s\ufffe\u0002]+[\ufffe\u0002]?|[\ufffe\u0002]")
_TEXT_FIXES = {0xFFFE: "-", 0x02: "-", 0x2010: "-", 0x2011: "-", 0xFEFF: None, 0x200B: None} | {
    0xFB00 + place: text for place, text in enumerate(["ff", "fi", "fl", "ffi", "ffl", "st", "st"])
}
_UNMAPPED = re.compile("[\x00-\x1f\x7f\ufffd\ufffe\uffff\ud800-\udfff]")
_BOLD_NAME = re.compile(r"(?i)bold|black|heavy|demi|(?<![a-z])bd(?![a-z])")
_ITALIC_NAME = re.compile(r"(?i)italic|oblique")
_PICTURE_FONT = re.compile(r"(?i)wingdings|webdings|dingbats|symbol")
_FORCED_BOLD, _ITALIC_FLAG = 1 << 18, 1 << 6
_BOLD_WEIGHT = 650
_WATERMARK_SIZE = 30
_LONGEST_WORD = 400
_TOUCHING = 0.15


def _plainly(function: Any, answers: Any, *takes: Any) -> Any:
    """One of PDFium's functions, of pointers as numbers: making an object of each costs more than the call."""
    return ctypes.CFUNCTYPE(answers, *takes)(ctypes.cast(function, ctypes.c_void_p).value or 0)


_at, _whole = ctypes.c_void_p, ctypes.c_int
_text_object = _plainly(pdfium.FPDFText_GetTextObject, _at, _at, _whole)
_origin = _plainly(pdfium.FPDFText_GetCharOrigin, _whole, _at, _whole, _at, _at)
_loose_box = _plainly(pdfium.FPDFText_GetLooseCharBox, _whole, _at, _whole, _at)


class Word(NamedTuple):
    """A word, or a piece of one set in one way. `y` is its baseline, `glued` that no space stands before it."""

    text: str
    left: float
    right: float
    y: float
    size: float
    strong: bool = False
    em: bool = False
    glued: bool = False
    href: str | None = None


@dataclass(frozen=True)
class Sheet:
    """How a page lies: its box in PDF's coordinates, and the quarter turns that most of its text makes."""

    left: float
    bottom: float
    right: float
    top: float
    turned: int = 0

    @property
    def width(self) -> float:
        """As a reader holds it."""
        return self.top - self.bottom if self.turned % 2 else self.right - self.left

    @property
    def height(self) -> float:
        """As a reader holds it."""
        return self.right - self.left if self.turned % 2 else self.top - self.bottom

    def place(self, x: float, y: float) -> tuple[float, float]:
        """A point of PDF's coordinates as distances from the left and the top."""
        if self.turned == 1:
            return y - self.bottom, x - self.left
        if self.turned == 2:
            return self.right - x, y - self.bottom
        if self.turned == 3:
            return self.top - y, self.right - x
        return x - self.left, self.top - y


class _Style(NamedTuple):
    size: float
    strong: bool
    em: bool
    pictures: bool
    # Quarter turns from upright, or None for a slant.
    turned: int | None
    pale: bool


class _Piece(NamedTuple):
    text: str
    first: int
    last: int
    style: _Style
    glued: bool


def words_of(text_page: Any, box: tuple[float, float, float, float]) -> tuple[list[Word], Sheet]:
    """The words of a page in the order they were drawn, and how the page lies; `box` is left, bottom, right, top."""
    reader = _Reader(text_page)
    pieces = [piece for piece in reader.pieces() if piece.style.turned is not None and not piece.style.pale]
    turns: Counter[int] = Counter()
    for piece in pieces:
        turns[piece.style.turned or 0] += len(piece.text)
    sheet = Sheet(*box, turned=turns.most_common(1)[0][0] if turns else 0)
    return list(_placed(reader, [piece for piece in pieces if piece.style.turned == sheet.turned], sheet)), sheet


def characters_of(text_page: Any) -> str:
    """Every character of a page, one for each of PDFium's positions."""
    count = pdfium.FPDFText_CountChars(text_page)
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (count * 2 + 2))()
    written = pdfium.FPDFText_GetText(text_page, 0, count, buffer)
    text = bytes(buffer)[: 2 * max(written - 1, 0)].decode("utf-16-le", "replace")
    if len(text) == count == written - 1:
        return text
    # Some characters are not in PDFium's text, or take two units there: then each is asked for.
    codes = (pdfium.FPDFText_GetUnicode(text_page, position) for position in range(count))
    return "".join(chr(code) if 0 < code < 0x110000 else "\x00" for code in codes)


class _Reader:
    """One page's characters. What PDFium writes its answers to is made once, since a page has hundreds of words."""

    def __init__(self, text_page: Any) -> None:
        self.text_page = text_page
        self.page_at = ctypes.cast(text_page.raw, ctypes.c_void_p)
        self.text = characters_of(text_page)
        self.styles: dict[int, _Style] = {}
        self.x, self.y, self.box = ctypes.c_double(0), ctypes.c_double(0), pdfium.FS_RECTF()
        self.x_to, self.y_to, self.box_to = ctypes.byref(self.x), ctypes.byref(self.y), ctypes.byref(self.box)

    def pieces(self) -> Iterator[_Piece]:
        page_at, styles, drawn_before = self.page_at, self.styles, 0
        for word in _WORD.finditer(self.text):
            start, end = word.span()
            last = _text_object(page_at, end - 1)
            if last and last == drawn_before and end - start <= _LONGEST_WORD:
                # What lies between two characters of one text object is of it too; most words are.
                yield _Piece(word[0], start, end - 1, styles[last], False)
                continue
            for at in range(start, end, _LONGEST_WORD):
                yield from self._word(at, min(at + _LONGEST_WORD, end))
            drawn_before = last if last in styles else 0

    def _word(self, start: int, end: int) -> Iterator[_Piece]:
        first, last = self._drawn_by(start), self._drawn_by(end - 1)
        if first == last or last == 0:
            yield _Piece(self.text[start:end], start, end - 1, self._style(first, start), False)
            return
        glued = False
        while start < end:
            stop, drawn = start + 1, self._drawn_by(start)
            while stop < end and self._drawn_by(stop) in (drawn, 0):
                stop += 1
            yield _Piece(self.text[start:stop], start, stop - 1, self._style(drawn, start), glued)
            start, glued = stop, True

    def _drawn_by(self, position: int) -> int:
        return _text_object(self.page_at, position) or 0

    def _style(self, drawn_by: int, position: int) -> _Style:
        if drawn_by not in self.styles or not drawn_by:
            self.styles[drawn_by] = _style_at(self.text_page, position)
        return self.styles[drawn_by]

    def extent(self, piece: _Piece, sheet: Sheet) -> tuple[float, float, float]:
        """Left, right and baseline of a piece."""
        _origin(self.page_at, piece.first, self.x_to, self.y_to)
        _loose_box(self.page_at, piece.last, self.box_to)
        box = self.box
        if not sheet.turned:
            left, right, baseline = self.x.value - sheet.left, box.right - sheet.left, sheet.top - self.y.value
            if -1e5 < left <= right < 1e5 and -1e5 < baseline < 1e5:
                return left, right, baseline
            left = _bounded(left)
            return left, max(_bounded(right), left), _bounded(baseline)
        left, baseline = sheet.place(self.x.value, self.y.value)
        right = max(sheet.place(box.left, box.bottom)[0], sheet.place(box.right, box.top)[0], left)
        return _bounded(left), _bounded(right), _bounded(baseline)


def _style_at(text_page: Any, position: int) -> _Style:
    matrix, flags, name = pdfium.FS_MATRIX(), ctypes.c_int(0), ctypes.create_string_buffer(128)
    pdfium.FPDFText_GetMatrix(text_page, position, ctypes.byref(matrix))
    pdfium.FPDFText_GetFontInfo(text_page, position, name, 128, ctypes.byref(flags))
    called = name.value.decode("utf-8", "replace")
    stretch = math.hypot(matrix.c, matrix.d)
    size = round(pdfium.FPDFText_GetFontSize(text_page, position) * stretch, 1)
    heavy = flags.value & _FORCED_BOLD or pdfium.FPDFText_GetFontWeight(text_page, position) >= _BOLD_WEIGHT
    return _Style(
        size=size if 0 < size < 2_000 else 1.0,
        strong=bool(_BOLD_NAME.search(called) or heavy),
        em=bool(_ITALIC_NAME.search(called) or flags.value & _ITALIC_FLAG),
        pictures=bool(_PICTURE_FONT.search(called)),
        turned=_quarter_turns(matrix.a, matrix.b),
        pale=size >= _WATERMARK_SIZE and _is_pale(text_page, position),
    )


def _quarter_turns(across: float, up: float) -> int | None:
    angle = math.degrees(math.atan2(up, across)) % 360
    nearest = round(angle / 90)
    return nearest % 4 if abs(angle - 90 * nearest) < 3 else None


def _is_pale(text_page: Any, position: int) -> bool:
    """Light grey or half transparent, as watermarks are; white letters on a banner are not."""
    red, green, blue, opaque = (ctypes.c_uint(0) for _ in range(4))
    if not pdfium.FPDFText_GetFillColor(text_page, position, *map(ctypes.byref, (red, green, blue, opaque))):
        return False
    tones = (red.value, green.value, blue.value)
    return opaque.value < 140 or (160 <= min(tones) <= 245 and max(tones) - min(tones) < 40)


def _placed(reader: _Reader, pieces: list[_Piece], sheet: Sheet) -> Iterator[Word]:
    before: Word | None = None
    for piece in pieces:
        text = _readable(piece)
        if not text:
            continue
        left, right, y = reader.extent(piece, sheet)
        here = Word(text, left, right, y, piece.style.size, piece.style.strong, piece.style.em)
        if piece.glued and before is not None and _touches(before, here):
            here = here._replace(y=before.y, glued=True)
            if here[4:7] == before[4:7]:
                before = before._replace(text=before.text + text, right=max(right, before.right))
                continue
        if before is not None:
            yield before
        before = here
    if before is not None:
        yield before


def _touches(before: Word, here: Word) -> bool:
    """Whether a piece of a word goes on with the one before: two cells of a table may stand too close for PDFium."""
    size = max(before.size, here.size)
    return abs(here.y - before.y) < size and -size < here.left - before.right < _TOUCHING * size


def _readable(piece: _Piece) -> str:
    """A piece's characters as they would be typed; a picture of a bullet is a bullet."""
    if (
        len(piece.text) == 1
        and (piece.style.pictures or _UNMAPPED.match(piece.text))
        and piece.text not in "\ufffe\x02"
    ):
        return "•"
    if piece.text.isascii() and piece.text.isprintable():
        return piece.text
    text = piece.text.translate(_TEXT_FIXES)
    if text.endswith("\u00ad"):
        text = text[:-1] + "-"
    return _UNMAPPED.sub("", text.replace("\u00ad", ""))


def _bounded(length: float) -> float:
    return length if -1e5 < length < 1e5 else 0.0
