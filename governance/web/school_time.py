"""School time: the terms and closed days that due days and reminders keep to, with the usual pattern as a start."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from governance import clock
from governance.accounts.permissions import Permission
from governance.db import db
from governance.errors import NotFound
from governance.schools import school_time as time
from governance.schools.models import ClosedDay, Term
from governance.schools.term_pattern import UsualYear, usual_year
from governance.tenancy import Organisation
from governance.tenancy import in_school as one_of
from governance.web.access import actor, in_school, needs, scope
from governance.web.forms import DayField, Form, RadiosField, TextField, needed, refusals_into

screen = in_school("school_time", section="settings")
KEEPS = needs(Permission.KEEP_SETTINGS)
_HINT = "For example 2 September 2026"
# An academic year is offered from the April before it begins.
_SPRING, _SEPTEMBER = 4, 9


class TermForm(Form):
    """A term or half-term."""

    name = TextField("Name", description="For example Autumn 1.")
    first_on = DayField("First day", [needed("Enter the first day.")], description=_HINT)
    last_on = DayField(
        "Last day", [needed("Enter the last day.")], description="The last school day before the holiday."
    )


class ClosedForm(Form):
    """A day in a term that is no school day."""

    closed_on = DayField("Day", [needed("Enter the day.")], description=_HINT)
    kind = RadiosField("What it is", choices=list(time.KINDS.items()), default="inset")
    note = TextField("Note", description="For your own list; leave it empty if you like.")


@dataclass(frozen=True)
class Year:
    """The terms that begin in an academic year, which is named by its two calendar years."""

    name: str
    terms: tuple[Term, ...]


@screen.get("/settings/school-time", KEEPS)
def index() -> str:
    """The terms by academic year, the closed days, and the years whose usual pattern is offered."""
    session = db.session()
    kept = time.terms(session, scope())
    return render_template(
        "setup/school_time.html",
        years=_by_year(kept),
        closed=time.closed_days(session, scope()),
        kinds=time.KINDS,
        offered=[(year, _named(year)) for year in _offered(session, kept)],
    )


@screen.get("/settings/school-time/usual/<int:year>", KEEPS)
def usual(year: int) -> str:
    """What the usual pattern would enter."""
    return _usual_page(_pattern(year), Form())


@screen.post("/settings/school-time/usual/<int:year>", KEEPS)
def take(year: int) -> ResponseReturnValue:
    """Enter the usual pattern."""
    form, pattern = Form(), _pattern(year)
    if form.validate():
        with refusals_into(form):
            time.take_usual_year(db.session(), scope(), actor(), pattern, clock.now())
            flash(f"The usual terms of {_named(year)} are entered. Change the days on which your school differs.")
            return redirect(url_for("school_time.index"))
    return _usual_page(pattern, form), 422


@screen.get("/settings/school-time/terms/new", KEEPS)
def start_term() -> str:
    """The form for a term."""
    return render_template("setup/term.html", form=TermForm(), term=None)


@screen.post("/settings/school-time/terms/new", KEEPS)
def add_term() -> ResponseReturnValue:
    """Enter a term."""
    return _kept(TermForm(), None)


@screen.get("/settings/school-time/terms/<term>", KEEPS)
def show_term(term: str) -> str:
    """The form to put a term right."""
    found = _term(term)
    form = TermForm(name=found.name, first_on=found.first_on, last_on=found.last_on)
    return render_template("setup/term.html", form=form, term=term)


@screen.post("/settings/school-time/terms/<term>", KEEPS)
def change_term(term: str) -> ResponseReturnValue:
    """Put a term right."""
    return _kept(TermForm(), _term(term))


@screen.post("/settings/school-time/terms/<term>/drop", KEEPS)
def drop_term(term: str) -> ResponseReturnValue:
    """Take a term off."""
    found = _term(term)
    name = found.name
    time.drop_term(db.session(), scope(), actor(), found, clock.now())
    flash(f"{name} is taken off. Due days no longer count its days.")
    return redirect(url_for("school_time.index"))


@screen.get("/settings/school-time/closed/new", KEEPS)
def start_closed() -> str:
    """The form for a closed day."""
    return render_template("setup/closed_day.html", form=ClosedForm())


@screen.post("/settings/school-time/closed/new", KEEPS)
def close() -> ResponseReturnValue:
    """Enter a closed day."""
    form = ClosedForm()
    if form.validate():
        with refusals_into(form):
            closed_on = form.closed_on.data
            assert closed_on is not None  # the field is needed
            time.close_day(db.session(), scope(), actor(), closed_on, form.kind.data, form.note.data or "", clock.now())
            flash("The day is entered. It counts for no due day, and nothing is mailed on it.")
            return redirect(url_for("school_time.index"))
    return render_template("setup/closed_day.html", form=form), 422


@screen.post("/settings/school-time/closed/<day>/open", KEEPS)
def reopen(day: str) -> ResponseReturnValue:
    """Take a closed day off."""
    found: ClosedDay = one_of(db.session(), ClosedDay, scope(), day)
    time.open_day(db.session(), scope(), actor(), found, clock.now())
    flash("The day counts as a school day again.")
    return redirect(url_for("school_time.index"))


def _kept(form: TermForm, term: Term | None) -> ResponseReturnValue:
    public_id = term.public_id if term else None
    if form.validate():
        with refusals_into(form):
            assert form.first_on.data is not None and form.last_on.data is not None  # both are needed
            wanted = time.Days(form.name.data or "", form.first_on.data, form.last_on.data)
            kept = time.keep_term(db.session(), scope(), actor(), wanted, clock.now(), term)
            flash(f"{kept.name} is saved. Due days are worked out by it from now on.")
            return redirect(url_for("school_time.index"))
    return render_template("setup/term.html", form=form, term=public_id), 422


def _term(public_id: str) -> Term:
    found: Term = one_of(db.session(), Term, scope(), public_id)
    return found


def _usual_page(pattern: UsualYear, form: Form) -> str:
    return render_template("setup/usual_terms.html", usual=pattern, name=_named(pattern.starts_in), form=form)


def _pattern(year: int) -> UsualYear:
    """The pattern of a year that is offered; there is none to be asked for beside."""
    session = db.session()
    if year not in _near(clock.today(scope().time_zone)):
        raise NotFound(str(year))
    found = usual_year(session.get_one(Organisation, scope().organisation_id).nation, year)
    if found is None:
        raise NotFound(str(year))
    return found


def _offered(session: Session, kept: Sequence[Term]) -> list[int]:
    """The years at hand of which nothing is entered yet."""
    nation = session.get_one(Organisation, scope().organisation_id).nation
    entered = {_begins_in(term.first_on) for term in kept}
    return [year for year in _near(clock.today(scope().time_zone)) if year not in entered and usual_year(nation, year)]


def _near(today: dt.date) -> tuple[int, int]:
    this = today.year if today.month >= _SPRING else today.year - 1
    return (this - 1, this) if _SPRING <= today.month < _SEPTEMBER else (this, this + 1)


def _by_year(kept: Sequence[Term]) -> list[Year]:
    found: dict[int, list[Term]] = {}
    for term in kept:
        found.setdefault(_begins_in(term.first_on), []).append(term)
    return [Year(_named(year), tuple(terms)) for year, terms in sorted(found.items(), reverse=True)]


def _begins_in(day: dt.date) -> int:
    """The calendar year in which the academic year of a day began; August is the end of one."""
    return day.year if day.month >= _SEPTEMBER else day.year - 1


def _named(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02}"
