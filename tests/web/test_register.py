"""The register: searched, filtered, of any day, and as few statements at 400 policies as at 40."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from governance.db import writing
from governance.policies.actions import NewPolicy, add_policy
from governance.policies.models import Policy
from governance.tenancy import Scope, scope_by_slug
from tests.hillcrest import MAYA, NOW
from tests.web import reading_room
from tests.web.reading_room import Room, Statements, text

REGISTER = "/hillcrest/register"


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def room(hillcrest: Scope, app: Flask) -> Room:
    return reading_room.furnish(app)


def titles(browser: FlaskClient, **query: str) -> list[str]:
    page = browser.get(REGISTER, query_string=query)
    assert page.status_code == 200
    names = ("Behaviour Policy", "Complaints Procedure", "Lone Working Policy", "Prevent Duty", "Zed's Policy")
    table = page.text.partition("<table")[2]
    return sorted((name for name in names if name in table), key=table.index)


@pytest.fixture
def four(room: Room, app: Flask) -> Room:
    with app.app_context(), writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        add_policy(session, scope, MAYA, NewPolicy(title="Prevent Duty", kind="guidance", reference="GOV-9"), NOW)
        session.query(Policy).filter_by(title="Complaints Procedure").one().retired_on = dt.date(2026, 11, 12)
    return room


def test_it_lists_what_is_in_use_by_title(four: Room, maya: FlaskClient) -> None:
    assert titles(maya) == ["Behaviour Policy", "Lone Working Policy", "Prevent Duty"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"search": "behav"}, ["Behaviour Policy"]),
        ({"search": "gov-9"}, ["Prevent Duty"]),
        ({"search": "  LONE   working "}, ["Lone Working Policy"]),
        ({"search": "%"}, []),
        ({"search": "policy", "state": "draft"}, []),
        ({"state": "retired"}, ["Complaints Procedure"]),
        ({"state": "draft"}, ["Prevent Duty"]),
        ({"state": "no_review_date"}, ["Behaviour Policy", "Lone Working Policy"]),
        ({"kind": "guidance"}, ["Prevent Duty"]),
        ({"on": "12 November 2026"}, ["Behaviour Policy", "Complaints Procedure", "Lone Working Policy"]),
    ],
)
def test_it_is_narrowed(four: Room, maya: FlaskClient, query: dict[str, str], found: list[str]) -> None:
    assert titles(maya, **query) == found


def test_counts_are_of_what_matches(four: Room, maya: FlaskClient) -> None:
    said = text(maya.get(REGISTER).text)
    assert "In force 2" in said and "Draft 1" in said and "No review date 2" in said and "Retired 1" in said


@pytest.mark.parametrize(
    ("query", "status"),
    [({"on": "31/02/2027"}, 422), ({"state": "password"}, 422), ({"kind": "x"}, 422), ({"page": "-1"}, 200)]
    + [({"page": "9999999999"}, 200), ({"page": "two"}, 200)],
)
def test_row_54_what_cannot_be_asked_is_refused_or_brought_into_range(
    four: Room, maya: FlaskClient, query: dict[str, str], status: int
) -> None:
    page = maya.get(REGISTER, query_string=query)
    assert page.status_code == status
    if "on" in query:
        assert 'value="31/02/2027"' in page.text


def test_nothing_found_says_so(room: Room, maya: FlaskClient) -> None:
    assert "No policy matches." in maya.get(REGISTER, query_string={"search": "zzz"}).text


def test_at_most_eight_statements_at_40_policies_and_the_same_at_400(room: Room, maya: FlaskClient, app: Flask) -> None:
    def asked() -> int:
        with Statements(app) as statements:
            assert maya.get(REGISTER).status_code == 200
        return len(statements)

    reading_room.add_policies(app, range(37))
    asked()
    small = asked()
    assert small <= 8
    reading_room.add_policies(app, range(37, 397))
    assert asked() == small
    with Statements(app) as statements:
        assert maya.get("/hillcrest/reports/overdue").status_code == 200
    assert len(statements) <= 10
