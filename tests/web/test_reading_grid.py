"""The coverage grid: counts alone, true for any day, and as few statements at 400 policies as at 40."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from governance.db import writing
from governance.people.absences import record_absence
from governance.people.models import Person
from governance.reading.coverage import Count
from governance.tenancy import Scope, scope_by_slug
from governance.web.reading_cells import grid_row
from tests.hillcrest import MAYA, NOW
from tests.web import reading_room
from tests.web.people import sign_in
from tests.web.reading_room import Room, Statements, text

READING = "/hillcrest/reading"


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def room(hillcrest: Scope, app: Flask) -> Room:
    return reading_room.furnish(app)


def test_the_grid_shows_who_read_by_category_and_everyone_once(room: Room, maya: FlaskClient) -> None:
    page = maya.get(READING)
    assert page.status_code == 200
    said = text(page.text)
    assert "Behaviour Policy" in said and "Lone Working" not in said
    assert "1 of 2 1 reading overdue" in said  # the teachers' cell of Behaviour
    assert "1 of 5 required readings are done. 4 not yet read, of which 2 reading overdue." in said


def test_the_grid_of_an_earlier_day_is_of_that_day(room: Room, maya: FlaskClient) -> None:
    said = text(maya.get(READING, query_string={"on": "15 October 2026"}).text)
    assert "As things stood on 15 October 2026" in said
    assert "2 of 4 required readings are done. 2 not yet read, of which 0 reading overdue." in said


def test_a_day_that_does_not_exist_is_refused_and_kept_on_the_page(room: Room, maya: FlaskClient) -> None:
    page = maya.get(READING, query_string={"on": "31/02/2027"})
    assert page.status_code == 422
    assert "31/02/2027" in page.text and "February" in page.text


def test_cells_lead_to_names_only_for_those_who_may_see_them(room: Room, client: FlaskClient, hillcrest: Scope) -> None:
    sign_in(client, "Prof. Iqbal")
    counts = client.get(READING)
    assert counts.status_code == 200
    assert "/reading?category=" not in counts.text and "Marlow" not in counts.text
    assert "1 of 2" in counts.text
    client.post("/sign-out")
    sign_in(client, "Sam")
    link = f"/hillcrest/policies/{room.policies['Behaviour']}/reading?category={room.categories['teachers']}"
    assert link in client.get(READING).text
    assert client.get(link).status_code == 200


@pytest.mark.parametrize("path", ["/reading/overdue", "/reading/outstanding", "/policies/{policy}/reading", "/asking"])
def test_who_sees_only_coverage_never_sees_names(room: Room, client: FlaskClient, hillcrest: Scope, path: str) -> None:
    sign_in(client, "Prof. Iqbal")
    refused = client.get("/hillcrest" + path.format(policy=room.policies["Behaviour"]))
    assert refused.status_code == 403
    assert "Marlow" not in refused.text


def test_a_reader_sees_no_coverage(room: Room, client: FlaskClient, hillcrest: Scope) -> None:
    sign_in(client, "tess@hillcrest.sch.uk")
    assert client.get(READING).status_code == 403


def test_the_search_and_the_tick_narrow_the_grid_and_its_sums(room: Room, maya: FlaskClient) -> None:
    found = text(maya.get(READING, query_string={"search": "complaints"}).text)
    assert "Complaints Procedure" in found and "Behaviour Policy" not in found
    late = text(maya.get(READING, query_string={"late": "y"}).text)
    assert "Behaviour Policy" in late and "Complaints Procedure" not in late
    none = text(maya.get(READING, query_string={"search": "no such thing"}).text)
    assert "No policy matches" in none


def test_before_anything_is_asked_the_page_says_how_to_start(hillcrest: Scope, maya: FlaskClient) -> None:
    said = text(maya.get(READING).text)
    assert "Nobody had been asked to read anything" in said and "Start asking" in said


def test_who_is_back_is_listed_without_a_reason_and_only_for_those_who_see_names(
    room: Room, client: FlaskClient, app: Flask
) -> None:
    with app.app_context(), writing() as session:
        tess = session.scalars(select(Person).where(Person.given_name == "Tess")).one()
        first, last = dt.date(2026, 10, 1), dt.date(2026, 11, 13)
        scope = scope_by_slug(session, "hillcrest")
        record_absence(session, scope, MAYA, tess, from_on=first, until_on=last, reason="Illness", now=NOW)
    sign_in(client, "Sam")
    said = text(client.get(READING).text)
    assert "Tess Marlow N-Tess-Marlow 14 Nov 2026 2 policies, due from 28 Nov 2026" in said and "Illness" not in said
    client.post("/sign-out")
    sign_in(client, "Prof. Iqbal")
    assert "Who is back" not in client.get(READING).text


def test_pages_take_as_many_statements_at_400_policies_as_at_40(room: Room, maya: FlaskClient, app: Flask) -> None:
    most = {"/reading": 10, "/reading/overdue": 10, "/reading/outstanding": 10, "/register": 8}
    counts: list[dict[str, int]] = []
    for numbers in (range(37), range(37, 397)):
        reading_room.add_policies(app, numbers)
        counts.append({path: _statements(app, maya, path) for path in most})
    assert counts[0] == counts[1]
    assert all(count <= most[path] for path, count in counts[1].items()), counts[1]


def _statements(app: Flask, client: FlaskClient, path: str) -> int:
    with Statements(app) as statements:
        assert client.get("/hillcrest" + path).status_code == 200
    return len(statements)


def test_row_46_what_people_type_is_escaped_in_the_grid() -> None:
    nasty = "<script>alert(1)</script> & Sons"
    row = grid_row("/hillcrest/policies/1/reading", nasty, '"><b>', Count(), [])
    assert "<script>" not in row and "<b>" not in row
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Sons" in row
