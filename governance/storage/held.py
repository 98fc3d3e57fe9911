"""Files between upload and confirmation: held for two days at most, then gone unless somebody confirmed them.

hold → (preview, read with `held`) → take, when they confirm · drop, when they cancel · expire, when they forget
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, undefer

from governance.errors import NotFound
from governance.storage.models import HeldFile
from governance.tenancy import Actor, Scope, new_public_id

KEPT_FOR = dt.timedelta(days=2)


@dataclass(frozen=True)
class Upload:
    """A file as it came in, under the name it came with."""

    filename: str
    content: bytes


@dataclass(frozen=True)
class Held:
    """Files held together, in the order they were given, and the notes kept beside them."""

    public_id: str
    files: tuple[Upload, ...]
    notes: dict[str, Any]
    held_at: dt.datetime
    held_by: str


def hold(
    session: Session,
    scope: Scope,
    actor: Actor,
    kind: str,
    uploads: Sequence[Upload],
    notes: Mapping[str, Any] | None,
    now: dt.datetime,
) -> str:
    """Keep uploaded files until somebody confirms them; the public identifier that stands for them together.

    Raises:
        ValueError: when there is no file, which a form must have refused.
    """
    if not uploads:
        raise ValueError("there is nothing to hold")
    together = new_public_id()
    written = json.dumps(dict(notes or {}), ensure_ascii=False)
    for upload in uploads:
        session.add(
            HeldFile(
                organisation_id=scope.organisation_id,
                public_id=together,
                kind=kind,
                filename=upload.filename,
                bytes=upload.content,
                notes=written,
                held_at=now,
                held_by=actor.label,
            )
        )
        session.flush()  # one by one, so that the identifiers keep the order of the files
    return together


def held(session: Session, scope: Scope, kind: str, public_id: str, now: dt.datetime) -> Held:
    """The files held under an identifier.

    Raises:
        NotFound: when this school holds none of that kind, or no longer.
    """
    rows = session.scalars(
        select(HeldFile)
        .where(
            HeldFile.organisation_id == scope.organisation_id,
            HeldFile.kind == kind,
            HeldFile.public_id == public_id,
            HeldFile.held_at > now - KEPT_FOR,
        )
        .order_by(HeldFile.id)
        .options(undefer(HeldFile.bytes))
    ).all()
    if not rows:
        raise NotFound(public_id)
    files = tuple(Upload(row.filename, row.bytes) for row in rows)
    return Held(public_id, files, json.loads(rows[0].notes), rows[0].held_at, rows[0].held_by)


def note(session: Session, scope: Scope, public_id: str, notes: Mapping[str, Any]) -> None:
    """Replace what is kept beside held files."""
    session.execute(
        update(HeldFile)
        .where(HeldFile.organisation_id == scope.organisation_id, HeldFile.public_id == public_id)
        .values(notes=json.dumps(dict(notes), ensure_ascii=False))
        .execution_options(synchronize_session=False)
    )


def take(session: Session, scope: Scope, kind: str, public_id: str, now: dt.datetime) -> Held:
    """The held files, for the act they were held for; they are let go in the same transaction.

    Of two people who confirm at once the second finds nothing.

    Raises:
        NotFound: as `held`.
    """
    found = held(session, scope, kind, public_id, now)
    if not _let_go(session, scope, public_id):
        raise NotFound(public_id)
    return found


def drop(session: Session, scope: Scope, public_id: str) -> bool:
    """Let held files go unconfirmed; whether there were any."""
    return _let_go(session, scope, public_id)


def expire(session: Session, now: dt.datetime) -> int:
    """Let go, in every school, what nobody confirmed in two days; how many files went."""
    gone = session.execute(
        delete(HeldFile)
        .where(HeldFile.held_at <= now - KEPT_FOR)
        .returning(HeldFile.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


def _let_go(session: Session, scope: Scope, public_id: str) -> bool:
    gone = session.execute(
        delete(HeldFile)
        .where(HeldFile.organisation_id == scope.organisation_id, HeldFile.public_id == public_id)
        .returning(HeldFile.id)
        .execution_options(synchronize_session=False)
    )
    return bool(gone.all())
