"""A visitor's phone: the same page for everybody, one visit a phone and day, and no receipt without a typed name."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from governance.db import writing
from governance.policies.queries import files_of
from governance.reception.addresses import current_address, end_address, make_address, secret_of
from governance.reception.models import Visit, VisitStep
from governance.settings import Settings
from governance.tenancy import Scope, scope_by_slug
from tests import hillcrest as school
from tests.hillcrest import MAYA, NOW, divide
from tests.reception.desk_room import TITLES, furnish
from tests.web.people import sign_in
from tests.web.reading_room import text
from tests.web.reception_room import ARRIVAL, Reception, arrive_and_sign, counts, open_reception, signed, signed_in_page


@pytest.fixture(autouse=True)
def that_morning() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def reception(app: Flask, hillcrest: Scope, settings: Settings) -> Reception:
    return open_reception(app, hillcrest, settings.secret_key)


@pytest.mark.engines("sqlite", "postgresql")
def test_from_the_poster_to_the_receipts(app: Flask, client: FlaskClient, reception: Reception) -> None:
    first = client.get(reception.path)
    assert "Welcome to Hillcrest Primary School" in first.text
    assert "e-mail" not in first.text.lower()
    begun = client.post(reception.path, data=ARRIVAL)
    assert begun.headers["Location"] == f"{reception.path}/reading"
    assert counts(app) == (1, 0, 0)
    listed = client.get(f"{reception.path}/reading")
    assert all(title in listed.text for title in TITLES) and "Lone Working" not in listed.text
    path = reception.read()
    onward = client.post(path, data=signed(client, path))
    assert onward.headers["Location"] == reception.read(TITLES[1])
    assert counts(app) == (1, 1, 1)
    last = client.post(reception.read(TITLES[1]), data=signed(client, reception.read(TITLES[1])))
    assert last.headers["Location"] == f"{reception.path}/shown"
    shown = text(client.get(f"{reception.path}/shown").text)
    assert "Show this at reception" in shown and "Al Green" in shown
    assert len(re.findall(r"R-[2-9A-Z]{4}-[2-9A-Z]{4}", shown)) == 2
    assert counts(app) == (1, 1, 2)


def test_the_name_is_never_filled_in_beforehand(client: FlaskClient, reception: Reception) -> None:
    client.post(reception.path, data=ARRIVAL)
    field = re.search(r"<input[^>]*name=\"typed_name\"[^>]*>", client.get(reception.read()).text)
    assert field is not None and 'value=""' in field[0]


@pytest.mark.parametrize("typed", ["", " ", "Maya Lund"])
def test_without_their_own_name_nothing_is_recorded(
    app: Flask, client: FlaskClient, reception: Reception, typed: str
) -> None:
    client.post(reception.path, data=ARRIVAL)
    path = reception.read()
    answer = client.post(path, data=signed(client, path, typed))
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert counts(app) == (1, 0, 0)


def test_the_page_is_the_same_whoever_looks_and_whoever_they_say_they_are(
    app: Flask, reception: Reception, hillcrest: Scope
) -> None:
    pages = []
    for name in ("Tess", "Nobody"):
        browser = app.test_client()
        first = browser.get(reception.path).text
        browser.post(reception.path, data={"given_name": name, "family_name": "Marlow"})
        pages.append((first, browser.get(f"{reception.path}/reading").text.replace(name, "")))
    masked = [[re.sub(r'nonce="[^"]*"|value="[^"]*"', "", page) for page in both] for both in pages]
    assert masked[0] == masked[1]
    assert "Marlow" in masked[0][1] and "N-Tess-Marlow" not in masked[0][1]


def test_looking_in_any_safe_way_makes_nothing(app: Flask, client: FlaskClient, reception: Reception) -> None:
    browser = app.test_client()
    browser.post(reception.path, data=ARRIVAL)
    pages = ("", "/reading", f"/reading/{reception.versions[TITLES[0]]}", "/shown")
    for who in (client, browser):
        for page in pages:
            for method in ("GET", "HEAD", "OPTIONS"):
                for headers in ({}, {"Sec-Purpose": "prefetch"}, {"X-HTTP-Method-Override": "POST"}):
                    query = {**ARRIVAL, "typed_name": "Al Green"}
                    answer = who.open(reception.path + page, method=method, headers=headers, query_string=query)
                    assert answer.status_code < 400
    assert counts(app) == (1, 0, 0)


def test_another_phone_has_no_part_in_the_visit(app: Flask, client: FlaskClient, reception: Reception) -> None:
    client.post(reception.path, data=ARRIVAL)
    form = signed(client, reception.read())
    stranger = app.test_client()
    for page in ("/reading", f"/reading/{reception.versions[TITLES[0]]}", "/shown"):
        assert stranger.get(reception.path + page).headers["Location"] == reception.path
    assert stranger.post(reception.read(), data=form).headers["Location"] == reception.path
    assert counts(app) == (1, 0, 0)


def test_the_phone_opens_nothing_else_of_the_school(app: Flask, client: FlaskClient, reception: Reception) -> None:
    arrive_and_sign(client, reception)
    for page in ("", "/my-reading", "/register", "/front-desk", f"/read/{reception.versions[TITLES[0]]}", "/people"):
        assert client.get(f"/hillcrest{page}").status_code in (303, 308)


def test_the_part_that_is_asked_is_named_and_signed_for_even_if_more_is_asked_meanwhile(
    app: Flask, client: FlaskClient, reception: Reception, hillcrest: Scope
) -> None:
    with app.app_context(), writing() as session:
        divide(session, hillcrest, TITLES[0])
    client.post(reception.path, data=ARRIVAL)
    assert "Behaviour Policy , Part one only" in text(client.get(f"{reception.path}/reading").text)
    page = client.get(reception.read()).text
    assert "You are asked to read Part one . The rest is there for you" in text(page)
    assert "I confirm: I have read and understood. This is for: Part one ." in text(page)
    with app.app_context(), writing() as session:
        divide(session, hillcrest, TITLES[0], parts=3)
    assert client.post(reception.read(), data=signed_in_page(page, reception.read())).status_code == 302
    assert "Part one and Annex B only" in text(client.get(f"{reception.path}/reading").text), (
        "what was added is to read"
    )
    client.post(reception.read(), data=signed(client, reception.read()))
    shown = text(client.get(f"{reception.path}/shown").text)
    assert "Behaviour Policy, Part one only R-" in shown and "Behaviour Policy, Part one and Annex B only R-" in shown
    wrong = {**signed(client, reception.read(TITLES[1])), "parts": "7"}
    assert client.post(reception.read(TITLES[1]), data=wrong).status_code == 422


def test_the_original_is_there_beside_the_text_and_no_other_file_is(
    app: Flask, client: FlaskClient, reception: Reception, hillcrest: Scope
) -> None:
    with app.app_context(), writing() as session:
        other = school.latest(session, school.a_policy(session, hillcrest, "Pay Policy", "# Of the staff"))
        version, [kept] = other.public_id, files_of(session, hillcrest, [other.id])[other.id]
    client.post(reception.path, data=ARRIVAL)
    [link] = re.findall(r'href="([^"]+/files/[^"]+)"[^>]*>Download the original', client.get(reception.read()).text)
    answer = client.get(link)
    assert answer.status_code == 200 and answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for closed in (f"{reception.path}/reading/{version}", reception.read(), reception.read("Lone Working Policy")):
        assert client.get(f"{closed}/files/{kept.document}").status_code == 404
    assert app.test_client().get(link).headers["Location"] == reception.path


def test_a_visit_is_over_with_its_day(
    app: Flask, client: FlaskClient, reception: Reception, that_morning: time_machine.Traveller
) -> None:
    client.post(reception.path, data=ARRIVAL)
    form = signed(client, reception.read())
    that_morning.move_to(NOW + dt.timedelta(hours=15, minutes=1))
    assert client.post(reception.read(), data=form).headers["Location"] == reception.path
    assert "Here for the day" in client.get(reception.path).text
    assert counts(app) == (1, 0, 0)


def test_a_policy_outside_the_short_set_is_not_there(client: FlaskClient, reception: Reception) -> None:
    client.post(reception.path, data=ARRIVAL)
    lone = reception.read("Lone Working Policy")
    assert client.get(lone).status_code == 404
    assert client.post(lone, data={"typed_name": "Al Green"}).status_code in (404, 422)


@pytest.mark.parametrize("bent", ["{}x", "{:.20}", "x"])
def test_row_64_an_address_that_is_not_whole_has_its_own_plain_page(
    client: FlaskClient, reception: Reception, bent: str
) -> None:
    secret = reception.path.rpartition("/")[2]
    answer = client.get(f"/reception/{bent.format(secret)}")
    assert answer.status_code == 404
    assert "This code does not work any more" in answer.text and "Hillcrest" not in answer.text
    assert client.post(f"/reception/{bent.format(secret)}", data=ARRIVAL).status_code == 404


@pytest.mark.parametrize("tail", [">", ".", "%20", ").", "%3E"])
def test_row_64_what_a_program_left_at_the_end_does_no_harm(
    client: FlaskClient, reception: Reception, tail: str
) -> None:
    assert client.get(reception.path + tail).status_code == 200


def test_a_replaced_poster_stops_working_at_once_also_for_who_has_begun(
    app: Flask, client: FlaskClient, reception: Reception, hillcrest: Scope, settings: Settings
) -> None:
    client.post(reception.path, data=ARRIVAL)
    form = signed(client, reception.read())
    with app.app_context(), writing() as session:
        made = make_address(session, hillcrest, MAYA, settings.secret_key, now=NOW)
        path = f"/reception/{secret_of(settings.secret_key, made.public_id)}"
    assert client.get(reception.path).status_code == 404
    assert client.post(reception.read(), data=form).status_code == 404
    assert counts(app) == (1, 0, 0)
    # the visit itself goes on under the new one
    assert client.get(f"{path}/reading").status_code == 200
    with app.app_context(), writing() as session:
        end_address(session, hillcrest, MAYA, now=NOW)
        assert current_address(session, hillcrest) is None
    assert client.get(path).status_code == 404


def test_only_the_hash_of_the_address_is_kept(app: Flask, reception: Reception, hillcrest: Scope) -> None:
    secret = reception.path.rpartition("/")[2]
    assert len(secret) == 43
    with app.app_context(), writing() as session:
        kept = current_address(session, hillcrest)
        assert kept is not None
        assert secret not in repr({name: getattr(kept, name) for name in kept.__table__.columns.keys()})  # noqa: SIM118


@pytest.mark.engines("sqlite", "postgresql")
def test_another_schools_visit_is_nothing_here(
    app: Flask, client: FlaskClient, reception: Reception, settings: Settings
) -> None:
    with app.app_context(), writing() as session:
        zeds = scope_by_slug(session, "zeds")
        versions = furnish(session, zeds)
        theirs = make_address(session, zeds, MAYA, settings.secret_key, now=NOW)
        path = f"/reception/{secret_of(settings.secret_key, theirs.public_id)}"
        version = school.latest(session, versions.policies[TITLES[0]]).public_id
    client.post(path, data=ARRIVAL)
    assert client.get(f"{path}/reading").status_code == 200
    assert client.get(f"{reception.path}/reading").headers["Location"] == reception.path
    assert client.get(f"{path}/reading/{reception.versions[TITLES[0]]}").status_code == 404
    assert client.get(f"{path}/reading/{version}").status_code == 200


def test_many_arrivals_from_one_network_have_to_wait(
    app: Flask, reception: Reception, that_morning: time_machine.Traveller
) -> None:
    answers = [app.test_client().post(reception.path, data=ARRIVAL) for _ in range(31)]
    assert {answer.status_code for answer in answers[:30]} == {302}
    assert answers[30].status_code == 422
    assert "ask at reception" in answers[30].text and 'value="Al"' in answers[30].text
    assert counts(app)[0] == 30
    that_morning.shift(dt.timedelta(seconds=61))
    assert app.test_client().post(reception.path, data=ARRIVAL).status_code == 302


def test_one_poster_is_paced_whatever_network_it_is_sent_from(app: Flask, reception: Reception) -> None:
    sent = [
        app.test_client().post(reception.path, data=ARRIVAL, environ_overrides={"REMOTE_ADDR": f"203.0.113.{number}"})
        for number in range(61)
    ]
    assert [answer.status_code for answer in sent[59:]] == [302, 422]


@pytest.mark.parametrize(
    ("field", "typed"),
    [("given_name", "x" * 201), ("agency", "x" * 201), ("purpose", "Al\u202eGreen"), ("family_name", "a\x07b")],
)
def test_what_cannot_be_kept_is_said_at_its_field_and_stays_on_the_page(
    app: Flask, client: FlaskClient, reception: Reception, field: str, typed: str
) -> None:
    answer = client.post(reception.path, data={**ARRIVAL, field: typed})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "Cover in Year 4" in answer.text or field == "purpose"
    assert counts(app) == (0, 0, 0)


def test_row_48_and_49_damaged_and_huge_text_is_refused(app: Flask, client: FlaskClient, reception: Reception) -> None:
    assert client.post(reception.path, data={**ARRIVAL, "given_name": "A\x00l"}).status_code == 422
    assert client.post(reception.path, data={**ARRIVAL, "purpose": "x" * 2_000_000}).status_code == 413
    assert counts(app) == (0, 0, 0)


def test_row_46_markup_in_a_name_is_shown_as_text(client: FlaskClient, reception: Reception) -> None:
    client.post(reception.path, data={"given_name": "<script>x</script>", "family_name": "{{7*7}}"})
    page = client.get(f"{reception.path}/reading").text
    assert "<script>x" not in page and "&lt;script&gt;x" in page and "{{7*7}}" in page


def test_row_66_a_version_replaced_meanwhile_is_not_signed(
    app: Flask, client: FlaskClient, reception: Reception, hillcrest: Scope
) -> None:
    client.post(reception.path, data=ARRIVAL)
    form = signed(client, reception.read())
    with app.app_context(), writing() as session:
        found = school.Policy
        policy = session.scalars(select(found).where(found.title == TITLES[0])).one()
        new = school.a_version(session, hillcrest, policy, "# Two")
        school.put_in_force(session, hillcrest, new, school.TODAY, school.TODAY)
    assert client.post(reception.read(), data=form).status_code == 404
    assert counts(app) == (1, 0, 0)


def test_a_visit_that_nobody_knows_is_dead_on_its_next_request(
    app: Flask, client: FlaskClient, reception: Reception
) -> None:
    client.post(reception.path, data=ARRIVAL)
    form = signed(client, reception.read())
    with app.app_context(), writing() as session:
        visit = session.scalars(select(Visit)).one()
        gone = {"visit_id": visit.id, "kind": "not_known", "at": NOW, "recorded_by": "Rita"}
        session.add(VisitStep(organisation_id=visit.organisation_id, **gone))
    assert client.post(reception.read(), data=form).headers["Location"] == reception.path
    assert counts(app) == (1, 0, 0)


def test_somebody_signed_in_is_not_credited_and_stays_signed_in(
    app: Flask, client: FlaskClient, reception: Reception
) -> None:
    sign_in(client, "Sam")
    arrive_and_sign(client, reception)
    assert client.get("/hillcrest/people").status_code == 200
    assert counts(app) == (1, 1, 2)
