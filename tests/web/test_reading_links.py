"""Making links on screen: for one person, for several of those who have not read, by mail and as letters."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from governance.db import reading, writing
from governance.mail.models import Outbox
from governance.mail.private import private_word
from governance.people.models import Person
from governance.reading.models import ReadingLink
from governance.settings import Settings
from governance.tenancy import Scope
from tests.checkers import html_faults
from tests.hillcrest import NOW
from tests.render.pdf_checks import failures, text_of
from tests.web import reading_room
from tests.web.people import sign_in
from tests.web.reading_room import Room, text


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def room(hillcrest: Scope, app: Flask) -> Room:
    furnished = reading_room.furnish(app)
    with app.app_context(), writing() as session:
        noor = session.scalars(select(Person).where(Person.given_name == "Noor")).one()
        noor.email = "noor@hillcrest.sch.uk"
    return furnished


@pytest.fixture
def sam(room: Room, client: FlaskClient) -> FlaskClient:
    sign_in(client, "Sam")
    return client


def links(app: Flask) -> list[ReadingLink]:
    with app.app_context(), reading() as session:
        found = list(session.scalars(select(ReadingLink).order_by(ReadingLink.id)))
        session.expunge_all()
        return found


def of(room: Room, name: str) -> str:
    return f"/hillcrest/people/{room.people[name]}/reading-link"


def printed_link(sheet: str) -> str:
    found = re.search(r"http://localhost(/to-read/[\w-]{43})", sheet.replace(" ", ""))
    assert found, sheet
    return found[1]


@pytest.mark.engines("sqlite", "postgresql")
def test_a_letter_has_the_address_and_a_code_and_opens_the_list(room: Room, sam: FlaskClient, app: Flask) -> None:
    assert "Send a link to read without an account" in sam.get(f"/hillcrest/people/{room.people['Viv']}").text
    answer = sam.post(of(room, "Viv"), data={"way": "letter"})
    assert answer.mimetype == "application/pdf" and "Viv Ash" in answer.headers["Content-Disposition"]
    [sheet] = text_of(answer.data)
    assert "Dear Viv Ash" in sheet and "1 policy" in sheet and "14 December 2026" in sheet
    assert failures(answer.data) == []
    door = printed_link(sheet)
    with app.test_client() as viv:
        assert viv.post(door).location == "/to-read"
        assert "Behaviour Policy" in viv.get("/to-read").text
    [link] = links(app)
    assert door.rpartition("/")[2] not in (link.token_sha256, link.public_id)
    assert "It works until 14 December 2026" in text(sam.get(of(room, "Viv")).text)
    assert sam.post(f"{of(room, 'Viv')}/close").status_code == 302
    with app.test_client() as viv:
        assert viv.get(door).status_code == 404
    assert sam.post(f"{of(room, 'Viv')}/close").status_code == 422


def test_a_mail_is_queued_with_the_link_in_it_alone(
    room: Room, sam: FlaskClient, app: Flask, settings: Settings
) -> None:
    assert sam.post(of(room, "Noor"), data={"way": "mail"}).location == of(room, "Noor")
    with app.app_context(), reading() as session:
        [mail] = session.scalars(select(Outbox))
        word = private_word(settings.secret_key, mail.public_id)
        assert mail.to_address == "noor@hillcrest.sch.uk" and word not in mail.text
    with app.test_client() as noor:
        noor.post(f"/to-read/{word}")
        assert "Complaints Procedure" in noor.get("/to-read").text
    page = text(sam.get("/hillcrest/people/" + room.people["Noor"] + "/reading-link").text)
    assert "by e-mail" in page and word not in page


def test_a_mailed_link_says_when_it_leaves_and_what_became_of_its_mail(
    room: Room, sam: FlaskClient, app: Flask
) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 21, 20, 0, tzinfo=dt.UTC), tick=False):
        sign_in(sam, "Sam")
        told = text(sam.post(of(room, "Noor"), data={"way": "mail"}, follow_redirects=True).text)
        assert "1 link goes by mail, on 23 November 2026 at 07:30; closing a link takes its mail back." in told
        assert "Scheduled and sent" not in told, "which HR cannot open"
        assert "Its mail: waiting to be sent, on 23 November 2026 at 07:30." in told
        with app.app_context(), reading() as session:
            mail = session.scalars(select(Outbox.public_id)).one()
        maya = app.test_client()
        sign_in(maya, "Maya")
        assert f"/hillcrest/mails/{mail}" in maya.get("/hillcrest/scheduled").text
        assert "Links for people without an account" in text(maya.get(f"/hillcrest/mails/{mail}").text)
        with app.app_context(), writing() as session:
            session.execute(update(Outbox).values(state="refused", reason="No such mailbox.", ended_at=NOW))
        assert "Its mail: refused: No such mailbox." in text(sam.get(of(room, "Noor")).text)


def test_several_at_once_all_or_none(room: Room, sam: FlaskClient, app: Flask) -> None:
    page = sam.get("/hillcrest/reading/links")
    assert "Viv Ash (1 to read, no e-mail)" in page.text and "checked" not in page.text.partition('name="way"')[0]
    assert "Tess" not in text(page.text), "Tess signs in"
    both = [room.people["Viv"], room.people["Noor"]]
    refused = sam.post("/hillcrest/reading/links", data={"people": both, "way": "mail"})
    assert refused.status_code == 422 and "Viv Ash has no e-mail address" in refused.text
    assert links(app) == []
    letters = sam.post("/hillcrest/reading/links", data={"people": both, "way": "letter"})
    sheets = text_of(letters.data)
    assert len(links(app)) == 2 and sum("Dear" in sheet for sheet in sheets) == 2
    assert failures(letters.data) == []
    told = sam.post("/hillcrest/reading/links", data={"everybody": "y", "way": "mail"}, follow_redirects=True)
    assert "1 person has no e-mail address" in told.text and "1 link goes by mail" in told.text
    assert sam.post("/hillcrest/reading/links", data={"way": "letter"}).status_code == 422


def test_nobody_with_an_account_and_nobody_who_left_gets_one(room: Room, sam: FlaskClient, app: Flask) -> None:
    with app.app_context(), reading() as session:
        tess = session.scalars(select(Person.public_id).where(Person.given_name == "Tess")).one()
    for person, said in ((tess, "has an account"), (room.people["Bea"], "has left")):
        refused = sam.post(f"/hillcrest/people/{person}/reading-link", data={"way": "letter"})
        assert refused.status_code == 422 and said in refused.text
    assert "no link is needed" in sam.get(f"/hillcrest/people/{tess}/reading-link").text
    assert sam.post("/hillcrest/reading/links", data={"people": [tess], "way": "letter"}).status_code == 422
    assert (
        sam.post(f"/hillcrest/people/{room.foreign['person']}/reading-link", data={"way": "letter"}).status_code == 404
    )
    assert links(app) == []


def test_only_whoever_keeps_reading_makes_links(room: Room, app: Flask) -> None:
    for who in ("Helen", "tess@hillcrest.sch.uk"):
        client = app.test_client()
        sign_in(client, who)
        assert client.get(of(room, "Viv")).status_code == 403
        assert client.post("/hillcrest/reading/links", data={"everybody": "y", "way": "mail"}).status_code == 403


def test_the_pages_follow_the_standard(room: Room, sam: FlaskClient) -> None:
    sam.post(of(room, "Viv"), data={"way": "letter"})
    paths = [of(room, "Viv"), of(room, "Bea"), "/hillcrest/reading/links", "/hillcrest/reading/outstanding"]
    pages = {path: sam.get(path).text for path in paths}
    pages["refused"] = sam.post("/hillcrest/reading/links", data={"way": "letter"}).text
    faults = html_faults(pages)
    assert not faults, "\n".join(faults)
