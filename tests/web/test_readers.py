"""Who must read a policy: what would follow is shown first, and kept only when confirmed."""

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


@pytest.fixture
def path(room: Room) -> str:
    return f"/hillcrest/policies/{room.policies['Behaviour']}/readers"


def a_rule(room: Room, **changes: str) -> dict[str, str]:
    """Support staff within 14 days from today, unless said."""
    typed = {
        "category": room.categories["support_staff"],
        "person": "",
        "days_to_read": "14",
        "repeat": "once",
        "repeat_months": "",
        "from_on": "16 November 2026",
    }
    return {**typed, **changes}


def test_the_rules_are_listed(room: Room, maya: FlaskClient, path: str) -> None:
    said = text(maya.get(path).text)
    assert "Teachers 14 days once 1 September 2026" in said and "Volunteers" in said


def test_shorter_days_show_who_would_be_late_at_once_before_anything_is_kept(room: Room, maya: FlaskClient) -> None:
    complaints = f"/hillcrest/policies/{room.policies['Complaints']}/readers"
    typed = a_rule(room, category=room.categories["teachers"], days_to_read="3", from_on="1 September 2026")
    page = maya.post(complaints, data=typed)
    assert page.status_code == 200
    said = text(page.text)
    assert "Late at once: 2 people" in said and "Tess Marlow, due 12 November 2026" in said
    assert "Reading overdue 0 2" in said
    assert "Teachers 14 days once" in text(maya.get(complaints).text)  # nothing was kept


def test_a_confirmed_rule_is_kept(room: Room, maya: FlaskClient, path: str) -> None:
    assert "What would follow" in maya.post(path, data=a_rule(room)).text
    assert "Support staff 14 days" not in text(maya.get(path).text)
    assert maya.post(path, data=a_rule(room, confirmed="yes")).status_code == 302
    assert "Support staff 14 days once 16 November 2026" in text(maya.get(path).text)


def test_a_rule_may_name_a_person_and_repeat(room: Room, maya: FlaskClient, path: str) -> None:
    typed = a_rule(room, category="", person=room.people["Viv"], repeat="months", repeat_months="6", confirmed="yes")
    assert maya.post(path, data=typed).status_code == 302
    assert "Viv Ash 14 days again every 6 months" in text(maya.get(path).text)


@pytest.mark.parametrize(
    "changes,why",
    [
        ({"category": ""}, "Choose a category of people, a job title, or one person"),
        ({"days_to_read": "soon"}, "number from 0 to 365"),
        ({"days_to_read": "366"}, "number from 0 to 365"),
        ({"repeat": "months", "repeat_months": "61"}, "from 1 to 60"),
        ({"from_on": "31/02/2027"}, "February"),
        ({"from_on": "1 August 2026", "category": "teachers"}, "starts on 1 September 2026"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_and_what_was_typed_stays(
    room: Room, maya: FlaskClient, path: str, changes: dict[str, str], why: str
) -> None:
    if changes.get("category"):
        changes = {**changes, "category": room.categories[changes["category"]], "confirmed": "yes"}
    page = maya.post(path, data=a_rule(room, **changes))
    assert page.status_code == 422 and why in text(page.text)
    typed = changes.get("from_on") or changes.get("repeat_months") or changes.get("days_to_read")
    assert typed is None or f'value="{typed}"' in page.text


def test_a_rule_is_stopped_with_its_last_day(room: Room, maya: FlaskClient, path: str) -> None:
    stop = next(part.split('"')[0] for part in maya.get(path).text.split('href="') if "/stop" in part.split('"')[0])
    assert maya.post(stop, data={"until_on": "1 August 2026"}).status_code == 422
    assert maya.post(stop, data={"until_on": "30 November 2026"}).status_code == 302
    assert "30 November 2026" in text(maya.get(path).text)


def test_change_fills_the_form_with_the_rule(room: Room, maya: FlaskClient, path: str) -> None:
    change = next(part.split('"')[0] for part in maya.get(path).text.split('href="') if "change=" in part.split('"')[0])
    page = maya.get(change.split("#")[0].replace("&amp;", "&"))
    assert f'value="{room.categories["teachers"]}" selected' in page.text


def test_another_schools_things_are_not_there(room: Room, maya: FlaskClient, path: str) -> None:
    theirs = f"/hillcrest/policies/{room.foreign['policy']}/readers"
    assert maya.get(theirs).status_code == maya.post(theirs, data=a_rule(room)).status_code == 404
    page = maya.post(path, data=a_rule(room, category=room.foreign["category"], confirmed="yes"))
    assert page.status_code == 422
    rule = next(
        part.split("/stop")[0].rsplit("/", 1)[1]
        for part in maya.get(path).text.split('href="')
        if "/stop" in part.split('"')[0]
    )
    other = f"/hillcrest/policies/{room.policies['Lone']}/readers/{rule}/stop"
    assert maya.get(other).status_code == 404


def test_a_governor_may_not_change_who_must_read(room: Room, client: FlaskClient, path: str) -> None:
    sign_in(client, "Prof. Iqbal")
    assert client.get(path).status_code == client.post(path, data=a_rule(room)).status_code == 403
