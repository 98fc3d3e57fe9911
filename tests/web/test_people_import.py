"""A list of people comes in on screen: nothing is recorded before it is confirmed."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from governance.db import reading
from governance.people.models import Person
from governance.storage.models import HeldFile
from governance.tenancy import Scope
from tests.web.people import sign_in

START = "/hillcrest/people/import"
HEADER = "staff_number,given_name,family_name,email,category,started_on,ended_on\n"
TWO = HEADER + "S1,Samuel,Okafor,head@x.sch.uk,headteacher,2018-09-01,\n,Viv,Lane,,volunteers; governors,01/09/2023,\n"


@pytest.fixture
def sam(hillcrest: Scope, client: FlaskClient) -> FlaskClient:
    """Sam of HR, signed in."""
    sign_in(client, "Sam")
    return client


def upload(browser: FlaskClient, text: str | bytes, name: str = "people.csv") -> tuple[int, str, str]:
    data = text.encode() if isinstance(text, str) else text
    answer = browser.post(START, data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")
    where = answer.headers.get("Location", "")
    return answer.status_code, where, answer.text if answer.status_code >= 400 else browser.get(where).text


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert found, page
    return found[1]


def people(app: Flask) -> int:
    return _count(app, Person) - 1  # Tess was there before


def _count(app: Flask, model: type) -> int:
    with app.app_context(), reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_list_is_looked_through_and_then_imported(sam: FlaskClient, app: Flask) -> None:
    _, where, page = upload(sam, TWO)
    assert "Samuel Okafor" in page and "Volunteers from 1 September 2023" in page
    assert people(app) == 0
    done = sam.post(where, data={"seen": seen(page)}, follow_redirects=True)
    assert "New people: 2, changed: 0. New jobs: 3" in done.text
    assert (people(app), _count(app, HeldFile)) == (2, 0)
    assert "There is nothing to import" in upload(sam, TWO)[2]


def test_a_list_that_is_let_go_records_nobody(sam: FlaskClient, app: Flask) -> None:
    _, where, _ = upload(sam, TWO)
    assert "let go" in sam.post(f"{where}/cancel", follow_redirects=True).text
    assert (people(app), _count(app, HeldFile)) == (0, 0)
    assert sam.get(where).status_code == 404


@pytest.mark.parametrize(
    "text, words",
    [
        ("", "That file is empty"),
        ("given_name,family_name\nTess,Marlow\n", "There is no column category"),
        ("given_name,family_name,category,Category\n", "The column category is there twice"),
        (b"PK\x03\x04 nonsense", "damaged or password-protected"),
        (b"%PDF-1.7", "no list of rows"),
    ],
)
def test_rows_1_and_37_a_file_that_is_no_list_is_refused_in_words(
    sam: FlaskClient, app: Flask, text: str | bytes, words: str
) -> None:
    status, _, page = upload(sam, text)
    assert (status, words in page) == (422, True)
    assert _count(app, HeldFile) == 0


def test_no_file_at_all_is_asked_for(sam: FlaskClient) -> None:
    assert "Choose a file." in sam.post(START, data={}, content_type="multipart/form-data").text


def test_row_38_too_many_rows_are_refused_before_anything_is_held(sam: FlaskClient, app: Flask) -> None:
    status, _, page = upload(sam, "given_name,family_name,category\n" + "V,L,v\n" * 50_001)
    assert (status, "more than 50,000 rows" in page) == (422, True)
    assert _count(app, HeldFile) == 0


def test_row_39_errors_are_listed_by_row_and_may_be_left_out(sam: FlaskClient, app: Flask) -> None:
    faulty = TWO + "S9,Sam,Okoro,a@b,teachers,,\n,,,\n" + ",".join(["x"] * 500) + "\n"
    _, where, page = upload(sam, faulty)
    assert (
        "is not an e-mail address" in page
        and "500 cells where the header has 7" in page
        and "Row 5 has nothing" in page
    )
    stopped = sam.post(where, data={"seen": seen(page)})
    assert (stopped.status_code, "Some rows have errors" in stopped.text, people(app)) == (422, True, 0)
    done = sam.post(where, data={"seen": seen(page), "leave_out": "y"}, follow_redirects=True)
    assert ("Rows left out: 2" in done.text, people(app)) == (True, 2)


def test_row_41_who_shares_a_mailbox_is_asked_and_no_answer_is_chosen_beforehand(sam: FlaskClient, app: Flask) -> None:
    shared = HEADER + ",Ann,Lee,office@x.sch.uk,governors,2025-09-01,\n,Bob,Lee,office@x.sch.uk,governors,2025-09-01,\n"
    _, where, page = upload(sam, shared)
    assert "Row 3: who is Bob Lee" in page and "checked" not in page and "Import this list" not in page
    unanswered = sam.post(f"{where}/answers", data={})
    assert (unanswered.status_code, "say who Bob Lee is" in unanswered.text) == (422, True)
    assert sam.post(where, data={"seen": "x"}).status_code == 422
    answered = sam.post(f"{where}/answers", data={"row_3": "new"}, follow_redirects=True)
    sam.post(where, data={"seen": seen(answered.text)})
    assert people(app) == 2


def test_one_person_under_one_mailbox_after_the_answer(sam: FlaskClient, app: Flask) -> None:
    shared = HEADER + ",Ann,Lee,a@x.sch.uk,governors,2025-09-01,\n,Annie,Lee,a@x.sch.uk,volunteers,2025-09-01,\n"
    _, where, _ = upload(sam, shared)
    answered = sam.post(f"{where}/answers", data={"row_3": "row-2"}, follow_redirects=True)
    sam.post(where, data={"seen": seen(answered.text)})
    assert people(app) == 1


def test_an_answer_that_was_not_offered_is_refused(sam: FlaskClient) -> None:
    shared = HEADER + ",Ann,Lee,a@x.sch.uk,governors,,\n,Bob,Lee,a@x.sch.uk,volunteers,,\n"
    _, where, _ = upload(sam, shared)
    assert sam.post(f"{where}/answers", data={"row_3": "somebody"}).status_code == 422


def test_what_changed_since_it_was_looked_at_is_looked_at_again(sam: FlaskClient, app: Flask) -> None:
    _, where, page = upload(sam, TWO)
    _, other, other_page = upload(sam, HEADER + "S1,Sam,Okafor,,headteacher,2018-09-01,\n")
    sam.post(other, data={"seen": seen(other_page)})
    stale = sam.post(where, data={"seen": seen(page)})
    assert (stale.status_code, "changed since you looked" in stale.text) == (422, True)
    sam.post(where, data={"seen": seen(stale.text)})
    assert people(app) == 2


def test_a_list_held_by_one_school_is_not_there_for_another(sam: FlaskClient, app: Flask) -> None:
    _, where, _ = upload(sam, TWO)
    zed = app.test_client()
    sign_in(zed, "zed@zeds.sch.uk")
    theirs = where.replace("/hillcrest/", "/zeds/")
    assert zed.get(theirs).status_code == 404
    assert zed.post(theirs, data={"seen": "x"}).status_code == 404
    zed.post(f"{theirs}/cancel")
    assert sam.get(where).status_code == 200
