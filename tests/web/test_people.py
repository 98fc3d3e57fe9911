"""People on screen: the list, one record, jobs, days away, and who may do which."""

import datetime as dt
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from governance.db import reading, writing
from governance.people.models import Absence, Engagement, Person
from governance.tenancy import Scope
from tests import hillcrest as house
from tests.web.people import sign_in

OURS = "/hillcrest/people"


@pytest.fixture
def sam(hillcrest: Scope, client: FlaskClient) -> FlaskClient:
    """Sam of HR, signed in."""
    sign_in(client, "Sam")
    return client


def tess(app: Flask) -> str:
    with app.app_context(), reading() as session:
        return session.scalars(select(Person.public_id).where(Person.given_name == "Tess")).one()


def job_of_tess(app: Flask) -> str:
    with app.app_context(), reading() as session:
        return (
            session.scalars(select(Engagement.public_id).join(Person, Person.id == Engagement.person_id)).first() or ""
        )


def category_key(app: Flask, code: str) -> str:
    with app.app_context(), reading() as session:
        scope = Scope(1, "hillcrest", "")
        return house.category(session, scope, code).public_id


def count(app: Flask, model: type) -> int:
    with app.app_context(), reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def a_job(app: Flask, **changes: str) -> dict[str, str]:
    return {"category": category_key(app, "governors"), "started_on": "1 September 2026", "line_manager": "", **changes}


def test_sam_finds_tess_in_the_list(sam: FlaskClient) -> None:
    page = sam.get(f"{OURS}?search=marl")
    assert (page.status_code, "Tess Marlow" in page.text, "1 person" in page.text) == (200, True, True)
    assert "Nobody matches" in sam.get(f"{OURS}?search=nobody").text


@pytest.mark.parametrize(
    "query", ["page=-1", "page=999999999", "page=x", "sort=password", "per_page=1000000000", "category="]
)
def test_row_54_odd_addresses_of_the_list_show_the_list(sam: FlaskClient, query: str) -> None:
    page = sam.get(f"{OURS}?{query}")
    assert (page.status_code, "Tess Marlow" in page.text) == (200, True)


@pytest.mark.parametrize("query", ["standing=everyone", "category=1"])
def test_row_54_a_choice_that_was_never_offered_is_refused(sam: FlaskClient, query: str) -> None:
    assert sam.get(f"{OURS}?{query}").status_code == 422


@pytest.mark.parametrize("key", ["0", "-1", "1e9", "00000000-0000-0000-0000-000000000000", "1' OR '1'='1"])
def test_row_53_a_person_that_is_not_there_is_a_plain_404(sam: FlaskClient, key: str) -> None:
    assert sam.get(f"{OURS}/{key}").status_code == 404


def test_zed_gets_the_same_answer_for_tess_as_for_nobody(hillcrest: Scope, app: Flask, client: FlaskClient) -> None:
    sign_in(client, "zed@zeds.sch.uk")
    theirs, nobody = client.get(f"/zeds/people/{tess(app)}"), client.get("/zeds/people/nobody")
    assert theirs.status_code == nobody.status_code == 404
    without_reference = [re.sub(r'nonce="[^"]*"|[0-9A-Fa-f-]{6,}', "", page.text) for page in (theirs, nobody)]
    assert without_reference[0] == without_reference[1]
    assert client.get(OURS).status_code == 404


def test_a_person_is_added_with_a_job_and_a_printed_reference(sam: FlaskClient, app: Flask) -> None:
    typed = {"given_name": "Viv", "family_name": "Lane", **a_job(app, category=category_key(app, "volunteers"))}
    page = sam.post(f"{OURS}/add", data=typed, follow_redirects=True)
    assert page.status_code == 200
    assert "Viv Lane is recorded. Their printed reference is" in page.text
    assert count(app, Person) == 2


def test_a_possible_duplicate_is_asked_about_and_nothing_typed_is_lost(sam: FlaskClient, app: Flask) -> None:
    typed = {"given_name": "TESS", "family_name": "marlow", "email": "t@x.sch.uk", **a_job(app, job_title="Chair")}
    asked = sam.post(f"{OURS}/add", data=typed)
    assert asked.status_code == 422
    assert "is recorded already" in asked.text and 'value="t@x.sch.uk"' in asked.text and 'value="Chair"' in asked.text
    assert count(app, Person) == 1
    assert sam.post(f"{OURS}/add", data={**typed, "somebody_else": "y"}).status_code < 400
    assert count(app, Person) == 2


def test_every_objection_is_at_its_field_and_nothing_is_stored(sam: FlaskClient, app: Flask) -> None:
    typed = {"given_name": "", "family_name": "", "email": "a@b", **a_job(app, ended_on="31 August 2026")}
    page = sam.post(f"{OURS}/add", data=typed)
    assert page.status_code == 422
    for words in ("Enter a name.", "is not an e-mail address"):
        assert words in page.text
    assert count(app, Person) == 1


@pytest.mark.parametrize(
    "day, words", [("31/02/2027", "does not exist"), ("soon", "is not a date"), ("", "Enter the first day")]
)
def test_row_25_an_impossible_day_stays_on_the_page(sam: FlaskClient, app: Flask, day: str, words: str) -> None:
    page = sam.post(f"{OURS}/{tess(app)}/jobs/new", data=a_job(app, started_on=day))
    assert (page.status_code, words in page.text) == (422, True)
    assert f'value="{day}"' in page.text or not day


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "{{7*7}}", "%s ${x}", "O'Neill", "李", "=cmd|'/c calc'!A1"]
)
def test_rows_45_to_47_a_name_is_shown_as_text(sam: FlaskClient, app: Flask, name: str) -> None:
    sam.post(f"{OURS}/{tess(app)}/details", data={"given_name": "Tess", "family_name": name})
    page = sam.get(f"{OURS}/{tess(app)}").text
    assert "<script>alert" not in page and "49" not in re.sub(r"[0-9a-f-]{36}|[A-F0-9]{8}", "", page)
    with app.app_context(), reading() as session:
        assert session.scalars(select(Person.family_name)).one() == name


def test_a_job_is_added_ended_corrected_and_moved(sam: FlaskClient, app: Flask) -> None:
    key, job = tess(app), job_of_tess(app)
    assert sam.post(f"{OURS}/{key}/jobs/new", data=a_job(app)).status_code < 400
    assert sam.post(f"{OURS}/{key}/jobs/{job}/end", data={"ended_on": "23 July 2027"}).status_code < 400
    assert "23 July 2027" in sam.get(f"{OURS}/{key}").text
    teachers = category_key(app, "teachers")
    kept = a_job(app, category=teachers, started_on="1 September 2019")
    assert sam.post(f"{OURS}/{key}/jobs/{job}", data=kept).status_code < 400
    head = a_job(app, category=category_key(app, "headteacher"), started_on="4 January 2027")
    page = sam.post(f"{OURS}/{key}/jobs/{job}/move", data=head, follow_redirects=True)
    assert "Headteacher" in page.text and "3 January 2027" in page.text
    for form in ("jobs/new", f"jobs/{job}", f"jobs/{job}/end", f"jobs/{job}/move", "leave", "details", "absences/new"):
        assert sam.get(f"{OURS}/{key}/{form}").status_code == 200, form


def test_a_move_into_the_same_category_is_refused_in_words(sam: FlaskClient, app: Flask) -> None:
    same = a_job(app, category=category_key(app, "teachers"), started_on="4 January 2027")
    page = sam.post(f"{OURS}/{tess(app)}/jobs/{job_of_tess(app)}/move", data=same)
    assert (page.status_code, "That is the category they are in" in page.text) == (422, True)


def test_a_leaver_leaves_on_a_day(sam: FlaskClient, app: Flask) -> None:
    page = sam.post(f"{OURS}/{tess(app)}/leave", data={"last_on": "20/11/2026"}, follow_redirects=True)
    assert "The last day is recorded" in page.text and "20 November 2026" in page.text
    again = sam.post(f"{OURS}/{tess(app)}/leave", data={"last_on": "20/11/2026"})
    assert (again.status_code, "Nothing is left to end" in again.text) == (422, True)


def test_why_somebody_is_away_is_for_hr_alone(sam: FlaskClient, app: Flask) -> None:
    away = {"from_on": "1/9/2026", "until_on": "", "reason": "Compassionate leave"}
    sam.post(f"{OURS}/{tess(app)}/absences/new", data=away)
    assert "Compassionate leave" in sam.get(f"{OURS}/{tess(app)}").text
    with app.app_context(), reading() as session:
        absence = session.scalars(select(Absence.public_id)).one()
    maya = app.test_client()
    sign_in(maya, "Maya")
    for page in (f"{OURS}/{tess(app)}", f"{OURS}/{tess(app)}/absences/{absence}", f"{OURS}/{tess(app)}/absences/new"):
        seen = maya.get(page)
        assert (seen.status_code, "Compassionate leave" in seen.text, 'name="reason"' in seen.text) == (
            200,
            False,
            False,
        )
    changed = {"from_on": "1/9/2026", "until_on": "4/9/2026", "reason": "Forged"}
    assert maya.post(f"{OURS}/{tess(app)}/absences/{absence}", data=changed).status_code < 400
    with app.app_context(), reading() as session:
        kept = session.scalars(select(Absence)).one()
        assert (kept.reason, kept.until_on) == ("Compassionate leave", dt.date(2026, 9, 4))


@pytest.mark.parametrize("who", ["Helen", "Prof. Iqbal", "tess@hillcrest.sch.uk"])
def test_who_may_not_see_people_sees_none(hillcrest: Scope, app: Flask, client: FlaskClient, who: str) -> None:
    sign_in(client, who)
    for page in (OURS, f"{OURS}/{tess(app)}", f"{OURS}/add", f"{OURS}/import", "/hillcrest/posts"):
        assert client.get(page).status_code == 403, page


def test_the_headteacher_looks_and_changes_nothing(hillcrest: Scope, app: Flask, client: FlaskClient) -> None:
    sign_in(client, "Mr Okafor")
    page = client.get(f"{OURS}/{tess(app)}")
    assert page.status_code == 200
    assert "Add a job" not in page.text
    assert client.post(f"{OURS}/{tess(app)}/jobs/new", data=a_job(app)).status_code == 403
    assert count(app, Engagement) == 1


def test_a_job_of_somebody_else_is_not_there(sam: FlaskClient, app: Flask) -> None:
    with app.app_context(), writing() as session:
        other = house.someone(session, Scope(1, "hillcrest", ""), "Viv Lane", ("volunteers",)).public_id
    assert sam.get(f"{OURS}/{other}/jobs/{job_of_tess(app)}").status_code == 404
