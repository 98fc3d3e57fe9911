"""One of several processes that share a ledger: python -m tests.schedule.one_process URL FILE SPEED END

It says that it is up, then waits for the file that says when simulated time began. That runs SPEED times as fast as the
machine's monotonic clock, which all its processes share, for END real seconds.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from flask import Flask
from sqlalchemy.exc import OperationalError

from governance.db import connect
from governance.mail.compose import Letter
from governance.schedule import rounds, runs
from governance.schedule.jobs import JOBS, Context, Job, Made, Outcome, Post
from governance.settings import Settings

START = dt.datetime(2026, 10, 23, 12, 0, tzinfo=dt.UTC)
LEASE_SECONDS = 1.0


def simulated(began: float, speed: float) -> dt.datetime:
    """The instant all processes agree on."""
    return START + dt.timedelta(seconds=(time.monotonic() - began) * speed)


def work(context: Context) -> Outcome:
    """Leave a file that no other attempt would make, and a mail."""
    made = Made("report", context.run, "a.txt", "text/plain", uuid4().bytes, uuid4().hex)
    letter = Letter("report", "maya@oakfield.sch.uk", f"Oakfield: {context.slot}", "x\n", "<p>x</p>\n")
    return Outcome("made", artefact=made, letters=(Post(letter),))


def slow_work(folder: Path) -> Callable[[Context], Outcome]:
    """The same, taking a moment that is marked by a file named after the process, so that a test can strike in it."""

    def marked(context: Context) -> Outcome:
        busy = folder / str(os.getpid())
        busy.touch()
        time.sleep(random.uniform(0.1, 0.4))
        busy.unlink(missing_ok=True)
        return work(context)

    return marked


def main(url: str, beginning: Path, speed: float, end: float) -> None:
    """Knock until the simulated seconds are over."""
    # Only the rooms that a run touches: a process has to be up quickly to be worth killing.
    app = Flask("one process")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.extensions["countersign_settings"] = Settings(Path(), url, "http://localhost", "k")
    connect(app)
    JOBS["work"] = Job("work", "The work", slow_work(beginning.parent))
    runs.MOST_ATTEMPTS = 1000
    sys.stdout.write("up\n")
    sys.stdout.flush()
    while not beginning.exists():
        time.sleep(0.02)
    began = float(beginning.read_text())
    with app.app_context():
        while time.monotonic() - began < end:
            try:
                rounds.enter_slots(simulated(began, speed))
                rounds.run_due(lambda: simulated(began, speed), dt.timedelta(seconds=LEASE_SECONDS * speed))
            except OperationalError as busy:
                # As in the real clock's thread: this knock failed, the next one goes on.
                sys.stderr.write(f"{busy}\n")
            time.sleep(0.15)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]))
