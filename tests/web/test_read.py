"""The act of reading on screen: by a person, for themselves, bound to what was on the page."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from governance.db import writing
from governance.journal.models import JournalEntry
from governance.journal.verify import verify
from governance.policies.models import Policy, PolicyVersion
from governance.reading.acknowledging import receipt_referenced, withdraw
from governance.reading.models import Acknowledgement
from governance.tenancy import Scope, scope_by_slug
from tests import hillcrest as school
from tests.hillcrest import MAYA, NOW
from tests.web import reading_room
from tests.web.people import sign_in
from tests.web.reading_room import Room, receipts, text


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def room(hillcrest: Scope, app: Flask) -> Room:
    return reading_room.furnish(app)


@pytest.fixture
def tess(room: Room, client: FlaskClient) -> FlaskClient:
    """Tess's browser, signed in."""
    sign_in(client, "tess@hillcrest.sch.uk")
    return client


def page_of(room: Room, policy: str = "Behaviour") -> str:
    return f"/hillcrest/read/{room.versions[policy]}"


def hidden(page: str) -> dict[str, str]:
    """What the page carries of what it showed."""
    found = re.findall(r'name="(documents|text|wording)"[^>]*value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def shown(browser: FlaskClient, path: str) -> dict[str, str]:
    return hidden(browser.get(path).text)


def of_tess(app: Flask) -> int:
    """How many receipts were given on screen; the furniture's are on paper."""
    return sum(one.method == "signed_in" for one in receipts(app))


def test_promise_2_looking_makes_no_receipt_however_often(room: Room, tess: FlaskClient, app: Flask) -> None:
    before = len(receipts(app))
    for method in ("GET", "HEAD", "OPTIONS", "GET"):
        answer = tess.open(page_of(room), method=method, headers={"Purpose": "prefetch", "Sec-Purpose": "prefetch"})
        assert answer.status_code == 200
    assert tess.get(page_of(room) + "?ticked=y&typed_name=Tess+Marlow").status_code == 200
    assert len(receipts(app)) == before


def test_the_box_says_the_wording_and_nothing_is_filled_in(room: Room, tess: FlaskClient) -> None:
    page = tess.get(page_of(room)).text
    assert "I have read and understood" in text(page)
    assert "checked" not in page
    typed = re.search(r'<input[^>]*name="typed_name"[^>]*>', page)
    assert typed is not None
    assert "Tess" not in typed.group() and not re.search(r'value="[^"]', typed.group())


def test_promise_2_a_post_without_tick_or_name_is_refused_and_stores_nothing(
    room: Room, tess: FlaskClient, app: Flask
) -> None:
    carried = shown(tess, page_of(room))
    for human in ({}, {"typed_name": "   "}, {"ticked": ""}, {"ticked": "false"}):
        answer = tess.post(page_of(room), data={**carried, **human})
        assert answer.status_code == 422, human
        assert "Type your name, or tick the box" in answer.text
        assert hidden(answer.text) == carried
    assert of_tess(app) == 0


def test_a_tick_makes_a_receipt_and_leads_to_its_page(room: Room, tess: FlaskClient, app: Flask) -> None:
    carried = shown(tess, page_of(room))
    answer = tess.post(page_of(room), data={**carried, "ticked": "y"})
    assert answer.status_code == 302
    [receipt] = [one for one in receipts(app) if one.method == "signed_in"]
    assert answer.location == f"/hillcrest/receipts/{receipt.reference}"
    assert (receipt.documents_sha256, receipt.text_sha256, receipt.wording) == tuple(carried.values())
    assert (receipt.assurance, receipt.recorded_by, receipt.acknowledged_on) == ("password", None, reading_room.TODAY)
    confirmed = text(tess.get(answer.location).text)
    assert "Recorded" in confirmed and receipt.reference in confirmed and "Tess Marlow" in confirmed
    again = tess.get(page_of(room)).text
    assert "You have confirmed this" in again and 'name="ticked"' not in again


def test_promise_4_a_double_click_gives_the_same_receipt(room: Room, tess: FlaskClient, app: Flask) -> None:
    act = {**shown(tess, page_of(room)), "typed_name": "Tess Marlow"}
    places = {tess.post(page_of(room), data=act).location for _ in range(3)}
    assert len(places) == 1
    assert of_tess(app) == 1


@pytest.mark.parametrize("changed", ["documents", "text", "wording"])
def test_promise_3_other_bytes_text_or_wording_than_are_served_are_refused(
    room: Room, tess: FlaskClient, app: Flask, changed: str
) -> None:
    carried = shown(tess, page_of(room))
    for other in ("", "0" * 64, carried[changed] + " "):
        answer = tess.post(page_of(room), data={**carried, changed: other, "ticked": "y"})
        assert answer.status_code == 422
        assert "changed while you had it open" in answer.text
    assert of_tess(app) == 0


def test_promise_3_a_wording_changed_meanwhile_is_shown_and_must_be_agreed_to_anew(
    room: Room, tess: FlaskClient, app: Flask
) -> None:
    act = {**shown(tess, page_of(room)), "ticked": "y", "typed_name": "Tess Marlow"}
    with app.app_context(), writing() as session:
        session.execute(update(Policy).values(wording="I will keep to this & to the <code>"))
    refused = tess.post(page_of(room), data=act)
    assert refused.status_code == 422
    assert "I will keep to this &amp; to the &lt;code&gt;" in refused.text
    assert "checked" not in refused.text and 'value="Tess Marlow"' not in refused.text
    assert of_tess(app) == 0
    assert tess.post(page_of(room), data={**hidden(refused.text), "ticked": "y"}).status_code == 302
    assert receipts(app)[-1].wording == "I will keep to this & to the <code>"


def test_row_66_a_version_replaced_meanwhile_is_refused_with_the_day(room: Room, tess: FlaskClient, app: Flask) -> None:
    act = {**shown(tess, page_of(room)), "ticked": "y"}
    with app.app_context(), writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        policy = session.scalars(select(Policy).where(Policy.public_id == room.policies["Behaviour"])).one()
        new = school.a_version(session, scope, policy, "# Behaviour, anew")
        school.put_in_force(session, scope, new, dt.date(2026, 11, 16))
        instead = f"/hillcrest/read/{new.public_id}"
    refused = tess.post(page_of(room), data=act)
    assert refused.status_code == 422
    assert "replaced on 16 November 2026. Read the new one" in text(refused.text)
    assert of_tess(app) == 0
    assert f'href="{instead}"' in refused.text and 'name="typed_name"' not in refused.text
    assert f'href="{instead}"' in tess.get("/hillcrest/my-reading").text, "though nobody is asked for the new one"
    assert tess.post(instead, data={**shown(tess, instead), "ticked": "y"}).status_code == 302
    assert instead not in tess.get("/hillcrest/my-reading").text.partition("Done")[0]


def test_row_67_nobody_can_acknowledge_for_somebody_else(room: Room, tess: FlaskClient, app: Flask) -> None:
    act = {**shown(tess, page_of(room)), "ticked": "y"}
    # a page that was open for Viv when Tess signed in at the same computer, and a form that somebody made up
    for another in ("reader", "person"):
        refused = tess.post(page_of(room), data={**act, another: room.people["Viv"]})
        assert refused.status_code == 403
        assert "Nobody can confirm for another person" in refused.text
    assert of_tess(app) == 0
    with app.app_context(), writing() as session:
        event = "acknowledging for somebody else refused"
        entries = session.scalars(select(JournalEntry).where(JournalEntry.event == event)).all()
        assert len(entries) == 2 and all("Tess Marlow" in (entry.payload or "") for entry in entries)
        assert verify(session, scope_by_slug(session, "hillcrest")).fault is None
    tess.post(page_of(room), data={**act, "person_id": "3"})
    with app.app_context(), writing() as session:
        [whose] = session.scalars(select(Acknowledgement.person_id).where(Acknowledgement.method == "signed_in"))
        assert school.someone(session, scope_by_slug(session, "hillcrest"), "New One").id != whose
    assert "Tess Marlow" in tess.get(f"/hillcrest/receipts/{receipts(app)[-1].reference}").text


def test_row_67_an_account_that_is_nobody_at_the_school_is_told_403(room: Room, maya: FlaskClient, app: Flask) -> None:
    page = maya.get(page_of(room)).text
    assert 'name="ticked"' not in page
    with app.app_context(), writing() as session:
        sha256 = session.scalar(
            select(PolicyVersion.documents_sha256).where(PolicyVersion.public_id == room.versions["Behaviour"])
        )
    act = {"documents": sha256, "text": "", "wording": "I have read and understood", "ticked": "y"}
    assert maya.post(page_of(room), data=act).status_code == 403
    assert of_tess(app) == 0


def test_the_act_is_in_the_record_of_changes_once(room: Room, tess: FlaskClient, app: Flask) -> None:
    def entries() -> int:
        with app.app_context(), writing() as session:
            query = select(func.count()).select_from(JournalEntry).where(JournalEntry.event == "acknowledged")
            return session.scalar(query) or 0

    before = entries()
    act = {**shown(tess, page_of(room)), "ticked": "y"}
    tess.post(page_of(room), data=act)
    tess.post(page_of(room), data=act)
    assert entries() == before + 1


def test_a_receipt_is_shown_to_its_owner_and_to_those_who_may_see_who_has_read(
    room: Room, client: FlaskClient, app: Flask
) -> None:
    noor = next(one.reference for one in receipts(app))
    path = f"/hillcrest/receipts/{noor}"
    answers = {}
    for who in ("tess@hillcrest.sch.uk", "Helen", "Prof. Iqbal", "Sam", "Mr Okafor", "Maya"):
        sign_in(client, who)
        answers[who] = client.get(path).status_code
        client.post("/sign-out")
    assert answers == {
        "tess@hillcrest.sch.uk": 404,
        "Helen": 404,
        "Prof. Iqbal": 404,
        "Sam": 200,
        "Mr Okafor": 200,
        "Maya": 200,
    }
    assert client.get(path).status_code == 303


def test_another_schools_version_and_receipt_are_not_there(room: Room, tess: FlaskClient) -> None:
    for path in (f"read/{room.foreign['version']}", f"receipts/{room.foreign['receipt']}", "read/none", "receipts/R-1"):
        assert tess.get(f"/hillcrest/{path}").status_code == 404
    assert tess.post(f"/hillcrest/read/{room.foreign['version']}", data={"ticked": "y"}).status_code == 404


def test_a_withdrawn_receipt_says_so_and_the_policy_is_to_be_read_again(
    room: Room, tess: FlaskClient, app: Flask
) -> None:
    tess.post(page_of(room), data={**shown(tess, page_of(room)), "ticked": "y"})
    reference = receipts(app)[-1].reference
    with app.app_context(), writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        withdraw(session, scope, MAYA, receipt_referenced(session, scope, reference), "Wrong policy", NOW)
    page = text(tess.get(f"/hillcrest/receipts/{reference}").text)
    assert "Withdrawn" in page and "Wrong policy" in page and "Recorded" not in page
    assert 'name="ticked"' in tess.get(page_of(room)).text


def test_my_reading_lists_what_is_asked_the_most_urgent_first_and_what_is_done(
    room: Room, tess: FlaskClient, app: Flask
) -> None:
    page = text(tess.get("/hillcrest/my-reading").text)
    assert page.index("Behaviour Policy") < page.index("Complaints Procedure")
    assert "eading overdue" in page and "Lone Working" not in page and "Zed's Policy" not in page
    tess.post(page_of(room), data={**shown(tess, page_of(room)), "ticked": "y"})
    page = text(tess.get("/hillcrest/my-reading").text)
    assert page.index("Complaints Procedure") < page.index("Behaviour Policy")
    assert receipts(app)[-1].reference in page and "eading overdue" not in page


def test_my_reading_of_an_account_that_is_nobody_here_says_so(room: Room, maya: FlaskClient) -> None:
    assert maya.get("/hillcrest/my-reading").status_code == 200
