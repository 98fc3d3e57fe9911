"""The first visit: a code, a school, a manager; afterwards there is no such page."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from governance import clock
from governance.accounts.links import make_set_up_code
from governance.db import reading, writing
from governance.people.models import Category
from governance.schools.models import GoverningBody
from governance.settings import Settings
from governance.tenancy import Scope
from tests.conftest import make_application
from tests.databases import close
from tests.web.people import PEOPLE, account, sign_in

WORDS = "three random words of hers"


def _form(code: str, **changed: object) -> dict[str, object]:
    return {
        "code": code,
        "name": "Hillcrest Primary School",
        "body": "Governing Board",
        "categories": ["teachers", "volunteers"],
        "given_name": "Maya",
        "family_name": "Lund",
        "email": "maya@hillcrest.sch.uk",
        "password": WORDS,
        **changed,
    }


def _code(app: Flask) -> str:
    with app.app_context(), writing() as session:
        return make_set_up_code(session, now=clock.now())


def test_an_empty_installation_offers_to_set_up_a_school(client: FlaskClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "Set up your school" in page.text
    form = client.get("/set-up").text
    assert 'value="Full Governing Body"' in form
    assert form.count('type="checkbox"') == 10
    assert form.count(" checked") == 10


def test_with_the_code_the_school_is_there_and_its_manager_signs_in(app: Flask, client: FlaskClient) -> None:
    made = client.post("/set-up", data=_form(_code(app)))
    assert (made.status_code, made.headers["Location"]) == (302, "/sign-in")
    with app.app_context(), reading() as session:
        assert session.scalars(select(GoverningBody.name)).all() == ["Governing Board"]
        assert session.scalars(select(Category.name).order_by(Category.position)).all() == ["teachers", "volunteers"]
    assert sign_in(client, "maya@hillcrest.sch.uk", WORDS).status_code == 303
    assert client.get("/").headers["Location"] == "/hillcrest-primary-school/"
    assert client.get("/hillcrest-primary-school/settings").status_code == 200
    home = client.get("/hillcrest-primary-school/").text
    assert "/people/import" in home and "/settings/school-time" in home, "what comes next is a press away"
    assert "Import your list, or add people one by one" in client.get("/hillcrest-primary-school/people").text


def test_afterwards_there_is_no_first_visit(hillcrest: Scope, app: Flask, client: FlaskClient) -> None:
    assert client.get("/").headers["Location"] == "/sign-in"
    assert client.get("/set-up").status_code == 404
    assert client.post("/set-up", data=_form(_code(app))).status_code == 404


def test_a_wrong_code_keeps_what_was_typed_and_stores_nothing(app: Flask, client: FlaskClient) -> None:
    refused = client.post("/set-up", data=_form("WRONG-CODE"))
    assert refused.status_code == 422
    assert "That code is wrong" in refused.text
    assert 'value="Hillcrest Primary School"' in refused.text
    assert WORDS not in refused.text
    assert client.get("/").status_code == 200


def test_a_refusal_later_on_leaves_the_code_good(app: Flask, client: FlaskClient) -> None:
    code = _code(app)
    refused = client.post("/set-up", data=_form(code, email="nobody"))
    assert refused.status_code == 422
    assert client.post("/set-up", data=_form(code)).status_code == 302


def test_codes_cannot_be_guessed_at_speed(app: Flask, client: FlaskClient) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 16, 9, 0, tzinfo=dt.UTC), tick=False):
        code = _code(app)
        for _ in range(5):
            client.post("/set-up", data=_form("WRONG-CODE"))
        assert "too many wrong tries" in client.post("/set-up", data=_form(code)).text


def test_somebody_of_two_schools_chooses(hillcrest: Scope, app: Flask, client: FlaskClient) -> None:
    from governance.accounts.permissions import Role
    from governance.tenancy import scope_by_slug

    with app.app_context(), writing() as session:
        account(session, scope_by_slug(session, "zeds"), PEOPLE["Helen"][0], (Role.CLERK,))
    sign_in(client, "Helen")
    assert client.get("/").headers["Location"] == "/schools"
    page = client.get("/schools").text
    assert page.index("Hillcrest Primary School</a>") < page.index("Zed&#39;s Academy</a>")
    assert "Other schools" in client.get("/schools").text


def test_somebody_of_no_school_is_told_so(hillcrest: Scope, app: Flask, client: FlaskClient) -> None:
    sign_in(client, "Tess" if "Tess" in PEOPLE else "tess@hillcrest.sch.uk")
    with app.app_context(), writing() as session:
        from governance.people.models import Engagement

        for job in session.scalars(select(Engagement)):
            job.ended_on = dt.date(2026, 7, 20)
    assert client.get("/schools").text.count("no school has you on its list") == 1


def test_on_this_machine_the_demonstration_can_be_loaded_and_signed_in_to(client: FlaskClient) -> None:
    assert "Load the demonstration school" in client.get("/").text
    shown = client.post("/demonstration")
    assert shown.status_code == 200
    names = re.findall(r'<td class="govuk-table__cell breaks">([^<]+)</td>', shown.text)
    password = re.search(r"The password of them all is <strong>([^<]+)</strong>", shown.text)
    assert len(names) >= 6
    assert password
    assert sign_in(client, names[0], password[1]).status_code == 303
    assert client.post("/demonstration").status_code == 404


@pytest.mark.engines("sqlite")
def test_beyond_this_machine_a_stranger_cannot_load_the_demonstration(settings: Settings) -> None:
    app = make_application(dataclasses.replace(settings, base_url="http://policies.example"), WTF_CSRF_ENABLED=False)
    stranger = app.test_client()
    assert "demonstration" not in stranger.get("/", base_url="http://policies.example").text
    assert stranger.post("/demonstration", base_url="http://policies.example").status_code == 404
    close(app)
