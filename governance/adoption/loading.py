"""A school's own history of decisions, many at once, in a few statements. It is history: nothing is mailed.

rows ─ known already? ─▶ nothing to do, or refused where a fact differs
     ─ objections? ────▶ refused, naming every row
     ─ record ─────────▶ decision, minute reference, in force, asking; one journal entry with a digest of the rows
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from governance.adoption import rules
from governance.adoption.actions import add_minute_reference
from governance.adoption.cases import tabled
from governance.adoption.entries import HISTORY_LOADED
from governance.adoption.history_rows import HistoryRow, known_decisions, sorted_out
from governance.adoption.kinds import Kind
from governance.adoption.makers import body_maker
from governance.adoption.models import Asking, Decision, InForce, MinuteReference
from governance.adoption.proposals import Proposed, Tabled
from governance.clock import local_day
from governance.errors import Objection, Refusal
from governance.extract.dates import Precision, exactly, not_recorded
from governance.journal.actions import record
from governance.journal.chain import canonical
from governance.policies.models import PolicyVersion
from governance.schools.models import BodyName, GoverningBody
from governance.schools.names import fold
from governance.tenancy import Actor, Scope, lock

__all__ = ["HistoryRow", "record_history"]

_MOST_REASONS = 20
# Fewer than any database's limit on values in one statement.
_AT_ONCE = 5000


def record_history(session: Session, scope: Scope, actor: Actor, rows: Iterable[HistoryRow], now: dt.datetime) -> int:
    """Record what is not known yet.

    Returns:
        The number of decisions recorded; loading the same rows again records none.

    Raises:
        Refusal: naming the rows that state something else than is recorded, or that cannot be.
    """
    lock(session, scope)
    stated = sorted((row for row in rows if row.says_anything), key=lambda row: (row.reference.lower(), row.version))
    bodies = _bodies(session, scope)
    today = local_day(now, scope.time_zone)
    ids = {name: body.id for name, body in bodies.items()}
    fresh, minuted, differing = sorted_out(stated, known_decisions(session, scope), ids)
    _refuse(differing)
    _refuse_unsound(session, scope, fresh, bodies, today)
    for decision_id, minute in minuted:
        add_minute_reference(session, scope, actor, session.get_one(Decision, decision_id), minute, now)
    if fresh:
        _insert(session, scope, actor, fresh, bodies, today, now)
        digest = hashlib.sha256(canonical([asdict(row) for row in fresh]).encode()).hexdigest()
        payload = {"rows": len(fresh), "sha256": digest}
        record(session, scope, actor, HISTORY_LOADED, ids={}, payload=payload, now=now)
    return len(fresh)


def _refuse_unsound(
    session: Session,
    scope: Scope,
    rows: Sequence[HistoryRow],
    bodies: Mapping[str, GoverningBody],
    today: dt.date,
) -> None:
    objections: list[Objection] = []
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        versions = tabled(session, scope, [row.version_id for row in part], today)
        for row in part:
            objections.extend(_objections(row, versions[row.version_id], bodies, today))
    _refuse(objections)


def _objections(
    row: HistoryRow, version: Tabled, bodies: Mapping[str, GoverningBody], today: dt.date
) -> Iterator[Objection]:
    body = bodies.get(fold(row.body))
    if row.body and body is None:
        names = ", ".join(sorted(body.name for body in bodies.values()))
        yield Objection(f"policies.csv, row {row.line}: there is no body {row.body!r}. Known are: {names}.")
        return
    maker = body_maker(body) if body else None
    for objection in rules.objections(_proposed(row), version, maker, today):
        yield Objection(f"policies.csv, row {row.line}: {objection.message}")


def _proposed(row: HistoryRow) -> Proposed:
    return Proposed(
        kind=Kind.ADOPTED,
        decided=exactly(row.decided_on) if row.decided_on else not_recorded(),
        next_review=exactly(row.next_review_on) if row.next_review_on else None,
        in_force_on=row.in_force_from,
        asks_from=row.asks_from,
        minute=row.minute_ref,
    )


def _refuse(objections: list[Objection]) -> None:
    if objections:
        rest = len(objections) - _MOST_REASONS
        more = [Objection(f"and {rest} more rows like these.")] if rest > 0 else []
        raise Refusal(objections[:_MOST_REASONS] + more)


def _insert(
    session: Session,
    scope: Scope,
    actor: Actor,
    rows: Sequence[HistoryRow],
    bodies: Mapping[str, GoverningBody],
    today: dt.date,
    now: dt.datetime,
) -> None:
    mine: dict[str, Any] = {"organisation_id": scope.organisation_id}
    by = mine | {"recorded_at": now, "recorded_by": actor.label}
    versions = {row.version_id: mine | about for row, about in zip(rows, _about(session, scope, rows), strict=True)}
    decisions = _added(session, Decision, [by | versions[row.version_id] | _decision(row, bodies) for row in rows])
    held = [
        versions[row.version_id] | {"decision_id": decisions[row.version_id]} | _in_force(row, today) for row in rows
    ]
    in_force = _added(session, InForce, held)
    minutes = [
        by | {"decision_id": decisions[row.version_id], "reference": row.minute_ref} for row in rows if row.minute_ref
    ]
    asked = [
        mine | {"in_force_id": in_force[row.version_id], "from_on": row.asks_from, "recorded_at": now}
        for row in rows
        if row.asks_from is not None
    ]
    for model, many in ((MinuteReference, minutes), (Asking, asked)):
        if many:
            session.execute(insert(model), many)


def _decision(row: HistoryRow, bodies: Mapping[str, GoverningBody]) -> dict[str, Any]:
    return {
        "kind": Kind.ADOPTED,
        "body_id": bodies[fold(row.body)].id if row.body else None,
        "decided_on": row.decided_on,
        "decided_latest_on": row.decided_on,
        "decided_precision": Precision.DAY if row.decided_on else Precision.NOT_RECORDED,
        "next_review_on": row.next_review_on,
    }


def _in_force(row: HistoryRow, today: dt.date) -> dict[str, Any]:
    from_on, precision = rules.in_force_from(_proposed(row), today)
    return {"from_on": from_on, "from_precision": precision}


def _bodies(session: Session, scope: Scope) -> dict[str, GoverningBody]:
    """By folded name; those they had once count too, since the minutes of then say them."""
    rows = session.scalars(select(GoverningBody).where(GoverningBody.organisation_id == scope.organisation_id))
    bodies = {body.id: body for body in rows}
    once = select(BodyName).where(BodyName.organisation_id == scope.organisation_id).order_by(BodyName.id)
    former = {name.name_key: bodies[name.body_id] for name in session.scalars(once)}
    return former | {body.name_key: body for body in bodies.values()}


def _about(session: Session, scope: Scope, rows: Sequence[HistoryRow]) -> list[dict[str, int]]:
    """The policy and version of each row."""
    query = select(PolicyVersion.id, PolicyVersion.policy_id)
    found = session.execute(query.where(PolicyVersion.organisation_id == scope.organisation_id))
    policies = {one.id: one.policy_id for one in found}
    return [{"policy_id": policies[row.version_id], "version_id": row.version_id} for row in rows]


def _added(session: Session, model: Any, values: Sequence[dict[str, Any]]) -> dict[int, int]:
    """The ids of new rows by their version, of which there is one a load."""
    rows = session.execute(insert(model).returning(model.version_id, model.id), list(values))
    return {version_id: key for version_id, key in rows}  # noqa: C416  # a Row is a tuple only to us
