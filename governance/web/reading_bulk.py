"""What is done for several ticked people at once: more time, or not needed. Looked at first, then recorded for all or none.

ticked people ─▶ the form, with them ─▶ look: done and rolled back, before beside after ─▶ record
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from governance import clock
from governance.db import db
from governance.errors import NotFound
from governance.people.models import Person
from governance.policies.models import Policy
from governance.reading.easing_several import excuse_each, extend_each
from governance.reading.facts_query import facts_of
from governance.reading.owed import Owed, State, owed
from governance.render import words
from governance.web.access import actor, scope
from governance.web.decisions_preview import typed_again
from governance.web.forms import Form, refusals_into
from governance.web.reading_person import MoreTime, NotNeeded, name_of
from governance.web.reading_policy import readers_page, the_policy
from governance.web.reading_screen import KEEPS, screen, today

Act = Callable[[Policy, Sequence[Person], Form], None]


@dataclass(frozen=True)
class Bulk:
    """An act for several: its page's title, its button, its route, and what is said once it is recorded."""

    title: str
    button: str
    endpoint: str
    done: str
    act: Act


@dataclass(frozen=True)
class Line:
    """One person in the preview: how they stand, and how they would."""

    name: str
    before: str
    after: str


@screen.post("/policies/<policy>/reading/ticked/more-time", KEEPS)
def ticked_more_time(policy: str) -> ResponseReturnValue:
    """More time for everybody ticked."""

    def act(found: Policy, people: Sequence[Person], form: Form) -> None:
        until_on, reason = form["until_on"].data, form["reason"].data
        values = {"until_on": until_on, "reason": reason, "today": today(), "now": clock.now()}
        extend_each(db.session(), scope(), actor(), people, found, **values)

    bulk = Bulk("More time", "Give more time", "reading.ticked_more_time", "More time is given to", act)
    return _step(the_policy(policy), MoreTime, bulk)


@screen.post("/policies/<policy>/reading/ticked/not-needed", KEEPS)
def ticked_not_needed(policy: str) -> ResponseReturnValue:
    """Not needed of everybody ticked."""

    def act(found: Policy, people: Sequence[Person], form: Form) -> None:
        days = {"from_on": form["from_on"].data, "until_on": form["until_on"].data}
        excuse_each(db.session(), scope(), actor(), people, found, **days, reason=form["reason"].data, now=clock.now())

    bulk = Bulk(
        "Not needed",
        "Record that it is not needed",
        "reading.ticked_not_needed",
        "It is recorded as not needed of",
        act,
    )
    return _step(the_policy(policy), NotNeeded, bulk)


def ticked() -> list[Person]:
    """The people ticked on the page, by name.

    Raises:
        NotFound: when one of them is not at this school.
    """
    wanted = set(request.form.getlist("person"))
    mine = select(Person).where(Person.organisation_id == scope().organisation_id, Person.public_id.in_(wanted))
    found = list(db.session().scalars(mine.order_by(Person.sort_key, Person.id)))
    if len(found) < len(wanted):
        raise NotFound("person")
    return found


def _step(found: Policy, kind: type[Form], bulk: Bulk) -> ResponseReturnValue:
    people, step = ticked(), request.form.get("step", "")
    if not people:
        return readers_page(found, nobody_ticked=True)
    if step not in ("look", "record", "change"):
        first = {"from_on": today()} if kind is NotNeeded else {}
        return _form_page(found, people, kind(formdata=None, **first), bulk)
    form = kind()
    if step == "change":
        return _form_page(found, people, form, bulk)
    if form.validate():
        with refusals_into(form):
            if step == "look":
                return _look(found, people, form, bulk)
            bulk.act(found, people, form)
            flash(f"{bulk.done} {words.plural(len(people), 'person', 'people')}: {found.title}.")
            return redirect(url_for("reading.policy", policy=found.public_id))
    return _form_page(found, ticked(), form, bulk), 422


def _form_page(found: Policy, people: Sequence[Person], form: Form, bulk: Bulk) -> str:
    names = [(one.public_id, name_of(one)) for one in people]
    return render_template("reading/ticked.html", policy=found, people=names, form=form, bulk=bulk)


def _look(found: Policy, people: Sequence[Person], form: Form, bulk: Bulk) -> str:
    """Do it, see how everybody would stand, and undo it: what is shown is what recording would give."""
    names = {one.id: name_of(one) for one in people}
    before = _standing(found, names)
    bulk.act(found, people, form)
    after = _standing(found, names)
    db.session.rollback()
    lines = [Line(name, _said(before.get(one)), _said(after.get(one))) for one, name in names.items()]
    return render_template(
        "reading/ticked_look.html", policy=found, lines=lines, form=form, bulk=bulk, typed=typed_again()
    )


def _standing(found: Policy, people: dict[int, str]) -> dict[int, Owed]:
    facts = facts_of(db.session(), scope(), today(), policy_ids=[found.id], person_ids=people)
    return {row.person_id: row for row in owed(facts, today()) if row.person_id in people}


def _said(row: Owed | None) -> str:
    if row is None:
        return "Not asked"
    due: dt.date | None = row.due_on
    state = row.state.value if row.state is not State.EXCUSED else "not needed"
    return f"{state[:1].upper()}{state[1:]}{f', due {words.day(due)}' if due else ''}"
