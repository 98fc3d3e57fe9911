"""Acts come from our own pages: tokens, stale pages, other sites."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from governance.db import reading
from governance.settings import Settings
from governance.tenancy import Organisation
from tests.conftest import make_application
from tests.databases import close
from tests.web import people

WHEN = dt.datetime(2026, 11, 16, 9, 0, tzinfo=dt.UTC)
FORM = {
    "name": "Hillcrest Infants",
    "year_starts_day": "1",
    "year_starts_month": "9",
    "away_school_days": "10",
    "colour": "",
}


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """With CSRF on, as a server starts it."""
    made = make_application(settings, WTF_CSRF_ENABLED=True)
    yield made
    close(made)


@pytest.fixture
def maya(app: Flask) -> FlaskClient:
    people.open_hillcrest(app)
    client = app.test_client()
    page = client.get("/sign-in")
    assert people.sign_in(client, csrf_token=_token(page.text)).status_code == 303
    return client


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def _name(app: Flask) -> str:
    with app.app_context(), reading() as session:
        return session.get_one(Organisation, 1).name


def test_a_form_with_its_token_is_taken(app: Flask, maya: FlaskClient) -> None:
    token = _token(maya.get("/hillcrest/settings").text)
    assert maya.post("/hillcrest/settings", data={**FORM, "csrf_token": token}).status_code == 302
    assert _name(app) == "Hillcrest Infants"


@pytest.mark.parametrize("token", [None, "", "nonsense", "IjEi.aaaa.bbbb"])
def test_row_63_a_missing_or_foreign_token_shows_what_was_typed_again(
    app: Flask, maya: FlaskClient, token: str | None
) -> None:
    sent = FORM if token is None else {**FORM, "csrf_token": token}
    stale = maya.post("/hillcrest/settings", data=sent)
    assert stale.status_code == 400
    assert "nothing is lost" in stale.text
    assert 'value="Hillcrest Infants"' in stale.text
    assert _name(app) == "Hillcrest Primary School"
    again = maya.post("/hillcrest/settings", data={**FORM, "csrf_token": _token(stale.text)})
    assert again.status_code == 302
    assert _name(app) == "Hillcrest Infants"


def test_row_63_after_twelve_idle_hours_nothing_is_lost(app: Flask) -> None:
    with time_machine.travel(WHEN, tick=False) as now:
        people.open_hillcrest(app)
        client = app.test_client()
        people.sign_in(client, csrf_token=_token(client.get("/sign-in").text))
        token = _token(client.get("/hillcrest/settings").text)
        now.shift(dt.timedelta(hours=13))
        stale = client.post("/hillcrest/settings", data={**FORM, "csrf_token": token})
        assert stale.status_code == 400
        assert "You are signed out as well" in stale.text
        again = _token(stale.text)
        # in another tab
        people.sign_in(client, csrf_token=_token(client.get("/sign-in").text))
        assert client.post("/hillcrest/settings", data={**FORM, "csrf_token": again}).status_code == 302
        assert _name(app) == "Hillcrest Infants"


def test_somebody_signed_out_meanwhile_loses_nothing_either(app: Flask) -> None:
    with time_machine.travel(WHEN, tick=False) as now:
        people.open_hillcrest(app)
        client = app.test_client()
        people.sign_in(client, csrf_token=_token(client.get("/sign-in").text))
        token = _token(client.get("/hillcrest/settings").text)
        now.shift(dt.timedelta(minutes=40))
        out = client.post("/hillcrest/settings", data={**FORM, "csrf_token": token})
        assert out.status_code == 401
        assert 'value="Hillcrest Infants"' in out.text
        people.sign_in(client, csrf_token=_token(client.get("/sign-in").text))
        assert client.post("/hillcrest/settings", data={**FORM, "csrf_token": _token(out.text)}).status_code == 302


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_of_another_site_is_refused_even_with_a_token(app: Flask, maya: FlaskClient, site: str) -> None:
    token = _token(maya.get("/hillcrest/settings").text)
    headers = {"Sec-Fetch-Site": site}
    answer = maya.post("/hillcrest/settings", data={**FORM, "csrf_token": token}, headers=headers)
    assert answer.status_code == 403
    assert "Hillcrest Infants" not in answer.text
    assert _name(app) == "Hillcrest Primary School"


def test_an_old_browser_is_judged_by_its_origin(app: Flask, maya: FlaskClient) -> None:
    token = _token(maya.get("/hillcrest/settings").text)
    sent = {**FORM, "csrf_token": token}
    assert maya.post("/hillcrest/settings", data=sent, headers={"Origin": "https://evil.example"}).status_code == 403
    assert maya.post("/hillcrest/settings", data=sent, headers={"Origin": "http://localhost"}).status_code == 302


def test_every_act_of_every_screen_is_refused_without_a_token(app: Flask, maya: FlaskClient) -> None:
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            values = {name: "hillcrest" if name == "school" else "0" for name in rule.arguments}
            path = app.url_map.bind("localhost").build(rule.endpoint, values, method="POST")
            assert maya.post(path, data={"role": "hr"}).status_code == 400, path


def test_signing_out_from_another_site_is_refused(maya: FlaskClient) -> None:
    assert maya.post("/sign-out", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert maya.get("/hillcrest/settings").status_code == 200


def test_a_password_is_not_shown_again(app: Flask) -> None:
    client = app.test_client()
    stale = client.post("/sign-in", data={"email": "maya@hillcrest.sch.uk", "password": people.PASSWORD})
    assert stale.status_code == 400
    assert people.PASSWORD not in stale.text
    assert "maya@hillcrest.sch.uk" in stale.text
