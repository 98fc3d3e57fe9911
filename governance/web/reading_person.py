"""One person and one policy: how they stand, their receipts, and what may be done: more time, not needed, withdrawing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.chasing.queries import reminders_about
from governance.db import db
from governance.people.models import Person
from governance.people.rules import full_name
from governance.policies.models import Policy, PolicyVersion
from governance.reading.acknowledging import receipt_referenced, withdraw
from governance.reading.declining import declined_of
from governance.reading.easing import end_excuse, excuse, extend
from governance.reading.models import Acknowledgement
from governance.reading.owed import Owed
from governance.reading.queries import my_reading
from governance.reading.receipts import excuses_of, extensions_of, receipts_of
from governance.render.words import day as in_words
from governance.tenancy import in_school as one_of
from governance.web.access import actor, scope
from governance.web.forms import DayField, Form, TextArea, needed, refusals_into
from governance.web.reading_policy import the_policy
from governance.web.reading_screen import KEEPS, PAPER, SEES, screen, today
from governance.web.unreached import unreached

_REASON = "It is kept with your name."


class MoreTime(Form):
    """A later day for what somebody is asked now."""

    until_on = DayField(
        "They have until",
        [needed("Enter the day until which they have time.")],
        description="For example 30 September 2026",
    )
    reason = TextArea("Reason", [needed("Give the reason: it is kept with your name.")], description=_REASON)


class NotNeeded(Form):
    """Days on which somebody need not read the policy."""

    from_on = DayField("From", [needed("Enter the first day.")], description="For example 1 September 2026")
    until_on = DayField("Last day", description="Leave empty for until further notice.")
    reason = TextArea("Reason", [needed("Give the reason: it is kept with your name.")], description=_REASON)


class NeededAgain(Form):
    """The end of an excuse."""

    until_on = DayField(
        "Last day on which it is not needed",
        [needed("Enter the last day.")],
        description="From the next day they are to read it again, with the full days to read.",
    )


class Withdraw(Form):
    """Taking a receipt back."""

    reason = TextArea(
        "Why it is withdrawn",
        [needed("Say why this receipt is withdrawn: it stays on the record with your reason.")],
        description="It stays on the record, with your reason and name, and counts no longer.",
    )


@screen.get("/policies/<policy>/reading/<person>", SEES)
def person(policy: str, person: str) -> str:
    """How somebody stands with a policy, and everything that led to it."""
    session, found, who = db.session(), the_policy(policy), the_person(person)
    return render_template(
        "reading/person.html",
        policy=found,
        person=who,
        name=name_of(who),
        owed=owed_of(found, who),
        receipts=receipts_of(session, scope(), found.id, person_id=who.id),
        excuses=excuses_of(session, scope(), found.id, who.id),
        extensions=extensions_of(session, scope(), found.id, who.id),
        reminders=reminders_about(session, scope(), who.id, found.id),
        unreached=unreached().get(who.id),
        declined=declined_of(session, scope(), found.id, who.id),
        today=today(),
    )


@screen.get("/policies/<policy>/reading/<person>/more-time", KEEPS)
def more_time(policy: str, person: str) -> str:
    """The form for more time."""
    return _page(policy, person, MoreTime(), "more_time")


@screen.post("/policies/<policy>/reading/<person>/more-time", KEEPS)
def give_more_time(policy: str, person: str) -> ResponseReturnValue:
    """Give somebody until a later day."""

    def act(found: Policy, who: Person, form: MoreTime) -> str:
        until_on = _day(form.until_on)
        extend(
            db.session(),
            scope(),
            actor(),
            who,
            found,
            until_on=until_on,
            reason=form.reason.data,
            today=today(),
            now=clock.now(),
        )
        return f"{name_of(who)} has until {in_words(until_on)} to read {found.title}."

    return _acted(policy, person, MoreTime(), "more_time", act)


@screen.get("/policies/<policy>/reading/<person>/not-needed", KEEPS)
def not_needed(policy: str, person: str) -> str:
    """The form for a policy that somebody need not read."""
    return _page(policy, person, NotNeeded(from_on=today()), "not_needed")


@screen.post("/policies/<policy>/reading/<person>/not-needed", KEEPS)
def record_not_needed(policy: str, person: str) -> ResponseReturnValue:
    """Record that somebody need not read a policy."""

    def act(found: Policy, who: Person, form: NotNeeded) -> str:
        excuse(
            db.session(),
            scope(),
            actor(),
            who,
            found,
            from_on=_day(form.from_on),
            until_on=form.until_on.data,
            reason=form.reason.data,
            now=clock.now(),
        )
        return f"{name_of(who)} need not read {found.title}."

    return _acted(policy, person, NotNeeded(), "not_needed", act)


@screen.get("/policies/<policy>/reading/<person>/needed-again", KEEPS)
def needed_again(policy: str, person: str) -> str:
    """The form for the end of an excuse."""
    return _page(policy, person, NeededAgain(until_on=today()), "needed_again")


@screen.post("/policies/<policy>/reading/<person>/needed-again", KEEPS)
def record_needed_again(policy: str, person: str) -> ResponseReturnValue:
    """End an excuse."""

    def act(found: Policy, who: Person, form: NeededAgain) -> str:
        end_excuse(db.session(), scope(), actor(), who, found, _day(form.until_on), clock.now())
        return f"{name_of(who)} is to read {found.title} again."

    return _acted(policy, person, NeededAgain(), "needed_again", act)


@screen.get("/receipts/<reference>/withdraw", PAPER)
def withdrawing(reference: str) -> str:
    """The form for taking a receipt back."""
    return _withdrawing(receipt_referenced(db.session(), scope(), reference), Withdraw())


@screen.post("/receipts/<reference>/withdraw", PAPER)
def record_withdrawn(reference: str) -> ResponseReturnValue:
    """Take a receipt back."""
    receipt, form = receipt_referenced(db.session(), scope(), reference), Withdraw()
    if form.validate():
        with refusals_into(form):
            withdraw(db.session(), scope(), actor(), receipt, form.reason.data, clock.now())
            flash(f"Receipt {reference} is withdrawn.")
            return redirect(url_for("paper.index"))
        receipt = receipt_referenced(db.session(), scope(), reference)
    return _withdrawing(receipt, form), 422


def the_person(public_id: str) -> Person:
    """This school's person by their public identifier, or the same 404 as for none."""
    found: Person = one_of(db.session(), Person, scope(), public_id)
    return found


def name_of(who: Person) -> str:
    """Given name and family name."""
    return full_name(who.given_name, who.family_name)


def owed_of(policy: Policy, who: Person) -> Owed | None:
    """How somebody stands with a policy today; None where nothing of it is asked of them."""
    rows = my_reading(db.session(), scope(), who.id, today())
    return next((row for row in rows if row.policy_id == policy.id), None)


def _day(field: DayField) -> dt.date:
    found = field.data
    assert found is not None  # the field is needed, so that the form did not pass without it
    return found


def _page(policy: str, person: str, form: Form, act: str) -> str:
    found, who = the_policy(policy), the_person(person)
    return render_template(
        f"reading/{act}.html", policy=found, person=who, name=name_of(who), form=form, owed=owed_of(found, who)
    )


def _acted(
    policy: str, person: str, form: Form, act: str, record: Callable[[Policy, Person, Form], str]
) -> ResponseReturnValue:
    if form.validate():
        with refusals_into(form):
            flash(record(the_policy(policy), the_person(person), form))
            return redirect(url_for("reading.person", policy=policy, person=person))
    return _page(policy, person, form, act), 422


def _withdrawing(receipt: Acknowledgement, form: Withdraw) -> str:
    session = db.session()
    version = session.get_one(PolicyVersion, receipt.version_id)
    return render_template(
        "reading/withdraw.html",
        receipt=receipt,
        name=name_of(session.get_one(Person, receipt.person_id)),
        version=version,
        policy=session.get_one(Policy, version.policy_id),
        form=form,
    )
