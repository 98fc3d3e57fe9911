"""The extract of a meeting's decisions as a Word file, to be pasted into the minutes or sent."""

from __future__ import annotations

import datetime as dt

from governance.packs.minutes import TITLE, Extract, Paragraph, notes, paragraphs
from governance.render.word_file import HEADING, LEAD, PART, STRONG, WANTING, Line, Run, word_file
from governance.tenancy import Scope


def as_word(extract: Extract, recorded_at: dt.datetime | None) -> bytes:
    """The file: the same bytes for the same values. `recorded_at` (UTC) is told as its day of making; else the meeting's."""
    made_at = recorded_at or dt.datetime.combine(extract.held_on, dt.time(), dt.UTC)
    lines = [
        _line(TITLE, HEADING),
        _line(extract.school, LEAD),
        _line(extract.heading, LEAD),
        *(_line(note) for note in notes(extract)),
        _line("Items", PART),
        *(_item(one) for one in paragraphs(extract)),
    ]
    return word_file(extract.title, tuple(lines), made_at, extract.school)


def filename(extract: Extract, scope: Scope) -> str:
    """School, body and day: what people look for in a folder."""
    body = "-".join("".join(letter if letter.isalnum() else " " for letter in extract.body.casefold()).split())
    return f"{scope.slug}-{body}-{extract.held_on.isoformat()}-decisions.docx"


def _line(text: str, style: str | None = None) -> Line:
    return Line((Run(text),), style) if style else Line((Run(text),))


def _item(one: Paragraph) -> Line:
    runs = [Run(one.about, STRONG), Run(f": {one.said}")]
    if one.reference:
        runs += [Run(" ("), Run(one.reference, WANTING if one.is_wanting else ""), Run(")")]
    return Line(tuple(runs))
