"""A folder of policies comes in at once: sent, read while nobody waits, looked through in one table, confirmed.

choose files ─▶ held ─▶ a run reads them ─▶ the table: sure rows are ticked, doubtful ones can be opened ─▶ recorded
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from governance import clock
from governance.accounts.permissions import Permission
from governance.db import db
from governance.errors import Refusal
from governance.extract.kinds import ACCEPTED
from governance.extract.titles import title_key
from governance.intake.confirming import Found, record_found
from governance.intake.doubts import differences, doubts, notes
from governance.intake.known import known_policies, known_to
from governance.intake.several import (
    MOST_FILES,
    SEVERAL,
    Folder,
    found_in_row,
    hold_folder,
    note_row,
    part_row,
    take_row,
)
from governance.intake.sorting import Row
from governance.intake.source import anchors
from governance.policies.models import Policy
from governance.policies.queries import with_bytes_known
from governance.render.words import plural
from governance.schedule.actions import ask_once
from governance.schedule.queries import latest_run
from governance.schedule.several import READ_SEVERAL
from governance.storage.held import drop
from governance.storage.held_singly import latest_held
from governance.tenancy import lock
from governance.web.access import actor, in_school, needs, scope
from governance.web.confirm_form import Confirm, as_kept, choices, confirmed, refuse_known_bytes
from governance.web.forms import CheckboxesField, FilesField, Form, refusals_into
from governance.web.knocking import run_soon
from governance.web.requests import settings
from governance.web.several_table import Laid, folder_of, form_of, laid_out

screen = in_school("several", "register")
KEEPS = needs(Permission.KEEP_POLICIES)

# A whole folder may weigh as much as ten of the largest files.
_TOGETHER = 10


class Files(Form):
    """The folder."""

    files = FilesField(
        "Policies",
        description=f"{ACCEPTED}. Up to {MOST_FILES} files at once, of 25 MB each and 250 MB together.",
    )


class Ticked(Form):
    """The rows to record."""

    row = CheckboxesField("Documents to record")


@screen.get("/policies/several", KEEPS)
def start() -> str:
    """Choose the files."""
    return _starting(Files())


@screen.post("/policies/several", KEEPS, files=_TOGETHER)
def hold() -> ResponseReturnValue:
    """Hold the files and ask for them to be read."""
    form = Files()
    if form.validate():
        with refusals_into(form):
            session, now = db.session(), clock.now()
            _refuse_number(sum(bool(one.filename) for one in request.files.getlist("files")))
            held = hold_folder(session, scope(), actor(), _sent(), settings().upload_bytes, now)
            return _read(held)
    return _starting(form), 422


@screen.get("/policies/several/<held>", KEEPS)
def look(held: str) -> str:
    """How far the reading is; then the table of what was found."""
    return _looking(laid_out(held, clock.now()), Ticked(formdata=None))


@screen.post("/policies/several/<held>", KEEPS)
def record(held: str) -> ResponseReturnValue:
    """Record the ticked rows. One that is refused stays in the table with the reason; the others are recorded."""
    session, now = db.session(), clock.now()
    lock(session, scope())
    laid = laid_out(held, now)
    form = _rows_of(laid, Ticked())
    if not form.row.data:
        form.row.errors = ["Tick at least one document."]
    elif not laid.folder.is_read:
        form.row.errors = ["Wait until all files are read: they may belong together."]
    elif form.validate():
        recorded, refused = _record_all(laid, {int(chosen) for chosen in form.row.data}, now)
        return _recorded(laid.folder, recorded, refused)
    return _looking(laid, form), 422


@screen.post("/policies/several/<held>/read", KEEPS)
def read_rest(held: str) -> ResponseReturnValue:
    """Ask again for what has not been read."""
    folder_of(held, clock.now())
    return _read(held)


@screen.post("/policies/several/<held>/cancel", KEEPS)
def cancel(held: str) -> ResponseReturnValue:
    """Let the files go."""
    drop(db.session(), scope(), held)
    flash("The files were let go. Nothing more was recorded.")
    return redirect(url_for("register.index"))


@screen.get("/policies/several/<held>/<int:row>", KEEPS)
def open_row(held: str, row: int) -> str:
    """One document beside its text."""
    now = clock.now()
    folder = folder_of(held, now)
    return _opened(folder, folder.row(row), form_of(folder, folder.row(row), choices()), now)


@screen.post("/policies/several/<held>/<int:row>", KEEPS)
def keep_row(held: str, row: int) -> ResponseReturnValue:
    """Keep what was corrected, once it could be recorded as it stands."""
    session, now = db.session(), clock.now()
    lock(session, scope())
    folder = folder_of(held, now)
    here = folder.row(row)
    form = choices().offer(Confirm())
    if form.validate():
        with refusals_into(form):
            _try(session, found_in_row(session, scope(), held, here, now), form, now)
            typed = as_kept(request.form) | ({"known": [here.known.policy]} if here.known else {})
            note_row(session, scope(), held, here, now, {"typed": typed, "said": []})
            flash(f"{form.title.data} is kept as you left it, and ticked. It is not recorded yet.")
            return redirect(url_for("several.look", held=held, _anchor=f"row-{row}"))
    return _opened(folder, here, form, now), 422


@screen.post("/policies/several/<held>/<int:row>/part", KEEPS)
def part(held: str, row: int) -> ResponseReturnValue:
    """Give each file of a row a row of its own."""
    session, now = db.session(), clock.now()
    folder = folder_of(held, now)
    part_row(session, scope(), held, folder.row(row), now)
    flash("The files are listed separately now. Check the row of each.")
    return redirect(url_for("several.look", held=held, _anchor=f"row-{row}"))


def _starting(form: Files) -> str:
    kept = latest_held(db.session(), scope(), SEVERAL, clock.now())
    return render_template("policies/several_start.html", form=form, kept=kept)


def _refuse_number(number: int) -> None:
    if not number:
        raise Refusal.one("Choose at least one file.", "files")
    if number > MOST_FILES:
        raise Refusal.one(f"You chose {number} files. Send at most {MOST_FILES} at once.", "files")


def _sent() -> Iterator[tuple[str, bytes]]:
    """Each file as it is asked for, so that one at a time is in memory."""
    for one in request.files.getlist("files"):
        if one.filename:
            with one.stream as content:
                yield one.filename, content.read()


def _read(held: str) -> ResponseReturnValue:
    ask_once(db.session(), scope(), actor(), READ_SEVERAL, {"held": held}, clock.now())
    run_soon()
    return redirect(url_for("several.look", held=held))


def _looking(laid: Laid, form: Ticked) -> str:
    """While files wait the page tells how far it is, and nothing is offered to be recorded yet."""
    ticked = {one.row.id for one in laid.rows if one.ticked} if form.row.data is None else {*map(str, form.row.data)}
    run = (
        None
        if laid.folder.is_read
        else latest_run(db.session(), scope(), READ_SEVERAL, {"held": laid.folder.public_id})
    )
    return render_template(
        "policies/several.html",
        folder=laid.folder,
        rows=laid.rows,
        sure=laid.sure,
        run=run,
        form=form,
        ticked={str(one) for one in ticked},
    )


def _rows_of(laid: Laid, form: Ticked) -> Ticked:
    form.row.choices = [(str(one.row.id), one.title.words or "") for one in laid.rows]
    return form


def _record_all(laid: Laid, chosen: set[int], now: dt.datetime) -> tuple[int, int]:
    """Record rows one after another, older versions first; how many were, and how many were refused."""
    session, made = db.session(), dict[str, Policy]()
    wanted = [one for one in laid.folder.rows if one.id in chosen]
    refused = 0
    for row in wanted:
        try:
            with session.begin_nested():
                _record(session, laid, row, made, now)
        except Refusal as refusal:
            refused += 1
            said = [objection.message for objection in refusal.objections]
            note_row(session, scope(), laid.folder.public_id, row, now, {"said": said})
    return len(wanted) - refused, refused


def _record(session: Session, laid: Laid, row: Row, made: dict[str, Policy], now: dt.datetime) -> None:
    found = found_in_row(session, scope(), laid.folder.public_id, row, now)
    form = form_of(laid.folder, row, laid.offered)
    refuse_known_bytes(found, form)
    facts = confirmed(form)
    if facts.policy is None:
        # further versions of a policy that an earlier row has just made
        facts = replace(facts, policy=made.get(title_key(facts.title)))
    done = record_found(session, scope(), actor(), found, facts, clock.today(scope().time_zone), now)
    take_row(session, scope(), laid.folder.public_id, row)
    made.setdefault(title_key(done.policy.title), done.policy)


def _recorded(folder: Folder, recorded: int, refused: int) -> ResponseReturnValue:
    told = f"{plural(recorded, 'version')} recorded. Nobody has been asked to read anything, and nothing was mailed."
    if refused:
        told += f" {plural(refused, 'document')} could not be recorded; the table says why."
    flash(told)
    left = len(folder.rows) - recorded + len(folder.refused)
    return redirect(url_for("several.look", held=folder.public_id) if left else url_for("register.index"))


def _try(session: Session, found: Found, form: Confirm, now: dt.datetime) -> None:
    """Record and take it back, so that what stands against it is said at its fields now and not in the table later."""
    trial = session.begin_nested()
    refuse_known_bytes(found, form)
    record_found(session, scope(), actor(), found, confirmed(form), clock.today(scope().time_zone), now)
    trial.rollback()


def _opened(folder: Folder, row: Row, form: Confirm, now: dt.datetime) -> str:
    session, today = db.session(), clock.today(scope().time_zone)
    found = found_in_row(session, scope(), folder.public_id, row, now)
    pieces = found.pieces
    register = {one.policy: one for one in known_policies(session, scope(), today)}
    return render_template(
        "policies/several_row.html",
        folder=folder,
        row=row,
        found=found,
        form=form,
        doubts=doubts(row, known_to(session, scope(), row.files, today), today),
        notes=notes(row),
        said=folder.said.get(row.id, []),
        pieces=pieces,
        anchors=anchors(pieces),
        known=with_bytes_known(session, scope(), found.sha256s),
        differences=differences(found.guesses, register.get(form.policy.data or "")),
    )
