"""Promise 6: whatever runs twice, overlaps or is killed, a step is told once; and it takes seconds for a large school."""

from __future__ import annotations

import datetime as dt
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from governance.chasing.models import Reminder, ReminderLine
from governance.db import db, reading, writing
from governance.people.models import Engagement, Person
from governance.schedule import rounds, runs
from governance.schedule.actions import run_now
from governance.schedule.jobs import Context
from governance.schedule.reminding import reminders
from governance.schedule.switching import reminding_entry, turn_on
from governance.tenancy import Organisation, Scope
from tests.chasing.staffroom import MAYA, TURNED_ON, School, furnish, morning, outbox, tick
from tests.databases import ROOT
from tests.reading.shape import shape
from tests.reading.stored import store

MONDAY = morning("2026-11-09")


@pytest.fixture
def school(rooms: Flask) -> School:
    return furnish()[0]


def ledger() -> Counter[tuple[int, int, dt.date, str | None, str, int]]:
    with reading() as session:
        line = ReminderLine
        columns = (line.person_id, line.in_force_id, line.due_on, line.rung, line.whom, line.to_person_id)
        return Counter(tuple(row) for row in session.execute(select(*columns).order_by(line.id)))


def context_of(claimed: runs.Claimed) -> Context:
    return Context(
        scope=claimed.scope,
        run=claimed.public_id,
        job=claimed.job,
        slot=claimed.slot,
        due_at=claimed.due_at,
        late=claimed.late,
        now=MONDAY,
        asked_by=claimed.asked_by,
        base_url="http://localhost",
    )


def claim() -> runs.Claimed:
    with writing() as session:
        found = runs.claim(session, MONDAY)
    assert found is not None
    return found


def test_two_runs_that_overlap_write_to_nobody_twice(rooms: Flask, school: School) -> None:
    rounds.enter_slots(MONDAY)
    with writing() as session:
        entry = reminding_entry(session, school.scope)
        assert entry is not None
        run_now(session, school.scope, MAYA, entry.public_id, MONDAY)
    held = [claim(), claim(), claim()]
    ours = [one for one in held if one.scope.slug == "hillcrest"]
    assert len(ours) == 2
    outcomes = [reminders(context_of(one)) for one in ours]  # both looked before either wrote
    for one, outcome in zip(ours, outcomes, strict=True):
        with writing() as session:
            runs.finish(session, one, outcome, MONDAY)
    assert Counter(mail.to_address for mail in outbox()).most_common(1)[0][1] == 1
    assert set(ledger().values()) == {1}
    assert {mail.cause for mail in outbox()} == {ours[0].public_id}


def test_a_run_killed_before_its_end_leaves_nothing_and_the_next_process_sends_once(
    rooms: Flask, school: School, database_url: str
) -> None:
    command = [sys.executable, "-m", "tests.chasing.killed_run", database_url, MONDAY.isoformat()]
    died = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    assert outbox() == []
    assert ledger() == Counter()
    later = MONDAY + runs.LEASE + dt.timedelta(minutes=1)
    tick(rooms, later)
    sent = Counter(mail.to_address for mail in outbox())
    assert sent["tess@hillcrest.sch.uk"] == 1
    assert set(sent.values()) == {1}
    tick(rooms, later + dt.timedelta(minutes=1))
    assert Counter(mail.to_address for mail in outbox()) == sent


def test_a_run_that_slept_past_midnight_stores_nothing(rooms: Flask, school: School) -> None:
    rounds.enter_slots(MONDAY)
    one = claim()
    outcome = reminders(context_of(one))
    with writing() as session:
        runs.finish(session, one, outcome, MONDAY + dt.timedelta(days=1))
    assert outbox() == []


def large(people: int, policies: int) -> Scope:
    """A school where nobody has read anything; every tenth person manages the nine after them."""
    facts = shape(policies=policies, staff=people, overlaps=False)
    with writing() as session:
        scope = store(session, facts.__class__(**(facts.__dict__ | {"receipts": ()})))
        session.get_one(Organisation, scope.organisation_id).asking_since = dt.date(2024, 9, 1)
        for person in session.scalars(select(Person)):
            person.email = f"person{person.id}@school.example"
            manager = (person.id - 1) // 10 * 10 + 1
            session.execute(update(Engagement).where(Engagement.person_id == person.id).values(line_manager_id=manager))
        turn_on(session, scope, MAYA, TURNED_ON)
    return scope


def statements_of_a_run() -> tuple[int, float]:
    seen = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    rounds.enter_slots(MONDAY)
    event.listen(db.engine, "before_cursor_execute", note)
    began = time.monotonic()
    try:
        assert rounds.run_due(lambda: MONDAY) == (1, 0)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen), time.monotonic() - began


@pytest.mark.parametrize("people", [30, 300])
def test_the_number_of_statements_does_not_grow_with_the_people(rooms: Flask, people: int) -> None:
    large(people, 4)
    count, _ = statements_of_a_run()
    assert count <= 60
    assert sum(mail.kind == "asking" for mail in outbox()) == people


@pytest.mark.slow
def test_six_hundred_people_with_forty_policies_take_seconds(rooms: Flask, engine: str) -> None:
    large(600, 40)
    count, seconds = statements_of_a_run()
    with reading() as session:
        mails = len(session.scalars(select(Reminder.id)).all())
        lines = len(session.scalars(select(ReminderLine.id)).all())
    print(f"{engine}: {mails} mails naming {lines} readings in {seconds:.1f} s and {count} statements")
    assert mails == 600
    assert seconds < 30
