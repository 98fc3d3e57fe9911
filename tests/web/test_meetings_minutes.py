"""A meeting's decisions for the minutes, on screen, to copy and as a Word file; what stands, and nothing that was corrected."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext, expect
from sqlalchemy import select

from governance.adoption.actions import add_minute_reference, correct, decide
from governance.adoption.agenda import AsksFor, put_on_agenda
from governance.adoption.asking import EVERYONE
from governance.adoption.entered import Decide
from governance.adoption.kinds import Kind
from governance.adoption.models import Decision
from governance.db import writing
from governance.extract.dates import exactly, parse_stated
from governance.schools.actions import hold_meeting, plan_meeting
from governance.tenancy import Organisation, Scope, scope_by_slug
from tests import hillcrest as school
from tests.checkers import axe_faults, html_faults
from tests.conftest import Site
from tests.hillcrest import MAYA
from tests.packs.test_minutes import lines
from tests.web import people
from tests.web.people import sign_in
from tests.web.reading_room import text

HELD, NOW = dt.date(2026, 11, 12), dt.datetime(2026, 11, 16, 9, 0, tzinfo=dt.UTC)
BEHAVIOUR = (
    "Behaviour Policy, version 1: adopted, in force from 12 November 2026. Next review by September 2027. "
    "All who must read it are asked to do so from 16 November 2026. (Minute 2026/31)"
)
UNIFORM = "Uniform Policy, version 1: deferred to the next meeting. (minute reference to come)"
CHARGING = "Charging Policy, version 1: not decided; on the agenda of the meeting of 10 December 2026."


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def a_meeting(app: Flask, slug: str = "hillcrest") -> str:
    """Three items: one adopted after a correction, one put off, one not reached and on the next agenda."""
    with app.app_context(), writing() as session:
        scope = scope_by_slug(session, slug)
        session.get_one(Organisation, scope.organisation_id).asking_since = dt.date(2026, 9, 1)
        body = school.body(session, scope)
        planned = [
            plan_meeting(session, scope, MAYA, body=body, held_on=on, now=NOW) for on in (HELD, dt.date(2026, 12, 10))
        ]
        held, later = planned
        hold_meeting(session, scope, MAYA, held, now=NOW)
        for title in ("Behaviour Policy", "Uniform Policy", "Charging Policy"):
            policy = school.a_policy(session, scope, title)
            version = school.latest(session, policy)
            item = put_on_agenda(session, scope, MAYA, held, policy, AsksFor.ADOPT, NOW, version)
            facts = Decide(version=version, decided=exactly(HELD), body=body, meeting=held, item=item)
            if title == "Uniform Policy":
                decide(session, scope, MAYA, _as(facts, Kind.DEFERRED), NOW)
            elif title == "Charging Policy":
                put_on_agenda(session, scope, MAYA, later, policy, AsksFor.ADOPT, NOW, version)
            else:
                wrong = decide(session, scope, MAYA, _as(facts, Kind.REJECTED), NOW)
                right = Decide(
                    version, exactly(HELD), body=body, meeting=held, ask=EVERYONE, minute="2026/31", reason="Misheard",
                    next_review=parse_stated("September 2027"),
                )  # fmt: skip
                correct(session, scope, MAYA, wrong, right, NOW)
        return held.public_id


def _as(facts: Decide, kind: Kind) -> Decide:
    return replace(facts, kind=kind)


@pytest.mark.engines("sqlite", "postgresql")
def test_the_page_the_text_and_the_file_say_what_stands_in_the_order_of_the_agenda(
    app: Flask, hillcrest: Scope, client: FlaskClient
) -> None:
    where = f"/hillcrest/meetings/{a_meeting(app)}"
    sign_in(client, "Helen")
    assert f'href="{where}/minutes"' in client.get(where).text
    page = client.get(f"{where}/minutes").text
    said, box = text(page), unescape(re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[0])
    assert "1 decision has no minute reference yet." in said
    assert box.split("\n\n")[2:] == [BEHAVIOUR, UNIFORM, CHARGING + "\n"]
    file = client.get(f"{where}/minutes.docx")
    assert [words for _, words in lines(file.data)][-3:] == [BEHAVIOUR, UNIFORM, CHARGING]
    assert 'filename="hillcrest-full-governing-body-2026-11-12-decisions.docx"' in file.headers["Content-Disposition"]
    assert client.get(f"{where}/minutes.docx").data == file.data
    for words in (BEHAVIOUR, UNIFORM, CHARGING):
        assert words in said.replace(" :", ":").replace("( ", "(").replace(" )", ")")
    assert "Misheard" not in page and "not adopted" not in page
    assert html_faults({"minutes": page}) == []


def test_a_minute_reference_that_came_later_is_on_it(app: Flask, hillcrest: Scope, client: FlaskClient) -> None:
    where = f"/hillcrest/meetings/{a_meeting(app)}/minutes"
    sign_in(client, "Helen")
    (decision,) = re.findall(r"/decisions/([0-9a-f-]{36})/minute", client.get(where).text)
    with app.app_context(), writing() as session:
        found = session.scalars(select(Decision).where(Decision.public_id == decision)).one()
        add_minute_reference(session, hillcrest, MAYA, found, "2026/32", NOW)
    page = client.get(where).text
    assert "deferred to the next meeting. (Minute 2026/32)" in page and "to come" not in page


def test_a_governor_reads_it_and_adds_nothing_and_a_reader_has_none(
    app: Flask, hillcrest: Scope, client: FlaskClient
) -> None:
    where = f"/hillcrest/meetings/{a_meeting(app)}/minutes"
    sign_in(client, "Prof. Iqbal")
    page = client.get(where).text
    assert BEHAVIOUR in unescape(page) and "Add it" not in page
    client.post("/sign-out")
    sign_in(client, "tess@hillcrest.sch.uk")
    assert client.get(where).status_code == client.get(f"{where}.docx").status_code == 403


def test_before_anything_is_decided_the_page_says_so(app: Flask, hillcrest: Scope, client: FlaskClient) -> None:
    with app.app_context(), writing() as session:
        body = school.body(session, scope_by_slug(session, "hillcrest"))
        meeting = plan_meeting(session, hillcrest, MAYA, body=body, held_on=HELD, now=NOW).public_id
    sign_in(client, "Helen")
    where = f"/hillcrest/meetings/{meeting}"
    assert "minutes" not in client.get(where).text
    assert "No decision of this meeting is on record yet." in client.get(f"{where}/minutes").text
    assert client.get(f"{where}/minutes.docx").location == f"{where}/minutes"
    assert client.post(f"{where}/not-quorate").status_code == 302
    assert "The meeting was not quorate, so nothing was decided." in client.get(f"{where}/minutes").text
    assert client.get(f"{where}/minutes.docx").status_code == 200


def test_the_text_is_copied_by_a_press_and_a_screen_reader_is_told(site: Site, context: BrowserContext) -> None:
    people.open_hillcrest(site.app)
    address = f"{site.url}/hillcrest/meetings/{a_meeting(site.app)}/minutes"
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{site.url}/sign-in")
    page.get_by_label("E-mail address").fill("helen@clerks.example")
    page.get_by_label("Password", exact=True).fill(people.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(address)
    page.get_by_role("button", name="Copy text").press("Enter")
    expect(page.get_by_role("status")).to_have_text("Copied")
    assert UNIFORM in page.evaluate("navigator.clipboard.readText()")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert axe_faults(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert complaints == []
