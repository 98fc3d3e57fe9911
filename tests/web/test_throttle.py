"""Guessing passwords: counted across applications, processes and made-up addresses."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from governance import clock
from governance.accounts import attempts
from governance.accounts.models import SignInAttempt
from governance.db import reading, writing
from governance.settings import Settings
from governance.tenancy import Scope
from tests.conftest import make_application
from tests.databases import close
from tests.web.people import open_hillcrest, sign_in

WHEN = dt.datetime(2026, 11, 16, 9, 0, tzinfo=dt.UTC)


def test_after_five_wrong_tries_even_the_right_password_waits(hillcrest: Scope, client: FlaskClient) -> None:
    with time_machine.travel(WHEN, tick=False) as now:
        for _ in range(5):
            assert "is wrong" in sign_in(client, password="a guess of somebody").text
        assert "Wait 1 minute" in sign_in(client).text
        now.shift(dt.timedelta(seconds=31))
        assert sign_in(client).status_code == 303


def test_an_unknown_address_is_counted_just_the_same(hillcrest: Scope, client: FlaskClient) -> None:
    with time_machine.travel(WHEN, tick=False):
        for _ in range(5):
            assert "is wrong" in sign_in(client, "nobody@hillcrest.sch.uk", "a guess").text
        assert "too many wrong tries" in sign_in(client, "nobody@hillcrest.sch.uk", "a guess").text


def test_a_right_password_starts_afresh(hillcrest: Scope, app: Flask, client: FlaskClient) -> None:
    for _ in range(4):
        sign_in(client, password="a guess of somebody")
    assert sign_in(client).status_code == 303
    with app.app_context(), reading() as session:
        left = session.scalar(select(func.count()).where(SignInAttempt.key.startswith("account:")))
    assert left == 0


def test_two_applications_count_together(hillcrest: Scope, app: Flask, settings: Settings) -> None:
    other = make_application(settings, WTF_CSRF_ENABLED=False)
    browsers = [app.test_client(), other.test_client()]
    with time_machine.travel(WHEN, tick=False):
        for turn in range(5):
            forged = {"X-Forwarded-For": f"203.0.113.{turn}"}
            sent = {"email": "maya@hillcrest.sch.uk", "password": "a guess"}
            browsers[turn % 2].post("/sign-in", data=sent, headers=forged)
        assert all("too many wrong tries" in sign_in(browser).text for browser in browsers)
    close(other)


@pytest.mark.engines("sqlite", "postgresql")
def test_many_guesses_at_once_get_no_more_looks_than_one_after_another(app: Flask) -> None:
    turns = attempts.by_email("maya@hillcrest.sch.uk", "203.0.113.1")
    now = clock.now()

    def guess(_: int) -> bool:
        with app.app_context(), writing() as session:
            return attempts.take_turn(session, turns, now=now) is None

    with ThreadPoolExecutor(8) as pool:
        looked_at = sum(pool.map(guess, range(40)))
    assert looked_at == 5


def test_a_whole_school_behind_one_address_is_not_shut_out_by_one_person(app: Flask, client: FlaskClient) -> None:
    open_hillcrest(app)
    for _ in range(6):
        sign_in(client, "Sam", "a guess of Sam")
    assert sign_in(client, "Helen").status_code == 303
