"""One visitor of today, and what the front desk says of them: seen, not known, left, or somebody of an earlier day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.db import db
from governance.errors import Refusal
from governance.people.models import Person
from governance.reading.acknowledging import shown_now
from governance.reception import desk
from governance.reception.models import Visit
from governance.reception.queries import Row, one_visitor
from governance.reception.returning import Earlier, earlier_day_people
from governance.reception.short_set import ToRead, short_set
from governance.reception.visits import SAME, course_of, visit_of_day
from governance.render.words import listed
from governance.tenancy import in_school as one_of
from governance.web.access import actor, in_school, scope
from governance.web.forms import CheckboxesField, FilterForm, Form, RadiosField, TextField, needed, refusals_into
from governance.web.front_desk import KEEPS
from governance.web.reading_screen import today

screen = in_school("front_desk_visitor", "front_desk")


class NotKnownForm(Form):
    """Why nobody knows a visitor."""

    reason = TextField("Why?", description="For example: the agency has sent nobody of that name.")


class SearchForm(FilterForm):
    """By what an earlier visitor is found: a name, or the reference printed on their sheet."""

    name = TextField("Name")
    reference = TextField("Or printed reference", description="For example K7M-4QX")


class SameForm(Form):
    """Who of earlier days the visitor is."""

    person = RadiosField("Who is it?", [needed("Choose who it is.")], validate_choice=False)


class SheetForm(Form):
    """What was signed on the printed sheet."""

    versions = CheckboxesField("Signed on the sheet", validate_choice=False)


@screen.get("/front-desk/<visit>", KEEPS)
def show(visit: str) -> str:
    """A visitor."""
    return _page(_visit(visit), NotKnownForm())


@screen.post("/front-desk/<visit>/approve", KEEPS)
def approve(visit: str) -> ResponseReturnValue:
    """The desk saw them."""
    return _act(visit, desk.approve, "{} is approved: you saw them.")


@screen.post("/front-desk/<visit>/left", KEEPS)
def left(visit: str) -> ResponseReturnValue:
    """They left."""
    return _act(visit, desk.leave, "{} left.")


@screen.post("/front-desk/<visit>/still-here", KEEPS)
def still_here(visit: str) -> ResponseReturnValue:
    """They did not leave after all, or came in again."""
    return _act(visit, desk.still_here, "{} is here.")


@screen.post("/front-desk/<visit>/somebody-else", KEEPS)
def somebody_else(visit: str) -> ResponseReturnValue:
    """They are not who they were said to be."""
    _act(visit, desk.somebody_else, "{} has a record of their own again.")
    return redirect(url_for("front_desk_visitor.show", visit=visit))


@screen.post("/front-desk/<visit>/not-known", KEEPS)
def not_known(visit: str) -> ResponseReturnValue:
    """Nobody knows them."""
    found, form = _visit(visit), NotKnownForm()
    if form.validate():
        with refusals_into(form):
            desk.not_known(db.session(), scope(), actor(), found, form.reason.data or "", now=clock.now())
            flash("Marked as not known. What they signed does not count.")
            return redirect(url_for("front_desk.index"))
    return _page(_visit(visit), form), 422


@screen.get("/front-desk/<visit>/same-person", KEEPS)
def earlier(visit: str) -> str:
    """Who was here before and may be them."""
    return _earlier_page(_visit(visit), SameForm())


@screen.post("/front-desk/<visit>/same-person", KEEPS)
def same(visit: str) -> ResponseReturnValue:
    """Join the visit to somebody's earlier days."""
    found, form = _visit(visit), SameForm()
    if form.validate():
        with refusals_into(form):
            person = one_of(db.session(), Person, scope(), form.person.data or "")
            desk.same_person(db.session(), scope(), actor(), found, person, now=clock.now())
            flash("Joined. What they read on earlier days counts, and they are counted once.")
            return redirect(url_for("front_desk_visitor.show", visit=visit))
    return _earlier_page(_visit(visit), form), 422


@screen.get("/front-desk/<visit>/sheet", KEEPS)
def sheet(visit: str) -> str:
    """A sheet to print and sign, and where it is entered afterwards. Nothing is ticked."""
    return _sheet_page(_visit(visit), SheetForm())


@screen.post("/front-desk/<visit>/sheet", KEEPS)
def signed_sheet(visit: str) -> ResponseReturnValue:
    """Record what was signed on paper in front of the desk."""
    found, form = _visit(visit), SheetForm()
    if form.validate():
        with refusals_into(form):
            ticked = _ticked(form, _wanted(found))
            desk.signed_on_paper(db.session(), scope(), actor(), found, ticked, now=clock.now())
            flash("What was signed on paper is recorded, with you as the witness.")
            return redirect(url_for("front_desk_visitor.show", visit=visit))
    return _sheet_page(_visit(visit), form), 422


def _act(visit: str, act: Callable[..., Any], told: str) -> ResponseReturnValue:
    """One of the desk's acts, then its page again."""
    found = _visit(visit)
    act(db.session(), scope(), actor(), found, now=clock.now())
    flash(told.format(_row(found).course.name))
    return redirect(url_for("front_desk.index"))


def _visit(public_id: str) -> Visit:
    """A visit of today: the desk sees no other day."""
    return visit_of_day(db.session(), scope(), public_id, today())


def _row(visit: Visit) -> Row:
    return one_visitor(db.session(), scope(), visit, today())


def _wanted(visit: Visit) -> list[ToRead]:
    """What there is to read; for a visitor who is recorded already, in the parts asked of them."""
    who = course_of(db.session(), visit).who
    return short_set(db.session(), scope(), today(), who.person_id if who is not None else None)


def _printed(one: ToRead) -> str:
    """What a tick on the sheet stands for: a version and the parts of it that were printed."""
    return f"{one.version.public_id}:{one.parts}"


def _ticked(form: SheetForm, wanted: list[ToRead]) -> list[ToRead]:
    """What was signed, as it stood on the sheet.

    Raises:
        Refusal: for something that stood there and is not asked any more, or in other parts.
    """
    offered = {_printed(one): one for one in wanted}
    ticked = form.versions.data or []
    if not set(ticked) <= set(offered):
        raise Refusal.one(
            "What there is to read changed since this sheet was printed. Print it again, and let it be signed again.",
            "versions",
        )
    return [offered[one] for one in ticked]


def _page(visit: Visit, form: NotKnownForm) -> str:
    row = _row(visit)
    who = row.course.who
    joined = who is not None and who.kind == SAME
    return render_template("front_desk/visitor.html", row=row, visit=visit, form=form, joined=joined)


def _earlier_page(visit: Visit, form: SameForm) -> str:
    search, row = SearchForm(), _row(visit)
    name = row.course.name if search.name.data is None else search.name.data
    who = row.course.who
    people = earlier_day_people(
        db.session(), scope(), name, search.reference.data or "", but=who.person_id if who is not None else None
    )
    form.person.choices = [(one.public_id, _said(one)) for one in people]
    search.name.data = name
    return render_template("front_desk/same_person.html", row=row, visit=visit, form=form, search=search, people=people)


def _titled(one: ToRead) -> str:
    return f"{one.title}, {listed(one.named)} only" if one.named else one.title


def _said(one: Earlier) -> str:
    agency = f", {one.agency}" if one.agency else ""
    return f"{one.name}{agency} ({one.reference}), last here on {one.last_on:%-d %B %Y}"


def _sheet_page(visit: Visit, form: SheetForm) -> str:
    row = _row(visit)
    wanted = [one for one in _wanted(visit) if one.policy_id in row.unread_ids]
    form.versions.choices = [(_printed(one), _titled(one)) for one in wanted]
    wordings = {one.policy_id: shown_now(db.session(), scope(), one.version, one.parts).wording for one in wanted}
    return render_template(
        "front_desk/sheet.html",
        row=row,
        visit=visit,
        form=form,
        wanted=wanted,
        wordings=wordings,
        printed_for=request.method == "GET",
    )
