"""The school's staff categories: the ten it begins with, in its own words, and its own."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.permissions import Permission
from governance.db import db
from governance.people import categories
from governance.people.models import Category
from governance.tenancy import in_school as one_of
from governance.web.access import actor, in_school, needs, scope
from governance.web.forms import Form, TextField, refusals_into

screen = in_school("categories", section="settings")
KEEPS = needs(Permission.KEEP_SETTINGS)


class CategoryForm(Form):
    """A category's name."""

    name = TextField("Name", description="For example midday supervisors, or supply for agency staff.")


@screen.get("/settings/categories", KEEPS)
def index() -> str:
    """Every category with how many are in it today."""
    return _list(CategoryForm())


@screen.post("/settings/categories", KEEPS)
def add() -> ResponseReturnValue:
    """Add a category of the school's own."""
    form = CategoryForm()
    if form.validate():
        with refusals_into(form):
            made = categories.add_category(db.session(), scope(), actor(), name=form.name.data or "", now=clock.now())
            flash(f"{made.name} is added. Nobody is in it, and nothing is asked of it, until you say so.")
            return redirect(url_for("categories.index"))
    return _list(form), 422


@screen.get("/settings/categories/<category>", KEEPS)
def naming(category: str) -> str:
    """The form for another name."""
    found = _category(category)
    return render_template("people/category.html", category=found, form=CategoryForm(name=found.name))


@screen.post("/settings/categories/<category>", KEEPS)
def rename(category: str) -> ResponseReturnValue:
    """Call a category what the school calls it."""
    found, form = _category(category), CategoryForm()
    if form.validate():
        with refusals_into(form):
            name, now = form.name.data or "", clock.now()
            categories.rename_category(db.session(), scope(), actor(), found, name=name, now=now)
            flash("The name is saved.")
            return redirect(url_for("categories.index"))
    return render_template("people/category.html", category=_category(category), form=form), 422


def _category(category: str) -> Category:
    found: Category = one_of(db.session(), Category, scope(), category)
    return found


def _list(form: CategoryForm) -> str:
    today = clock.today(scope().time_zone)
    return render_template(
        "people/categories.html",
        categories=categories.categories(db.session(), scope()),
        heads=categories.heads_on(db.session(), scope(), today),
        form=form,
    )
