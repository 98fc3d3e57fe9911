"""What the school chooses for people who are here for a day: their category, and what they read before they begin."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.permissions import Permission
from governance.db import db
from governance.people.models import Category
from governance.policies.models import Policy
from governance.reading.asking import asking_since
from governance.reception.choosing import choose_category, choose_policies, offered
from governance.reception.short_set import day_category
from governance.tenancy import in_school as one_of
from governance.web.access import actor, in_school, needs, scope
from governance.web.forms import CheckboxesField, Choice, Form, needed, refusals_into
from governance.web.reading_screen import own_categories, today

screen = in_school("front_desk_settings", "settings")
KEEPS = needs(Permission.KEEP_SETTINGS)


class CategoryForm(Form):
    """The category of day people."""

    category = Choice("Category", [needed("Choose a category.")], validate_choice=False)


class ShortSetForm(Form):
    """What they read before they begin."""

    policies = CheckboxesField("Policies", validate_choice=False)


@screen.get("/settings/front-desk", KEEPS)
def index() -> str:
    """As things stand."""
    return _page(_category_form(), ShortSetForm())


@screen.post("/settings/front-desk/category", KEEPS)
def choose() -> ResponseReturnValue:
    """Choose the category."""
    form = CategoryForm()
    if form.validate():
        with refusals_into(form):
            category = one_of(db.session(), Category, scope(), form.category.data or "")
            choose_category(db.session(), scope(), actor(), category, now=clock.now())
            flash(f"People who are here for a day are now of the category {category.name}.")
            return redirect(url_for("front_desk_settings.index"))
    return _page(_with_choices(form), ShortSetForm()), 422


@screen.post("/settings/front-desk", KEEPS)
def choose_short_set() -> ResponseReturnValue:
    """Choose the policies."""
    form = ShortSetForm()
    if form.validate():
        with refusals_into(form):
            wanted = {one_of(db.session(), Policy, scope(), one).id for one in form.policies.data or ()}
            choose_policies(db.session(), scope(), actor(), wanted, today=today(), now=clock.now())
            flash("Saved. It holds from now on.")
            return redirect(url_for("front_desk_settings.index"))
    return _page(_category_form(), form), 422


def _page(categories: CategoryForm, policies: ShortSetForm) -> str:
    session = db.session()
    category = day_category(session, scope())
    offers = offered(session, scope(), category, today()) if category is not None else []
    policies.policies.choices = [(one.policy.public_id, one.policy.title) for one in offers]
    if not policies.is_submitted() or categories.errors:
        policies.policies.data = [one.policy.public_id for one in offers if one.chosen]
    return render_template(
        "front_desk/settings.html",
        categories=categories,
        policies=policies,
        category=category,
        offers=offers,
        asks=asking_since(session, scope()) is not None,
    )


def _category_form() -> CategoryForm:
    form = _with_choices(CategoryForm())
    category = day_category(db.session(), scope())
    form.category.data = category.public_id if category is not None else ""
    return form


def _with_choices(form: CategoryForm) -> CategoryForm:
    form.category.choices = [("", "Choose a category"), *((one.public_id, one.name) for one in own_categories())]
    return form
