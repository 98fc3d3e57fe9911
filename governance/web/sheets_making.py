"""Making a sheet to print: of everything a category has not read, or for a session with chosen policies and people."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from governance.adoption.register import in_force_on
from governance.db import db
from governance.errors import Refusal
from governance.people.queries import everyone
from governance.reading.bulk_receipts import VersionShown, shown_in_part
from governance.reading.listed import Worker, workers
from governance.reading.sheet_printing import ToSign, for_category, for_session
from governance.web.access import scope
from governance.web.forms import CheckboxesField, Choice, FilterForm, TextField, needed, refusals_into
from governance.web.reading_screen import PAPER, own_categories, the_category, today
from governance.web.sheets_screen import Make, make, screen


class OfCategory(FilterForm):
    """Whose sheet it is."""

    category = Choice("Category", default="")


class ForSession(Make):
    """A sheet for a session: what it is called, what is signed for, and who signs."""

    title = TextField(
        "What the sheet is for",
        [needed("Say what the sheet is for, such as the name of the session.")],
        description="Such as “INSET day, 2 September 2026”. It is printed at the top.",
    )
    policies = CheckboxesField("Policies", validate_choice=False)
    categories = CheckboxesField("Everybody of a category", validate_choice=False)
    people = CheckboxesField("Or people by name", validate_choice=False)


@screen.get("/sheets/category", PAPER)
def of_category() -> str:
    """Choose a category, and see what its sheet would hold."""
    return _category_page(Make())


@screen.post("/sheets/category", PAPER)
def print_category() -> ResponseReturnValue:
    """Make the sheet of a category."""
    form, category = Make(), the_category(request.args.get("category", ""))
    if form.validate():
        with refusals_into(form):
            if category is None:
                raise Refusal.one("Choose the category first.")
            return make(for_category(db.session(), scope(), category, today()), form)
    return _category_page(form), 422


@screen.get("/sheets/session", PAPER)
def of_session() -> str:
    """Choose policies and people. Nothing is ticked."""
    return _session_page(ForSession())


@screen.post("/sheets/session", PAPER)
def print_session() -> ResponseReturnValue:
    """Make the sheet of a session."""
    form = ForSession()
    if form.validate():
        with refusals_into(form):
            return make(_of_session(form), form)
    return _session_page(form), 422


def _category_page(form: Make) -> str:
    session, chosen = db.session(), the_category(request.args.get("category", ""))
    filters, categories = OfCategory(), own_categories()
    filters.category.choices = [("", "Choose"), *((one.public_id, one.name) for one in categories)]
    wanted = for_category(session, scope(), chosen, today()) if chosen else None
    return render_template(
        "sheets/category.html",
        form=form,
        filters=filters,
        category=chosen,
        wanted=wanted,
        parts=named(wanted) if wanted else [],
    )


def named(wanted: ToSign) -> list[tuple[list[VersionShown], list[Worker]]]:
    """The parts of a sheet that is not made yet, with the names that would stand on it."""
    session = db.session()
    shown = shown_in_part(session, scope(), {one for part in wanted.parts for one in part.versions})
    people = workers(session, scope(), today(), {one for part in wanted.parts for one in part.person_ids})
    return [([shown[one] for one in part.versions], [people[one] for one in part.person_ids]) for part in wanted.parts]


def _of_session(form: ForSession) -> ToSign:
    """What was ticked. Another school's identifiers are among nothing that can be ticked, and count for nothing."""
    session, day = db.session(), today()
    ticked = set(form.policies.data or ())
    versions = [row.version_id for row in in_force_on(session, scope(), day) if row.policy in ticked]
    categories = {one.id for one in own_categories() if one.public_id in set(form.categories.data or ())}
    chosen = set(form.people.data or ())
    people = [
        number
        for number, one in workers(session, scope(), day).items()
        if one.person.public_id in chosen or any(job.category_id in categories for job in one.jobs)
    ]
    if not versions:
        raise Refusal.one("Choose at least one policy.", "policies")
    if not people:
        raise Refusal.one("Choose a category in which somebody works, or people by name.", "categories")
    return for_session(session, scope(), form.title.data or "", [one for one in versions if one], people, day)


def _session_page(form: ForSession) -> str:
    session, day = db.session(), today()
    form.policies.choices = [(row.policy, row.title) for row in in_force_on(session, scope(), day)]
    form.categories.choices = [(one.public_id, one.name) for one in own_categories()]
    form.people.choices = [(one.public_id, one.name) for one in everyone(session, scope(), as_of=day)]
    return render_template("sheets/session.html", form=form)
