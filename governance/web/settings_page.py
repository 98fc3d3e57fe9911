"""Settings of a school: its name, its colour, and the day from which yearly readings count anew."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.permissions import Permission
from governance.accounts.school_details import SchoolDetails, change_school, school_details
from governance.db import db
from governance.web import access
from governance.web.access import actor, needs, scope
from governance.web.forms import Choice, Form, NumberField, TextField, needed, refusals_into

screen = access.in_school("settings")

_MAY = needs(Permission.KEEP_SETTINGS)
_MONTHS = "January February March April May June July August September October November December".split()


class SettingsForm(Form):
    """The school's own things."""

    name = TextField("Name of the school", [needed("Enter the school's name.")])
    colour = TextField(
        "Colour of the page's head",
        description="As #1d4f76. Leave it empty for ours. White letters must be readable on it.",
    )
    year_starts_day = NumberField("Day of the month", [needed("Enter the day, such as 1.")])
    year_starts_month = Choice("Month", choices=[(str(number), name) for number, name in enumerate(_MONTHS, start=1)])
    away_school_days = NumberField(
        "School days from which an absence is long",
        [needed("Enter a number of school days, such as 10.")],
        description="Who is away for so many school days or more is counted apart and not chased.",
    )


@screen.get("/settings", _MAY)
def index() -> ResponseReturnValue:
    """The form as things stand."""
    kept = school_details(db.session(), scope())
    form = SettingsForm(
        name=kept.name,
        colour=kept.colour or "",
        year_starts_day=kept.year_starts_day,
        year_starts_month=str(kept.year_starts_month),
        away_school_days=kept.away_school_days,
    )
    return render_template("setup/settings.html", form=form)


@screen.post("/settings", _MAY)
def save() -> ResponseReturnValue:
    """Keep what was changed."""
    form = SettingsForm()
    if form.validate():
        with refusals_into(form):
            wanted = SchoolDetails(
                form.name.data,
                form.colour.data or None,
                int(form.year_starts_month.data),
                form.year_starts_day.data or 0,
                form.away_school_days.data or 0,
            )
            change_school(db.session(), scope(), actor(), wanted, now=clock.now())
            flash("The settings are saved.")
            return redirect(url_for("settings.index"))
    return render_template("setup/settings.html", form=form), 422
