"""What somebody asks for on screen and need not wait for: a long report as a PDF, a long list to be imported.

Whoever asked may see what came of it, as long as they may see such a thing at all: the payload names their account.

    {"report": name, "on": day, "person": public id or None, "account": …}             a PDF
    {"held": the list, "seen": digest of its preview, "leave_out": bool, "account": …}  an import
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy.orm import Session

from governance.accounts.permissions import Permission
from governance.clock import local_day
from governance.db import reading
from governance.errors import NotFound, Refusal
from governance.people import importing as people
from governance.people.models import Person
from governance.people.tables import from_kept, read_table
from governance.reading import importing as receipts
from governance.reading.receipt_rows import read_receipts
from governance.render.words import plural
from governance.reports.catalogue import CATALOGUE
from governance.reports.gathering.person import person_report
from governance.reports.report import Report
from governance.schedule.jobs import Context, Made, Outcome, job
from governance.schedule.reports import as_file, needed_for, values_sha256
from governance.settings import Settings
from governance.storage.held import Held, held, take
from governance.tenancy import Actor, Scope, in_school

PRINT_REPORT, IMPORT_PEOPLE, IMPORT_RECEIPTS = "print_report", "import_people", "import_receipts"


@job(PRINT_REPORT, "A report as a PDF", opens=needed_for)
def print_report(context: Context) -> Outcome:
    """Print a report, or one person's record, as of a day.

    Raises:
        Refusal: when there is no such report or person any more, or it has more rows than anybody prints.
        ChildFailed: when the PDF broke a limit.
    """
    with reading() as session:
        report = _gathered(session, context)
    context.progress(f"Printing {plural(len(report.rows), 'row')}")
    file = as_file(report, "pdf")
    filename = f"{context.scope.slug}-{file.filename}"
    made = Made("report", report.heading, filename, file.media_type, file.content, values_sha256(report))
    return Outcome(f"{plural(len(report.rows), 'row')}.", artefact=made)


@job(IMPORT_PEOPLE, "A list of people", opens=lambda _: Permission.KEEP_PEOPLE)
def import_people(context: Context) -> Outcome:
    """Import the list that somebody looked through and confirmed.

    Raises:
        Refusal: when it was let go, or the records changed since it was looked at; then nothing is imported.
    """
    given = context.payload

    def then(session: Session, scope: Scope, _: int | None, now: dt.datetime) -> str:
        found = _taken(session, scope, people.HELD, given["held"], now)
        done = people.import_people(
            session,
            scope,
            Actor(context.asked_by),
            from_kept(found.files[0].content),
            answers=found.notes["answers"],
            leave_out_errors=given["leave_out"],
            seen=given["seen"],
            now=now,
        )
        return done.in_words

    return Outcome("", then=then)


@job(IMPORT_RECEIPTS, "A list of receipts", opens=lambda _: Permission.RECORD_PAPER)
def import_receipts(context: Context) -> Outcome:
    """Record the receipts of a list that somebody looked through and confirmed. Raises as `import_people`."""
    given = context.payload
    with reading() as session:
        file = _still(held, session, context.scope, receipts.HELD, given["held"], context.now).files[0]
    # a spreadsheet is read in a child, before the transaction begins
    rows = read_receipts(read_table(file.filename, file.content, most_rows=Settings.import_rows)).rows

    def then(session: Session, scope: Scope, _: int | None, now: dt.datetime) -> str:
        _taken(session, scope, receipts.HELD, given["held"], now)
        today = local_day(now, scope.time_zone)
        given_here = receipts.import_previewed(session, scope, Actor(context.asked_by), rows, given["seen"], today, now)
        return receipts.in_words(given_here)

    return Outcome("", then=then)


def _gathered(session: Session, context: Context) -> Report:
    on, wanted = dt.date.fromisoformat(context.payload["on"]), context.payload
    if wanted.get("person"):
        person: Person = in_school(session, Person, context.scope, wanted["person"])
        return person_report(session, context.scope, on, context.now, person=person)
    entry = CATALOGUE[wanted["report"]]
    stretch = {"since": dt.date.fromisoformat(wanted["since"])} if entry.stretches and wanted.get("since") else {}
    return entry.gather(session, context.scope, on, context.now, **stretch)


def _taken(session: Session, scope: Scope, kind: str, public_id: str, now: dt.datetime) -> Held:
    return _still(take, session, scope, kind, public_id, now)


def _still(find: Callable[..., Held], session: Session, scope: Scope, kind: str, key: str, now: dt.datetime) -> Held:
    try:
        return find(session, scope, kind, key, now)
    except NotFound as gone:
        raise Refusal.one("The list was let go or imported already. Nothing was changed; upload it again.") from gone
