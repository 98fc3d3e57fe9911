"""The printed parts of a school's packs, by key. A part that is not there is printed again, so all of them may go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from typing import cast

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from governance.db import insert_once, reading, writing
from governance.packs.models import PrintedPart
from governance.render.press import Printed
from governance.tenancy import Scope

# Longer than from one term's meeting to the next; what is not in use by then is in no pack that anybody prints again.
KEPT_FOR = dt.timedelta(days=120)

_parts = cast(Table, PrintedPart.__table__)


class SchoolShelf:
    """One school's printed parts in the database. Each question and each part kept is a transaction of its own."""

    def __init__(self, scope: Scope, moment: Callable[[], dt.datetime]) -> None:
        self._scope, self._moment = scope, moment

    def pages_of(self, keys: Collection[str]) -> Mapping[str, int]:
        """How many pages each part has that is kept."""
        with reading() as session:
            rows = session.execute(
                select(PrintedPart.key, PrintedPart.pages)
                .where(PrintedPart.organisation_id == self._scope.organisation_id, PrintedPart.key.in_(keys))
                .order_by(PrintedPart.id)
            )
            return {row.key: row.pages for row in rows}

    def contents_of(self, keys: Collection[str]) -> Mapping[str, bytes]:
        """The bytes of each part that is kept."""
        with reading() as session:
            rows = session.execute(
                select(PrintedPart.key, PrintedPart.content)
                .where(PrintedPart.organisation_id == self._scope.organisation_id, PrintedPart.key.in_(keys))
                .order_by(PrintedPart.id)
            )
            return {row.key: row.content for row in rows}

    def keep(self, key: str, printed: Printed) -> None:
        """Keep a part, unless another run was faster."""
        values = {
            "organisation_id": self._scope.organisation_id,
            "key": key,
            "pages": printed.pages,
            "content": printed.content,
            "printed_at": self._moment(),
        }
        with writing() as session:
            insert_once(session, _parts, values)


def clear_old(session: Session, now: dt.datetime) -> None:
    """Let parts go, of every school, that were printed long ago."""
    session.execute(delete(PrintedPart).where(PrintedPart.printed_at <= now - KEPT_FOR))


def any_old(session: Session, now: dt.datetime) -> bool:
    """Whether there is any to let go: a look without the write lock."""
    old = select(PrintedPart.id).where(PrintedPart.printed_at <= now - KEPT_FOR).limit(1)
    return session.scalar(old) is not None
