"""Promise 5 with real processes: killed at random, stopped for longer than their lease, all on one ledger."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from governance.db import reading, writing
from governance.mail.models import Outbox
from governance.schedule import rounds, runs
from governance.schedule.actions import schedule
from governance.schedule.cadence import Daily, from_text, slots_due
from governance.schedule.jobs import JOBS, Job
from governance.schedule.models import Run, ScheduleEntry
from governance.schedule.recipients import Recipients
from governance.storage.models import Artefact
from governance.tenancy import Scope
from tests.databases import ROOT
from tests.mail.hands import MAYA, two_schools
from tests.schedule.one_process import LEASE_SECONDS, START, simulated, work

PROCESSES = 4
# The short form; `./dev soak` asks for the full one (500 slots or more).
FULL = os.environ.get("COUNTERSIGN_SOAK") == "1"
ENTRIES, SECONDS, DAYS = (72, 90.0, 7) if FULL else (12, 10.0, 3)
SPEED = DAYS * 86_400 / SECONDS


@pytest.mark.slow
def test_whatever_happens_to_the_processes_each_slot_has_one_row_and_runs_at_most_once(
    rooms: Flask, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(JOBS, "work", Job("work", "The work", work))
    monkeypatch.setattr(runs, "MOST_ATTEMPTS", 1000)
    _set_entries(two_schools())
    beginning = tmp_path / "began"
    crew = Crew(database_url, beginning)
    try:
        began = time.monotonic()
        (tmp_path / "written").write_text(str(began))
        (tmp_path / "written").rename(beginning)
        crew.make_trouble_until(began + SECONDS)
    finally:
        crew.leave()
    assert crew.happened["killed"] >= 1
    assert crew.happened["stopped"] >= 1
    # One process is up again: it must catch up with everything that is left.
    end = START + dt.timedelta(days=DAYS, hours=1)
    # A slow machine's processes were killed with work left, so the last lease began when they went.
    settled = max(end, simulated(began, SPEED)) + dt.timedelta(seconds=2 * LEASE_SECONDS * SPEED)
    rounds.enter_slots(end)
    while rounds.run_due(lambda: settled) != (0, 0):
        pass  # a knock runs no more than it may at once; the next one goes on
    _check(end)


def _set_entries(scopes: list[Scope]) -> None:
    with writing() as session:
        for number in range(ENTRIES):
            # Half past one on the night the clocks go back is among them.
            at = dt.time(1 + number % 22, 30)
            options = {"number": number}
            schedule(
                session,
                scopes[number % 2],
                MAYA,
                job="work",
                cadence=Daily(at),
                recipients=Recipients(roles=("hr",)),
                options=options,
                now=START,
            )


class Crew:
    """Processes that share the ledger, and what befalls them."""

    def __init__(self, url: str, beginning: Path) -> None:
        self.command = [
            sys.executable,
            "-m",
            "tests.schedule.one_process",
            url,
            str(beginning),
            str(SPEED),
            str(SECONDS),
        ]
        self.folder = beginning.parent
        self.chance = random.Random(20261012)
        self.fates = itertools.cycle(("stopped", "stopped", "stopped", "killed"))
        self.happened: Counter[str] = Counter()
        self.asleep: dict[int, float] = {}
        self.processes = [self._start() for _ in range(PROCESSES)]
        for process in self.processes:
            assert process.stdout is not None
            assert process.stdout.readline() == b"up\n"

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self.command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def make_trouble_until(self, ends: float) -> None:
        """Every now and then, stop one for longer than its lease or kill it for good."""
        while time.monotonic() < ends:
            time.sleep(self.chance.uniform(0.05, 0.3))
            for number in [number for number, wakes in self.asleep.items() if time.monotonic() > wakes]:
                self.processes[number].send_signal(signal.SIGCONT)
                del self.asleep[number]
            chosen = self._somebody()
            if chosen is not None:
                self._befall(chosen)

    def _somebody(self) -> int | None:
        """One that is awake; as often as possible in the middle of a run."""
        for _ in range(50):
            awake = [n for n in range(PROCESSES) if n not in self.asleep and self.processes[n].poll() is None]
            busy = [n for n in awake if (self.folder / str(self.processes[n].pid)).exists()]
            if busy:
                return self.chance.choice(busy)
            time.sleep(0.01)
        return self.chance.choice(awake) if awake else None

    def _befall(self, number: int) -> None:
        fate = next(self.fates)
        if fate == "stopped" and len(self.asleep) < 2:
            self.processes[number].send_signal(signal.SIGSTOP)
            self.asleep[number] = time.monotonic() + 2 * LEASE_SECONDS
            self.happened["stopped"] += 1
        elif fate == "killed":
            self._end(number)
            self.processes[number] = self._start()
            self.happened["killed"] += 1

    def _end(self, number: int) -> None:
        process = self.processes[number]
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()

    def leave(self) -> None:
        """Wake who sleeps, let everybody finish, and see that nobody is left."""
        for number in self.asleep:
            self.processes[number].send_signal(signal.SIGCONT)
        for number, process in enumerate(self.processes):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(15)
            self._end(number)


def _check(end: dt.datetime) -> None:
    with reading() as session:
        expected = {
            (entry.id, slot.key)
            for entry in session.scalars(select(ScheduleEntry))
            for slot in slots_due(from_text(entry.cadence), START, None, end, "Europe/London")
        }
        ledger = session.scalars(select(Run)).all()
        files = Counter(session.scalars(select(Artefact.title)))
        mails = Counter(session.scalars(select(Outbox.cause)))
    rows = Counter((run.entry_id, run.slot) for run in ledger)
    assert set(rows) == expected, "a slot without a row, or a row without a slot"
    assert set(rows.values()) == {1}
    assert {run.state for run in ledger} <= {"done", "skipped"}
    done = {run.public_id for run in ledger if run.state == "done"}
    assert len(done) > len(ledger) / 4, "too few ran for this to say anything"
    assert files == Counter(done), "a run stored twice, or not at all"
    assert mails == Counter(done), "a mail queued twice, or not at all"
