"""Reports on screen and as files: the same value, for any day."""

from __future__ import annotations

import datetime as dt

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.permissions import Permission
from governance.child import ChildFailed
from governance.db import db
from governance.errors import NotFound, Refusal
from governance.people.models import Person
from governance.reports.catalogue import CATALOGUE, Entry
from governance.reports.files import FORMS
from governance.reports.formats.pages import MOST_PRINTED_ROWS
from governance.reports.gathering.person import person_report
from governance.reports.report import Report, said_rows
from governance.schedule.asked import PRINT_REPORT
from governance.tenancy import in_school as one_of
from governance.web.access import allowed, in_school, needs, scope
from governance.web.asked import AT_ONCE, begin
from governance.web.downloads import download
from governance.web.forms import DayField, FilterForm
from governance.web.unreached import unreached

screen = in_school("reports")
SEES = needs(Permission.SEE_REGISTER)


class Day(FilterForm):
    """The day a report is about."""

    on = DayField("As of", description="For example 1 September 2025. Leave empty for today.")
    since = DayField("Beginning with", description="The first of several days. Leave empty for the one day.")


@screen.get("/reports", SEES)
def index() -> str:
    """The reports this person may see."""
    entries = [entry for entry in CATALOGUE.values() if allowed(entry.permission)]
    return render_template("reports/list.html", entries=entries)


@screen.get("/reports/<name>", SEES)
def show(name: str) -> tuple[str, int]:
    """A report on screen."""
    form, day, good = _day()
    return _page(_gathered(name, day, form.since.data), form, {"name": name}, "reports.file"), 200 if good else 422


@screen.get("/reports/<name>/file/<form>", SEES)
def file(name: str, form: str) -> Response:
    """A report as a file."""
    asked, day, good = _day()
    if not good or form not in FORMS:
        raise NotFound(form)
    return _file(_gathered(name, day, asked.since.data), form)


@screen.get("/people/<person>/reading", needs(Permission.SEE_READING))
def person(person: str) -> tuple[str, int]:
    """One person's record of reading."""
    form, day, good = _day()
    found = one_of(db.session(), Person, scope(), person)
    page = _page(_of_person(person, day), form, {"person": person}, "reports.person_file", unreached().get(found.id))
    return page, 200 if good else 422


@screen.get("/people/<person>/reading/file/<form>", needs(Permission.SEE_READING))
def person_file(person: str, form: str) -> Response:
    """One person's record as a file."""
    _, day, good = _day()
    if not good or form not in FORMS:
        raise NotFound(form)
    return _file(_of_person(person, day), form)


@screen.post("/reports/<name>/pdf", SEES)
def print_report(name: str) -> ResponseReturnValue:
    """Have a long report made as a PDF."""
    return begin(PRINT_REPORT, report=_entry(name).name, person=None, on=_posted("on"), since=_posted("since"))


@screen.post("/people/<person>/reading/pdf", needs(Permission.SEE_READING))
def print_person(person: str) -> ResponseReturnValue:
    """Have a long record made as a PDF."""
    found = one_of(db.session(), Person, scope(), person)
    return begin(PRINT_REPORT, report=None, person=found.public_id, on=_posted("on"))


def _posted(name: str) -> str:
    """A day of the report that was on screen."""
    try:
        return dt.date.fromisoformat(request.form.get(name, "")).isoformat()
    except ValueError:
        return clock.today(scope().time_zone).isoformat()


def _entry(name: str) -> Entry:
    entry = CATALOGUE.get(name)
    if entry is None:
        raise NotFound(name)
    if not allowed(entry.permission):
        abort(403)
    return entry


def _gathered(name: str, day: dt.date, since: dt.date | None) -> Report:
    entry = _entry(name)
    stretch = {"since": since} if entry.stretches else {}
    return entry.gather(db.session(), scope(), day, clock.now(), **stretch)


def _of_person(public_id: str, day: dt.date) -> Report:
    found = one_of(db.session(), Person, scope(), public_id)
    return person_report(db.session(), scope(), day, clock.now(), person=found)


def _day() -> tuple[Day, dt.date, bool]:
    form = Day()
    good = form.validate()
    today = clock.today(scope().time_zone)
    return form, (form.on.data or today) if good else today, good


def _refuse_a_long_pdf(report: Report, form: str) -> None:
    """A PDF of many rows takes minutes: it is asked for, so that no page hangs."""
    if form == "pdf" and len(report.rows) > AT_ONCE:
        raise Refusal.one(
            f"This report has {len(report.rows):,} rows, and a PDF made while you wait holds at most {AT_ONCE}. "
            "Choose Excel or CSV, or press “Make the PDF” on the report's own page."
        )


def _page(report: Report, form: Day, about: dict[str, str], files: str, unreached: str | None = None) -> str:
    """`unreached` says why no reminder reaches the person it is about."""
    chosen = {field.name: field.data.isoformat() for field in (form.on, form.since) if field.data}
    entry = CATALOGUE.get(about.get("name", ""))
    long = len(report.rows) > AT_ONCE
    links = [
        (one.title, url_for(files, form=name, **about, **chosen))  # type: ignore[arg-type]
        for name, one in FORMS.items()
        if not (long and name == "pdf")
    ]
    printing = "reports.print_person" if "person" in about else "reports.print_report"
    return render_template(
        "reports/show.html",
        report=report,
        stretches=entry is not None and entry.stretches,
        since=form.since.data or report.as_of,
        rows=list(said_rows(report.columns, report.rows[:AT_ONCE])),
        left_out=max(0, len(report.rows) - AT_ONCE),
        form=form,
        here=url_for("reports.person" if "person" in about else "reports.show", **about),  # type: ignore[arg-type]
        links=links,
        printing=url_for(printing, **about) if long and len(report.rows) <= MOST_PRINTED_ROWS else None,  # type: ignore[arg-type]
        most_printed=MOST_PRINTED_ROWS,
        unreached=unreached,
    )


def _file(report: Report, form: str) -> Response:
    _refuse_a_long_pdf(report, form)
    chosen = FORMS[form]
    try:
        content = chosen.write(report)
    except ChildFailed as failed:
        raise Refusal.one(f"{failed} Choose Excel or CSV, which have no such limit.") from failed
    return download(content, chosen.media_type, f"{scope().slug}-{report.filename_stem}.{form}")
