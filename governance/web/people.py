"""People: the list, adding somebody, and one person's record."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.permissions import Permission
from governance.db import db
from governance.people.actions import add_person, change_details, details_of
from governance.people.models import Category, Person
from governance.people.queries import Standing, people
from governance.people.record import PersonRecord, person_record
from governance.tenancy import in_school as one_of
from governance.web.access import actor, allowed, in_school, needs, scope
from governance.web.forms import Choice, FilterForm, TextField, TickField, refusals_into
from governance.web.people_forms import DetailsForm, JobForm, category_choices, with_choices

screen = in_school("people")
SEES = needs(Permission.SEE_PEOPLE)
KEEPS = needs(Permission.KEEP_PEOPLE)

_KEPT = ("search", "category", "standing")


class PeopleFilters(FilterForm):
    """What the list is narrowed to."""

    search = TextField("Name, e-mail or number")
    category = Choice("Category", default="")
    standing = Choice(
        "Who",
        choices=[(standing.value, standing.in_words) for standing in Standing],
        default=Standing.CURRENT.value,
    )


class AddForm(DetailsForm, JobForm):
    """Somebody new with their first job."""

    somebody_else = TickField("This is somebody else, who is not recorded yet")


@screen.get("/people", SEES)
def index() -> ResponseReturnValue:
    """The list of people."""
    form = PeopleFilters()
    form.category.choices = [("", "Any category"), *category_choices()]
    good = form.validate()
    chosen = form.category.data if good else ""
    today, number = clock.today(scope().time_zone), request.args.get("page", "1")
    page = people(
        db.session(),
        scope(),
        as_of=today,
        search=(form.search.data or "") if good else "",
        category_id=one_of(db.session(), Category, scope(), chosen).id if chosen else None,
        standing=Standing(form.standing.data) if good else Standing.CURRENT,
        page=int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
    )
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name in _KEPT}
    answer = render_template(
        "people/index.html",
        form=form,
        page=page,
        searched=bool(kept),
        today=today,
        to_page=lambda number: url_for("people.index", page=number, **kept),
    )
    return answer, 200 if good else 422


@screen.get("/people/add", KEEPS)
def start_adding() -> str:
    """The form for somebody new."""
    return render_template("people/add.html", form=with_choices(AddForm()))


@screen.post("/people/add", KEEPS)
def add() -> ResponseReturnValue:
    """Record somebody with their first job."""
    form = AddForm()
    with_choices(form)
    if form.validate():
        with refusals_into(form):
            person = add_person(
                db.session(),
                scope(),
                actor(),
                form.details(),
                form.job(),
                somebody_else=bool(form.somebody_else.data),
                now=clock.now(),
            )
            flash(f"{details_of(person).name} is recorded. Their printed reference is {person.printed_reference}.")
            return redirect(url_for("people.show", person=person.public_id))
    return render_template("people/add.html", form=form), 422


@screen.get("/people/<person>", SEES)
def show(person: str) -> str:
    """One person's record."""
    return render_template("people/show.html", record=record_of(person), today=clock.today(scope().time_zone))


@screen.get("/people/<person>/details", KEEPS)
def details(person: str) -> str:
    """The form for somebody's name, e-mail and number."""
    found: Person = one_of(db.session(), Person, scope(), person)
    form = DetailsForm(data=details_of(found).__dict__)
    return render_template("people/details.html", form=form, record=record_of(person))


@screen.post("/people/<person>/details", KEEPS)
def keep_details(person: str) -> ResponseReturnValue:
    """Change somebody's name, e-mail or number."""
    found: Person = one_of(db.session(), Person, scope(), person)
    form = DetailsForm()
    if form.validate():
        with refusals_into(form):
            change_details(db.session(), scope(), actor(), found, form.details(), now=clock.now())
            flash(f"{details_of(found).name}: the details are saved.")
            return redirect(url_for("people.show", person=person))
    return render_template("people/details.html", form=form, record=record_of(person)), 422


def record_of(person: str) -> PersonRecord:
    """The record as far as whoever looks may see it: why somebody is away is for HR alone."""
    reasons = allowed(Permission.SEE_ABSENCE_REASONS)
    return person_record(db.session(), scope(), person, reasons=reasons)
