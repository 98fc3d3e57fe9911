"""What every answer carries and every act must show: headers, and proof that the act came from our own page."""

from __future__ import annotations

import ipaddress
import secrets
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, abort, g, request
from flask_wtf import CSRFProtect
from werkzeug.wrappers import Response

from governance.db import SAFE_METHODS
from governance.settings import Settings
from governance.web import access, again

_SHORTEST_KEY = 32
_KNOWN_KEYS = frozenset({"dev", "secret", "changeme", "change-me", "default", "test", "password", "countersign"})


def configuration(settings: Settings) -> dict[str, Any]:
    """Cookies and tokens. The cookie's `__Host-` name binds it to this host over HTTPS."""
    return {
        "SESSION_COOKIE_NAME": "__Host-countersign" if settings.is_https else "countersign",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": 12 * 3600,
        "PREFERRED_URL_SCHEME": "https" if settings.is_https else "http",
        "WTF_CSRF_TIME_LIMIT": 12 * 3600,
        # It asks for a Referer, which our own Referrer-Policy withholds; `_came_from_us` is asked instead.
        "WTF_CSRF_SSL_STRICT": False,
        "SEND_FILE_MAX_AGE_DEFAULT": 3600,
    }


def refuse_unsafe(settings: Settings, *, debug: bool) -> None:
    """Refuse to start where signing in could not be trusted (bad-input row 76).

    Raises:
        RuntimeError: saying what is unsafe and what to set.
    """
    if len(settings.secret_key) < _SHORTEST_KEY or settings.secret_key.casefold() in _KNOWN_KEYS:
        raise RuntimeError(
            f"COUNTERSIGN_SECRET_KEY must be a secret of at least {_SHORTEST_KEY} characters. "
            "Leave it unset, and one is made and kept in the instance folder."
        )
    if (debug or settings.debug) and not _is_loopback(settings.base_url):
        raise RuntimeError("Debug mode shows everything to anybody: it works on this machine's own address only.")


def install(app: Flask, settings: Settings) -> None:
    """Check where acts come from, and put the headers on every answer."""
    app.before_request(_came_from_us)
    CSRFProtect(app)
    app.before_request(again.hold_to_text)
    app.context_processor(lambda: {"nonce": nonce})

    @app.after_request
    def put_headers(response: Response) -> Response:
        for name, value in _headers(settings).items():
            response.headers.setdefault(name, value)
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
            response.vary.add("Cookie")
        return response


def ask_holders_for_no_cookie(app: Flask) -> None:
    """Flask-WTF's token is held against the cookie, which routes of private addresses do not read; they ask in forms of
    theirs for a word of their own, see `pressed`.
    """
    for endpoint, rule in access.rules_of(app).items():
        if rule is not None and not rule.cookie:
            app.extensions["csrf"].exempt(app.view_functions[endpoint])


def nonce() -> str:
    """The word by which this answer's own scripts and styles are known."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    found: str = g.nonce
    return found


def _came_from_us() -> None:
    """Browsers say whether another site caused a request; a form on another site is stopped whatever it carries."""
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin", "null")
    other = site not in (None, "same-origin", "none") or (
        site is None and origin != "null" and urlsplit(origin).netloc != request.host
    )
    if other:
        abort(403, "That form was sent from another site, so nothing was done.")


def _headers(settings: Settings) -> dict[str, str]:
    word = f"'nonce-{nonce()}'"
    policy = {
        "default-src": "'self'",
        "script-src": f"'self' {word}",
        "style-src": f"'self' {word}",
        "img-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    if settings.is_https:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


def _is_loopback(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
