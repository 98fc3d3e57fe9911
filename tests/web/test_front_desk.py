"""The front desk's pages: today's visitors and nothing else of the school; every act recorded, none of it deleting."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from governance.accounts.permissions import Permission, Role, permissions_of
from governance.db import reading, writing
from governance.people.models import Person
from governance.reading.models import Acknowledgement, Withdrawal, Witnessing
from governance.reception.models import Visit
from governance.settings import Settings
from governance.tenancy import Scope
from tests.hillcrest import NOW, divide
from tests.reception.desk_room import TITLES
from tests.web.people import account_called, sign_in
from tests.web.reading_room import text
from tests.web.reception_room import ARRIVAL, RITA, Reception, arrive_and_sign, counts, open_reception, visits

DESK = "/hillcrest/front-desk"


@pytest.fixture(autouse=True)
def that_morning() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def reception(app: Flask, hillcrest: Scope, settings: Settings) -> Reception:
    return open_reception(app, hillcrest, settings.secret_key)


@pytest.fixture
def rita(app: Flask, reception: Reception) -> FlaskClient:
    browser = app.test_client()
    assert sign_in(browser, RITA).status_code == 303
    return browser


def reference_of(app: Flask) -> str:
    with app.app_context(), reading() as session:
        return session.scalars(select(Acknowledgement.reference).order_by(Acknowledgement.id)).first() or ""


@pytest.mark.engines("sqlite", "postgresql")
def test_a_visitor_is_seen_reading_then_signed_then_approved(
    app: Flask, client: FlaskClient, rita: FlaskClient, reception: Reception
) -> None:
    client.post(reception.path, data=ARRIVAL)
    (visit,) = visits(app)
    page = text(rita.get(DESK).text)
    assert "Al Green Reading Swift Supply, Cover in Year 4, came at 09:00, 2 to read" in page
    assert "1 person here today whom the front desk has not seen" in text(rita.get("/hillcrest/").text)
    arrive_and_sign_again = app.test_client()
    arrive_and_sign(arrive_and_sign_again, reception)
    rita.post(f"{DESK}/{visits(app)[1]}/approve")
    page = text(rita.get(DESK).text)
    assert "Signed" in page.partition("Here and approved")[2]
    with app.app_context(), reading() as session:
        assert set(session.scalars(select(Witnessing.witness))) == {"Rita Front"}
    assert "Reception has seen you" in arrive_and_sign_again.get(f"{reception.path}/shown").text
    assert "Reception has seen you" not in client.get(f"{reception.path}/shown").text
    assert rita.get(f"{DESK}/{visit}").status_code == 200


def test_the_receipt_says_how_it_was_given_and_who_saw_them(
    app: Flask, client: FlaskClient, rita: FlaskClient, reception: Reception
) -> None:
    arrive_and_sign(client, reception)
    maya = app.test_client()
    sign_in(maya)
    receipt = f"/hillcrest/receipts/{reference_of(app)}"
    assert "phone at reception, not seen by anybody at reception yet" in text(maya.get(receipt).text)
    rita.post(f"{DESK}/{visits(app)[0]}/approve")
    assert "phone at reception, seen by Rita Front" in text(maya.get(receipt).text)
    report = maya.get("/hillcrest/reports/read/file/csv").text
    assert "Phone at reception,Rita Front" in report
    assert rita.get(receipt).status_code == 404


def test_not_known_wants_a_reason_and_withdraws_what_was_signed(
    app: Flask, client: FlaskClient, rita: FlaskClient, reception: Reception
) -> None:
    arrive_and_sign(client, reception)
    here = f"{DESK}/{visits(app)[0]}"
    assert rita.post(f"{here}/not-known", data={"reason": " "}).status_code == 422
    assert rita.post(f"{here}/not-known", data={"reason": "No such agency"}).status_code == 302
    with app.app_context(), reading() as session:
        assert len(session.scalars(select(Withdrawal.id)).all()) == 2
    assert "Not known: No such agency" in text(rita.get(here).text)
    again = rita.post(f"{here}/approve")
    assert again.status_code == 422 and "not known" in again.text
    assert client.get(f"{reception.path}/shown").headers["Location"] == reception.path


def test_left_and_still_here_after_all(
    app: Flask, client: FlaskClient, rita: FlaskClient, reception: Reception
) -> None:
    client.post(reception.path, data=ARRIVAL)
    here = f"{DESK}/{visits(app)[0]}"
    rita.post(f"{here}/left")
    assert "Left without reading" in text(rita.get(DESK).text)
    assert client.get(f"{reception.path}/reading").headers["Location"] == reception.path
    rita.post(f"{here}/still-here")
    assert client.get(f"{reception.path}/reading").status_code == 200


@pytest.mark.engines("sqlite", "postgresql")
def test_a_returning_teacher_is_joined_and_told_apart_again(
    app: Flask,
    client: FlaskClient,
    rita: FlaskClient,
    reception: Reception,
    that_morning: time_machine.Traveller,
) -> None:
    arrive_and_sign(client, reception)
    first = visits(app)[0]
    that_morning.shift(dt.timedelta(days=3))
    sign_in(rita, RITA)
    assert rita.get(f"{DESK}/{first}").status_code == 404
    later = app.test_client()
    later.post(reception.path, data=ARRIVAL)
    here = f"{DESK}/{visits(app)[1]}"
    found = rita.get(f"{here}/same-person")
    assert "Al Green, Swift Supply" in found.text and "last here on 16 November 2026" in found.text
    assert "Marlow" not in rita.get(f"{here}/same-person?name=Tess+Marlow").text.partition("Who is it?")[2]
    with app.app_context(), reading() as session:
        al = session.scalars(select(Person).where(Person.family_name == "Green")).one().public_id
        tess = session.scalars(select(Person).where(Person.given_name == "Tess")).one().public_id
    assert rita.post(f"{here}/same-person", data={}).status_code == 422
    assert "was here for a day before" in rita.post(f"{here}/same-person", data={"person": tess}).text
    assert rita.post(f"{here}/same-person", data={"person": al}).status_code == 302
    assert "Signed" in text(rita.get(here).text)
    assert "There is nothing more to sign here" in later.get(reception.read()).text
    assert counts(app) == (2, 1, 2)
    rita.post(f"{here}/somebody-else")
    assert counts(app) == (2, 2, 2)
    assert "Reading" in text(rita.get(here).text)


def test_somebody_without_a_phone_signs_a_printed_sheet_in_front_of_the_desk(
    app: Flask, rita: FlaskClient, reception: Reception
) -> None:
    assert rita.post(f"{DESK}/add", data={"given_name": " "}).status_code == 422
    added = rita.post(f"{DESK}/add", data=ARRIVAL)
    here = added.headers["Location"]
    sheet = rita.get(f"{here}/sheet").text
    assert all(title in sheet for title in TITLES) and "I have read and understood" in sheet
    assert " checked" not in sheet
    assert rita.post(f"{here}/sheet", data={}).status_code == 422
    lone = reception.versions["Lone Working Policy"]
    assert rita.post(f"{here}/sheet", data={"versions": [lone]}).status_code == 422
    signed = re.findall(r'name="versions"[^>]*value="([^"]+)"', sheet)
    assert rita.post(f"{here}/sheet", data={"versions": signed}).status_code == 302
    assert counts(app) == (1, 1, 2)
    with app.app_context(), reading() as session:
        assert set(session.scalars(select(Acknowledgement.witness))) == {"Rita Front"}
    assert "nothing left to read" in rita.get(f"{here}/sheet").text


def test_the_printed_sheet_names_the_part_and_is_entered_for_what_stood_on_it(
    app: Flask, rita: FlaskClient, reception: Reception, hillcrest: Scope
) -> None:
    with app.app_context(), writing() as session:
        divide(session, hillcrest, TITLES[0])
    here = rita.post(f"{DESK}/add", data=ARRIVAL).headers["Location"]
    sheet = rita.get(f"{here}/sheet").text
    assert "version 1), Part one only I have read and understood. This is for: Part one." in text(sheet)
    first, second = re.findall(r'name="versions"[^>]*value="([^"]+)"', sheet)
    with app.app_context(), writing() as session:
        divide(session, hillcrest, TITLES[0], parts=3)
    refused = rita.post(f"{here}/sheet", data={"versions": [first, second]})
    assert refused.status_code == 422 and "Print it again" in refused.text
    assert counts(app)[2] == 0
    with app.app_context(), writing() as session:
        divide(session, hillcrest, TITLES[0])
    assert rita.post(f"{here}/sheet", data={"versions": [first, second]}).status_code == 302
    assert "Behaviour Policy, Part one only: R-" in text(rita.get(here).text)


def test_the_front_desk_opens_nothing_about_people_coverage_or_absences(
    app: Flask, rita: FlaskClient, reception: Reception, hillcrest: Scope
) -> None:
    for page in (
        "people",
        "people/add",
        "people/import",
        "reading",
        "reading/overdue",
        "reading/outstanding",
        "reading/paper",
        f"reading/paper/sheet/{reception.versions[TITLES[0]]}",
        "reports/read",
        "reports/coverage",
        "reports/left-without-reading",
        "settings",
        "settings/front-desk",
        "asking",
        "scheduled",
    ):
        assert rita.get(f"/hillcrest/{page}").status_code == 403, page
    home = rita.get("/hillcrest/")
    assert home.status_code == 200
    for page in ("/hillcrest/", DESK, "/hillcrest/my-reading", "/hillcrest/register", "/hillcrest/reports"):
        assert "Tess" not in rita.get(page).text
    assert permissions_of([Role.FRONT_DESK]) == {
        Permission.READ,
        Permission.SEE_REGISTER,
        Permission.KEEP_DAY_PEOPLE,
    }


def test_the_poster_is_printed_replaced_and_stopped(
    app: Flask, client: FlaskClient, rita: FlaskClient, reception: Reception
) -> None:
    page = rita.get(f"{DESK}/poster").text
    assert f"http://localhost{reception.path}" in page and "data:image/svg+xml" in page
    rita.post(f"{DESK}/poster")
    assert reception.path not in rita.get(f"{DESK}/poster").text
    assert client.get(reception.path).status_code == 404
    rita.post(f"{DESK}/poster/stop")
    assert "data:image/svg+xml" not in rita.get(f"{DESK}/poster").text
    assert rita.post(f"{DESK}/poster/stop").status_code == 422


def test_the_business_manager_chooses_the_category_and_the_short_set(
    app: Flask, maya: FlaskClient, client: FlaskClient, reception: Reception
) -> None:
    page = maya.get("/hillcrest/settings/front-desk").text
    assert page.count(" checked") == 2 and "Agency staff" in page
    with app.app_context(), reading() as session:
        from tests import hillcrest as school
        from tests.hillcrest import Policy

        ids = {one.title: one.public_id for one in session.scalars(select(Policy))}
        scope = school.scope_of(
            session.scalars(select(school.Organisation).where(school.Organisation.slug == "hillcrest")).one()
        )
        casual = school.category(session, scope, "casual").public_id
    lone = ids["Lone Working Policy"]
    assert maya.post("/hillcrest/settings/front-desk", data={"policies": [lone]}).status_code == 302
    visitor = app.test_client()
    visitor.post(reception.path, data=ARRIVAL)
    listed = visitor.get(f"{reception.path}/reading").text
    assert "Lone Working" in listed
    assert maya.post("/hillcrest/settings/front-desk/category", data={"category": ""}).status_code == 422
    assert maya.post("/hillcrest/settings/front-desk/category", data={"category": "x"}).status_code == 404
    assert maya.post("/hillcrest/settings/front-desk/category", data={"category": casual}).status_code == 302
    assert "required of Casual staff" in maya.get("/hillcrest/settings/front-desk").text
    assert 'href="/hillcrest/settings/front-desk">Choose what they read</a>' in maya.get(DESK).text


@pytest.mark.engines("sqlite", "postgresql")
def test_who_left_without_reading_is_a_report_of_a_day_and_of_several(
    app: Flask, client: FlaskClient, reception: Reception, that_morning: time_machine.Traveller
) -> None:
    client.post(reception.path, data={**ARRIVAL, "given_name": "=1+1"})
    that_morning.shift(dt.timedelta(days=1))
    sam = app.test_client()
    sign_in(sam, "Sam")
    page = "/hillcrest/reports/left-without-reading"
    assert "Nothing to report on this day" in sam.get(page).text
    ranged = text(sam.get(f"{page}?since=1+November+2026").text)
    assert "Visits from 1 November 2026 to 17 November 2026" in ranged
    assert "16 Nov 2026 Green =1+1" in ranged
    assert "16 Nov 2026 Green =1+1" in text(sam.get(f"{page}?on=16+November+2026").text)
    for form in ("csv", "xlsx", "html", "json"):
        saved = sam.get(f"{page}/file/{form}?since=2026-11-01")
        assert saved.status_code == 200
    told = sam.get(f"{page}/file/csv?since=2026-11-01").text
    assert "Behaviour Policy and Child Protection" in told and ",=1+1" not in told


def test_a_leaver_at_the_desk_is_out_on_the_next_request(
    app: Flask, client: FlaskClient, rita: FlaskClient, reception: Reception, hillcrest: Scope
) -> None:
    client.post(reception.path, data=ARRIVAL)
    with app.app_context(), writing() as session:
        account_called(session, RITA).active = False
    assert rita.post(f"{DESK}/{visits(app)[0]}/approve").status_code in (303, 401)
    with app.app_context(), reading() as session:
        assert session.scalars(select(Visit.id)).all() and not session.scalars(select(Witnessing.id)).all()


def test_another_schools_visit_is_a_404_like_none(app: Flask, client: FlaskClient, reception: Reception) -> None:
    client.post(reception.path, data=ARRIVAL)
    (visit,) = visits(app)
    zed = app.test_client()
    sign_in(zed, "zed@zeds.sch.uk")
    for page in ("", "/sheet", "/same-person"):
        foreign, absent = (zed.get(f"/zeds/front-desk/{one}{page}") for one in (visit, "x" * 36))
        assert (foreign.status_code, absent.status_code) == (404, 404)
    for act in ("approve", "left", "not-known", "same-person", "sheet"):
        assert zed.post(f"/zeds/front-desk/{visit}/{act}", data={"reason": "x"}).status_code == 404
        assert zed.post(f"/hillcrest/front-desk/{visit}/{act}", data={"reason": "x"}).status_code == 404
