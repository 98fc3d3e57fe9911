"""Writing to the journal, inside the transaction of the change it tells of."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, insert, update
from sqlalchemy.orm import Session

from governance.journal.chain import link
from governance.journal.events import Event
from governance.journal.models import JournalEntry
from governance.tenancy import Actor, Organisation, Scope


def record(
    session: Session,
    scope: Scope,
    actor: Actor,
    event: Event,
    *,
    ids: Mapping[str, Any],
    payload: Mapping[str, Any] | None = None,
    now: dt.datetime,
) -> None:
    """Append one entry to the school's chain.

    The school's row is updated first, so that two writers cannot both extend the same end.

    Raises:
        ValueError: when the entry is not what its event declares.
    """
    content = dict(payload or {})
    event.check(ids, content)
    seq, head = session.execute(
        update(Organisation)
        .where(Organisation.id == scope.organisation_id)
        .values(journal_seq=Organisation.journal_seq + 1)
        .returning(Organisation.journal_seq, Organisation.journal_head)
        .execution_options(synchronize_session=False)
    ).one()
    opaque = {**ids, "actor": actor.account_id}
    entry = link(seq, now, event.name, opaque, {**content, "by": actor.label}, secrets.token_hex(16), head)
    _append(session, scope, entry.__dict__ | {"at": now})
    session.execute(
        update(Organisation)
        .where(Organisation.id == scope.organisation_id)
        .values(journal_head=entry.hash)
        .execution_options(synchronize_session=False)
    )


def _append(session: Session, scope: Scope, values: dict[str, Any]) -> None:
    table = JournalEntry.__table__
    assert isinstance(table, Table)
    session.execute(insert(table).values(organisation_id=scope.organisation_id, **values))
