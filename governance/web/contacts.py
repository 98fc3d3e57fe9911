"""Whom to ask: the school's list, and a policy's own in its place."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.permissions import Permission
from governance.db import db
from governance.people.models import Post
from governance.people.offices import posts_on
from governance.policies.contact_keeping import (
    Contact,
    add_contact,
    change_contact,
    contact_called,
    move_up,
    remove_contact,
    start_from_schools,
)
from governance.policies.contacts import OFFICES, whom_to_ask
from governance.policies.models import Policy, PolicyContact
from governance.tenancy import in_school as one_of
from governance.web.access import actor, in_school, needs, scope
from governance.web.forms import Choice, EmailField, Form, TextField, TickField, refusals_into

screen = in_school("contacts", "register")
KEEPS = needs(Permission.KEEP_POLICIES)
# What an office is called among the choices; a post goes by its public id.
_OFFICE = "office:"


class ContactForm(Form):
    """Somebody to ask."""

    purpose = TextField("What they are asked about", description="For example: this policy, or a worry about a child")
    who = Choice("A post of the school", description="Whoever holds it is shown by name, also after it changes hands.")
    name = TextField("Or a name", description="For somebody outside the school, such as the HR provider")
    phone = TextField("Phone", description="For example 01234 567890 ext 12")
    email = EmailField("E-mail", description="An address of the post stays right when the person changes.")
    about_headteacher = TickField("Only where it concerns the headteacher")

    def contact(self) -> Contact:
        """What was entered."""
        chosen = self.who.data or ""
        office = chosen.removeprefix(_OFFICE) if chosen.startswith(_OFFICE) else None
        return Contact(
            purpose=self.purpose.data or "",
            post=one_of(db.session(), Post, scope(), chosen) if chosen and office is None else None,
            office=office,
            name=self.name.data or "",
            phone=self.phone.data or "",
            email=self.email.data or "",
            about_headteacher=bool(self.about_headteacher.data),
        )


@screen.get("/contacts", KEEPS)
def index() -> str:
    """The school's list."""
    return _list(None, _with_posts(ContactForm()))


@screen.post("/contacts", KEEPS)
def add() -> ResponseReturnValue:
    """Put somebody on the school's list."""
    return _added(None)


@screen.get("/policies/<policy>/contacts", KEEPS)
def of_policy(policy: str) -> str:
    """A policy's list, its own or the school's."""
    return _list(one_of(db.session(), Policy, scope(), policy), _with_posts(ContactForm()))


@screen.post("/policies/<policy>/contacts", KEEPS)
def add_to_policy(policy: str) -> ResponseReturnValue:
    """Put somebody on a policy's own list."""
    return _added(one_of(db.session(), Policy, scope(), policy))


@screen.post("/policies/<policy>/contacts/own", KEEPS)
def own(policy: str) -> ResponseReturnValue:
    """Begin a policy's own list with the school's."""
    found = one_of(db.session(), Policy, scope(), policy)
    start_from_schools(db.session(), scope(), actor(), found, clock.now())
    flash("The policy has a list of its own now, which begins as the school's.")
    return redirect(_home(found))


@screen.get("/contacts/<contact>", KEEPS)
def show(contact: str) -> str:
    """The form for what a list says of somebody."""
    found = contact_called(db.session(), scope(), contact)
    post = db.session().get(Post, found.post_id) if found.post_id else None
    form = ContactForm(
        data={
            "purpose": found.purpose,
            "who": post.public_id if post else f"{_OFFICE}{found.office}" if found.office else "",
            "name": found.name or "",
            "phone": found.phone,
            "email": found.email,
            "about_headteacher": found.about_headteacher,
        }
    )
    return _one(found, _with_posts(form))


@screen.post("/contacts/<contact>", KEEPS)
def change(contact: str) -> ResponseReturnValue:
    """Change it."""
    found, form = contact_called(db.session(), scope(), contact), _with_posts(ContactForm())
    if form.validate():
        with refusals_into(form):
            change_contact(db.session(), scope(), actor(), found, form.contact(), clock.now())
            flash("The list is changed.")
            return redirect(_home(_policy_of(found)))
        found = contact_called(db.session(), scope(), contact)
    return _one(found, form), 422


@screen.post("/contacts/<contact>/remove", KEEPS)
def remove(contact: str) -> ResponseReturnValue:
    """Take somebody off a list."""
    found = contact_called(db.session(), scope(), contact)
    home = _home(_policy_of(found))
    remove_contact(db.session(), scope(), actor(), found, clock.now())
    flash("They are off the list.")
    return redirect(home)


@screen.post("/contacts/<contact>/up", KEEPS)
def up(contact: str) -> ResponseReturnValue:
    """Put somebody one place further up."""
    found = contact_called(db.session(), scope(), contact)
    move_up(db.session(), scope(), actor(), found, clock.now())
    return redirect(_home(_policy_of(found)))


def _added(policy: Policy | None) -> ResponseReturnValue:
    form = _with_posts(ContactForm())
    if form.validate():
        with refusals_into(form):
            add_contact(db.session(), scope(), actor(), policy, form.contact(), clock.now())
            flash("They are on the list.")
            return redirect(_home(policy))
    return _list(policy, form), 422


def _list(policy: Policy | None, form: ContactForm) -> str:
    today = clock.today(scope().time_zone)
    asked = whom_to_ask(db.session(), scope(), policy.id if policy else None, today)
    return render_template("policies/contacts.html", policy=policy, asked=asked, form=form)


def _one(contact: PolicyContact, form: ContactForm) -> str:
    policy = _policy_of(contact)
    return render_template("policies/contact.html", contact=contact, policy=policy, list_at=_home(policy), form=form)


def _home(policy: Policy | None) -> str:
    return url_for("contacts.of_policy", policy=policy.public_id) if policy else url_for("contacts.index")


def _policy_of(contact: PolicyContact) -> Policy | None:
    return db.session().get(Policy, contact.policy_id) if contact.policy_id is not None else None


def _with_posts(form: ContactForm) -> ContactForm:
    posts = posts_on(db.session(), scope(), clock.today(scope().time_zone))
    form.who.choices = [
        ("", "None: a name instead"),
        *((f"{_OFFICE}{office}", title) for office, title in OFFICES.items()),
        *((post.public_id, post.name) for post in posts),
    ]
    return form
