"""The morning's run, from records to what a mail server takes: who is told what, once, and who is left in peace."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from governance.chasing.ladder import set_ladder
from governance.chasing.models import Reminder, ReminderLine
from governance.chasing.rules import OFFERED, Rung, Whom
from governance.db import reading, writing
from governance.mail.actions import undo, undo_all
from governance.people.absences import record_absence
from governance.people.models import Engagement, Person
from governance.reading.acknowledging import Act, acknowledge, shown_now
from governance.reading.easing import excuse, extend
from governance.reading.models import Declined
from governance.schedule.switching import turn_off, turn_on
from governance.tenancy import Organisation
from tests import hillcrest
from tests.chasing.staffroom import (
    MAYA,
    SUMMER,
    TURNED_ON,
    School,
    change,
    furnish,
    last_result,
    morning,
    outbox,
    tick,
    whole_day,
    words,
)


@pytest.fixture
def schools(rooms: Flask) -> tuple[School, School]:
    return furnish()


@pytest.fixture
def school(schools: tuple[School, School]) -> School:
    return schools[0]


def lines(school: School, name: str) -> list[tuple[str, str, str | None]]:
    """What the ledger holds about somebody: due day, whom it told, rung."""
    with reading() as session:
        rows = session.execute(
            select(ReminderLine.due_on, ReminderLine.whom, ReminderLine.rung)
            .where(ReminderLine.person_id == school.id(name))
            .order_by(ReminderLine.id)
        )
        return [(due.isoformat(), whom, rung) for due, whom, rung in rows]


def test_the_first_mail_asks_and_lists_everything_with_its_due_day(rooms: Flask, school: School) -> None:
    mails = whole_day(rooms, "2026-11-09")
    assert set(mails) >= {"tess@hillcrest.sch.uk", "noor@hillcrest.sch.uk", "chidi@hillcrest.sch.uk"}
    mail = mails["tess@hillcrest.sch.uk"]
    assert mail["Subject"] == "Hillcrest Primary School: 2 policies to read"
    assert words(mail) == (
        "Dear Tess Marlow,\n\n"
        "Hillcrest Primary School asks you to read 2 policies.\n\n"
        "NEW\n"
        "- Behaviour Policy: please read it by Monday 16 November 2026\n"
        "- Complaints Procedure: please read it by Monday 23 November 2026\n\n"
        "Open My reading, where you sign in, read them and confirm each one:\n"
        "http://localhost/hillcrest/my-reading\n\n"
        "If you have read one of these on paper, or should not be asked, tell your school's office.\n\n"
        "--\n"
        "You get this because Hillcrest Primary School asks you to read its policies. It lists everything you had left to"
        " read this morning.\n"
    )
    assert "<strong>Behaviour Policy</strong>: please read it by Monday 16 November 2026" in words(mail, "html")


def test_the_ladder_is_climbed_one_mail_a_person_and_morning(rooms: Flask, school: School) -> None:
    told = {}
    for day in (2, 3, 9, 10, 13, 16, 17, 18, 19, 20, 23, 24, 25, 26, 27, 30):
        date = f"2026-11-{day:02d}"
        tess = whole_day(rooms, date).get("tess@hillcrest.sch.uk")
        if tess is not None:
            told[date] = str(tess["Subject"]).removeprefix("Hillcrest Primary School: ")
    assert told == {
        "2026-11-02": "1 policy to read",
        "2026-11-09": "2 policies to read",  # Complaints is new, and Behaviour due in five school days
        "2026-11-16": "reminder, 2 policies to read",  # Behaviour on its day, Complaints five days before its own
        "2026-11-19": "reminder, 2 policies to read, 1 overdue",
        "2026-11-23": "reminder, 2 policies to read, 1 overdue",
        "2026-11-26": "reminder, 2 policies to read, 2 overdue",
        # the 27th is an INSET day: ten school days after the 16th is Tuesday 1 December
    }
    assert lines(school, "Tess")[:4] == [
        ("2026-11-16", "person", "asking"),
        ("2026-11-16", "person", "-5"),
        ("2026-11-23", "person", "asking"),
        ("2026-11-16", "person", "0"),
    ]


def test_a_manager_gets_one_mail_about_their_own_people(rooms: Flask, school: School) -> None:
    for day in ("2026-11-02", "2026-11-09", "2026-11-16", "2026-11-19"):
        assert "priya@hillcrest.sch.uk" not in whole_day(rooms, day)
    mail = whole_day(rooms, "2026-11-23")["priya@hillcrest.sch.uk"]
    assert mail["Subject"] == "Hillcrest Primary School: 2 people have policies left to read"
    text = words(mail)
    assert "2 people whose line manager you are have not read" in text
    assert "Tess Marlow (N-Tess-Marlow)\n- Behaviour Policy: was due on Monday 16 November 2026, 7 days late" in text
    assert "Noor O'Neill" in text
    assert "Viv" not in text
    assert "Complaints" not in text, "that is not late yet"


def test_the_headteacher_hears_of_everybody_else_and_is_reminded_apart_from_it(rooms: Flask, school: School) -> None:
    for day in ("2026-11-02", "2026-11-09", "2026-11-16", "2026-11-19", "2026-11-23", "2026-11-26"):
        whole_day(rooms, day)
    tick(rooms, "2026-12-01")
    to_head = [mail for mail in outbox() if mail.to_address.startswith("chidi") and mail.state == "queued"]
    assert sorted(mail.kind for mail in to_head) == ["late_reading", "reminder"]
    about_others = next(mail.text for mail in to_head if mail.kind == "late_reading")
    assert "Tess Marlow" in about_others
    assert "Chidi Okafor (" not in about_others, "nobody is told of their own lateness as another's"


def test_the_chair_hears_of_the_headteachers_own_lateness_where_the_school_says_so(
    rooms: Flask, school: School
) -> None:
    with writing() as session:
        set_ladder(session, school.scope, MAYA, (*OFFERED, Rung(5, Whom.CHAIR)), TURNED_ON)
    for day in ("2026-11-02", "2026-11-09", "2026-11-16"):
        assert "farah@hillcrest.sch.uk" not in whole_day(rooms, day)
    mail = whole_day(rooms, "2026-11-23")["farah@hillcrest.sch.uk"]
    assert "Chidi Okafor" in words(mail)
    assert "Tess" not in words(mail), "the chair is told of the headteacher alone"


def test_holidays_weekends_and_closed_days_are_silent_and_the_next_school_day_makes_them_good_once(
    rooms: Flask, school: School
) -> None:
    for day in ("2026-11-02", "2026-11-09", "2026-11-16", "2026-11-19", "2026-11-23", "2026-11-26"):
        whole_day(rooms, day)
    before = len(outbox())
    # INSET on Friday 27 November, then a weekend; the scheduler has no slot on Saturday and Sunday
    for day in ("2026-11-27", "2026-11-28", "2026-11-29"):
        assert whole_day(rooms, day) == {}
    assert len(outbox()) == before
    assert "No school today" in last_result(school.scope)
    # nobody knocks until the January term: one mail a person, however many steps were passed
    mails = whole_day(rooms, "2027-01-05")
    assert [str(mail["To"]) for mail in mails.values()].count("tess@hillcrest.sch.uk") == 1
    assert whole_day(rooms, "2027-01-06") == {}


def test_what_the_mail_server_did_not_take_before_a_holiday_waits_for_its_end(rooms: Flask, school: School) -> None:
    whole_day(rooms, "2026-11-09")
    change(lambda session: _one_more(session, school))
    busy = {"MAIL": ["451 4.3.0 busy"] * 20}
    assert whole_day(rooms, "2026-12-18", busy) == {}
    assert tick(rooms, morning("2026-12-21")) == []
    assert tick(rooms, morning("2026-12-21") + dt.timedelta(hours=4)) == []
    waiting = [mail for mail in outbox() if mail.ended_at is None]
    assert waiting
    assert {mail.next_try_at for mail in waiting} == {dt.datetime(2027, 1, 5, 7, 30, tzinfo=dt.UTC)}


def test_nothing_is_sent_before_reminders_are_on_and_asking_has_started(rooms: Flask) -> None:
    school, _ = furnish(turned_on=False)
    assert whole_day(rooms, "2026-11-09") == {}
    change(lambda session: turn_on(session, school.scope, MAYA, morning("2026-11-09")))
    change(lambda session: _asking_since(session, school, None))
    assert whole_day(rooms, "2026-11-10") == {}
    assert "Start asking" in last_result(school.scope)
    change(lambda session: _asking_since(session, school, SUMMER))
    assert "tess@hillcrest.sch.uk" in whole_day(rooms, "2026-11-11")
    change(lambda session: turn_off(session, school.scope, MAYA, morning("2026-11-11")))
    assert whole_day(rooms, "2026-11-16") == {}


def test_the_away_the_excused_the_declined_leavers_and_those_without_access_are_left_in_peace(
    rooms: Flask, school: School
) -> None:
    def things_happen(session: Session) -> None:
        behaviour, now = school.policies["Behaviour"], TURNED_ON
        others = {
            name: hillcrest.someone(session, school.scope, f"{name} Hart", ("volunteers",))
            for name in ("Away", "Excused", "Refuser", "Leaver", "Shut", "Here")
        }
        for name, one in others.items():
            one.email = f"{name.lower()}@hillcrest.sch.uk"
        day = dt.date(2026, 11, 2)
        record_absence(session, school.scope, MAYA, others["Away"], from_on=day, reason="operation", now=now)
        excuse(
            session, school.scope, MAYA, others["Excused"], behaviour, from_on=day, until_on=None, reason="x", now=now
        )
        version = hillcrest.latest(session, session.merge(behaviour))
        given = {"witness": "Maya Lund", "note": "", "recorded_at": now, "recorded_by": "Maya Lund", "given_on": day}
        whose = {"organisation_id": school.scope.organisation_id, "person_id": others["Refuser"].id}
        session.add(Declined(**whose, **given, version_id=version.id))
        session.execute(
            update(Engagement).where(Engagement.person_id == others["Leaver"].id).values(ended_on=dt.date(2026, 11, 6))
        )
        others["Shut"].deactivated_at = now

    change(things_happen)
    told = whole_day(rooms, "2026-11-09")
    assert "here@hillcrest.sch.uk" in told
    assert not {f"{name}@hillcrest.sch.uk" for name in ("away", "excused", "refuser", "leaver", "shut")} & set(told)
    assert all("operation" not in mail.text for mail in outbox())


def test_what_is_read_is_not_asked_again(rooms: Flask, school: School) -> None:
    whole_day(rooms, "2026-11-09")

    def reads(session: Session) -> None:
        version = hillcrest.latest(session, school.policies["Behaviour"])
        act = Act(acknowledged_on=dt.date(2026, 11, 10), method="paper", assurance="paper_witnessed", witness="Maya")
        shown = shown_now(session, school.scope, version)
        acknowledge(
            session, school.scope, MAYA, session.get_one(Person, school.id("Tess")), version, shown, act, TURNED_ON
        )

    change(reads)
    mail = whole_day(rooms, "2026-11-16")["tess@hillcrest.sch.uk"]
    assert "Behaviour" not in words(mail)
    assert "Complaints Procedure: please read it by Monday 23 November 2026" in words(mail)


def test_more_time_moves_the_rungs_with_the_due_day(rooms: Flask, school: School) -> None:
    whole_day(rooms, "2026-11-09")
    change(
        lambda session: extend(
            session,
            school.scope,
            MAYA,
            session.get_one(Person, school.id("Chidi")),
            school.policies["Behaviour"],
            until_on=dt.date(2026, 12, 4),
            reason="inspection",
            today=dt.date(2026, 11, 10),
            now=morning("2026-11-10"),
        )
    )
    told = [
        day
        for day in (f"2026-11-{number}" for number in (10, 16, 17, 19, 20, 23, 24, 25, 26, 27, 30))
        if any(key.startswith("chidi") for key in whole_day(rooms, day))
    ]
    # five school days before 4 December, over the INSET day of the 27th
    assert told == ["2026-11-26"]
    assert lines(school, "Chidi") == [("2026-11-16", "person", "asking"), ("2026-12-04", "person", "-5")]


def test_what_was_undone_is_not_sent_again_and_the_record_says_so(rooms: Flask, school: School) -> None:
    assert tick(rooms, "2026-11-09") == []
    one, *_ = [mail for mail in outbox() if mail.to_address.startswith("tess")]
    assert one.next_try_at == dt.datetime(2026, 11, 9, 7, 30, tzinfo=dt.UTC)
    change(lambda session: undo(session, school.scope, MAYA, one.public_id, morning("2026-11-09")))
    left = tick(rooms, morning("2026-11-09") + dt.timedelta(hours=2))
    assert "tess@hillcrest.sch.uk" not in {str(mail["To"]) for mail in left}
    assert "tess@hillcrest.sch.uk" not in whole_day(rooms, "2026-11-10")
    [undone] = [mail for mail in outbox() if mail.to_address.startswith("tess")]
    assert (undone.state, undone.reason) == ("undone", "Taken back by Maya Lund before it left.")
    assert "tess@hillcrest.sch.uk" in whole_day(rooms, "2026-11-16"), "the next step is another matter"


def test_a_whole_morning_can_be_undone_and_no_other_schools(rooms: Flask, schools: tuple[School, School]) -> None:
    ours, theirs = schools
    tick(rooms, "2026-11-09")
    causes = {mail.organisation_id: mail.cause for mail in outbox()}
    cause = causes[ours.scope.organisation_id]
    assert cause is not None
    with writing() as session:
        count = undo_all(session, ours.scope, MAYA, cause, morning("2026-11-09"))
    assert count == sum(mail.organisation_id == ours.scope.organisation_id for mail in outbox())
    left = tick(rooms, morning("2026-11-09") + dt.timedelta(hours=2))
    assert {str(mail["To"]).partition("@")[2] for mail in left} == {"zeds.sch.uk"}
    assert theirs.scope.slug == "zeds"


def test_somebody_without_an_address_is_told_once_they_have_one(rooms: Flask, school: School) -> None:
    whole_day(rooms, "2026-11-09")
    assert lines(school, "Viv") == []
    change(lambda session: setattr(session.get_one(Person, school.id("Viv")), "email", "viv@ash.example"))
    mail = whole_day(rooms, "2026-11-10")["viv@ash.example"]
    assert "asks you to read 1 policy" in words(mail)


def test_a_run_that_comes_too_late_in_the_day_leaves_it_to_the_next_school_morning(
    rooms: Flask, school: School
) -> None:
    tick(rooms, dt.datetime(2026, 11, 9, 16, 30, tzinfo=dt.UTC))
    assert outbox() == []
    assert "Too late in the day" in last_result(school.scope)
    assert "tess@hillcrest.sch.uk" in whole_day(rooms, "2026-11-10")


def test_a_run_made_late_holds_its_mails_for_an_hour(rooms: Flask, school: School) -> None:
    tick(rooms, dt.datetime(2026, 11, 9, 10, 0, tzinfo=dt.UTC))
    assert {mail.next_try_at for mail in outbox()} == {dt.datetime(2026, 11, 9, 11, 0, tzinfo=dt.UTC)}


def test_the_ledger_cannot_be_rewritten(rooms: Flask, school: School) -> None:
    tick(rooms, "2026-11-09")
    for model, values in ((Reminder, {"whom": "chair"}), (ReminderLine, {"rung": "0"})):
        with pytest.raises(Exception, match="keeps what happened"), writing() as session:
            session.execute(update(model).values(**values))
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Reminder)) == len(outbox())


def _one_more(session: Session, school: School) -> None:
    one = hillcrest.someone(session, school.scope, "Late Comer", ("volunteers",), dt.date(2026, 12, 17))
    one.email = "late@hillcrest.sch.uk"


def _asking_since(session: Session, school: School, since: dt.date | None) -> None:
    session.get_one(Organisation, school.scope.organisation_id).asking_since = since
