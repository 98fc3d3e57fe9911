"""Files held together and looked at one by one: a folder of them is never in memory all at once.

hold_several    one row a file, each with notes of its own
lines           the rows without their bytes ─▶ content_of one of them ─▶ note_one ─▶ let_go some
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.orm import Session

from governance.errors import NotFound
from governance.storage.held import KEPT_FOR, Upload
from governance.storage.models import HeldFile
from governance.tenancy import Actor, Scope, new_public_id


@dataclass(frozen=True)
class Line:
    """One of the files held together, without its bytes. `id` keeps the order in which they were given."""

    id: int
    filename: str
    notes: dict[str, Any]
    held_at: dt.datetime
    held_by: str


def hold_several(
    session: Session,
    scope: Scope,
    actor: Actor,
    kind: str,
    uploads: Iterable[tuple[Upload, Mapping[str, Any]]],
    now: dt.datetime,
) -> str:
    """Keep files with their notes, taking them from `uploads` one at a time; the identifier that they share."""
    together = new_public_id()
    for upload, notes in uploads:
        values = {
            "organisation_id": scope.organisation_id,
            "public_id": together,
            "kind": kind,
            "filename": upload.filename,
            "bytes": upload.content,
            "notes": _written(notes),
            "held_at": now,
            "held_by": actor.label,
        }
        session.execute(insert(HeldFile.__table__).values(**values))  # type: ignore[arg-type]  # a Table, said too loosely
    return together


def lines(
    session: Session, scope: Scope, kind: str, public_id: str, now: dt.datetime, only: Collection[int] | None = None
) -> list[Line]:
    """The files held under an identifier, in the order they were given; some of them where `only` names these.

    Raises:
        NotFound: when this school holds none of that kind, or no longer.
    """
    wanted = _here(scope, kind, public_id, now)
    if only is not None:
        wanted = (*wanted, HeldFile.id.in_(only))
    rows = session.execute(
        select(HeldFile.id, HeldFile.filename, HeldFile.notes, HeldFile.held_at, HeldFile.held_by)
        .where(*wanted)
        .order_by(HeldFile.id)
    ).all()
    if not rows:
        raise NotFound(public_id)
    return [Line(row.id, row.filename, json.loads(row.notes), row.held_at, row.held_by) for row in rows]


def without_note(
    session: Session, scope: Scope, kind: str, public_id: str, now: dt.datetime
) -> tuple[list[tuple[int, str]], int]:
    """The files beside which nothing is noted yet, by id and name, and how many there are in all.

    Raises:
        NotFound: as `lines`.
    """
    here = _here(scope, kind, public_id, now)
    total = session.scalar(select(func.count()).select_from(HeldFile).where(*here)) or 0
    if not total:
        raise NotFound(public_id)
    left = select(HeldFile.id, HeldFile.filename).where(*here, HeldFile.notes == _written({})).order_by(HeldFile.id)
    return [(file, filename) for file, filename in session.execute(left)], total


def content_of(session: Session, scope: Scope, kind: str, public_id: str, file: int, now: dt.datetime) -> bytes:
    """The bytes of one file.

    Raises:
        NotFound: when it is not, or no longer, held here.
    """
    found: bytes | None = session.scalar(
        select(HeldFile.bytes).where(*_here(scope, kind, public_id, now), HeldFile.id == file)
    )
    if found is None:
        raise NotFound(public_id)
    return found


def note_one(session: Session, scope: Scope, public_id: str, file: int, notes: Mapping[str, Any]) -> None:
    """Replace what is kept beside one file; where it was let go meanwhile, nothing."""
    session.execute(
        update(HeldFile)
        .where(*_of(scope, public_id), HeldFile.id == file)
        .values(notes=_written(notes))
        .execution_options(synchronize_session=False)
    )


def let_go(session: Session, scope: Scope, public_id: str, files: Collection[int]) -> int:
    """Let some of the files go; how many were still there. Of two people who confirm at once the second finds fewer."""
    gone = session.execute(
        delete(HeldFile)
        .where(*_of(scope, public_id), HeldFile.id.in_(files))
        .returning(HeldFile.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


def latest_held(session: Session, scope: Scope, kind: str, now: dt.datetime) -> list[tuple[str, dt.datetime, str]]:
    """What this school holds of a kind, newest first: identifier, since when, and whose it is."""
    rows = session.execute(
        select(HeldFile.public_id, HeldFile.held_at, HeldFile.held_by)
        .where(
            HeldFile.organisation_id == scope.organisation_id, HeldFile.kind == kind, HeldFile.held_at > now - KEPT_FOR
        )
        .distinct()
        .order_by(HeldFile.held_at.desc(), HeldFile.public_id)
    )
    return [(public_id, held_at, held_by) for public_id, held_at, held_by in rows]


def _here(scope: Scope, kind: str, public_id: str, now: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    return (*_of(scope, public_id), HeldFile.kind == kind, HeldFile.held_at > now - KEPT_FOR)


def _of(scope: Scope, public_id: str) -> tuple[ColumnElement[bool], ...]:
    return (HeldFile.organisation_id == scope.organisation_id, HeldFile.public_id == public_id)


def _written(notes: Mapping[str, Any]) -> str:
    return json.dumps(dict(notes), ensure_ascii=False)
