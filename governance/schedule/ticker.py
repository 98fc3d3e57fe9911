"""The knock: APScheduler in this process's memory, once a minute, in UTC. It decides nothing; the database does.

Every web process may have one, or `worker` alone. Command-line verbs never start it. A store that processes share would
run things twice; local time would run them twice in October; a clock that only knocks does neither.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from governance import clock
from governance.schedule import rounds, runner

log = logging.getLogger(__name__)

EXTENSION = "countersign_ticker"
EVERY_SECONDS = 60
# A knock soon after starting catches up on what was missed: within a minute of any process being up.
FIRST_AFTER = dt.timedelta(seconds=5)


def start(app: Flask) -> BackgroundScheduler:
    """Begin knocking in this process; a second call gives the same clock. The threads end with the process."""
    known: BackgroundScheduler | None = app.extensions.get(EXTENSION)
    if known is not None:
        return known
    ticking = BackgroundScheduler(
        jobstores={"default": MemoryJobStore()},
        # One thread for runs and one for mail, so that a slow mail server holds up no run.
        executors={"default": ThreadPoolExecutor(2)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        timezone=dt.UTC,
        daemon=True,
    )
    first = clock.now() + FIRST_AFTER
    for name, knock in (("runs", _runs), ("mail", _mail)):
        ticking.add_job(knock, "interval", (app,), id=name, seconds=EVERY_SECONDS, next_run_time=first)
    ticking.start()
    app.extensions[EXTENSION] = ticking
    return ticking


def soon(app: Flask) -> None:
    """Knock now rather than within a minute, after somebody asked for a run or a mail. Without a clock here: nothing.

    Call it after the transaction has been committed.
    """
    ticking: BackgroundScheduler | None = app.extensions.get(EXTENSION)
    if ticking is not None:
        for name in ("runs", "mail"):
            ticking.modify_job(name, next_run_time=clock.now())


def stop(app: Flask) -> None:
    """Stop knocking and wait for what is under way."""
    ticking: BackgroundScheduler | None = app.extensions.pop(EXTENSION, None)
    if ticking is not None:
        ticking.shutdown(wait=True)


def work(app: Flask, ended: threading.Event) -> None:
    """Knock in this process until the event is set: what the command `worker` does."""
    start(app)
    try:
        ended.wait()
    finally:
        stop(app)


def _runs(app: Flask) -> None:
    with app.app_context():
        rounds.let_go(clock.now())
        rounds.enter_slots(clock.now())
        rounds.run_due(clock.now)


def _mail(app: Flask) -> None:
    with app.app_context():
        delivered = runner.deliver(app.extensions["countersign_settings"], clock.now)
    if delivered.trouble is not None:
        log.warning("mail is waiting: %s", delivered.trouble)
