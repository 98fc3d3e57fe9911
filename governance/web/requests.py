"""Who is asking and about which school: settled once, before any view, from the session's row and the address.

account    from the session cookie and its row, unless ended, idle too long, or deactivated
standing   from the school in the address, unless the account holds nothing there
scope and actor, which views and queries are handed
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app, g, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_security.utils import set_request_attr
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from governance import clock
from governance.accounts.models import Account
from governance.accounts.sessions import IDLE, signed_in_as
from governance.accounts.standing import standing_at
from governance.db import NO_SCHOOL, SAFE_METHODS, db, narrow, reading
from governance.settings import Settings
from governance.web import access

TOKEN, SEEN = "signed_in", "seen"


def install(app: Flask, settings: Settings) -> None:
    """Settle who and where before every view; believe forwarded addresses only from a stated number of proxies."""
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    app.login_manager.user_loader(_account_behind)  # type: ignore[attr-defined]  # made by Flask-Security
    app.before_request(_settle_who_and_where)
    app.after_request(_note_seen)


@contextmanager
def looking() -> Iterator[Session]:
    """A session to look things up in before the view's own transaction begins.

    A page reads in its one session. An act gets a read-only session of its own here, so that it does not hold the
    writer's lock while it reads a file or checks a password.
    """
    if request.method in SAFE_METHODS:
        yield db.session()
    else:
        with reading() as own:
            if g.get("scope") is not None:
                narrow(own, g.scope.organisation_id)
            yield own


def remember(token: str) -> None:
    """Keep a session's token in the browser's cookie."""
    session[TOKEN] = token
    session[SEEN] = int(clock.now().timestamp())
    session.permanent = True


def token() -> str | None:
    """The token that the browser's cookie carries."""
    found = session.get(TOKEN)
    return found if isinstance(found, str) else None


def _account_behind(uniquifier: str) -> Account | None:
    """Flask-Login's question, answered from the session's row as well as from the cookie. Asked of the database once:
    the page that says the database is away asks again.
    """
    if g.get("looked"):
        return None
    g.looked = True
    now = clock.now()
    held, seen = token(), session.get(SEEN)
    if held is None or not isinstance(seen, int) or now.timestamp() - seen > IDLE.total_seconds():
        return None
    with looking() as look:
        account = signed_in_as(look, held, uniquifier, now=now)
    # what Flask-Security's own loader notes, for its views that need somebody signed in
    set_request_attr("fs_authn_via", "session")
    set_request_attr("fs_paa", session.get("fs_paa", 0))
    return account


def _settle_who_and_where() -> ResponseReturnValue | None:
    g.account = g.scope = g.actor = g.standing = None
    rule = access.rule_of(current_app, request.endpoint or "")
    if rule is None or not rule.cookie or request.endpoint == "static":
        return None
    g.account = current_user._get_current_object() if current_user.is_authenticated else None  # noqa: SLF001  # its way out of the proxy
    slug = (request.view_args or {}).get("school")
    if g.account is not None and slug is not None:
        with looking() as look:
            g.standing = standing_at(look, g.account, slug, now=clock.now())
    if g.standing is not None:
        g.scope, g.actor = g.standing.scope, g.standing.actor
    if slug is not None:
        narrow(db.session(), g.scope.organisation_id if g.scope else NO_SCHOOL)
    return None


def _note_seen(response: Response) -> Response:
    """Put off the idle end. At most once a minute, since it is a new cookie each time."""
    if getattr(g, "account", None) is not None and token() is not None:
        moment = int(clock.now().timestamp())
        if moment - int(session.get(SEEN, 0)) >= 60:
            session[SEEN] = moment
    return response


def settings() -> Settings:
    """The installation's settings, inside a request or command."""
    found: Settings = current_app.extensions["countersign_settings"]
    return found
