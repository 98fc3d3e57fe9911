"""Recording the text that a body adopted with amendments, once it is written."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.permissions import Permission
from governance.adoption.amending import record_amended_text
from governance.adoption.asking import asking_started
from governance.adoption.history import DecisionRow, decision_row
from governance.adoption.kinds import Kind
from governance.adoption.models import Decision
from governance.db import db
from governance.errors import NotFound
from governance.people.categories import categories
from governance.policies.models import Policy, PolicyVersion
from governance.policies.queries import versions_of
from governance.tenancy import in_school as one_of
from governance.web.access import actor, in_school, needs, scope
from governance.web.decisions_forms import Asked
from governance.web.forms import Choice, refusals_into

screen = in_school("amended_text", "register")
KEEPS = needs(Permission.KEEP_POLICIES)


class TextForm(Asked):
    """Which version is the amended text, and who is to read it."""

    version = Choice("The version with the amendments")


@screen.get("/decisions/<decision>/amended-text", KEEPS)
def start(decision: str) -> str:
    """The later versions to choose from."""
    found, row = _decision(decision)
    return _page(row, _offering(found))


@screen.post("/decisions/<decision>/amended-text", KEEPS)
def record(decision: str) -> ResponseReturnValue:
    """Put the amended text in force from the day that was decided."""
    found, row = _decision(decision)
    form = _offering(found)
    if form.validate():
        known = {category.public_id: category.id for category in categories(db.session(), scope())}
        chosen = form.chosen(Kind.AMENDED, known, started=asking_started(db.session(), scope()))
        if chosen is not None:
            with refusals_into(form):
                version: PolicyVersion = one_of(db.session(), PolicyVersion, scope(), form.version.data)
                record_amended_text(db.session(), scope(), actor(), found, version, clock.now(), chosen)
                flash("The amended text is in force.")
                return redirect(url_for("policy.show", policy=row.policy))
    return _page(row, form), 422


def _decision(decision: str) -> tuple[Decision, DecisionRow]:
    found: Decision = one_of(db.session(), Decision, scope(), decision)
    row = decision_row(db.session(), scope(), found.id)
    if row is None:
        raise NotFound(decision)
    return found, row


def _offering(decision: Decision) -> TextForm:
    form = TextForm()
    form.offer(categories(db.session(), scope()))
    policy = db.session().get_one(Policy, decision.policy_id)
    tabled = db.session().get_one(PolicyVersion, decision.version_id)
    later = [one for one in versions_of(db.session(), scope(), policy) if one.number > tabled.number]
    form.version.choices = [(one.public_id, f"Version {one.label or one.number}") for one in later]
    return form


def _page(row: DecisionRow, form: TextForm) -> str:
    return render_template(
        "decisions/amended_text.html", row=row, form=form, started=asking_started(db.session(), scope())
    )
