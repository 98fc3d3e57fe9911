"""Settings of a school: its name, its colour, when its year of reading begins, and how governors get their pack."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.permissions import Permission
from governance.accounts.school_details import SchoolDetails, change_school, school_details
from governance.db import db
from governance.packs.rules import LINK_DAYS_AFTER_MEETING
from governance.schools.rules import PackWay
from governance.web import access
from governance.web.access import actor, needs, scope
from governance.web.forms import Choice, Form, NumberField, RadiosField, TextField, needed, refusals_into

screen = access.in_school("settings")

_MAY = needs(Permission.KEEP_SETTINGS)
_BY_LINK = (
    "Each governor's mail has a link of their own, which needs no account. It works until "
    f"{LINK_DAYS_AFTER_MEETING} days after the meeting, ends when they leave the governing body, and the clerk can withdraw "
    "it. What somebody has downloaded stays with them."
)
_WAYS = {
    PackWay.ATTACHED: (
        "Attached to the mail",
        "The pack stays in each governor's mailbox for as long as they keep the mail, and cannot be called back.",
    ),
    PackWay.LINK: ("By a private link", _BY_LINK),
}
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
    pack_way = RadiosField(
        "How do governors get the pack that the clerk sends?",
        choices=[(way.value, label) for way, (label, _) in _WAYS.items()],
        description="A change is for packs sent from now on. Drafts, which go to those chosen under Scheduled and sent, "
        "stay attached.",
    )

    @property
    def way_hints(self) -> list[dict[str, dict[str, str]]]:
        """What each way means, for GOV.UK's radios."""
        return [{"hint": {"text": meaning}} for _, meaning in _WAYS.values()]


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
        pack_way=kept.pack_way,
    )
    return render_template("setup/settings.html", form=form)


@screen.post("/settings", _MAY)
def save() -> ResponseReturnValue:
    """Keep what was changed."""
    # what a form does not carry stays as it is
    form = SettingsForm(pack_way=school_details(db.session(), scope()).pack_way)
    if form.validate():
        with refusals_into(form):
            wanted = SchoolDetails(
                form.name.data,
                form.colour.data or None,
                int(form.year_starts_month.data),
                form.year_starts_day.data or 0,
                form.away_school_days.data or 0,
                form.pack_way.data,
            )
            change_school(db.session(), scope(), actor(), wanted, now=clock.now())
            flash("The settings are saved.")
            return redirect(url_for("settings.index"))
    return render_template("setup/settings.html", form=form), 422
