"""What is asked for and not waited for: a long PDF, a long list. Whoever asked sees what came of it, and nobody else."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from governance.accounts.granting import revoke_role
from governance.accounts.permissions import Role
from governance.db import reading, writing
from governance.mail.actions import queue
from governance.mail.compose import Letter
from governance.people.models import Person
from governance.reading.models import Acknowledgement
from governance.schedule.models import Run
from governance.schedule.runner import tick
from governance.storage.models import HeldFile
from governance.tenancy import Actor, Scope, scope_by_slug
from governance.web import paper_import, people_import, reports
from tests import hillcrest
from tests.hillcrest import NOW
from tests.web import reading_room
from tests.web.people import account_called, sign_in
from tests.web.reading_room import Room, text

PEOPLE = "staff_number,given_name,family_name,email,category,started_on\n" + "".join(
    f"N{number},Given{number},Family{number},,teachers,2024-09-01\n" for number in range(3)
)


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows are a long list here."""
    for module in (reports, people_import, paper_import):
        monkeypatch.setattr(module, "AT_ONCE", 1)


@pytest.fixture
def room(hillcrest: Scope, app: Flask) -> Room:
    return reading_room.furnish(app)


def rows(app: Flask, model: type) -> int:
    with app.app_context(), reading() as session:
        return len(session.scalars(select(model)).all())


def asked(browser: FlaskClient, name: str = "overdue") -> str:
    answer = browser.post(f"/hillcrest/reports/{name}/pdf", data={"on": "2026-11-16"})
    assert answer.status_code == 302
    return str(answer.location)


def test_promise_8_a_long_pdf_is_asked_for_and_saved_when_it_is_there(
    room: Room, maya: FlaskClient, app: Flask
) -> None:
    page = maya.get("/hillcrest/reports/overdue")
    assert "Make the PDF" in page.text and "file/pdf" not in page.text
    assert maya.get("/hillcrest/reports/overdue/file/pdf").status_code == 422
    where = asked(maya)
    waiting = maya.get(where).text
    assert "data-goes-on" in waiting and "Waiting to begin" in waiting
    assert tick(app).done == 1
    done = maya.get(where).text
    assert "2 rows." in text(done) and "data-goes-on" not in done
    file = maya.get(f"{where}/file")
    assert file.data.startswith(b"%PDF-")
    assert 'filename="hillcrest-overdue-2026-11-16.pdf"' in file.headers["Content-Disposition"]


def test_pressing_twice_asks_once(room: Room, maya: FlaskClient, app: Flask) -> None:
    assert asked(maya) == asked(maya)
    assert asked(maya, "outstanding") != asked(maya)
    assert rows(app, Run) == 2


def test_only_whoever_asked_may_see_it_and_only_while_they_may(room: Room, client: FlaskClient, app: Flask) -> None:
    sign_in(client, "Sam")
    where = asked(client)
    run = where.rpartition("/")[2]
    tick(app)
    assert client.get(f"{where}/file").status_code == 200
    for who in ("Maya", "Helen", "Mr Okafor"):
        sign_in(others := app.test_client(), who)
        assert [others.get(path).status_code for path in (where, f"{where}/file")] == [404, 404]
        assert others.get(f"/hillcrest/runs/{run}/file").status_code == 404
    assert sign_in(others := app.test_client(), "zed@zeds.sch.uk").status_code == 303
    assert others.get(where).status_code == others.get(where.replace("hillcrest", "zeds")).status_code == 404
    with app.app_context(), writing() as session:
        hill = scope_by_slug(session, "hillcrest")
        revoke_role(session, hill, Actor("Maya"), account_called(session, "sam@hillcrest.sch.uk"), Role.HR, now=NOW)
    assert client.get(f"{where}/file").status_code in (403, 404)


def test_names_are_not_printed_for_those_who_may_not_see_them(room: Room, client: FlaskClient) -> None:
    sign_in(client, "Helen")
    assert client.post("/hillcrest/reports/overdue/pdf").status_code == 403
    assert client.post("/hillcrest/reports/nothing/pdf").status_code == 404


def test_the_clerk_does_not_read_names_in_the_managers_mail(room: Room, app: Flask) -> None:
    words = "Tess Marlow: Behaviour, due 3 Nov 2026"
    letter = Letter("monday_mail", "maya@hillcrest.sch.uk", "Hillcrest: this week", words, words)
    with app.app_context(), writing() as session:
        mail = queue(session, scope_by_slug(session, "hillcrest"), letter, dedupe_key="k", now=NOW)
    seen = {}
    for who in ("Maya", "Helen"):
        sign_in(browser := app.test_client(), who)
        page = browser.get(f"/hillcrest/mails/{mail}")
        assert page.status_code == 200
        seen[who] = "Tess Marlow" in page.text
    assert seen == {"Maya": True, "Helen": False}


def upload(browser: FlaskClient, path: str, content: str) -> tuple[str, str]:
    """Where a list is looked through, and the digest of what was shown."""
    sent = browser.post(
        path, data={"file": (io.BytesIO(content.encode()), "list.csv")}, content_type="multipart/form-data"
    )
    where = str(sent.location)
    found = re.search(r'name="seen"[^>]* value="([0-9a-f]{64})"', browser.get(where).text)
    assert found
    return where, found[1]


def test_a_long_list_of_people_is_imported_while_nobody_waits(room: Room, client: FlaskClient, app: Flask) -> None:
    sign_in(client, "Sam")
    before = rows(app, Person)
    where, seen = upload(client, "/hillcrest/people/import", PEOPLE)
    pressed = [client.post(where, data={"seen": seen}).location for _ in range(2)]
    assert pressed[0] == pressed[1]
    assert rows(app, Person) == before
    assert tick(app).done == 1
    assert "New people: 3, changed: 0." in text(client.get(pressed[0]).text)
    assert (rows(app, Person), rows(app, HeldFile)) == (before + 3, 0)


def test_a_list_that_changed_meanwhile_is_not_imported_and_can_be_looked_through_again(
    room: Room, client: FlaskClient, app: Flask
) -> None:
    sign_in(client, "Sam")
    where, seen = upload(client, "/hillcrest/people/import", PEOPLE)
    asked_for = client.post(where, data={"seen": seen}).location
    with app.app_context(), writing() as session:
        hill = scope_by_slug(session, "hillcrest")
        hillcrest.someone(session, hill, "Given1 Family1", ("teachers",)).staff_number = "N1"
    before = rows(app, Person)
    assert tick(app).failed == 1
    page = client.get(asked_for).text
    assert "changed since" in text(page)
    assert f'href="{where}"' in page
    assert client.get(where).status_code == 200
    assert rows(app, Person) == before


def test_a_list_let_go_before_its_turn_is_said_to_be_gone(room: Room, client: FlaskClient, app: Flask) -> None:
    sign_in(client, "Sam")
    where, seen = upload(client, "/hillcrest/people/import", PEOPLE)
    asked_for = client.post(where, data={"seen": seen}).location
    client.post(f"{where}/cancel")
    assert tick(app).failed == 1
    assert "The list was let go or imported already" in text(client.get(asked_for).text)


def test_a_long_list_of_receipts_is_recorded_while_nobody_waits(room: Room, client: FlaskClient, app: Flask) -> None:
    sign_in(client, "Sam")
    lines = "N-Tess-Marlow,POL-001,1,2026-11-12,paper,Maya Lund\nN-Viv-Ash,POL-001,1,2026-11-12,paper,Maya Lund\n"
    header = "staff_number,reference,version,acknowledged_on,method,witness\n"
    before = rows(app, Acknowledgement)
    where, seen = upload(client, "/hillcrest/reading/paper/import", header + lines)
    asked_for = client.post(where, data={"seen": seen, "leave_out": "y"}).location
    assert "/asked/" in asked_for
    assert rows(app, Acknowledgement) == before
    tick(app)
    assert "2 receipts are recorded." in text(client.get(asked_for).text)
    assert rows(app, Acknowledgement) == before + 2
