"""What the owner of a policy tells the body that is to decide about it: one form, kept until the decision."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.permissions import Permission
from governance.adoption.coming_up import next_step, planned_for
from governance.adoption.prepared import open_forms
from governance.adoption.preparing import Consulted, Equality, Prepared, Recommends, Round, prepare
from governance.adoption.register import RegisterRow, policy_row
from governance.db import db
from governance.errors import NotFound
from governance.policies.models import Policy
from governance.web.access import actor, allowed, in_school, needs, scope
from governance.web.forms import DayField, Form, Optional, RadiosField, TextArea, TextField, TickField, refusals_into
from governance.web.policy import may_prepare, the_policy

screen = in_school("preparation", "register")
# who owns a policy may hold no other role than that of a reader
READS = needs(Permission.READ)
_DAY = "For example 24 September 2026"


class PreparationForm(Form):
    """The owner's form. The fields of the groups consulted are added below."""

    recommends = RadiosField(
        "What do you recommend?",
        [Optional()],
        choices=[(one.value, one.in_words) for one in Recommends],
        validate_choice=False,
    )
    recommendation = TextArea("Anything governors should know before they decide")
    what_changed = TextArea(
        "What changed?", description="In a sentence or two. The pack shows the changed words beside it."
    )
    why = TextArea("Why?")
    prompted_by = TextArea(
        "What prompted it?", description="A new law or model, a complaint, an inspection, the review date."
    )
    equality = RadiosField(
        "Effect on equality",
        [Optional()],
        choices=[(one.value, one.in_words) for one in Equality],
        validate_choice=False,
        description="Whether it may treat some people worse than others because of who they are.",
    )
    equality_note = TextArea("What the assessment found, or why none is needed")
    ready = TickField("This is ready for the meeting")

    def filled(self) -> Prepared:
        """What was typed, for the room."""
        typed = {name: getattr(self, name).data or "" for name in _WORDS}
        return Prepared(
            **typed,
            equality=_one_of(Equality, self.equality.data),
            recommends=_one_of(Recommends, self.recommends.data),
            rounds=tuple(self._round(one) for one in Consulted),
            ready=bool(self.ready.data),
        )

    def _round(self, group: Consulted) -> Round:
        who, outcome = (self[f"{group.value}_{name}"].data or "" for name in ("who", "outcome"))
        from_on, until_on = (self[f"{group.value}_{name}"].data for name in ("from_on", "until_on"))
        return Round(group, who, from_on, until_on, outcome)

    def of(self, group: Consulted) -> list[Any]:
        """The fields of a group, in their order."""
        return [self[f"{group.value}_{name}"] for name in _ROUND]


_WORDS = ("what_changed", "why", "prompted_by", "equality_note", "recommendation")
_ROUND = ("who", "from_on", "until_on", "outcome")
for _group in Consulted:
    setattr(PreparationForm, f"{_group.value}_who", TextField("Who"))
    setattr(PreparationForm, f"{_group.value}_from_on", DayField("From", description=_DAY))
    setattr(PreparationForm, f"{_group.value}_until_on", DayField("Until", description="Its last day."))
    setattr(PreparationForm, f"{_group.value}_outcome", TextArea("What came of it"))


def _one_of(kind: Any, value: str | None) -> Any:
    return kind(value) if value in {one.value for one in kind} else None


@screen.get("/policies/<policy>/prepare", READS)
def show(policy: str) -> str:
    """The form as it stands."""
    found, row = _own(policy)
    kept = open_forms(db.session(), scope(), [found.id]).get(found.id, Prepared())
    return _page(found, row, _form_of(kept))


@screen.post("/policies/<policy>/prepare", READS)
def keep(policy: str) -> ResponseReturnValue:
    """Keep what was typed, ready for the meeting or not."""
    found, row = _own(policy)
    form = PreparationForm()
    if form.validate():
        with refusals_into(form):
            prepare(db.session(), scope(), actor(), found, form.filled(), clock.now())
            said = (
                "It is ready for the meeting." if form.ready.data else "It is kept. Tick “ready” once it is complete."
            )
            flash(said)
            return redirect(url_for("preparation.show", policy=policy))
    return _page(found, row, form), 422


def _own(policy: str) -> tuple[Policy, RegisterRow]:
    """A policy that the person looking may prepare, or the same 404 as for none."""
    found = the_policy(policy)
    row = policy_row(db.session(), scope(), clock.today(scope().time_zone), found.id)
    if row is None or not may_prepare(found):
        raise NotFound(policy)
    return found, row


def _form_of(kept: Prepared) -> PreparationForm:
    values: dict[str, Any] = {name: getattr(kept, name) for name in (*_WORDS, "equality", "recommends", "ready")}
    for one in kept.rounds:
        values |= {f"{one.consulted.value}_{name}": getattr(one, name) for name in _ROUND}
    return PreparationForm(**values)


def _page(policy: Policy, row: RegisterRow, form: PreparationForm) -> str:
    today = clock.today(scope().time_zone)
    meeting = planned_for(db.session(), scope(), today, [policy.id]).get(policy.id)
    kept = open_forms(db.session(), scope(), [policy.id]).get(policy.id)
    return render_template(
        "policies/prepare.html",
        policy=policy,
        row=row,
        form=form,
        groups=list(Consulted),
        meeting=meeting,
        step=next_step(row, kept, meeting),
        sees_meetings=allowed(Permission.SEE_DRAFTS),
    )
