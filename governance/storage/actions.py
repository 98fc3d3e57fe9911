"""Keeping bytes: once per school, by their hash."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.db import insert_once
from governance.storage.models import Document
from governance.tenancy import Scope, new_public_id


@dataclass(frozen=True)
class Bytes:
    """A file's content and what it is."""

    data: bytes
    media_type: str

    @property
    def sha256(self) -> str:
        """The content's hash, in hex."""
        return hashlib.sha256(self.data).hexdigest()


def keep(session: Session, scope: Scope, content: Bytes, now: dt.datetime) -> int:
    """Keep a file's bytes and give the id of its document; bytes already kept are not kept twice."""
    return keep_all(session, scope, [content], now)[content.sha256]


def keep_all(session: Session, scope: Scope, contents: Iterable[Bytes], now: dt.datetime) -> dict[str, int]:
    """Keep several files; the ids of their documents by hash."""
    wanted = {content.sha256: content for content in contents}
    for sha256, content in wanted.items():
        values = {
            "organisation_id": scope.organisation_id,
            "public_id": new_public_id(),
            "sha256": sha256,
            "media_type": content.media_type,
            "size": len(content.data),
            "bytes": content.data,
            "recorded_at": now,
        }
        insert_once(session, Document.__table__, values)  # type: ignore[arg-type]  # a Table, said too loosely
    found = select(Document.sha256, Document.id).where(
        Document.organisation_id == scope.organisation_id, Document.sha256.in_(wanted)
    )
    return {row.sha256: row.id for row in session.execute(found)}
