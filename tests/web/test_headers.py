"""What every answer carries."""

from __future__ import annotations

import dataclasses
import re

import pytest
from flask.testing import FlaskClient

from governance.settings import Settings
from governance.tenancy import Scope
from tests.conftest import make_application
from tests.databases import close
from tests.web.people import PASSWORD, open_hillcrest, sign_in


def test_pages_carry_a_strict_policy_with_a_word_of_their_own(hillcrest: Scope, client: FlaskClient) -> None:
    first, second = client.get("/sign-in"), client.get("/sign-in")
    policy = first.headers["Content-Security-Policy"]
    for part in (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ):
        assert part in policy
    assert "unsafe" not in policy
    word = re.search(r"'nonce-([^']+)'", policy)
    assert word and f'nonce="{word[1]}"' in first.text
    assert word[1] not in second.headers["Content-Security-Policy"]


def test_pages_are_not_sniffed_kept_or_told_of(maya: FlaskClient) -> None:
    headers = maya.get("/hillcrest/settings").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "Cookie" in headers["Vary"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_an_error_page_carries_them_too(hillcrest: Scope, client: FlaskClient) -> None:
    assert "Content-Security-Policy" in client.get("/nothing/at/all.php").headers


@pytest.mark.engines("sqlite")
def test_over_https_the_cookie_is_bound_to_the_host(settings: Settings) -> None:
    app = make_application(
        dataclasses.replace(settings, base_url="https://policies.hillcrest.sch.uk"), WTF_CSRF_ENABLED=False
    )
    open_hillcrest(app)
    client = app.test_client()
    ours = "https://policies.hillcrest.sch.uk"
    sent = {"email": "maya@hillcrest.sch.uk", "password": PASSWORD}
    cookie = client.post("/sign-in", data=sent, base_url=ours).headers["Set-Cookie"]
    assert cookie.startswith("__Host-countersign=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
    assert "max-age" in client.get("/sign-in", base_url=ours).headers["Strict-Transport-Security"]
    close(app)


def test_over_plain_http_it_is_not_marked_secure(hillcrest: Scope, client: FlaskClient) -> None:
    cookie = sign_in(client).headers["Set-Cookie"]
    assert cookie.startswith("countersign=")
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie


def test_no_page_of_ours_has_style_or_script_in_its_tags(maya: FlaskClient) -> None:
    for path in ("/sign-in", "/hillcrest/settings", "/hillcrest/settings/roles", "/hillcrest/settings/roles/invite"):
        page = maya.get(path, follow_redirects=True).text
        assert not re.search(r"<[^>]+\s(style|on\w+)=", page), path
