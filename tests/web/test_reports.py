"""Reports on screen and as files: the same figures, for those who may see them, and a plain page when one cannot be made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from unittest.mock import patch

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from governance.child import ChildFailed, Reason
from governance.tenancy import Scope
from governance.web import reports
from tests.hillcrest import NOW
from tests.web import reading_room
from tests.web.people import sign_in
from tests.web.reading_room import Room, Statements, text


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def room(hillcrest: Scope, app: Flask) -> Room:
    return reading_room.furnish(app)


def test_the_screen_and_the_files_show_the_same_rows(room: Room, maya: FlaskClient) -> None:
    said = text(maya.get("/hillcrest/reports/overdue").text)
    file = maya.get("/hillcrest/reports/overdue/file/json")
    shape = json.loads(file.data)
    assert shape["totals"] == {"people": 2, "overdue": 2}
    for row in shape["rows"]:
        assert row[1] in said and str(row[10]) in said
    assert file.headers["Content-Disposition"].startswith('attachment; filename="hillcrest-overdue-2026-11-16.json"')
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    table = maya.get("/hillcrest/reports/overdue/file/csv").data.decode("utf-8-sig")
    assert table.count("\r\n") == 3


def test_any_day_may_be_asked_for_and_the_files_are_of_that_day(room: Room, maya: FlaskClient) -> None:
    page = maya.get("/hillcrest/reports/overdue", query_string={"on": "15 October 2026"}).text
    assert "file/csv?on=2026-10-15" in page
    assert json.loads(maya.get("/hillcrest/reports/overdue/file/json?on=2026-10-15").data)["rows"] == []
    refused = maya.get("/hillcrest/reports/overdue", query_string={"on": "31/02/2026"})
    assert (refused.status_code, "31/02/2026" in refused.text) == (422, True)


def test_names_are_for_those_who_may_see_who_has_read(room: Room, client: FlaskClient) -> None:
    seen = {}
    for who in ("Maya", "Mr Okafor", "Sam", "Helen", "Prof. Iqbal", "tess@hillcrest.sch.uk"):
        sign_in(client, who)
        names = ("read", "overdue", "outstanding", "coverage", "reviews-due", "register", "links")
        may = [name for name in names if client.get(f"/hillcrest/reports/{name}").status_code == 200]
        listed = client.get("/hillcrest/reports").text
        assert [name for name in names if f"/hillcrest/reports/{name}" in listed] == may
        person = client.get(f"/hillcrest/people/{room.people['Viv']}/reading").status_code
        seen[who] = (len(may), person)
        client.post("/sign-out")
    everything, no_names = (7, 200), (4, 403)
    assert seen == {
        "Maya": everything,
        "Mr Okafor": everything,
        "Sam": (5, 200),
        "Helen": no_names,
        "Prof. Iqbal": no_names,
        "tess@hillcrest.sch.uk": (1, 403),
    }


def test_a_persons_record_on_screen_and_as_a_file(room: Room, maya: FlaskClient) -> None:
    path = f"/hillcrest/people/{room.people['Noor']}/reading"
    assert "Reading of Noor O'Neill" in text(maya.get(path).text)
    assert json.loads(maya.get(f"{path}/file/json").data)["totals"] == {"outstanding": 1, "overdue": 0, "receipts": 1}
    assert maya.get(f"/hillcrest/people/{room.foreign['person']}/reading").status_code == 404


@pytest.mark.parametrize(
    "path", ["salaries", "overdue/file/docx", "salaries/file/csv", "overdue/file/csv?on=31/02/2026"]
)
def test_what_is_not_there_is_404(room: Room, maya: FlaskClient, path: str) -> None:
    assert maya.get(f"/hillcrest/reports/{path}").status_code == 404


def test_promise_22_a_pdf_that_cannot_be_made_is_a_plain_page(room: Room, maya: FlaskClient) -> None:
    broken = ChildFailed(Reason.TOO_LONG, "The PDF of “Reading overdue” took too long.")
    with patch("governance.reports.formats.pages.printed", side_effect=broken):
        answer = maya.get("/hillcrest/reports/overdue/file/pdf")
    assert (answer.status_code, "Choose Excel or CSV" in text(answer.text)) == (422, True)


def test_promise_8_a_pdf_too_long_to_wait_for_is_refused_at_once(
    room: Room, maya: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "AT_ONCE", 1)
    answer = maya.get("/hillcrest/reports/overdue/file/pdf")
    assert answer.status_code == 422
    assert "This report has 2 rows" in text(answer.text) and "Choose Excel or CSV" in text(answer.text)
    assert maya.get("/hillcrest/reports/overdue/file/xlsx").status_code == 200
    assert "1 more" in text(maya.get("/hillcrest/reports/overdue").text)


def test_the_overdue_report_asks_ten_statements_at_most_and_no_more_for_more_policies(
    room: Room, maya: FlaskClient, app: Flask
) -> None:
    def asked() -> int:
        with Statements(app) as statements:
            assert maya.get("/hillcrest/reports/overdue").status_code == 200
        return len(statements)

    asked()
    small = asked()
    assert small <= 10
    reading_room.add_policies(app, range(100))
    assert asked() == small
