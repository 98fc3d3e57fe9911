"""A small Word document (.docx) of headings and paragraphs: plain values in, bytes out, the same bytes for the same values.

lines of runs ─▶ templates/word/document.xml ─┐
title and day ─▶ core.xml                     ├─▶ one archive, its parts in a fixed order and of a fixed time
styles, settings, relations (fixed) ──────────┘

We write the few parts that ECMA-376 asks for ourselves: a library would bring a document of its own making to begin with,
and nothing that we need beside. The parts are stored uncompressed, so that no release of a compressor changes the bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from dataclasses import dataclass

from governance.render.environment import render

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# The styles that templates/word/styles.xml defines: of paragraphs, and of runs.
HEADING, PART, LEAD, BODY = "Heading1", "Heading2", "Subtitle", "BodyText"
STRONG, WANTING = "Strong", "Wanting"

# Where each part is in the archive, and its template. The first two are looked for first.
_PARTS = (
    ("[Content_Types].xml", "word/content_types.xml"),
    ("_rels/.rels", "word/package_rels.xml"),
    ("docProps/core.xml", "word/core.xml"),
    ("word/document.xml", "word/document.xml"),
    ("word/_rels/document.xml.rels", "word/document_rels.xml"),
    ("word/settings.xml", "word/settings.xml"),
    ("word/styles.xml", "word/styles.xml"),
)
# XML 1.0 has no place for these, not even as references.
_NOT_XML = re.compile("[^\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]+")


@dataclass(frozen=True)
class Run:
    """Words in one style; without one they look as their line does."""

    text: str
    style: str = ""


@dataclass(frozen=True)
class Line:
    """A paragraph: its runs, and its style."""

    runs: tuple[Run, ...]
    style: str = BODY


def word_file(title: str, lines: tuple[Line, ...], made_at: dt.datetime, creator: str) -> bytes:
    """The document. Control characters become spaces; everything else that was typed stands as it is.

    Args:
        title: told by the document's properties.
        lines: what it says, in order.
        made_at: an aware instant, from 1980 on, written as the time of making.
        creator: whose document it is.

    Raises:
        ValueError: for an instant without a time zone, or one before the archive's first year.
    """
    if made_at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    at = made_at.astimezone(dt.UTC)
    values = {
        "title": clean(title),
        "creator": clean(creator),
        "made_at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "lines": [Line(tuple(Run(clean(run.text), run.style) for run in line.runs), line.style) for line in lines],
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for name, template in _PARTS:
            part = zipfile.ZipInfo(name, date_time=at.timetuple()[:6])
            # otherwise the machine's own kind of system is noted
            part.create_system, part.external_attr = 0, 0
            archive.writestr(part, render(template, **values).encode())
    return written.getvalue()


def clean(text: str) -> str:
    """The text without what XML cannot hold; line breaks and tabs are spaces, since a line is one paragraph."""
    return _NOT_XML.sub(" ", text)
