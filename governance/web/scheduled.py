"""Scheduled and sent: what runs by itself, what ran, what it made, what was sent, what failed and why."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.permissions import Permission
from governance.chasing.queries import mornings
from governance.chasing.sending import KINDS as REMINDERS
from governance.db import db
from governance.errors import NotFound
from governance.mail.actions import send_again, undo
from governance.mail.queries import mail as one_mail
from governance.mail.queries import mails, waiting
from governance.reading.links import KIND as READING_LINK
from governance.schedule.actions import begin_offered, close, run_now, schedule
from governance.schedule.cadence import in_words
from governance.schedule.jobs import JOBS
from governance.schedule.offers import MONDAY_MAIL, OFFERS, TEAM_DIGEST
from governance.schedule.pack_recipients import meeting_of_mail
from governance.schedule.queries import entries, recent_runs, run_line
from governance.web.access import actor, allowed, in_school, needs, scope
from governance.web.downloads import frozen
from governance.web.forms import refusals_into
from governance.web.knocking import run_soon
from governance.web.requests import settings
from governance.web.scheduled_form import EntryForm, filled_choices

screen = in_school("scheduled")
SEES = needs(Permission.SCHEDULE)
# Kinds of mail that say whose reading is overdue, and what somebody else must be allowed to read them here.
_NAMES_PEOPLE = dict.fromkeys((MONDAY_MAIL, TEAM_DIGEST, READING_LINK, *REMINDERS), Permission.SEE_READING)


@screen.get("/scheduled", SEES)
def index() -> str:
    """The one screen."""
    session, now = db.session(), clock.now()
    lines = entries(session, scope(), now)
    there = {line.job for line in lines}
    offered = [
        (offer.title, in_words(offer.cadence), offer.recipients.in_words) for offer in OFFERS if offer.job not in there
    ]
    return render_template(
        "scheduled/index.html",
        entries=lines,
        offered=offered,
        runs=recent_runs(session, scope(), limit=40),
        mails=mails(session, scope(), limit=60, without=REMINDERS),
        reminders=mornings(session, scope(), limit=1),
        waiting=waiting(session, scope(), now),
        no_mail=settings().smtp_url is None,
    )


@screen.post("/scheduled/offered", SEES)
def begin() -> ResponseReturnValue:
    """Turn on what is offered and was never set here."""
    made = begin_offered(db.session(), scope(), actor(), clock.now())
    on = "What was offered is turned on. Below is when each comes next."
    flash(on if made else "What is offered was set here before. Set it by hand to have it again.")
    return redirect(url_for("scheduled.index"))


@screen.get("/scheduled/new", SEES)
def new() -> str:
    """Set something to run."""
    return render_template("scheduled/new.html", form=filled_choices(EntryForm()))


@screen.post("/scheduled/new", SEES)
def create() -> ResponseReturnValue:
    """Record what is to run."""
    form = filled_choices(EntryForm())
    if form.validate():
        with refusals_into(form):
            schedule(
                db.session(),
                scope(),
                actor(),
                job=form.job.data,
                cadence=form.cadence(),
                recipients=form.recipients(),
                options=form.options(),
                now=clock.now(),
            )
            flash("It is set.")
            return redirect(url_for("scheduled.index"))
    return render_template("scheduled/new.html", form=form), 422


@screen.post("/scheduled/<entry>/close", SEES)
def end(entry: str) -> ResponseReturnValue:
    """End an entry."""
    close(db.session(), scope(), actor(), entry, clock.now())
    flash("It will not run again. What it made stays.")
    return redirect(url_for("scheduled.index"))


@screen.post("/scheduled/<entry>/run", SEES)
def run_entry(entry: str) -> ResponseReturnValue:
    """Run an entry now."""
    run = run_now(db.session(), scope(), actor(), entry, clock.now())
    run_soon()
    return redirect(url_for("scheduled.run", run=run.public_id))


@screen.get("/runs/<run>", needs(Permission.SEE_PACKS))
def run(run: str) -> str:
    """How far a run is, and what it made."""
    return render_template("scheduled/run.html", run=run_line(db.session(), scope(), run), jobs=JOBS)


@screen.get("/runs/<run>/file", SEES)
def made(run: str) -> Response:
    """The file that a run made, as it was frozen, for those who may see what is in it."""
    line = run_line(db.session(), scope(), run)
    if line.asked_by_account is not None:
        raise NotFound(run)
    if not allowed(line.opens):
        abort(403)
    return frozen(line.artefact)


@screen.get("/mails/<mail>", SEES)
def mail(mail: str) -> str:
    """A mail to read on screen, sent or not. Its words only for those whose role may see whom they name."""
    found = one_mail(db.session(), scope(), mail)
    needed = _NAMES_PEOPLE.get(found.line.kind)
    meeting = meeting_of_mail(db.session(), scope(), mail) if allowed(Permission.MAKE_PACKS) else None
    return render_template(
        "scheduled/mail.html",
        mail=found,
        readable=needed is None or allowed(needed),
        reading_link=READING_LINK,
        packs=url_for("packs.index", meeting=meeting) if meeting else None,
    )


@screen.post("/mails/<mail>/undo", SEES)
def take_back(mail: str) -> ResponseReturnValue:
    """Take back a mail that has not left."""
    undo(db.session(), scope(), actor(), mail, clock.now())
    flash("The mail was taken back.")
    return redirect(url_for("scheduled.mail", mail=mail))


@screen.post("/mails/<mail>/again", SEES)
def again(mail: str) -> ResponseReturnValue:
    """Send a refused mail once more."""
    send_again(db.session(), scope(), actor(), mail, clock.now())
    run_soon()
    flash("The mail waits to be sent once more.")
    return redirect(url_for("scheduled.mail", mail=mail))
