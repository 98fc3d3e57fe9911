"""What can run: a job is a function from a frozen context to an outcome, under a name in `JOBS`.

    @job("monday_mail", "Monday mail", opens=lambda _: Permission.SEE_READING)
    def monday_mail(context: Context) -> Outcome:
        with reading() as session:
            figures = gather(session, context.scope, context.today)     read-only, one moment
        context.progress("Drawing the report")                          also keeps the lease
        content = build(figures)                                        no transaction, in a child where it is heavy
        return Outcome("4 mails queued", artefact=Made(...), letters=(...))

What the outcome holds is stored in one transaction with the run's end, and only if this process still holds the run.
A job may therefore be started more than once, and must change nothing itself but through `Outcome.then`; only notes
beside held files, which come out the same each time, may be written on the way.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from governance.accounts.permissions import Permission
from governance.clock import local_day
from governance.mail.compose import Letter
from governance.render import words
from governance.schedule.local_time import local_time
from governance.tenancy import Scope


@dataclass(frozen=True)
class Context:
    """What a job is told. `options` and `recipients` are the entry's; `payload` is the run's own.

    `late` is set when the slot was missed and runs afterwards; the mail or the paper should say so (`lateness`).
    """

    scope: Scope
    run: str
    job: str
    slot: str
    due_at: dt.datetime
    late: bool
    now: dt.datetime
    asked_by: str
    base_url: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    recipients: Mapping[str, Any] = field(default_factory=dict)
    progress: Callable[[str], None] = lambda text: None

    @property
    def today(self) -> dt.date:
        """The school's calendar day on which this runs."""
        return local_day(self.now, self.scope.time_zone)

    @property
    def lateness(self) -> str | None:
        """In words when it should have run, where it was missed and runs late."""
        due = local_time(self.due_at, self.scope.time_zone)
        return f"This was due on {words.day_full(due.date())} at {due:%H:%M} and is late." if self.late else None

    def link(self, path: str) -> str:
        """The full address of one of the school's pages, from the configured base and never from a request."""
        return f"{self.base_url}/{self.scope.slug}/{path}"

    @property
    def meeting(self) -> str | None:
        """Public id of the meeting, where the slot is a meeting's."""
        return self.slot.removeprefix("meeting:") if self.slot.startswith("meeting:") else self.payload.get("meeting")


@dataclass(frozen=True)
class Made:
    """A file that was made, to be frozen as an artefact. Equal `values_sha256` of a kind gives the stored one again."""

    kind: str
    title: str
    filename: str
    media_type: str
    content: bytes
    values_sha256: str
    manifest: str = "{}"


@dataclass(frozen=True)
class Post:
    """A letter to queue; `not_before` is when it may leave, which leaves time to undo it."""

    letter: Letter
    not_before: dt.datetime | None = None


Then = Callable[[Session, Scope, int | None, dt.datetime], str | None]
# What somebody must be allowed to open the file of a run: told by the entry's options with the run's payload.
Opens = Callable[[Mapping[str, Any]], Permission]


@dataclass(frozen=True)
class Outcome:
    """What a job leaves behind. `result` is a sentence for the screen *Scheduled and sent*.

    `then(session, scope, artefact id, now)` makes further changes in the same transaction; the organisation is locked. A
    sentence that it gives back takes the place of `result`.
    """

    result: str
    artefact: Made | None = None
    letters: tuple[Post, ...] = ()
    then: Then | None = None


@dataclass(frozen=True)
class Job:
    """A registered job, what the screen calls it, and who may open its file: the system manager, unless it says."""

    name: str
    title: str
    work: Callable[[Context], Outcome]
    opens: Opens = lambda _: Permission.KEEP_SETTINGS


JOBS: dict[str, Job] = {}


def payload_text(payload: Mapping[str, Any]) -> str:
    """A run's payload as it is kept: the same text for the same values."""
    return json.dumps(dict(payload), sort_keys=True)


def job(
    name: str, title: str, *, opens: Opens = Job.opens
) -> Callable[[Callable[[Context], Outcome]], Callable[[Context], Outcome]]:
    """Register a function under a name; the title is shown to people, and `opens` tells who may open its file."""

    def register(work: Callable[[Context], Outcome]) -> Callable[[Context], Outcome]:
        if name in JOBS and JOBS[name].work is not work:
            raise ValueError(f"two jobs are called {name!r}")
        JOBS[name] = Job(name, title, work, opens)
        return work

    return register
