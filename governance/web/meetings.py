"""Meetings: the list of them, and one with its agenda, which the register proposes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.permissions import Permission
from governance.adoption.agenda import AsksFor, drop_from_agenda, not_quorate, put_on_agenda, reorder
from governance.adoption.competence import competences
from governance.adoption.models import AgendaItem
from governance.adoption.prepared import open_forms
from governance.adoption.proposing import proposed_agenda
from governance.adoption.queries import decisions_of_meeting, every_policy, meeting_agenda
from governance.adoption.states import State
from governance.chasing.undoing import untold
from governance.db import db
from governance.errors import NotFound, Refusal
from governance.packs.desk import clerks_desk
from governance.packs.told import news_of
from governance.policies.models import Policy, PolicyVersion
from governance.schedule.cadence import seven_clear_days_before
from governance.schedule.switching import reminding_entry
from governance.schools.models import GoverningBody, Meeting
from governance.schools.queries import MeetingRow, meeting_row, meetings
from governance.schools.rules import DECIDED_NOTHING
from governance.tenancy import in_school as one_of
from governance.web.access import actor, allowed, in_school, needs, scope
from governance.web.desks import desks_elsewhere
from governance.web.forms import Choice, Form, refusals_into

screen = in_school("meetings")
SEES, KEEPS = needs(Permission.SEE_DRAFTS), needs(Permission.KEEP_MEETINGS)
_MONTHS_BACK = dt.timedelta(days=400)


class PutForm(Form):
    """A policy put on the agenda by hand."""

    policy = Choice("Policy")
    asks_for = Choice("To", choices=[(one.value, one.in_words.capitalize()) for one in AsksFor])


def the_meeting(meeting: str) -> tuple[MeetingRow, Meeting]:
    """This school's meeting by its public identifier, or the same 404 as for none."""
    row = meeting_row(db.session(), scope(), meeting)
    if row is None:
        raise NotFound(meeting)
    return row, db.session().get_one(Meeting, row.id)


@screen.get("/meetings", SEES)
def index() -> str:
    """Meetings to come, and those of about a year."""
    today = clock.today(scope().time_zone)
    rows = meetings(db.session(), scope(), from_on=today - _MONTHS_BACK)
    coming = [row for row in rows if row.held_on >= today]
    past = [row for row in reversed(rows) if row.held_on < today]
    desk = clerks_desk(db.session(), scope(), today) if allowed(Permission.KEEP_MEETINGS) else None
    return render_template(
        "meetings/index.html",
        coming=coming,
        past=past,
        today=today,
        desk=desk,
        elsewhere=desks_elsewhere() if desk else [],
        send_by=seven_clear_days_before,
    )


@screen.get("/meetings/<meeting>", SEES)
def show(meeting: str) -> str:
    """A meeting with its agenda."""
    return _page(meeting, PutForm())


@screen.post("/meetings/<meeting>/agenda", KEEPS)
def put(meeting: str) -> ResponseReturnValue:
    """Put a policy on the agenda: one that was proposed, or any other."""
    _, found = the_meeting(meeting)
    form = _offering(PutForm())
    if form.validate():
        with refusals_into(form):
            policy: Policy = one_of(db.session(), Policy, scope(), form.policy.data)
            asks_for = AsksFor(form.asks_for.data)
            version = _tabled(found, policy, asks_for)
            put_on_agenda(db.session(), scope(), actor(), found, policy, asks_for, clock.now(), version)
            flash(f"{policy.title} is on the agenda.")
            return redirect(url_for("meetings.show", meeting=meeting))
    return _page(meeting, form), 422


@screen.post("/meetings/<meeting>/agenda/<item>/drop", KEEPS)
def drop(meeting: str, item: str) -> ResponseReturnValue:
    """Take an item off the agenda."""
    drop_from_agenda(db.session(), scope(), actor(), _item(meeting, item), clock.now())
    flash("The item is off the agenda.")
    return redirect(url_for("meetings.show", meeting=meeting))


@screen.post("/meetings/<meeting>/agenda/<item>/move", KEEPS)
def move(meeting: str, item: str) -> ResponseReturnValue:
    """Move an item one place up or down, and stay at it."""
    places = {"up": -1, "down": 1}.get(request.form.get("way", ""))
    if places is None:
        raise Refusal.one("Choose up or down.")
    _, found = the_meeting(meeting)
    reorder(db.session(), scope(), actor(), found, _item(meeting, item), places, clock.now())
    return redirect(url_for("meetings.show", meeting=meeting, _anchor=f"item-{item}"))


@screen.post("/meetings/<meeting>/not-quorate", KEEPS)
def inquorate(meeting: str) -> ResponseReturnValue:
    """Too few members came: nothing was decided, and the items go on to the next meeting."""
    _, found = the_meeting(meeting)
    not_quorate(db.session(), scope(), actor(), found, clock.now())
    flash(
        "It is recorded that the meeting was not quorate. Its items are proposed for the body's next meeting.",
        "warning",
    )
    return redirect(url_for("meetings.show", meeting=meeting))


def _page(meeting: str, form: PutForm) -> str:
    session, today = db.session(), clock.today(scope().time_zone)
    row, found = the_meeting(meeting)
    keeps = allowed(Permission.KEEP_MEETINGS) and row.state not in DECIDED_NOTHING
    agenda = meeting_agenda(session, scope(), row.id)
    proposed = proposed_agenda(session, scope(), found) if keeps and row.held_on >= today else []
    body = session.get_one(GoverningBody, row.body_id)
    before = [item.policy_id for item in agenda] + [item.policy_id for item in proposed]
    return render_template(
        "meetings/show.html",
        meeting=row,
        agenda=agenda,
        proposed=proposed,
        may_decide=competences(session, scope(), body, row.held_on, before),
        by_itself=body.kind == "board",
        prepared=open_forms(session, scope(), before),
        reached=row.held_on <= today,
        news=news_of(session, scope(), found),
        decisions=decisions_of_meeting(session, scope(), row.id),
        reminding=reminding_entry(session, scope()) is not None,
        undoing=untold(session, scope(), row.id, clock.now()) if allowed(Permission.DECIDE) else None,
        asks_for=AsksFor,
        form=_offering(form) if keeps else None,
        pack=_pack(meeting),
        today=today,
    )


def _pack(meeting: str) -> str | None:
    """Where the meeting's pack is, once packs have a screen that this person may open."""
    known = "packs.index" in current_app.view_functions and allowed(Permission.SEE_PACKS)
    return url_for("packs.index", meeting=meeting) if known else None


def _item(meeting: str, item: str) -> AgendaItem:
    row, _ = the_meeting(meeting)
    found: AgendaItem = one_of(db.session(), AgendaItem, scope(), item)
    if found.meeting_id != row.id:
        raise NotFound(item)
    return found


def _offering(form: PutForm) -> PutForm:
    rows = every_policy(db.session(), scope(), clock.today(scope().time_zone))
    form.policy.choices = [(row.policy, row.title) for row in rows if row.state is not State.RETIRED]
    return form


def _tabled(meeting: Meeting, policy: Policy, asks_for: AsksFor) -> PolicyVersion | None:
    """The version before the body: what awaits a decision where it is to adopt, else what is in force."""
    day = max(meeting.held_on, clock.today(scope().time_zone))
    rows: dict[int, Any] = {row.policy_id: row for row in every_policy(db.session(), scope(), day)}
    row = rows[policy.id]
    version_id = row.awaiting_id or row.version_id if asks_for is AsksFor.ADOPT else row.version_id or row.awaiting_id
    return db.session().get(PolicyVersion, version_id) if version_id is not None else None
