"""Reminders: whether they are on, the steps of the ladder, what waits to leave and can be undone, and what went.

Whoever keeps reading sets them: asking, excusing and more time are theirs already, and reminding goes with it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.chasing.gathering import school_year
from governance.chasing.ladder import ladder_of, ladder_set, set_ladder
from governance.chasing.morning import in_words, plan_morning
from governance.chasing.queries import (
    WaitingMail,
    mornings,
    not_reached,
    reminded_by_run,
    reminder_of_mail,
    waiting_mails,
)
from governance.chasing.rules import MOST_DAYS, Rung, Whom
from governance.db import db
from governance.errors import NotFound, Refusal
from governance.mail.actions import undo, undo_all
from governance.mail.hours import OPENS
from governance.mail.queries import mail as one_mail
from governance.reading.asking import asking_since
from governance.reading.calendar import is_school_day, next_school_day
from governance.reading.queries import outstanding
from governance.render.words import plural
from governance.schedule.local_time import local_time
from governance.schedule.queries import EntryLine, entry_line
from governance.schedule.switching import reminding_entry, turn_off, turn_on
from governance.web.access import actor, in_school, scope
from governance.web.forms import Choice, Form, NumberField, needed, refusals_into
from governance.web.reading_screen import KEEPS, SEES, page_number, today
from governance.web.requests import settings

screen = in_school("reminders", "reading")
PER_PAGE = 25
BEFORE, ON, AFTER = "before", "on", "after"


class Step(Form):
    """A step to add."""

    days = NumberField("School days", [needed(f"Enter how many days, from 0 to {MOST_DAYS}.")], default=5)
    when = Choice(
        "When",
        choices=[(BEFORE, "before the due day"), (ON, "on the due day"), (AFTER, "after the due day")],
        default=AFTER,
    )
    whom = Choice("Whom to tell", choices=[(one.value, one.in_words) for one in Whom])

    def rung(self) -> Rung:
        """The step as typed."""
        days = 0 if self.when.data == ON else self.days.data or 0
        return Rung(-days if self.when.data == BEFORE else days, Whom(self.whom.data))


@dataclass(frozen=True)
class First:
    """The next school morning on which reminders leave, or would if they were turned on now, and to whom as things stand."""

    on: dt.date
    whom: str


@screen.get("/reading/reminders", KEEPS)
def index() -> str:
    """How reminders stand."""
    return _page(Step())


@screen.post("/reading/reminders/on", KEEPS)
def begin() -> ResponseReturnValue:
    """Turn them on."""
    turn_on(db.session(), scope(), actor(), clock.now())
    flash("Reminders are on. Nothing leaves before half past seven on a school day, and it can be undone until then.")
    return redirect(url_for("reminders.index"))


@screen.post("/reading/reminders/off", KEEPS)
def end() -> ResponseReturnValue:
    """Turn them off."""
    turn_off(db.session(), scope(), actor(), clock.now())
    flash("Reminders are off. What waits to leave is listed below.")
    return redirect(url_for("reminders.index"))


@screen.post("/reading/reminders/steps", KEEPS)
def add() -> ResponseReturnValue:
    """Add a step."""
    form = Step()
    if form.validate():
        with refusals_into(form):
            before = ladder_of(db.session(), scope())
            if form.rung() in before:
                raise Refusal.one("This step is there already. Choose another day, or somebody else to tell.", "days")
            set_ladder(db.session(), scope(), actor(), (*before, form.rung()), clock.now())
            flash("The step is added. It holds from the next school morning.")
            return redirect(url_for("reminders.index"))
    return _page(form), 422


@screen.post("/reading/reminders/steps/remove", KEEPS)
def remove() -> ResponseReturnValue:
    """Take a step away."""
    before = ladder_of(db.session(), scope())
    gone = next((rung for rung in before if _key(rung) == request.form.get("step", "")), None)
    if gone is None:
        raise Refusal.one("This step is not there any more.")
    set_ladder(db.session(), scope(), actor(), tuple(rung for rung in before if rung != gone), clock.now())
    flash("The step is taken away.")
    return redirect(url_for("reminders.index"))


@screen.post("/reading/reminders/runs/<run>/undo", KEEPS)
def undo_run(run: str) -> ResponseReturnValue:
    """Take back everything of a morning that has not left."""
    if not reminded_by_run(db.session(), scope(), run):
        raise NotFound(run)
    count = undo_all(db.session(), scope(), actor(), run, clock.now())
    flash(f"{plural(count, 'mail was', 'mails were')} taken back. They are not sent again for the same step.")
    return redirect(url_for("reminders.index"))


@screen.get("/reading/reminders/mails/<mail>", SEES)
def mail(mail: str) -> str:
    """One reminder, to be read on screen."""
    _must_be_a_reminder(mail)
    return render_template("reading/reminder_mail.html", mail=one_mail(db.session(), scope(), mail))


@screen.post("/reading/reminders/mails/<mail>/undo", KEEPS)
def undo_mail(mail: str) -> ResponseReturnValue:
    """Take back one mail that has not left."""
    _must_be_a_reminder(mail)
    undo(db.session(), scope(), actor(), mail, clock.now())
    flash("The mail was taken back. It is not sent again for the same step.")
    return redirect(url_for("reminders.index"))


def _must_be_a_reminder(mail: str) -> None:
    if reminder_of_mail(db.session(), scope(), mail) is None:
        raise NotFound(mail)


def _page(form: Step) -> str:
    session, now = db.session(), clock.now()
    entry = reminding_entry(session, scope())
    waiting = waiting_mails(session, scope())
    pages = max(1, -(-len(waiting) // PER_PAGE))
    page = min(page_number() or 1, pages)
    unreached = not_reached(session, scope())
    on = entry_line(session, scope(), entry.public_id, now) if entry else None
    return render_template(
        "reading/reminders.html",
        form=form,
        on=on,
        since=asking_since(session, scope()),
        first=_first(now, on),
        offered=ladder_set(session, scope()) is None,
        ladder=[(rung, _key(rung)) for rung in ladder_of(session, scope())],
        waiting=waiting[(page - 1) * PER_PAGE : page * PER_PAGE],
        total=len(waiting),
        leaves_at=max((one.mail.next_try_at for one in waiting), default=None),
        runs=_runs_waiting(waiting),
        mornings=mornings(session, scope()),
        on_paper=len({row.person_id for row in outstanding(session, scope(), today()) if row.person_id in unreached}),
        no_mail=settings().smtp_url is None,
        page=page,
        pages=pages,
        to_page=lambda number: url_for("reminders.index", page=number),
    )


def _runs_waiting(waiting: list[WaitingMail]) -> list[tuple[str, int]]:
    """Each run of which something waits, with how many."""
    counts = Counter(one.run for one in waiting)
    return list(counts.items())


def _first(now: dt.datetime, on: EntryLine | None) -> First | None:
    """Whom the next school morning writes to; where reminders are off, if they were turned on now."""
    session = db.session()
    if asking_since(session, scope()) is None:
        return None
    school = school_year(session, scope(), today())
    if on is not None and on.next_at is not None:
        day = on.next_at.date()
    else:
        day = today() + dt.timedelta(days=local_time(now, scope().time_zone).time() >= OPENS)
    day = day if is_school_day(day, school) else next_school_day(day, school)
    return First(day, in_words(plan_morning(session, scope(), day).mails))


def _key(rung: Rung) -> str:
    return f"{rung.days}:{rung.whom}"
