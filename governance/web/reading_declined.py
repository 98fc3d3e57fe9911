"""Given, not signed: recorded for one person and one policy, and taken back when it was a mistake."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.db import db
from governance.errors import NotFound
from governance.people.models import Person
from governance.policies.models import Policy, PolicyVersion
from governance.reading.declining import record_declined, take_back_declined
from governance.reading.models import Declined
from governance.tenancy import in_school as one_of
from governance.web.access import actor, scope
from governance.web.forms import DayField, Form, TextArea, TextField, needed, refusals_into
from governance.web.reading_person import name_of, owed_of, the_person
from governance.web.reading_policy import the_policy
from governance.web.reading_screen import KEEPS, screen, today


class GivenNotSigned(Form):
    """When somebody was given it, and who saw that they did not sign."""

    given_on = DayField(
        "Day on which it was given",
        [needed("Enter the day on which it was given to them.")],
        description="For example 1 September 2026",
    )
    witness = TextField(
        "Witness",
        [needed("Enter who saw that it was given and not signed.")],
        description="Who saw that it was given and not signed, by name.",
    )
    note = TextArea("Note", description="What they said, if anything. It is kept with your name.")


class TakeBack(Form):
    """Taking it back."""

    reason = TextArea(
        "Why it is taken back",
        [needed("Say why it is taken back: it stays on the record with your reason.")],
        description="It stays on the record, with your reason and name, and counts no longer.",
    )


@screen.get("/policies/<policy>/reading/<person>/given-not-signed", KEEPS)
def given_not_signed(policy: str, person: str) -> str:
    """The form for somebody who was given it and did not sign."""
    return _page(policy, person, GivenNotSigned())


@screen.post("/policies/<policy>/reading/<person>/given-not-signed", KEEPS)
def record_given_not_signed(policy: str, person: str) -> ResponseReturnValue:
    """Record that somebody was given it and did not sign."""
    form = GivenNotSigned()
    if form.validate():
        with refusals_into(form):
            found, who = the_policy(policy), the_person(person)
            given_on = form.given_on.data
            assert given_on is not None  # the field is needed
            record_declined(
                db.session(),
                scope(),
                actor(),
                who,
                found,
                given_on=given_on,
                witness=form.witness.data or "",
                note=form.note.data or "",
                today=today(),
                now=clock.now(),
            )
            flash(f"It is recorded that {name_of(who)} was given {found.title} and did not sign.")
            return redirect(url_for("reading.person", policy=policy, person=person))
    return _page(policy, person, form), 422


@screen.get("/policies/<policy>/reading/<person>/given-not-signed/<given>", KEEPS)
def taking_back(policy: str, person: str, given: str) -> str:
    """The form for taking it back."""
    return _taking_back(policy, person, given, TakeBack())


@screen.post("/policies/<policy>/reading/<person>/given-not-signed/<given>", KEEPS)
def take_back(policy: str, person: str, given: str) -> ResponseReturnValue:
    """Take it back."""
    form = TakeBack()
    if form.validate():
        with refusals_into(form):
            _, who, declined = _found(policy, person, given)
            take_back_declined(db.session(), scope(), actor(), declined, form.reason.data or "", clock.now())
            flash(f"It is taken back. {name_of(who)} is asked again.")
            return redirect(url_for("reading.person", policy=policy, person=person))
    return _taking_back(policy, person, given, form), 422


def _found(policy: str, person: str, given: str) -> tuple[Policy, Person, Declined]:
    """The three of an address, which must belong together."""
    found, who = the_policy(policy), the_person(person)
    declined: Declined = one_of(db.session(), Declined, scope(), given)
    version = db.session().get_one(PolicyVersion, declined.version_id)
    if declined.person_id != who.id or version.policy_id != found.id:
        raise NotFound(given)
    return found, who, declined


def _page(policy: str, person: str, form: GivenNotSigned) -> str:
    found, who = the_policy(policy), the_person(person)
    return render_template(
        "reading/given_not_signed.html",
        policy=found,
        person=who,
        name=name_of(who),
        form=form,
        owed=owed_of(found, who),
    )


def _taking_back(policy: str, person: str, given: str, form: TakeBack) -> str:
    found, who, declined = _found(policy, person, given)
    return render_template(
        "reading/take_back.html", policy=found, person=who, name=name_of(who), declined=declined, form=form
    )
