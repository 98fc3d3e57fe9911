"""A list of receipts: uploaded, looked at, confirmed. Nothing is recorded before that.

choose a file ─▶ held ─▶ what it would do, row by row ─▶ confirmed, perhaps without the rows with errors ─▶ recorded
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.db import db
from governance.errors import Refusal
from governance.extract.filenames import clean_filename
from governance.people.tables import read_table
from governance.reading.importing import HELD, Preview, RowError, import_previewed, in_words, preview
from governance.reading.receipt_rows import Read, read_receipts
from governance.render.words import plural
from governance.schedule.asked import IMPORT_RECEIPTS
from governance.storage.held import Upload as HeldUpload
from governance.storage.held import drop, held, hold, take
from governance.web.access import actor, scope
from governance.web.asked import AT_ONCE, begin
from governance.web.forms import Form, HiddenField, TickField, refusals_into
from governance.web.paper_screen import Upload, first_page, screen
from governance.web.reading_screen import PAPER, today
from governance.web.requests import settings

_MOST_SHOWN = 200


class Confirm(Form):
    """The act, for the preview that was seen."""

    leave_out = TickField("Leave out the rows with errors")
    seen = HiddenField()


@dataclass(frozen=True)
class Looked:
    """A held list: what was read, and what recording it would do."""

    filename: str
    read: Read
    preview: Preview

    @property
    def errors(self) -> list[RowError]:
        """Every row's errors, in the order of the file."""
        return sorted([*self.read.errors, *self.preview.errors], key=lambda error: error.line)

    @property
    def rows_refused(self) -> int:
        """How many rows have an error."""
        return len({error.line for error in self.errors})


@screen.post("/reading/paper/import", PAPER, files=1)
def upload() -> ResponseReturnValue:
    """Hold a list and show what it would do."""
    form = Upload()
    if form.validate():
        with refusals_into(form):
            sent = request.files.get("file")
            if sent is None or not sent.filename:
                raise Refusal.one("Choose the file with the list of receipts.", "file")
            data = sent.read()
            read_receipts(read_table(sent.filename, data, most_rows=settings().import_rows))
            files = [HeldUpload(clean_filename(sent.filename), data)]
            kept = hold(db.session(), scope(), actor(), HELD, files, None, clock.now())
            return redirect(url_for("paper.look", kept=kept))
    return first_page(form), 422


@screen.get("/reading/paper/import/<kept>", PAPER)
def look(kept: str) -> str:
    """What recording the list would do."""
    found = _looked(kept)
    return _page(kept, found, Confirm(seen=found.preview.digest))


@screen.post("/reading/paper/import/<kept>", PAPER)
def confirm(kept: str) -> ResponseReturnValue:
    """Record the list."""
    session, form, found = db.session(), Confirm(), _looked(kept)
    if form.validate():
        with refusals_into(form):
            if found.errors and not form.leave_out.data:
                raise Refusal.one(
                    "Some rows have errors. Tick to leave them out, or mend the file and upload it again.", "leave_out"
                )
            if len(found.read.rows) > AT_ONCE:
                return begin(IMPORT_RECEIPTS, held=kept, seen=form.seen.data or "", leave_out=True)
            given = import_previewed(
                session, scope(), actor(), found.read.rows, form.seen.data or "", today(), clock.now()
            )
            take(session, scope(), HELD, kept, clock.now())
            flash(in_words(given))
            return redirect(url_for("paper.index"))
        found = _looked(kept)
        form.seen.data = found.preview.digest
    return _page(kept, found, form), 422


@screen.post("/reading/paper/import/<kept>/cancel", PAPER)
def cancel(kept: str) -> ResponseReturnValue:
    """Let the list go."""
    held(db.session(), scope(), HELD, kept, clock.now())
    drop(db.session(), scope(), kept)
    flash("The list was let go. Nothing was recorded.")
    return redirect(url_for("paper.index"))


def _looked(kept: str) -> Looked:
    session = db.session()
    file = held(session, scope(), HELD, kept, clock.now()).files[0]
    read = read_receipts(read_table(file.filename, file.content, most_rows=settings().import_rows))
    return Looked(file.filename, read, preview(session, scope(), read.rows, today()))


def _page(kept: str, found: Looked, form: Confirm) -> str:
    form.leave_out.label.text = f"Leave out the {plural(found.rows_refused, 'row')} with errors"
    return render_template("reading/paper_import.html", kept=kept, found=found, form=form, most=_MOST_SHOWN)
