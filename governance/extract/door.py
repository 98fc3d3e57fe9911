"""The one way in for documents: examined in a fresh process with limits, so that a hostile file harms only itself."""

from __future__ import annotations

import json

from governance import child
from governance.extract.examined import Examined, from_answer
from governance.extract.filenames import clean_filename
from governance.extract.kinds import Kind, identify
from governance.extract.unreadable import UnreadableDocument

# An ordinary policy takes well under a second.
LIMITS = child.Limits(seconds=20, memory_mb=1024, output_mb=32, cpu_seconds=15)

_CALLED = {
    Kind.DOCX: "Word file",
    Kind.PDF: "PDF",
    Kind.ODT: "OpenDocument file",
    Kind.RTF: "rich text file",
    Kind.HTML: "web page",
    Kind.MARKDOWN: "Markdown file",
    Kind.TEXT: "text file",
}


def examine(filename: str, data: bytes) -> Examined:
    """A look inside a file that somebody wants to store.

    Raises:
        UnreadableDocument: when it is refused, or could not be read within the limits.
    """
    kind = identify(filename, data)
    payload = _question(filename, data)
    try:
        answer = child.run("governance.extract.examine", payload, LIMITS, part="Reading that file")
    except child.ChildFailed as problem:
        raise UnreadableDocument(
            f"That {_CALLED[kind]} could not be read safely. Open “{clean_filename(filename)}” in the program that made it, "
            "save it again, and upload that copy."
        ) from problem
    found = from_answer(answer)
    if isinstance(found, str):
        raise UnreadableDocument(found)
    return found


def _question(filename: str, data: bytes) -> bytes:
    # What `examine.answer` reads; its module is not imported, since that would load the PDF library into the program.
    return json.dumps({"filename": filename}).encode() + b"\n" + data
