"""A list of people comes in: upload, look, answer, confirm. Nobody is recorded before that.

choose a file ─▶ read (a spreadsheet in a child) ─▶ held ─▶ questions answered ─▶ looked through ─▶ imported
"""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.permissions import Permission
from governance.db import db
from governance.errors import Refusal
from governance.extract.filenames import clean_filename
from governance.people import importing
from governance.people.importing import Imported, Preview
from governance.people.matching import NEW, Candidate, Question
from governance.people.tables import as_kept, from_kept, read_table
from governance.schedule.asked import IMPORT_PEOPLE
from governance.storage.held import Held, Upload, drop, hold, note
from governance.storage.held import held as held_files
from governance.web.access import actor, in_school, needs, scope
from governance.web.asked import AT_ONCE, begin
from governance.web.forms import FileField, Form, HiddenField, RadiosField, TickField, needed, refusals_into
from governance.web.requests import settings

screen = in_school("people_import", "people")
KEEPS = needs(Permission.KEEP_PEOPLE)

_COUNTED_UP = 200  # rows and questions that a page shows; the rest is counted


class UploadForm(Form):
    """The list."""

    file = FileField(
        "List of people", description="CSV or Excel (.xlsx), with the names of the columns in the first row."
    )


class ConfirmForm(Form):
    """The act. `seen` is the digest of what the page showed."""

    seen = HiddenField()
    leave_out = TickField("Leave the rows with errors out, and import the others")


class AnswersForm(Form):
    """One question for each person who may be recorded already; see `_answers_form`."""


@screen.get("/people/import", KEEPS)
def start() -> str:
    """Choose a list."""
    return render_template("people/import.html", form=UploadForm())


@screen.post("/people/import", KEEPS, files=1)
def hold_list() -> ResponseReturnValue:
    """Read the list and hold it. The file is read before the database is touched."""
    form = UploadForm()
    if form.validate():
        with refusals_into(form):
            name, data = _sent()
            table = read_table(name, data, most_rows=settings().import_rows)
            session, now = db.session(), clock.now()
            importing.preview(session, scope(), table, today=clock.today(scope().time_zone))
            key = hold(session, scope(), actor(), importing.HELD, [Upload(name, as_kept(table))], {"answers": {}}, now)
            return redirect(url_for("people_import.look", held=key))
    return render_template("people/import.html", form=form), 422


@screen.get("/people/import/<held>", KEEPS)
def look(held: str) -> str:
    """What the list would change, who it may mean, and what is wrong in it."""
    found = _held(held)
    shown = _preview(found)
    return _looking(found, shown, _answers_form(shown), ConfirmForm())


@screen.post("/people/import/<held>/answers", KEEPS)
def answer(held: str) -> ResponseReturnValue:
    """Keep the answers beside the list, and look again."""
    found = _held(held)
    shown = _preview(found)
    form = _answers_form(shown)
    if form.validate():
        given = {key: form[_field(key)].data for key in (question.key for question in _asked(shown))}
        note(db.session(), scope(), held, {"answers": found.notes["answers"] | given})
        return redirect(url_for("people_import.look", held=held))
    return _looking(found, shown, form, ConfirmForm(formdata=None)), 422


@screen.post("/people/import/<held>", KEEPS)
def confirm(held: str) -> ResponseReturnValue:
    """Import what was looked at, if it is still what would be imported."""
    found = _held(held)
    form = ConfirmForm()
    if form.validate():
        with refusals_into(form):
            if len(from_kept(found.files[0].content).records) > AT_ONCE:
                _refuse_errors(found, form)
                leave_out = bool(form.leave_out.data)
                return begin(IMPORT_PEOPLE, held=held, seen=form.seen.data or "", leave_out=leave_out)
            done = _import(found, form)
            drop(db.session(), scope(), held)
            flash(done.in_words)
            return redirect(url_for("people.index"))
    shown = _preview(found)
    return _looking(found, shown, _answers_form(shown, formdata=None), form), 422


@screen.post("/people/import/<held>/cancel", KEEPS)
def cancel(held: str) -> ResponseReturnValue:
    """Let the list go."""
    drop(db.session(), scope(), held)
    flash("The list was let go. Nobody was recorded.")
    return redirect(url_for("people.index"))


def _sent() -> tuple[str, bytes]:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refusal.one("Choose a file.", "file")
    with file.stream as content:
        return clean_filename(file.filename), content.read()


def _held(held: str) -> Held:
    return held_files(db.session(), scope(), importing.HELD, held, clock.now())


def _preview(found: Held) -> Preview:
    table = from_kept(found.files[0].content)
    today = clock.today(scope().time_zone)
    return importing.preview(db.session(), scope(), table, answers=found.notes["answers"], today=today)


def _refuse_errors(found: Held, form: ConfirmForm) -> None:
    if _preview(found).plan.errors and not form.leave_out.data:
        raise Refusal.one(
            "Some rows have errors. Mend them in the file and upload it again, or tick the box to leave them out.",
            "leave_out",
        )


def _import(found: Held, form: ConfirmForm) -> Imported:
    table = from_kept(found.files[0].content)
    _refuse_errors(found, form)
    return importing.import_people(
        db.session(),
        scope(),
        actor(),
        table,
        answers=found.notes["answers"],
        leave_out_errors=bool(form.leave_out.data),
        seen=form.seen.data or "",
        now=clock.now(),
    )


def _looking(found: Held, shown: Preview, answers: Form, confirm: ConfirmForm) -> str:
    confirm.seen.data = shown.digest
    return render_template(
        "people/preview.html",
        found=found,
        plan=shown.plan,
        new=shown.people("new"),
        changed=shown.people("changed"),
        unchanged=shown.people("unchanged"),
        refused=shown.rows_refused,
        changes_something=shown.changes_something,
        answers=answers,
        asked=[_field(question.key) for question in _asked(shown)],
        confirm=confirm,
        most=_COUNTED_UP,
    )


def _asked(shown: Preview) -> list[Question]:
    """The questions of one page; the next ones follow when these are answered."""
    return shown.plan.questions[:_COUNTED_UP]


def _answers_form(shown: Preview, **options: Any) -> Form:
    """A form with one question each, none of them answered beforehand."""
    fields: dict[str, Any] = {_field(question.key): _question(question) for question in _asked(shown)}
    form: Form = type("Answers", (AnswersForm,), fields)(**options)
    return form


def _field(key: str) -> str:
    return key.replace("-", "_")


def _question(question: Question) -> RadiosField:
    details = question.details
    name = f"{details.name} ({details.email or details.staff_number or 'no e-mail, no number'})"
    choices = [(candidate.key, f"The same person as {_known(candidate)}") for candidate in question.candidates]
    return RadiosField(
        f"Row {question.row}: who is {name}?",
        [needed(f"Row {question.row}: say who {details.name} is.")],
        description=f"This row {question.why} as somebody we know.",
        choices=[*choices, (NEW, "Somebody else, who is not recorded yet")],
    )


def _known(candidate: Candidate) -> str:
    where = f"row {candidate.row}" if candidate.row else candidate.staff_number or candidate.reference
    return f"{candidate.name} ({where}, {candidate.email or 'no e-mail'})"
