"""Scheduled and sent: nothing runs until it is turned on; entries are set, run and ended; mail can be taken back."""

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
from governance.mail.actions import queue
from governance.mail.compose import Letter
from governance.mail.models import Outbox
from governance.schedule.models import Run, ScheduleEntry
from governance.tenancy import Scope, scope_by_slug
from tests.hillcrest import NOW
from tests.web.people import sign_in
from tests.web.reading_room import text

SCREEN = "/hillcrest/scheduled"
ENTRY = {
    "job": "report",
    "report": "overdue",
    "form": "csv",
    "files": "attached",
    "every": "weekly",
    "weekday": "4",
    "day": "1",
    "days": "14",
    "at": "7:30",
    "roles": ["hr"],
}


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def rows(app: Flask, model: type) -> list[object]:
    with app.app_context(), writing() as session:
        found: list[object] = list(session.scalars(select(model)))
        session.expunge_all()
        return found


def test_nothing_runs_until_somebody_turns_it_on(maya: FlaskClient, app: Flask) -> None:
    said = text(maya.get(SCREEN).text)
    assert "Nothing of this runs until you turn it on." in said and "Nothing is set to run." in said
    assert "Monday" in said and "07:00" in said and "14 days before" in said
    assert rows(app, ScheduleEntry) == []
    assert maya.post(f"{SCREEN}/offered").status_code == 302
    assert len(rows(app, ScheduleEntry)) == 4
    said = text(maya.get(SCREEN).text)
    assert "Offered" not in said and "23 Nov 2026" in said.replace("November", "Nov")
    maya.post(f"{SCREEN}/offered")
    assert len(rows(app, ScheduleEntry)) == 4


def test_an_entry_is_set_run_and_ended(maya: FlaskClient, app: Flask) -> None:
    assert maya.post(f"{SCREEN}/new", data=ENTRY).status_code == 302
    page = maya.get(SCREEN).text
    assert "Friday" in text(page) and "07:30" in text(page) and "HR" in text(page)
    [run] = re.findall(r'action="([^"]+/run)"', page)
    answer = maya.post(run)
    assert answer.status_code == 302
    assert maya.get(answer.location).status_code == 200
    assert maya.post(run).status_code == 422, "one is under way"
    assert len(rows(app, Run)) == 1
    assert maya.post(run.removesuffix("run") + "close").status_code == 302
    assert "Nothing is set to run." in maya.get(SCREEN).text
    assert maya.post(run).status_code == 422
    assert maya.post(f"{SCREEN}/none/run").status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"at": "25:00"}, "Enter a time such as 07:00."),
        ({"at": "Monday"}, "Enter a time such as 07:00."),
        ({"roles": []}, "at least one"),
        ({"roles": ["king"]}, "valid choice"),
        ({"job": "salaries"}, "valid choice"),
        ({"every": "before_meeting", "days": "0.5"}, "whole number of days"),
        ({"every": "before_meeting", "days": "999999"}, "days"),
    ],
)
def test_what_cannot_be_set_is_refused_and_kept(
    maya: FlaskClient, app: Flask, changes: dict[str, object], said: str
) -> None:
    refused = maya.post(f"{SCREEN}/new", data={**ENTRY, **changes})
    assert (refused.status_code, said in text(refused.text)) == (422, True), text(refused.text)[:600]
    assert rows(app, ScheduleEntry) == []
    assert re.search(r'value="overdue"[^>]* selected', refused.text)


def test_the_same_entry_twice_is_refused(maya: FlaskClient, app: Flask) -> None:
    maya.post(f"{SCREEN}/new", data=ENTRY)
    refused = maya.post(f"{SCREEN}/new", data=ENTRY)
    assert (refused.status_code, "set already" in refused.text) == (422, True)
    assert len(rows(app, ScheduleEntry)) == 1


def test_a_mail_that_has_not_left_is_read_on_screen_and_taken_back(maya: FlaskClient, app: Flask) -> None:
    letter = Letter("monday", "sam@hillcrest.sch.uk", "Hillcrest: this week", "Three <late>.\n", "<p>3</p>\n")
    with app.app_context(), writing() as session:
        later = NOW + dt.timedelta(hours=5)
        queue(session, scope_by_slug(session, "hillcrest"), letter, dedupe_key="1", not_before=later, now=NOW)
    page = maya.get(SCREEN).text
    assert "Hillcrest: this week to sam@hillcrest.sch.uk" in text(page) and "Waiting to send" in text(page)
    [mail] = re.findall(r'href="(/hillcrest/mails/[^"]+)"', page)
    shown = maya.get(mail).text
    assert "Three &lt;late&gt;." in shown and "Undo: do not send it" in shown
    assert maya.post(f"{mail}/undo").status_code == 302
    [row] = rows(app, Outbox)
    assert isinstance(row, Outbox)
    assert row.state not in ("queued", "sending")
    assert "Undo: do not send it" not in maya.get(mail).text
    assert maya.post(f"{mail}/undo").status_code == 422
    assert maya.post("/hillcrest/mails/none/undo").status_code == 404


def test_only_those_who_may_set_what_runs_see_it(hillcrest: Scope, client: FlaskClient) -> None:
    for who in ("Sam", "Prof. Iqbal", "tess@hillcrest.sch.uk"):
        sign_in(client, who)
        assert client.get(SCREEN).status_code == client.post(f"{SCREEN}/new", data=ENTRY).status_code == 403
        client.post("/sign-out")
