"""Approving without a meeting, correcting what was entered wrongly, and adding a minute reference later.

There is no way to edit a decision: decided means fixed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.permissions import Permission
from governance.adoption import actions
from governance.adoption.asking import asking_started
from governance.adoption.entered import Decide
from governance.adoption.history import DecisionRow, decision_row
from governance.adoption.kinds import Kind, MakerKind
from governance.adoption.makers import Approver, approvers
from governance.adoption.models import Decision
from governance.adoption.register import RegisterRow, policy_row
from governance.adoption.rules import next_review_after
from governance.adoption.states import State
from governance.adoption.warnings import warnings_about
from governance.db import db
from governance.errors import NotFound, Refusal
from governance.extract.dates import StatedDate, exactly, not_recorded
from governance.people.categories import categories
from governance.people.models import Person
from governance.policies.models import Policy, PolicyVersion
from governance.policies.queries import versions_of
from governance.schools.models import GoverningBody, Meeting
from governance.schools.queries import bodies
from governance.tenancy import in_school as one_of
from governance.web.access import actor, in_school, needs, scope
from governance.web.decisions_forms import ApproveForm, CorrectForm, MinuteForm, kinds
from governance.web.decisions_preview import Line, line_of, typed_again
from governance.web.forms import refusals_into

screen = in_school("decisions", "register")
APPROVES, DECIDES = needs(Permission.APPROVE), needs(Permission.DECIDE)


@screen.get("/policies/<policy>/approve", APPROVES)
def approve(policy: str) -> str:
    """The headteacher approves or issues a version in their own name."""
    return _approval(policy, own=True)


@screen.post("/policies/<policy>/approve", APPROVES)
def record_own_approval(policy: str) -> ResponseReturnValue:
    """Show what would follow from it, or record it."""
    return _approved(policy, own=True)


@screen.get("/policies/<policy>/record-approval", DECIDES)
def approved(policy: str) -> str:
    """The clerk enters what the headteacher, the chair or a governor approved."""
    return _approval(policy, own=False)


@screen.post("/policies/<policy>/record-approval", DECIDES)
def record_approval(policy: str) -> ResponseReturnValue:
    """Show what would follow from it, or record it."""
    return _approved(policy, own=False)


def _approval(policy: str, *, own: bool) -> str:
    found, row = _policy(policy)
    form = _offering(ApproveForm(), row, own=own)
    today = clock.today(scope().time_zone)
    if request.method == "GET" and found.review_every_months:
        form.next_review.data = exactly(next_review_after(today, found.review_every_months))
    return _approve_page(found, row, form, own=own)


def _approved(policy: str, *, own: bool) -> ResponseReturnValue:
    found, row = _policy(policy)
    form = _offering(ApproveForm(), row, own=own)
    step, line = request.form.get("step"), None
    if step != "change" and form.validate():
        with refusals_into(form):
            line = _decide(form)
    if line is not None and step == "record":
        flash(f"The decision about {found.title} is recorded. It is listed at the next meeting to report back.")
        return redirect(url_for("policy.show", policy=policy))
    if line is not None:
        page = render_template(
            "decisions/check.html",
            title=f"Check the decision about {found.title}",
            action=request.path,
            lines=[line],
            typed=typed_again(),
            started=asking_started(db.session(), scope()),
            back=url_for("policy.show", policy=policy),
        )
        db.session.rollback()
        return page
    db.session.rollback()
    found, row = _policy(policy)
    return _approve_page(found, row, form, own=own), 200 if step == "change" else 422


def _decide(form: ApproveForm) -> Line | None:
    known = {category.public_id: category.id for category in categories(db.session(), scope())}
    ask = form.chosen(form.kind.data, known, started=asking_started(db.session(), scope()))
    if ask is None:
        return None
    assert form.decided_on.data is not None
    facts = Decide(
        version=one_of(db.session(), PolicyVersion, scope(), form.version.data),
        decided=exactly(form.decided_on.data),
        kind=Kind(form.kind.data),
        **_maker(form.maker.data or ""),
        next_review=form.review(),
        in_force_on=form.in_force_on.data,
        subject_to_ratification=bool(form.subject_to_ratification.data),
        minute=form.minute.data or "",
        power=form.power.data or "",
        reason=form.reason.data or "",
        ask=ask,
    )
    decision = actions.decide(db.session(), scope(), actor(), facts, clock.now())
    warnings = warnings_about(db.session(), scope(), facts)
    return line_of(decision, ask, warnings, clock.today(scope().time_zone))


@screen.get("/decisions/<decision>/correct", DECIDES)
def correct(decision: str) -> str:
    """The form for what was really decided, filled in as it was entered."""
    found, row = _decision(decision)
    return _correct_page(row, _correcting(CorrectForm(data=_as_entered(found, row)), found))


@screen.post("/decisions/<decision>/correct", DECIDES)
def record_correction(decision: str) -> ResponseReturnValue:
    """Record the correction, linked to the entry it corrects."""
    found, row = _decision(decision)
    form = _correcting(CorrectForm(), found)
    if form.validate():
        with refusals_into(form):
            facts = Decide(
                version=one_of(db.session(), PolicyVersion, scope(), form.version.data),
                decided=form.decided_on.data or not_recorded(),
                kind=Kind(form.kind.data),
                **_maker(form.maker.data or ""),
                meeting=_meeting_of(found, form),
                item=None,
                next_review=form.review(),
                in_force_on=form.in_force_on.data,
                subject_to_ratification=bool(form.subject_to_ratification.data),
                minute=form.minute.data or "",
                power=form.power.data or "",
                reason=form.reason.data or "",
            )
            actions.correct(db.session(), scope(), actor(), found, facts, clock.now())
            flash("The correction is recorded. The earlier entry stays on the record, marked as corrected.")
            return redirect(url_for("policy.show", policy=row.policy))
    _, row = _decision(decision)
    return _correct_page(row, form), 422


@screen.get("/decisions/<decision>/minute", DECIDES)
def minute(decision: str) -> str:
    """The form for a minute reference."""
    _, row = _decision(decision)
    return render_template("decisions/minute.html", row=row, form=MinuteForm(minute=row.minute))


@screen.post("/decisions/<decision>/minute", DECIDES)
def record_minute(decision: str) -> ResponseReturnValue:
    """Record where the decision is minuted."""
    found, row = _decision(decision)
    form = MinuteForm()
    if form.validate():
        with refusals_into(form):
            actions.add_minute_reference(db.session(), scope(), actor(), found, form.minute.data or "", clock.now())
            flash("The minute reference is recorded.")
            to_meeting = row.meeting and url_for("meetings.show", meeting=row.meeting)
            return redirect(to_meeting or url_for("policy.show", policy=row.policy))
    return render_template("decisions/minute.html", row=row, form=form), 422


def _policy(policy: str) -> tuple[Policy, RegisterRow]:
    found: Policy = one_of(db.session(), Policy, scope(), policy)
    row = policy_row(db.session(), scope(), clock.today(scope().time_zone), found.id)
    if row is None or row.state is State.RETIRED:
        raise NotFound(policy)
    return found, row


def _decision(decision: str) -> tuple[Decision, DecisionRow]:
    found: Decision = one_of(db.session(), Decision, scope(), decision)
    row = decision_row(db.session(), scope(), found.id)
    if row is None:
        raise NotFound(decision)
    return found, row


def _approve_page(found: Policy, row: RegisterRow, form: ApproveForm, *, own: bool) -> str:
    action = "decisions.record_own_approval" if own else "decisions.record_approval"
    return render_template(
        "decisions/approve.html",
        policy=found,
        row=row,
        form=form,
        action=url_for(action, policy=found.public_id),
        started=asking_started(db.session(), scope()),
    )


def _offering(form: ApproveForm, row: RegisterRow, *, own: bool) -> ApproveForm:
    there = [(row.awaiting, row.awaiting_number, "awaiting a decision"), (row.version, row.version_number, "in force")]
    form.version.choices = [(key, f"Version {number}, {words}") for key, number, words in there if key]
    offered = {Kind.ISSUED, Kind.REVIEWED} if row.kind == "guidance" else {Kind.APPROVED, Kind.REVIEWED}
    form.kind.choices = kinds(offered if row.version else offered - {Kind.REVIEWED})
    form.maker.choices = [(_key(one), f"{one.name}, {one.office.in_words}") for one in _approvers(own)]
    form.offer(categories(db.session(), scope()))
    return form


def _approvers(own: bool) -> list[Approver]:
    """Everybody who ever held such an office, for the clerk; for the headteacher, themselves."""
    found = approvers(db.session(), scope())
    if not own:
        return found
    me = actor().person_id
    return [one for one in found if (one.person_id == me if me else one.office is MakerKind.HEADTEACHER)]


def _key(one: Approver) -> str:
    return f"{one.office.value}:{one.person}"


def _maker(chosen: str) -> dict[str, Any]:
    """Who decided, as the form names them: `body:…`, `headteacher:…`, `chair:…`, `governor:…`, or nobody."""
    what, _, public_id = chosen.partition(":")
    if what == "body":
        return {"body": one_of(db.session(), GoverningBody, scope(), public_id)}
    if not chosen:
        return {}
    if what not in set(MakerKind):
        raise Refusal.one("Choose who decided.", "maker")
    return {"person": one_of(db.session(), Person, scope(), public_id), "office": MakerKind(what)}


def _correcting(form: CorrectForm, found: Decision) -> CorrectForm:
    session = db.session()
    policy = session.get_one(Policy, found.policy_id)
    form.kind.choices = kinds(Kind)
    form.version.choices = [
        (v.public_id, f"Version {v.label or v.number}") for v in versions_of(session, scope(), policy)
    ]
    decided_by = [(f"body:{body.public_id}", body.name) for body in bodies(session, scope())]
    people = [(_key(one), f"{one.name}, {one.office.in_words}") for one in _approvers(own=False)]
    form.maker.choices = [("", "Not recorded"), *decided_by, *people]
    return form


def _as_entered(found: Decision, row: DecisionRow) -> dict[str, Any]:
    """What the form begins with: the entry as it stands."""
    session = db.session()
    maker = ""
    if found.body_id is not None:
        maker = f"body:{session.get_one(GoverningBody, found.body_id).public_id}"
    elif found.person_id is not None:
        maker = f"{found.office}:{session.get_one(Person, found.person_id).public_id}"
    return {
        "kind": row.kind.value,
        "version": row.version,
        "maker": maker,
        "decided_on": _worded(row.decided),
        "next_review": _worded(row.next_review),
        "power": row.power,
        "subject_to_ratification": row.pending_ratification,
    }


def _worded(stated: StatedDate | None) -> StatedDate | None:
    """A date with the words that a form reads back to the same."""
    return replace(stated, as_written=stated.in_words()) if stated is not None else None


def _meeting_of(found: Decision, form: CorrectForm) -> Meeting | None:
    """The meeting stays with a correction that keeps its day and body."""
    meeting = db.session().get(Meeting, found.meeting_id) if found.meeting_id is not None else None
    stated = form.decided_on.data
    return meeting if meeting is not None and stated and stated.earliest_on == meeting.held_on else None


def _correct_page(row: DecisionRow, form: CorrectForm) -> str:
    return render_template("decisions/correct.html", row=row, form=form)
