"""Training sessions: what they covered, who was there, and recording one for everybody at once.

details ─▶ the list, with ticks for who was absent and what would be recorded ─ name typed ─▶ recorded
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.db import db
from governance.errors import Refusal
from governance.reading.listed import Worker, workers
from governance.reading.paper_models import TrainingSession
from governance.reading.training import NewSession, Plan, plan_session, record_session
from governance.reading.training_plan import Attendance
from governance.reading.training_queries import covered_in, held_receipts, list_of, sessions_held
from governance.render.words import plural
from governance.tenancy import in_school as one_of
from governance.web.access import actor, in_school, scope
from governance.web.forms import refusals_into
from governance.web.reading_screen import KEEPS, SEES, today
from governance.web.training_form import Details, Recording, offered, wanted

screen = in_school("training", "reading")


@dataclass(frozen=True)
class Row:
    """Somebody on the list before it is recorded: how many receipts they get, and what they have already."""

    worker: Worker
    receipts: int
    already: tuple[str, ...]
    absent: bool


@screen.get("/training", SEES)
def index() -> str:
    """The sessions that were recorded."""
    return render_template("training/index.html", sessions=sessions_held(db.session(), scope()))


@screen.get("/training/<training>", SEES)
def show(training: str) -> str:
    """One session with its list."""
    session = db.session()
    held: TrainingSession = one_of(session, TrainingSession, scope(), training)
    everybody = list_of(session, held)
    return render_template(
        "training/show.html",
        held=held,
        covered=covered_in(session, held),
        present=[one for one in everybody if one.attendance is Attendance.PRESENT],
        others=[one for one in everybody if one.attendance is not Attendance.PRESENT],
    )


@screen.get("/training/new", KEEPS)
def start() -> str:
    """The details of a session."""
    return _details(Details())


@screen.post("/training/new", KEEPS)
def check() -> ResponseReturnValue:
    """What recording the session would do. Nothing is recorded yet."""
    form = Recording()
    if form.validate():
        with refusals_into(form):
            return _checking(form, wanted(form))
    return _details(form), 422


@screen.post("/training", KEEPS)
def record() -> ResponseReturnValue:
    """Record the session."""
    form = Recording()
    if not form.validate():
        return _details(form), 422
    with refusals_into(form):
        held = _recorded(form)
        flash(f"The session is recorded, with {plural(held_receipts(db.session(), held), 'receipt')}.")
        return redirect(url_for("training.show", training=held.public_id))
    return _refused(form), 422


def _recorded(form: Recording) -> TrainingSession:
    asked, session = wanted(form), db.session()
    ticked = set(form.absent.data or ())
    people = workers(session, scope(), asked.held_on)
    absent = {number for number, one in people.items() if one.person.public_id in ticked}
    return record_session(
        session,
        scope(),
        actor(),
        asked,
        absent,
        form.seen.data or "",
        form.typed_name.data or "",
        today(),
        clock.now(),
    )


def _refused(form: Recording) -> str:
    """The page on which what was refused can be put right: the list, where it can be made, else the details."""
    try:
        return _checking(form, wanted(form))
    except Refusal:
        return _details(form)


def _details(form: Details) -> str:
    offered(form)
    return render_template("training/new.html", form=form)


def _checking(form: Recording, asked: NewSession) -> str:
    session = db.session()
    whole = plan_session(session, scope(), asked, today())
    people = workers(session, scope(), asked.held_on, set(whole.attendance))
    ticked = set(form.absent.data or ())
    absent = {number for number, one in people.items() if one.person.public_id in ticked}
    plan = whole.without(absent)
    form.seen.data = whole.digest
    offered(form)
    return render_template(
        "training/check.html",
        form=form,
        asked=asked,
        plan=plan,
        policies=_by_policy(plan),
        rows=_rows(whole, people, absent),
        left_out=[
            (people[number], "Away that day" if how is Attendance.AWAY else "Left before that day")
            for number, how in whole.attendance.items()
            if how in (Attendance.AWAY, Attendance.LEFT) and number in people
        ],
    )


def _by_policy(plan: Plan) -> list[tuple[str, str, int, int]]:
    """For each policy its title, version, how many receipts it makes and how many present have it already."""
    present = len(plan.people(Attendance.PRESENT))
    found = []
    for version in plan.versions:
        receipts = sum(one.version_id == version.version_id for _, one in plan.receipts)
        found.append((version.title, version.label, receipts, present - receipts))
    return found


def _rows(whole: Plan, people: dict[int, Worker], absent: set[int]) -> list[Row]:
    wanted_of: dict[int, set[int]] = {}
    for person_id, one in whole.receipts:
        wanted_of.setdefault(person_id, set()).add(one.version_id)
    rows = []
    for number, worker in people.items():
        if whole.attendance[number] is Attendance.PRESENT:
            needs = wanted_of.get(number, set())
            already = tuple(one.title for one in whole.versions if one.version_id not in needs)
            rows.append(Row(worker, len(needs), already, number in absent))
    return rows
