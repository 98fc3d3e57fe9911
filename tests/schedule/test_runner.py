"""Knocks of the clock on a real ledger: once a slot, late ones labelled, failures seen, nothing stored by a sleeper."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select, update

from governance.child import ChildFailed, Reason
from governance.db import reading, writing
from governance.errors import NotFound, Refusal
from governance.journal.models import JournalEntry
from governance.mail.compose import Attachment, Letter
from governance.mail.models import Outbox
from governance.mail.queries import waiting
from governance.schedule import rounds, runner, runs, ticker
from governance.schedule.actions import ask, begin_offered, close, run_now, schedule
from governance.schedule.cadence import BeforeMeeting, Cadence, Daily, Weekly
from governance.schedule.jobs import JOBS, Context, Job, Made, Outcome, Post, job
from governance.schedule.models import Run, ScheduleEntry
from governance.schedule.offers import DRAFT_PACK, MONDAY_MAIL, POLICY_DUE, TEAM_DIGEST
from governance.schedule.queries import entries, entry_line, failed_since, pulse, recent_runs, run_line
from governance.schedule.recipients import Recipients
from governance.schools.models import GoverningBody, Meeting
from governance.storage.models import Artefact, Document
from governance.tenancy import Scope
from tests.mail.hands import MAYA, MONDAY, Hands, two_schools
from tests.mail.post_office import PostOffice

THURSDAY_BEFORE = MONDAY - dt.timedelta(days=4)
AT_SEVEN = dt.time(7, 0)
OFFICE = Recipients(roles=("system_manager",))
Work = Callable[[Context], Outcome]


@pytest.fixture
def scopes(rooms: Flask) -> list[Scope]:
    return two_schools()


@pytest.fixture
def scope(scopes: list[Scope]) -> Scope:
    return scopes[0]


@pytest.fixture
def clock() -> Hands:
    return Hands(MONDAY)


@pytest.fixture
def working(monkeypatch: pytest.MonkeyPatch) -> Callable[[Work], list[Context]]:
    """Register a job called "work" and see the contexts it was given."""

    def register(work: Work) -> list[Context]:
        seen: list[Context] = []

        def noted(context: Context) -> Outcome:
            seen.append(context)
            return work(context)

        monkeypatch.setitem(JOBS, "work", Job("work", "The work", noted))
        return seen

    return register


def a_mail(context: Context) -> Outcome:
    letter = Letter("monday", "maya@oakfield.sch.uk", "Oakfield Primary School: this week", "Three.\n", "<p>3</p>\n")
    return Outcome("1 mail queued", letters=(Post(letter),))


def entry(scope: Scope, cadence: Cadence = Weekly(0, AT_SEVEN), made_at: dt.datetime = THURSDAY_BEFORE) -> str:  # noqa: B008 - a frozen value
    with writing() as session:
        return schedule(
            session,
            scope,
            MAYA,
            job="work",
            cadence=cadence,
            recipients=OFFICE,
            options={"files": "linked"},
            now=made_at,
        ).public_id


def ledger() -> list[tuple[str, str, bool]]:
    with reading() as session:
        return [(run.slot, run.state, run.late) for run in session.scalars(select(Run).order_by(Run.due_at, Run.slot))]


def one_knock(clock: Hands) -> tuple[int, int, int]:
    return rounds.enter_slots(clock()), *rounds.run_due(clock)


def test_monday_at_seven_runs_once_and_its_mail_is_queued_with_it(
    scope: Scope, clock: Hands, working: Callable[[Work], list[Context]]
) -> None:
    seen = working(a_mail)
    entry(scope)
    assert one_knock(clock) == (1, 1, 0)
    assert one_knock(clock) == (0, 0, 0)
    [context] = seen
    assert (context.slot, context.late, context.today) == ("2026-10-12", False, dt.date(2026, 10, 12))
    assert context.options == {"files": "linked"}
    assert context.recipients == {"offices": [], "roles": ["system_manager"]}
    with reading() as session:
        mail = session.scalars(select(Outbox)).one()
        assert mail.cause == context.run
        assert waiting(session, scope, clock()).count == 1
        events = session.scalars(select(JournalEntry.event).order_by(JournalEntry.seq)).all()
        assert events == ["schedule set", "run finished"]


def test_before_its_time_nothing_runs(scope: Scope, clock: Hands, working: Callable[[Work], list[Context]]) -> None:
    working(a_mail)
    entry(scope)
    clock.move(seconds=-1)
    assert one_knock(clock) == (0, 0, 0)


def test_after_three_missed_mondays_the_latest_runs_late_and_the_others_are_skipped(
    scope: Scope, clock: Hands, working: Callable[[Work], list[Context]]
) -> None:
    seen = working(a_mail)
    entry(scope)
    clock.move(days=16)
    assert one_knock(clock) == (3, 1, 0)
    assert ledger() == [("2026-10-12", "skipped", True), ("2026-10-19", "skipped", True), ("2026-10-26", "done", True)]
    assert seen[0].late
    with reading() as session:
        skipped = recent_runs(session, scope)[-1]
    assert skipped.result == "Skipped: it was missed, and a later one has taken its place."


def test_a_meeting_entered_at_short_notice_gets_its_run_and_a_meeting_that_is_over_does_not(
    scope: Scope, clock: Hands, working: Callable[[Work], list[Context]]
) -> None:
    seen = working(lambda context: Outcome("made"))
    entry(scope, BeforeMeeting(14, AT_SEVEN), made_at=MONDAY - dt.timedelta(days=60))
    with writing() as session:
        body = GoverningBody(organisation_id=scope.organisation_id, name="Full Governing Body", name_key="fgb")
        session.add(body)
        session.flush()
        for day, state in ((8, "held"), (15, "planned"), (16, "cancelled"), (30, "planned")):
            held_on = dt.date(2026, 10, day)
            session.add(Meeting(organisation_id=scope.organisation_id, body_id=body.id, held_on=held_on, state=state))
    assert one_knock(clock) == (2, 1, 0)
    clock.move(days=4)
    assert one_knock(clock) == (1, 1, 0), "30 October comes 14 days later; the others are done with"
    with reading() as session:
        keys = {meeting.held_on.day: meeting.public_id for meeting in session.scalars(select(Meeting))}
    assert [context.meeting for context in seen] == [keys[15], keys[30]]
    assert [state for _, state, _ in ledger()] == ["skipped", "done", "done"]


def test_a_meeting_moved_after_its_run_is_not_run_again(
    scope: Scope, clock: Hands, working: Callable[[Work], list[Context]]
) -> None:
    working(lambda context: Outcome("made"))
    entry(scope, BeforeMeeting(14, AT_SEVEN), made_at=MONDAY - dt.timedelta(days=60))
    with writing() as session:
        body = GoverningBody(organisation_id=scope.organisation_id, name="Full Governing Body", name_key="fgb")
        session.add(body)
        session.flush()
        held_on = dt.date(2026, 10, 15)
        session.add(Meeting(organisation_id=scope.organisation_id, body_id=body.id, held_on=held_on, state="planned"))
    assert one_knock(clock) == (1, 1, 0)
    with writing() as session:
        session.execute(update(Meeting).values(held_on=dt.date(2026, 11, 5)))
    clock.move(days=20)
    assert one_knock(clock) == (0, 0, 0)


def test_half_past_one_in_the_night_the_clocks_go_back_runs_once(
    scope: Scope, clock: Hands, working: Callable[[Work], list[Context]]
) -> None:
    seen = working(lambda context: Outcome("made"))
    clock.at = dt.datetime(2026, 10, 24, 22, 0, tzinfo=dt.UTC)
    entry(scope, Daily(dt.time(1, 30)), made_at=clock())
    for _ in range(6 * 12):
        one_knock(clock)
        clock.move(minutes=10)
    assert [context.slot for context in seen] == ["2026-10-25"]


def test_a_run_makes_an_artefact_and_the_same_values_give_the_stored_one(
    scope: Scope, clock: Hands, working: Callable[[Work], list[Context]]
) -> None:
    made = Made("report", "Reading overdue", "overdue.csv", "text/csv", b"name\r\n", "0" * 64, '{"as_of":"2026-10-12"}')
    working(lambda context: Outcome("made", artefact=made))
    entry(scope)
    one_knock(clock)
    clock.move(days=7)
    one_knock(clock)
    with reading() as session:
        artefact = session.scalars(select(Artefact)).one()
        assert artefact.made_by == "Countersign (scheduled)"
        lines = recent_runs(session, scope)
        assert [line.artefact for line in lines] == [artefact.public_id] * 2
        assert session.scalars(select(Document)).one().id == artefact.document_id


def test_a_refusal_fails_the_run_at_once_with_its_reason(
    scope: Scope, clock: Hands, working: Callable[[Work], list[Context]]
) -> None:
    def refuse(context: Context) -> Outcome:
        raise Refusal.one("Nobody has the role HR.")

    working(refuse)
    entry(scope)
    assert one_knock(clock) == (1, 0, 1)
    assert one_knock(clock) == (0, 0, 0)
    with reading() as session:
        [line] = recent_runs(session, scope)
        assert (line.state, line.result) == ("failed", "Nobody has the role HR.")
        assert failed_since(session, scope, MONDAY) == 1


def test_a_broken_limit_fails_only_its_own_run(
    scopes: list[Scope], clock: Hands, working: Callable[[Work], list[Context]]
) -> None:
    def too_long(context: Context) -> Outcome:
        if context.scope == scopes[0]:
            raise ChildFailed(Reason.TOO_LONG, "The pack took longer than 300 seconds and was stopped.")
        return Outcome("made")

    working(too_long)
    for one in scopes:
        entry(one)
    assert one_knock(clock) == (2, 1, 1)


def test_trouble_that_may_pass_is_tried_again_and_given_up_after_three_attempts(
    scope: Scope, clock: Hands, working: Callable[[Work], list[Context]]
) -> None:
    def break_(context: Context) -> Outcome:
        raise RuntimeError("disk on fire")

    seen = working(break_)
    entry(scope)
    for _ in range(30):
        one_knock(clock)
        clock.move(minutes=1)
    assert len(seen) == runs.MOST_ATTEMPTS
    with reading() as session:
        [line] = recent_runs(session, scope)
    assert line.state == "failed"
    assert line.result.startswith("Given up after 3 attempts.")
    assert "disk on fire" not in line.result


def test_what_a_failed_finish_began_is_not_kept(
    scope: Scope, clock: Hands, working: Callable[[Work], list[Context]]
) -> None:
    def break_(*_: object) -> None:
        raise RuntimeError

    working(lambda context: replace(a_mail(context), then=break_))
    entry(scope)
    one_knock(clock)
    with reading() as session:
        assert session.scalars(select(Outbox)).all() == []
    assert ledger() == [("2026-10-12", "waiting", False)]


def test_a_process_that_slept_past_its_lease_stores_nothing(
    scope: Scope, clock: Hands, working: Callable[[Work], list[Context]]
) -> None:
    def work(context: Context) -> Outcome:
        if len(seen) == 1:
            clock.move(minutes=16)
            assert rounds.run_due(clock) == (1, 0), "another process takes it over and finishes"
        return replace(a_mail(context), result=f"attempt {len(seen)}")

    seen = working(work)
    entry(scope)
    assert one_knock(clock) == (1, 0, 0)
    with reading() as session:
        [line] = recent_runs(session, scope)
        assert (line.state, line.result) == ("done", "attempt 2")
        assert len(session.scalars(select(Outbox)).all()) == 1


def test_a_process_that_slept_past_its_lease_learns_it_from_its_own_progress(
    scope: Scope, clock: Hands, working: Callable[[Work], list[Context]]
) -> None:
    def work(context: Context) -> Outcome:
        if len(seen) == 1:
            clock.move(minutes=16)
            rounds.run_due(clock)
        context.progress("Drawing the charts")
        reached.append(len(seen))
        return Outcome("made")

    reached: list[int] = []
    seen = working(work)
    entry(scope)
    one_knock(clock)
    assert reached == [2]


def test_progress_keeps_the_lease_and_is_shown(
    scope: Scope, clock: Hands, working: Callable[[Work], list[Context]]
) -> None:
    def work(context: Context) -> Outcome:
        for page in (1, 2, 3):
            clock.move(minutes=10)
            context.progress(f"Page {page} of 3")
            assert rounds.run_due(clock) == (0, 0), "nobody takes it over"
            with reading() as session:
                shown.append(run_line(session, scope, context.run).progress)
        return Outcome("made")

    shown: list[str] = []
    working(work)
    entry(scope)
    assert one_knock(clock) == (1, 1, 0)
    assert shown == ["Page 1 of 3", "Page 2 of 3", "Page 3 of 3"]


def test_a_run_that_kills_its_process_every_time_is_given_up(
    scope: Scope, clock: Hands, working: Callable[[Work], list[Context]]
) -> None:
    def die(context: Context) -> Outcome:
        raise KeyboardInterrupt

    seen = working(die)
    entry(scope)
    for _ in range(runs.MOST_ATTEMPTS):
        with pytest.raises(KeyboardInterrupt):
            one_knock(clock)
        clock.move(minutes=16)
    assert one_knock(clock) == (0, 0, 1)
    assert len(seen) == runs.MOST_ATTEMPTS
    with reading() as session:
        assert recent_runs(session, scope)[0].result == runs.VANISHED


def test_run_now_runs_beside_the_slots_and_does_not_use_one_up(
    scope: Scope, clock: Hands, working: Callable[[Work], list[Context]]
) -> None:
    working(lambda context: Outcome("made"))
    public_id = entry(scope)
    friday = Hands(MONDAY - dt.timedelta(days=3))
    with writing() as session:
        asked = run_now(session, scope, MAYA, public_id, friday())
        assert asked.asked_by == "Maya Osei"
    with pytest.raises(Refusal, match="running already"), writing() as session:
        run_now(session, scope, MAYA, public_id, friday())
    assert one_knock(friday) == (0, 1, 0)
    assert one_knock(clock) == (1, 1, 0)
    assert [state for _, state, _ in ledger()] == ["done", "done"]


def test_a_job_asked_for_on_screen_is_a_run_with_its_payload(
    scope: Scope, clock: Hands, working: Callable[[Work], list[Context]]
) -> None:
    seen = working(lambda context: Outcome(f"{context.payload['rows']} rows imported"))
    with writing() as session:
        public_id = ask(session, scope, MAYA, "work", {"rows": 600}, clock()).public_id
    with reading() as session:
        assert run_line(session, scope, public_id).state_words == "waiting"
        assert not run_line(session, scope, public_id).is_over
    assert one_knock(clock) == (0, 1, 0)
    assert seen[0].asked_by == "Maya Osei"
    with reading() as session:
        assert run_line(session, scope, public_id).result == "600 rows imported"
        entry_of = session.scalars(select(JournalEntry).order_by(JournalEntry.seq.desc())).first()
        assert entry_of is not None
        assert json.loads(entry_of.payload or "{}")["by"] == "Maya Osei"


def test_another_school_sees_neither_entries_nor_runs(
    scopes: list[Scope], clock: Hands, working: Callable[[Work], list[Context]]
) -> None:
    working(a_mail)
    public_id = entry(scopes[0])
    one_knock(clock)
    with reading() as session:
        run = recent_runs(session, scopes[0])[0].public_id
        assert entries(session, scopes[1], clock()) == []
        assert recent_runs(session, scopes[1]) == []
        with pytest.raises(NotFound):
            run_line(session, scopes[1], run)
        with pytest.raises(NotFound):
            entry_line(session, scopes[1], public_id, clock())
    with pytest.raises(NotFound), writing() as session:
        close(session, scopes[1], MAYA, public_id, clock())


def test_an_entry_that_ended_has_no_further_slots_and_can_be_set_again(
    scope: Scope, clock: Hands, working: Callable[[Work], list[Context]]
) -> None:
    working(a_mail)
    public_id = entry(scope)
    with pytest.raises(Refusal, match="set already: Every Monday at 07:00"):
        entry(scope)
    with writing() as session:
        close(session, scope, MAYA, public_id, clock() - dt.timedelta(hours=1))
    assert one_knock(clock) == (0, 0, 0)
    with pytest.raises(Refusal, match="ended already"), writing() as session:
        close(session, scope, MAYA, public_id, clock())
    with pytest.raises(Refusal, match="has ended"), writing() as session:
        run_now(session, scope, MAYA, public_id, clock())
    entry(scope, made_at=clock())
    with reading() as session:
        assert len(entries(session, scope, clock())) == 1
        assert len(entries(session, scope, clock(), closed=True)) == 2


def test_what_is_offered_is_off_until_set_up_is_confirmed_and_set_once(
    scope: Scope, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (MONDAY_MAIL, DRAFT_PACK):
        monkeypatch.setitem(JOBS, name, Job(name, name, lambda context: Outcome("made")))
    with reading() as session:
        assert entries(session, scope, clock()) == []
    with writing() as session:
        offered = begin_offered(session, scope, MAYA, clock())
        assert [one.job for one in offered] == [MONDAY_MAIL, DRAFT_PACK, TEAM_DIGEST, POLICY_DUE]
    with reading() as session:
        monday, pack, team, owners = entries(session, scope, clock())
    assert monday.cadence_words == "Every Monday at 07:00"
    assert monday.recipients.in_words == "Headteacher, HR, System manager"
    assert monday.next_at is not None
    assert f"{monday.next_at:%A %d %B %Y %H:%M}" == "Monday 19 October 2026 07:00"
    assert pack.cadence_words == "14 days before each meeting at 07:00"
    assert pack.next_at is None
    assert team.recipients.in_words == "Each line manager"
    assert (owners.cadence_words, owners.recipients.in_words) == (
        "Every day from Monday to Friday at 07:00",
        "Whoever holds the post that owns the policy",
    )
    with writing() as session:
        close(session, scope, MAYA, monday.public_id, clock())
        assert begin_offered(session, scope, MAYA, clock()) == [], "what somebody ended is not brought back"


def test_a_clock_change_ahead_is_told_beside_the_entry(
    scope: Scope, clock: Hands, working: Callable[[Work], list[Context]]
) -> None:
    working(a_mail)
    entry(scope, Daily(dt.time(1, 30)))
    with reading() as session:
        assert "comes twice" in (entries(session, scope, clock())[0].note or "")


def test_one_entry_that_cannot_be_read_does_not_stop_the_others(
    scopes: list[Scope], clock: Hands, working: Callable[[Work], list[Context]]
) -> None:
    working(a_mail)
    entry(scopes[0])
    with writing() as session:
        session.execute(update(ScheduleEntry).values(cadence='{"every": "fortnight"}'))
    entry(scopes[1])
    assert one_knock(clock) == (1, 1, 0)


def test_a_job_that_this_program_does_not_know_fails_in_words(
    scope: Scope, clock: Hands, working: Callable[[Work], list[Context]], monkeypatch: pytest.MonkeyPatch
) -> None:
    working(a_mail)
    entry(scope)
    monkeypatch.delitem(JOBS, "work")
    assert one_knock(clock) == (1, 0, 1)
    with reading() as session:
        assert recent_runs(session, scope)[0].result == "This program has no job called work."
    with pytest.raises(Refusal, match="Choose what is to run"):
        entry(scope)
    with pytest.raises(Refusal, match="Choose what is to run"), writing() as session:
        ask(session, scope, MAYA, "work", {}, clock())


def test_two_jobs_cannot_have_one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(JOBS, "work", Job("work", "The work", a_mail))
    with pytest.raises(ValueError, match="two jobs"):
        job("work", "Other work")(lambda context: Outcome("made"))


def test_the_pulse_tells_a_scheduler_that_nobody_knocks(
    scope: Scope, clock: Hands, working: Callable[[Work], list[Context]]
) -> None:
    working(lambda context: Outcome("made"))
    entry(scope)
    rounds.enter_slots(clock())
    with reading() as session:
        assert pulse(session, clock()).oldest_waiting_at == MONDAY
    rounds.run_due(clock)
    with reading() as session:
        assert pulse(session, clock()) == type(pulse(session, clock()))(clock(), None)


def test_a_tick_runs_what_is_due_and_delivers_its_mail_with_the_file(
    rooms: Flask, scope: Scope, working: Callable[[Work], list[Context]], smtp: PostOffice
) -> None:
    def with_file(context: Context) -> Outcome:
        [post] = a_mail(context).letters
        sheet = Attachment("overdue.csv", "text/csv", b"name\r\n")
        return Outcome("1 mail queued", letters=(Post(replace(post.letter, attachments=(sheet,))),))

    working(with_file)
    entry(scope)
    settings = rooms.extensions["countersign_settings"]
    rooms.extensions["countersign_settings"] = replace(settings, smtp_url=smtp.url)
    ticked = runner.tick(rooms, MONDAY)
    assert (ticked.entered, ticked.done, ticked.failed, ticked.mail.accepted) == (1, 1, 0, 1)
    assert [part.get_filename() for part in smtp.accepted[0].iter_attachments()] == ["overdue.csv"]
    with reading() as session:
        assert recent_runs(session, scope)[0].mails == {"accepted": 1}


def test_a_tick_with_wrong_mail_settings_says_so_and_keeps_the_mail(
    rooms: Flask, scope: Scope, working: Callable[[Work], list[Context]]
) -> None:
    working(a_mail)
    entry(scope)
    settings = rooms.extensions["countersign_settings"]
    rooms.extensions["countersign_settings"] = replace(settings, smtp_url="mail.oakfield.sch.uk")
    ticked = runner.tick(rooms, MONDAY)
    assert (ticked.done, ticked.mail.trouble is not None) == (1, True)
    with reading() as session:
        assert session.scalars(select(Outbox.state)).all() == ["queued"]


def test_the_ticker_knocks_in_its_own_thread_and_stops(
    rooms: Flask, monkeypatch: pytest.MonkeyPatch, scope: Scope, working: Callable[[Work], list[Context]]
) -> None:
    import threading

    ran = threading.Event()

    def work(context: Context) -> Outcome:
        ran.set()
        return Outcome("made")

    working(work)
    monkeypatch.setattr(ticker, "FIRST_AFTER", dt.timedelta(hours=1))
    first = ticker.start(rooms)
    try:
        assert ticker.start(rooms) is first
        with writing() as session:
            ask(session, scope, MAYA, "work", {}, MONDAY)
        ticker.soon(rooms)
        assert ran.wait(10)
    finally:
        ticker.stop(rooms)
    ticker.soon(rooms)


def test_nobody_starts_a_ticker_by_importing_or_by_a_verb(rooms: Flask) -> None:
    runner.tick(rooms, MONDAY)
    assert ticker.EXTENSION not in rooms.extensions


def test_recipients_must_be_somebody_and_from_the_list() -> None:
    with pytest.raises(Refusal, match="at least one"):
        Recipients()
    with pytest.raises(Refusal, match="from the list"):
        Recipients(roles=("admin",))
    chosen = Recipients(roles=("hr",), offices=("chair",))
    assert Recipients.from_values(json.loads(chosen.to_text())) == chosen
