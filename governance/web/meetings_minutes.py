"""What a meeting decided, in the words of minutes: to read, to copy, or as a Word file."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance.accounts.permissions import Permission
from governance.db import db
from governance.packs.minutes import notes, paragraphs, plain
from governance.packs.minutes_file import as_word, filename
from governance.packs.minuting import recorded
from governance.render.word_file import MEDIA_TYPE
from governance.web.access import in_school, needs, scope
from governance.web.downloads import download
from governance.web.meetings import the_meeting

screen = in_school("minutes", "meetings")
SEES = needs(Permission.SEE_DRAFTS)


@screen.get("/meetings/<meeting>/minutes", SEES)
def show(meeting: str) -> str:
    """One paragraph for each item of the agenda, and all of them as text."""
    row, _ = the_meeting(meeting)
    found = recorded(db.session(), scope(), row)
    extract = found.extract
    return render_template(
        "meetings/minutes.html",
        meeting=row,
        heading=extract.heading,
        notes=notes(extract),
        paragraphs=paragraphs(extract),
        text=plain(extract) if found.says_anything else "",
    )


@screen.get("/meetings/<meeting>/minutes.docx", SEES)
def word(meeting: str) -> ResponseReturnValue:
    """The same as a Word file; while nothing is decided, the page that says so."""
    row, _ = the_meeting(meeting)
    found = recorded(db.session(), scope(), row)
    if not found.says_anything:
        return redirect(url_for("minutes.show", meeting=meeting))
    return download(as_word(found.extract, found.recorded_at), MEDIA_TYPE, filename(found.extract, scope()))
