"""*Start asking*: who would be asked to read what, and by when, is shown first; nothing happens until it is pressed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import ValidationError

from governance import clock
from governance.adoption.models import InForce
from governance.db import db
from governance.errors import NotFound
from governance.people.models import Category
from governance.policies.models import Policy, PolicyVersion
from governance.reading.asking import (
    Unasked,
    ask_to_read,
    asked_earlier_only,
    asking_since,
    in_force_now,
    start_asking,
    unasked,
)
from governance.reading.facts import Asking
from governance.reading.foreseeing import Foreseen, foresee_asking
from governance.reading.listed import Worker, workers
from governance.render.words import day as in_words
from governance.render.words import plural
from governance.schedule.switching import reminding_entry
from governance.tenancy import in_school as one_of
from governance.web.access import actor, in_school, scope
from governance.web.forms import CheckboxesField, DayField, FilterForm, Form, RadiosField, needed, refusals_into
from governance.web.reading_screen import KEEPS, own_categories, today

screen = in_school("asking", "reading")
EVERYONE, SOME = "everyone", "some"
_FROM = "The day from which people are asked. Their days to read count from it."


class StartDay(FilterForm):
    """The day to look at."""

    on = DayField("Ask from", description=_FROM)


class Start(Form):
    """The act: from a day, with policies of which an earlier version was asked where they are to be asked again."""

    from_on = DayField("Ask from", [needed("Enter the day from which people are asked.")], description=_FROM)
    again = CheckboxesField("Ask again", description="An earlier version of these was asked. Tick those to ask again.")


class Whom(FilterForm):
    """Whom to look at for one policy."""

    who = RadiosField("Who is asked", choices=[(EVERYONE, "Everyone who must read it"), (SOME, "Chosen categories")])
    categories = CheckboxesField("Categories")
    on = DayField("Ask from", description=_FROM)

    def validate_who(self, field: RadiosField) -> None:
        """Ticks that would count for nothing are asked about: somebody meant something by them."""
        if field.data == EVERYONE and self.categories.data:
            raise ValidationError("Categories are ticked. Choose “Chosen categories”, or take the ticks off.")


class Ask(Form):
    """The same, confirmed."""

    who = RadiosField("Who is asked", choices=Whom.who.kwargs["choices"])
    categories = CheckboxesField("Categories")
    from_on = DayField("Ask from", [needed("Enter the day from which people are asked.")], description=_FROM)


@dataclass(frozen=True)
class Preview:
    """Whom an asking would reach, with names where no mail can."""

    foreseen: Foreseen
    by_category: list[tuple[str, int]]
    no_email: list[Worker]

    @property
    def people(self) -> int:
        """How many different people would have something to read."""
        return len(self.foreseen.people)


@screen.get("/asking", KEEPS)
def index() -> tuple[str, int]:
    """Before the start: what it would bring. After it: since when, and what was never asked."""
    session, now, form = db.session(), today(), StartDay()
    good = form.validate()
    day = max((form.on.data or now) if good else now, now)
    since = asking_since(session, scope())
    answer = _started(since, now) if since else _not_started(day, form, Start(from_on=day))
    return answer, 200 if good else 422


@screen.post("/asking", KEEPS)
def start() -> ResponseReturnValue:
    """Start asking."""
    session, now = db.session(), today()
    form = Start()
    day = form.from_on.data or now
    earlier = asked_earlier_only(session, scope(), max(day, now))
    form.again.choices = [(one.public_id, one.title) for one in earlier]
    if form.validate():
        with refusals_into(form):
            chosen = {one.policy_id for one in earlier if one.public_id in (form.again.data or ())}
            asked = start_asking(session, scope(), actor(), day, now, clock.now(), again=chosen)
            flash(f"{plural(asked, 'policy is', 'policies are')} asked from {in_words(day)}.")
            return redirect(url_for("asking.index"))
    return _not_started(max(day, now), StartDay(), form), 422


@screen.get("/asking/<policy>", KEEPS)
def ask(policy: str) -> tuple[str, int]:
    """What asking about one policy would bring."""
    found, form = _policy(policy), _with_categories(Whom())
    form.who.data = form.who.data or EVERYONE
    good = form.validate()
    day = max((form.on.data or today()) if good else today(), today())
    return _ask_page(found, form, day, Ask(from_on=day)), 200 if good else 422


@screen.post("/asking/<policy>", KEEPS)
def confirm(policy: str) -> ResponseReturnValue:
    """Ask about one policy."""
    session, found, form = db.session(), _policy(policy), _with_categories(Ask())
    if form.validate():
        with refusals_into(form):
            day = form.from_on.data
            row = session.get_one(InForce, _in_force(found).in_force_id)
            assert day is not None  # the field is needed
            categories = None if form.who.data == EVERYONE else _chosen(form.categories.data)
            ask_to_read(session, scope(), actor(), found, row, categories, day, today(), clock.now())
            flash(f"{found.title} is asked from {in_words(day)}.")
            return redirect(url_for("asking.index"))
    shown = _with_categories(Whom())
    shown.who.data, shown.categories.data = form.who.data or EVERYONE, form.categories.data
    return _ask_page(_policy(policy), shown, today(), form), 422


def _not_started(day: dt.date, look: StartDay, form: Start) -> str:
    session = db.session()
    waiting, earlier = unasked(session, scope(), day), asked_earlier_only(session, scope(), day)
    form.again.choices = [(one.public_id, f"{one.title}, version {one.version}") for one in earlier]
    if request.method == "GET":
        form.again.data = []
    return render_template(
        "reading/start_asking.html",
        look=look,
        form=form,
        day=day,
        today=today(),
        waiting=waiting,
        earlier=earlier,
        preview=_preview([Asking(one.in_force_id, None, day) for one in waiting], waiting),
    )


def _started(since: dt.date, now: dt.date) -> str:
    session = db.session()
    return render_template(
        "reading/asking.html",
        since=since,
        today=now,
        reminding=reminding_entry(session, scope()) is not None,
        waiting=unasked(session, scope(), now),
        earlier=asked_earlier_only(session, scope(), now),
    )


def _ask_page(policy: Policy, look: Whom, day: dt.date, form: Ask) -> str:
    """The page for one policy; `look` says whom, `form` is what confirms it."""
    one = _in_force(policy)
    chosen = _chosen(look.categories.data) if look.who.data == SOME else None
    wanted = [None] if chosen is None else [category.id for category in chosen]
    askings = [Asking(one.in_force_id, category_id, day) for category_id in wanted]
    return render_template(
        "reading/ask.html",
        policy=policy,
        one=one,
        look=look,
        form=form,
        day=day,
        today=today(),
        who=look.who.data,
        chosen=chosen or [],
        preview=_preview(askings, [one]),
    )


def _preview(askings: Sequence[Asking], policies: Sequence[Unasked]) -> Preview | None:
    """Whom the askings would reach; None where there is nothing to ask."""
    if not askings:
        return None
    session = db.session()
    seen = foresee_asking(session, scope(), list(askings), [one.policy_id for one in policies])
    people = workers(session, scope(), seen.day, seen.people)
    counts = seen.by_category
    return Preview(
        foreseen=seen,
        by_category=[(one.name, counts[one.id]) for one in own_categories() if counts.get(one.id)],
        no_email=[worker for number, worker in people.items() if number in seen.people and not worker.person.email],
    )


def _policy(public_id: str) -> Policy:
    found: Policy = one_of(db.session(), Policy, scope(), public_id)
    return found


def _in_force(policy: Policy) -> Unasked:
    """The version of a policy that can be asked about now.

    Raises:
        NotFound: where none is in force.
    """
    session = db.session()
    row = in_force_now(session, scope(), policy.id, today())
    if row is None:
        raise NotFound(policy.public_id)
    number = session.get_one(PolicyVersion, row.version_id).number
    return Unasked(row.id, policy.id, policy.public_id, policy.title, row.from_on, number, asked_before=True)


def _with_categories(form: Whom | Ask) -> Whom | Ask:
    form.categories.choices = [(one.public_id, one.name) for one in own_categories()]
    return form


def _chosen(public_ids: Sequence[str] | None) -> list[Category]:
    return [one for one in own_categories() if one.public_id in (public_ids or ())]
