"""A PDF's pages, text and active contents. PDFium is native code that meets hostile files: only ever in a child."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from governance.extract.plain_text import MAX_CHARACTERS
from governance.extract.unreadable import UnreadableDocument

MAX_PAGES = 500

LOCKED = "That PDF is password-protected. Upload an open copy: save or print it again as a PDF without a password."
NOT_SAFELY = "That PDF could not be read safely. Open it, print or save it again as a PDF, and upload that copy."
NO_TEXT = (
    "It has no text, only pictures of pages: it cannot be searched, and screen readers cannot read it. "
    "Upload the Word file it was made from if you have it."
)
_ACTIVE = "It holds {things}, which we do not run or show."


@dataclass(frozen=True)
class PdfText:
    """What was read: the number of pages, the lines of text, and what a person should know."""

    pages: int
    lines: list[str]
    warnings: list[str]


def read_pdf(data: bytes) -> PdfText:
    """The text of a PDF, page by page.

    Raises:
        UnreadableDocument: when it needs a password, has more than 500 pages, or cannot be read.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as problem:
        locked = problem.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        raise UnreadableDocument(LOCKED if locked else NOT_SAFELY) from problem
    with closing(document):
        pages = len(document)
        if pages > MAX_PAGES:
            raise UnreadableDocument(
                f"That PDF has {pages:,} pages; the most we take is {MAX_PAGES}. Split it into parts and upload each."
            )
        if pages == 0:
            raise UnreadableDocument(NOT_SAFELY)
        try:
            lines = _lines(document)
            return PdfText(pages, lines, list(_warnings(document, data, lines)))
        except pypdfium2.PdfiumError as problem:
            raise UnreadableDocument(NOT_SAFELY) from problem


def _lines(document: pypdfium2.PdfDocument) -> list[str]:
    lines: list[str] = []
    length = 0
    for page in document:
        with closing(page), closing(page.get_textpage()) as text_page:
            text = str(text_page.get_text_range())
        length += len(text)
        if length > MAX_CHARACTERS:
            raise UnreadableDocument(NOT_SAFELY)
        # PDFium marks a hyphen at a line's end with U+FFFE, and bullets often come from private-use fonts.
        text = re.sub("[\ufffe\u0002]\\s*", "", text).replace("\x00", "")
        lines.extend(re.sub("^[\ue000-\uf8ff•]\\s*", "- ", line.strip()) for line in re.split("\r\n|\r|\n", text))
        lines.append("")
    return lines


def _warnings(document: pypdfium2.PdfDocument, data: bytes, lines: list[str]) -> Iterator[str]:
    if not any(re.search(r"\w", line) for line in lines):
        yield NO_TEXT
    active = []
    if pdfium.FPDFDoc_GetJavaScriptActionCount(document) > 0 or re.search(rb"/(?:JavaScript|JS)\b", data):
        active.append("scripts")
    if pdfium.FPDFDoc_GetAttachmentCount(document) > 0 or b"/EmbeddedFile" in data:
        active.append("attached files")
    if re.search(rb"/Launch\b", data) or _launches(document):
        active.append("links that start programs")
    if active:
        yield _ACTIVE.format(things=" and ".join(active))


def _launches(document: pypdfium2.PdfDocument) -> bool:
    return any(pdfium.FPDFAction_GetType(action) == pdfium.PDFACTION_LAUNCH for action in _link_actions(document))


def _link_actions(document: pypdfium2.PdfDocument) -> Iterator[object]:
    for page in document:
        with closing(page):
            position, link = ctypes.c_int(0), pdfium.FPDF_LINK()
            while pdfium.FPDFLink_Enumerate(page, ctypes.byref(position), ctypes.byref(link)):
                yield pdfium.FPDFLink_GetAction(link)
