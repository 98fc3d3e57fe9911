"""What is not adopted is seen by those alone who may see drafts: in lists, counts, searches, links, files and reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from governance.db import writing
from governance.policies.models import Policy
from governance.policies.queries import files_of
from governance.policies.related import relate, relate_to
from governance.tenancy import Scope, scope_by_slug
from tests import hillcrest as school
from tests.hillcrest import MAYA, NOW
from tests.web import reading_room
from tests.web.people import sign_in
from tests.web.reading_room import Room, text

SECRET = "Redundancy Policy"


@dataclass(frozen=True)
class Drafts:
    """A policy that was never adopted, and a second version of Behaviour that waits."""

    room: Room
    policy: str
    versions: tuple[str, str]
    files: tuple[str, str]


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def drafts(hillcrest: Scope, app: Flask) -> Drafts:
    room = reading_room.furnish(app)
    with app.app_context(), writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        secret = school.a_policy(session, scope, SECRET, "# Who has to go")
        behaviour = session.query(Policy).filter_by(public_id=room.policies["Behaviour"]).one()
        second = school.a_version(session, scope, behaviour, "# Behaviour with exclusions")
        relate(session, scope, MAYA, secret, ["Behaviour Policy"], NOW)
        relate_to(session, scope, MAYA, behaviour, secret, NOW)
        versions = (school.latest(session, secret), second)
        kept = files_of(session, scope, [one.id for one in versions])
        files = tuple(kept[one.id][0].document for one in versions)
        return Drafts(room, secret.public_id, (versions[0].public_id, second.public_id), (files[0], files[1]))


def addresses(drafts: Drafts) -> list[str]:
    pairs = zip(drafts.versions, drafts.files, strict=True)
    return [
        f"/hillcrest/policies/{drafts.policy}",
        *(f"/hillcrest/read/{version}" for version in drafts.versions),
        *(f"/hillcrest/versions/{version}/files/{file}" for version, file in pairs),
    ]


@pytest.mark.parametrize("who", ["tess@hillcrest.sch.uk", "Sam"])
def test_whoever_may_not_see_drafts_finds_none_anywhere(drafts: Drafts, client: FlaskClient, who: str) -> None:
    sign_in(client, who)
    assert [client.get(path).status_code for path in addresses(drafts)] == [404] * 5
    for query in ({}, {"search": "redundancy"}, {"state": "draft"}, {"state": "new_version_awaiting"}):
        page = text(client.get("/hillcrest/register", query_string=query).text)
        assert SECRET not in page
        assert "Draft 1" not in page and "New version awaiting 1" not in page
    behaviour = client.get(f"/hillcrest/policies/{drafts.room.policies['Behaviour']}").text
    assert "New version awaiting" not in behaviour and "Version 2" not in behaviour
    assert drafts.policy not in behaviour and drafts.versions[1] not in behaviour and "Named by" not in behaviour
    for name in ("register", "links", "reviews-due"):
        report = client.get(f"/hillcrest/reports/{name}")
        assert SECRET not in report.text and "New version awaiting" not in report.text
        assert client.get(f"/hillcrest/reports/{name}/file/csv").status_code == report.status_code
    assert SECRET not in client.get("/hillcrest/").text


def test_those_who_may_see_drafts_find_them(drafts: Drafts, client: FlaskClient) -> None:
    sign_in(client, "Prof. Iqbal")
    for path in addresses(drafts):
        with client.get(path) as answer:
            assert answer.status_code == 200
    page = text(client.get("/hillcrest/register").text)
    assert SECRET in page and "Draft 1" in page and "New version awaiting 1" in page
    assert SECRET in client.get("/hillcrest/reports/links").text


def test_another_policys_file_is_not_served_under_a_version(drafts: Drafts, maya: FlaskClient) -> None:
    path = f"/hillcrest/versions/{drafts.versions[1]}/files/{drafts.files[0]}"
    assert maya.get(path).status_code == 404
