"""The Monday mail and scheduled reports, from records to what arrives."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from governance.accounts.models import Account, Grant
from governance.db import reading, writing
from governance.people.models import Person
from governance.reading.rules import Facts
from governance.schedule import runner
from governance.schedule.actions import begin_offered, schedule
from governance.schedule.cadence import Weekly
from governance.schedule.models import ScheduleEntry
from governance.schedule.offers import POLICY_DUE, TEAM_DIGEST
from governance.schedule.queries import recent_runs
from governance.schedule.recipients import Recipients
from governance.tenancy import Scope
from tests.mail.hands import MAYA
from tests.mail.post_office import PostOffice
from tests.reading.shape import shape
from tests.reading.stored import store

MONDAY = dt.datetime(2026, 2, 2, 7, 0, tzinfo=dt.UTC)
EARLIER = MONDAY - dt.timedelta(days=3)
EVERY_MONDAY = Weekly(0, dt.time(7, 0))


@pytest.fixture
def scope(rooms: Flask) -> Scope:
    """A school whose reading is overdue and whose reviews have no dates."""
    return _school(shape(policies=10, staff=60, overlaps=True))


def _school(facts: Facts) -> Scope:
    with writing() as session:
        scope = store(session, facts)
        for email, role in (
            ("maya@oakfield.sch.uk", "system_manager"),
            ("sam@oakfield.sch.uk", "hr"),
            ("okafor@oakfield.sch.uk", "headteacher"),
            ("helen@oakfield.sch.uk", "clerk"),
        ):
            account = Account(email=email, created_at=EARLIER)
            session.add(account)
            session.flush()
            session.add(
                Grant(account_id=account.id, organisation_id=scope.organisation_id, role=role, granted_at=EARLIER)
            )
        return scope


def set_entry(scope: Scope, job: str, roles: tuple[str, ...], **options: Any) -> None:
    with writing() as session:
        schedule(
            session,
            scope,
            MAYA,
            job=job,
            cadence=EVERY_MONDAY,
            recipients=Recipients(roles=roles),
            options=options,
            now=EARLIER,
        )


def delivered(rooms: Flask, at: dt.datetime = MONDAY) -> dict[str, EmailMessage]:
    """What arrives when the clock knocks, by address."""
    settings = rooms.extensions["countersign_settings"]
    with PostOffice() as office:
        rooms.extensions["countersign_settings"] = replace(settings, smtp_url=office.url)
        ticked = runner.tick(rooms, at)
    assert ticked.failed == 0
    return {str(arrived["To"]): arrived for arrived in office.accepted}


def words_of(mail: EmailMessage, form: str = "plain") -> str:
    part = mail.get_body((form,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def last_result(scope: Scope) -> str:
    with reading() as session:
        return next(run.result for run in recent_runs(session, scope) if run.job not in (TEAM_DIGEST, POLICY_DUE))


def test_the_offered_monday_mail_tells_what_is_due_to_manager_headteacher_and_hr(rooms: Flask, scope: Scope) -> None:
    with writing() as session:
        begin_offered(session, scope, MAYA, EARLIER)
        session.execute(update(ScheduleEntry).values(options='{"files": "linked"}'))
    mails = delivered(rooms)
    assert sorted(mails) == ["maya@oakfield.sch.uk", "okafor@oakfield.sch.uk", "sam@oakfield.sch.uk"]
    mail = mails["maya@oakfield.sch.uk"]
    assert str(mail["Subject"]).startswith("School 1: 10 policies without a review date and ")
    text, html = words_of(mail), words_of(mail, "html")
    for told in (text, html):
        assert "Monday 2 February 2026" in told
        assert "policy 1" in told
        assert "person " in told
        assert "http://localhost/school-1/reports/overdue" in told
        assert "late." not in told
    assert "<table" in html
    assert list(mail.iter_attachments()) == []
    assert "3 mails queued." in last_result(scope)


@pytest.mark.engines("sqlite")
def test_the_files_are_attached_as_excel_and_pdf(rooms: Flask, scope: Scope) -> None:
    set_entry(scope, "monday_mail", ("hr",), files="attached")
    [mail] = delivered(rooms).values()
    names = [str(part.get_filename()) for part in mail.iter_attachments()]
    assert names == [
        "reviews-due-2026-02-02.xlsx",
        "reviews-due-2026-02-02.pdf",
        "overdue-2026-02-02.xlsx",
        "overdue-2026-02-02.pdf",
    ]
    contents = [part.get_content() for part in mail.iter_attachments()]
    assert [content[:4] for content in contents] == [b"PK\x03\x04", b"%PDF"] * 2


@pytest.mark.engines("sqlite")
def test_whoever_may_not_see_names_on_screen_does_not_get_them_by_mail(rooms: Flask, scope: Scope) -> None:
    set_entry(scope, "monday_mail", ("clerk", "hr"), files="attached")
    mails = delivered(rooms)
    clerk, hr = mails["helen@oakfield.sch.uk"], mails["sam@oakfield.sch.uk"]
    assert "people with reading overdue" in words_of(clerk)
    assert "READING OVERDUE" in words_of(hr)
    for told in (words_of(clerk), words_of(clerk, "html")):
        assert "READING OVERDUE" not in told
        assert "person 1" not in told
    assert all("overdue" not in str(part.get_filename()) for part in clerk.iter_attachments())


def test_one_line_when_all_is_well(rooms: Flask) -> None:
    scope = _school(Facts())
    set_entry(scope, "monday_mail", ("hr",), files="attached")
    [mail] = delivered(rooms).values()
    assert mail["Subject"] == "School 1: all is well this week"
    assert "All is well at School 1" in words_of(mail)
    assert list(mail.iter_attachments()) == []
    assert last_result(scope) == "All is well. 1 mail queued."


def test_a_monday_mail_that_comes_on_tuesday_says_that_it_is_late(rooms: Flask, scope: Scope) -> None:
    set_entry(scope, "monday_mail", ("hr",), files="linked")
    [mail] = delivered(rooms, MONDAY + dt.timedelta(days=1)).values()
    assert "This was due on Monday 2 February 2026 at 07:00 and is late." in words_of(mail)


def test_without_anybody_to_write_to_the_run_fails_and_says_why(rooms: Flask, scope: Scope) -> None:
    set_entry(scope, "monday_mail", ("front_desk",))
    assert runner.tick(rooms, MONDAY).failed == 1
    assert "None of the recipients has an address" in last_result(scope)


def test_a_scheduled_report_goes_to_those_who_may_see_it_and_is_kept(rooms: Flask, scope: Scope) -> None:
    set_entry(scope, "report", ("clerk", "hr"), report="overdue", form="csv")
    mails = delivered(rooms)
    [(to, mail)] = mails.items()
    assert to == "sam@oakfield.sch.uk"
    assert mail["Subject"] == "School 1: Reading overdue, 2 February 2026"
    [sheet] = mail.iter_attachments()
    assert sheet.get_filename() == "overdue-2026-02-02.csv"
    assert last_result(scope) == "1 mail queued. Left out, as their role may not see it: helen@oakfield.sch.uk."
    with reading() as session:
        assert recent_runs(session, scope)[0].artefact_filename == "overdue-2026-02-02.csv"


@pytest.mark.parametrize("options", [{}, {"report": "salaries"}, {"report": "overdue", "form": "docx"}])
def test_a_report_that_does_not_exist_fails_in_words(rooms: Flask, scope: Scope, options: dict[str, str]) -> None:
    set_entry(scope, "report", ("hr",), **options)
    assert runner.tick(rooms, MONDAY).failed == 1
    assert last_result(scope) == "Choose a report and the form of its file."


def test_row_46_a_name_of_markup_stands_in_the_mail_as_it_was_typed(rooms: Flask, scope: Scope) -> None:
    with writing() as session:
        session.execute(update(Person).values(given_name="<script>{{7*7}}", family_name="%s ${x}"))
    set_entry(scope, "monday_mail", ("hr",), files="linked")
    [mail] = delivered(rooms).values()
    assert "<script>{{7*7}} %s ${x}: policy" in words_of(mail)
    assert "&lt;script&gt;{{7*7}} %s ${x}" in words_of(mail, "html")
    assert "<script>" not in words_of(mail, "html")
