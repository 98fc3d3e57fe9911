"""One knock of the clock: slots due → the ledger → runs → the mail that is due."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask import Flask
from sqlalchemy.orm import Session

from governance import clock
from governance.errors import Refusal
from governance.mail.dispatch import Delivered, Moment, deliver_due, post_of
from governance.mail.hours import OpenOn
from governance.reading.calendar import is_school_day
from governance.reading.school_year import school_year

# Imported so that every job is registered before anything runs.
from governance.schedule import known_jobs as known_jobs
from governance.schedule.rounds import enter_slots, let_go, run_due
from governance.settings import Settings
from governance.tenancy import Scope


@dataclass(frozen=True)
class Ticked:
    """What one knock did: slots entered in the ledger, runs ended well, runs that failed, and the mail."""

    entered: int
    done: int
    failed: int
    mail: Delivered


def tick(app: Flask, at: dt.datetime | None = None) -> Ticked:
    """Run what is due once and deliver mail. `at` is the instant to act at; without it the clock's.

    Raises nothing for a job or a mail that fails: that is in the ledger and the outbox.
    """
    moment = clock.now if at is None else lambda: at
    with app.app_context():
        let_go(moment())
        entered = enter_slots(moment())
        done, failed = run_due(moment)
        mail = deliver(app.extensions["countersign_settings"], moment)
    return Ticked(entered, done, failed, mail)


def deliver(settings: Settings, moment: Moment) -> Delivered:
    """Send the mail that is due; wrong settings are told in words and leave everything waiting."""
    try:
        post = post_of(settings)
    except Refusal as refusal:
        return Delivered(trouble=str(refusal))
    return deliver_due(post, moment, open_days=_school_days)


def _school_days(session: Session, scope: Scope) -> OpenOn:
    school = school_year(session, scope)
    return lambda day: is_school_day(day, school)
