"""Lists by name, one policy, one person: who may see them, and the acts that hang on them."""

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
def sam(room: Room, client: FlaskClient) -> FlaskClient:
    """Sam of HR, signed in."""
    sign_in(client, "Sam")
    return client


def person_page(room: Room, who: str = "Tess", policy: str = "Behaviour") -> str:
    return f"/hillcrest/policies/{room.policies[policy]}/reading/{room.people[who]}"


def test_the_overdue_list_names_the_person_the_policy_and_the_days_late(room: Room, sam: FlaskClient) -> None:
    said = text(sam.get("/hillcrest/reading/overdue").text)
    assert "2 readings of 2 people" in said
    assert "Tess Marlow" in said and "Viv Ash" in said and "Noor" not in said
    assert "Behaviour Policy" in said and "1 Oct 2026 15 Oct 2026 32" in said


def test_the_lists_are_narrowed_to_a_category_and_a_policy(room: Room, sam: FlaskClient) -> None:
    only = {"category": room.categories["volunteers"]}
    said = text(sam.get("/hillcrest/reading/overdue", query_string=only).text)
    assert "1 reading of 1 person" in said and "Viv Ash" in said and "Tess Marlow" not in said
    complaints = {"policy": room.policies["Complaints"]}
    assert "Nobody's reading is overdue" in text(sam.get("/hillcrest/reading/overdue", query_string=complaints).text)
    waiting = text(sam.get("/hillcrest/reading/outstanding", query_string=complaints).text)
    assert "2 readings of 2 people" in waiting and "Not yet read" in waiting


def test_the_overdue_list_of_an_earlier_day_is_of_that_day(room: Room, sam: FlaskClient) -> None:
    said = text(sam.get("/hillcrest/reading/overdue", query_string={"on": "2026-10-16"}).text)
    assert "As things stood on 16 October 2026" in said and "15 Oct 2026 1" in said


@pytest.mark.parametrize("name,value", [("category", "category"), ("policy", "policy")])
def test_another_schools_category_or_policy_is_not_there(room: Room, sam: FlaskClient, name: str, value: str) -> None:
    for path in ("/hillcrest/reading/overdue", "/hillcrest/reading/outstanding"):
        foreign = sam.get(path, query_string={name: room.foreign[value]})
        absent = sam.get(path, query_string={name: "00000000-0000-4000-8000-000000000000"})
        assert foreign.status_code == absent.status_code == 404
        assert text(foreign.text) == text(absent.text)


def test_a_policys_page_puts_everybody_where_they_stand(room: Room, sam: FlaskClient) -> None:
    said = text(sam.get(f"/hillcrest/policies/{room.policies['Behaviour']}/reading").text)
    assert "1 of 3 have read it" in said
    assert "Reading overdue (2)" in said and "Read (1)" in said and "Not yet read (0)" in said
    assert "Noor O'Neill" in said and "on paper, seen by Maya Lund" in said
    assert "Other receipts" in said and "Bea Old" in said  # she left, and her receipt stays


def test_a_policys_page_of_a_category_is_about_that_category(room: Room, sam: FlaskClient) -> None:
    path = f"/hillcrest/policies/{room.policies['Behaviour']}/reading?category={room.categories['volunteers']}"
    said = text(sam.get(path).text)
    assert "0 of 1 have read it" in said and "Viv Ash" in said and "Tess Marlow" not in said


def test_more_time_moves_one_persons_day(room: Room, sam: FlaskClient) -> None:
    answer = sam.post(
        person_page(room) + "/more-time", data={"until_on": "30 November 2026", "reason": "Back from a long course"}
    )
    assert answer.status_code == 302
    said = text(sam.get(person_page(room)).text)
    assert "Not yet read" in said and "30 November 2026" in said and "Back from a long course" in said


def test_more_time_without_a_reason_is_refused_and_the_day_kept(room: Room, sam: FlaskClient) -> None:
    page = sam.post(person_page(room) + "/more-time", data={"until_on": "30 November 2026", "reason": " "})
    assert page.status_code == 422
    assert "Give the reason" in page.text and 'value="30 November 2026"' in page.text
    assert page.text.startswith("\n") or "<title>Error: " in page.text


@pytest.mark.parametrize(
    "until_on,why",
    [
        ("1 October 2026", "today or a later day"),
        ("31/02/2027", "February"),
        ("", "Enter the day"),
    ],
)
def test_more_time_until_a_day_that_cannot_be_is_refused(room: Room, sam: FlaskClient, until_on: str, why: str) -> None:
    page = sam.post(person_page(room) + "/more-time", data={"until_on": until_on, "reason": "Ill"})
    assert page.status_code == 422 and why in text(page.text)


def test_not_needed_and_needed_again(room: Room, sam: FlaskClient) -> None:
    away = sam.post(
        person_page(room) + "/not-needed", data={"from_on": "16 November 2026", "reason": "Does the other site's"}
    )
    assert away.status_code == 302
    assert "Not needed" in text(sam.get(person_page(room)).text)
    again = sam.post(person_page(room) + "/not-needed", data={"from_on": "1 December 2026", "reason": "Again"})
    assert again.status_code == 422 and "excused from 16 November 2026 already" in text(again.text)
    ended = sam.post(person_page(room) + "/needed-again", data={"until_on": "20 November 2026"})
    assert ended.status_code == 302
    assert "20 November 2026" in text(sam.get(person_page(room)).text)


def test_a_receipt_is_withdrawn_with_a_reason_and_stays_on_the_record(room: Room, sam: FlaskClient, app: Flask) -> None:
    reference = reading_room.receipts(app)[0].reference
    path = f"/hillcrest/receipts/{reference}/withdraw"
    assert sam.post(path, data={"reason": ""}).status_code == 422
    assert sam.post(path, data={"reason": "Ticked the row above"}).status_code == 302
    said = text(sam.get(person_page(room, "Noor")).text)
    assert "Withdrawn by" in said and "Ticked the row above" in said and "Reading overdue" in said
    again = sam.post(path, data={"reason": "Twice"})
    assert again.status_code == 422 and "already withdrawn" in text(again.text)


def test_the_sheet_names_those_who_have_not_read(room: Room, sam: FlaskClient) -> None:
    said = text(sam.get(f"/hillcrest/policies/{room.policies['Behaviour']}/reading/sheet").text)
    assert "Tess Marlow" in said and "Viv Ash" in said and "Noor" not in said
    assert "I have read and understood" in said and "Make the sheet to print" in said


def test_the_headteacher_may_ease_but_not_withdraw(room: Room, client: FlaskClient, app: Flask) -> None:
    sign_in(client, "Mr Okafor")
    assert client.get(person_page(room) + "/more-time").status_code == 200
    reference = reading_room.receipts(app)[0].reference
    assert client.get(f"/hillcrest/receipts/{reference}/withdraw").status_code == 403
    assert "Withdraw<" not in client.get(person_page(room, "Noor")).text


def test_the_clerk_sees_no_names(room: Room, client: FlaskClient) -> None:
    sign_in(client, "Helen")
    for path in (
        person_page(room),
        person_page(room) + "/more-time",
        f"/hillcrest/policies/{room.policies['Lone']}/reading",
    ):
        assert client.get(path).status_code == 403


@pytest.mark.parametrize("act", ["", "/more-time", "/not-needed", "/needed-again"])
def test_another_schools_person_and_policy_are_not_there(room: Room, sam: FlaskClient, act: str) -> None:
    mine, theirs = room.policies["Behaviour"], room.foreign
    for policy, person in ((mine, theirs["person"]), (theirs["policy"], room.people["Tess"])):
        path = f"/hillcrest/policies/{policy}/reading/{person}{act}"
        assert sam.get(path).status_code == 404
        if act:
            assert sam.post(
                path, data={"until_on": "30 November 2026", "from_on": "today", "reason": "x"}
            ).status_code in (404, 422)
    assert sam.get(f"/hillcrest/receipts/{theirs['receipt']}/withdraw").status_code == 404
    assert sam.post(f"/hillcrest/receipts/{theirs['receipt']}/withdraw", data={"reason": "x"}).status_code == 404
