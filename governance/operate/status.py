"""How the installation stands, in lines that a person or a monitor can read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.journal.models import JournalEntry
from governance.mail.queries import outbox_age
from governance.schedule.queries import pulse
from governance.settings import Settings
from governance.tenancy import Organisation

# A knock comes every minute: ten missed ones are no accident.
SILENT_AFTER = dt.timedelta(minutes=10)
MAIL_STUCK_AFTER = dt.timedelta(hours=4)


@dataclass(frozen=True)
class Line:
    """One thing that was looked at: whether it is well, and how it is."""

    what: str
    good: bool
    words: str


def how_it_stands(session: Session, settings: Settings, now: dt.datetime) -> list[Line]:
    """The schools, the scheduler, the mail and the clock."""
    schools = session.scalar(select(func.count()).select_from(Organisation)) or 0
    return [
        Line("database", True, "SQLite" if settings.is_sqlite else "PostgreSQL"),
        Line("schools", True, f"{schools} set up"),
        _scheduler(session, now),
        _mail(session, settings, now),
        _clock(session, now),
    ]


def _scheduler(session: Session, now: dt.datetime) -> Line:
    beat = pulse(session, now)
    if beat.oldest_waiting_at is not None and now - beat.oldest_waiting_at > SILENT_AFTER:
        return Line(
            "scheduler",
            False,
            f"a run has waited since {beat.oldest_waiting_at:%d %B %Y %H:%M} UTC; is a server or worker up?",
        )
    last = (
        f"the last run ended {beat.last_finished_at:%d %B %Y %H:%M} UTC"
        if beat.last_finished_at
        else "nothing has run yet"
    )
    return Line("scheduler", True, last)


def _mail(session: Session, settings: Settings, now: dt.datetime) -> Line:
    age = outbox_age(session, now)
    if settings.smtp_url is None:
        return Line("mail", True, "no mail server is set, so mail waits on screen")
    if age is not None and age > MAIL_STUCK_AFTER:
        return Line("mail", False, f"the oldest mail has waited {age.total_seconds() / 3600:.0f} hours")
    return Line("mail", True, "nothing waits" if age is None else "mail is on its way")


def _clock(session: Session, now: dt.datetime) -> Line:
    """An entry later than the present means that the clock was set back: new entries keep their order all the same."""
    last = session.scalar(select(JournalEntry.at).order_by(JournalEntry.at.desc()).limit(1))
    if last is not None and last > now + dt.timedelta(minutes=5):
        return Line("clock", False, f"this machine's clock is behind the last entry of {last:%d %B %Y %H:%M} UTC")
    return Line("clock", True, "agrees with the record")
