"""Every error as a plain page: what was wrong, what to do, and a reference by which the log tells the rest."""

from __future__ import annotations

import uuid
from http import HTTPStatus

import structlog
from flask import Flask, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from governance.db import SAFE_METHODS, db
from governance.errors import NotAllowed, NotFound, Refusal
from governance.web import again

log = structlog.get_logger("countersign")

_TITLES = {
    400: "That request could not be read",
    403: "You cannot do that",
    404: "Page not found",
    405: "That cannot be done here",
    413: "That is too large",
    415: "That kind of content cannot be read",
    422: "That could not be done",
    500: "Something went wrong here",
    503: "The records cannot be reached just now",
}
_WORDS = {
    400: "Go back, check what you entered and try again.",
    403: "Your roles at this school do not include this. Ask your system manager if you think they should.",
    404: "Check the address, or start from your home page.",
    405: "Start from your home page.",
    500: "It is not your doing, and nothing was stored. Try again; if it happens again, tell your system manager.",
    503: "Nothing was stored. Wait a minute, then try again: nothing needs to be restarted.",
}


def install(app: Flask) -> None:
    """Answer every error with a page. Handlers are for kinds of error, the most particular first."""
    app.register_error_handler(CSRFError, lambda error: again.stale(error.description))
    app.register_error_handler(401, _sign_in_first)
    app.register_error_handler(SecurityError, _not_our_host)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(NotFound, lambda _: page(404))
    app.register_error_handler(NotAllowed, lambda _: page(403))
    app.register_error_handler(OperationalError, _database_trouble)
    app.register_error_handler(InterfaceError, _database_trouble)
    app.register_error_handler(PoolTimeout, _database_trouble)
    app.register_error_handler(500, _our_fault)
    app.register_error_handler(HTTPException, _any_other)


def reference() -> str:
    """What a person can quote, and what the log lines of this request carry."""
    if "reference" not in g:
        g.reference = uuid.uuid4().hex[:8].upper()
    found: str = g.reference
    return found


def page(status: int, words: str | None = None) -> tuple[str, int]:
    """An error page. Its words never repeat what was asked for, so that 404 is the same page for everything."""
    db.session.rollback()
    title = _TITLES.get(status) or HTTPStatus(status).phrase
    said = words or _WORDS.get(status, _WORDS[400])
    shown = None if status == 404 else reference()
    return render_template("errors/plain.html", title=title, words=said, reference=shown), status


def _sign_in_first(_error: HTTPException) -> ResponseReturnValue:
    if request.method not in SAFE_METHODS:
        return again.signed_out()
    asked = request.full_path.rstrip("?")
    return redirect(url_for("security.login", next=None if asked == "/" else asked), 303)


def _not_our_host(_error: SecurityError) -> ResponseReturnValue:
    """A host that is not ours has no pages, so no page of ours is made for it (bad-input row 59)."""
    return "This address is not served here.\n", 400, {"Content-Type": "text/plain; charset=utf-8"}


def _refused(error: Refusal) -> ResponseReturnValue:
    """A refusal that no form caught."""
    db.session.rollback()
    return render_template("errors/refused.html", objections=error.objections, reference=reference()), 422


def _database_trouble(error: DBAPIError | PoolTimeout) -> ResponseReturnValue:
    """A database that is away, full or locked is honest trouble; a page that tried to write is a mistake of ours."""
    if request.method in SAFE_METHODS and "readonly database" in str(error):
        raise error
    log.error("database trouble", reference=reference(), route=str(request.url_rule), error=type(error).__name__)
    body, status = page(503)
    return body, status, {"Retry-After": "30"}


def _our_fault(error: InternalServerError) -> ResponseReturnValue:
    cause = error.original_exception or error
    log.error("unhandled", reference=reference(), route=str(request.url_rule), method=request.method, exc_info=cause)
    return page(500)


def _any_other(error: HTTPException) -> ResponseReturnValue:
    """Werkzeug's own errors, with its headers (such as Allow on 405) and our words."""
    status = error.code or 500
    if status < 400:
        return error
    standard = type(error).description
    ours = error.description if error.description != standard and status in (400, 403, 413, 422) else None
    body, status = page(status, ours)
    headers = [(name, value) for name, value in error.get_headers() if name.lower() != "content-type"]
    return body, status, headers
