"""One-time links in the browser: looking spends nothing, sending does, and a dead one is a plain page."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from governance import clock
from governance.accounts.inviting import new_link
from governance.db import writing
from governance.tenancy import Actor, Scope
from tests.web.people import account_called, sign_in

NEW = "quite another set of words"
BOTH = {"password": NEW, "repeated": NEW}


@pytest.fixture
def token(hillcrest: Scope, app: Flask) -> str:
    """Sam's link."""
    with app.app_context(), writing() as session:
        sam = account_called(session, "sam@hillcrest.sch.uk")
        return new_link(session, hillcrest, Actor("Maya"), sam, now=clock.now())


def test_opening_a_link_many_times_spends_nothing(token: str, client: FlaskClient) -> None:
    for _ in range(5):
        page = client.get(f"/link/{token}")
        assert page.status_code == 200
        assert "sam@hillcrest.sch.uk" in page.text
        assert client.head(f"/link/{token}").status_code == 200
    assert client.post(f"/link/{token}", data=BOTH).status_code == 302


def test_a_link_sets_the_password_once(token: str, client: FlaskClient) -> None:
    assert client.post(f"/link/{token}", data=BOTH).headers["Location"] == "/sign-in"
    assert sign_in(client, "Sam").status_code == 422
    assert sign_in(client, "Sam", NEW).status_code == 303
    again = client.post(f"/link/{token}", data={"password": "a thief's own words", "repeated": "a thief's own words"})
    assert again.status_code == 404


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"password": "short", "repeated": "short"}, "at least 12 characters"),
        ({"password": NEW, "repeated": "other words than before"}, "two passwords differ"),
        ({}, "Choose a password"),
        ({"password": "sam-hillcrest-2026", "repeated": "sam-hillcrest-2026"}, "too easy to guess"),
    ],
)
def test_a_refused_password_spends_nothing(token: str, client: FlaskClient, sent: dict[str, str], said: str) -> None:
    refused = client.post(f"/link/{token}", data=sent)
    assert refused.status_code == 422
    assert said in refused.text
    assert client.post(f"/link/{token}", data=BOTH).status_code == 302


@pytest.mark.parametrize("added", [">", ".", "%3E", "%20"])
def test_row_64_what_a_mail_program_adds_does_no_harm(token: str, client: FlaskClient, added: str) -> None:
    assert client.get(f"/link/{token}{added}").status_code == 200


def test_row_64_used_cut_short_and_made_up_links_get_one_plain_page(token: str, client: FlaskClient) -> None:
    client.post(f"/link/{token}", data=BOTH)
    pages = [client.get(f"/link/{dead}") for dead in (token, token[:-2], "made-up", "x" * 900)]
    assert {page.status_code for page in pages} == {404}
    for page in pages:
        assert "This link does not work any more" in page.text
        assert "ask your school’s office" in page.text
        assert "hillcrest" not in page.text.casefold()


def test_a_link_of_an_address_stays_out_of_the_log(
    token: str, client: FlaskClient, app: Flask, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("broken")

    monkeypatch.setattr("governance.web.one_time_link.account_of", broken)
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert client.get(f"/link/{token}").status_code == 500
    logged = capsys.readouterr()
    assert token not in logged.err + logged.out
