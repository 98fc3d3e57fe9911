"""Which policies in force say certain words, and where."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.adoption.register import RegisterRow, in_force_on
from governance.extract.clauses import from_json
from governance.extract.finding import Place, places, words_of
from governance.policies.models import VersionText
from governance.tenancy import Scope

MOST_SHOWN = 3


@dataclass(frozen=True)
class Saying:
    """A policy in force that says the words: the first places, and how many more there are."""

    policy: RegisterRow
    places: tuple[Place, ...]
    more: int


def saying(session: Session, scope: Scope, day: dt.date, typed: str) -> list[Saying]:
    """The policies in force on a day of which some clause holds all the words, by title.

    The database leaves out texts without the words; which clause holds them is found here.
    """
    words = words_of(typed)
    if not words:
        return []
    rows = {row.version_id: row for row in in_force_on(session, scope, day)}
    texts = session.execute(
        select(VersionText.version_id, VersionText.clauses).where(
            VersionText.organisation_id == scope.organisation_id,
            VersionText.version_id.in_(list(rows)),
            *(VersionText.clauses.icontains(part, autoescape=True) for word in words for part in _told_alike(word)),
        )
    )
    found = {version_id: places(from_json(clauses), words) for version_id, clauses in texts}
    return [
        Saying(row, tuple(found[version_id][:MOST_SHOWN]), max(len(found[version_id]) - MOST_SHOWN, 0))
        for version_id, row in rows.items()
        if version_id is not None and found.get(version_id)
    ]


def _told_alike(word: str) -> list[str]:
    """The parts of a word that every database finds in a text whatever its accents, apostrophes and capitals: for the
    letters that may bear an accent, none.
    """
    return list(re.findall(r"[bdf-hj-mp-rtv-xz0-9]{2,}", word))
