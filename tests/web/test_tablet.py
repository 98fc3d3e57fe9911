"""The shared tablet: nobody is listed or revealed, one person after another, and nothing is left for the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from governance.db import reading, writing
from governance.people.models import Person
from governance.reading.models import Acknowledgement
from governance.reading.requiring import Requirement, require
from governance.reception.models import TabletSession, TabletTurn
from governance.settings import Settings
from governance.tenancy import Scope
from tests import hillcrest as school
from tests.hillcrest import MAYA, NOW, TODAY, divide
from tests.reception.desk_room import TITLES
from tests.render.pdf_checks import text_of
from tests.web.people import PASSWORD, account_called, sign_in
from tests.web.reading_room import text
from tests.web.reception_room import ARRIVAL, RITA, Reception, open_reception, signed

TESS = {"name": "Tess Marlow", "number": "N-Tess-Marlow"}
SAME_ANSWER = "We cannot match that name and number"


@pytest.fixture(autouse=True)
def that_morning() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def reception(app: Flask, hillcrest: Scope, settings: Settings) -> Reception:
    """Teachers have to read Lone Working."""
    made = open_reception(app, hillcrest, settings.secret_key)
    with app.app_context(), writing() as session:
        lone = session.scalars(select(school.Policy).where(school.Policy.title == "Lone Working Policy")).one()
        teachers = school.category(session, hillcrest, "teachers")
        require(session, hillcrest, MAYA, lone, Requirement(category_id=teachers.id), TODAY, NOW)
        row = session.scalars(select(school.InForce).where(school.InForce.policy_id == lone.id)).one()
        whose = {"organisation_id": hillcrest.organisation_id, "in_force_id": row.id}
        session.add(school.Asking(**whose, from_on=TODAY, recorded_at=NOW))
    return made


def start(app: Flask, **form: str) -> FlaskClient:
    browser = app.test_client()
    assert sign_in(browser, RITA).status_code == 303
    assert browser.post("/hillcrest/front-desk/tablet", data=form).headers["Location"] == "/tablet"
    return browser


@pytest.fixture
def tablet(app: Flask, reception: Reception) -> FlaskClient:
    return start(app)


def lone(reception: Reception) -> str:
    return f"/tablet/reading/{reception.versions['Lone Working Policy']}"


def receipts(app: Flask) -> list[Acknowledgement]:
    with app.app_context(), reading() as session:
        found = list(session.scalars(select(Acknowledgement).order_by(Acknowledgement.id)))
        session.expunge_all()
        return found


@pytest.mark.engines("sqlite", "postgresql")
def test_a_teacher_reads_and_signs_and_the_tablet_is_ready_for_the_next(
    app: Flask, tablet: FlaskClient, reception: Reception
) -> None:
    assert tablet.post("/tablet", data=TESS).headers["Location"] == "/tablet/reading"
    listed = text(tablet.get("/tablet/reading").text)
    assert "Tess Marlow: to read" in listed and "Lone Working Policy" in listed
    path = lone(reception)
    assert tablet.post(path, data=signed(tablet, path, "Tess Marlow")).headers["Location"] == "/tablet/reading"
    (receipt,) = receipts(app)
    assert (receipt.method, receipt.assurance, receipt.witness) == ("tablet", "tablet_typed", None)
    assert receipt.recorded_by is None and receipt.typed_name == "Tess Marlow"
    done = text(tablet.get("/tablet/reading").text)
    assert "nothing left to read" in done and receipt.reference in done
    assert tablet.post("/tablet/clear").headers["Location"] == "/tablet"
    assert "Tess" not in tablet.get("/tablet").text


def test_the_part_that_is_asked_is_named_signed_for_and_stands_on_the_receipt(
    app: Flask, tablet: FlaskClient, reception: Reception, hillcrest: Scope
) -> None:
    with app.app_context(), writing() as session:
        divide(session, hillcrest, "Lone Working Policy", parts=3)
    tablet.post("/tablet", data=TESS)
    assert "Lone Working Policy , Part one and Annex B only" in text(tablet.get("/tablet/reading").text)
    path = lone(reception)
    assert "You are asked to read Part one and Annex B ." in text(tablet.get(path).text)
    sent = signed(tablet, path, "Tess Marlow")
    assert [tablet.post(path, data=sent).status_code for _ in range(2)] == [302, 302]
    (receipt,) = receipts(app)
    assert (receipt.parts, receipt.wording) == (3, "I have read and understood. This is for: Part one; Annex B.")
    done = text(tablet.get("/tablet/reading").text)
    assert f"Lone Working Policy, Part one and Annex B only {receipt.reference}" in done
    maya = app.test_client()
    sign_in(maya)
    page = f"/hillcrest/receipts/{receipt.reference}"
    assert "Parts Part one and Annex B only" in text(maya.get(page).text)
    assert "Part one and Annex B only" in " ".join(text_of(maya.get(f"{page}/pdf").data))


def test_no_file_is_opened_on_the_tablet_and_it_says_why_and_where_to_ask(
    app: Flask, tablet: FlaskClient, reception: Reception
) -> None:
    tablet.post("/tablet", data=TESS)
    page = tablet.get(lone(reception)).text
    assert "Ask at reception for a printed copy" in page and "stay on it for whoever comes next" in page
    assert "/files/" not in page
    assert not [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/tablet") and "file" in rule.rule]


def test_starting_it_signs_the_desk_out_of_everything_in_that_browser(app: Flask, tablet: FlaskClient) -> None:
    for page in ("/hillcrest/", "/hillcrest/front-desk", "/hillcrest/my-reading", "/account/password"):
        assert tablet.get(page).status_code in (302, 303), page
    page = tablet.get("/tablet").text
    assert "Sign out" not in page and "rita" not in page.lower()
    other = app.test_client()
    assert sign_in(other, RITA).status_code == 303
    assert other.get("/hillcrest/front-desk").status_code == 200


def test_an_old_cookie_of_the_desk_is_dead_once_the_tablet_started(app: Flask, reception: Reception) -> None:
    browser = app.test_client()
    sign_in(browser, RITA)
    kept = browser.get_cookie("countersign")
    browser.post("/hillcrest/front-desk/tablet")
    assert kept is not None
    browser.set_cookie("countersign", kept.value)
    assert browser.get("/hillcrest/front-desk").status_code == 303


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "Tess Marlow", "number": "N-Bea-Old"},
        {"name": "Bea Old", "number": "N-Tess-Marlow"},
        {"name": "Tess", "number": "N-Tess-Marlow"},
        {"name": "Bea Old", "number": "N-Bea-Old"},
        {"name": "Zoe Zed", "number": "N-Zoe-Zed"},
        {"name": "Nobody", "number": "0"},
        {"name": "%", "number": "%"},
        {"name": "x" * 5000, "number": "y" * 5000},
    ],
)
def test_every_wrong_pair_gets_the_same_answer_leavers_and_other_schools_too(
    app: Flask, tablet: FlaskClient, hillcrest: Scope, typed: dict[str, str]
) -> None:
    with app.app_context(), writing() as session:
        school.someone(session, hillcrest, "Bea Old", ended_on=TODAY - dt.timedelta(days=1))
        zeds = school.a_school(session, "Third School", "third")
        school.someone(session, zeds, "Zoe Zed")
    answer = tablet.post("/tablet", data=typed)
    assert answer.status_code == 422
    assert SAME_ANSWER in answer.text
    assert tablet.get("/tablet/reading").headers["Location"] == "/tablet"


def test_wrong_pairs_have_to_wait_and_a_right_one_is_not_charged(
    app: Flask, tablet: FlaskClient, that_morning: time_machine.Traveller
) -> None:
    for number in range(14):
        that_morning.shift(dt.timedelta(seconds=1))
        assert SAME_ANSWER in tablet.post("/tablet", data={"name": "Marlow", "number": str(number)}).text
    for _ in range(3):
        that_morning.shift(dt.timedelta(seconds=1))
        assert tablet.post("/tablet", data=TESS).status_code == 302
    that_morning.shift(dt.timedelta(seconds=1))
    tablet.post("/tablet", data={"name": "Marlow", "number": "99"})
    assert "too many wrong tries" in tablet.post("/tablet", data=TESS).text
    that_morning.shift(dt.timedelta(seconds=61))
    assert tablet.post("/tablet", data=TESS).status_code == 302


def test_going_back_shows_nothing_and_a_finished_step_signs_nothing(
    app: Flask, tablet: FlaskClient, reception: Reception
) -> None:
    path = lone(reception)
    tablet.post("/tablet", data=TESS)
    form = signed(tablet, path, "Tess Marlow")
    assert tablet.get(path).headers["Cache-Control"] == "no-store"
    tablet.post("/tablet/clear")
    for page in ("/tablet/reading", path):
        assert tablet.get(page).headers["Location"] == "/tablet"
    assert tablet.post(path, data=form).headers["Location"] == "/tablet"
    # the next person's turn is not that of the page either
    with app.app_context(), writing() as session:
        noor = school.someone(session, school.scope_of(session.get_one(school.Organisation, 1)), "Noor Ali")
        number = noor.staff_number
    tablet.post("/tablet", data={"name": "Noor Ali", "number": number})
    assert tablet.post(path, data={**form, "typed_name": "Noor Ali"}).headers["Location"] == "/tablet"
    assert receipts(app) == []


def test_opening_who_are_you_is_enough_to_clear_a_tablet_without_a_script(
    app: Flask, tablet: FlaskClient, reception: Reception
) -> None:
    tablet.post("/tablet", data=TESS)
    page = tablet.get("/tablet/reading").text
    assert '<noscript><meta http-equiv="refresh" content="60; url=/tablet"></noscript>' in page
    assert 'data-clears-after="60"' in page
    tablet.get("/tablet")
    assert tablet.get("/tablet/reading").headers["Location"] == "/tablet"


def test_a_turn_in_which_nothing_is_done_ends_by_itself(
    app: Flask, tablet: FlaskClient, reception: Reception, that_morning: time_machine.Traveller
) -> None:
    tablet.post("/tablet", data=TESS)
    form = signed(tablet, lone(reception), "Tess Marlow")
    that_morning.shift(dt.timedelta(minutes=11))
    assert tablet.get("/tablet/reading").headers["Location"] == "/tablet"
    assert tablet.post(lone(reception), data=form).headers["Location"] == "/tablet"
    assert receipts(app) == []


def test_where_the_desk_watches_it_is_the_witness(app: Flask, reception: Reception) -> None:
    browser = start(app, watched="y")
    browser.post("/tablet", data=TESS)
    path = lone(reception)
    browser.post(path, data=signed(browser, path, "Tess Marlow"))
    (receipt,) = receipts(app)
    assert receipt.witness == "Rita Front"
    maya = app.test_client()
    sign_in(maya)
    page = text(maya.get(f"/hillcrest/receipts/{receipt.reference}").text)
    assert "On the shared tablet, seen by Rita Front" in page


def test_somebody_here_for_the_day_signs_with_their_printed_reference_and_the_desk_sees_it(
    app: Flask, reception: Reception
) -> None:
    rita = app.test_client()
    sign_in(rita, RITA)
    here = rita.post("/hillcrest/front-desk/add", data=ARRIVAL).headers["Location"]
    with app.app_context(), reading() as session:
        reference = session.scalars(select(Person.printed_reference).where(Person.family_name == "Green")).one()
    browser = start(app)
    browser.post("/tablet", data={"name": "Al Green", "number": reference.lower()})
    for title in TITLES:
        path = f"/tablet/reading/{reception.versions[title]}"
        assert browser.post(path, data=signed(browser, path, "Al Green")).status_code == 302
    page = text(rita.get(here).text)
    assert "Signed" in page and all(one.reference in page for one in receipts(app))


@pytest.mark.parametrize("typed", ["", "Bea Old"])
def test_without_their_own_name_nothing_is_recorded(
    app: Flask, tablet: FlaskClient, reception: Reception, typed: str
) -> None:
    tablet.post("/tablet", data=TESS)
    path = lone(reception)
    assert tablet.post(path, data=signed(tablet, path, typed)).status_code == 422
    assert receipts(app) == []


def test_the_same_act_twice_is_one_receipt(app: Flask, tablet: FlaskClient, reception: Reception) -> None:
    tablet.post("/tablet", data=TESS)
    path = lone(reception)
    form = signed(tablet, path, "Tess Marlow")
    assert [tablet.post(path, data=form).status_code for _ in range(3)] == [302] * 3
    assert len(receipts(app)) == 1


def test_only_what_is_theirs_to_read_is_there(tablet: FlaskClient, reception: Reception) -> None:
    tablet.post("/tablet", data=TESS)
    other = f"/tablet/reading/{reception.versions[TITLES[0]]}"
    assert tablet.get(other).status_code == 404


def test_leaving_wants_the_desks_password(app: Flask, tablet: FlaskClient) -> None:
    assert "rita@" not in tablet.get("/tablet/leave").text
    assert tablet.post("/tablet/leave", data={"password": "a guess of somebody"}).status_code == 422
    assert tablet.post("/tablet/leave", data={}).status_code == 422
    assert tablet.get("/tablet").status_code == 200
    assert tablet.post("/tablet/leave", data={"password": PASSWORD}).headers["Location"] == "/sign-in"
    assert tablet.get("/tablet").status_code == 404
    with app.app_context(), reading() as session:
        assert session.scalars(select(TabletSession.ended_at)).one() is not None


def test_guesses_at_the_password_are_throttled(tablet: FlaskClient) -> None:
    for _ in range(5):
        assert "is wrong" in tablet.post("/tablet/leave", data={"password": "a guess of somebody"}).text
    assert "too many wrong tries" in tablet.post("/tablet/leave", data={"password": PASSWORD}).text


def test_the_tablet_is_dead_when_its_day_is_over_or_whoever_started_it_is_gone(
    app: Flask, tablet: FlaskClient, reception: Reception, that_morning: time_machine.Traveller
) -> None:
    second = start(app)
    second.post("/tablet", data=TESS)
    form = signed(second, lone(reception), "Tess Marlow")
    with app.app_context(), writing() as session:
        account_called(session, RITA).active = False
    assert second.get("/tablet").status_code == 404
    assert second.post(lone(reception), data=form).status_code == 404
    assert receipts(app) == []
    with app.app_context(), writing() as session:
        account_called(session, RITA).active = True
    assert tablet.get("/tablet").status_code == 200
    that_morning.move_to(NOW + dt.timedelta(hours=12))
    assert tablet.get("/tablet").status_code == 404


def test_looking_in_any_safe_way_makes_nothing(app: Flask, tablet: FlaskClient, reception: Reception) -> None:
    tablet.post("/tablet", data=TESS)
    with app.app_context(), reading() as session:
        before = session.scalar(select(func.count(TabletTurn.id)))
    for page in ("/tablet/reading", lone(reception), "/tablet/leave", "/tablet"):
        for method in ("GET", "HEAD", "OPTIONS"):
            query = {**TESS, "typed_name": "Tess Marlow", "password": PASSWORD}
            assert tablet.open(page, method=method, query_string=query).status_code < 400
    with app.app_context(), reading() as session:
        assert session.scalar(select(func.count(TabletTurn.id))) == before
        assert session.scalars(select(TabletTurn.ended_at)).all() == [None]
    assert receipts(app) == []


def test_a_browser_that_is_no_tablet_gets_nothing(app: Flask, reception: Reception) -> None:
    stranger = app.test_client()
    for page in ("/tablet", "/tablet/reading", lone(reception), "/tablet/leave"):
        assert stranger.get(page).status_code == 404
    for page in ("/tablet", "/tablet/clear", "/tablet/leave", lone(reception)):
        assert stranger.post(page, data={**TESS, "password": PASSWORD}).status_code == 404


def test_only_who_keeps_day_people_can_start_it(app: Flask, reception: Reception) -> None:
    for who, status in (("tess@hillcrest.sch.uk", 403), ("Mr Okafor", 403), ("Sam", 302)):
        browser = app.test_client()
        sign_in(browser, who)
        assert browser.post("/hillcrest/front-desk/tablet").status_code == status
