"""The screen of reminders: turning them on, the steps, what waits and can be undone, and what each person's page says."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from governance import clock
from governance.chasing.models import ReminderLadder
from governance.db import reading, writing
from governance.mail.models import Outbox
from governance.people.models import Person
from governance.schedule import runner
from governance.schedule.models import ScheduleEntry
from governance.schools.school_time import Days, close_day, keep_term
from governance.tenancy import scope_by_slug
from tests import hillcrest as school
from tests.mail.post_office import PostOffice
from tests.web import people
from tests.web.reading_room import Room, furnish, started, text

SCREEN = "/hillcrest/reading/reminders"
MONDAY = school.NOW
EARLY_TUESDAY = dt.datetime(2026, 11, 17, 6, 5, tzinfo=dt.UTC)
AUTUMN = Days("Autumn 2", dt.date(2026, 11, 2), dt.date(2026, 12, 18))
LATER_TUESDAY = dt.datetime(2026, 11, 17, 7, 45, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def monday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def room(hillcrest: Any, app: Flask) -> Room:
    return furnish(app)


@pytest.fixture
def sam(room: Room, client: FlaskClient) -> FlaskClient:
    assert people.sign_in(client, "Sam").status_code == 303
    return client


def tick(app: Flask, at: dt.datetime, script: dict[str, Any] | None = None) -> list[str]:
    """What a real mail server took when the clock knocked, by address."""
    settings = app.extensions["countersign_settings"]
    with PostOffice(script) as office, time_machine.travel(at, tick=False):
        app.extensions["countersign_settings"] = replace(settings, smtp_url=office.url)
        runner.tick(app, at)
        app.extensions["countersign_settings"] = settings
    return sorted(office.recipients)


def mails(app: Flask) -> list[Outbox]:
    with app.app_context(), reading() as session:
        found = list(session.scalars(select(Outbox).order_by(Outbox.id)))
        session.expunge_all()
        return found


def turned_on(sam: FlaskClient, app: Flask) -> None:
    started(app)
    assert sam.post(f"{SCREEN}/on").status_code == 302


def test_it_says_who_would_be_written_to_before_anything_is_turned_on(sam: FlaskClient, app: Flask) -> None:
    said = text(sam.get(SCREEN).text)
    assert "Nothing is sent while reminders are off" in said
    assert "Nobody is asked to read anything yet" in said
    started(app)
    said = text(sam.get(SCREEN).text)
    assert "the first mails leave on Tuesday 17 November 2026 , to 2 people" in said
    assert "5 days before the due day The person" in said
    assert "10 days after the due day The headteacher" in said
    assert tick(app, EARLY_TUESDAY) == tick(app, LATER_TUESDAY) == []
    assert mails(app) == []


def test_turned_on_it_asks_the_next_school_morning_and_can_be_turned_off(sam: FlaskClient, app: Flask) -> None:
    turned_on(sam, app)
    assert "Reminders On" in text(sam.get(SCREEN).text)
    assert sam.post(f"{SCREEN}/on").status_code == 422
    assert tick(app, EARLY_TUESDAY) == []
    assert tick(app, LATER_TUESDAY) == ["noor@hillcrest.sch.uk", "tess@hillcrest.sch.uk"]
    assert sam.post(f"{SCREEN}/off").status_code == 302
    with app.app_context(), reading() as session:
        [entry] = session.scalars(select(ScheduleEntry))
        assert entry.closed_at is not None
    assert "Reminders Off" in text(sam.get(SCREEN).text)


def test_turned_on_it_names_the_next_school_day_rather_than_a_closed_one_and_whom_it_tells(
    sam: FlaskClient, app: Flask
) -> None:
    turned_on(sam, app)
    assert "Next: Tuesday 17 November 2026 , as things stand to 2 people" in text(sam.get(SCREEN).text)
    with app.app_context(), writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        keep_term(session, scope, school.MAYA, AUTUMN, MONDAY)
        close_day(session, scope, school.MAYA, dt.date(2026, 11, 17), "inset", "", MONDAY)
    assert "Next: Wednesday 18 November 2026 , as things stand to 2 people" in text(sam.get(SCREEN).text)


def test_a_step_is_added_and_taken_away_and_objections_keep_what_was_typed(sam: FlaskClient, app: Flask) -> None:
    assert sam.post(f"{SCREEN}/steps", data={"days": "2", "when": "before", "whom": "manager"}).status_code == 302
    assert "2 days before the due day Their line manager" in text(sam.get(SCREEN).text)
    again = sam.post(f"{SCREEN}/steps", data={"days": "2", "when": "before", "whom": "manager"})
    assert again.status_code == 422
    assert "This step is there already" in text(again.text)
    assert 'value="2"' in again.text
    early = sam.post(f"{SCREEN}/steps", data={"days": "3", "when": "before", "whom": "chair"})
    assert "only once the headteacher's reading is late" in text(early.text)
    far = sam.post(f"{SCREEN}/steps", data={"days": "61", "when": "after", "whom": "person"})
    assert "Choose from 0 to 60 days." in text(far.text)
    assert sam.post(f"{SCREEN}/steps", data={"days": "-1", "when": "after", "whom": "person"}).status_code == 422
    assert sam.post(f"{SCREEN}/steps/remove", data={"step": "-2:manager"}).status_code == 302
    assert "2 days before" not in text(sam.get(SCREEN).text)
    assert sam.post(f"{SCREEN}/steps/remove", data={"step": "-2:manager"}).status_code == 422
    with app.app_context(), reading() as session:
        assert len(list(session.scalars(select(ReminderLadder)))) == 2, "each setting is kept"


def test_the_last_step_that_tells_the_person_stays(sam: FlaskClient) -> None:
    for step in ("-5:person", "0:person", "3:person"):
        assert sam.post(f"{SCREEN}/steps/remove", data={"step": step}).status_code == 302
    answer = sam.post(f"{SCREEN}/steps/remove", data={"step": "10:person"})
    assert answer.status_code == 422
    assert "Keep at least one step that tells the person" in text(answer.text)


def test_what_waits_is_shown_and_undone_one_by_one_or_all_at_once(
    sam: FlaskClient, app: Flask, room: Room, monday: time_machine.Traveller
) -> None:
    turned_on(sam, app)
    tick(app, EARLY_TUESDAY)
    monday.move_to(EARLY_TUESDAY)
    people.sign_in(sam, "Sam")
    page = sam.get(SCREEN).text
    said = text(page)
    assert "Undo all 2 mails" in said
    assert "Tess Marlow 2 policies to read, 1 overdue" in said
    assert "2 mails leave on 17 November 2026 at 07:30." in said
    noor, tess = sorted(mails(app), key=lambda mail: mail.to_address)
    shown = text(sam.get(f"{SCREEN}/mails/{tess.public_id}").text)
    assert "READING OVERDUE - Behaviour Policy: was due on Thursday 15 October 2026, 33 days late" in shown
    assert sam.post(f"{SCREEN}/mails/{tess.public_id}/undo").status_code == 302
    assert "Undo the mail" in text(sam.get(SCREEN).text)
    assert sam.post(f"{SCREEN}/runs/{noor.cause}/undo").status_code == 302
    assert [mail.state for mail in mails(app)] == ["undone", "undone"]
    assert sam.post(f"{SCREEN}/runs/{noor.cause}/undo").status_code == 422
    assert tick(app, LATER_TUESDAY) == []
    assert "Tuesday 17 November 2026 2 2 undone" in text(sam.get(SCREEN).text)
    about = text(sam.get(f"/hillcrest/policies/{room.policies['Behaviour']}/reading/{room.people['Tess']}").text)
    assert "Asked to read it due 15 October 2026 Themselves" in about
    assert "Undone Taken back by sam@hillcrest.sch.uk before it left." in about


def test_a_mail_that_was_no_reminder_cannot_be_undone_here(sam: FlaskClient, app: Flask) -> None:
    with app.app_context(), writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        other = Outbox(
            organisation_id=scope.organisation_id,
            kind="monday_mail",
            dedupe_key="x",
            cause="a run",
            to_address="okafor@hillcrest.sch.uk",
            subject="s",
            text="t",
            html="h",
            message_id="",
            state="queued",
            queued_at=clock.now(),
            next_try_at=clock.now(),
        )
        session.add(other)
        session.flush()
        mail = other.public_id
    assert sam.post(f"{SCREEN}/mails/{mail}/undo").status_code == 404
    assert sam.get(f"{SCREEN}/mails/{mail}").status_code == 404
    assert sam.post(f"{SCREEN}/runs/a%20run/undo").status_code == 404


def test_a_refused_reminder_is_shown_and_puts_the_person_on_the_list_to_print(
    sam: FlaskClient, app: Flask, room: Room, monday: time_machine.Traveller
) -> None:
    turned_on(sam, app)
    tick(app, EARLY_TUESDAY)
    refuses = {"RCPT": ["550 5.1.1 no such user", "550 5.1.1 no such user"]}
    tick(app, LATER_TUESDAY, refuses)
    assert {mail.state for mail in mails(app)} == {"refused"}
    monday.move_to(LATER_TUESDAY)
    people.sign_in(sam, "Sam")
    person = f"/hillcrest/policies/{room.policies['Behaviour']}/reading/{room.people['Tess']}"
    said = text(sam.get(person).text)
    assert "No reminder reaches Tess Marlow: the last reminder could not be delivered" in said
    assert "there is no mailbox of that name" in said
    assert "Tell them on paper" in text(sam.get(f"/hillcrest/people/{room.people['Tess']}/reading").text)
    overdue = text(sam.get("/hillcrest/reading/overdue").text)
    assert "Tess Marlow N-Tess-Marlow To tell on paper : mail refused" in overdue.replace("paper:", "paper :")
    assert "To tell on paper: no e-mail" in overdue
    assert "3 people with something to read have no e-mail address, or the last" in text(sam.get(SCREEN).text)
    listed = text(sam.get("/hillcrest/reports/on-paper").text)
    assert "Ash Viv" in listed
    assert "Marlow Tess" in listed
    printed = sam.get("/hillcrest/reports/on-paper/file/pdf")
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(printed.data)).pages)
    assert "To tell on paper" in words
    assert "Behaviour Policy" in words
    with app.app_context(), writing() as session:
        session.scalars(select(Person).where(Person.given_name == "Tess")).one().email = "tess2@hillcrest.sch.uk"
    assert "No reminder reaches" not in text(sam.get(person).text)


def test_each_reminder_of_a_person_and_policy_is_told_with_step_mail_and_delivery(
    sam: FlaskClient, app: Flask, room: Room, monday: time_machine.Traveller
) -> None:
    turned_on(sam, app)
    tick(app, EARLY_TUESDAY)
    tick(app, LATER_TUESDAY)
    monday.move_to(LATER_TUESDAY)
    people.sign_in(sam, "Sam")
    said = text(sam.get(f"/hillcrest/policies/{room.policies['Behaviour']}/reading/{room.people['Tess']}").text)
    assert "17 November 2026 Asked to read it due 15 October 2026 Themselves 2 policies to read, 1 overdue" in said
    assert "Sent 17 November 2026 at 07:45" in said
    report = text(sam.get("/hillcrest/reports/overdue").text)
    assert "17 Nov 2026" in report


@pytest.mark.parametrize("who", ["Helen", "Prof. Iqbal", "tess@hillcrest.sch.uk"])
def test_only_those_who_keep_reading_may_see_or_change_reminders(room: Room, client: FlaskClient, who: str) -> None:
    people.sign_in(client, who)
    assert client.get(SCREEN).status_code == 403
    for path in ("on", "off", "steps", "steps/remove"):
        assert client.post(f"{SCREEN}/{path}").status_code == 403


def test_the_business_manager_finds_reminders_from_reading_and_from_what_was_sent(
    app: Flask, room: Room, client: FlaskClient
) -> None:
    people.sign_in(client, "Maya")
    assert SCREEN in client.get("/hillcrest/reading").text
    turned_on(client, app)
    tick(app, EARLY_TUESDAY)
    page = client.get("/hillcrest/scheduled").text
    assert "Mails that ask and remind people are listed under Reminders" in text(page)
    assert "tess@hillcrest.sch.uk" not in page, "six hundred reminders do not bury what else was sent"
    assert "2 mails to 2 people, waiting until 07:30." in text(page)


def test_the_words_of_a_reminder_are_for_those_who_may_see_names(app: Flask, room: Room, client: FlaskClient) -> None:
    people.sign_in(client, "Maya")
    turned_on(client, app)
    tick(app, EARLY_TUESDAY)
    [mail, *_] = mails(app)
    helen = app.test_client()
    people.sign_in(helen, "Helen")
    page = helen.get(f"/hillcrest/mails/{mail.public_id}").text
    assert "READING OVERDUE" not in page
    assert "Your role does not let you see who they are" in text(page)


def test_a_weekly_digest_to_line_managers_is_set_without_naming_them(
    app: Flask, room: Room, client: FlaskClient
) -> None:
    people.sign_in(client, "Maya")
    data = {"job": "team_digest", "every": "weekly", "weekday": "1", "day": "1", "at": "07:00", "files": "attached"}
    data |= {"report": "overdue", "form": "csv", "days": "14"}
    assert client.post("/hillcrest/scheduled/new", data=data).status_code == 302
    said = text(client.get("/hillcrest/scheduled").text)
    assert "Late reading of a line manager's own people Every Tuesday at 07:00 Each line manager" in said
