"""Keeping whom to ask on screen: the school's list, a policy's own, and what is refused at its field."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from governance.db import reading, writing
from governance.people.models import Person
from governance.people.posts import hold_post, make_post
from governance.policies.models import PolicyContact
from governance.tenancy import Scope, scope_by_slug
from tests.checkers import html_faults
from tests.hillcrest import MAYA, NOW, TODAY
from tests.web import reading_room
from tests.web.people import sign_in
from tests.web.reading_room import Room, text

NEW = {"purpose": "pay and leave", "who": "", "name": "Dyfed HR", "phone": "01234 567890", "email": "hr@hr.example"}


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def room(hillcrest: Scope, app: Flask) -> Room:
    return reading_room.furnish(app)


@pytest.fixture
def helen(room: Room, client: FlaskClient) -> FlaskClient:
    sign_in(client, "Helen")
    return client


def contacts(app: Flask) -> list[PolicyContact]:
    with app.app_context(), reading() as session:
        found = list(session.scalars(select(PolicyContact).order_by(PolicyContact.position, PolicyContact.id)))
        session.expunge_all()
        return found


def of_policy(room: Room) -> str:
    return f"/hillcrest/policies/{room.policies['Behaviour']}/contacts"


@pytest.mark.engines("sqlite", "postgresql")
def test_the_schools_list_is_inherited_copied_and_changed(room: Room, helen: FlaskClient, app: Flask) -> None:
    assert helen.post("/hillcrest/contacts", data=NEW).location == "/hillcrest/contacts"
    assert "has the school's list" in text(helen.get(of_policy(room)).text)
    helen.post(f"{of_policy(room)}/own")
    school_row, own = contacts(app)
    path = f"/hillcrest/contacts/{own.public_id}"
    assert 'value="Dyfed HR"' in helen.get(path).text
    answer = helen.post(path, data={**NEW, "name": "Gwent HR", "about_headteacher": "y"})
    assert answer.location == of_policy(room)
    page = text(helen.get(f"/hillcrest/policies/{room.policies['Behaviour']}").text)
    assert "pay and leave: Gwent HR, where it concerns the headteacher" in page
    assert "Dyfed HR" in text(helen.get(f"/hillcrest/policies/{room.policies['Lone']}").text)
    helen.post(f"{path}/remove")
    assert [one.public_id for one in contacts(app)] == [school_row.public_id]


def test_a_post_is_shown_with_its_holder_of_today(room: Room, helen: FlaskClient, app: Flask) -> None:
    with app.app_context(), writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        post = make_post(session, scope, MAYA, name="Designated safeguarding lead", now=NOW)
        tess = session.scalars(select(Person).where(Person.given_name == "Tess")).one()
        hold_post(session, scope, MAYA, post, tess, from_on=TODAY, now=NOW)
        key = post.public_id
    helen.post("/hillcrest/contacts", data={**NEW, "name": "", "who": key, "purpose": "a worry about a child"})
    helen.post("/hillcrest/contacts", data={**NEW, "name": "", "who": "office:chair"})
    listed = text(helen.get("/hillcrest/contacts").text)
    assert "Designated safeguarding lead Tess Marlow" in listed
    assert "Chair of governors Nobody at present" in listed
    second = contacts(app)[1]
    helen.post(f"/hillcrest/contacts/{second.public_id}/up")
    assert contacts(app)[0].public_id == second.public_id


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"phone": "at the office"}, "phone"),
        ({"email": "nobody"}, "email"),
        ({"purpose": ""}, "purpose"),
        ({"name": ""}, "who"),
        ({"who": "office:chair"}, "name"),
    ],
)
def test_what_is_refused_is_said_at_its_field_and_keeps_what_was_typed(
    room: Room, helen: FlaskClient, app: Flask, changed: dict[str, str], field: str
) -> None:
    refused = helen.post("/hillcrest/contacts", data={**NEW, **changed})
    assert refused.status_code == 422 and f'id="{field}-error"' in refused.text
    kept = {**NEW, **changed}["phone"]
    assert re.search(rf'name="phone"[^>]*value="{kept}"', refused.text)
    assert contacts(app) == []


def test_a_choice_that_is_not_on_the_list_and_another_schools_rows_are_not_there(
    room: Room, helen: FlaskClient, app: Flask
) -> None:
    assert helen.post("/hillcrest/contacts", data={**NEW, "name": "", "who": "office:caretaker"}).status_code == 422
    assert helen.post(f"/hillcrest/policies/{room.foreign['policy']}/contacts", data=NEW).status_code == 404
    assert contacts(app) == []
    with app.test_client() as tess:
        sign_in(tess, "tess@hillcrest.sch.uk")
        assert tess.get("/hillcrest/contacts").status_code == 403


def test_the_pages_follow_the_standard(room: Room, helen: FlaskClient, app: Flask) -> None:
    helen.post("/hillcrest/contacts", data=NEW)
    helen.post("/hillcrest/contacts", data={**NEW, "name": "Second"})
    paths = ["/hillcrest/contacts", of_policy(room), f"/hillcrest/contacts/{contacts(app)[0].public_id}"]
    pages = {path: helen.get(path).text for path in paths}
    pages["refused"] = helen.post("/hillcrest/contacts", data={}).text
    faults = html_faults(pages)
    assert not faults, "\n".join(faults)
