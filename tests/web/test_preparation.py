"""The owner's form on screen: kept as it is typed, shown to who decides, and to nobody whose policy it is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from governance.adoption.prepared import open_forms
from governance.adoption.preparing import Consulted, Equality, Prepared, Recommends, Round
from governance.db import reading, writing
from governance.people.models import Person
from governance.people.posts import hold_post, make_post
from governance.policies.models import Policy
from governance.tenancy import Scope
from tests.checkers import html_faults
from tests.hillcrest import MAYA, NOW, TODAY
from tests.web import reading_room
from tests.web.people import sign_in
from tests.web.reading_room import Room, text

FILLED = {
    "recommends": "adopt",
    "what_changed": "Clause 4 names the apps that may be used.",
    "why": "Two complaints last year.",
    "prompted_by": "",
    "unions_who": "NEU",
    "unions_from_on": "5 October 2026",
    "unions_until_on": "6 November 2026",
    "unions_outcome": "Agreed",
    "equality": "not_needed",
    "equality_note": "It treats nobody differently.",
    "recommendation": "",
}


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def room(hillcrest: Scope, app: Flask) -> Room:
    return reading_room.furnish(app)


def at(room: Room) -> str:
    return f"/hillcrest/policies/{room.policies['Behaviour']}/prepare"


def kept(app: Flask, scope: Scope) -> list[Prepared]:
    with app.app_context(), reading() as session:
        return list(open_forms(session, scope).values())


def owned_by_tess(app: Flask, scope: Scope, room: Room) -> None:
    with app.app_context(), writing() as session:
        post = make_post(session, scope, MAYA, name="Behaviour lead", now=NOW)
        tess = session.scalars(select(Person).where(Person.given_name == "Tess")).one()
        hold_post(session, scope, MAYA, post, tess, from_on=TODAY - dt.timedelta(days=30), until_on=None, now=NOW)
        policy = session.scalars(select(Policy).where(Policy.public_id == room.policies["Behaviour"])).one()
        policy.owner_post_id = post.id


@pytest.mark.engines("sqlite", "postgresql")
def test_helen_prepares_a_policy_in_two_goes(room: Room, client: FlaskClient, app: Flask, hillcrest: Scope) -> None:
    sign_in(client, "Helen")
    page = client.get(at(room))
    assert "Next: Look the policy over and say what you recommend." in text(page.text)
    assert html_faults({"prepare": page.text}) == []
    assert client.post(at(room), data=FILLED).location == at(room)
    page = text(client.get(at(room)).text)
    assert "It is kept." in page
    assert "Next: Record the new version, so that governors can see what changed." in page
    client.post(at(room), data=FILLED | {"recommends": "keep", "ready": "y"})
    (form,) = kept(app, hillcrest)
    assert form == Prepared(
        what_changed=FILLED["what_changed"],
        why=FILLED["why"],
        equality=Equality.NOT_NEEDED,
        equality_note=FILLED["equality_note"],
        recommends=Recommends.KEEP,
        rounds=(Round(Consulted.UNIONS, "NEU", dt.date(2026, 10, 5), dt.date(2026, 11, 6), "Agreed"),),
        ready=True,
    )


def test_what_is_wrong_is_said_at_its_field_and_keeps_what_was_typed(
    room: Room, client: FlaskClient, app: Flask, hillcrest: Scope
) -> None:
    sign_in(client, "Helen")
    wrong = FILLED | {"unions_until_on": "1 October 2026", "equality": "", "ready": "y"}
    answer = client.post(at(room), data=wrong)
    assert answer.status_code == 422
    page = text(answer.text)
    assert "The consultation ends on 1 October 2026, before it begins, 5 October 2026." in page
    assert "Say whether the effect on equality was assessed" in page
    assert "Clause 4 names the apps that may be used." in page
    assert kept(app, hillcrest) == []
    assert "31 February 2027 does not exist" in text(
        client.post(at(room), data=FILLED | {"unions_until_on": "31/02/2027"}).text
    )


def test_a_teacher_prepares_the_policy_of_her_post_and_no_other(
    room: Room, client: FlaskClient, app: Flask, hillcrest: Scope
) -> None:
    owned_by_tess(app, hillcrest, room)
    sign_in(client, "tess@hillcrest.sch.uk")
    assert client.get(at(room)).status_code == 200
    assert client.post(at(room), data=FILLED).status_code == 302
    assert "Prepare for the meeting" in client.get(f"/hillcrest/policies/{room.policies['Behaviour']}").text
    other = f"/hillcrest/policies/{room.policies['Complaints']}"
    assert client.get(f"{other}/prepare").status_code == 404
    assert client.post(f"{other}/prepare", data=FILLED).status_code == 404
    assert "Prepare for the meeting" not in client.get(other).text
