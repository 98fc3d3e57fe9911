"""Days away. Whoever may not see why somebody is away is not asked why either."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.permissions import Permission
from governance.db import db
from governance.errors import NotFound
from governance.people import absences
from governance.people.models import Absence, Person
from governance.tenancy import in_school as one_of
from governance.web.access import actor, allowed, in_school, needs, scope
from governance.web.forms import Choice, DayField, Form, needed, refusals_into
from governance.web.people import record_of
from governance.web.people_forms import DAY_HINT, day_in

screen = in_school("people_absences", "people")
KEEPS = needs(Permission.KEEP_PEOPLE)


class AbsenceForm(Form):
    """Days away, without the reason."""

    from_on = DayField("First day away", [needed("Enter the first day away.")], description=DAY_HINT)
    until_on = DayField("Last day away", description="Leave empty while it is not known.")


class ReasonedForm(AbsenceForm):
    """The same for who may know why."""

    reason = Choice("Reason", description="Only HR sees it; everybody else sees “away”.", default="")


@screen.get("/people/<person>/absences/new", KEEPS)
def start(person: str) -> str:
    """The form for days away."""
    return _page(person, _form(), None)


@screen.post("/people/<person>/absences/new", KEEPS)
def add(person: str) -> ResponseReturnValue:
    """Record days away."""
    found: Person = one_of(db.session(), Person, scope(), person)
    form = _form()
    if form.validate():
        with refusals_into(form):
            absences.record_absence(
                db.session(),
                scope(),
                actor(),
                found,
                from_on=day_in(form.from_on),
                until_on=form.until_on.data,
                reason=_reason(form) or "",
                now=clock.now(),
            )
            flash("The absence is recorded.")
            return redirect(url_for("people.show", person=person))
    return _page(person, form, None), 422


@screen.get("/people/<person>/absences/<absence>", KEEPS)
def show(person: str, absence: str) -> str:
    """The form to change days away."""
    found = _absence(person, absence)
    return _page(person, _form(found), absence)


@screen.post("/people/<person>/absences/<absence>", KEEPS)
def change(person: str, absence: str) -> ResponseReturnValue:
    """Put the days of an absence right, or end it."""
    found = _absence(person, absence)
    form = _form(found)
    if form.validate():
        with refusals_into(form):
            absences.change_absence(
                db.session(),
                scope(),
                actor(),
                found,
                from_on=day_in(form.from_on),
                until_on=form.until_on.data,
                reason=_reason(form),
                now=clock.now(),
            )
            flash("The absence is changed.")
            return redirect(url_for("people.show", person=person))
    return _page(person, form, absence), 422


def _form(absence: Absence | None = None) -> AbsenceForm:
    form = ReasonedForm if allowed(Permission.SEE_ABSENCE_REASONS) else AbsenceForm
    kept = {"from_on": absence.from_on, "until_on": absence.until_on} if absence else {}
    if form is not ReasonedForm:
        return form(data=kept)
    reason = absence.reason if absence else ""
    made = ReasonedForm(data=kept | {"reason": reason})
    # one written down before there was a list stays as it is
    other = [(reason, reason)] if reason and reason not in absences.REASONS else []
    made.reason.choices = [("", "Not recorded"), *other, *((one, one) for one in absences.REASONS)]
    return made


def _reason(form: AbsenceForm) -> str | None:
    """The reason typed; None from whoever was not asked, which leaves it as it is."""
    return (form.reason.data or "") if isinstance(form, ReasonedForm) else None


def _absence(person: str, absence: str) -> Absence:
    found: Absence = one_of(db.session(), Absence, scope(), absence)
    away: Person = one_of(db.session(), Person, scope(), person)
    if found.person_id != away.id:
        raise NotFound(absence)
    return found


def _page(person: str, form: AbsenceForm, absence: str | None) -> str:
    return render_template("people/absence.html", record=record_of(person), form=form, absence=absence)
