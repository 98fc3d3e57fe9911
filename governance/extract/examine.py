"""A look inside a file: is it safe, what does it say? Meant for a child process, since PDFs and zips may be hostile.

python -m governance.extract.examine < header line and bytes > answer
  header   one line of JSON, {"filename": …}
  answer   JSON: kind, pages, warnings, clauses, guesses, or {"refused": sentence}
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

from governance.extract.blocks import Content
from governance.extract.examined import Examined, as_answer, refusal_answer
from governance.extract.filenames import clean_filename
from governance.extract.guesses import guess
from governance.extract.html_blocks import read_html
from governance.extract.kinds import Kind, identify
from governance.extract.odt_blocks import read_odt
from governance.extract.pdf_files import read_pdf
from governance.extract.plain_text import decoded
from governance.extract.rtf_blocks import read_rtf
from governance.extract.segmentation import clauses_of_content, read_clauses
from governance.extract.unreadable import UnreadableDocument
from governance.extract.word_blocks import read_word
from governance.extract.word_packages import parts_of


def examine_here(filename: str, data: bytes) -> Examined:
    """The file examined in this very process. For Word and PDF that is for a child alone.

    Raises:
        UnreadableDocument: with the sentence for the person who chose the file.
    """
    kind = identify(filename, data)
    return _EXAMINERS[kind](clean_filename(filename), kind, data)


def _text(filename: str, kind: Kind, data: bytes) -> Examined:
    text = decoded(data)
    return Examined(filename, kind, None, (), read_clauses(text), guess(text.split("\n")))


def _word(filename: str, kind: Kind, data: bytes) -> Examined:
    return _read(filename, kind, read_word(parts_of(data)))


def _pdf(filename: str, kind: Kind, data: bytes) -> Examined:
    return _read(filename, kind, read_pdf(data))


_EXAMINERS: dict[Kind, Callable[[str, Kind, bytes], Examined]] = {
    Kind.TEXT: _text,
    Kind.MARKDOWN: _text,
    Kind.DOCX: _word,
    Kind.PDF: _pdf,
    Kind.ODT: lambda filename, kind, data: _read(filename, kind, read_odt(data)),
    Kind.RTF: lambda filename, kind, data: _read(filename, kind, read_rtf(data)),
    Kind.HTML: lambda filename, kind, data: _read(filename, kind, read_html(data)),
}


def _read(filename: str, kind: Kind, content: Content) -> Examined:
    """What was read, by clause and with what it says of itself."""
    found = guess(list(content.lines))
    return Examined(filename, kind, content.pages, content.warnings, clauses_of_content(content), found)


def answer(payload: bytes) -> bytes:
    """The JSON answer to a header line and the bytes of a file."""
    header, _, data = payload.partition(b"\n")
    try:
        return as_answer(examine_here(json.loads(header)["filename"], data))
    except UnreadableDocument as refusal:
        return refusal_answer(refusal.message)


if __name__ == "__main__":
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))
