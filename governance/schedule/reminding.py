"""The morning's reminders: one run each school morning, one mail a person, held until half past seven.

turned on, and asking begun?  is it a school day?      else silence; the next school morning makes it good, once
what is owed + what was told → mails in words          one moment, read only
→ the outbox and the ledger                            with the run's end
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from governance.accounts.permissions import Permission
from governance.chasing.morning import Planning, in_words, plan_morning
from governance.chasing.rules import leaving_at
from governance.chasing.sending import Ready, letters, record_reminders
from governance.clock import local_day
from governance.db import reading
from governance.mail.actions import hold_back
from governance.mail.hours import ON_SCHOOL_DAYS, OPENS
from governance.reading.asking import asking_since
from governance.render.words import plural
from governance.schedule.jobs import Context, Outcome, job
from governance.schedule.local_time import instant_at, local_time
from governance.schedule.offers import REMINDERS
from governance.schedule.runs import SCHEDULER
from governance.tenancy import Scope

NOT_ASKING = "Nothing is sent before *Start asking* was pressed."
NO_SCHOOL = "No school today, so nothing is sent. The next school morning tells whatever was reached meanwhile."
TOO_LATE = "Too late in the day for reminders. The next school morning tells whatever was reached today."
NOBODY = "Nobody has reached a step."


@job(REMINDERS, "Asking and reminding people to read", opens=lambda _: Permission.SEE_READING)
def reminders(context: Context) -> Outcome:
    """Ask and remind whoever has reached a step of the ladder. Queued and recorded with the run's end, once."""
    leaves_at = leaving_at(context.now, context.scope.time_zone)
    with reading() as session:
        if asking_since(session, context.scope) is None:
            return Outcome(NOT_ASKING)
        planning = plan_morning(session, context.scope, context.today)
    if not planning.school_day:
        return _silence(context, planning)
    if not planning.mails:
        return Outcome(NOBODY)
    if leaves_at is None:
        return Outcome(TOO_LATE)
    context.progress(f"Writing {plural(len(planning.mails), 'mail')}")
    ready = _ready(context, planning)

    def then(session: Session, scope: Scope, _: int | None, now: dt.datetime) -> str:
        return _record(session, scope, context, ready, leaves_at, now)

    return Outcome("", then=then)


def _silence(context: Context, planning: Planning) -> Outcome:
    """Nothing is sent, not even what the mail server would not take before the holiday: that waits for its end."""
    opens_at = instant_at(planning.next_school_day, OPENS, context.scope.time_zone)

    def then(session: Session, scope: Scope, _artefact: int | None, _now: dt.datetime) -> None:
        hold_back(session, scope, ON_SCHOOL_DAYS, opens_at)

    return Outcome(NO_SCHOOL, then=then)


def _ready(context: Context, planning: Planning) -> list[Ready]:
    return letters(planning.mails, planning.people or {}, planning.names or {}, context.scope.name, context.link)


def _record(
    session: Session, scope: Scope, context: Context, ready: list[Ready], leaves_at: dt.datetime, now: dt.datetime
) -> str:
    """Store what this morning sends, unless the day is over: then the days late in the mails no longer hold."""
    if local_day(now, scope.time_zone) != context.today:
        return TOO_LATE
    new = record_reminders(
        session, scope, SCHEDULER, ready, cause=context.run, day=context.today, leaves_at=leaves_at, now=now
    )
    if not new:
        return "Everybody who has reached a step was written to today already."
    leaves = local_time(leaves_at, scope.time_zone)
    return f"{plural(len(new), 'mail')} to {in_words(new)}, waiting until {leaves:%H:%M}."
