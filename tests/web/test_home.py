"""Home: what needs doing for whoever looks, each with a link that works; nothing for those who have nothing to do."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from governance.db import writing
from governance.people.posts import make_post
from governance.policies.models import Policy
from governance.policies.related import relate
from governance.tenancy import Scope, scope_by_slug
from tests import hillcrest as school
from tests.hillcrest import MAYA, NOW
from tests.web import reading_room
from tests.web.people import sign_in
from tests.web.reading_room import Statements, text

HOME = "/hillcrest/"


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def busy(hillcrest: Scope, app: Flask) -> None:
    """A draft, a missing related policy, a vacant post; reading overdue and policies nobody is asked to read."""
    room = reading_room.furnish(app)
    with app.app_context(), writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        behaviour = session.query(Policy).filter_by(public_id=room.policies["Behaviour"]).one()
        school.a_version(session, scope, behaviour, "# Behaviour, anew")
        relate(session, scope, MAYA, behaviour, ["Exclusions Policy", "exclusions policy "], NOW)
        behaviour.owner_post_id = make_post(session, scope, MAYA, name="Behaviour lead", now=NOW).id


def tasks(page: str) -> dict[str, str]:
    """What needs doing, in words, with where it leads."""
    found = re.findall(r'<a class="govuk-link tasks__link" href="([^"]+)">(.*?)</a>', page, re.DOTALL)
    return {text(words): href for href, words in found}


def test_maya_sees_what_needs_doing_and_every_link_works(busy: None, maya: FlaskClient) -> None:
    page = maya.get(HOME)
    found = tasks(page.text)
    assert list(found) == [
        "2 readings overdue",
        "1 post that owns policies is vacant",
        "3 policies without a review date",
        "1 policy with a new version awaiting a decision",
        "1 policy is named by others and is not in the register",
        "1 policy in force that nobody is asked to read",
    ]
    assert [maya.get(href).status_code for href in found.values()] == [200] * 6
    said = text(page.text)
    assert "20% of what people are asked to read has been read: 1 of 5." in said
    assert "No mail server is set, so mail waits here" in said
    assert "You have" not in said


def test_each_role_sees_only_what_is_theirs_to_do(busy: None, client: FlaskClient) -> None:
    seen = {}
    for who in ("Helen", "Sam", "Prof. Iqbal", "Mr Okafor", "tess@hillcrest.sch.uk"):
        sign_in(client, who)
        page = client.get(HOME)
        found = tasks(page.text)
        assert [client.get(href).status_code for href in found.values()] == [200] * len(found), who
        seen[who] = len(found)
        assert ("No mail server" in page.text) == (who in ("Helen", "Mr Okafor"))
        client.post("/sign-out")
    assert seen == {"Helen": 4, "Sam": 2, "Prof. Iqbal": 3, "Mr Okafor": 5, "tess@hillcrest.sch.uk": 0}


def test_a_reader_sees_what_is_to_be_read(busy: None, client: FlaskClient) -> None:
    sign_in(client, "tess@hillcrest.sch.uk")
    said = text(client.get(HOME).text)
    assert "You have 2 policies to read; reading overdue: 1" in said
    assert "What needs doing" not in said


def test_an_empty_register_says_how_to_start(hillcrest: Scope, maya: FlaskClient, client: FlaskClient) -> None:
    page = maya.get(HOME)
    assert "The register is empty." in page.text and "/hillcrest/policies/new" in page.text


def test_one_line_when_all_is_well(hillcrest: Scope, app: Flask, client: FlaskClient) -> None:
    reading_room.furnish(app)
    sign_in(client, "Helen")
    with app.app_context(), writing() as session:
        for policy in session.query(Policy):
            policy.retired_on = dt.date(2026, 10, 1)
    assert "What needs doing" in client.get(HOME).text


def test_home_asks_few_statements_whatever_the_size(busy: None, maya: FlaskClient, app: Flask) -> None:
    def asked() -> int:
        with Statements(app) as statements:
            assert maya.get(HOME).status_code == 200
        return len(statements)

    asked()
    small = asked()
    reading_room.add_policies(app, range(40))
    assert asked() == small <= 25
