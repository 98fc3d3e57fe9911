"""What a file is, by its contents and not by its name; and the plain sentence when it is nothing we take in.

These are the cheap checks, safe to make in the web process. Reading any file is left to `examine`, in a child.
"""

from __future__ import annotations

import re
import struct
from enum import StrEnum

from governance.extract.filenames import clean_filename, ending_of
from governance.extract.plain_text import decoded
from governance.extract.unreadable import UnreadableDocument

MEBIBYTE = 1024 * 1024
MAX_BYTES = 25 * MEBIBYTE

ACCEPTED = (
    "Word (.docx), PDF (.pdf), OpenDocument (.odt), rich text (.rtf), a web page (.html), Markdown (.md) or plain text "
    "(.txt)"
)


class Kind(StrEnum):
    """The kinds of file that are stored."""

    DOCX = "docx"
    PDF = "pdf"
    ODT = "odt"
    RTF = "rtf"
    HTML = "html"
    MARKDOWN = "markdown"
    TEXT = "text"

    @property
    def media_type(self) -> str:
        """What the file is served as."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.PDF: "application/pdf",
    Kind.ODT: "application/vnd.oasis.opendocument.text",
    Kind.RTF: "application/rtf",
    Kind.HTML: "text/html",
    Kind.MARKDOWN: "text/markdown",
    Kind.TEXT: "text/plain",
}
_BY_ENDING = {
    ".docx": Kind.DOCX,
    ".pdf": Kind.PDF,
    ".odt": Kind.ODT,
    ".rtf": Kind.RTF,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".txt": Kind.TEXT,
}
_PLAIN = (Kind.MARKDOWN, Kind.TEXT)
_CALLED = {
    Kind.DOCX: "a Word document",
    Kind.PDF: "a PDF",
    Kind.ODT: "an OpenDocument text",
    Kind.RTF: "rich text",
    Kind.HTML: "a web page",
}
_DOCUMENTS = frozenset([*_BY_ENDING, ".doc", ".docm", ".dot", ".dotm", ".pages", ".wps"])
_TAGS = re.compile(rb"(?i)<(?:!doctype html|html|head|body|h[1-6]|p|div|table|ul|ol|meta|title)\b")
_LOOKED_AT = 4096
_ODF_TEXT = b"application/vnd.oasis.opendocument.text"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")

EMPTY = "That file is empty. Check that it was saved, then choose it again."
MACROS = "Files with macros are not accepted. In Word choose Save As, pick the type .docx, and upload that copy."
OLD_WORD = "That is an old Word file (.doc). In Word choose Save As, pick the type .docx, and upload that copy."
LOCKED_WORD = (
    "That Word file is password-protected. Open it in Word, take the password off (File, Info, Protect Document), "
    "save as .docx, and upload that copy."
)
_AS_PDF = "Open it in the program that made it, save it as a PDF, and upload that copy."
# What to do with the files that schools have beside those we read.
OTHERS = {
    ".pages": "That is a Pages document. In Pages choose File, Export To, Word, and upload that copy.",
    ".wps": "That is a Microsoft Works document. Open it in Word, choose Save As, pick the type .docx, and upload that copy.",
    ".odm": "That is a master document. In LibreOffice choose File, Export, pick the type .odt, and upload that copy.",
    ".ott": "That is a template. Open it in LibreOffice, choose Save As, pick the type .odt, and upload that copy.",
    ".dotx": "That is a Word template. Open it in Word, choose Save As, pick the type .docx, and upload that copy.",
    ".gdoc": "That file is only a link to a Google document. In Google Docs choose File, Download, Microsoft Word (.docx), "
    "and upload that copy.",
    **dict.fromkeys(
        (".mht", ".mhtml"),
        "That is a web archive. Open it in Word, choose Save As, pick the type .docx, and upload that copy.",
    ),
    **dict.fromkeys((".ppt", ".pptx", ".pps", ".ppsx", ".odp", ".key"), f"That is a presentation. {_AS_PDF}"),
    **dict.fromkeys((".xls", ".xlsx", ".xlsm", ".ods", ".numbers"), f"That is a spreadsheet. {_AS_PDF}"),
    ".pub": f"That is a Publisher document. {_AS_PDF}",
}


def too_large(size: int) -> str:
    """The sentence for a file over the limit, with both figures; `size` is in bytes."""
    return (
        f"That file is {size / MEBIBYTE:.1f} MB. The largest we take is {MAX_BYTES // MEBIBYTE} MB: "
        "make the pictures in it smaller, or save it again as a PDF."
    )


def identify(filename: str, data: bytes) -> Kind:
    """The kind of a file, from its contents; its name must agree.

    Raises:
        UnreadableDocument: when it is empty, too large, of a kind we do not take, or not what its name says.
    """
    ending = ending_of(clean_filename(filename))
    if not data:
        raise UnreadableDocument(EMPTY)
    if len(data) > MAX_BYTES:
        raise UnreadableDocument(too_large(len(data)))
    _refuse_other_word_files(ending, data)
    if ending in OTHERS:
        raise UnreadableDocument(OTHERS[ending])
    if ending not in _BY_ENDING:
        raise UnreadableDocument(f"{_named(ending)} Upload {ACCEPTED}.")
    kind, contents = _BY_ENDING[ending], _by_contents(data)
    if kind is Kind.HTML:
        _refuse_disguise(filename, ending)
    if kind in _PLAIN and contents in (None, Kind.HTML):
        _refuse_unless_text(ending, data)
    elif contents is not kind:
        raise UnreadableDocument(_mismatch(ending, kind, contents) if data.strip() else EMPTY)
    return kind


def _refuse_disguise(filename: str, ending: str) -> None:
    """Any text passes for a web page, so one that also claims to be another document is not taken for either."""
    inner = ending_of(clean_filename(filename)[: -len(ending)])
    if inner in _DOCUMENTS:
        raise UnreadableDocument(
            f"Files ending in {ending} are not accepted when {inner} stands before it. Upload {ACCEPTED}, with one ending."
        )


def _refuse_other_word_files(ending: str, data: bytes) -> None:
    if ending in (".docm", ".dotm"):
        raise UnreadableDocument(MACROS)
    if data.startswith(_OLE) and ending in (".doc", ".docx", ".dot", ""):
        raise UnreadableDocument(LOCKED_WORD if _ENCRYPTED_STREAM in data else OLD_WORD)
    if ending in (".doc", ".dot"):
        raise UnreadableDocument(OLD_WORD)


def _by_contents(data: bytes) -> Kind | None:
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _of_package(data)
    beginning = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if beginning.startswith(b"%PDF-"):
        return Kind.PDF
    if beginning.startswith(b"{\\rtf"):
        return Kind.RTF
    return Kind.HTML if _has_tags(data) else None


def _of_package(data: bytes) -> Kind | None:
    """A zip: OpenDocument says first of all what it is, in an entry that is not compressed; Word does not."""
    if data[30:38] != b"mimetype":
        return Kind.DOCX
    extra = struct.unpack_from("<H", data, 28)[0]
    return Kind.ODT if data.startswith(_ODF_TEXT, 38 + extra) else None


def _has_tags(data: bytes) -> bool:
    """Text with a web page's tags near its beginning, in UTF-16 too."""
    beginning = data[:_LOOKED_AT]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        beginning = beginning.replace(b"\x00", b"")
    return b"\x00" not in beginning and bool(_TAGS.search(beginning))


def _refuse_unless_text(ending: str, data: bytes) -> None:
    text = decoded(data)
    if not text.strip():
        raise UnreadableDocument(EMPTY)
    if any(ord(character) < 32 and character not in "\t\n\r\f\v\x1b" for character in text[:4096]):
        raise UnreadableDocument(f"That file ends in {ending} but its contents are not text. Upload {ACCEPTED}.")


def _named(ending: str) -> str:
    return f"Files ending in {ending} are not accepted." if ending else "That file's name has no ending."


def _mismatch(ending: str, kind: Kind, contents: Kind | None) -> str:
    if contents is None:
        return (
            f"That file is not {_CALLED[kind]}: its contents do not match the ending {ending}. "
            f"Open it in the program that made it and save it again as {ending}."
        )
    right = next(known for known, of_kind in _BY_ENDING.items() if of_kind is contents)
    return f"That file ends in {ending} but its contents are {_CALLED[contents]}. Rename it to end in {right} and try again."
