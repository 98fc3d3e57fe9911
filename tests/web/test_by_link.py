"""Reading without an account: a link opens one person's list behind a button, and nothing else (rows 63 to 67)."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from governance.accounts.sessions import hashed
from governance.db import reading, writing
from governance.journal.models import JournalEntry
from governance.people.jobs import leave
from governance.people.models import Person
from governance.policies.models import Policy
from governance.reading.models import ReadingLink, ReadingVisit
from governance.settings import Settings
from governance.tenancy import Scope, scope_by_slug
from tests import hillcrest as school
from tests.checkers import html_faults
from tests.conftest import make_application
from tests.databases import close
from tests.hillcrest import MAYA, NOW
from tests.render.pdf_checks import failures, text_of
from tests.web import reading_room
from tests.web.link_room import DOOR, carried, come_in, give_link, read_path
from tests.web.people import sign_in
from tests.web.reading_room import Room, receipts, text


@pytest.fixture(autouse=True)
def monday() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def room(hillcrest: Scope, app: Flask) -> Room:
    furnished = reading_room.furnish(app)
    give_link(app, furnished.people["Viv"])
    return furnished


@pytest.fixture
def viv(room: Room, client: FlaskClient) -> FlaskClient:
    """Viv's browser, behind the button."""
    return come_in(client)


def by_link(app: Flask) -> int:
    return sum(one.method == "link" for one in receipts(app))


def counted(app: Flask, model: type[ReadingLink] | type[ReadingVisit]) -> int:
    with app.app_context(), reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_the_link_itself_shows_a_button_and_nobodys_list(room: Room, app: Flask, client: FlaskClient) -> None:
    for method in ("GET", "HEAD", "OPTIONS"):
        answer = client.open(DOOR, method=method, headers={"Purpose": "prefetch", "Range": "bytes=0-9"})
        assert answer.status_code == 200
    page = client.get(DOOR).text
    assert "Open my list" in page and "Hillcrest Primary School" in page
    for hidden in ("Viv", "Ash", "Behaviour", "Complaints"):
        assert hidden not in text(page)
    assert client.get("/to-read").status_code == 404
    assert counted(app, ReadingVisit) == 0


@pytest.mark.engines("sqlite", "postgresql")
def test_the_button_opens_the_list_of_that_person_and_the_act_makes_a_receipt(
    room: Room, viv: FlaskClient, app: Flask
) -> None:
    listed = text(viv.get("/to-read").text)
    assert "Viv Ash" in listed and "Behaviour Policy" in listed and "was due by 15 October 2026" in listed
    assert "Complaints" not in listed
    page = viv.get(read_path(room)).text
    assert "You confirm as Viv Ash" in text(page) and 'value="Viv' not in page and "checked" not in page
    answer = viv.post(read_path(room), data={**carried(page), "typed_name": "Viv Ash"})
    assert answer.status_code == 302
    [receipt] = [one for one in receipts(app) if one.method == "link"]
    assert (receipt.assurance, receipt.recorded_by, receipt.typed_name) == ("link", None, "Viv Ash")
    confirmed = text(viv.get(answer.location).text)
    assert receipt.reference in confirmed and "nothing else for you to read" in confirmed
    printed = viv.get(f"{answer.location}/pdf")
    assert printed.mimetype == "application/pdf"
    [sheet] = text_of(printed.data)
    assert receipt.reference in sheet and "by a link made for this person alone" in sheet
    assert failures(printed.data) == []


def test_the_part_that_is_asked_is_named_from_the_list_to_the_printed_receipt(
    room: Room, viv: FlaskClient, app: Flask
) -> None:
    with app.app_context(), writing() as session:
        school.divide(session, scope_by_slug(session, "hillcrest"), "Behaviour Policy")
    assert "Behaviour Policy , Part one only" in text(viv.get("/to-read").text)
    page = viv.get(read_path(room)).text
    assert text(page).count("You are asked to read Part one") == 2
    answer = viv.post(read_path(room), data={**carried(page), "ticked": "y"})
    [receipt] = [one for one in receipts(app) if one.method == "link"]
    assert (receipt.parts, receipt.wording) == (1, "I have read and understood. This is for: Part one.")
    assert "Part Part one only" in text(viv.get(answer.location).text)
    assert "Part one only" in " ".join(text_of(viv.get(f"{answer.location}/pdf").data))
    assert "nothing for you to read" in text(viv.get("/to-read").text)


@pytest.mark.engines("sqlite", "postgresql")
def test_promise_4_twenty_posts_of_one_act_make_one_receipt(room: Room, viv: FlaskClient, app: Flask) -> None:
    act = {**carried(viv.get(read_path(room)).text), "ticked": "y"}
    assert len({viv.post(read_path(room), data=act).location for _ in range(20)}) == 1
    assert by_link(app) == 1


def test_promise_2_and_3_without_a_human_act_or_with_other_bytes_nothing_is_stored(
    room: Room, viv: FlaskClient, app: Flask
) -> None:
    shown = carried(viv.get(read_path(room)).text)
    for act in ({}, {"typed_name": " "}, {"ticked": ""}):
        assert viv.post(read_path(room), data={**shown, **act}).status_code == 422
    for name in ("documents", "text", "wording"):
        changed = viv.post(read_path(room), data={**shown, name: "0" * 64, "ticked": "y"})
        assert changed.status_code == 422 and "changed while you had it open" in changed.text
    assert by_link(app) == 0


def test_a_visit_opens_no_other_page_and_no_policy_that_is_not_on_the_list(
    room: Room, viv: FlaskClient, app: Flask
) -> None:
    for path in (
        "/hillcrest/",
        "/hillcrest/my-reading",
        "/hillcrest/register",
        f"/hillcrest/read/{room.versions['Lone']}",
    ):
        assert viv.get(path).location.startswith("/sign-in"), path
    assert viv.get("/schools").location.startswith("/sign-in")
    absent = viv.get("/to-read/read/8a6f2f6e-8d2b-4a11-9f0e-2f2f2f2f2f2f")
    for other in (room.versions["Lone"], room.versions["Complaints"], room.foreign["version"]):
        answer = viv.get(f"/to-read/read/{other}")
        assert (answer.status_code, text(answer.text)) == (404, text(absent.text))
        assert viv.post(f"/to-read/read/{other}", data={"ticked": "y"}).status_code == 404
    [noors] = [one.reference for one in receipts(app) if one.acknowledged_on == dt.date(2026, 10, 5)]
    for reference in (noors, room.foreign["receipt"], "R-2222-2222"):
        assert viv.get(f"/to-read/receipts/{reference}").status_code == 404
        assert viv.get(f"/to-read/receipts/{reference}/pdf").status_code == 404


def test_the_original_of_a_policy_on_the_list_can_be_saved(room: Room, viv: FlaskClient) -> None:
    page = viv.get(read_path(room)).text
    path = page.partition('href="/to-read/read/')[2].partition('"')[0]
    answer = viv.get(f"/to-read/read/{path}")
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    assert io.BytesIO(answer.data).read() == b"# Behaviour Policy"


@pytest.mark.parametrize("added", [">", ".", "%3E", "%20", ")."])
def test_row_64_what_a_mail_program_adds_does_no_harm(room: Room, client: FlaskClient, added: str) -> None:
    assert "Open my list" in client.get(f"{DOOR}{added}").text
    come_in(client, f"{DOOR}{added}")


def test_row_64_a_link_that_works_no_more_has_one_plain_page_and_a_way_to_a_new_one(
    room: Room, app: Flask, client: FlaskClient, monday: time_machine.Coordinates
) -> None:
    theirs = _closed_link_of_zoe(app, room)
    monday.move_to(NOW + dt.timedelta(days=40))
    dead = [DOOR, DOOR[:-3], theirs, "/to-read/made-up", "/to-read/" + "x" * 900]
    for path in dead:
        page, pressed = client.get(path), client.post(path)
        assert (page.status_code, pressed.status_code) == (404, 404)
        said = text(page.text)
        assert "This link does not work" in said and "Ask for a new link" in said
        for told in ("Hillcrest", "Zed", "Viv", "Zoe"):
            assert told not in said
    answers = {text(client.post(f"{path}/again").text) for path in dead}
    assert len(answers) == 1 and "a new one" in answers.pop()
    sign_in(client, "Sam")
    assert "1 person ask" in text(client.get("/hillcrest/").text).replace("asks", "ask")
    listed = text(client.get("/hillcrest/reading/links").text)
    assert "asked for a new link on 26 December 2026" in listed


def test_promise_15_a_leaver_is_out_on_the_next_request(room: Room, viv: FlaskClient, app: Flask) -> None:
    act = {**carried(viv.get(read_path(room)).text), "ticked": "y"}
    with app.app_context(), writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        person = session.scalars(select(Person).where(Person.given_name == "Viv")).one()
        leave(session, scope, MAYA, person, last_on=dt.date(2026, 11, 15), now=NOW)
    assert viv.get("/to-read").status_code == 404
    assert viv.post(read_path(room), data=act).status_code == 401
    assert viv.get(DOOR).status_code == 404
    assert by_link(app) == 0


def test_row_65_somebody_signed_in_is_asked_and_never_credited(room: Room, app: Flask, client: FlaskClient) -> None:
    come_in(client)
    act = {**carried(client.get(read_path(room)).text), "ticked": "y"}
    sign_in(client, "tess@hillcrest.sch.uk")
    for path in (DOOR, "/to-read", read_path(room)):
        page = text(client.get(path).text)
        assert "Who is reading?" in page and "tess@hillcrest.sch.uk" in page and "Viv" not in page
    assert client.post(DOOR).status_code == 409
    assert client.post(read_path(room), data=act).status_code == 409
    assert [one for one in receipts(app) if one.method != "paper"] == []
    out = client.post("/sign-out", data={"next": DOOR})
    assert out.location == DOOR
    assert "Open my list" in client.get(DOOR).text


def test_row_65_the_links_own_person_signed_in_is_led_to_my_reading(
    room: Room, app: Flask, client: FlaskClient
) -> None:
    from tests.web.people import account

    with app.app_context(), writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        person = session.scalars(select(Person).where(Person.given_name == "Viv")).one()
        email = account(session, scope, f"{person.printed_reference.lower()}@hillcrest", (), person).email
    sign_in(client, email)
    assert 'href="/hillcrest/my-reading"' in client.get(DOOR).text


def test_row_66_a_version_replaced_meanwhile_is_refused_with_the_day(room: Room, viv: FlaskClient, app: Flask) -> None:
    act = {**carried(viv.get(read_path(room)).text), "ticked": "y"}
    with app.app_context(), writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        policy = session.scalars(select(Policy).where(Policy.public_id == room.policies["Behaviour"])).one()
        school.put_in_force(session, scope, school.a_version(session, scope, policy, "# Anew"), dt.date(2026, 11, 16))
    refused = viv.post(read_path(room), data=act)
    assert refused.status_code == 422 and "replaced on 16 November 2026" in refused.text
    assert by_link(app) == 0


def test_row_67_a_page_opened_for_another_reader_is_refused_and_written_down(
    room: Room, viv: FlaskClient, app: Flask
) -> None:
    act = {**carried(viv.get(read_path(room)).text), "ticked": "y"}
    assert viv.post(read_path(room), data={**act, "reader": room.people["Noor"]}).status_code == 403
    assert by_link(app) == 0
    with app.app_context(), reading() as session:
        event = "acknowledging for somebody else refused"
        assert session.scalars(select(JournalEntry).where(JournalEntry.event == event)).one()


def test_a_visit_is_over_after_thirty_minutes_and_what_was_typed_is_not(
    room: Room, viv: FlaskClient, app: Flask, monday: time_machine.Coordinates
) -> None:
    act = {**carried(viv.get(read_path(room)).text), "typed_name": "Viv Ash of the library"}
    monday.move_to(NOW + dt.timedelta(minutes=31))
    assert "Your list is closed" in viv.get("/to-read").text
    late = viv.post(read_path(room), data=act)
    assert late.status_code == 401
    assert "nothing is lost" in late.text and 'value="Viv Ash of the library"' in late.text
    assert by_link(app) == 0
    come_in(viv)
    assert viv.post(read_path(room), data=act).status_code == 302
    assert by_link(app) == 1


def test_using_it_keeps_a_visit_open_but_never_longer_than_half_a_day(
    room: Room, viv: FlaskClient, monday: time_machine.Coordinates
) -> None:
    for minutes in range(20, 720, 20):
        monday.move_to(NOW + dt.timedelta(minutes=minutes))
        assert viv.get("/to-read").status_code == 200, minutes
    monday.move_to(NOW + dt.timedelta(minutes=721))
    assert viv.get("/to-read").status_code == 404


def test_i_am_finished_ends_the_visit_and_with_nothing_left_the_link(room: Room, viv: FlaskClient) -> None:
    left = text(viv.post("/to-read/finished").text)
    assert "1 policy is still to be read" in left and "Viv" not in left
    assert viv.get("/to-read").status_code == 404
    come_in(viv)
    act = {**carried(viv.get(read_path(room)).text), "ticked": "y"}
    viv.post(read_path(room), data=act)
    assert "Your link is closed" in text(viv.post("/to-read/finished").text)
    assert viv.get(DOOR).status_code == 404


def test_row_63_a_page_left_open_for_half_a_day_shows_the_form_again(
    room: Room, settings: Settings, app: Flask, monday: time_machine.Coordinates
) -> None:
    guarded = make_application(settings, WTF_CSRF_ENABLED=True)
    try:
        browser = guarded.test_client()
        token = browser.get(DOOR).text.partition('name="csrf_token" value="')[2].partition('"')[0]
        assert browser.post(DOOR, data={"csrf_token": token}).status_code == 302
        shown = carried(browser.get(read_path(room)).text)
        monday.move_to(NOW + dt.timedelta(hours=12, minutes=5))
        late = browser.post(read_path(room), data={**shown, "typed_name": "Viv Ash", "csrf_token": token})
        assert late.status_code == 400
        assert "nothing is lost" in late.text and 'name="typed_name" value="Viv Ash"' in late.text
        assert f'type="hidden" name="documents" value="{shown["documents"]}"' in late.text
        assert "Open the link in your mail or letter again" in late.text
        fresh = late.text.partition('name="csrf_token" value="')[2].partition('"')[0]
        assert browser.post(DOOR, data={"csrf_token": fresh}).status_code == 302
        again = {**shown, "typed_name": "Viv Ash", "csrf_token": fresh}
        assert browser.post(read_path(room), data=again).status_code == 302
        assert by_link(app) == 1
    finally:
        close(guarded)


def test_the_pages_follow_the_standard(room: Room, viv: FlaskClient, client: FlaskClient) -> None:
    pages = {"door": viv.get(DOOR).text, "list": viv.get("/to-read").text, "read": viv.get(read_path(room)).text}
    done = viv.post(read_path(room), data={**carried(pages["read"]), "ticked": "y"})
    pages |= {"receipt": viv.get(done.location).text, "dead": viv.get("/to-read/x").text}
    pages["finished"] = viv.post("/to-read/finished").text
    pages["over"], pages["asked"] = viv.get("/to-read").text, viv.post("/to-read/x/again").text
    pages["over, sent"] = viv.post(read_path(room), data={"typed_name": "Viv"}).text
    faults = html_faults(pages)
    assert not faults, "\n".join(faults)


def _closed_link_of_zoe(app: Flask, room: Room) -> str:
    with app.app_context(), writing() as session:
        zoe = session.scalars(select(Person).where(Person.public_id == room.foreign["person"])).one()
        made = {"way": "letter", "made_at": NOW, "made_by": "Zed", "expires_at": NOW, "closed_at": NOW}
        whose = {"organisation_id": zoe.organisation_id, "person_id": zoe.id}
        session.add(ReadingLink(**whose, **made, token_sha256=hashed("z" * 43), closed_why="closed"))
    return f"/to-read/{'z' * 43}"
