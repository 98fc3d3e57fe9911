"""What was made, kept as it is: once for the same values and the same bytes."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.schedule.jobs import Made
from governance.storage.actions import Bytes, keep
from governance.storage.models import Artefact
from governance.tenancy import Scope


def freeze(session: Session, scope: Scope, made: Made, made_by: str, now: dt.datetime) -> Artefact:
    """The artefact for what was made; unchanged facts give the one that is stored. The school is locked already."""
    document = keep(session, scope, Bytes(made.content, made.media_type), now)
    same = select(Artefact).where(
        Artefact.organisation_id == scope.organisation_id,
        Artefact.kind == made.kind,
        Artefact.values_sha256 == made.values_sha256,
        Artefact.document_id == document,
    )
    artefact = session.scalar(same.order_by(Artefact.id).limit(1))
    if artefact is None:
        artefact = Artefact(
            organisation_id=scope.organisation_id,
            kind=made.kind,
            title=made.title,
            filename=made.filename,
            document_id=document,
            values_sha256=made.values_sha256,
            manifest=made.manifest,
            made_at=now,
            made_by=made_by,
        )
        session.add(artefact)
        session.flush()
    return artefact
