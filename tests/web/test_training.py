"""A training session on screen, and what was given and not signed: looked at first, recorded by a named person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from governance.tenancy import Scope
from tests.checkers import html_faults
from tests.hillcrest import NOW
from tests.web import reading_room
from tests.web.people import sign_in
from tests.web.reading_room import Room, Statements, text

TRAINING = "/hillcrest/training"


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def room(hillcrest: Scope, app: Flask) -> Room:
    return reading_room.furnish(app)


@pytest.fixture
def sam(room: Room, client: FlaskClient) -> FlaskClient:
    sign_in(client, "Sam")
    return client


def details(room: Room, *policies: str, **changes: Any) -> dict[str, Any]:
    chosen = [room.policies[one] for one in policies or ("Behaviour", "Complaints")]
    typed = {"title": "INSET day", "held_on": "16 November 2026", "led_by": "Mr Okafor", "who": "everyone"}
    return {**typed, "policies": chosen, **changes}


def seen_on(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found.group(1)


def test_a_session_is_looked_at_then_recorded_for_everybody_but_the_absent(
    room: Room, sam: FlaskClient, app: Flask
) -> None:
    before = len(reading_room.receipts(app))
    new = sam.get(f"{TRAINING}/new").text
    asked = details(room)
    page = sam.post(f"{TRAINING}/new", data=asked).text
    said = text(page)
    assert "3 people present, 5 receipts to record. Nothing is recorded yet." in said
    assert " checked" not in page and 'name="typed_name" type="text"' in page
    assert "Bea Old: left before that day" in said and "“I have read and understood” for Behaviour Policy" in said
    again = sam.post(f"{TRAINING}/new", data={**asked, "absent": [room.people["Viv"]]}).text
    assert "2 people present, 3 receipts to record" in text(again) and again.count(" checked") == 1
    assert len(reading_room.receipts(app)) == before
    act = {**asked, "absent": [room.people["Viv"]], "seen": seen_on(page)}
    unnamed = sam.post(TRAINING, data=act)
    assert unnamed.status_code == 422 and "Type your name" in text(unnamed.text) and " checked" in unnamed.text
    done = sam.post(TRAINING, data={**act, "typed_name": "Sam Achebe"}, follow_redirects=True)
    shown = text(done.text)
    assert (
        "The session is recorded, with 3 receipts." in shown and "Not there (2)" in shown and "Viv Ash Absent" in shown
    )
    given = reading_room.receipts(app)[before:]
    assert {(one.method, one.witness) for one in given} == {("session", "Mr Okafor")} and len(given) == 3
    receipt = sam.get(f"/hillcrest/receipts/{given[0].reference}").text
    assert "At a training session, led by Mr Okafor" in text(receipt) and "INSET day" in receipt
    listed = sam.get(TRAINING).text
    assert "INSET day" in listed
    pages = {"new": new, "check": page, "unnamed": unnamed.text, "done": done.text, "receipt": receipt, "list": listed}
    assert not html_faults(pages)


def test_a_second_press_and_a_changed_record_make_nothing(room: Room, sam: FlaskClient, app: Flask) -> None:
    asked = details(room)
    seen = seen_on(sam.post(f"{TRAINING}/new", data=asked).text)
    act = {**asked, "seen": seen, "typed_name": "Sam Achebe"}
    assert sam.post(TRAINING, data={**act, "seen": "0" * 64}).status_code == 422
    assert sam.post(TRAINING, data=act).status_code == 302
    count = len(reading_room.receipts(app))
    second = sam.post(TRAINING, data=act)
    assert second.status_code == 422 and "recorded already" in text(second.text)
    assert len(reading_room.receipts(app)) == count


def test_what_is_wrong_with_a_session_stands_at_its_fields(room: Room, sam: FlaskClient) -> None:
    category = re.search(r'name="categories"[^>]* value="([^"]+)"', sam.get(f"{TRAINING}/new").text)[1]
    cases = [
        ({"title": " "}, "Enter what the session was", "title"),
        ({"held_on": "17 November 2026"}, "is in the future", "held_on"),
        ({"held_on": "31 February 2026"}, "31 February", "held_on"),
        ({"led_by": ""}, "Enter who led the session", "led_by"),
        ({"policies": []}, "Choose at least one policy", "policies"),
        ({"who": "categories"}, "at least one category", "categories"),
        ({"categories": [category]}, "Categories are ticked. Choose", "who"),
        ({"held_on": "1 August 2026"}, "No version of Behaviour Policy was in force", "policies"),
        ({"led_by": "a\u202eb"}, "cannot store", "led_by"),
    ]
    for changes, why, field in cases:
        answer = sam.post(f"{TRAINING}/new", data=details(room, **changes))
        assert answer.status_code == 422 and why in text(answer.text), changes
        assert f'href="#{field}"' in answer.text, changes


def test_the_clerk_and_the_front_door_cannot_record_a_session(room: Room, client: FlaskClient) -> None:
    sign_in(client, "Helen")
    assert client.get(TRAINING).status_code == client.get(f"{TRAINING}/new").status_code == 403
    assert client.post(TRAINING, data=details(room, typed_name="Helen")).status_code == 403


def test_recording_takes_few_statements_whatever_the_size(room: Room, sam: FlaskClient, app: Flask) -> None:
    reading_room.add_policies(app, range(3))
    figures = []
    for people in (0, 57):
        with app.app_context():
            from governance.db import writing
            from governance.tenancy import scope_by_slug
            from tests import hillcrest

            with writing() as session:
                scope = scope_by_slug(session, "hillcrest")
                for n in range(people):
                    hillcrest.someone(session, scope, f"P{n} Reader")
        page = sam.get(f"{TRAINING}/new").text
        policies = re.findall(r'name="policies" type="checkbox" value="([^"]+)"', page)
        asked = {**details(room, title=f"INSET {people}"), "policies": policies[:2] + policies[3:]}
        seen = seen_on(sam.post(f"{TRAINING}/new", data=asked).text)
        with Statements(app) as statements:
            done = sam.post(TRAINING, data={**asked, "seen": seen, "typed_name": "Sam"})
        assert done.status_code == 302, text(done.text)
        figures.append(len(statements))
    print(f"{figures} statements for 3 and for 60 people")
    assert figures[1] - figures[0] <= 2 and figures[1] <= 45


def test_given_not_signed_is_recorded_shown_and_taken_back(room: Room, sam: FlaskClient, app: Flask) -> None:
    before = len(reading_room.receipts(app))
    here = f"/hillcrest/policies/{room.policies['Behaviour']}/reading/{room.people['Tess']}"
    assert "Given, not signed" in sam.get(here).text
    form = sam.get(f"{here}/given-not-signed").text
    for changes, why in (
        ({"given_on": "17 November 2026"}, "in the future"),
        ({"witness": ""}, "who saw that it was given"),
        ({"given_on": "1 September 2026"}, "asked of them from 1 October 2026"),
    ):
        typed = {"given_on": "16 November 2026", "witness": "Maya Lund", "note": "Asks the union", **changes}
        answer = sam.post(f"{here}/given-not-signed", data=typed)
        assert answer.status_code == 422 and why in text(answer.text) and "Asks the union" in answer.text
    typed = {"given_on": "16 November 2026", "witness": "Maya Lund", "note": "Asks the union"}
    done = sam.post(f"{here}/given-not-signed", data=typed, follow_redirects=True).text
    assert "did not sign" in text(done) and "Asks the union" in done and len(reading_room.receipts(app)) == before
    record = text(sam.get(f"/hillcrest/people/{room.people['Tess']}/reading").text)
    assert "Given, not signed" in record and "Maya Lund" in record
    assert "Given, not signed (1)" in text(sam.get(f"/hillcrest/policies/{room.policies['Behaviour']}/reading").text)
    overdue = "/hillcrest/reading/overdue"
    assert "Tess Marlow" not in sam.get(overdue).text
    back = f"{here}/given-not-signed/" + done.split(f"{here}/given-not-signed/")[1].partition('"')[0]
    assert sam.post(back, data={"reason": " "}).status_code == 422
    taking = sam.get(back).text
    gone = sam.post(back, data={"reason": "It was Noor"}, follow_redirects=True).text
    assert "Taken back by" in gone and "It was Noor" in gone and "Tess Marlow" in sam.get(overdue).text
    assert not html_faults({"form": form, "done": done, "taking": taking, "gone": gone})
    elsewhere = back.replace(room.people["Tess"], room.people["Viv"])
    assert sam.get(elsewhere).status_code == 404


def test_whoever_did_not_sign_still_finds_it_to_read(room: Room, sam: FlaskClient, app: Flask) -> None:
    here = f"/hillcrest/policies/{room.policies['Behaviour']}/reading/{room.people['Tess']}"
    sam.post(f"{here}/given-not-signed", data={"given_on": "16 November 2026", "witness": "Maya Lund", "note": ""})
    tess = app.test_client()
    sign_in(tess, "tess@hillcrest.sch.uk")
    assert "Behaviour Policy" in text(tess.get("/hillcrest/my-reading").text).partition("Done")[0]
    assert "Confirm that you have read it" in tess.get(f"/hillcrest/read/{room.versions['Behaviour']}").text
