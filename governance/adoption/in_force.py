"""The in-force rows that follow from a decision."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from governance.adoption import rules
from governance.adoption.asking import Asked, add_askings, asked_by
from governance.adoption.cases import Row, awaiting_ratification, rows_holding
from governance.adoption.models import Decision, InForce
from governance.adoption.proposals import Proposed
from governance.extract.dates import Precision, StatedDate
from governance.tenancy import Scope


def put_in_force(
    session: Session, scope: Scope, decision: Decision, proposed: Proposed, today: dt.date, *, pending: bool
) -> InForce:
    """The version of a decision is in force, from the day the rules say."""
    from_on, precision = rules.in_force_from(proposed, today)
    return _add(session, scope, decision, decision.version_id, (from_on, precision), pending=pending)


def put_back(
    session: Session, scope: Scope, decision: Decision, decided: StatedDate, today: dt.date, now: dt.datetime
) -> tuple[InForce | None, list[Asked]]:
    """A version is not ratified: the earlier one is in force again, from that day or from when the refused one would be.

    Whoever was asked to read either is asked for the earlier one. Where there was none before, none is in force.
    """
    rows = rows_holding(session, scope, dt.date.max, policy_id=decision.policy_id, leaving_out=decision.id)
    refused = [row for row in rows if row.version_id == decision.version_id and row.pending][-1]
    before = [row for row in rows[: rows.index(refused)] if row.version_id != decision.version_id]
    if not before:
        return None, []
    earlier = before[-1].version_id
    from_on = max(decided.latest_on or today, refused.from_on)
    precision = decided.precision if from_on == decided.latest_on else Precision.DAY
    pending = earlier in awaiting_ratification(session, scope)
    row = _add(session, scope, decision, earlier, (from_on, precision), pending=pending)
    # No earlier than today: refused in September and typed in in October makes nobody late.
    asked = asked_by(session, [*_rows_of(rows, earlier), refused.id], max(from_on, today))
    return row, add_askings(session, scope, row, asked, now)


def _rows_of(rows: list[Row], version_id: int) -> list[int]:
    return [row.id for row in rows if row.version_id == version_id]


def _add(
    session: Session,
    scope: Scope,
    decision: Decision,
    version_id: int,
    from_on: tuple[dt.date, str],
    *,
    pending: bool,
) -> InForce:
    row = InForce(
        organisation_id=scope.organisation_id,
        policy_id=decision.policy_id,
        version_id=version_id,
        decision_id=decision.id,
        from_on=from_on[0],
        from_precision=from_on[1],
        pending_ratification=pending,
    )
    session.add(row)
    session.flush()
    return row
