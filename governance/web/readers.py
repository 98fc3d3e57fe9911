"""Who must read a policy: its reading rules, with what would follow from a new one shown before it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.db import db
from governance.errors import NotFound, Objection, refuse_if
from governance.policies.models import Policy
from governance.reading.asking import in_force_now
from governance.reading.foreseeing import Foreseen, foresee_rule
from governance.reading.listed import Worker, workers
from governance.reading.models import PolicyPart, ReadingRule
from governance.reading.owed import Owed
from governance.reading.parts import name_parts, parts_of
from governance.reading.requiring import Requirement, objections, require, stop_requiring
from governance.reading.ruled import RuleRow, rules_of
from governance.render.words import day as in_words
from governance.tenancy import in_school as one_of
from governance.web.access import actor, in_school, scope
from governance.web.forms import refusals_into
from governance.web.readers_form import (
    NewRule,
    Parts,
    Stop,
    fill,
    first_day,
    offered,
    people_titled,
    sent_again,
    wanted,
    who,
)
from governance.web.reading_screen import KEEPS, today

screen = in_school("readers", "register")
_MOST_NAMED = 50


@dataclass(frozen=True)
class Shown:
    """What a new rule would bring, with names: who would be late at once, and the rule it would replace."""

    foreseen: Foreseen
    who: str
    late: list[tuple[Worker, Owed]]
    more_late: int
    gives_way: RuleRow | None
    asked: bool


@screen.get("/policies/<policy>/readers", KEEPS)
def index(policy: str) -> str:
    """The rules of a policy, and the form for another; `change` fills it with a rule to be replaced."""
    found = _policy(policy)
    form = offered(NewRule(from_on=today()), _parts(found))
    changed = request.args.get("change")
    if changed:
        fill(form, _rule(found, changed))
    return _page(found, form, None)


@screen.post("/policies/<policy>/readers", KEEPS)
def add(policy: str) -> ResponseReturnValue:
    """Show what a new rule would bring; keep it when that was confirmed."""
    found = _policy(policy)
    form = offered(NewRule(), _parts(found))
    if form.validate():
        with refusals_into(form):
            rule = wanted(form)
            if not form.confirmed.data:
                refuse_if([*objections(rule), *_objections_to_title(rule)])
                return _page(found, form, _foreseen(found, rule, form))
            require(db.session(), scope(), actor(), found, rule, first_day(form), clock.now())
            flash(f"{who(form)} must now read {found.title}.")
            return redirect(url_for("readers.index", policy=policy))
    return _page(_policy(policy), form, None), 422


@screen.get("/policies/<policy>/readers/parts", KEEPS)
def naming_parts(policy: str) -> str:
    """The form for the parts of a policy."""
    found = _policy(policy)
    form = Parts(parts="\n".join(one.name for one in _parts(found)))
    return render_template("reading/parts.html", policy=found, form=form)


@screen.post("/policies/<policy>/readers/parts", KEEPS)
def keep_parts(policy: str) -> ResponseReturnValue:
    """Say which parts a policy has."""
    form = Parts()
    if form.validate():
        with refusals_into(form):
            names = (form.parts.data or "").splitlines()
            name_parts(db.session(), scope(), actor(), _policy(policy), names, clock.now())
            flash("The parts are saved. A reading rule may now be for some of them.")
            return redirect(url_for("readers.index", policy=policy))
    return render_template("reading/parts.html", policy=_policy(policy), form=form), 422


@screen.get("/policies/<policy>/readers/<rule>/stop", KEEPS)
def stopping(policy: str, rule: str) -> str:
    """The form for the end of a rule."""
    found = _policy(policy)
    return _stop_page(found, _rule(found, rule), Stop(until_on=max(today(), _rule(found, rule).from_on)))


@screen.post("/policies/<policy>/readers/<rule>/stop", KEEPS)
def stop(policy: str, rule: str) -> ResponseReturnValue:
    """End a rule."""
    found, form = _policy(policy), Stop()
    row = _rule(found, rule)
    if form.validate():
        with refusals_into(form):
            until_on = form.until_on.data
            assert until_on is not None
            stop_requiring(db.session(), scope(), actor(), found, row, until_on, clock.now())
            flash(f"The rule ends on {in_words(until_on)}.")
            return redirect(url_for("readers.index", policy=policy))
        found = _policy(policy)
        row = _rule(found, rule)
    return _stop_page(found, row, form), 422


def _page(policy: Policy, form: NewRule, shown: Shown | None) -> str:
    return render_template(
        "reading/readers.html",
        policy=policy,
        rules=rules_of(db.session(), scope(), [policy.id])[policy.id],
        form=form,
        again=sent_again(form) if shown else [],
        shown=shown,
        today=today(),
    )


def _stop_page(policy: Policy, row: ReadingRule, form: Stop) -> str:
    rule = next(one for one in rules_of(db.session(), scope(), [policy.id])[policy.id] if one.rule == row.public_id)
    return render_template("reading/stop_rule.html", policy=policy, rule=rule, form=form)


def _foreseen(policy: Policy, rule: Requirement, form: NewRule) -> Shown:
    session = db.session()
    seen = foresee_rule(session, scope(), policy.id, rule, first_day(form), today())
    people = workers(session, scope(), seen.day, {row.person_id for row in seen.late})
    late = {row.person_id: row for row in seen.late}
    named = [(worker, late[number]) for number, worker in people.items() if number in late]
    standing = [
        one
        for one in rules_of(session, scope(), [policy.id])[policy.id]
        if one.whom == rule.whom and one.holds_on(seen.day)
    ]
    return Shown(
        foreseen=seen,
        who=who(form),
        late=named[:_MOST_NAMED],
        more_late=max(0, len(named) - _MOST_NAMED),
        gives_way=standing[0] if standing else None,
        asked=in_force_now(session, scope(), policy.id, seen.day) is not None and seen.after.audience > 0,
    )


def _objections_to_title(rule: Requirement) -> Iterator[Objection]:
    """A title that nobody has is most likely spelt otherwise in people's jobs."""
    if rule.job_title and not people_titled(rule.job_title):
        yield Objection(
            f"Nobody here has the job title “{rule.job_title}” today. Write it as it stands in their jobs.", "job_title"
        )


def _parts(policy: Policy) -> list[PolicyPart]:
    return parts_of(db.session(), scope(), [policy.id])[policy.id]


def _policy(public_id: str) -> Policy:
    found: Policy = one_of(db.session(), Policy, scope(), public_id)
    return found


def _rule(policy: Policy, public_id: str) -> ReadingRule:
    """A rule of this policy; another policy's is no more here than none."""
    found: ReadingRule = one_of(db.session(), ReadingRule, scope(), public_id)
    if found.policy_id != policy.id:
        raise NotFound(public_id)
    return found
