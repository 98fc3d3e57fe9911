"""Who must read a policy: its reading rules, with what would follow from a new one shown before it is kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.db import db
from governance.errors import NotFound, refuse_if
from governance.people.models import Category, Person
from governance.people.queries import everyone
from governance.policies.models import Policy
from governance.reading.asking import in_force_now
from governance.reading.foreseeing import Foreseen, foresee_rule
from governance.reading.listed import Worker, workers
from governance.reading.models import ReadingRule
from governance.reading.owed import Owed
from governance.reading.requiring import DAYS_TO_READ, Requirement, objections, require, stop_requiring
from governance.reading.ruled import RuleRow, rules_of
from governance.render.words import day as in_words
from governance.tenancy import in_school as one_of
from governance.web.access import actor, in_school, scope
from governance.web.forms import Choice, DayField, Form, HiddenField, NumberField, RadiosField, needed, refusals_into
from governance.web.reading_screen import KEEPS, own_categories, today

screen = in_school("readers", "register")
_MOST_NAMED = 50
_REPEATS = [
    ("once", "Once for each version"),
    ("yearly", "Again every academic year"),
    ("months", "Again after so many months"),
]


class NewRule(Form):
    """Who must read, how soon and how often. `confirmed` is set by the page that shows what would follow."""

    category = Choice("Category", default="")
    person = Choice("Or one person", default="")
    days_to_read = NumberField(
        "Days to read",
        [needed("Enter the days to read as a number from 0 to 365.")],
        not_number="Enter the days to read as a number from 0 to 365.",
        default=DAYS_TO_READ,
    )
    repeat = RadiosField("How often", choices=_REPEATS, default="once")
    repeat_months = NumberField("After how many months", not_number="Enter a whole number of months from 1 to 60.")
    from_on = DayField("From", [needed("Enter the first day of the rule.")], description="For example 1 September 2026")
    confirmed = HiddenField()


class Stop(Form):
    """The end of a rule."""

    until_on = DayField(
        "Last day", [needed("Enter the last day of the rule.")], description="For example 31 August 2026"
    )


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
    form = _choices(NewRule(from_on=today()))
    changed = request.args.get("change")
    if changed:
        rule: ReadingRule = _rule(found, changed)
        form.category.data = _public_id(Category, rule.category_id)
        form.person.data = _public_id(Person, rule.person_id)
        form.days_to_read.data, form.repeat.data = rule.days_to_read, rule.repeat
        form.repeat_months.data = rule.repeat_months
    return _page(found, form, None)


@screen.post("/policies/<policy>/readers", KEEPS)
def add(policy: str) -> ResponseReturnValue:
    """Show what a new rule would bring; keep it when that was confirmed."""
    found, form = _policy(policy), _choices(NewRule())
    if form.validate():
        with refusals_into(form):
            wanted = _wanted(form)
            if not form.confirmed.data:
                refuse_if(objections(wanted))
                return _page(found, form, _foreseen(found, wanted, form))
            require(db.session(), scope(), actor(), found, wanted, _first_day(form), clock.now())
            flash(f"{_who(form)} must now read {found.title}.")
            return redirect(url_for("readers.index", policy=policy))
    return _page(_policy(policy), form, None), 422


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
        shown=shown,
        today=today(),
    )


def _stop_page(policy: Policy, row: ReadingRule, form: Stop) -> str:
    rule = next(one for one in rules_of(db.session(), scope(), [policy.id])[policy.id] if one.rule == row.public_id)
    return render_template("reading/stop_rule.html", policy=policy, rule=rule, form=form)


def _foreseen(policy: Policy, wanted: Requirement, form: NewRule) -> Shown:
    session, from_on = db.session(), _first_day(form)
    seen = foresee_rule(session, scope(), policy.id, wanted, from_on, today())
    people = workers(session, scope(), seen.day, {row.person_id for row in seen.late})
    late = {row.person_id: row for row in seen.late}
    named = [(worker, late[number]) for number, worker in people.items() if number in late]
    standing = [
        one
        for one in rules_of(session, scope(), [policy.id])[policy.id]
        if (one.category_id, one.person_id) == (wanted.category_id, wanted.person_id) and one.holds_on(seen.day)
    ]
    return Shown(
        foreseen=seen,
        who=_who(form),
        late=named[:_MOST_NAMED],
        more_late=max(0, len(named) - _MOST_NAMED),
        gives_way=standing[0] if standing else None,
        asked=in_force_now(session, scope(), policy.id, seen.day) is not None and seen.after.audience > 0,
    )


def _choices(form: NewRule) -> NewRule:
    """This school's own categories and the people here now."""
    session = db.session()
    names = [("", "Choose a category"), *((one.public_id, one.name) for one in own_categories())]
    form.category.choices = names
    people = everyone(session, scope(), as_of=today())
    form.person.choices = [("", "Nobody by name"), *((one.public_id, f"{one.name} ({one.number})") for one in people)]
    return form


def _wanted(form: NewRule) -> Requirement:
    category = one_of(db.session(), Category, scope(), form.category.data) if form.category.data else None
    person = one_of(db.session(), Person, scope(), form.person.data) if form.person.data else None
    return Requirement(
        category_id=category.id if category else None,
        person_id=person.id if person else None,
        days_to_read=form.days_to_read.data or 0,
        repeat=form.repeat.data,
        repeat_months=form.repeat_months.data if form.repeat.data == "months" else None,
    )


def _who(form: NewRule) -> str:
    chosen = form.category if form.category.data else form.person
    return next((str(label) for value, label in chosen.choices if value == chosen.data), "")


def _first_day(form: NewRule) -> dt.date:
    found = form.from_on.data
    assert found is not None  # the field is needed
    return found


def _policy(public_id: str) -> Policy:
    found: Policy = one_of(db.session(), Policy, scope(), public_id)
    return found


def _rule(policy: Policy, public_id: str) -> ReadingRule:
    """A rule of this policy; another policy's is no more here than none."""
    found: ReadingRule = one_of(db.session(), ReadingRule, scope(), public_id)
    if found.policy_id != policy.id:
        raise NotFound(public_id)
    return found


def _public_id(model: type[Any], row_id: int | None) -> str:
    return "" if row_id is None else str(db.session().get_one(model, row_id).public_id)
