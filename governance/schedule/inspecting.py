"""The file for an inspector: gathered, printed and frozen; at once where it is short, else as a run.

day ─▶ gather, read-only ─▶ the stored file, or print in a child ─▶ freeze, and say so in the record of changes
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from governance.accounts.permissions import Permission
from governance.db import reading
from governance.journal.actions import record
from governance.journal.events import Event
from governance.render import words
from governance.reports.inspection.freezing import KIND, MEDIA_TYPE, made_with, manifest, pages, values_hash
from governance.reports.inspection.gathering import inspection
from governance.reports.inspection.values import Inspection
from governance.schedule.artefacts import freeze
from governance.schedule.jobs import Context, Made, Outcome, job
from governance.storage.models import Artefact, Document
from governance.tenancy import Actor, Scope, in_school, lock

INSPECT = "inspection"
INSPECTION_MADE = Event("inspection file made", ids=("artefact",), payload=("as_of", "sha256"))


@dataclass(frozen=True)
class KeptFile:
    """A file that was made: when, by whom, and for which day its title says."""

    public_id: str
    title: str
    made_at: dt.datetime
    made_by: str


@job(INSPECT, "A file for an inspection", opens=lambda _: Permission.SEE_READING)
def inspect(context: Context) -> Outcome:
    """Make the file of today for whoever asked.

    Raises:
        Refusal: for more rows than anybody prints.
        ChildFailed: when the PDF broke a limit.
    """
    with reading() as session:
        values = inspection(session, context.scope, context.today, context.now, context.asked_by)
        stored = stored_file(session, context.scope, values)
    context.progress(f"Printing {words.plural(values.rows, 'row')}")

    def then(session: Session, scope: Scope, artefact_id: int | None, now: dt.datetime) -> None:
        _note(session, scope, Actor(context.asked_by), session.get_one(Artefact, artefact_id), values, now)

    return Outcome(f"{values.heading}.", artefact=stored or printed(context.scope, values), then=then)


def stored_file(session: Session, scope: Scope, values: Inspection) -> Made | None:
    """The file that was made of these very values, with the templates and libraries of now."""
    hashed = values_hash(values)
    artefact = session.scalars(
        select(Artefact)
        .where(
            Artefact.organisation_id == scope.organisation_id,
            Artefact.kind == KIND,
            Artefact.values_sha256 == hashed,
        )
        .order_by(Artefact.id.desc())
    ).first()
    if artefact is None or not made_with().items() <= json.loads(artefact.manifest).items():
        return None
    document = session.get_one(Document, artefact.document_id, options=[undefer(Document.bytes)])
    if document.bytes is None:
        return None
    return Made(KIND, artefact.title, artefact.filename, MEDIA_TYPE, document.bytes, hashed, artefact.manifest)


def printed(scope: Scope, values: Inspection) -> Made:
    """The file, printed.

    Raises:
        Refusal: for more rows than anybody prints.
        ChildFailed: when it could not be made within its limits.
    """
    content = pages(values)
    filename = f"{scope.slug}-inspection-{values.as_of.isoformat()}.pdf"
    return Made(KIND, values.heading, filename, MEDIA_TYPE, content, values_hash(values), manifest(values, content))


def keep_file(
    session: Session, scope: Scope, actor: Actor, made: Made, values: Inspection, now: dt.datetime
) -> Artefact:
    """Freeze a file that was made while somebody waited."""
    lock(session, scope)
    artefact = freeze(session, scope, made, actor.label, now)
    _note(session, scope, actor, artefact, values, now)
    return artefact


def files(session: Session, scope: Scope, limit: int = 20) -> list[KeptFile]:
    """The latest files, newest first."""
    rows = session.execute(
        select(Artefact.public_id, Artefact.title, Artefact.made_at, Artefact.made_by)
        .where(Artefact.organisation_id == scope.organisation_id, Artefact.kind == KIND)
        .order_by(Artefact.made_at.desc(), Artefact.id.desc())
        .limit(limit)
    )
    return [KeptFile(*row) for row in rows]


def is_file(session: Session, scope: Scope, public_id: str) -> bool:
    """Whether an artefact of this school is such a file.

    Raises:
        NotFound: when the school has no artefact of that id.
    """
    artefact: Artefact = in_school(session, Artefact, scope, public_id)
    return artefact.kind == KIND


def _note(
    session: Session, scope: Scope, actor: Actor, artefact: Artefact, values: Inspection, now: dt.datetime
) -> None:
    content = {"as_of": values.as_of, "sha256": artefact.values_sha256}
    record(session, scope, actor, INSPECTION_MADE, ids={"artefact": artefact.public_id}, payload=content, now=now)
