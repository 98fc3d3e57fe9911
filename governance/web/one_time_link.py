"""Setting a password by a one-time link. Opening it shows a form and spends nothing; only sending the form does."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import hash_password

from governance import clock
from governance.accounts.inviting import set_password
from governance.accounts.links import account_of
from governance.accounts.rules import objections_to_password
from governance.db import db
from governance.errors import Objection, refuse_if
from governance.web import access
from governance.web.access import PUBLIC
from governance.web.forms import Form, PasswordField, needed, refusals_into
from governance.web.requests import looking

screen = access.outside("one_time_link")


class ChosenPasswordForm(Form):
    """The password twice, since nobody sees what they type."""

    password = PasswordField(
        "New password",
        [needed("Choose a password.")],
        description="At least 12 characters. Three random words work well.",
    )
    repeated = PasswordField("The same again", [needed("Type the password again.")])


@screen.get("/link/<token>", PUBLIC)
def show(token: str) -> ResponseReturnValue:
    """The form, or the plain page for a link that is used, too old or cut short (bad-input row 64)."""
    found = account_of(db.session(), token, now=clock.now())
    if found is None:
        return render_template("accounts/dead_link.html"), 404
    return _page(ChosenPasswordForm(), token, found[1].email)


@screen.post("/link/<token>", PUBLIC)
def choose(token: str) -> ResponseReturnValue:
    """Set the password. Hashing, slow on purpose, is done before the transaction."""
    with looking() as look:
        found = account_of(look, token, now=clock.now())
        email = found[1].email if found else None
    if email is None:
        return render_template("accounts/dead_link.html"), 404
    form = ChosenPasswordForm()
    if form.validate():
        with refusals_into(form):
            refuse_if(objections_to_password(form.password.data, [email], field="password"))
            if form.password.data != form.repeated.data:
                refuse_if([Objection("The two passwords differ. Type the same one twice.", "repeated")])
            set_password(db.session(), token, hash_password(form.password.data), now=clock.now())
            flash("Your password is set. Sign in with it.")
            return redirect(url_for("security.login"))
    return _page(form, token, email), 422


def _page(form: ChosenPasswordForm, token: str, email: str) -> str:
    return render_template("accounts/choose_password.html", form=form, token=token, email=email)
