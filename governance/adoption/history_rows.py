"""Rows of a school's own history, held against what is recorded already. Repeating a load finds nothing new."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.adoption.kinds import PUTS_IN_FORCE
from governance.adoption.models import Asking, Decision, InForce, MinuteReference
from governance.adoption.standing import stands
from governance.errors import Objection
from governance.extract.dates import day_in_words
from governance.schools.names import fold
from governance.tenancy import Scope


@dataclass(frozen=True)
class HistoryRow:
    """A version's adoption as a file states it; `line` is where. Empty facts are not stated.

    Without a day decided it is in force with its adoption not recorded; without an in-force day either, it is a draft.
    """

    line: int
    reference: str
    version: int
    version_id: int
    decided_on: dt.date | None = None
    body: str = ""
    minute_ref: str = ""
    in_force_from: dt.date | None = None
    asks_from: dt.date | None = None
    next_review_on: dt.date | None = None

    @property
    def says_anything(self) -> bool:
        """Whether it states a decision at all."""
        return self.decided_on is not None or self.in_force_from is not None


@dataclass(frozen=True)
class Known:
    """A standing decision that put a version in force."""

    decision_id: int
    decided_on: dt.date | None
    body_id: int | None
    next_review_on: dt.date | None
    in_force_from: dt.date
    minute_ref: str
    asks_from: dt.date | None


def known_decisions(session: Session, scope: Scope) -> dict[int, list[Known]]:
    """The standing decisions that put versions in force, by version, as they were recorded."""
    minute = select(MinuteReference.reference).where(MinuteReference.decision_id == Decision.id)
    asked = select(func.min(Asking.from_on)).where(Asking.in_force_id == InForce.id, Asking.category_id.is_(None))
    rows = session.execute(
        select(
            Decision.version_id,
            Decision.id,
            Decision.decided_on,
            Decision.body_id,
            Decision.next_review_on,
            InForce.from_on,
            func.coalesce(minute.order_by(MinuteReference.id.desc()).limit(1).scalar_subquery(), ""),
            asked.scalar_subquery(),
        )
        .join(InForce, InForce.decision_id == Decision.id)
        .where(Decision.organisation_id == scope.organisation_id, Decision.kind.in_(PUTS_IN_FORCE), stands())
        .order_by(Decision.id)
    )
    found: defaultdict[int, list[Known]] = defaultdict(list)
    for version_id, *facts in rows:
        found[version_id].append(Known(*facts))
    return found


def sorted_out(
    rows: Sequence[HistoryRow], known: Mapping[int, list[Known]], bodies: Mapping[str, int]
) -> tuple[list[HistoryRow], list[tuple[int, str]], list[Objection]]:
    """The rows that are new, the minute references that recorded decisions lack, and what contradicts the record.

    `bodies` are ids by folded name.
    """
    fresh: dict[int, HistoryRow] = {}
    minuted: list[tuple[int, str]] = []
    objections: list[Objection] = []
    for row in rows:
        there = known.get(row.version_id, [])
        same = next((one for one in there if not list(_differences(row, one, bodies))), None)
        if same is not None:
            minuted += [(same.decision_id, row.minute_ref)] if row.minute_ref and not same.minute_ref else []
        elif there:
            objections.append(_differs(row, next(_differences(row, there[-1], bodies))))
        elif replace(fresh.setdefault(row.version_id, row), line=row.line) != row:
            objections.append(_differs(row, f"row {fresh[row.version_id].line} states other facts"))
    return list(fresh.values()), minuted, objections


def _differs(row: HistoryRow, how: str) -> Objection:
    return Objection(
        f"policies.csv, row {row.line}: version {row.version} of {row.reference} is recorded already, and {how}. "
        "Correct the file, or correct the decision on the policy's page."
    )


def _differences(row: HistoryRow, known: Known, bodies: Mapping[str, int]) -> Iterator[str]:
    if row.body and bodies.get(fold(row.body)) != known.body_id:
        yield f"it was not {row.body} that decided"
    in_force = row.in_force_from or row.decided_on
    for what, stated, kept in (
        ("decided on", row.decided_on, known.decided_on),
        ("in force from", in_force, known.in_force_from),
        ("asked from", row.asks_from, known.asks_from),
        ("next reviewed by", row.next_review_on, known.next_review_on),
    ):
        if stated is not None and stated != kept:
            yield f"{what} {day_in_words(kept) if kept else 'no recorded day'}, not {day_in_words(stated)}"
    if row.minute_ref and known.minute_ref not in ("", row.minute_ref):
        yield f"its minute is {known.minute_ref}, not {row.minute_ref}"
