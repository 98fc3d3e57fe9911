"""Who was given the power to decide without the full board."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.permissions import Permission
from governance.adoption.delegating import Power, delegate, end_delegation
from governance.adoption.models import Delegation
from governance.adoption.queries import delegations
from governance.db import db
from governance.people.models import Person
from governance.people.queries import everyone
from governance.policies.models import Policy
from governance.policies.queries import all_policies
from governance.policies.rules import Kind
from governance.schools.models import GoverningBody
from governance.schools.queries import bodies
from governance.tenancy import in_school as one_of
from governance.web.access import actor, in_school, needs, scope
from governance.web.forms import Choice, DayField, Form, TextField, needed, refusals_into

screen = in_school("delegation", "meetings")
SEES, KEEPS = needs(Permission.SEE_DRAFTS), needs(Permission.KEEP_MEETINGS)
_OFFICES = [("office:headteacher", "The headteacher"), ("office:chair", "The chair of governors")]


class PowerForm(Form):
    """A power to decide, from a day."""

    holder = Choice("Given to", [needed("Choose who is given the power.")])
    covers = Choice("Over")
    from_on = DayField("First day", [needed("Enter the first day.")], description="For example 1 September 2026")
    until_on = DayField("Last day", description="Leave empty where no end is set.")
    source = TextField("Where it is written", description="The minute or the scheme of delegation.")


class EndForm(Form):
    """The end of a power."""

    until_on = DayField("Last day", [needed("Enter the last day.")], description="For example 31 August 2027")


@screen.get("/delegation", SEES)
def index() -> str:
    """Every delegated power, ended ones too."""
    today = clock.today(scope().time_zone)
    return render_template("meetings/delegation.html", rows=delegations(db.session(), scope()), today=today)


@screen.get("/delegation/new", KEEPS)
def start() -> str:
    """The form for a power."""
    return render_template("meetings/delegate.html", form=_offering(PowerForm()))


@screen.post("/delegation/new", KEEPS)
def add() -> ResponseReturnValue:
    """Record a power."""
    form = _offering(PowerForm())
    if form.validate():
        with refusals_into(form):
            delegate(db.session(), scope(), actor(), _power(form), clock.now())
            flash("The delegation is recorded.")
            return redirect(url_for("delegation.index"))
    return render_template("meetings/delegate.html", form=form), 422


@screen.get("/delegation/<delegation>/end", KEEPS)
def ending(delegation: str) -> str:
    """The form for the last day of a power."""
    _found(delegation)
    return render_template("meetings/end_delegation.html", form=EndForm(), delegation=delegation)


@screen.post("/delegation/<delegation>/end", KEEPS)
def end(delegation: str) -> ResponseReturnValue:
    """Record the last day of a power."""
    found, form = _found(delegation), EndForm()
    if form.validate():
        with refusals_into(form):
            assert form.until_on.data is not None
            end_delegation(db.session(), scope(), actor(), found, form.until_on.data, clock.now())
            flash("The end is recorded.")
            return redirect(url_for("delegation.index"))
    return render_template("meetings/end_delegation.html", form=form, delegation=delegation), 422


def _found(delegation: str) -> Delegation:
    found: Delegation = one_of(db.session(), Delegation, scope(), delegation)
    return found


def _power(form: PowerForm) -> Power:
    session = db.session()
    what, _, who = (form.holder.data or "").partition(":")
    over, _, which = (form.covers.data or "").partition(":")
    assert form.from_on.data is not None
    return Power(
        from_on=form.from_on.data,
        body=one_of(session, GoverningBody, scope(), who) if what == "body" else None,
        person=one_of(session, Person, scope(), who) if what == "person" else None,
        office=who if what == "office" else None,
        policy=one_of(session, Policy, scope(), which) if over == "policy" else None,
        policy_kind=which if over == "kind" else None,
        until_on=form.until_on.data,
        source=form.source.data or "",
    )


def _offering(form: PowerForm) -> PowerForm:
    session, today = db.session(), clock.today(scope().time_zone)
    committees = [
        (f"body:{body.public_id}", body.name)
        for body in bodies(session, scope(), as_of=today)
        if body.kind == "committee"
    ]
    people = [(f"person:{one.public_id}", one.name) for one in everyone(session, scope(), as_of=today)]
    form.holder.choices = [("", "Choose"), *_OFFICES, *committees, *people]
    kinds = [(f"kind:{kind.value}", f"Every document of the kind “{kind.in_words.lower()}”") for kind in Kind]
    policies = [
        (f"policy:{policy.public_id}", policy.title)
        for policy in all_policies(session, scope())
        if policy.retired_on is None
    ]
    form.covers.choices = [("", "Everything"), *kinds, *policies]
    return form
