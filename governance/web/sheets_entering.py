"""One sheet: its pages to print, the form to enter what was signed on it, and its scans.

scan the code, or type the number ─▶ tick rows, day, witness, scans ─▶ recorded all at once, or told row by row
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import undefer

from governance import clock
from governance.child import ChildFailed
from governance.db import db
from governance.errors import NotFound, Refusal
from governance.extract.scans import Scan, examine_scan
from governance.extract.unreadable import UnreadableDocument
from governance.reading.paper_models import Sheet, SheetEntry, SheetScan
from governance.reading.sheet_entering import Sitting, enter_sheet
from governance.reading.sheet_pages import agreed_in, pages
from governance.reading.sheet_queries import entered_from, parts_of, sittings_of
from governance.render.words import plural
from governance.storage.models import Document
from governance.tenancy import in_school as one_of
from governance.web.access import actor, scope
from governance.web.downloads import download
from governance.web.forms import (
    CheckboxesField,
    DayField,
    FilesField,
    Form,
    TextField,
    TickField,
    needed,
    refusals_into,
)
from governance.web.reading_screen import PAPER, SEES, today
from governance.web.sheets_screen import address_of, screen, the_sheet
from governance.web.summary import error_summary

MOST_SCANS = 4
_PERSON = "person-"


class Enter(Form):
    """What was signed. Nobody is ticked beforehand."""

    signed_on = DayField(
        "Day on which it was signed",
        [needed("Enter the day on which the sheet was signed.")],
        description="For example 1 September 2026",
    )
    witness = TextField(
        "Witness", [needed("Enter who saw the paper signed.")], description="Who saw the paper signed, by name."
    )
    explained_by = TextField(
        "Read aloud or explained by",
        description="Only where somebody needed it: who read it to them. Then tick to whom, below.",
    )
    everyone_aloud = TickField("It was read aloud or explained to everybody ticked as signed")
    scans = FilesField(
        "Scan or photographs of the signed sheet",
        description=f"PDF, JPEG or PNG, up to {MOST_SCANS} files. Keep the paper all the same.",
    )
    people = CheckboxesField("Signed", validate_choice=False)
    declined = CheckboxesField("Given, did not sign", validate_choice=False)
    aloud = CheckboxesField("Read aloud", validate_choice=False)


@dataclass(frozen=True)
class Ticks:
    """What was ticked, to be shown again when something else was wrong; `wrong` is by person."""

    signed: frozenset[str] = frozenset()
    declined: frozenset[str] = frozenset()
    aloud: frozenset[str] = frozenset()

    @classmethod
    def of(cls, form: Enter) -> Ticks:
        """From a form that was sent."""
        signed = frozenset(form.people.data or ())
        aloud = signed if form.everyone_aloud.data else frozenset(form.aloud.data or ())
        return cls(signed, frozenset(form.declined.data or ()), aloud)


@screen.get("/sheets/<sheet>", PAPER)
def show(sheet: str) -> str:
    """A sheet, what was entered from it so far, and the form for the rest."""
    return _page(the_sheet(sheet), Enter(), Ticks(), {})


@screen.post("/sheets/<sheet>", PAPER, files=MOST_SCANS)
def record(sheet: str) -> ResponseReturnValue:
    """Record everything that was ticked, or nothing."""
    form, wrong = Enter(), dict[str, str]()
    ticks = Ticks.of(form)
    if form.validate():
        try:
            scans = _examined()  # before the first question to the database: nobody waits to write meanwhile
            flash(_recorded(the_sheet(sheet), form, ticks, scans))
            return redirect(url_for("sheets.show", sheet=sheet))
        except Refusal as refusal:
            wrong = {one.field: one.message for one in refusal.objections if (one.field or "").startswith(_PERSON)}  # type: ignore[misc]
            with refusals_into(form):
                raise Refusal([one for one in refusal.objections if one.field not in wrong]) from refusal
    _ask_again_for_scans(form)
    return _page(the_sheet(sheet), form, ticks, wrong), 422


@screen.get("/sheets/<sheet>/pdf", PAPER)
def printed(sheet: str) -> Response:
    """The sheet as a PDF to print."""
    found = the_sheet(sheet)
    try:
        made = pages(found, parts_of(db.session(), found), scope().name, address_of(found))
    except ChildFailed as failed:
        raise Refusal.one(f"{failed} Make a sheet for fewer people.") from failed
    return download(made, "application/pdf", f"{scope().slug}-sign-off-{found.number}.pdf")


@screen.get("/sheets/<sheet>/scans/<scan>", SEES)
def scan(sheet: str, scan: str) -> Response:
    """A scan that was attached to a sheet, as it came in."""
    session, found = db.session(), the_sheet(sheet)
    kept: SheetScan = one_of(session, SheetScan, scope(), scan)
    if session.get_one(SheetEntry, kept.entry_id).sheet_id != found.id:
        raise NotFound(scan)
    document = session.scalars(
        select(Document).where(Document.id == kept.document_id).options(undefer(Document.bytes))
    ).one()
    if document.bytes is None:
        raise NotFound(scan)
    return download(document.bytes, document.media_type, kept.filename)


def _examined() -> tuple[Scan, ...]:
    sent = [one for one in request.files.getlist("scans") if one.filename]
    if len(sent) > MOST_SCANS:
        raise Refusal.one(f"Choose at most {MOST_SCANS} files, or put the pages into one PDF.", "scans")
    try:
        return tuple(examine_scan(one.filename or "", one.read()) for one in sent)
    except UnreadableDocument as unreadable:
        raise Refusal.one(unreadable.message, "scans") from unreadable


def _recorded(sheet: Sheet, form: Enter, ticks: Ticks, scans: tuple[Scan, ...]) -> str:
    signed_on = form.signed_on.data
    assert signed_on is not None  # the field is needed
    sitting = Sitting(
        signed_on,
        form.witness.data or "",
        ticks.signed,
        ticks.declined,
        ticks.aloud,
        form.explained_by.data or "",
        scans,
    )
    enter_sheet(db.session(), scope(), actor(), sheet, sitting, today(), clock.now())
    latest = sittings_of(db.session(), sheet)[-1]
    receipts = plural(latest.receipts, "receipt is", "receipts are")
    return f"{receipts} recorded." + (f" Given, not signed: {latest.declined}." if latest.declined else "")


def _ask_again_for_scans(form: Enter) -> None:
    """A browser does not send a chosen file twice; whoever sent one is told to choose it again."""
    if any(one.filename for one in request.files.getlist("scans")) and not form.scans.errors:
        form.scans.errors = ["Choose the scan again: browsers do not keep a chosen file."]


def _page(sheet: Sheet, form: Enter, ticks: Ticks, wrong: dict[str, str]) -> str:
    session = db.session()
    parts, entered = parts_of(session, sheet), entered_from(session, sheet)
    if sheet.witness:
        form.witness.description = f"Who saw the paper signed, by name. Printed on the sheet: {sheet.witness}."
    return render_template(
        "sheets/show.html",
        sheet=sheet,
        parts=parts,
        agreed={part.number: agreed_in(part) for part in parts},
        entered=entered,
        waiting=_waiting(entered, (line.row_id for part in parts for line in part.lines)),
        people=sum(len(part.lines) for part in parts),
        sittings=sittings_of(session, sheet),
        form=form,
        ticks=ticks,
        wrong=wrong,
        summary=[*error_summary(form), *({"text": text, "href": f"#{field}"} for field, text in wrong.items())],
    )


def _waiting(entered: Iterable[int], rows: Iterable[int]) -> int:
    """How many rows have nothing entered yet."""
    known = set(entered)
    return sum(row not in known for row in rows)
