"""One button on the home page: the file for an inspector, for those who may see names, kept as it was made."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from governance.db import reading, writing
from governance.journal.models import JournalEntry
from governance.people.models import Person
from governance.schedule.runner import tick
from governance.storage.models import Artefact
from governance.tenancy import Scope, scope_by_slug
from governance.web import inspection as screen
from tests.checkers import html_faults
from tests.hillcrest import NOW
from tests.render.pdf_checks import text_of
from tests.reports import inspected
from tests.web.people import sign_in
from tests.web.reading_room import text

INSPECTION = "/hillcrest/inspection"


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def school(hillcrest: Scope, app: Flask) -> Scope:
    with app.app_context(), writing() as session:
        inspected.furnish(session, scope_by_slug(session, "hillcrest"))
    return hillcrest


def kept(app: Flask) -> list[Artefact]:
    with app.app_context(), reading() as session:
        found = list(session.scalars(select(Artefact).where(Artefact.kind == "inspection").order_by(Artefact.id)))
        session.expunge_all()
        return found


@pytest.mark.engines("sqlite", "postgresql")
def test_one_press_on_the_home_page_saves_the_file_and_keeps_it(school: Scope, maya: FlaskClient, app: Flask) -> None:
    home = maya.get("/hillcrest/").text
    assert f'action="{INSPECTION}"' in home and "Make the inspection file" in home
    answer = maya.post(INSPECTION)
    assert answer.status_code == 200
    assert 'filename="hillcrest-inspection-2026-11-16.pdf"' in answer.headers["Content-Disposition"]
    said = " ".join(text_of(answer.data))
    assert "Tess Marlow N-Tess-Marlow" in said and "Late, due 15 Oct 2026" in said and "Illness" not in said
    [artefact] = kept(app)
    assert artefact.made_by == "maya@hillcrest.sch.uk"
    with app.app_context(), reading() as session:
        events = list(session.scalars(select(JournalEntry.event)))
    assert events.count("inspection file made") == 1
    page = maya.get(INSPECTION).text
    assert f"{INSPECTION}/{artefact.public_id}" in page and "Staff Code of Conduct" in page
    assert html_faults({"inspection": page, "home": home}) == []


def test_promise_7_a_file_stays_as_it_was_made_and_unchanged_facts_give_it_again(
    school: Scope, maya: FlaskClient, app: Flask
) -> None:
    first = maya.post(INSPECTION).data
    assert maya.post(INSPECTION).data == first
    [artefact] = kept(app)
    with app.app_context(), writing() as session:
        session.scalars(select(Person).where(Person.given_name == "Noor")).one().family_name = "Changed"
    second = maya.post(INSPECTION).data
    assert second != first and len(kept(app)) == 2
    assert maya.get(f"{INSPECTION}/{artefact.public_id}").data == first


def test_a_long_file_is_asked_for_and_saved_when_it_is_there(
    school: Scope, maya: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "AT_ONCE", 1)
    where = maya.post(INSPECTION)
    assert where.status_code == 302
    assert "Waiting to begin" in maya.get(where.location).text
    assert tick(app).done == 1
    assert "Inspection, 16 November 2026." in text(maya.get(where.location).text)
    assert maya.get(f"{where.location}/file").data.startswith(b"%PDF-")
    assert len(kept(app)) == 1


@pytest.mark.parametrize("who", ["Mr Okafor", "Sam"])
def test_headteacher_and_hr_may(school: Scope, client: FlaskClient, who: str) -> None:
    sign_in(client, who)
    assert "Make the inspection file" in client.get("/hillcrest/").text
    assert client.get(INSPECTION).status_code == 200


@pytest.mark.parametrize("who", ["Prof. Iqbal", "Helen", "tess@hillcrest.sch.uk"])
def test_who_may_not_see_names_is_offered_nothing_and_gets_nothing(
    school: Scope, client: FlaskClient, app: Flask, who: str
) -> None:
    sign_in(client)
    client.post(INSPECTION)
    [artefact] = kept(app)
    client.post("/sign-out")
    sign_in(client, who)
    assert "inspection" not in client.get("/hillcrest/").text
    assert [client.get(INSPECTION).status_code, client.post(INSPECTION).status_code] == [403, 403]
    assert client.get(f"{INSPECTION}/{artefact.public_id}").status_code == 403
    assert len(kept(app)) == 1


def test_promise_12_another_schools_file_is_as_if_it_were_not_there(
    school: Scope, maya: FlaskClient, client: FlaskClient, app: Flask
) -> None:
    maya.post(INSPECTION)
    [artefact] = kept(app)
    maya.post("/sign-out")
    sign_in(client, "zed@zeds.sch.uk")
    assert client.get(f"/zeds/inspection/{artefact.public_id}").status_code == 404
    assert "Tess" not in " ".join(text_of(client.post("/zeds/inspection").data))
