"""Signing in and out, where it leads, and how a session ends."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_security.utils import hash_password
from sqlalchemy import func, select

from governance import clock
from governance.accounts.granting import deactivate, revoke_role
from governance.accounts.models import SignedIn
from governance.accounts.permissions import Role
from governance.db import reading, writing
from governance.settings import Settings
from governance.tenancy import Actor, Scope
from governance.web.factory import create_app
from tests.databases import close
from tests.web.people import PASSWORD, account_called, sign_in

OURS = "/hillcrest/settings"


def test_maya_signs_in_and_is_let_in(maya: FlaskClient) -> None:
    page = maya.get(OURS)
    assert page.status_code == 200
    assert "Hillcrest Primary School" in page.text


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(hillcrest: Scope, client: FlaskClient) -> None:
    wrong = sign_in(client, "Maya", "not her password")
    unknown = sign_in(client, "maya@hillcrest.sch.uq", "not her password")
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace("sch.uk", "") == unknown.text.replace("sch.uq", "") or "is wrong" in wrong.text
    assert "is wrong" in unknown.text
    assert client.get(OURS).status_code == 303


@pytest.mark.parametrize(
    "asked",
    ["//evil", "/\\evil", "/\t/evil", "https:evil", "https://evil", "/%0d%0aX: y", "javascript:alert(1)", "\\evil"],
)
def test_row_52_a_next_that_is_not_ours_goes_to_own_home(hillcrest: Scope, client: FlaskClient, asked: str) -> None:
    answer = sign_in(client, next=asked)
    assert answer.status_code == 303
    assert answer.headers["Location"] in ("/", "/%0d%0aX:%20y") and "evil" not in answer.headers["Location"]


def test_an_installation_hashes_passwords_as_owasp_asks_at_least(settings: Settings) -> None:
    app = create_app(settings)
    with app.app_context():
        assert hash_password(PASSWORD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    close(app)


def test_a_next_of_ours_is_followed(hillcrest: Scope, client: FlaskClient) -> None:
    asked = client.get("/hillcrest/settings/roles?page=2")
    assert asked.status_code == 303
    form = client.get(asked.headers["Location"])
    assert 'name="next" value="/hillcrest/settings/roles?page=2"' in form.text
    assert (
        sign_in(client, next="/hillcrest/settings/roles?page=2").headers["Location"]
        == "/hillcrest/settings/roles?page=2"
    )


def test_signing_out_is_a_post_and_ends_the_row(maya: FlaskClient, app: Flask) -> None:
    assert maya.get("/sign-out").status_code == 405
    assert maya.post("/sign-out").status_code == 303
    assert maya.get(OURS).status_code == 303
    with app.app_context(), reading() as session:
        assert session.scalar(select(SignedIn.ended_at)) is not None


def test_a_copied_cookie_is_dead_after_signing_out(maya: FlaskClient, app: Flask) -> None:
    cookie = maya.get_cookie("countersign")
    assert cookie is not None
    thief = app.test_client()
    thief.set_cookie("countersign", cookie.value)
    assert thief.get(OURS).status_code == 200
    maya.post("/sign-out")
    assert thief.get(OURS).status_code == 303


def test_a_session_ends_after_thirty_idle_minutes(hillcrest: Scope, client: FlaskClient) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 16, 9, 0, tzinfo=dt.UTC), tick=False) as now:
        sign_in(client)
        now.shift(dt.timedelta(minutes=29))
        assert client.get(OURS).status_code == 200
        now.shift(dt.timedelta(minutes=29))
        assert client.get(OURS).status_code == 200
        now.shift(dt.timedelta(minutes=31))
        assert client.get(OURS).status_code == 303


def test_a_session_ends_after_twelve_hours_however_busy(hillcrest: Scope, client: FlaskClient) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 16, 8, 0, tzinfo=dt.UTC), tick=False) as now:
        sign_in(client)
        for _ in range(29):
            now.shift(dt.timedelta(minutes=24))
            assert client.get(OURS).status_code == 200
        now.shift(dt.timedelta(minutes=25))
        assert client.get(OURS).status_code == 303


def test_a_deactivated_account_is_out_on_its_next_request(hillcrest: Scope, app: Flask, client: FlaskClient) -> None:
    sign_in(client, "Sam")
    assert client.get("/account/password").status_code == 200
    with app.app_context(), writing() as session:
        sam = account_called(session, "sam@hillcrest.sch.uk")
        deactivate(session, hillcrest, Actor("Maya"), sam, now=clock.now())
    assert client.get("/account/password").status_code == 303
    assert sign_in(client, "Sam").status_code == 422


def test_a_role_taken_away_counts_from_the_next_request(hillcrest: Scope, app: Flask, client: FlaskClient) -> None:
    with app.app_context(), writing() as session:
        sam = account_called(session, "sam@hillcrest.sch.uk")
        session.add_all([])
        from governance.accounts.granting import grant_role

        grant_role(session, hillcrest, Actor("Maya"), sam, Role.SYSTEM_MANAGER, now=clock.now())
    sign_in(client, "Sam")
    assert client.get(OURS).status_code == 200
    with app.app_context(), writing() as session:
        sam = account_called(session, "sam@hillcrest.sch.uk")
        revoke_role(session, hillcrest, Actor("Maya"), sam, Role.SYSTEM_MANAGER, now=clock.now())
    assert client.get(OURS).status_code == 403
    with app.app_context(), writing() as session:
        sam = account_called(session, "sam@hillcrest.sch.uk")
        revoke_role(session, hillcrest, Actor("Maya"), sam, Role.HR, now=clock.now())
    assert client.get(OURS).status_code == 404


def test_changing_the_password_signs_every_other_browser_out(maya: FlaskClient, app: Flask) -> None:
    other = app.test_client()
    sign_in(other)
    new = "quite another set of words"
    answer = maya.post(
        "/account/password", data={"password": PASSWORD, "new_password": new, "new_password_confirm": new}
    )
    assert answer.status_code == 303, answer.text
    assert maya.get(OURS).status_code == 200
    assert other.get(OURS).status_code == 303
    assert sign_in(other, password=new).status_code == 303


def test_a_weak_new_password_is_refused_in_words(maya: FlaskClient) -> None:
    weak = "maya-hillcrest-1234"
    answer = maya.post(
        "/account/password", data={"password": PASSWORD, "new_password": weak, "new_password_confirm": weak}
    )
    assert answer.status_code == 422
    assert "too easy to guess" in answer.text


def test_nothing_of_the_session_is_stored_by_looking(maya: FlaskClient, app: Flask) -> None:
    def rows() -> int | None:
        with app.app_context(), reading() as session:
            return session.scalar(select(func.count()).select_from(SignedIn))

    before = rows()
    for _ in range(3):
        maya.get(OURS)
    assert rows() == before
