"""My reading: to read, next, coming, done, over several schools, with receipts to save and what is recorded about me."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from governance.db import writing
from governance.people.absences import record_absence
from governance.people.jobs import leave
from governance.people.models import Person
from governance.policies.contact_keeping import Contact, add_contact
from governance.policies.contacts import HEADTEACHER
from governance.policies.models import Policy
from governance.tenancy import Scope, scope_by_slug
from tests import hillcrest as school
from tests.checkers import html_faults
from tests.hillcrest import MAYA, NOW
from tests.render.pdf_checks import failures, text_of
from tests.web import reading_room
from tests.web.link_room import carried
from tests.web.people import account, sign_in
from tests.web.reading_room import Room, receipts, text

JANUARY = dt.date(2027, 1, 4)


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def room(hillcrest: Scope, app: Flask) -> Room:
    return reading_room.furnish(app)


@pytest.fixture
def tess(room: Room, client: FlaskClient) -> FlaskClient:
    sign_in(client, "tess@hillcrest.sch.uk")
    return client


def confirm(browser: FlaskClient, path: str) -> str:
    """Tick and confirm; where that leads."""
    answer = browser.post(path, data={**carried(browser.get(path).text), "ticked": "y"})
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def test_after_each_receipt_the_next_is_one_press_away_the_overdue_first(room: Room, tess: FlaskClient) -> None:
    mine = tess.get("/hillcrest/my-reading").text
    first, second = (f"/hillcrest/read/{room.versions[name]}" for name in ("Behaviour", "Complaints"))
    assert mine.index(first) < mine.index(second)
    after = tess.get(confirm(tess, first)).text
    assert "Next: Complaints Procedure" in text(after) and f'href="{second}"' in after
    last = text(tess.get(confirm(tess, second)).text)
    assert "There is nothing else for you to read" in last


def test_a_version_that_comes_into_force_later_is_coming_and_may_be_confirmed_early(
    room: Room, tess: FlaskClient, app: Flask
) -> None:
    with app.app_context(), writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        policy = session.scalars(select(Policy).where(Policy.public_id == room.policies["Behaviour"])).one()
        new = school.a_version(session, scope, policy, "# Behaviour 2027")
        school.put_in_force(session, scope, new, JANUARY, JANUARY)
        path = f"/hillcrest/read/{new.public_id}"
    mine = text(tess.get("/hillcrest/my-reading").text)
    assert "Coming from 4 January 2027" in mine and "it counts" in mine
    assert "to read from 4 January 2027" in text(tess.get(path).text)
    confirm(tess, path)
    assert "Coming from" not in text(tess.get("/hillcrest/my-reading").text)
    with time_machine.travel(dt.datetime(2027, 1, 5, 9, tzinfo=dt.UTC), tick=False):
        sign_in(tess, "tess@hillcrest.sch.uk")
        assert "Behaviour" not in text(tess.get("/hillcrest/my-reading").text).partition("Done")[0].replace(
            "Behaviour Policy version", ""
        )


def test_somebody_invited_before_their_first_day_signs_in_and_sees_what_is_coming(
    room: Room, app: Flask, client: FlaskClient
) -> None:
    with app.app_context(), writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        joiner = school.someone(session, scope, "Jo Iner", started_on=JANUARY)
        account(session, scope, "jo@home.example", (), joiner)
    assert sign_in(client, "jo@home.example").status_code == 303
    mine = text(client.get("/hillcrest/my-reading").text)
    assert "There is nothing for you to read" in mine
    assert mine.count("Coming from 4 January 2027") == 2
    confirm(client, f"/hillcrest/read/{room.versions['Behaviour']}")
    assert text(client.get("/hillcrest/my-reading").text).count("Coming from 4 January 2027") == 1
    assert client.get("/hillcrest/people").status_code == 403
    with app.app_context(), writing() as session:
        joiner = session.scalars(select(Person).where(Person.given_name == "Jo")).one()
        joiner.deactivated_at = NOW
    assert client.get("/hillcrest/my-reading").status_code == 404


def test_promise_15_a_leaver_is_out_at_once(room: Room, tess: FlaskClient, app: Flask) -> None:
    assert tess.get("/hillcrest/my-reading").status_code == 200
    with app.app_context(), writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        person = session.scalars(select(Person).where(Person.given_name == "Tess")).one()
        leave(session, scope, MAYA, person, last_on=dt.date(2026, 11, 15), now=NOW)
    for path in ("my-reading", "my-reading/about-me", "my-reading/receipts", f"read/{room.versions['Behaviour']}"):
        assert tess.get(f"/hillcrest/{path}").status_code == 404


@pytest.mark.engines("sqlite", "postgresql")
def test_one_list_over_two_schools_each_read_under_its_own_scope(room: Room, tess: FlaskClient, app: Flask) -> None:
    with app.app_context(), writing() as session:
        zeds = scope_by_slug(session, "zeds")
        there = school.someone(session, zeds, "Tess Marlow-Other")
        account(session, zeds, "tess@hillcrest.sch.uk", (), there)
    mine = text(tess.get("/hillcrest/my-reading").text)
    for said in ("Behaviour Policy Hillcrest Primary School", "Zed's Policy Zed's Academy"):
        assert said in mine
    assert text(tess.get("/zeds/my-reading").text).partition("Done")[0].count("Policy Hillcrest") == 1
    path = f"/zeds/read/{room.foreign['version']}"
    assert f'href="{path}"' in tess.get("/hillcrest/my-reading").text
    confirm(tess, path)
    after = confirm(tess, f"/hillcrest/read/{room.versions['Behaviour']}")
    assert "Next: Complaints Procedure" in text(tess.get(after).text)
    sheets = " ".join(text_of(tess.get("/hillcrest/my-reading/receipts").data))
    assert "Zed's Academy" in sheets and "Hillcrest Primary School" in sheets and "Zoe" not in sheets


def test_a_receipt_and_all_of_them_are_small_forms_that_can_be_checked(
    room: Room, tess: FlaskClient, app: Flask
) -> None:
    assert tess.get("/hillcrest/my-reading/receipts").location == "/hillcrest/my-reading"
    with app.app_context(), writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        whom = Contact("this policy", office=HEADTEACHER, phone="01234 567890")
        add_contact(session, scope, MAYA, None, whom, NOW)
    places = [confirm(tess, f"/hillcrest/read/{room.versions[name]}") for name in ("Behaviour", "Complaints")]
    mine = [one for one in receipts(app) if one.method == "signed_in"]
    one = tess.get(f"{places[0]}/pdf")
    [sheet] = text_of(one.data)
    first = mine[0]
    for said in (
        *(
            "Tess Marlow",
            "Behaviour Policy",
            first.reference,
            "“I have read and understood”",
            "16 November 2026 at 09:00",
        ),
        *("On screen, signed in (with their password)", "How to check this receipt", "01234 567890"),
    ):
        assert said in sheet, said
    assert first.documents_sha256 in sheet.replace(" ", "")
    assert failures(one.data) == []
    every = tess.get("/hillcrest/my-reading/receipts")
    sheets = " ".join(text_of(every.data))
    assert all(receipt.reference in sheets for receipt in mine)
    assert failures(every.data) == []
    assert every.headers["Content-Disposition"].startswith("attachment")


def test_the_part_that_is_asked_is_named_on_my_list_and_my_receipts(room: Room, tess: FlaskClient, app: Flask) -> None:
    with app.app_context(), writing() as session:
        school.divide(session, scope_by_slug(session, "hillcrest"), "Behaviour Policy")
    assert "Behaviour Policy , Part one only" in text(tess.get("/hillcrest/my-reading").text)
    for name in ("Behaviour", "Complaints"):
        path = f"/hillcrest/read/{room.versions[name]}"
        tess.post(path, data={**carried(tess.get(path).text), "ticked": "y"})
    sheets = " ".join(text_of(tess.get("/hillcrest/my-reading/receipts").data))
    assert sheets.count("Part one only") == 1


def test_somebody_elses_receipt_is_not_to_be_had(room: Room, tess: FlaskClient, app: Flask) -> None:
    noors = next(one.reference for one in receipts(app) if one.acknowledged_on == dt.date(2026, 10, 5))
    for path in (f"receipts/{noors}", f"receipts/{noors}/pdf", f"receipts/{room.foreign['receipt']}/pdf"):
        assert tess.get(f"/hillcrest/{path}").status_code == 404


@pytest.mark.engines("sqlite", "postgresql")
def test_what_is_recorded_about_me_is_the_facts_with_my_own_reason_for_absence(
    room: Room, tess: FlaskClient, app: Flask
) -> None:
    confirm(tess, f"/hillcrest/read/{room.versions['Behaviour']}")
    with app.app_context(), writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        for name, reason in (("Tess", "Jury service"), ("Noor", "Broken leg")):
            person = session.scalars(select(Person).where(Person.given_name == name)).one()
            days = {"from_on": dt.date(2026, 11, 2), "until_on": dt.date(2026, 11, 4)}
            record_absence(session, scope, MAYA, person, **days, reason=reason, now=NOW)
    page = text(tess.get("/hillcrest/my-reading/about-me").text)
    for said in ("N-Tess-Marlow", "tess@hillcrest.sch.uk", "Teachers", "Jury service", "Behaviour Policy", "R-"):
        assert said in page, said
    assert "16 November 2026 at 09:00 not signed out" in page
    assert "Broken leg" not in page and "Noor" not in page
    assert "Your school decides how long to keep it" in page


def test_an_account_that_is_nobody_at_the_school_is_told_what_it_holds(maya: FlaskClient) -> None:
    page = text(maya.get("/hillcrest/my-reading/about-me").text)
    assert "not linked to a person" in page and "maya@hillcrest.sch.uk" in page


def test_whom_to_ask_is_on_my_reading_and_beside_the_text_with_links(room: Room, tess: FlaskClient, app: Flask) -> None:
    with app.app_context(), writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        school.someone(session, scope, "Olu Okafor", ("headteacher",))
        new = Contact("this policy", office=HEADTEACHER, phone="01234 567890 ext 2", email="head@hillcrest.sch.uk")
        add_contact(session, scope, MAYA, None, new, NOW)
    for path in ("my-reading", f"read/{room.versions['Behaviour']}"):
        page = tess.get(f"/hillcrest/{path}").text
        assert 'href="tel:01234567890;ext=2"' in page and 'href="mailto:head@hillcrest.sch.uk"' in page
        assert "Olu Okafor" in page and "not collected here" in page


def test_the_pages_follow_the_standard(room: Room, tess: FlaskClient) -> None:
    paths = ["my-reading", "my-reading/about-me", f"read/{room.versions['Behaviour']}"]
    pages = {path: tess.get(f"/hillcrest/{path}").text for path in paths}
    pages["receipt"] = tess.get(confirm(tess, f"/hillcrest/{paths[2]}")).text
    faults = html_faults(pages)
    assert not faults, "\n".join(faults)
