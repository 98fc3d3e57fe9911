"""What was reminded, by which mail, and what became of it; what waits to leave; and whom no mail reaches."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from governance.chasing.gathering import usable
from governance.chasing.models import Reminder, ReminderLine
from governance.chasing.rules import Whom, rung_in_words
from governance.clock import local_day
from governance.db import rows_of
from governance.mail.models import Outbox
from governance.mail.queries import MAIL_COLUMNS, MailLine, mail_line
from governance.people.models import Person
from governance.people.rules import full_name
from governance.tenancy import Scope

NO_ADDRESS = "no e-mail address"


@dataclass(frozen=True)
class Reminded:
    """One reading named in one mail: when, which step, for which due day, to whom, and how the mail fared."""

    reminded_on: dt.date
    due_on: dt.date
    rung: str
    whom: Whom
    to: str
    mail: MailLine


@dataclass(frozen=True)
class WaitingMail:
    """A reminder that has not left, and to whom."""

    to: str
    whom: Whom
    run: str
    mail: MailLine


@dataclass(frozen=True)
class Morning:
    """What one run queued: its day, and how many of its mails are in which state."""

    run: str
    reminded_on: dt.date
    states: dict[str, int]

    @property
    def count(self) -> int:
        """How many mails there were."""
        return sum(self.states.values())


def last_reminded(session: Session, scope: Scope, as_of: dt.date) -> dict[tuple[int, int], dt.date]:
    """The last day, up to a day, on which a mail that named a reading to its reader was accepted: by person and in-force
    row.
    """
    rows = rows_of(session, _last_reminded(), {"organisation_id": scope.organisation_id})
    days = {(person, row): local_day(_aware(at), scope.time_zone) for person, row, at in rows if at is not None}
    return {key: day for key, day in days.items() if day <= as_of}


def reminders_about(session: Session, scope: Scope, person_id: int, policy_id: int) -> list[Reminded]:
    """Every reminder that named one policy of one person, newest first."""
    rows = session.execute(
        select(Reminder.reminded_on, ReminderLine, Person.given_name, Person.family_name, *MAIL_COLUMNS)
        .join(Reminder, Reminder.id == ReminderLine.reminder_id)
        .join(Outbox, Outbox.id == Reminder.outbox_id)
        .join(Person, Person.id == Reminder.to_person_id)
        .where(ReminderLine.organisation_id == scope.organisation_id)
        .where(ReminderLine.person_id == person_id, ReminderLine.policy_id == policy_id)
        .order_by(Reminder.reminded_on.desc(), ReminderLine.id.desc())
    )
    return [
        Reminded(day, line.due_on, rung_in_words(line.rung), Whom(line.whom), full_name(given, family), mail_line(mail))
        for day, line, given, family, *mail in rows
    ]


def not_reached(session: Session, scope: Scope) -> dict[int, str]:
    """Whom no reminder reaches, by id, and why: no address, or the last mail to the address they have was refused."""
    newest = aliased(Reminder)
    latest = (
        select(newest.to_person_id, func.max(newest.outbox_id).label("outbox_id"))
        .where(newest.organisation_id == scope.organisation_id, newest.whom == Whom.PERSON.value)
        .group_by(newest.to_person_id)
        .subquery()
    )
    rows = session.execute(
        select(Person.id, Person.email, Outbox.to_address, Outbox.state, Outbox.reason)
        .outerjoin(latest, latest.c.to_person_id == Person.id)
        .outerjoin(Outbox, Outbox.id == latest.c.outbox_id)
        .where(Person.organisation_id == scope.organisation_id, Person.deactivated_at.is_(None))
        .order_by(Person.sort_key, Person.id)
    )
    return {row.id: why for row in rows if (why := _why(row)) is not None}


def waiting_mails(session: Session, scope: Scope) -> list[WaitingMail]:
    """Reminders that have not left and can be undone, by the reader's name."""
    rows = session.execute(
        select(Person.given_name, Person.family_name, Reminder.whom, Reminder.cause, *MAIL_COLUMNS)
        .join(Outbox, Outbox.id == Reminder.outbox_id)
        .join(Person, Person.id == Reminder.to_person_id)
        .where(Reminder.organisation_id == scope.organisation_id, Outbox.state == "queued", Outbox.claim.is_(None))
        .order_by(Person.sort_key, Person.id, Reminder.id)
    )
    return [
        WaitingMail(full_name(given, family), Whom(whom), cause, mail_line(mail))
        for given, family, whom, cause, *mail in rows
    ]


def mornings(session: Session, scope: Scope, *, limit: int = 10) -> list[Morning]:
    """The latest runs that queued anything, newest first."""
    newest = (
        select(Reminder.cause, func.max(Reminder.id).label("newest"))
        .where(Reminder.organisation_id == scope.organisation_id)
        .group_by(Reminder.cause)
        .order_by(func.max(Reminder.id).desc())
        .limit(limit)
        .subquery()
    )
    rows = session.execute(
        select(newest.c.cause, func.min(Reminder.reminded_on), Outbox.state, func.count())
        .join(Reminder, Reminder.cause == newest.c.cause)
        .join(Outbox, Outbox.id == Reminder.outbox_id)
        .where(Reminder.organisation_id == scope.organisation_id)
        .group_by(newest.c.cause, newest.c.newest, Outbox.state)
        .order_by(newest.c.newest.desc(), Outbox.state)
    )
    found: dict[str, Morning] = {}
    for cause, day, state, count in rows:
        found.setdefault(cause, Morning(cause, day, {})).states[state] = count
    return list(found.values())


def reminder_of_mail(session: Session, scope: Scope, mail: str) -> int | None:
    """The reminder that went by a mail; None where it was no reminder, or another school's."""
    return session.scalar(
        select(Reminder.id)
        .join(Outbox, Outbox.id == Reminder.outbox_id)
        .where(Reminder.organisation_id == scope.organisation_id, Outbox.public_id == mail)
    )


def reminded_by_run(session: Session, scope: Scope, run: str) -> bool:
    """Whether a run of this school queued reminders."""
    mine = select(Reminder.id).where(Reminder.organisation_id == scope.organisation_id, Reminder.cause == run)
    return session.scalar(mine.limit(1)) is not None


def _why(row: Any) -> str | None:
    if not usable(row.email):
        return NO_ADDRESS
    bounced = row.state == "refused" and row.to_address.casefold() == row.email.casefold()
    return f"the last reminder could not be delivered: {row.reason}" if bounced else None


@lru_cache(maxsize=1)
def _last_reminded() -> Any:
    """Built once: putting it together costs more than asking it."""
    school = bindparam("organisation_id", type_=Integer())
    return (
        select(ReminderLine.person_id, ReminderLine.in_force_id, func.max(Outbox.ended_at))
        .join(Reminder, Reminder.id == ReminderLine.reminder_id)
        .join(Outbox, Outbox.id == Reminder.outbox_id)
        .where(ReminderLine.organisation_id == school, ReminderLine.whom == Whom.PERSON.value)
        .where(Outbox.state == "accepted")
        .group_by(ReminderLine.person_id, ReminderLine.in_force_id)
    )


def _aware(at: dt.datetime) -> dt.datetime:
    """SQLite gives an aggregate back without the zone its column has."""
    return at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at
