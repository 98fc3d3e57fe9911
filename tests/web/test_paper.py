"""Signed paper: nobody is ticked beforehand, a list is looked at first, and errors stand at their rows."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from governance.db import writing
from governance.tenancy import Scope, scope_by_slug
from tests.hillcrest import NOW, divide
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


PAPER = "/hillcrest/reading/paper"
HEADER = "staff_number,reference,version,acknowledged_on,method,witness\n"


@pytest.fixture
def sam(room: Room, client: FlaskClient) -> FlaskClient:
    """Sam of HR, signed in."""
    sign_in(client, "Sam")
    return client


def sheet(room: Room, policy: str = "Behaviour", who: str = "waiting") -> str:
    return f"{PAPER}/sheet/{room.versions[policy]}?who={who}"


def signed(room: Room, *names: str, **changes: str) -> dict[str, object]:
    typed: dict[str, object] = {"signed_on": "13 November 2026", "witness": "Maya Lund"}
    return {**typed, **changes, "people": [room.people[name] for name in names]}


def test_the_sheet_lists_those_who_have_not_read_and_ticks_nobody(room: Room, sam: FlaskClient) -> None:
    page = sam.get(sheet(room))
    assert "Tess Marlow" in page.text and "Viv Ash" in page.text and "O&#39;Neill" not in page.text
    assert " checked" not in page.text and 'value="Maya' not in page.text
    assert "Bea Old" in sam.get(sheet(room, who="all")).text
    assert "Bea Old" not in sam.get(sheet(room, who="here")).text


def test_a_sheet_gives_a_receipt_for_everybody_ticked(room: Room, sam: FlaskClient, app: Flask) -> None:
    assert sam.post(sheet(room), data=signed(room, "Tess", "Viv")).status_code == 302
    given = reading_room.receipts(app)[-2:]
    assert {one.method for one in given} == {"paper"} and {one.witness for one in given} == {"Maya Lund"}
    assert {str(one.acknowledged_on) for one in given} == {"2026-11-13"}


def test_a_sheet_of_another_make_is_entered_for_the_part_that_stands_on_it(
    room: Room, sam: FlaskClient, app: Flask
) -> None:
    assert "Parts that stand on the sheet" not in sam.get(sheet(room)).text
    with app.app_context(), writing() as session:
        divide(session, scope_by_slug(session, "hillcrest"), "Behaviour Policy")
    page = sam.get(sheet(room))
    assert "Parts that stand on the sheet" in page.text and " checked" not in page.text
    unknown = sam.post(sheet(room), data={**signed(room, "Tess"), "parts": "7"})
    assert unknown.status_code == 422 and "Part one" in unknown.text
    assert sam.post(sheet(room), data={**signed(room, "Tess"), "parts": "0"}).status_code == 302
    assert sam.post(sheet(room, who="here"), data=signed(room, "Viv")).status_code == 302
    assert [one.parts for one in reading_room.receipts(app)[-2:]] == [1, 0]


def test_row_68_future_no_witness_duplicate_leaver_are_told_at_their_rows_and_nothing_is_kept(
    room: Room, sam: FlaskClient, app: Flask
) -> None:
    before = len(reading_room.receipts(app))
    future = sam.post(sheet(room), data=signed(room, "Tess", signed_on="17 November 2026"))
    assert future.status_code == 422 and "is in the future" in text(future.text)
    assert (
        " checked" in future.text and 'value="17 November 2026"' in future.text and 'value="Maya Lund"' in future.text
    )
    unseen = sam.post(sheet(room), data=signed(room, "Tess", witness=" "))
    assert unseen.status_code == 422 and "who saw the paper signed" in text(unseen.text)
    twice = sam.post(sheet(room, who="all"), data=signed(room, "Tess", "Noor", signed_on="5 October 2026"))
    assert twice.status_code == 422 and "Noor O'Neill has a receipt of that day already" in text(twice.text)
    left = sam.post(sheet(room, who="all"), data=signed(room, "Tess", "Bea"))
    assert left.status_code == 422 and "Bea Old left on 31 October 2026" in text(left.text)
    assert f'href="#person-{room.people["Bea"]}"' in left.text and f'id="person-{room.people["Bea"]}"' in left.text
    nobody = sam.post(sheet(room), data=signed(room))
    assert nobody.status_code == 422 and "Tick everybody who signed" in text(nobody.text)
    assert len(reading_room.receipts(app)) == before


def upload(client: FlaskClient, content: str | bytes, name: str = "receipts.csv") -> TestResponse:
    data = content.encode() if isinstance(content, str) else content
    return client.post(f"{PAPER}/import", data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")


def test_a_list_is_looked_at_first_and_recorded_when_confirmed(room: Room, sam: FlaskClient, app: Flask) -> None:
    before = len(reading_room.receipts(app))
    rows = (
        "N-Tess-Marlow,POL-001,1,2026-11-12,paper,Maya Lund\n"
        "n-viv-ash,pol-001,1,12/11/2026,,Maya Lund\n"
        "N-Noor-O'Neill,POL-001,1,2026-10-05,paper,Maya Lund\n"
    )
    held = upload(sam, HEADER + rows)
    assert held.status_code == 302
    page = sam.get(held.location)
    said = text(page.text)
    assert "2 new receipts; 1 row recorded already" in said and "0 rows with errors" in said
    assert len(reading_room.receipts(app)) == before
    seen = page.text.split('name="seen"')[1].split('value="')[1].split('"')[0]
    assert sam.post(held.location, data={"seen": seen}).status_code == 302
    assert len(reading_room.receipts(app)) == before + 2
    assert sam.get(held.location).status_code == 404  # it is used up
    again = upload(sam, HEADER + rows)
    assert "The list adds nothing" in text(sam.get(again.location).text)


def test_a_list_names_the_parts_that_were_read(room: Room, sam: FlaskClient, app: Flask) -> None:
    with app.app_context(), writing() as session:
        divide(session, scope_by_slug(session, "hillcrest"), "Behaviour Policy")
    rows = ("N-Tess-Marlow,POL-001,1,2026-11-12,paper,Maya Lund", "N-Viv-Ash,POL-001,1,2026-11-12,paper,Maya Lund")
    held = upload(sam, f"{HEADER.strip()},parts\n{rows[0]},part one\n{rows[1]},Part two\n")
    page = sam.get(held.location)
    assert "Behaviour Policy, Part one only" in text(page.text)
    assert "3 POL-001 has no part “Part two”. Its parts are: Part one; Annex B." in text(page.text)
    seen = page.text.split('name="seen"')[1].split('value="')[1].split('"')[0]
    assert sam.post(held.location, data={"seen": seen, "leave_out": "y"}).status_code == 302
    assert [one.parts for one in reading_room.receipts(app)][-1] == 1


def test_rows_with_errors_are_named_and_left_out_only_when_that_is_said(
    room: Room, sam: FlaskClient, app: Flask
) -> None:
    before = len(reading_room.receipts(app))
    rows = (
        "N-Tess-Marlow,POL-001,1,2026-11-12,paper,Maya Lund\n"
        "N-Bea-Old,POL-001,1,2026-11-12,paper,Maya Lund\n"
        "N-Viv-Ash,POL-001,1,2027-11-12,paper,Maya Lund\n"
        "N-Viv-Ash,POL-001,1,2026-11-12,paper,\n"
        "N-Viv-Ash,POL-001,nine,31/02/2027,paper,Maya Lund\n"
        "N-Zoe-Farr,POL-001,1,2026-11-12,paper,Maya Lund\n"
        ",,,,,\n"
    )
    held = upload(sam, HEADER + rows)
    page = sam.get(held.location)
    said = text(page.text)
    assert "1 new receipt;" in said and "5 rows with errors" in said
    told = (
        "3 N-Bea-Old left on 31 October 2026",
        "4 12 November 2027 is in the future",
        "5 Enter who saw",
        "6 Version must",
        "7 Nobody in this school",
    )
    for row in told:
        assert row in said, row
    assert "Row 8 has nothing in it" in said
    seen = page.text.split('name="seen"')[1].split('value="')[1].split('"')[0]
    refused = sam.post(held.location, data={"seen": seen})
    assert refused.status_code == 422 and "Some rows have errors" in text(refused.text)
    assert len(reading_room.receipts(app)) == before
    assert sam.post(held.location, data={"seen": seen, "leave_out": "y"}).status_code == 302
    assert len(reading_room.receipts(app)) == before + 1


def test_what_changed_since_the_preview_is_shown_again_before_anything_is_recorded(
    room: Room, sam: FlaskClient, app: Flask
) -> None:
    held = upload(
        sam,
        HEADER + "N-Tess-Marlow,POL-001,1,2026-11-13,paper,Maya Lund\nN-Viv-Ash,POL-001,1,2026-11-13,paper,Maya Lund\n",
    )
    seen = sam.get(held.location).text.split('name="seen"')[1].split('value="')[1].split('"')[0]
    sam.post(sheet(room), data=signed(room, "Tess"))
    before = len(reading_room.receipts(app))
    refused = sam.post(held.location, data={"seen": seen})
    assert refused.status_code == 422 and "changed since you looked" in text(refused.text)
    assert "1 new receipt;" in text(refused.text)
    assert len(reading_room.receipts(app)) == before


@pytest.mark.parametrize(
    "content,why",
    [
        ("", "empty"),
        ("staff_number,version\nN-Tess-Marlow,1\n", "There is no column reference"),
        ("staff_number,staff_number,reference,version,acknowledged_on\n", "is there twice"),
        (b"%PDF-1.7 not a list", "no list of rows"),
    ],
)
def test_a_file_that_is_no_list_is_refused(room: Room, sam: FlaskClient, content: str | bytes, why: str) -> None:
    page = upload(sam, content)
    assert page.status_code == 422 and why in text(page.text)


def test_a_list_longer_than_the_limit_is_refused(room: Room, sam: FlaskClient, app: Flask) -> None:
    app.extensions["countersign_settings"] = dataclasses.replace(app.extensions["countersign_settings"], import_rows=3)
    page = upload(sam, HEADER + "N-Tess-Marlow,POL-001,1,2026-11-12,paper,Maya Lund\n" * 4)
    assert page.status_code == 422 and "more than 3 rows" in text(page.text)


def test_a_cancelled_list_is_gone(room: Room, sam: FlaskClient, app: Flask) -> None:
    before = len(reading_room.receipts(app))
    held = upload(sam, HEADER + "N-Tess-Marlow,POL-001,1,2026-11-12,paper,Maya Lund\n")
    assert sam.post(f"{held.location}/cancel").status_code == 302
    assert sam.get(held.location).status_code == 404
    assert len(reading_room.receipts(app)) == before


def test_another_schools_version_people_and_lists_are_not_there(room: Room, sam: FlaskClient, app: Flask) -> None:
    theirs = f"{PAPER}/sheet/{room.foreign['version']}"
    assert sam.get(theirs).status_code == sam.post(theirs, data=signed(room, "Tess")).status_code == 404
    foreign = sam.post(
        sheet(room), data={"signed_on": "13 November 2026", "witness": "M", "people": [room.foreign["person"]]}
    )
    assert foreign.status_code == 404
    held = upload(sam, HEADER + "N-Tess-Marlow,POL-001,1,2026-11-12,paper,Maya Lund\n")
    other = app.test_client()
    sign_in(other, "zed@zeds.sch.uk")
    assert other.get(held.location).status_code == 404
    assert other.get(held.location.replace("/hillcrest/", "/zeds/")).status_code == 404


def test_paper_is_for_those_who_may_enter_it(room: Room, client: FlaskClient) -> None:
    sign_in(client, "Mr Okafor")
    assert client.get(PAPER).status_code == client.get(sheet(room)).status_code == 403
    assert client.post(sheet(room), data=signed(room, "Tess")).status_code == 403
