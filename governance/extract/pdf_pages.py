"""A PDF's page as it lies: words, the lines ruled on it, links, and whether it holds a picture."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from governance.extract.blocks import SAFE_LINK
from governance.extract.pdf_characters import Sheet, Word, words_of

_MOST_OBJECTS = 20_000
_MOST_CORNERS = 400
_MOST_LINKS = 2_000
_MOST_ADDRESSES = 200
_THIN = 3.0
_SHORTEST_RULE = 8.0
_LONGEST_ADDRESS = 2_000


class Rule(NamedTuple):
    """A straight line ruled across or down a page, from `start` to `end` at the distance `at`."""

    across: bool
    at: float
    start: float
    end: float


class _Link(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float
    href: str


@dataclass
class Page:
    """A page, its places in points from the upper left corner. `launches` says that a link would start a program."""

    number: int
    sheet: Sheet
    words: list[Word]
    rules: list[Rule] = field(default_factory=list)
    has_picture: bool = False
    launches: bool = False


def page_of(document_page: Any, number: int) -> Page:
    """A page read; `number` counts from 0."""
    with closing(document_page), closing(document_page.get_textpage()) as text_page:
        words, sheet = words_of(text_page, _box(document_page))
        page = Page(number, sheet, words)
        links = list(_links(document_page, page))
        if links:
            page.words = [part for word in words for part in _linked(word, links)]
        _look_at_objects(document_page, page)
    return page


def _box(document_page: Any) -> tuple[float, float, float, float]:
    box = pdfium.FS_RECTF()
    if (
        pdfium.FPDF_GetPageBoundingBox(document_page, ctypes.byref(box))
        and box.right > box.left
        and box.top > box.bottom
    ):
        return box.left, box.bottom, box.right, box.top
    return 0.0, 0.0, 595.0, 842.0


def _look_at_objects(document_page: Any, page: Page) -> None:
    for position in range(min(pdfium.FPDFPage_CountObjects(document_page), _MOST_OBJECTS)):
        drawn = pdfium.FPDFPage_GetObject(document_page, position)
        kind = pdfium.FPDFPageObj_GetType(drawn)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            page.rules.extend(_rules_of(drawn, page.sheet))
        elif kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM):
            page.has_picture = True


def _rules_of(drawn: Any, sheet: Sheet) -> Iterator[Rule]:
    """The ruled lines of a path: itself when it is thin, the sides of a rectangle, or each straight part of a grid."""
    left, bottom, right, top = (ctypes.c_float(0) for _ in range(4))
    if not _shows(drawn) or not pdfium.FPDFPageObj_GetBounds(drawn, *map(ctypes.byref, (left, bottom, right, top))):
        return
    (x0, y0), (x1, y1) = sheet.place(left.value, top.value), sheet.place(right.value, bottom.value)
    x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
    corners = pdfium.FPDFPath_CountSegments(drawn)
    if min(x1 - x0, y1 - y0) < _THIN:
        yield from _straight(x0, y0, x1, y1)
    elif corners <= 5:
        for side in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
            yield from _straight(*side)
    elif corners <= _MOST_CORNERS:
        yield from _parts_of(drawn, corners, sheet)


def _shows(drawn: Any) -> bool:
    fill, stroke = ctypes.c_int(0), ctypes.c_int(0)
    pdfium.FPDFPath_GetDrawMode(drawn, ctypes.byref(fill), ctypes.byref(stroke))
    return bool(fill.value or stroke.value)


def _parts_of(drawn: Any, corners: int, sheet: Sheet) -> Iterator[Rule]:
    matrix, x, y = pdfium.FS_MATRIX(), ctypes.c_float(0), ctypes.c_float(0)
    pdfium.FPDFPageObj_GetMatrix(drawn, ctypes.byref(matrix))
    before: tuple[float, float] | None = None
    for position in range(corners):
        segment = pdfium.FPDFPath_GetPathSegment(drawn, position)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        here = sheet.place(
            matrix.a * x.value + matrix.c * y.value + matrix.e, matrix.b * x.value + matrix.d * y.value + matrix.f
        )
        if before is not None and pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_LINETO:
            yield from _straight(
                min(before[0], here[0]), min(before[1], here[1]), max(before[0], here[0]), max(before[1], here[1])
            )
        before = here


def _straight(x0: float, y0: float, x1: float, y1: float) -> Iterator[Rule]:
    if y1 - y0 < _THIN and x1 - x0 >= _SHORTEST_RULE:
        yield Rule(True, (y0 + y1) / 2, x0, x1)
    elif x1 - x0 < _THIN and y1 - y0 >= _SHORTEST_RULE:
        yield Rule(False, (x0 + x1) / 2, y0, y1)


def _links(document_page: Any, page: Page) -> Iterator[_Link]:
    """The links to web and mail addresses; one that would start a program is only noted."""
    position, link, box, found = ctypes.c_int(0), pdfium.FPDF_LINK(), pdfium.FS_RECTF(), 0
    for _ in range(_MOST_LINKS):
        if not pdfium.FPDFLink_Enumerate(document_page, ctypes.byref(position), ctypes.byref(link)):
            return
        action = pdfium.FPDFLink_GetAction(link)
        kind = pdfium.FPDFAction_GetType(action)
        page.launches = page.launches or kind == pdfium.PDFACTION_LAUNCH
        if kind != pdfium.PDFACTION_URI or found >= _MOST_ADDRESSES:
            continue
        href = _address(document_page, action)
        if SAFE_LINK.fullmatch(href) and pdfium.FPDFLink_GetAnnotRect(link, ctypes.byref(box)):
            found += 1
            (x0, y0), (x1, y1) = page.sheet.place(box.left, box.top), page.sheet.place(box.right, box.bottom)
            yield _Link(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), href)


def _address(document_page: Any, action: Any) -> str:
    buffer = ctypes.create_string_buffer(_LONGEST_ADDRESS)
    length = pdfium.FPDFAction_GetURIPath(document_page.pdf, action, buffer, _LONGEST_ADDRESS)
    return buffer.value.decode("utf-8", "replace") if 0 < length <= _LONGEST_ADDRESS else ""


def _linked(word: Word, links: list[_Link]) -> list[Word]:
    """A word with the address of the link it stands in; brackets and stops beside the link are not part of it."""
    x, y = (word.left + word.right) / 2, word.y - word.size / 4
    link = next((link for link in links if link.left <= x <= link.right and link.top <= y <= link.bottom), None)
    if link is None:
        return [word]
    before, text, after = "", word.text, ""
    if word.left < link.left - 1:
        text = word.text.lstrip("([{<\"'“‘")
        before = word.text[: len(word.text) - len(text)]
    if word.right > link.right + 1:
        text, whole = text.rstrip(")]}>\"'”’.,;:"), text
        after = whole[len(text) :]
    parts = [(before, None), (text, link.href), (after, None)]
    return [
        word._replace(text=part, href=href, glued=word.glued if place == 0 or not before and place == 1 else True)
        for place, (part, href) in enumerate(parts)
        if part
    ]
