"""The outbox: queued with its cause, sent once, and when it is not sent, seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from governance.db import reading, writing
from governance.errors import NotFound, Refusal
from governance.journal.models import JournalEntry
from governance.mail import dispatch
from governance.mail.actions import queue, send_again, undo
from governance.mail.compose import Attachment, Letter
from governance.mail.deliver import SmtpSettings, with_limits
from governance.mail.dispatch import Post, deliver_due, post_of
from governance.mail.hours import leaves_at
from governance.mail.models import Outbox
from governance.mail.outcomes import Outcome, Phase, Result
from governance.mail.queries import mail, mails, outbox_age, refused_since, waiting
from governance.settings import Settings
from governance.storage.models import Document
from governance.tenancy import Scope
from tests.mail.hands import MAYA, MONDAY, Hands, two_schools
from tests.mail.post_office import DROP, PostOffice

LETTER = Letter("monday", "maya@oakfield.sch.uk", "Oakfield Primary School: this week", "Three.\n", "<p>Three.</p>\n")


@pytest.fixture
def scopes(rooms: Flask) -> list[Scope]:
    return two_schools()


@pytest.fixture
def clock() -> Hands:
    return Hands(MONDAY)


def queued(scope: Scope, key: str = "monday:2026-10-12:maya", letter: Letter = LETTER, **more: Any) -> str | None:
    with writing() as session:
        return queue(session, scope, letter, dedupe_key=key, now=MONDAY, **more)


def post_to(office: PostOffice) -> Post:
    return Post(with_limits(SmtpSettings.from_url(office.url), 2.0, 2.0), "policies@oakfield.sch.uk")


def only_row() -> Outbox:
    with reading() as session:
        return session.scalars(select(Outbox)).one()


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> list[Outcome]:
    """Outcomes that `send` gives one after the other, then yes; what a real server does is tested with one."""
    planned: list[Outcome] = []
    monkeypatch.setattr(dispatch, "send", lambda *_: planned.pop(0) if planned else Outcome(Result.ACCEPTED))
    return planned


SOMEWHERE = Post(SmtpSettings("127.0.0.1", 25, "none"), "policies@oakfield.sch.uk")


def test_a_queued_mail_is_sent_once_with_a_message_id_of_its_own(scopes: list[Scope], clock: Hands) -> None:
    public_id = queued(scopes[0])
    with PostOffice() as office:
        assert deliver_due(post_to(office), clock).accepted == 1
        assert deliver_due(post_to(office), clock).accepted == 0
    [arrived] = office.accepted
    assert arrived["Message-ID"] == f"<{public_id}@oakfield.sch.uk>"
    assert arrived["From"] == "Oakfield Primary School <policies@oakfield.sch.uk>"
    assert only_row().state == "accepted"


def test_the_same_cause_queues_one_mail_only_and_another_school_is_another_cause(scopes: list[Scope]) -> None:
    assert queued(scopes[0]) is not None
    assert queued(scopes[0]) is None
    assert queued(scopes[1]) is not None


def test_a_mail_whose_cause_is_rolled_back_was_never_queued(scopes: list[Scope]) -> None:
    with pytest.raises(ZeroDivisionError), writing() as session:
        assert queue(session, scopes[0], LETTER, dedupe_key="k", now=MONDAY) is not None and 1 / 0
    with reading() as session:
        assert session.scalars(select(Outbox)).all() == []


def test_attachments_are_kept_once_and_travel_with_the_mail(scopes: list[Scope], clock: Hands) -> None:
    sheet = Attachment("overdue.csv", "text/csv", b"name,days\r\n")
    with_files = Letter(LETTER.kind, LETTER.to, LETTER.subject, LETTER.text, LETTER.html, (sheet,))
    for person in ("maya", "sam"):
        queued(scopes[0], key=person, letter=with_files)
    with PostOffice() as office:
        assert deliver_due(post_to(office), clock).accepted == 2
    names = [part.get_filename() for arrived in office.accepted for part in arrived.iter_attachments()]
    assert names == ["overdue.csv", "overdue.csv"]
    with reading() as session:
        assert len(session.scalars(select(Document)).all()) == 1


def test_without_a_mail_server_mail_waits_and_nothing_fails(scopes: list[Scope], clock: Hands) -> None:
    queued(scopes[0])
    clock.move(days=3)
    assert deliver_due(None, clock).accepted == 0
    with reading() as session:
        assert waiting(session, scopes[0], clock()).count == 1
        assert waiting(session, scopes[1], clock()).count == 0
        assert outbox_age(session, clock()) == dt.timedelta(days=3)


def test_a_temporary_no_is_tried_again_later_and_a_final_one_ends_with_its_reason(
    scopes: list[Scope], clock: Hands
) -> None:
    queued(scopes[0])
    with PostOffice({"RCPT": ["451 4.2.1 later", "550 5.1.1 unknown"]}) as office:
        assert deliver_due(post_to(office), clock).waiting == 1
        assert deliver_due(post_to(office), clock).waiting == 0, "its pause is not over"
        clock.move(minutes=1)
        assert deliver_due(post_to(office), clock).refused == 1
    with reading() as session:
        [line] = mails(session, scopes[0])
        assert (line.state, line.in_words) == ("refused", "refused")
        assert "there is no mailbox of that name (550 5.1.1 unknown)" in (line.reason or "")
        assert refused_since(session, scopes[0], MONDAY) == 1


def test_one_refused_mail_does_not_hold_up_the_next(scopes: list[Scope], clock: Hands) -> None:
    queued(scopes[0], key="first")
    queued(scopes[0], key="second")
    with PostOffice({"RCPT": ["550 5.1.1 unknown"]}) as office:
        delivered = deliver_due(post_to(office), clock)
    assert (delivered.accepted, delivered.refused) == (1, 1)


def test_an_unanswered_end_of_data_sends_one_more_copy_with_the_same_message_id(
    scopes: list[Scope], clock: Hands
) -> None:
    queued(scopes[0])
    with PostOffice({"ANSWER": [DROP]}) as office:
        assert deliver_due(post_to(office), clock).uncertain == 1
        clock.move(minutes=5)
        assert deliver_due(post_to(office), clock).accepted == 1
    assert len({arrived["Message-ID"] for arrived in office.accepted}) == 1
    assert len(office.accepted) == 2


def test_a_second_unanswered_end_of_data_is_the_last(scopes: list[Scope], clock: Hands) -> None:
    queued(scopes[0])
    with PostOffice({"ANSWER": DROP}) as office:
        for _ in range(5):
            deliver_due(post_to(office), clock)
            clock.move(hours=2)
    assert len(office.accepted) == 2
    with reading() as session:
        [line] = mails(session, scopes[0])
    assert line.in_words == "not known whether it arrived"
    assert line.can_be_sent_again


def test_a_process_that_died_between_claim_and_record_leads_to_one_more_try(
    scopes: list[Scope], clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued(scopes[0])

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with PostOffice() as office:
        post = post_to(office)
        with monkeypatch.context() as patched:
            patched.setattr(dispatch, "_record", die)
            with pytest.raises(KeyboardInterrupt):
                deliver_due(post, clock)
        assert only_row().state == "sending"
        assert deliver_due(post, clock).accepted == 0, "the lease still holds"
        clock.move(seconds=post.lease.total_seconds() + 1)
        assert deliver_due(post, clock).accepted == 1
    assert len({arrived["Message-ID"] for arrived in office.accepted}) == 1


def test_a_second_death_while_sending_ends_it_visibly(
    scopes: list[Scope], clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued(scopes[0])

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(dispatch, "_record", die)
    with PostOffice() as office:
        post = post_to(office)
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                deliver_due(post, clock)
            clock.move(seconds=post.lease.total_seconds() + 1)
        assert deliver_due(post, clock).accepted == 0
    assert len(office.accepted) == 2
    assert (only_row().state, only_row().ended_at is not None) == ("uncertain", True)


def test_a_late_record_of_a_process_that_slept_changes_nothing(
    scopes: list[Scope], clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued(scopes[0])
    held: list[tuple[Any, ...]] = []
    record = dispatch._record
    with PostOffice() as office:
        post = post_to(office)
        monkeypatch.setattr(dispatch, "_record", lambda *told: held.append(told))
        deliver_due(post, clock, most=1)
        monkeypatch.setattr(dispatch, "_record", record)
        clock.move(seconds=post.lease.total_seconds() + 1)
        deliver_due(post, clock)
    [(claimed, _, now)] = held
    record(claimed, Outcome(Result.REFUSED, "late"), now)
    assert only_row().state == "accepted"


UNREACHABLE = Outcome(Result.TEMPORARY, "mail.school.uk did not answer", Phase.CONNECTING)


def test_a_mail_server_that_is_down_two_days_loses_nothing_and_is_not_hammered(
    scopes: list[Scope], clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[dt.datetime] = []
    sent: list[str] = []

    def down_for_two_days(_: object, message: Any) -> Outcome:
        tried.append(clock())
        if clock() < MONDAY + dt.timedelta(hours=48):
            return UNREACHABLE
        sent.append(message["Message-ID"])
        return Outcome(Result.ACCEPTED)

    monkeypatch.setattr(dispatch, "send", down_for_two_days)
    with writing() as session:
        for number in range(60):
            queue(session, scopes[0], LETTER, dedupe_key=f"k{number}", now=MONDAY)
    for _ in range(49 * 4):
        delivered = deliver_due(SOMEWHERE, clock)
        clock.move(minutes=15)
    assert delivered.trouble is None
    assert len(sent) == len(set(sent)) == 60
    down = [at for at in tried if at < MONDAY + dt.timedelta(hours=48)]
    assert len(down) <= 48 * 4, "one knock a round, not one a mail"


def test_a_mail_that_is_never_taken_is_given_up_visibly_after_more_than_two_days(
    scopes: list[Scope], clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "send", lambda *_: Outcome(Result.TEMPORARY, "mailbox full", Phase.RECIPIENT))
    queued(scopes[0])
    while only_row().ended_at is None:
        deliver_due(SOMEWHERE, clock)
        clock.move(hours=1)
        assert clock() < MONDAY + dt.timedelta(days=10)
    assert clock() - MONDAY > dt.timedelta(hours=48)
    row = only_row()
    assert row.state == "refused"
    assert (row.reason or "").startswith("Given up after")
    assert (row.reason or "").endswith("mailbox full")


def test_a_mail_can_be_taken_back_until_it_leaves(scopes: list[Scope], clock: Hands, scripted: list[Outcome]) -> None:
    public_id = queued(scopes[0], not_before=MONDAY + dt.timedelta(hours=2))
    assert public_id is not None
    assert deliver_due(SOMEWHERE, clock).accepted == 0
    with writing() as session:
        undo(session, scopes[0], MAYA, public_id, clock())
    clock.move(hours=3)
    assert deliver_due(SOMEWHERE, clock).accepted == 0
    assert only_row().state == "undone"
    with reading() as session:
        assert session.scalars(select(JournalEntry.event)).all() == ["mail undone"]


def test_a_mail_that_has_left_cannot_be_taken_back_and_another_schools_does_not_exist(
    scopes: list[Scope], clock: Hands, scripted: list[Outcome]
) -> None:
    public_id = queued(scopes[0])
    assert public_id is not None
    with pytest.raises(NotFound), writing() as session:
        undo(session, scopes[1], MAYA, public_id, clock())
    deliver_due(SOMEWHERE, clock)
    with pytest.raises(Refusal, match="it has left"), writing() as session:
        undo(session, scopes[0], MAYA, public_id, clock())


def test_a_refused_mail_can_be_sent_again_and_keeps_its_message_id(
    scopes: list[Scope], clock: Hands, scripted: list[Outcome]
) -> None:
    scripted.append(Outcome(Result.REFUSED, "no such mailbox"))
    public_id = queued(scopes[0])
    assert public_id is not None
    deliver_due(SOMEWHERE, clock)
    before = only_row().message_id
    with writing() as session:
        send_again(session, scopes[0], MAYA, public_id, clock())
    assert deliver_due(SOMEWHERE, clock).accepted == 1
    assert only_row().message_id == before
    with pytest.raises(Refusal, match="Only a mail that was refused"), writing() as session:
        send_again(session, scopes[0], MAYA, public_id, clock())


def test_a_mail_is_readable_on_screen_while_it_waits(scopes: list[Scope]) -> None:
    sheet = Attachment("overdue.csv", "text/csv", b"abc")
    public_id = queued(
        scopes[0], letter=Letter(LETTER.kind, LETTER.to, LETTER.subject, LETTER.text, LETTER.html, (sheet,))
    )
    assert public_id is not None
    with reading() as session:
        whole = mail(session, scopes[0], public_id)
        assert (whole.text, whole.line.in_words) == ("Three.\n", "waiting to be sent")
        assert [(name, size) for name, size, _ in whole.files] == [("overdue.csv", 3)]
        with pytest.raises(NotFound):
            mail(session, scopes[1], public_id)


def test_a_file_that_is_no_longer_kept_refuses_the_mail_rather_than_leaving_it_out(
    scopes: list[Scope], clock: Hands, scripted: list[Outcome]
) -> None:
    sheet = Attachment("overdue.csv", "text/csv", b"abc")
    queued(scopes[0], letter=Letter(LETTER.kind, LETTER.to, LETTER.subject, LETTER.text, LETTER.html, (sheet,)))
    with writing() as session:
        session.execute(update(Document).values(bytes=None))
    assert deliver_due(SOMEWHERE, clock).refused == 1
    assert "no longer kept" in (only_row().reason or "")


@pytest.mark.parametrize(
    ("wanted", "leaves"),
    [
        ("2026-10-12 05:00", "2026-10-12 06:30"),  # Monday before 07:30 British Summer Time
        ("2026-10-12 09:00", "2026-10-12 09:00"),
        ("2026-10-12 16:00", "2026-10-13 06:30"),  # 17:00 is too late
        ("2026-10-16 18:00", "2026-10-19 06:30"),  # Friday evening waits for Monday
        ("2026-10-24 10:00", "2026-10-26 07:30"),  # over the night the clocks go back
        ("2026-03-28 10:00", "2026-03-30 06:30"),  # and forward
    ],
)
def test_asking_and_reminding_leave_in_school_hours(wanted: str, leaves: str) -> None:
    at = dt.datetime.fromisoformat(wanted).replace(tzinfo=dt.UTC)
    expected = dt.datetime.fromisoformat(leaves).replace(tzinfo=dt.UTC)
    assert leaves_at("reminder", at, "Europe/London") == expected
    assert leaves_at("monday", at, "Europe/London") == at


HALF_TERM = frozenset(dt.date(2026, 10, 26) + dt.timedelta(days=ahead) for ahead in range(5))


@pytest.mark.parametrize(
    ("kind", "leaves"),
    [
        ("team_digest", "2026-11-02 07:30"),  # waits for school to begin
        ("reading_link", "2026-10-26 07:30"),  # somebody asked for it, and it is over in two weeks
        ("one_time_link", "2026-10-23 16:30"),  # at any hour
    ],
)
def test_what_can_wait_waits_for_the_end_of_a_holiday_and_a_link_does_not(kind: str, leaves: str) -> None:
    friday = dt.datetime(2026, 10, 23, 16, 30, tzinfo=dt.UTC)
    expected = dt.datetime.fromisoformat(leaves).replace(tzinfo=dt.UTC)
    assert leaves_at(kind, friday, "Europe/London", lambda day: day.weekday() < 5 and day not in HALF_TERM) == expected


def test_a_calendar_without_an_open_day_keeps_no_mail_for_ever() -> None:
    noon = dt.datetime(2026, 10, 23, 12, 0, tzinfo=dt.UTC)
    assert leaves_at("reminder", noon, "Europe/London", lambda _: False) == noon


def test_a_reminder_held_up_in_the_evening_does_not_arrive_at_night(
    scopes: list[Scope], clock: Hands, scripted: list[Outcome]
) -> None:
    reminder = Letter("reminder", LETTER.to, LETTER.subject, LETTER.text, LETTER.html)
    queued(scopes[0], letter=reminder)
    clock.at = dt.datetime(2026, 10, 12, 15, 59, 30, tzinfo=dt.UTC)
    scripted.append(Outcome(Result.TEMPORARY, "busy", Phase.RECIPIENT))
    deliver_due(SOMEWHERE, clock)
    assert only_row().next_try_at == dt.datetime(2026, 10, 13, 6, 30, tzinfo=dt.UTC)


def test_the_sender_is_what_is_set_else_the_sign_in_name_else_one_at_our_host(
    tmp_path: Any, settings_with: Callable[..., Settings]
) -> None:
    def mailbox(**more: str) -> str:
        post = post_of(settings_with(**more))
        assert post is not None
        return post.mailbox

    assert post_of(settings_with()) is None
    assert mailbox(smtp_url="smtp://127.0.0.1:25", mail_from="office@oakfield.sch.uk") == "office@oakfield.sch.uk"
    assert mailbox(smtp_url="smtps://maya%40oakfield.sch.uk:x@mail.uk") == "maya@oakfield.sch.uk"
    assert mailbox(smtp_url="smtp://127.0.0.1:25") == "countersign@policies.oakfield.sch.uk"
    local = settings_with(smtp_url="smtp://127.0.0.1:25", base_url="http://localhost:8000")
    assert post_of(local) == Post(
        SmtpSettings.from_url("smtp://127.0.0.1:25"), "countersign@localhost.localdomain", local.secret_key
    )
    with pytest.raises(Refusal, match="full e-mail address"):
        mailbox(smtp_url="smtp://127.0.0.1:25", mail_from="nobody")


@pytest.fixture
def settings_with(tmp_path: Any) -> Callable[..., Settings]:
    def made(base_url: str = "https://policies.oakfield.sch.uk", **more: str) -> Settings:
        return Settings(tmp_path, "sqlite://", base_url, "k", **more)  # type: ignore[arg-type]

    return made


def test_four_senders_at_once_send_each_mail_once(rooms: Flask, scopes: list[Scope], clock: Hands) -> None:
    with writing() as session:
        for number in range(40):
            queue(session, scopes[0], LETTER, dedupe_key=f"k{number}", now=MONDAY)

    def send_all(_: int) -> int:
        with rooms.app_context():
            return deliver_due(post, clock).accepted

    with PostOffice() as office, ThreadPoolExecutor(4) as senders:
        post = post_to(office)
        assert sum(senders.map(send_all, range(4))) == 40
    assert len({arrived["Message-ID"] for arrived in office.accepted}) == len(office.accepted) == 40
