"""Joiners, movers and leavers: one person's jobs."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from governance import clock
from governance.accounts.permissions import Permission
from governance.db import db
from governance.errors import NotFound
from governance.people import jobs
from governance.people.models import Category, Engagement, Person
from governance.tenancy import in_school as one_of
from governance.web.access import actor, in_school, needs, scope
from governance.web.forms import DayField, Form, needed, refusals_into
from governance.web.people import record_of
from governance.web.people_forms import DAY_HINT, JobForm, day_in, with_choices

screen = in_school("people_jobs", "people")
KEEPS = needs(Permission.KEEP_PEOPLE)


class EndForm(Form):
    """The end of one job."""

    ended_on = DayField("Last day in school", [needed("Enter the last day in school.")], description=DAY_HINT)


class LeaveForm(Form):
    """The end of everything somebody holds."""

    last_on = DayField("Last day in school", [needed("Enter the last day in school.")], description=DAY_HINT)


@screen.get("/people/<person>/jobs/new", KEEPS)
def start_job(person: str) -> str:
    """The form for a further job."""
    return _page("people/job.html", person, with_choices(JobForm()), None)


@screen.post("/people/<person>/jobs/new", KEEPS)
def add_job(person: str) -> ResponseReturnValue:
    """Give somebody a further job."""
    found: Person = one_of(db.session(), Person, scope(), person)
    form = with_choices(JobForm())
    if form.validate():
        with refusals_into(form):
            jobs.start_engagement(db.session(), scope(), actor(), found, form.job(), now=clock.now())
            return _done(person, "The job is recorded.")
    return _page("people/job.html", person, form, None), 422


@screen.get("/people/<person>/jobs/<job>", KEEPS)
def job(person: str, job: str) -> str:
    """The form to put right what was entered about a job."""
    form = with_choices(JobForm(data=_as_typed(_job(person, job))))
    return _page("people/job.html", person, form, job)


@screen.post("/people/<person>/jobs/<job>", KEEPS)
def correct_job(person: str, job: str) -> ResponseReturnValue:
    """Put right what was entered about a job."""
    engagement, form = _job(person, job), with_choices(JobForm())
    if form.validate():
        with refusals_into(form):
            jobs.correct_engagement(db.session(), scope(), actor(), engagement, form.job(), now=clock.now())
            return _done(person, "The job is corrected.")
    return _page("people/job.html", person, form, job), 422


@screen.get("/people/<person>/jobs/<job>/end", KEEPS)
def ending(person: str, job: str) -> str:
    """The form for the last day of one job."""
    return _page("people/end_job.html", person, EndForm(ended_on=_job(person, job).ended_on), job)


@screen.post("/people/<person>/jobs/<job>/end", KEEPS)
def end_job(person: str, job: str) -> ResponseReturnValue:
    """End one job."""
    engagement, form = _job(person, job), EndForm()
    if form.validate():
        with refusals_into(form):
            jobs.end_engagement(
                db.session(), scope(), actor(), engagement, ended_on=day_in(form.ended_on), now=clock.now()
            )
            return _done(person, "The last day of the job is recorded.")
    return _page("people/end_job.html", person, form, job), 422


@screen.get("/people/<person>/jobs/<job>/move", KEEPS)
def moving(person: str, job: str) -> str:
    """The form to move somebody to another category."""
    engagement = _job(person, job)
    form = JobForm(data={**_as_typed(engagement), "started_on": None, "ended_on": None, "category": ""})
    return _page("people/move.html", person, with_choices(form), job)


@screen.post("/people/<person>/jobs/<job>/move", KEEPS)
def move(person: str, job: str) -> ResponseReturnValue:
    """Move somebody: one job ends the day before the other starts."""
    engagement, form = _job(person, job), with_choices(JobForm())
    if form.validate():
        with refusals_into(form):
            jobs.move_category(db.session(), scope(), actor(), engagement, form.job(), now=clock.now())
            return _done(person, "The move is recorded. The earlier job ends the day before.")
    return _page("people/move.html", person, form, job), 422


@screen.get("/people/<person>/leave", KEEPS)
def leaving(person: str) -> str:
    """The form for somebody who leaves the school."""
    return _page("people/leave.html", person, LeaveForm(), None)


@screen.post("/people/<person>/leave", KEEPS)
def leave(person: str) -> ResponseReturnValue:
    """End everything somebody holds."""
    found: Person = one_of(db.session(), Person, scope(), person)
    form = LeaveForm()
    if form.validate():
        with refusals_into(form):
            jobs.leave(db.session(), scope(), actor(), found, last_on=day_in(form.last_on), now=clock.now())
            return _done(person, "The last day is recorded. Jobs, offices and posts end on it; receipts stay.")
    return _page("people/leave.html", person, form, None), 422


def _job(person: str, job: str) -> Engagement:
    found: Engagement = one_of(db.session(), Engagement, scope(), job)
    holder: Person = one_of(db.session(), Person, scope(), person)
    if found.person_id != holder.id:
        raise NotFound(job)
    return found


def _as_typed(engagement: Engagement) -> dict[str, Any]:
    """A recorded job in the form's fields."""
    category = db.session().get_one(Category, engagement.category_id)
    manager = db.session().scalar(select(Person.public_id).where(Person.id == engagement.line_manager_id))
    return {
        "category": category.public_id,
        "job_title": engagement.job_title,
        "started_on": engagement.started_on,
        "ended_on": engagement.ended_on,
        "line_manager": manager or "",
        "agency": engagement.agency,
    }


def _done(person: str, words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("people.show", person=person))


def _page(template: str, person: str, form: Form, job: str | None) -> str:
    record = record_of(person)
    about = next((one for one in record.jobs if one.public_id == job), None)
    return render_template(template, record=record, form=form, job=about)
