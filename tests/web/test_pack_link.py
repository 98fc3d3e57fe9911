"""A pack by a private link: from the received mail, without an account, to the very bytes that were frozen."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from governance.accounts.models import SignInAttempt
from governance.db import reading, writing
from governance.journal.models import JournalEntry
from governance.mail.private import MARK
from governance.packs.models import PackLink
from governance.people.models import BodyMember
from governance.settings import Settings
from governance.storage.models import Document
from governance.tenancy import Organisation, Scope
from governance.web import pressed
from tests.checkers import html_faults
from tests.conftest import make_application
from tests.databases import close
from tests.hillcrest import NOW
from tests.web.pack_room import FROZEN, furnish, pack_of
from tests.web.people import sign_in
from tests.web.reading_room import text
from tests.web.test_mailed_links import delivered, everything_kept

GIL = "gil@example.org"


@pytest.fixture(autouse=True)
def monday() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def packs(hillcrest: Scope, app: Flask) -> str:
    """The packs of a meeting, at a school that chose links."""
    address = furnish(app)
    with app.app_context(), writing() as session:
        session.execute(update(Organisation).where(Organisation.slug == "hillcrest").values(pack_way="link"))
    return address


@pytest.fixture
def helen(packs: str, client: FlaskClient) -> FlaskClient:
    """Helen's browser, after she sent the pack."""
    sign_in(client, "Helen")
    assert client.post(f"{packs}/{pack_of(client.application)}/send").status_code == 302
    return client


def address_in(mail: EmailMessage) -> str:
    """The path of the link, the same in both forms of the mail."""
    forms = [mail.get_body((form,)) for form in ("plain", "html")]
    found = {one for form in forms if form for one in re.findall(r"http://localhost(/pack/[\w-]+)", form.get_content())}
    assert len(found) == 1
    return found.pop()


def received(app: Flask, settings: Settings, to: str = GIL) -> tuple[EmailMessage, str]:
    """The mail that somebody got last from a real mail server, and the address in it."""
    mail = [one for one in delivered(app, settings) if one["To"] == to][-1]
    return mail, address_in(mail)


def fields(page: str) -> dict[str, str]:
    """What the first button on the page sends."""
    return dict(re.findall(r'name="(csrf_token|pack|document)" value="([^"]*)"', page.partition("</form>")[0]))


def fetched(browser: FlaskClient, address: str) -> bytes:
    """Press the button behind a link and follow it to the file."""
    pressed_ = browser.post(address, data=fields(browser.get(address).text))
    assert pressed_.status_code == 303, pressed_.text
    return browser.get(pressed_.location).data


@pytest.mark.engines("sqlite", "postgresql")
def test_the_link_of_a_received_mail_gives_the_stored_bytes_without_account_or_cookie(
    packs: str, helen: FlaskClient, app: Flask, settings: Settings
) -> None:
    mail, address = received(app, settings)
    assert list(mail.iter_attachments()) == []
    assert address.removeprefix("/pack/") not in everything_kept(app)
    gil = app.test_client(use_cookies=False)
    page = gil.get(address)
    said = text(page.text)
    assert "Full Governing Body Meeting of Thursday 3 December 2026" in said
    assert "works until 2 January 2027" in said and hashlib.sha256(FROZEN).hexdigest() in said
    assert "Gil" not in said, "whoever looks over a shoulder learns no name"
    for name, value in {
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, nofollow",
    }.items():
        assert page.headers[name] == value
    assert "Set-Cookie" not in page.headers
    assert "Not opened yet" in text(helen.get(packs).text)
    answer = gil.post(address, data=fields(page.text))
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (303, False)
    file = gil.get(answer.location)
    with app.app_context(), reading() as session:
        kept = session.scalars(select(Document.sha256).where(Document.size == len(FROZEN))).one()
    assert hashlib.sha256(file.data).hexdigest() == kept
    assert file.headers["Content-Disposition"].startswith('attachment; filename="hillcrest-pack.pdf"')
    assert (file.headers["Cache-Control"], file.headers["X-Robots-Tag"]) == ("no-store", "noindex, nofollow")
    listed = text(helen.get(packs).text)
    assert "Gil Governor gil@example.org By link Sent First opened on 16 November 2026" in listed


def test_programs_that_look_through_mail_change_nothing_and_fetch_no_pack(
    helen: FlaskClient, app: Flask, settings: Settings
) -> None:
    _, address = received(app, settings)
    robot = app.test_client(use_cookies=False)
    sent = fields(robot.get(address).text)
    before = everything_kept(app)
    file = f"{address}/{sent['pack']}/{sent['document']}"
    for method in ("GET", "HEAD", "OPTIONS"):
        for path in (address, f"{address}%3E", file):
            answer = robot.open(path, method=method, headers={"Sec-Purpose": "prefetch", "Range": "bytes=0-9"})
            assert answer.status_code in (200, 302) and FROZEN not in answer.data
    assert robot.get(file).location == address, "before a button was pressed a file leads to its page"
    # a press that did not come from the page, or came from another site
    for data, headers, status in (
        ({**sent, "csrf_token": ""}, {}, 400),
        ({**sent, "csrf_token": pressed.word_for(settings.secret_key, "another", NOW)}, {}, 400),
        ({**sent, "csrf_token": "99999999999.ff"}, {}, 400),
        (sent, {"Sec-Fetch-Site": "cross-site"}, 403),
        ({**sent, "document": "none"}, {}, 404),
    ):
        with robot.post(address, data=data, headers=headers) as answer:
            assert answer.status_code == status
        if status == 404:
            with app.app_context(), writing() as session:  # counted as a try, and no school's record
                session.query(SignInAttempt).delete()
    assert everything_kept(app) == before


def test_a_page_left_open_overnight_says_so_and_works_again(
    helen: FlaskClient, app: Flask, settings: Settings, monday: time_machine.Coordinates
) -> None:
    _, address = received(app, settings)
    gil = app.test_client(use_cookies=False)
    sent = fields(gil.get(address).text)
    monday.move_to(NOW + dt.timedelta(hours=12, seconds=1))
    late = gil.post(address, data=sent)
    assert late.status_code == 400 and "Press the button again." in text(late.text)
    assert gil.post(address, data=fields(late.text)).status_code == 303


def test_withdrawn_made_up_over_or_of_no_member_a_link_has_one_plain_page(
    packs: str, helen: FlaskClient, app: Flask, settings: Settings, monday: time_machine.Coordinates
) -> None:
    _, address = received(app, settings)
    gil = app.test_client(use_cookies=False)
    sent = fields(gil.get(address).text)
    assert fetched(gil, address) == FROZEN
    file = f"{address}/{sent['pack']}/{sent['document']}"
    pages = [gil.get(f"/pack/{'z' * 43}"), gil.get(address[:-3])]

    def gone() -> None:
        for answer in (gil.get(address), gil.post(address, data=sent), gil.get(file)):
            assert answer.status_code == 404 and FROZEN not in answer.data
            pages.append(answer)

    over = dt.datetime(2027, 1, 3, 0, 0, tzinfo=dt.UTC)
    monday.move_to(over)
    sent["csrf_token"] = pressed.word_for(settings.secret_key, address.removeprefix("/pack/"), over)
    gone()
    monday.move_to(NOW)
    with app.app_context(), writing() as session:
        session.execute(update(BodyMember).values(until_on=dt.date(2026, 12, 2)))
    gone()
    with app.app_context(), writing() as session:
        session.execute(update(BodyMember).values(until_on=None))
    assert gil.get(address).status_code == 200
    link = re.search(r"/hillcrest/packs/[\w-]+/links/[\w-]+/withdraw", helen.get(packs).text)
    assert link is not None
    assert "It opens nothing any more" in helen.post(link[0], follow_redirects=True).text
    gone()
    assert len({text(page.text) for page in pages}) == 1
    said = text(pages[0].text)
    assert "This link does not work" in said and "ask the clerk, who can send you a fresh link" in said
    for told in ("Hillcrest", "Gil", "Governing Body Meeting"):
        assert told not in said
    assert "Withdrawn on 16 November 2026 by helen@clerks.example" in text(helen.get(packs).text)


def test_guesses_are_limited_and_shut_nobody_out_who_has_a_link(
    helen: FlaskClient, app: Flask, settings: Settings
) -> None:
    _, address = received(app, settings)
    network = {"REMOTE_ADDR": "203.0.113.7"}
    gil = app.test_client(use_cookies=False)
    for number in range(30):
        assert gil.get(f"/pack/{number:043}", environ_base=network).status_code == 404
    refused = gil.get(f"/pack/{99:043}", environ_base=network)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "30")
    assert "There were too many wrong tries. Wait 1 minute" in text(refused.text)
    assert gil.get(address, environ_base=network).status_code == 200
    assert gil.get("/pack/broken", environ_base=network).status_code == 404, "what is no token is no guess"
    assert gil.get(f"/pack/{99:043}").status_code == 404, "another network"


def test_helen_sends_a_fresh_link_and_the_earlier_one_is_gone(
    packs: str, helen: FlaskClient, app: Flask, settings: Settings
) -> None:
    _, first = received(app, settings)
    renew = re.search(r"/hillcrest/packs/[\w-]+/links/[\w-]+/renew", helen.get(packs).text)
    assert renew is not None
    told = text(helen.post(renew[0], follow_redirects=True).text)
    assert "A fresh link is on its way to Gil Governor." in told
    _, fresh = received(app, settings)
    gil = app.test_client(use_cookies=False)
    assert (gil.get(first).status_code, fetched(gil, fresh)) == (404, FROZEN)
    everybody = re.search(r"/hillcrest/packs/[\w-]+/links/withdraw", helen.get(packs).text)
    assert everybody is not None
    assert "2 links are withdrawn." in text(helen.post(everybody[0], follow_redirects=True).text)
    assert gil.get(fresh).status_code == 404
    with app.app_context(), reading() as session:
        events = list(session.scalars(select(JournalEntry.event).order_by(JournalEntry.seq)))
    assert [one for one in events if one.startswith("pack link")] == [
        *["pack link made"] * 2,
        "pack link withdrawn",
        "pack link made",
        "pack link opened",
        *["pack link withdrawn"] * 2,
    ]


def test_a_mail_read_on_screen_shows_no_secret_and_leads_to_the_packs(
    packs: str, helen: FlaskClient, app: Flask, settings: Settings
) -> None:
    listed = helen.get("/hillcrest/scheduled").text
    mail = re.search(r"/hillcrest/mails/[\w-]+", listed)
    assert mail is not None
    shown = helen.get(mail[0]).text
    assert MARK in shown and packs in shown
    helen.post(f"{mail[0]}/undo")
    assert "Its mail was taken back before it left" in text(helen.get(packs).text)
    assert len(delivered(app, settings)) == 1


def test_another_schools_link_opens_its_own_meeting_and_no_pack_of_ours(
    packs: str, helen: FlaskClient, app: Flask, settings: Settings
) -> None:
    ours = pack_of(app)
    _, address = received(app, settings)
    theirs = furnish(app, "zeds")
    with app.app_context(), writing() as session:
        session.execute(update(Organisation).values(pack_way="link"))
    zed = app.test_client()
    sign_in(zed, "zed@zeds.sch.uk")
    assert zed.post(f"{theirs}/{pack_of(app)}/send").status_code == 302
    _, foreign = received(app, settings)
    browser = app.test_client(use_cookies=False)
    page = browser.get(foreign).text
    assert "Zed&#39;s Academy" in page and "Hillcrest" not in page
    sent = fields(browser.get(address).text)
    own = fields(page)
    for mixed in ({**own, "pack": ours}, {**own, "pack": ours, "document": sent["document"]}):
        assert browser.post(foreign, data=mixed).status_code == 404
    assert browser.post(foreign, data=own).status_code == 303
    assert browser.get(f"{foreign}/{ours}/{sent['document']}").status_code == 404
    with app.app_context(), reading() as session:
        link = session.scalars(select(PackLink.public_id).where(PackLink.organisation_id == 1)).first()
    assert zed.post(f"/zeds/packs/{pack_of(app)}/links/{link}/withdraw").status_code == 404
    assert zed.post(f"/zeds/packs/{ours}/links/withdraw").status_code == 404


def test_only_whoever_sends_packs_sees_who_opened_theirs(
    packs: str, helen: FlaskClient, app: Flask, client: FlaskClient
) -> None:
    acts = re.findall(r"/hillcrest/packs/[\w/-]+/(?:withdraw|renew)", helen.get(packs).text)
    chair = app.test_client()
    sign_in(chair, "Prof. Iqbal")
    assert "Not opened yet" not in chair.get(packs).text and "gil@example.org" not in chair.get(packs).text
    assert acts and {chair.post(act).status_code for act in acts} == {403}


def test_maya_chooses_for_the_school_and_what_a_form_does_not_carry_stays(maya: FlaskClient, app: Flask) -> None:
    page = maya.get("/hillcrest/settings").text
    assert re.search(r'value="attached"[^>]*checked', page) and "until 30 days after the meeting" in text(page)
    form = {"name": "Hillcrest", "colour": "", "year_starts_day": "1", "year_starts_month": "9"}
    form["away_school_days"] = "10"
    refused = maya.post("/hillcrest/settings", data={**form, "pack_way": "pigeon"})
    assert refused.status_code == 422
    for data in ({**form, "pack_way": "link"}, form):
        assert maya.post("/hillcrest/settings", data=data).status_code == 302
        assert re.search(r'value="link"[^>]*checked', maya.get("/hillcrest/settings").text)


def test_the_pages_follow_the_standard(packs: str, helen: FlaskClient, app: Flask, settings: Settings) -> None:
    _, address = received(app, settings)
    gil = app.test_client(use_cookies=False)
    pages = {"link": gil.get(address).text, "dead": gil.get("/pack/none").text, "packs": helen.get(packs).text}
    faults = html_faults(pages)
    assert not faults, "\n".join(faults)


def test_with_csrf_on_the_press_needs_the_pages_own_word_and_no_cookie(
    helen: FlaskClient, app: Flask, settings: Settings
) -> None:
    _, address = received(app, settings)
    guarded = make_application(settings, WTF_CSRF_ENABLED=True)
    try:
        gil = guarded.test_client(use_cookies=False)
        assert gil.post(address).status_code == 400
        assert fetched(gil, address) == FROZEN
    finally:
        close(guarded)
