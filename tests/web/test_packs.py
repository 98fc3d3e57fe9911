"""A meeting's packs on screen: asked for, opened as they were frozen, sent by a person in time."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from governance.db import reading, writing
from governance.mail.models import Outbox
from governance.schedule.models import Run
from governance.schools.actions import plan_meeting
from governance.tenancy import Scope, scope_by_slug
from tests import hillcrest as school
from tests.hillcrest import MAYA, NOW
from tests.web.pack_room import furnish, pack_of
from tests.web.people import sign_in
from tests.web.reading_room import text


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def packs(hillcrest: Scope, app: Flask) -> str:
    """The address of the packs of a meeting that has one; see `pack_room`."""
    return furnish(app)


def count(app: Flask, model: type) -> int:
    with app.app_context(), writing() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_helen_sees_the_packs_the_last_day_and_whom_to_hand_a_copy(packs: str, client: FlaskClient) -> None:
    sign_in(client, "Helen")
    said = text(client.get(packs).text)
    assert "Wednesday 25 November 2026" in said
    assert "Viv Ash has no e-mail address: hand them a printed copy." in said
    assert "chair's reason" not in said


def test_promise_7_a_pack_opens_as_it_was_frozen(packs: str, client: FlaskClient, app: Flask) -> None:
    sign_in(client, "Prof. Iqbal")
    answer = client.get(f"/hillcrest/packs/{pack_of(app)}/file")
    assert answer.data == b"%PDF-1.7 frozen"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="hillcrest-pack.pdf"')
    assert "Send to the members" not in client.get(packs).text
    assert client.post(packs).status_code == client.post(f"{packs}/{pack_of(app)}/send").status_code == 403
    client.post("/sign-out")
    sign_in(client, "Sam")
    assert client.get(packs).status_code == client.get(f"/hillcrest/packs/{pack_of(app)}/file").status_code == 403


def test_asking_for_a_pack_makes_a_run_and_leads_to_it(packs: str, client: FlaskClient, app: Flask) -> None:
    sign_in(client, "Helen")
    answer = client.post(packs)
    assert answer.status_code == 302
    assert count(app, Run) == 1
    page = client.get(answer.location)
    assert page.status_code == 200
    assert "data-goes-on" in page.text and "Look again now" in page.text


def test_a_pack_is_short_unless_another_size_is_chosen(packs: str, client: FlaskClient, app: Flask) -> None:
    sign_in(client, "Helen")
    assert client.post(packs).status_code == client.post(packs, data={"size": "separate"}).status_code == 302
    with app.app_context(), reading() as session:
        payloads = [json.loads(one) for one in session.scalars(select(Run.payload).order_by(Run.id))]
    assert [payload["size"] for payload in payloads] == ["short", "separate"]
    wrong = client.post(packs, data={"size": "endless"})
    assert (wrong.status_code, count(app, Run)) == (422, 2)
    assert "There is a problem" in wrong.text
    assert "Full pack, made on" in text(client.get(packs).text), "packs made before there was a choice had the texts"


def test_helen_sends_it_once(packs: str, client: FlaskClient, app: Flask) -> None:
    sign_in(client, "Helen")
    send = f"{packs}/{pack_of(app)}/send"
    assert client.post(send).location == packs
    assert "The pack is on its way to 2 people." in text(client.get(packs).text)
    again = client.post(send)
    assert (again.status_code, "sent already" in again.text) == (422, True)
    assert count(app, Outbox) == 2


def test_late_needs_the_chairs_reason_and_keeps_the_page(packs: str, client: FlaskClient, app: Flask) -> None:
    send = f"{packs}/{pack_of(app)}/send"
    with time_machine.travel(dt.datetime(2026, 11, 26, 9, 0, tzinfo=dt.UTC), tick=False):
        sign_in(client, "Helen")
        refused = client.post(send, data={"short_notice": " "})
        assert (refused.status_code, count(app, Outbox)) == (422, 0)
        assert "it had to go by 25 November 2026" in text(refused.text)
        assert client.post(send, data={"short_notice": "Agreed with Prof. Iqbal"}).status_code == 302
        assert "At short notice: Agreed with Prof. Iqbal" in text(client.get(packs).text)


def test_a_pack_is_not_sent_under_another_meeting(packs: str, client: FlaskClient, app: Flask) -> None:
    with app.app_context(), writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        body = school.body(session, scope)
        other = plan_meeting(session, scope, MAYA, body=body, held_on=dt.date(2027, 1, 21), now=NOW).public_id
    sign_in(client, "Helen")
    assert client.post(f"/hillcrest/meetings/{other}/packs/{pack_of(app)}/send").status_code == 404
    assert client.get("/hillcrest/meetings/none/packs").status_code == 404


def test_helen_moves_a_meeting_whose_pack_went_out_and_tells_the_members(
    packs: str, client: FlaskClient, app: Flask
) -> None:
    sign_in(client, "Helen")
    client.post(f"{packs}/{pack_of(app)}/send")
    meeting = packs.removesuffix("/packs")
    assert "have not been told" not in client.get(meeting).text
    client.post(f"{meeting}/move", data={"held_on": "10/12/2026", "starts_at": "18:00", "place": "Hall"})
    told = text(client.get(meeting).text)
    assert "Members were told of a meeting on 3 December 2026" in told
    assert "It is now on 10 December 2026 at 18:00, Hall. They have not been told." in told
    assert "changed since they had its pack" in client.get("/hillcrest/meetings").text
    answer = client.post(f"{packs}/tell", follow_redirects=True)
    assert "The news is on its way to 2 people." in text(answer.text) and "have not been told" not in answer.text
    again = client.post(f"{packs}/tell")
    assert (again.status_code, count(app, Outbox)) == (422, 4)
    assert "nothing new to tell" in again.text
