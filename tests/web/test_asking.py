"""*Start asking*: shown first, done only when pressed; then policy by policy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from governance.tenancy import Scope
from tests.hillcrest import NOW
from tests.web import reading_room
from tests.web.people import sign_in
from tests.web.reading_room import Room, text


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def room(hillcrest: Scope, app: Flask) -> Room:
    return reading_room.furnish(app)


ASKING = "/hillcrest/asking"


def test_it_first_shows_people_policies_the_first_due_day_and_who_has_no_email(room: Room, maya: FlaskClient) -> None:
    said = text(maya.get(ASKING).text)
    assert "Nobody is asked to read anything" in said
    assert "1 policy in force" in said and "Lone Working Policy , version 1" in said
    assert "2 people , with 2 readings" in said
    assert "Monday 30 November 2026" in said
    assert "Teachers: 2" in said


def test_another_day_is_looked_at_without_starting(room: Room, maya: FlaskClient) -> None:
    said = text(maya.get(ASKING, query_string={"on": "4 January 2027"}).text)
    assert "If you start on Monday 4 January 2027" in said and "Monday 18 January 2027" in said
    assert "If you start on Monday 16 November 2026" in text(maya.get(ASKING).text)


def test_pressing_it_starts_once_and_says_since_when(room: Room, maya: FlaskClient) -> None:
    assert maya.post(ASKING, data={"from_on": "2026-11-16"}).status_code == 302
    said = text(maya.get(ASKING).text)
    assert "since 16 November 2026" in said and "has been asked" in said
    assert "Reminders are off, so nobody hears of it by mail." in said
    again = maya.post(ASKING, data={"from_on": "2026-11-16"})
    assert again.status_code == 422 and "asking since 16 November 2026" in text(again.text)


@pytest.mark.parametrize(
    "from_on,why", [("2026-11-15", "today or a later day"), ("soon", "not a date"), ("", "Enter the day")]
)
def test_a_day_that_cannot_be_starts_nothing(room: Room, maya: FlaskClient, from_on: str, why: str) -> None:
    page = maya.post(ASKING, data={"from_on": from_on})
    assert page.status_code == 422 and why in text(page.text)
    assert "If you start on" in text(maya.get(ASKING).text)


def test_a_policy_never_asked_is_asked_later_of_chosen_categories(room: Room, maya: FlaskClient, app: Flask) -> None:
    reading_room.started(app)
    assert "In force, and never asked" in maya.get(ASKING).text
    path = f"{ASKING}/{room.policies['Lone']}"
    look = text(maya.get(path, query_string={"who": "some", "categories": room.categories["teachers"]}).text)
    assert "Teachers, from Monday 16 November 2026" in look and "Monday 30 November 2026" in look
    assert "2 people" in look
    unclear = maya.get(path, query_string={"who": "everyone", "categories": room.categories["teachers"]})
    assert unclear.status_code == 422 and "Categories are ticked. Choose “Chosen categories”" in text(unclear.text)
    assert "Ask them" not in unclear.text
    typed = {"who": "some", "categories": room.categories["teachers"], "from_on": "2026-11-16"}
    assert maya.post(path, data=typed).status_code == 302
    assert "Lone Working" in text(maya.get("/hillcrest/reading").text)
    again = maya.post(path, data=typed)
    assert again.status_code == 422 and "asked to read this version already" in text(again.text)


def test_no_category_chosen_asks_nobody(room: Room, maya: FlaskClient, app: Flask) -> None:
    reading_room.started(app)
    path = f"{ASKING}/{room.policies['Lone']}"
    page = maya.post(path, data={"who": "some", "from_on": "2026-11-16"})
    assert page.status_code == 422 and "at least one category" in text(page.text)
    assert "Lone Working" not in text(maya.get("/hillcrest/reading").text)


def test_looking_and_refusing_change_nothing(room: Room, maya: FlaskClient, app: Flask) -> None:
    before = text(maya.get("/hillcrest/reading").text)
    maya.get(ASKING)
    maya.get(f"{ASKING}/{room.policies['Lone']}")
    early = maya.post(f"{ASKING}/{room.policies['Lone']}", data={"who": "everyone", "from_on": "2026-11-16"})
    assert early.status_code == 422 and "not started asking" in text(early.text)
    assert text(maya.get("/hillcrest/reading").text) == before


def test_another_schools_policy_is_not_there(room: Room, maya: FlaskClient) -> None:
    path = f"{ASKING}/{room.foreign['policy']}"
    assert maya.get(path).status_code == 404
    assert maya.post(path, data={"who": "everyone", "from_on": "2026-11-16"}).status_code == 404


def test_the_clerk_may_not_start_asking(room: Room, client: FlaskClient) -> None:
    sign_in(client, "Helen")
    assert client.get(ASKING).status_code == client.post(ASKING, data={"from_on": "2026-11-16"}).status_code == 403
