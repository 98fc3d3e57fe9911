"""A look inside a file: is it safe, what does it say? Meant for a child process, since PDFs and zips may be hostile.

python -m governance.extract.examine < header line and bytes > answer
  header   one line of JSON, {"filename": …}
  answer   JSON: kind, pages, warnings, clauses, guesses, or {"refused": sentence}
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

from governance.extract.examined import Examined, as_answer, refusal_answer
from governance.extract.filenames import clean_filename
from governance.extract.guesses import guess
from governance.extract.kinds import Kind, identify
from governance.extract.pdf_files import read_pdf
from governance.extract.plain_text import decoded
from governance.extract.segmentation import read_clauses
from governance.extract.unreadable import UnreadableDocument
from governance.extract.word_packages import parts_of, warnings_of
from governance.extract.word_text import lines_of


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
    parts = parts_of(data)
    lines = lines_of(parts)
    warnings = warnings_of(parts)
    if not any(line.strip() for line in lines):
        warnings.append("It has no text that we could find.")
    return Examined(filename, kind, None, tuple(warnings), (), guess(lines))


def _pdf(filename: str, kind: Kind, data: bytes) -> Examined:
    pdf = read_pdf(data)
    return Examined(filename, kind, pdf.pages, tuple(pdf.warnings), (), guess(pdf.lines))


_EXAMINERS: dict[Kind, Callable[[str, Kind, bytes], Examined]] = {
    Kind.TEXT: _text,
    Kind.MARKDOWN: _text,
    Kind.DOCX: _word,
    Kind.PDF: _pdf,
}


def answer(payload: bytes) -> bytes:
    """The JSON answer to a header line and the bytes of a file."""
    header, _, data = payload.partition(b"\n")
    try:
        return as_answer(examine_here(json.loads(header)["filename"], data))
    except UnreadableDocument as refusal:
        return refusal_answer(refusal.message)


if __name__ == "__main__":
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))
