"""Sheets on screen: made, printed, entered with a scan, told row by row, and found again from a receipt."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
import segno
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from governance.accounts.permissions import Role
from governance.db import reading, writing
from governance.people.models import Person
from governance.reading.paper_models import Sheet
from governance.reading.sheet_pages import code_of, pages
from governance.reading.sheet_queries import parts_of
from governance.tenancy import Scope, scope_by_slug
from tests.checkers import html_faults
from tests.hillcrest import NOW, divide
from tests.render.pdf_checks import failures, links_of, text_of
from tests.web import reading_room
from tests.web.people import account, sign_in
from tests.web.reading_room import Room, text

PAPER = "/hillcrest/reading/paper"


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


@pytest.fixture
def desk(room: Room, app: Flask) -> FlaskClient:
    """The front desk, signed in."""
    with app.app_context(), writing() as session:
        account(session, scope_by_slug(session, "hillcrest"), "desk@hillcrest.sch.uk", (Role.FRONT_DESK,))
    client = app.test_client()
    sign_in(client, "desk@hillcrest.sch.uk")
    return client


def picture(kind: str = "JPEG") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(made, kind)
    return made.getvalue()


def printed(client: FlaskClient, room: Room, policy: str = "Behaviour", **typed: str) -> str:
    """Make a sheet of a policy; the address of its page."""
    made = client.post(f"/hillcrest/policies/{room.policies[policy]}/reading/sheet", data=typed)
    assert made.status_code == 302, made.text
    return str(made.location)


def signed(room: Room, *names: str, scans: tuple[tuple[bytes, str], ...] = (), **changes: Any) -> dict[str, Any]:
    typed: dict[str, Any] = {"signed_on": "16 November 2026", "witness": "Maya Lund", **changes}
    for field in ("declined", "aloud"):
        typed[field] = [room.people[name] for name in changes.get(field, ())]
    files = [(io.BytesIO(data), name) for data, name in scans]
    return {**typed, "people": [room.people[name] for name in names], **({"scans": files} if files else {})}


def test_a_policys_sheet_is_looked_at_made_and_has_an_address_of_its_own(room: Room, sam: FlaskClient) -> None:
    page = sam.get(f"/hillcrest/policies/{room.policies['Behaviour']}/reading/sheet").text
    assert "Tess Marlow" in page and "Viv Ash" in page and "Noor" not in page
    at = printed(sam, room, witness="Mr Okafor")
    shown = sam.get(at).text
    assert "0 of 2 people entered so far" in text(shown) and "Printed on the sheet: Mr Okafor" in text(shown)
    assert " checked" not in shown and 'value="Mr Okafor' not in shown
    number = at.rpartition("/")[2]
    assert sam.get(f"{PAPER}/open?number={number.lower().replace('-', '')}").location == at
    missing = sam.get(f"{PAPER}/open?number=S-ZZZ-ZZZ")
    assert missing.status_code == 422 and "There is no sheet S-ZZZ-ZZZ" in text(missing.text)
    assert number in sam.get(PAPER).text


def test_where_nobody_is_left_there_is_a_sentence_and_no_sheet(room: Room, sam: FlaskClient, app: Flask) -> None:
    lone = f"/hillcrest/policies/{room.policies['Lone']}/reading/sheet"
    page = sam.get(lone).text
    assert "Nobody has it left to read" in text(page) and "Make the sheet" not in page
    assert sam.post(lone).status_code == 422
    with app.app_context(), reading() as session:
        assert session.scalars(select(Sheet)).all() == []
    none = sam.get(f"/hillcrest/sheets/category?category={room.categories['governors']}").text
    assert "Nobody in Governors has anything left to read" in text(none)


def test_the_pdf_is_accessible_names_everybody_and_carries_its_code_on_every_page(
    room: Room, sam: FlaskClient, app: Flask
) -> None:
    with app.app_context(), writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        from tests import hillcrest as school

        for n in range(30):
            school.someone(session, scope, f"Ní{n} <b>O'Neill</b> 李 {{{{7*7}}}} %s", ("volunteers",))
    at = printed(sam, room)
    number = at.rpartition("/")[2]
    answer = sam.get(f"{at}/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment") and answer.mimetype == "application/pdf"
    made = answer.data
    assert failures(made) == []
    sheets = text_of(made)
    assert len(sheets) >= 3 and all(f"Sheet {number}" in one and f"/hillcrest/sheets/{number}" in one for one in sheets)
    whole = " ".join(sheets)
    assert "Tess Marlow" in whole and "Ní7 <b>O'Neill</b> 李 {{7*7}} %s" in whole
    assert "By signing I confirm: I have read and understood" in whole and "Behaviour Policy" in whole
    with app.app_context(), reading() as session:
        sheet = session.scalars(select(Sheet)).one()
        version = parts_of(session, sheet)[0].versions[0]
        again = pages(
            sheet, parts_of(session, sheet), "Hillcrest Primary School", f"http://localhost/hillcrest/sheets/{number}"
        )
    assert version.shown.documents_sha256 in whole.replace(" ", "")
    assert again == made, "the same sheet gives the same bytes"
    assert links_of(made) == set()


def test_where_a_part_is_asked_the_paper_names_it_and_so_does_the_screen(
    room: Room, sam: FlaskClient, app: Flask
) -> None:
    with app.app_context(), writing() as session:
        divide(session, scope_by_slug(session, "hillcrest"), "Behaviour Policy", code="teachers")
    before = text(sam.get(f"/hillcrest/policies/{room.policies['Behaviour']}/reading/sheet").text)
    assert "1 person: Behaviour Policy, version 1 (Part one only) Tess Marlow." in before
    at = printed(sam, room)
    shown = text(sam.get(at).text)
    assert "Part 2: Behaviour Policy, Part one only" in shown or "Part 1: Behaviour Policy, Part one only" in shown
    made = sam.get(f"{at}/pdf").data
    said = " ".join(text_of(made))
    assert failures(made) == []
    assert "Behaviour Policy: Part one only" in said
    assert "By signing I confirm: I have read and understood. This is for: Part one." in said
    assert sam.post(at, data=signed(room, "Tess", "Viv")).status_code == 302
    assert [one.parts for one in sorted(reading_room.receipts(app), key=lambda one: one.id)[-2:]] in ([0, 1], [1, 0])


def test_the_code_is_the_sheets_address() -> None:
    address = "http://localhost/hillcrest/sheets/S-K7M-4QX"
    expected = segno.make_qr(address, error="m")
    assert code_of(address) == expected.svg_data_uri(scale=4, border=2, encode_minimal=False)
    assert expected.matrix == segno.make_qr(address, error="m").matrix
    assert code_of(address) != code_of(address.replace("4QX", "4QY")) and code_of(address).startswith("data:image/svg")


def test_signed_rows_become_receipts_with_their_scan_which_opens_from_the_receipt(
    room: Room, sam: FlaskClient, app: Flask
) -> None:
    at, photo = printed(sam, room), picture()
    data = signed(room, "Tess", "Viv", aloud=["Viv"], explained_by="Sam Achebe", scans=((photo, "signed.jpg"),))
    done = sam.post(at, data=data, follow_redirects=True)
    assert "2 receipts are recorded" in text(done.text) and "2 of 2 people entered so far" in text(done.text)
    given = {one.method: one for one in reading_room.receipts(app)[-2:]}
    assert set(given) == {"paper", "read_aloud"} and {one.assurance for one in given.values()} == {"paper_scanned"}
    receipt = sam.get(f"/hillcrest/receipts/{given['read_aloud'].reference}").text
    assert "read aloud or explained by Sam Achebe, seen by Maya Lund" in text(receipt)
    scan = receipt.split('href="')[next(n for n, one in enumerate(receipt.split('href="')) if "/scans/" in one)]
    opened = sam.get(scan.partition('"')[0])
    assert opened.status_code == 200 and opened.data == photo and opened.mimetype == "image/jpeg"
    assert opened.headers["Content-Disposition"].startswith('attachment; filename="signed.jpg"')
    assert opened.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in opened.headers["Content-Security-Policy"]
    assert not html_faults({"receipt": receipt, "entered": sam.get(at).text})


def test_row_68_is_told_at_the_rows_and_what_was_typed_stays(room: Room, sam: FlaskClient, app: Flask) -> None:
    at, before = printed(sam, room), len(reading_room.receipts(app))
    late = signed(room, "Tess", signed_on="17 November 2026", scans=((picture("PNG"), "signed.png"),))
    answer = sam.post(at, data=late)
    said = text(answer.text)
    assert answer.status_code == 422 and "is in the future" in said and "Choose the scan again" in said
    assert 'value="Maya Lund"' in answer.text and answer.text.count(" checked") == 1
    assert sam.post(at, data=signed(room, "Tess", witness=" ")).status_code == 422
    assert sam.post(at, data=signed(room)).status_code == 422
    both = sam.post(at, data=signed(room, "Tess", declined=["Tess"]))
    assert both.status_code == 422 and f'href="#person-{room.people["Tess"]}"' in both.text
    assert f'id="person-{room.people["Tess"]}"' in both.text and "cannot both" in text(both.text)
    assert not html_faults({"refused": both.text, "late": answer.text})
    assert len(reading_room.receipts(app)) == before
    assert sam.post(at, data=signed(room, "Tess")).status_code == 302
    twice = sam.post(at, data=signed(room, "Tess", "Viv"))
    assert twice.status_code == 422 and "entered from this sheet already" in text(twice.text)
    assert not html_faults({"twice": twice.text})
    assert len(reading_room.receipts(app)) == before + 1


BOMB = b"\x89PNG\r\n\x1a\n" + b"".join(
    len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")
    for name, body in (
        (b"IHDR", (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"),
        (b"IDAT", zlib.compress(bytes(1_000_000))),
        (b"IEND", b""),
    )
)


@pytest.mark.parametrize(
    "data,name,why",
    [
        (b"", "scan.pdf", "empty"),
        (b"<script>alert(1)</script>", "scan.png", "no scan that we take"),
        (b"MZ\x90\x00 a program", "scan.exe", "no scan that we take"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "scan.svg", "no scan that we take"),
        (b"%PDF-1.7 and nothing more", "scan.pdf", "could not be opened safely as a PDF"),
        (b"%PDF-1.7 and nothing more", "scan.png", "its contents are a PDF"),
        (b"\xff\xd8\xff\xe0 cut off", "scan.jpg", "could not be opened safely as a JPEG"),
        (BOMB, "scan.png", "could not be opened safely as a PNG"),
        (b"\x00\x00\x00\x18ftypheic", "IMG_1.HEIC", "iPhone picture"),
        (b"\xff\xd8\xff" + bytes(26 * 1024 * 1024), "big.jpg", "The largest we take is 25 MB"),
    ],
)
def test_hostile_and_broken_scans_are_refused_and_nothing_is_kept(
    room: Room, sam: FlaskClient, app: Flask, data: bytes, name: str, why: str
) -> None:
    at, before = printed(sam, room), len(reading_room.receipts(app))
    answer = sam.post(at, data=signed(room, "Tess", scans=((data, name),)))
    assert answer.status_code == 422 and why in text(answer.text)
    assert len(reading_room.receipts(app)) == before


def test_a_pdf_is_taken_as_a_scan(room: Room, sam: FlaskClient) -> None:
    at, made = printed(sam, room), io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(made, "PDF")
    assert sam.post(at, data=signed(room, "Tess", scans=((made.getvalue(), "signed.pdf"),))).status_code == 302


def test_sheets_for_a_category_and_for_a_session(room: Room, sam: FlaskClient) -> None:
    teachers = room.categories["teachers"]
    page = sam.get(f"/hillcrest/sheets/category?category={teachers}").text
    assert "2 policies with one signature" in text(page) and "Complaints Procedure" in page
    made = sam.post(f"/hillcrest/sheets/category?category={teachers}")
    assert "Teachers: everything not yet read" in sam.get(made.location).text
    new = sam.get("/hillcrest/sheets/session")
    assert " checked" not in new.text
    typed = {"title": "INSET day", "policies": [room.policies["Behaviour"], room.policies["Lone"]]}
    nobody = sam.post("/hillcrest/sheets/session", data=typed)
    assert nobody.status_code == 422 and "Choose a category" in text(nobody.text)
    chosen = {**typed, "categories": [room.categories["volunteers"]], "people": [room.people["Noor"]]}
    foreign = {**chosen, "people": [room.people["Noor"], room.foreign["person"]]}
    sheet = sam.get(sam.post("/hillcrest/sheets/session", data=foreign).location).text
    assert "O&#39;Neill" in sheet and "Viv Ash" in sheet and "Tess" not in sheet and "Zoe" not in sheet
    assert not html_faults({"category": page, "session": nobody.text, "new": new.text, "sheet": sheet})


def test_given_and_not_signed_is_entered_beside_the_signatures(room: Room, sam: FlaskClient, app: Flask) -> None:
    at = printed(sam, room)
    done = sam.post(at, data=signed(room, "Tess", declined=["Viv"]), follow_redirects=True)
    assert "1 receipt is recorded. Given, not signed: 1." in text(done.text)
    assert "2 of 2 people entered" in text(done.text) and "seen by Maya Lund" in text(done.text)
    listed = text(sam.get(f"/hillcrest/policies/{room.policies['Behaviour']}/reading").text)
    assert "Given, not signed (1)" in listed
    assert "N-Viv-Ash" not in sam.get("/hillcrest/reading/overdue").text


def test_the_front_desk_makes_and_opens_no_sheets_of_staff(room: Room, sam: FlaskClient, desk: FlaskClient) -> None:
    theirs = printed(sam, room)
    sam.post(theirs, data=signed(room, "Tess", scans=((picture(), "a.jpg"),)))
    scan = sam.get(theirs).text.split("/scans/")[1].partition('"')[0]
    sheet = f"/hillcrest/policies/{room.policies['Behaviour']}/reading/sheet"
    for path in (PAPER, theirs, f"{theirs}/scans/{scan}", sheet, "/hillcrest/training", "/hillcrest/reading"):
        assert desk.get(path).status_code == 403, path
    assert desk.post(sheet).status_code == 403
    assert desk.post(theirs, data=signed(room, "Viv")).status_code == 403


def test_another_schools_sheet_and_scan_are_not_there(room: Room, sam: FlaskClient, app: Flask) -> None:
    at = printed(sam, room)
    sam.post(at, data=signed(room, "Tess", scans=((picture(), "a.jpg"),)))
    scan = sam.get(at).text.split("/scans/")[1].partition('"')[0]
    zed = app.test_client()
    sign_in(zed, "zed@zeds.sch.uk")
    there = at.replace("/hillcrest/", "/zeds/")
    assert {zed.get(one).status_code for one in (at, there, f"{there}/pdf", f"{there}/scans/{scan}")} == {404}
    assert zed.post(there, data=signed(room, "Tess")).status_code == 404
    other = printed(sam, room)
    assert sam.get(f"{other}/scans/{scan}").status_code == 404, "the scan of another sheet"


def test_fetching_a_sheet_however_often_makes_no_receipt(room: Room, sam: FlaskClient, app: Flask) -> None:
    at, before = printed(sam, room), len(reading_room.receipts(app))
    for method in ("GET", "HEAD", "OPTIONS"):
        sam.open(at, method=method, query_string={"people": room.people["Tess"], "witness": "M", "signed_on": "today"})
    assert len(reading_room.receipts(app)) == before


@pytest.mark.parametrize(
    "name", ["=cmd|'/c calc'!A1", "<script>x</script>", "{{7*7}}", "O'Neill, Ní Bhriain 李", "%s${x}"]
)
def test_rows_45_to_47_names_are_shown_as_typed(room: Room, sam: FlaskClient, app: Flask, name: str) -> None:
    with app.app_context(), writing() as session:
        session.scalars(select(Person).where(Person.public_id == room.people["Tess"])).one().family_name = name
    at = printed(sam, room)
    assert f"Tess {name}" in text(sam.get(at).text) or f"Tess {name}" in sam.get(at).text.replace("&#39;", "'")
    done = sam.post(at, data=signed(room, "Tess", witness=name), follow_redirects=True)
    assert done.status_code == 200 and "<script>x" not in done.text
    assert reading_room.receipts(app)[-1].witness == name


def test_row_48_what_cannot_be_stored_is_refused(room: Room, sam: FlaskClient) -> None:
    at = printed(sam, room)
    answer = sam.post(at, data=signed(room, "Tess", witness="Ma\x00ya"))
    assert answer.status_code == 422
