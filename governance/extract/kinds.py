"""What a file is, by its contents and not by its name; and the plain sentence when it is nothing we take in.

These are the cheap checks, safe to make in the web process. Opening a Word or PDF file is left to `examine`, in a child.
"""

from __future__ import annotations

from enum import StrEnum

from governance.extract.filenames import clean_filename, ending_of
from governance.extract.plain_text import decoded
from governance.extract.unreadable import UnreadableDocument

MEBIBYTE = 1024 * 1024
MAX_BYTES = 25 * MEBIBYTE

ACCEPTED = "Word (.docx), PDF (.pdf), Markdown (.md) or plain text (.txt)"


class Kind(StrEnum):
    """The kinds of file that are stored."""

    DOCX = "docx"
    PDF = "pdf"
    MARKDOWN = "markdown"
    TEXT = "text"

    @property
    def media_type(self) -> str:
        """What the file is served as."""
        return _MEDIA_TYPES[self]

    @property
    def has_clauses(self) -> bool:
        """Whether it is read by clause; the others are shown as their original."""
        return self in (Kind.MARKDOWN, Kind.TEXT)


_MEDIA_TYPES = {
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.PDF: "application/pdf",
    Kind.MARKDOWN: "text/markdown; charset=utf-8",
    Kind.TEXT: "text/plain; charset=utf-8",
}
_BY_ENDING = {
    ".docx": Kind.DOCX,
    ".pdf": Kind.PDF,
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".txt": Kind.TEXT,
}
_CALLED = {Kind.DOCX: "a Word document", Kind.PDF: "a PDF"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")

EMPTY = "That file is empty. Check that it was saved, then choose it again."
MACROS = "Files with macros are not accepted. In Word choose Save As, pick the type .docx, and upload that copy."
OLD_WORD = "That is an old Word file (.doc). In Word choose Save As, pick the type .docx, and upload that copy."
LOCKED_WORD = (
    "That Word file is password-protected. Open it in Word, take the password off (File, Info, Protect Document), "
    "save as .docx, and upload that copy."
)


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
    if ending not in _BY_ENDING:
        raise UnreadableDocument(f"{_named(ending)} Upload {ACCEPTED}.")
    kind, contents = _BY_ENDING[ending], _by_contents(data)
    if kind.has_clauses and contents is None:
        _refuse_unless_text(ending, data)
        return kind
    if contents is not kind:
        raise UnreadableDocument(_mismatch(ending, kind, contents))
    return kind


def _refuse_other_word_files(ending: str, data: bytes) -> None:
    if ending in (".docm", ".dotm"):
        raise UnreadableDocument(MACROS)
    if data.startswith(_OLE) and ending in (".doc", ".docx", ".dot", ""):
        raise UnreadableDocument(LOCKED_WORD if _ENCRYPTED_STREAM in data else OLD_WORD)
    if ending in (".doc", ".dot"):
        raise UnreadableDocument(OLD_WORD)


def _by_contents(data: bytes) -> Kind | None:
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Kind.DOCX
    if data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\x00").startswith(b"%PDF-"):
        return Kind.PDF
    return None


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
