"""Planning, moving and cancelling a body's meetings."""

from __future__ import annotations

import datetime as dt

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import ValidationError

from governance import clock
from governance.accounts.permissions import Permission
from governance.db import db
from governance.schools.actions import cancel_meeting, move_meeting, plan_meeting
from governance.schools.models import GoverningBody
from governance.schools.queries import bodies
from governance.tenancy import in_school as one_of
from governance.web.access import actor, in_school, needs, scope
from governance.web.forms import Choice, DayField, Form, TextField, needed, refusals_into
from governance.web.meetings import the_meeting

screen = in_school("meetings_planning", "meetings")
KEEPS = needs(Permission.KEEP_MEETINGS)


class When(Form):
    """The day, time and place of a meeting."""

    held_on = DayField("Day", [needed("Enter the day of the meeting.")], description="For example 3 December 2026")
    starts_at = TextField("Time", description="For example 18:30. Leave empty if it is not known.")
    place = TextField("Place")

    def validate_starts_at(self, field: TextField) -> None:
        """A time of the day, in hours and minutes."""
        try:
            self.time_of(field.data)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    @staticmethod
    def time_of(text: str | None) -> dt.time | None:
        """The time as typed; None where it was left empty.

        Raises:
            ValueError: for what is no time of a day.
        """
        if not text:
            return None
        try:
            return dt.datetime.strptime(text.replace(".", ":"), "%H:%M").time()  # noqa: DTZ007  # a time without a day
        except ValueError:
            raise ValueError("Enter the time in hours and minutes, such as 18:30.") from None


class Plan(When):
    """A new meeting."""

    body = Choice("Governing body")


@screen.get("/meetings/plan", KEEPS)
def start() -> str:
    """The form for a new meeting."""
    return render_template("meetings/plan.html", form=_bodies(Plan()))


@screen.post("/meetings/plan", KEEPS)
def plan() -> ResponseReturnValue:
    """Put a meeting on the calendar."""
    form = _bodies(Plan())
    if form.validate():
        with refusals_into(form):
            body: GoverningBody = one_of(db.session(), GoverningBody, scope(), form.body.data)
            assert form.held_on.data is not None
            made = plan_meeting(
                db.session(),
                scope(),
                actor(),
                body=body,
                held_on=form.held_on.data,
                starts_at=When.time_of(form.starts_at.data),
                place=form.place.data,
                now=clock.now(),
            )
            flash("The meeting is planned.")
            return redirect(url_for("meetings.show", meeting=made.public_id))
    return render_template("meetings/plan.html", form=form), 422


@screen.get("/meetings/<meeting>/move", KEEPS)
def moving(meeting: str) -> str:
    """The form for another day, time or place."""
    row, _ = the_meeting(meeting)
    starts = row.starts_at.strftime("%H:%M") if row.starts_at else ""
    form = When(held_on=row.held_on, starts_at=starts, place=row.place or "")
    return render_template("meetings/move.html", form=form, meeting=row)


@screen.post("/meetings/<meeting>/move", KEEPS)
def move(meeting: str) -> ResponseReturnValue:
    """Give a meeting another day, time or place."""
    row, found = the_meeting(meeting)
    form = When()
    if form.validate():
        with refusals_into(form):
            assert form.held_on.data is not None
            move_meeting(
                db.session(),
                scope(),
                actor(),
                found,
                held_on=form.held_on.data,
                starts_at=When.time_of(form.starts_at.data),
                place=form.place.data,
                now=clock.now(),
            )
            flash("The meeting is changed. Its agenda went with it.")
            return redirect(url_for("meetings.show", meeting=meeting))
    return render_template("meetings/move.html", form=form, meeting=row), 422


@screen.post("/meetings/<meeting>/cancel", KEEPS)
def cancel(meeting: str) -> ResponseReturnValue:
    """Cancel a planned meeting."""
    _, found = the_meeting(meeting)
    cancel_meeting(db.session(), scope(), actor(), found, now=clock.now())
    flash("The meeting is cancelled. It stays on record with its agenda.", "warning")
    return redirect(url_for("meetings.index"))


def _bodies(form: Plan) -> Plan:
    today = clock.today(scope().time_zone)
    form.body.choices = [(body.public_id, body.name) for body in bodies(db.session(), scope(), as_of=today)]
    return form
