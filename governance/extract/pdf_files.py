"""A PDF's pages, text and active contents. PDFium is native code that meets hostile files: only ever in a child."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing

import pypdfium2
import pypdfium2.raw as pdfium

from governance.extract.blocks import Content, set_out
from governance.extract.pdf_layout import laid_out
from governance.extract.pdf_pages import Page, page_of
from governance.extract.plain_text import MAX_CHARACTERS
from governance.extract.unreadable import UnreadableDocument

MAX_PAGES = 500

LOCKED = "That PDF is password-protected. Upload an open copy: save or print it again as a PDF without a password."
NOT_SAFELY = "That PDF could not be read safely. Open it, print or save it again as a PDF, and upload that copy."
TOO_LONG = "That PDF has more than {:,} characters, the most we read. Split it into parts and upload each."
NO_TEXT = (
    "It has no text, only pictures of pages: it cannot be searched, and screen readers cannot read it. "
    "Upload the Word file it was made from if you have it."
)
_PICTURES = "{pages} {has} no text, only a picture: what {it} cannot be searched, and screen readers cannot read it."
_ACTIVE = "It holds {things}, which we do not run or show."


def read_pdf(data: bytes) -> Content:
    """What a PDF says, as blocks and lines.

    Raises:
        UnreadableDocument: when it needs a password, has more than 500 pages, or cannot be read.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as problem:
        locked = problem.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        raise UnreadableDocument(LOCKED if locked else NOT_SAFELY) from problem
    with closing(document):
        count = len(document)
        if count > MAX_PAGES:
            raise UnreadableDocument(
                f"That PDF has {count:,} pages; the most we take is {MAX_PAGES}. Split it into parts and upload each."
            )
        if count == 0:
            raise UnreadableDocument(NOT_SAFELY)
        try:
            pages = _pages(document)
        except pypdfium2.PdfiumError as problem:
            raise UnreadableDocument(NOT_SAFELY) from problem
        warnings = [*_of_pictures(pages), *_of_active_contents(document, data, pages)]
    blocks, above, below = laid_out(pages)
    return set_out(blocks, above=above, below=below, pages=count, warnings=warnings)


def _pages(document: pypdfium2.PdfDocument) -> list[Page]:
    pages: list[Page] = []
    length = 0
    for number, document_page in enumerate(document):
        page = page_of(document_page, number)
        length += sum(len(word.text) + 1 for word in page.words)
        if length > MAX_CHARACTERS:
            raise UnreadableDocument(TOO_LONG.format(MAX_CHARACTERS))
        pages.append(page)
    return pages


def _of_pictures(pages: Sequence[Page]) -> Iterator[str]:
    """What is said of scanned pages; a blank page is not one."""
    empty = [page for page in pages if not any(re.search(r"\w", word.text) for word in page.words)]
    if len(empty) == len(pages):
        yield NO_TEXT
        return
    numbers = [str(page.number + 1) for page in empty if page.has_picture]
    if len(numbers) == 1:
        yield _PICTURES.format(pages=f"Page {numbers[0]}", has="has", it="it says")
    elif numbers:
        listed = f"{', '.join(numbers[:-1])} and {numbers[-1]}"
        yield _PICTURES.format(pages=f"Pages {listed}", has="have", it="they say")


def _of_active_contents(document: pypdfium2.PdfDocument, data: bytes, pages: Sequence[Page]) -> Iterator[str]:
    active = []
    if pdfium.FPDFDoc_GetJavaScriptActionCount(document) > 0 or re.search(rb"/(?:JavaScript|JS)\b", data):
        active.append("scripts")
    if pdfium.FPDFDoc_GetAttachmentCount(document) > 0 or b"/EmbeddedFile" in data:
        active.append("attached files")
    if re.search(rb"/Launch\b", data) or any(page.launches for page in pages):
        active.append("links that start programs")
    if active:
        yield _ACTIVE.format(things=" and ".join(active))
