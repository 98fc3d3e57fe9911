"""Browsers that come by a link, for tests of reading without an account."""

from __future__ import annotations

import html
import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from governance import clock
from governance.db import writing
from governance.people.models import Person
from governance.reading.links import print_links
from governance.tenancy import scope_by_slug
from tests.hillcrest import MAYA
from tests.web.reading_room import Room

TOKEN = "t" * 43
DOOR = f"/to-read/{TOKEN}"


def give_link(app: Flask, public_id: str, token: str = TOKEN, slug: str = "hillcrest") -> str:
    """A letter's link for somebody; its address."""
    with app.app_context(), writing() as session:
        person = session.scalars(select(Person).where(Person.public_id == public_id)).one()
        print_links(session, scope_by_slug(session, slug), MAYA, [person], {person.id: token}, clock.now())
    return f"/to-read/{token}"


def come_in(client: FlaskClient, door: str = DOOR) -> FlaskClient:
    """Press the button behind the link."""
    answer = client.post(door)
    assert (answer.status_code, answer.location) == (302, "/to-read"), answer.text
    return client


def carried(page: str) -> dict[str, str]:
    """What the reading page carries of what it showed and for whom."""
    found = re.findall(r'name="(documents|text|wording|parts|reader)"[^>]*value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def read_path(room: Room, policy: str = "Behaviour") -> str:
    """Where a policy is read in a visit."""
    return f"/to-read/read/{room.versions[policy]}"
