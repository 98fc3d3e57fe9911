"""Reminders as letters, and the ledger of those that were queued.

planned mails + names → letters                       composed before the transaction
letters → the outbox, reminders, their lines          one transaction with the run's end, a handful of statements
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from governance.chasing.gathering import Reader
from governance.chasing.models import Reminder, ReminderLine
from governance.chasing.plan import Line, Planned
from governance.chasing.rules import ASKING, Whom
from governance.journal.actions import record
from governance.journal.events import Event
from governance.mail.actions import queue_all
from governance.mail.compose import Letter, compose
from governance.reading.listed import Listed
from governance.tenancy import Actor, Scope, new_public_id

REMINDED = Event("reminders queued", ids=("run",), payload=("mails", "readings", "sha256"))
# The kinds of mail of this room: what a person is asked for the first time, what they are reminded of, and others told.
ASKS, REMINDS, TELLS = "asking", "reminder", "late_reading"
KINDS = (ASKS, REMINDS, TELLS)

# House rule: more readings of others than this are no longer read in a mail; the screens and reports have them all.
MOST_LISTED = 100

_reminder = cast(Table, Reminder.__table__)
_line = cast(Table, ReminderLine.__table__)

Link = Callable[[str], str]
Names = Mapping[tuple[int, int], Listed]


@dataclass(frozen=True)
class Ready:
    """A planned mail with its words."""

    planned: Planned
    letter: Letter

    def key(self, day: dt.date) -> str:
        """The same for the same recipient and kind on a day, whatever runs and however often."""
        return f"reminder:{day.isoformat()}:{self.planned.whom}:{self.letter.to_person}"


def names_of(rows: Iterable[Listed]) -> dict[tuple[int, int], Listed]:
    """Rows with their names, by person and policy."""
    return {(row.owed.person_id, row.owed.policy_id): row for row in rows}


def letters(
    mails: Sequence[Planned], people: Mapping[int, Reader], names: Names, school: str, link: Link
) -> list[Ready]:
    """Every mail in words; `link` makes the full address of one of the school's pages."""
    return [Ready(mail, _letter(mail, people[mail.to], names, school, link)) for mail in mails]


def record_reminders(
    session: Session,
    scope: Scope,
    actor: Actor,
    ready: Sequence[Ready],
    *,
    cause: str,
    day: dt.date,
    leaves_at: dt.datetime,
    now: dt.datetime,
) -> list[Planned]:
    """Queue the mails and write the ledger, but for whoever was written to today already; those that are new.

    The organisation is locked. The mails may leave at `leaves_at`; until then each can be undone.
    """
    by_key = {one.key(day): one for one in ready}
    letters_by_key = {key: one.letter for key, one in by_key.items()}
    queued = queue_all(session, scope, letters_by_key, now=now, cause_run=cause, not_before=leaves_at)
    if not queued:
        return []
    new = [(by_key[key].planned, outbox_id) for key, outbox_id in sorted(queued.items())]
    rows = [_reminder_row(scope, planned, outbox_id, cause, day) for planned, outbox_id in new]
    made = session.execute(insert(_reminder).returning(_reminder.c.outbox_id, _reminder.c.id), rows)
    ids = {row.outbox_id: row.id for row in made}
    lines = [_line_row(scope, planned, line, ids[outbox_id]) for planned, outbox_id in new for line in planned.lines]
    session.execute(insert(_line), lines)
    payload = {"mails": len(rows), "readings": len(lines), "sha256": _digest(lines)}
    record(session, scope, actor, REMINDED, ids={"run": cause}, payload=payload, now=now)
    return [planned for planned, _ in new]


def _reminder_row(scope: Scope, planned: Planned, outbox_id: int, cause: str, day: dt.date) -> dict[str, Any]:
    return {
        "organisation_id": scope.organisation_id,
        "public_id": new_public_id(),
        "to_person_id": planned.to,
        "whom": planned.whom.value,
        "outbox_id": outbox_id,
        "cause": cause,
        "reminded_on": day,
    }


def _line_row(scope: Scope, planned: Planned, line: Line, reminder_id: int) -> dict[str, Any]:
    owed = line.owed
    return {
        "organisation_id": scope.organisation_id,
        "reminder_id": reminder_id,
        "to_person_id": planned.to,
        "whom": planned.whom.value,
        "person_id": owed.person_id,
        "policy_id": owed.policy_id,
        "version_id": owed.version_id,
        "in_force_id": owed.in_force_id,
        "due_on": owed.due_on,
        "rung": line.rung,
    }


def _digest(lines: Sequence[Mapping[str, Any]]) -> str:
    """What the journal commits to: every reading named, in the order of the ledger."""
    text = json.dumps(lines, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _letter(mail: Planned, to: Reader, names: Names, school: str, link: Link) -> Letter:
    if mail.whom is Whom.PERSON:
        kind, values = (ASKS if mail.asks else REMINDS), _to_read(mail, names)
    else:
        kind, values = TELLS, _late_reading(mail, names)
    known = {"name": to.name, "link": link("my-reading"), "reading_link": link("reading/overdue")}
    return compose(kind, to=to.address, school=school, values=known | values, to_person=to.public_id)


def _to_read(mail: Planned, names: Names) -> dict[str, Any]:
    """Everything that somebody has to read: what is new, what is overdue, and the rest; each by due day."""
    rows = sorted((_row(line, names) for line in mail.lines), key=lambda row: (row["due"], row["policy"]))
    late = [row for row in rows if row["days_late"]]
    new = [row for row in rows if row["new"] and not row["days_late"]]
    rest = [row for row in rows if not row["new"] and not row["days_late"]]
    return {"count": len(rows), "late": late, "new": new, "rest": rest, "asks": mail.asks}


def _late_reading(mail: Planned, names: Names) -> dict[str, Any]:
    """The people, by name, each with what they have not read."""
    listed = sorted(mail.lines, key=lambda line: _place(names[line.owed.person_id, line.owed.policy_id]))
    people: dict[str, list[dict[str, Any]]] = {}
    for line in listed[:MOST_LISTED]:
        worker = names[line.owed.person_id, line.owed.policy_id].worker.person
        people.setdefault(f"{worker.name} ({worker.number})", []).append(_row(line, names))
    count = len({line.owed.person_id for line in listed})
    more = max(0, len(listed) - MOST_LISTED)
    return {"whom": mail.whom.value, "people": list(people.items()), "count": count, "more": more}


def _place(row: Listed) -> tuple[str, str, dt.date, str]:
    """By family name, then what is due first."""
    person = row.worker.person
    return person.family_name.casefold(), person.given_name.casefold(), row.owed.due_on or dt.date.max, row.policy.title


def _row(line: Line, names: Names) -> dict[str, Any]:
    known = names[line.owed.person_id, line.owed.policy_id]
    return {
        "policy": known.policy.title,
        "due": line.owed.due_on,
        "days_late": line.owed.days_late,
        "new": line.rung == ASKING,
    }
