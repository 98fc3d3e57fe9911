"""The front door: setting up on the first visit; afterwards to the one school somebody belongs to, or a choice of them."""

from __future__ import annotations

import importlib
import importlib.util

from flask import flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import hash_password

from governance import clock
from governance.accounts import attempts
from governance.accounts.links import spend_set_up_code
from governance.accounts.rules import objections_to_password
from governance.accounts.setting_up import BODY, FirstManager, NewSchool, add_first_manager, add_school, any_school
from governance.accounts.standing import standings
from governance.db import db, writing
from governance.errors import NotFound, Refusal, refuse_if
from governance.people.categories import DEFAULTS
from governance.tenancy import Actor
from governance.web import access
from governance.web.access import PUBLIC, SIGNED_IN
from governance.web.forms import CheckboxesField, EmailField, Form, PasswordField, TextField, needed, refusals_into
from governance.web.look import SCHOOLS
from governance.web.requests import looking, settings

screen = access.outside("front")

_DEMONSTRATION = "governance.demo.load"


class SetUpForm(Form):
    """What a school begins with, and who sets it up."""

    code = TextField(
        "Set-up code",
        [needed("Enter the set-up code.")],
        description="It was printed when this was installed. To print another: flask --app app setup-code",
    )
    name = TextField("Name of the school", [needed("Enter the school's name.")])
    body = TextField(
        "Name of its governing body",
        [needed("Enter the governing body's name.")],
        default=BODY,
        description="As your minutes call it",
    )
    categories = CheckboxesField(
        "Categories of staff",
        choices=[(name, name[0].upper() + name[1:]) for name in DEFAULTS],
        default=list(DEFAULTS),
        description="Policies are read by category. You can add your own later.",
    )
    given_name = TextField("Your given name", [needed("Enter your given name.")])
    family_name = TextField("Your family name", [needed("Enter your family name.")])
    email = EmailField("Your e-mail address", [needed("Enter your e-mail address.")], description="You sign in with it")
    password = PasswordField(
        "A password",
        [needed("Choose a password.")],
        description="At least 12 characters. Three random words work well.",
    )


@screen.get("/", PUBLIC)
def index() -> ResponseReturnValue:
    """To where this visitor belongs."""
    if g.account is None:
        return redirect(url_for("security.login")) if any_school(db.session()) else _welcome()
    held = standings(db.session(), g.account, now=clock.now())
    session[SCHOOLS] = len(held)
    if len(held) == 1:
        return redirect(f"/{held[0].scope.slug}/")
    return redirect(url_for("front.schools"))


@screen.get("/schools", SIGNED_IN)
def schools() -> ResponseReturnValue:
    """The schools somebody belongs to."""
    return render_template("setup/schools.html", held=standings(db.session(), g.account, now=clock.now()))


@screen.get("/set-up", PUBLIC)
def set_up() -> ResponseReturnValue:
    """The form of the first visit; afterwards there is no such page."""
    if any_school(db.session()):
        raise NotFound
    return render_template("setup/school.html", form=SetUpForm())


@screen.post("/set-up", PUBLIC)
def set_up_school() -> ResponseReturnValue:
    """Make the school. The code is judged first, since nothing else may be learnt without it."""
    with looking() as look:
        if any_school(look):
            raise NotFound
    form = SetUpForm()
    if form.validate():
        with refusals_into(form):
            _set_up(form)
            flash("Your school is set up. Sign in to go on: nobody is asked to read anything until you say so.")
            return redirect(url_for("security.login"))
    return render_template("setup/school.html", form=form), 422


@screen.post("/demonstration", PUBLIC)
def look_round() -> ResponseReturnValue:
    """Load the fictional school, on an empty installation that only this machine reaches."""
    with looking() as look:
        if any_school(look) or not _can_demonstrate():
            raise NotFound
    loaded = importlib.import_module(_DEMONSTRATION).load(db.session(), clock.now())
    return render_template("setup/demonstration.html", loaded=loaded)


def _welcome() -> ResponseReturnValue:
    return render_template("setup/welcome.html", demonstration=_can_demonstrate())


def _can_demonstrate() -> bool:
    there = importlib.util.find_spec(_DEMONSTRATION) is not None
    return there and settings().host.partition(":")[0] in ("127.0.0.1", "localhost")


def _set_up(form: SetUpForm) -> None:
    now = clock.now()
    turns = attempts.by_set_up_code(request.remote_addr or "")
    with writing() as own:
        until = attempts.take_turn(own, turns, now=now)
    if until is not None:
        raise Refusal.one(attempts.wait_in_words(until, now), "code")
    about = [form.email.data, form.name.data, form.given_name.data, form.family_name.data]
    refuse_if(objections_to_password(form.password.data, about, field="password"))
    hashed = hash_password(form.password.data)
    if not spend_set_up_code(db.session(), form.code.data, now=now):
        raise Refusal.one("That code is wrong, was used, or is more than a day old. Print a new one.", "code")
    actor = Actor(f"{form.given_name.data} {form.family_name.data}")
    new = NewSchool(form.name.data, body=form.body.data, categories=form.categories.data)
    scope = add_school(db.session(), actor, new, now=now)
    manager = FirstManager(form.given_name.data, form.family_name.data, form.email.data, hashed)
    add_first_manager(db.session(), scope, manager, now=now)
    attempts.forget(db.session(), turns, now=now)
