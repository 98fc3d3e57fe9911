"""A document comes in: upload, see what was detected, confirm. Nothing is in the register before that.

choose files ─▶ examined in a child ─▶ held, with what was detected ─▶ a person corrects and confirms ─▶ recorded
"""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from governance import clock
from governance.accounts.permissions import Permission
from governance.db import db
from governance.intake.confirming import Found, confirm, found_in, hold_files
from governance.intake.doubts import differences
from governance.intake.known import known_policies
from governance.intake.source import anchors
from governance.policies.models import Policy
from governance.policies.queries import with_bytes_known
from governance.storage.held import drop
from governance.tenancy import in_school as one_of
from governance.web.access import actor, in_school, needs, scope
from governance.web.confirm_form import Confirm, choices, confirmed, filled, refuse_known_bytes
from governance.web.forms import FilesField, Form, refusals_into
from governance.web.requests import looking

screen = in_school("new_version", "register")
KEEPS = needs(Permission.KEEP_POLICIES)


class Files(Form):
    """Files that make one version."""

    files = FilesField(
        "Files of this version",
        description="Word, PDF, OpenDocument, RTF, a web page, Markdown or text. The first is the policy, others its annexes.",
    )


@screen.get("/policies/new", KEEPS)
def start() -> str:
    """Choose the files of a new policy."""
    return render_template("policies/upload.html", form=Files(), policy=None)


@screen.post("/policies/new", KEEPS, files=1)
def hold_new() -> ResponseReturnValue:
    """Examine and hold the files of a new policy."""
    return _hold(None)


@screen.get("/policies/<policy>/new-version", KEEPS)
def start_version(policy: str) -> str:
    """Choose the files of a policy's next version."""
    return render_template("policies/upload.html", form=Files(), policy=one_of(db.session(), Policy, scope(), policy))


@screen.post("/policies/<policy>/new-version", KEEPS, files=1)
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
    return _checking(found, filled(found.guesses, found.policy, found.body, choices()))


@screen.post("/policies/held/<held>", KEEPS)
def record(held: str) -> ResponseReturnValue:
    """Record what was confirmed."""
    session, now = db.session(), clock.now()
    found = found_in(session, scope(), held, now)
    form = choices().offer(Confirm())
    if form.validate():
        with refusals_into(form):
            refuse_known_bytes(found, form)
            done = confirm(session, scope(), actor(), held, confirmed(form), clock.today(scope().time_zone), now)
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
    session, pieces = db.session(), found.pieces
    register = {one.policy: one for one in known_policies(session, scope(), clock.today(scope().time_zone))}
    return render_template(
        "policies/check.html",
        found=found,
        form=form,
        pieces=pieces,
        anchors=anchors(pieces),
        known=with_bytes_known(session, scope(), found.sha256s),
        differences=differences(found.guesses, register.get(form.policy.data or "")),
    )
