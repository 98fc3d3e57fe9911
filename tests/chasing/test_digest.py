"""The weekly mail to line managers: their own people, what is late or nearly so, and nothing else."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from governance.chasing.digest import sent_on
from governance.db import writing
from governance.people.absences import record_absence
from governance.people.models import Person
from governance.schedule import runner
from governance.schedule.actions import schedule
from governance.schedule.cadence import Weekly
from governance.schedule.offers import TEAM_DIGEST
from governance.schedule.recipients import MANAGERS, Recipients
from tests.chasing.staffroom import MAYA, TURNED_ON, School, change, furnish, last_result, morning, outbox, words
from tests.chasing.staffroom import tick as knock
from tests.chasing.test_rules import YEAR, day


@pytest.fixture
def school(rooms: Flask) -> School:
    """Hillcrest with a digest every Monday; reminders are off, since the digest does not need them."""
    ours, theirs = furnish(turned_on=False)
    with writing() as session:
        for one in (ours, theirs):
            every_monday, managers = Weekly(0, dt.time(7, 0)), Recipients(own=MANAGERS)
            schedule(
                session, one.scope, MAYA, job=TEAM_DIGEST, cadence=every_monday, recipients=managers, now=TURNED_ON
            )
    return ours


def at_seven(date: str) -> dt.datetime:
    return morning(date) + dt.timedelta(hours=1)


def test_a_manager_is_told_of_their_own_people_with_policies_due_days_and_days_late(
    rooms: Flask, school: School
) -> None:
    runner.tick(rooms, at_seven("2026-11-23"))
    arrived = {str(mail["To"]): mail for mail in knock(rooms, at_seven("2026-11-23") + dt.timedelta(hours=1))}
    assert set(arrived) == {"priya@hillcrest.sch.uk", "zed@zeds.sch.uk"}
    mail = arrived["priya@hillcrest.sch.uk"]
    assert mail["Subject"] == "Hillcrest Primary School: 2 readings overdue among your people"
    text = words(mail)
    assert "- Tess Marlow: Behaviour Policy, was due on 16 November 2026, 7 days late" in text
    assert "DUE WITHIN A WEEK\n- Tess Marlow: Complaints Procedure, due on Monday 23 November 2026" in text
    assert "- Noor O'Neill: Behaviour Policy" in text
    for other in ("Viv", "Okafor", "Zoe", "Zed"):
        assert other not in text
    assert "Zoe Farr" in words(arrived["zed@zeds.sch.uk"])
    assert "Tess" not in words(arrived["zed@zeds.sch.uk"])
    assert "<table" in words(mail, "html")


def test_a_manager_never_sees_who_is_away_or_why(rooms: Flask, school: School) -> None:
    def falls_ill(session: Session) -> None:
        tess = session.get_one(Person, school.id("Tess"))
        record_absence(session, school.scope, MAYA, tess, from_on=day("2026-11-03"), reason="surgery", now=TURNED_ON)

    change(falls_ill)
    runner.tick(rooms, at_seven("2026-11-23"))
    [mail] = [mail for mail in outbox() if mail.to_address.startswith("priya")]
    assert "Tess" not in mail.text
    assert "surgery" not in mail.text
    assert "Noor O'Neill" in mail.text


def test_nobody_is_written_to_while_all_is_read_or_a_holiday_lasts(rooms: Flask, school: School) -> None:
    runner.tick(rooms, at_seven("2026-11-02"))
    assert last_result(school.scope) == "Nobody's reading is late or due within the week."
    runner.tick(rooms, at_seven("2026-12-21"))
    assert last_result(school.scope) == "No school this week, so nothing is sent."
    assert outbox() == []


def test_a_digest_of_a_day_without_school_leaves_on_the_first_school_day_of_the_week(
    rooms: Flask, school: School
) -> None:
    assert sent_on(day("2027-01-04"), YEAR) == day("2027-01-05")
    assert sent_on(day("2026-10-26"), YEAR) is None
    assert sent_on(day("2026-10-23"), YEAR) == day("2026-10-23")
    runner.tick(rooms, at_seven("2027-01-04"))
    assert {mail.next_try_at for mail in outbox()} == {dt.datetime(2027, 1, 5, 7, 30, tzinfo=dt.UTC)}
    assert last_result(school.scope) == "1 mail queued, to leave on 5 January 2027."


def test_a_digest_that_the_mail_server_refuses_before_a_holiday_waits_for_its_end(rooms: Flask, school: School) -> None:
    runner.tick(rooms, at_seven("2026-12-14"))
    last_minute = dt.datetime(2026, 12, 18, 16, 59, 30, tzinfo=dt.UTC)
    assert knock(rooms, last_minute, {"MAIL": ["451 4.3.0 busy"] * 20}) == []
    waiting = {mail.to_address: mail.next_try_at for mail in outbox()}
    assert waiting["priya@hillcrest.sch.uk"] == dt.datetime(2027, 1, 5, 7, 30, tzinfo=dt.UTC)


def test_a_manager_who_has_left_or_is_away_is_not_written_to(rooms: Flask, school: School) -> None:
    def leaves(session: Session) -> None:
        priya = session.get_one(Person, school.id("Priya"))
        record_absence(session, school.scope, MAYA, priya, from_on=day("2026-11-03"), now=TURNED_ON)

    change(leaves)
    runner.tick(rooms, at_seven("2026-11-23"))
    assert {mail.to_address for mail in outbox()} == {"zed@zeds.sch.uk"}
