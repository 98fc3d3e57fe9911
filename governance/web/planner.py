"""The year planner: an academic year's reviews over its half-terms and meetings, as a picture and as tables."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.permissions import Permission
from governance.adoption.agenda import AsksFor
from governance.adoption.moving import move_to_meeting
from governance.adoption.planned import MOST_POLICIES, YearPlan
from governance.adoption.planner import year_plan
from governance.adoption.register import policy_row
from governance.db import db
from governance.errors import NotFound, Refusal
from governance.policies.models import Policy
from governance.render.words import day, plural
from governance.render.year_chart import YearChart, year_chart
from governance.schools.academic_year import AcademicYear, is_shown, year_named, year_of
from governance.schools.models import Meeting
from governance.tenancy import in_school as one_of
from governance.web.access import actor, in_school, needs, scope

screen = in_school("planner", "meetings")
SEES, KEEPS = needs(Permission.SEE_DRAFTS), needs(Permission.KEEP_MEETINGS)


@screen.get("/planner", SEES)
def index() -> str:
    """The academic year that the address names, or the one that today is in."""
    return _page()


@screen.post("/planner/<meeting>/<policy>", KEEPS)
def move(meeting: str, policy: str) -> ResponseReturnValue:
    """Move a policy from this meeting to another of the same body."""
    session, now = db.session(), clock.now()
    source: Meeting = one_of(session, Meeting, scope(), meeting)
    found: Policy = one_of(session, Policy, scope(), policy)
    try:
        target = _chosen(request.form.get("to", ""))
        move_to_meeting(session, scope(), actor(), found, source, target, now)
    except Refusal as refusal:
        session.rollback()
        g.refused = True
        at = f"#to-{meeting}-{policy}"
        return _page([{"text": objection.message, "href": at} for objection in refusal.objections]), 422
    row = policy_row(session, scope(), clock.today(scope().time_zone), found.id)
    last_on = row.next_review_on if row else None
    said = f"{found.title} is on the agenda of {day(target.held_on)}."
    if last_on is not None and last_on < target.held_on:
        flash(f"{said} Its review is due by {day(last_on)}, so it will be late by then.", "warning")
    else:
        flash(said)
    return redirect(url_for("planner.index", year=request.args.get("year")))


def _chosen(to: str) -> Meeting:
    try:
        found: Meeting = one_of(db.session(), Meeting, scope(), to)
    except NotFound as missing:
        raise Refusal.one("Choose the meeting to move it to.", "to") from missing
    return found


def _page(objections: list[dict[str, str]] | None = None) -> str:
    today = clock.today(scope().time_zone)
    written = request.args.get("year")
    year = year_of(today) if written is None else year_named(written, today)
    plan = year_plan(db.session(), scope(), year, today)
    before, after = AcademicYear(year.starts_in - 1), AcademicYear(year.starts_in + 1)
    return render_template(
        "planner/index.html",
        plan=plan,
        chart=_chart(plan, today),
        today=today,
        most=MOST_POLICIES,
        asks_for=AsksFor,
        previous=before if is_shown(before, today) else None,
        next=after if is_shown(after, today) else None,
        objections=objections or [],
        # after a refusal: the row that was to be moved, and where to
        moving=request.view_args,
        chosen=request.form.get("to", ""),
        year_asked=written,
    )


def _chart(plan: YearPlan, today: dt.date) -> YearChart:
    bodies: defaultdict[str, list[tuple[dt.date, int, bool]]] = defaultdict(list)
    for sitting in plan.sittings:
        bodies[sitting.body].append((sitting.held_on, len(sitting.before), sitting.is_overloaded))
    halves = [(one.half.name, one.half.first_on, one.half.last_on, one.due) for one in plan.halves]
    return year_chart(halves, sorted(bodies.items()), today, _in_words(plan))


def _in_words(plan: YearPlan) -> str:
    """The picture for those who do not see it."""
    reviews = ", ".join(f"{one.half.name} {one.due}" for one in plan.halves)
    meetings = "; ".join(
        f"{one.body} on {day(one.held_on)}, {plural(len(one.before), 'policy', 'policies')}"
        + (f", which is more than {MOST_POLICIES}" if one.is_overloaded else "")
        for one in plan.sittings
    )
    return f"Academic year {plan.year.name}. Reviews due: {reviews}. Meetings: {meetings or 'none'}."
