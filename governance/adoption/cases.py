"""What the rules need to know of a version before anybody decides about it, gathered in a few statements."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from governance.adoption.kinds import Kind
from governance.adoption.models import Decision, InForce
from governance.adoption.proposals import Past, Tabled
from governance.adoption.standing import answered, holding, stands
from governance.extract.dates import Precision, StatedDate
from governance.people.models import Person
from governance.policies.models import Policy, PolicyVersion, VersionDate
from governance.schools.models import GoverningBody
from governance.tenancy import Scope

# What a document says about when its own text was made.
PREPARED = ("updated", "prepared", "issued")


class Row(NamedTuple):
    """An in-force row that holds on the day asked."""

    id: int
    policy_id: int
    version_id: int
    decision_id: int
    from_on: dt.date
    pending: bool


def tabled(
    session: Session, scope: Scope, version_ids: Collection[int], on: dt.date, *, leaving_out: int | None = None
) -> dict[int, Tabled]:
    """The facts of versions by their id, as they stand on a day, as though the decision `leaving_out` were not there."""
    updated, past = _updated(session, scope, version_ids), _past(session, scope, version_ids, leaving_out)
    current = {row.policy_id: row.version_id for row in rows_holding(session, scope, on, leaving_out=leaving_out)}
    awaiting = awaiting_ratification(session, scope, leaving_out=leaving_out)
    rows = session.execute(
        select(PolicyVersion.id, PolicyVersion.number, PolicyVersion.policy_id, Policy.kind, Policy.retired_on)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .where(PolicyVersion.organisation_id == scope.organisation_id, PolicyVersion.id.in_(version_ids))
    )
    return {
        version_id: Tabled(
            number=number,
            policy_kind=kind,
            updated=tuple(updated[version_id]),
            retired_on=retired_on,
            in_force=current.get(policy_id) == version_id,
            awaits_ratification=version_id in awaiting,
            past=tuple(past[version_id]),
        )
        for version_id, number, policy_id, kind, retired_on in rows
    }


def rows_holding(
    session: Session, scope: Scope, on: dt.date, *, policy_id: int | None = None, leaving_out: int | None = None
) -> list[Row]:
    """The in-force rows that hold by a day, so ordered that the last of a policy is the one in force."""
    columns = (
        InForce.id,
        InForce.policy_id,
        InForce.version_id,
        InForce.decision_id,
        InForce.from_on,
        InForce.pending_ratification,
    )
    query = holding(scope.organisation_id, on, *columns, leaving_out=leaving_out)
    if policy_id is not None:
        query = query.where(InForce.policy_id == policy_id)
    return [Row(*row) for row in session.execute(query.order_by(InForce.policy_id, InForce.from_on, InForce.id))]


def awaiting_ratification(session: Session, scope: Scope, *, leaving_out: int | None = None) -> set[int]:
    """The versions put in force subject to a ratification that nobody has given or refused yet."""
    forever = dt.date.max
    rows = session.scalars(
        select(InForce.version_id)
        .join(Decision, Decision.id == InForce.decision_id)
        .where(
            InForce.organisation_id == scope.organisation_id,
            InForce.pending_ratification,
            stands(),
            _not(leaving_out),
            ~answered(Kind.RATIFIED, forever, leaving_out=leaving_out),
            ~answered(Kind.NOT_RATIFIED, forever, leaving_out=leaving_out),
        )
    )
    return set(rows)


def _not(leaving_out: int | None) -> ColumnElement[bool]:
    return Decision.id != (leaving_out or 0)


def _updated(session: Session, scope: Scope, version_ids: Collection[int]) -> defaultdict[int, list[StatedDate]]:
    rows = session.execute(
        select(
            VersionDate.version_id,
            VersionDate.earliest_on,
            VersionDate.latest_on,
            VersionDate.precision,
            VersionDate.as_written,
        )
        .where(
            VersionDate.organisation_id == scope.organisation_id,
            VersionDate.kind.in_(PREPARED),
            VersionDate.version_id.in_(version_ids),
        )
        .order_by(VersionDate.id)
    )
    found: defaultdict[int, list[StatedDate]] = defaultdict(list)
    for version_id, earliest, latest, precision, written in rows:
        found[version_id].append(StatedDate(earliest, latest, Precision(precision), written))
    return found


def _past(
    session: Session, scope: Scope, version_ids: Collection[int], leaving_out: int | None
) -> defaultdict[int, list[Past]]:
    name = func.coalesce(GoverningBody.name, Person.given_name + " " + Person.family_name, "")
    rows = session.execute(
        select(Decision, name)
        .outerjoin(GoverningBody, GoverningBody.id == Decision.body_id)
        .outerjoin(Person, Person.id == Decision.person_id)
        .where(
            Decision.organisation_id == scope.organisation_id,
            Decision.version_id.in_(version_ids),
            stands(),
            _not(leaving_out),
        )
        .order_by(Decision.id)
    )
    found: defaultdict[int, list[Past]] = defaultdict(list)
    for decision, maker_name in rows:
        found[decision.version_id].append(Past(Kind(decision.kind), _key(decision), maker_name, decided(decision)))
    return found


def _key(decision: Decision) -> tuple[str, int] | None:
    if decision.body_id is not None:
        return ("body", decision.body_id)
    return ("person", decision.person_id) if decision.person_id is not None else None


def decided(decision: Decision) -> StatedDate:
    """The day of a decision, as well as it is known."""
    precision = Precision(decision.decided_precision)
    return StatedDate(decision.decided_on, decision.decided_latest_on, precision, "")
