"""A document comes in: upload, see what was detected, confirm. Nothing is in the register before that.

choose files ─▶ examined in a child ─▶ held, with what was detected ─▶ a person corrects and confirms ─▶ recorded
"""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import SelectField

from governance import clock
from governance.accounts.permissions import Permission
from governance.adoption.register import every_policy
from governance.db import db
from governance.errors import Refusal
from governance.extract.titles import title_key
from governance.intake.confirming import Confirmed, Found, confirm, found_in, hold_files
from governance.people.models import Category, Post
from governance.policies.models import Policy
from governance.policies.queries import with_bytes_known
from governance.policies.rules import Kind
from governance.schools.models import GoverningBody
from governance.storage.held import drop
from governance.tenancy import in_school as one_of
from governance.web.access import actor, in_school, needs, scope
from governance.web.forms import (
    CheckboxesField,
    Choice,
    FilesField,
    Form,
    NumberField,
    StatedDateField,
    TextArea,
    TextField,
    TickField,
    refusals_into,
)
from governance.web.requests import looking

screen = in_school("new_version", "register")
KEEPS = needs(Permission.KEEP_POLICIES)


class Files(Form):
    """Files that make one version."""

    files = FilesField(
        "Files of this version",
        description="Word (.docx), PDF, Markdown or text. The first is the policy, others its annexes.",
    )


class Confirm(Form):
    """What was detected, for a person to correct."""

    policy = Choice("Policy")
    title = TextField("Title")
    reference = TextField("Reference", description="Leave empty to have one made.")
    kind = Choice("Kind", choices=[(kind.value, kind.in_words) for kind in Kind])
    owner = Choice("Owner")
    review_every_months = NumberField(
        "Reviewed every (months)", not_number="Enter a whole number of months from 1 to 60."
    )
    label = TextField("Version", description="What the document calls itself, for example 2.1 or 2026/27.")
    change_summary = TextArea("What changed", description="A sentence for governors and readers.")
    related = TextArea(
        "To be read with", description="One title a line. A title that is not in the register shows as missing."
    )
    audience = CheckboxesField("Who must read it")
    decided = TickField("It was adopted already, and I want to record that now")
    decided_on = StatedDateField(
        "Adopted on", description="For example 12 September 2022, September 2022, or leave empty if it is not recorded."
    )
    body = Choice("By which body")
    minute = TextField("Minute reference")
    next_review = StatedDateField("Next review due", description="For example 30 September 2027 or September 2027.")
    same_bytes = TickField("These files are in the register already. Record them again all the same")


@screen.get("/policies/new", KEEPS)
def start() -> str:
    """Choose the files of a new policy."""
    return render_template("policies/upload.html", form=Files(), policy=None)


@screen.post("/policies/new", KEEPS, files=True)
def hold_new() -> ResponseReturnValue:
    """Examine and hold the files of a new policy."""
    return _hold(None)


@screen.get("/policies/<policy>/new-version", KEEPS)
def start_version(policy: str) -> str:
    """Choose the files of a policy's next version."""
    return render_template("policies/upload.html", form=Files(), policy=one_of(db.session(), Policy, scope(), policy))


@screen.post("/policies/<policy>/new-version", KEEPS, files=True)
def hold_version(policy: str) -> ResponseReturnValue:
    """Examine and hold the files of a policy's next version."""
    with looking() as look:  # reading a document takes seconds, in which nobody else should wait to write
        one_of(look, Policy, scope(), policy)
    return _hold(policy)


def _hold(policy: str | None) -> ResponseReturnValue:
    form = Files()
    if form.validate():
        with refusals_into(form):
            sent = [(one.filename, one.read()) for one in request.files.getlist("files") if one.filename]
            held = hold_files(db.session(), scope(), actor(), policy, sent, clock.now())
            return redirect(url_for("new_version.check", held=held))
    known = one_of(db.session(), Policy, scope(), policy) if policy else None
    return render_template("policies/upload.html", form=form, policy=known), 422


@screen.get("/policies/held/<held>", KEEPS)
def check(held: str) -> str:
    """What was detected, each with the line it came from."""
    found = found_in(db.session(), scope(), held, clock.now())
    return _checking(found, _filled(found))


@screen.post("/policies/held/<held>", KEEPS)
def record(held: str) -> ResponseReturnValue:
    """Record what was confirmed."""
    session, now = db.session(), clock.now()
    found = found_in(session, scope(), held, now)
    form = _choices(Confirm())
    if form.validate():
        with refusals_into(form):
            _refuse_known_bytes(found, form)
            done = confirm(session, scope(), actor(), held, _confirmed(form), clock.today(scope().time_zone), now)
            flash(f"{done.policy.title}, version {done.version.number}, is recorded. Nobody has been asked to read it.")
            return redirect(url_for("policy.show", policy=done.policy.public_id))
    return _checking(found, form), 422


@screen.post("/policies/held/<held>/cancel", KEEPS)
def cancel(held: str) -> ResponseReturnValue:
    """Let the files go."""
    drop(db.session(), scope(), held)
    flash("The files were let go. Nothing was recorded.")
    return redirect(url_for("register.index"))


def _checking(found: Found, form: Confirm) -> str:
    known = with_bytes_known(db.session(), scope(), found.sha256s)
    return render_template("policies/check.html", found=found, form=form, known=known)


def _refuse_known_bytes(found: Found, form: Confirm) -> None:
    known = with_bytes_known(db.session(), scope(), found.sha256s)
    if known and not form.same_bytes.data:
        _, title, number, _ = known[0]
        raise Refusal.one(
            f"This file is identical to version {number} of {title}. Tick the box to record it again.", "same_bytes"
        )


def _filled(found: Found) -> Confirm:
    """The form with what was detected in it; a title in the register already is offered as that policy's next version."""
    guesses = found.guesses
    form = Confirm(
        title=guesses.title.value if guesses.title else "",
        kind=Kind.PROCEDURE.value
        if guesses.title and "procedure" in guesses.title.value.casefold()
        else Kind.POLICY.value,
        review_every_months=guesses.review_frequency_months.value if guesses.review_frequency_months else None,
        label=guesses.version_label.value if guesses.version_label else "",
        related="\n".join(guess.value for guess in guesses.related_policies),
        decided=guesses.adopted_on is not None,
        decided_on=guesses.adopted_on.value if guesses.adopted_on else None,
        next_review=guesses.next_review_on.value if guesses.next_review_on else None,
    )
    _choices(form)
    form.policy.data = found.policy or _known_title(guesses.title.value if guesses.title else "")
    form.audience.data = [
        str(row.id) for row in _categories() if row.code in found.audience or "all_staff" in found.audience
    ]
    form.body.data = found.body or ""
    return form


def _known_title(title: str) -> str:
    mine = select(Policy.public_id).where(
        Policy.organisation_id == scope().organisation_id,
        Policy.title_key == title_key(title),
        Policy.retired_on.is_(None),
    )
    return (db.session().scalars(mine.order_by(Policy.id)).first() or "") if title else ""


def _choices(form: Confirm) -> Confirm:
    """The lists to choose from: this school's own."""
    session, today = db.session(), clock.today(scope().time_zone)
    policies = [row for row in every_policy(session, scope(), today) if row.retired_on is None]
    form.policy.choices = [("", "A new policy"), *((row.policy, f"{row.title} ({row.reference})") for row in policies)]
    form.owner.choices = [("", "No owner yet"), *_named(Post)]
    form.body.choices = [("", "Not recorded"), *_named(GoverningBody)]
    form.audience.choices = [(str(row.id), row.name) for row in _categories()]
    return form


def _named(model: Any) -> list[tuple[str, str]]:
    mine = select(model.public_id, model.name).where(
        model.organisation_id == scope().organisation_id, model.ended_on.is_(None)
    )
    return [(public_id, name) for public_id, name in db.session().execute(mine.order_by(model.name_key))]


def _categories() -> list[Category]:
    mine = select(Category).where(Category.organisation_id == scope().organisation_id)
    return list(db.session().scalars(mine.order_by(Category.position, Category.id)))


def _confirmed(form: Confirm) -> Confirmed:
    """The form as the facts of a confirmation."""
    return Confirmed(
        policy=_one(Policy, form.policy),
        title=form.title.data or "",
        reference=form.reference.data or "",
        kind=form.kind.data,
        owner=_one(Post, form.owner),
        review_every_months=form.review_every_months.data,
        label=form.label.data or "",
        change_summary=form.change_summary.data or "",
        related=tuple((form.related.data or "").splitlines()),
        category_ids=tuple(int(chosen) for chosen in form.audience.data or ()),
        decided=form.decided_on.data if form.decided.data else None,
        body=_one(GoverningBody, form.body) if form.decided.data else None,
        minute=form.minute.data or "",
        next_review=form.next_review.data,
    )


def _one(model: Any, field: SelectField) -> Any:
    return one_of(db.session(), model, scope(), field.data) if field.data else None
