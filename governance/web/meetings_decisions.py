"""One screen for what a meeting decided: a row an item, what would follow shown first, then everything at once.

fill in rows ─ check ─▶ decide each, gather what would follow, roll back ─▶ shown ─ record ─▶ decide each
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.permissions import Permission
from governance.adoption.actions import decide
from governance.adoption.asking import Ask, asking_started
from governance.adoption.competence import Competence, competences
from governance.adoption.entered import Decide
from governance.adoption.kinds import FOR_GUIDANCE, MAY_DECIDE, Kind
from governance.adoption.makers import body_maker
from governance.adoption.models import AgendaItem
from governance.adoption.prepared import open_forms
from governance.adoption.queries import AgendaRow, RegisterRow, every_policy, meeting_agenda
from governance.adoption.rules import next_review_after
from governance.adoption.states import State
from governance.adoption.warnings import warnings_about
from governance.chasing.undoing import undo
from governance.db import db
from governance.errors import Refusal
from governance.extract.dates import exactly
from governance.people.categories import categories
from governance.policies.models import PolicyVersion
from governance.schools.actions import hold_meeting
from governance.schools.models import GoverningBody, Meeting
from governance.schools.queries import MeetingRow
from governance.web.access import actor, in_school, needs, scope
from governance.web.decisions_forms import ItemForm, kinds, proposed_review
from governance.web.decisions_preview import Line, line_of, typed_again
from governance.web.forms import refusals_into
from governance.web.meetings import the_meeting
from governance.web.summary import error_summary

screen = in_school("meeting_decisions", "meetings")
DECIDES = needs(Permission.DECIDE)


@dataclass(frozen=True)
class Entry:
    """An item still to be decided, its policy as it stands on the day of the meeting, and its row of the form."""

    item: AgendaRow
    policy: RegisterRow
    form: ItemForm
    power: Competence
    recommends: str


@dataclass
class Desk:
    """A meeting whose decisions are being entered."""

    row: MeetingRow
    meeting: Meeting
    body: GoverningBody
    started: bool
    known: dict[str, int]
    agenda: list[AgendaRow]
    entries: list[Entry]
    objections: list[dict[str, str]] = field(default_factory=list)


@screen.get("/meetings/<meeting>/decisions", DECIDES)
def start(meeting: str) -> str:
    """A row for every item that is not decided yet."""
    return _form(_desk(meeting))


@screen.post("/meetings/<meeting>/decisions", DECIDES)
def record(meeting: str) -> ResponseReturnValue:
    """Show what would follow, or record it: all rows or none."""
    desk, step = _desk(meeting), request.form.get("step")
    if step == "change":
        return _form(desk)
    lines = _decided(desk)
    if desk.objections:
        db.session.rollback()
        g.refused = True
        return _form(_again(desk, meeting)), 422
    if step == "record":
        flash(f"{len(lines)} decisions are recorded." if len(lines) != 1 else "The decision is recorded.")
        return redirect(url_for("meetings.show", meeting=meeting))
    page = render_template(
        "decisions/check.html",
        title=f"Check the decisions of {desk.row.body_name}",
        action=url_for("meeting_decisions.record", meeting=meeting),
        lines=lines,
        typed=typed_again(),
        started=desk.started,
        back=url_for("meetings.show", meeting=meeting),
    )
    db.session.rollback()
    return page


@screen.post("/meetings/<meeting>/decisions/undo", DECIDES)
def take_back(meeting: str) -> ResponseReturnValue:
    """Undo what was recorded of the meeting while nobody has been told: all of it or nothing."""
    _, found = the_meeting(meeting)
    marks = undo(db.session(), scope(), actor(), found, request.form.get("decisions", "").split(), clock.now())
    if len(marks) == 1:
        flash(
            "The decision is undone. It stays on the record, marked as entered by mistake, and its item is open again."
        )
    else:
        flash(
            f"{len(marks)} decisions are undone. They stay on the record, marked as entered by mistake, and their items "
            "are open again."
        )
    return redirect(url_for("meetings.show", meeting=meeting))


def _decided(desk: Desk) -> list[Line]:
    """Every chosen decision, recorded in this transaction; what stands against any is added to `desk.objections`."""
    chosen = [entry for entry in desk.entries if entry.form.validate() and entry.form.decided]
    for entry in desk.entries:
        desk.objections += error_summary(entry.form)
    if not chosen and not desk.objections:
        desk.objections.append({"text": "Choose a decision for at least one item."})
    if desk.objections:
        return []
    try:
        hold_meeting(db.session(), scope(), actor(), desk.meeting, now=clock.now())
    except Refusal as refusal:
        desk.objections += [{"text": objection.message} for objection in refusal.objections]
        return []
    lines = [line for entry in chosen if (line := _decide(desk, entry)) is not None]
    for entry in chosen:
        desk.objections += error_summary(entry.form)
    return lines


def _decide(desk: Desk, entry: Entry) -> Line | None:
    form = entry.form
    ask = form.chosen(form.kind.data, desk.known, started=desk.started)
    if ask is None:
        return None
    with refusals_into(form):
        facts = _facts(desk, entry, ask)
        decision = decide(db.session(), scope(), actor(), facts, clock.now())
        warnings = warnings_about(db.session(), scope(), facts)
        return line_of(decision, ask, warnings, clock.today(scope().time_zone))
    return None


def _facts(desk: Desk, entry: Entry, ask: Ask) -> Decide:
    session, form, kind = db.session(), entry.form, Kind(entry.form.kind.data)
    return Decide(
        version=session.get_one(PolicyVersion, _version(entry, kind)),
        decided=exactly(desk.row.held_on),
        kind=kind,
        body=session.get_one(GoverningBody, desk.row.body_id),
        meeting=session.get_one(Meeting, desk.row.id),
        item=session.get_one(AgendaItem, entry.item.id),
        next_review=form.review(),
        in_force_on=form.in_force_on.data,
        minute=form.minute.data or "",
        ask=ask,
        deferred_to=form.deferred_to.data,
    )


def _version(entry: Entry, kind: Kind) -> int:
    """What a decision is about: a review or ratification what is in force, anything else what was tabled."""
    tabled = entry.item.version_id or entry.policy.awaiting_id or entry.policy.version_id
    current = entry.policy.version_id or tabled
    found = current if kind in (Kind.REVIEWED, Kind.RATIFIED, Kind.NOT_RATIFIED) else tabled
    if found is None:
        raise Refusal.one("This policy has no version yet. Record one first.", "kind")
    return found


def _desk(meeting: str) -> Desk:
    session = db.session()
    row, found = the_meeting(meeting)
    body = session.get_one(GoverningBody, row.body_id)
    day = max(row.held_on, clock.today(scope().time_zone))
    policies = {policy.policy_id: policy for policy in every_policy(session, scope(), day)}
    agenda = meeting_agenda(session, scope(), row.id)
    offered = categories(session, scope())
    before = [item for item in agenda if item.decision is None]
    ids = [item.policy_id for item in before]
    powers, forms = competences(session, scope(), body, row.held_on, ids), open_forms(session, scope(), ids)
    entries = []
    for item in before:
        form = _row_form(item, policies[item.policy_id], body, row.held_on)
        form.offer(offered)
        prepared = forms.get(item.policy_id)
        recommends = prepared.recommends.in_words if prepared and prepared.recommends else ""
        entries.append(Entry(item, policies[item.policy_id], form, powers[item.policy_id], recommends))
    known = {category.public_id: category.id for category in offered}
    return Desk(row, found, body, asking_started(session, scope()), known, agenda, entries)


def _row_form(item: AgendaRow, policy: RegisterRow, body: GoverningBody, held_on: dt.date) -> ItemForm:
    review = next_review_after(held_on, item.review_every_months) if item.review_every_months else None
    form = ItemForm(prefix=f"item-{item.item}", next_review=proposed_review(held_on, review))
    form.kind.choices = [("", "Not decided yet"), *kinds(_offered(policy, body))]
    return form


def _offered(policy: RegisterRow, body: GoverningBody) -> Iterable[Kind]:
    """The decisions that this body can take about this policy as it stands."""
    offered = set(MAY_DECIDE[body_maker(body).kind])
    if policy.kind == "guidance":
        offered &= FOR_GUIDANCE
    if policy.state is not State.AWAITING_RATIFICATION:
        offered -= {Kind.RATIFIED, Kind.NOT_RATIFIED}
    if policy.version_id is None:
        offered -= {Kind.REVIEWED}
    return offered


def _again(desk: Desk, meeting: str) -> Desk:
    """The same rows with what was typed and said, on a session that was rolled back."""
    fresh = _desk(meeting)
    forms = {entry.item.item: entry.form for entry in desk.entries}
    fresh.entries = [replace(one, form=forms.get(one.item.item, one.form)) for one in fresh.entries]
    fresh.objections = desk.objections
    return fresh


def _form(desk: Desk) -> str:
    return render_template("decisions/of_meeting.html", desk=desk, today=clock.today(scope().time_zone))
