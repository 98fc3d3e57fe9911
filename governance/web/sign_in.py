"""Signing in and out and changing one's password: Flask-Security's views and hashing, our throttle, our session rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, g, make_response, request, session
from flask_login import user_logged_out
from flask_security import Security, SQLAlchemyUserDatastore, user_authenticated
from flask_security.forms import ChangePasswordForm, LoginForm
from flask_security.utils import hash_password, verify_password
from werkzeug.wrappers import Response

from governance import clock
from governance.accounts import attempts, sessions
from governance.accounts.models import Account, Grant
from governance.accounts.rules import objections_to_password
from governance.db import db, writing
from governance.settings import Settings
from governance.web import access
from governance.web.onward import onward
from governance.web.requests import TOKEN, remember, token

_WRONG = (
    "The e-mail address or the password is wrong. Ask your school's office for a new link if you have forgotten it."
)


def configuration() -> dict[str, Any]:
    """Flask-Security with only what is used: no registration, no reset by mail, no tokens, no remember-me."""
    return {
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_URL": "/sign-out",
        "SECURITY_CHANGE_URL": "/account/password",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_STATIC_FOLDER": None,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
        "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
        # What OWASP's password storage cheat sheet asks of argon2id at least; a small box does it in a tenth of a second.
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
            "argon2__rounds": 2,
            "argon2__memory_cost": 19 * 1024,
            "argon2__parallelism": 1,
        },
        "SECURITY_PASSWORD_LENGTH_MIN": 12,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_TRACKABLE": False,
        "SECURITY_DEFAULT_REMEMBER_ME": False,
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_CLI_USERS_NAME": None,
        "SECURITY_CLI_ROLES_NAME": None,
        "SECURITY_POST_CHANGE_VIEW": "/",
        "SECURITY_FRESHNESS": dt.timedelta(minutes=-1),
        # Flask-Login's guess by address and browser would sign people out whose network changes.
        "SESSION_PROTECTION": None,
    }


def install(app: Flask, settings: Settings) -> None:
    """Attach Flask-Security, state who may use its views, and keep a row for every browser that signs in."""
    app.config.setdefault("SECURITY_PASSWORD_SALT", settings.secret_key)
    # Our roles are grants at a school; the library asks for a model and is never asked about it.
    store = SQLAlchemyUserDatastore(db, Account, Grant)  # type: ignore[arg-type]
    Security(app, store, login_form=SignInForm, change_password_form=NewPasswordForm)
    user_authenticated.connect(_open_session, app)
    user_logged_out.connect(_close_session, app)
    views = (("login", access.PUBLIC), ("logout", access.PUBLIC), ("change_password", access.SIGNED_IN))
    for name, rule in views:
        endpoint = f"security.{name}"
        app.view_functions[endpoint] = _ours_onward(app.view_functions[endpoint])
        access.state(app, endpoint, rule)
    access.state(app, "static", access.PUBLIC)


class SignInForm(LoginForm):
    """E-mail and password. A wrong try costs the same time and gives the same words whoever it was for."""

    remember = None

    def validate(self, **_: Any) -> bool:
        """Count the try first, in its own transaction, then judge it outside any."""
        now = clock.now()
        email, password = (self.email.data or "").strip(), self.password.data or ""
        if not email or not password:
            self._object("Enter your e-mail address and your password.")
            return False
        turns = attempts.by_email(email, request.remote_addr or "")
        with writing() as own:
            until = attempts.take_turn(own, turns, now=now)
        if until is not None:
            self._object(attempts.wait_in_words(until, now))
            return False
        account = _account_called(email)
        if not _password_is_right(account, password):
            self._object(_WRONG)
            return False
        self.user = account
        with writing() as own:
            attempts.forget(own, turns, now=now)
        return True

    def _object(self, message: str) -> None:
        self.form_errors.append(message)


class NewPasswordForm(ChangePasswordForm):
    """A new password, by our rules rather than the library's."""

    def validate(self, **options: Any) -> bool:
        """The library checks the old one and that both new ones agree."""
        good: bool = super().validate(**options)
        objections = objections_to_password(self.new_password.data or "", about=[g.account.email])
        if self.new_password.data and objections:
            self.new_password.errors = [objection.message for objection in objections]
            return False
        return good


def _account_called(email: str) -> Account | None:
    """Read and let go again, so that no lock is held while the password is hashed."""
    normal = email.casefold()
    account = db.session.query(Account).filter(Account.email == normal, Account.active.is_(True)).one_or_none()
    if account is not None:
        db.session.expunge(account)
    db.session.rollback()
    return account


def _password_is_right(account: Account | None, password: str) -> bool:
    if account is None or not account.password:
        hash_password(password)  # the same work as for an account that is there
        return False
    return bool(verify_password(password, account.password))


def _open_session(_app: Flask, user: Account, **_: Any) -> None:
    now = clock.now()
    held = token()
    if held is not None:
        sessions.end_session(db.session(), held, now=now)
    remember(sessions.open_session(db.session(), user, now=now))


def _close_session(_app: Flask, **_: Any) -> None:
    held = session.pop(TOKEN, None)
    if isinstance(held, str):
        sessions.end_session(db.session(), held, now=clock.now())


def _ours_onward(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view of the library's, sending people to pages of ours only; a refused form answers 422."""

    @wraps(view)
    def guarded(**arguments: Any) -> Response:
        answer: Response = make_response(view(**arguments))
        if answer.status_code in (302, 303):
            answer.headers["Location"] = onward(request.form.get("next") or request.args.get("next"))
            answer.status_code = 303
        elif request.method == "POST":
            answer.status_code = 422
        return answer

    return guarded
