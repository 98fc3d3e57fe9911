"""One person's own list: to read, coming, and done, with the names that a screen needs. Three statements, four with parts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.policies.models import Policy, PolicyVersion
from governance.reading.coming import coming, to_read, version_to_read
from governance.reading.facts_query import facts_of
from governance.reading.models import Acknowledgement, Withdrawal
from governance.reading.owed import Owed, State
from governance.reading.parts import named_parts
from governance.tenancy import Scope


@dataclass(frozen=True)
class ToRead:
    """Something to read at a school, now or from a day on; `version` is what to open. Without `due_on` they are away.

    `parts` names the parts that are asked, empty for the whole.
    """

    scope: Scope
    policy_id: int
    version_id: int
    version: str
    title: str
    label: str
    overdue: bool
    due_on: dt.date | None
    from_on: dt.date | None = None
    early: bool = True
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Done:
    """A receipt of theirs."""

    scope: Scope
    policy_id: int
    version: str
    title: str
    label: str
    reference: str
    acknowledged_on: dt.date
    method: str
    withdrawn: bool


@dataclass(frozen=True)
class Mine:
    """A person's list at a school, or at several put together: overdue first, then by due day."""

    to_read: tuple[ToRead, ...] = ()
    coming: tuple[ToRead, ...] = ()
    done: tuple[Done, ...] = ()

    @property
    def next(self) -> ToRead | None:
        """What to read first."""
        return next(iter(self.to_read), None)

    @property
    def first_due_on(self) -> dt.date | None:
        """The first due day that has not passed."""
        return min((one.due_on for one in self.to_read if one.due_on and not one.overdue), default=None)

    @property
    def policy_ids(self) -> frozenset[int]:
        """Every policy on it."""
        unread = frozenset(one.policy_id for one in (*self.to_read, *self.coming))
        return unread | {one.policy_id for one in self.done}


def mine_at(session: Session, scope: Scope, person_id: int, today: dt.date) -> Mine:
    """One person's list at their school."""
    facts = facts_of(session, scope, today, person_ids=[person_id])
    now, later = to_read(facts, person_id, today), coming(facts, person_id, today)
    rows = [*now, *(one.owed for one in later)]
    opens = {(row.policy_id, row.version_id): version_to_read(facts, row, today) for row in rows}
    named = _named(session, scope, opens.values())
    parts = named_parts(session, scope, ((row.policy_id, row.parts) for row in rows))

    def line(row: Owed, from_on: dt.date | None = None, early: bool = True) -> ToRead:
        overdue = from_on is None and row.state is State.READING_OVERDUE
        version_id = opens[row.policy_id, row.version_id]
        of = (scope, row.policy_id, version_id, *named[version_id])
        only = parts[row.policy_id, row.parts]
        return ToRead(*of, overdue=overdue, due_on=row.due_on, from_on=from_on, early=early, parts=only)

    return together(
        [
            Mine(
                tuple(line(row) for row in now),
                tuple(line(one.owed, one.from_on, one.early) for one in later),
                tuple(_done(session, scope, person_id)),
            )
        ]
    )


def together(lists: Iterable[Mine]) -> Mine:
    """Several lists as one, in its order."""
    every = list(lists)
    return Mine(
        tuple(sorted((row for one in every for row in one.to_read), key=_first)),
        tuple(
            sorted(
                (row for one in every for row in one.coming), key=lambda row: (row.from_on or dt.date.max, row.title)
            )
        ),
        tuple(sorted((row for one in every for row in one.done), key=lambda row: row.acknowledged_on, reverse=True)),
    )


def _first(row: ToRead) -> tuple[bool, dt.date, str]:
    return not row.overdue, row.due_on or dt.date.max, row.title


def _named(session: Session, scope: Scope, version_ids: Collection[int]) -> dict[int, tuple[str, str, str]]:
    """For each version its public id, its policy's title and what it is called."""
    rows = session.execute(
        select(PolicyVersion.id, PolicyVersion.public_id, Policy.title, PolicyVersion.label, PolicyVersion.number)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .where(PolicyVersion.organisation_id == scope.organisation_id, PolicyVersion.id.in_(version_ids))
        .order_by(PolicyVersion.id)
    )
    return {key: (public_id, title, label or str(number)) for key, public_id, title, label, number in rows}


def _done(session: Session, scope: Scope, person_id: int) -> list[Done]:
    rows = session.execute(
        select(
            PolicyVersion.policy_id,
            PolicyVersion.public_id,
            Policy.title,
            PolicyVersion.label,
            PolicyVersion.number,
            Acknowledgement.reference,
            Acknowledgement.acknowledged_on,
            Acknowledgement.method,
            Withdrawal.id.is_not(None),
        )
        .join(PolicyVersion, PolicyVersion.id == Acknowledgement.version_id)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .outerjoin(Withdrawal, Withdrawal.acknowledgement_id == Acknowledgement.id)
        .where(Acknowledgement.organisation_id == scope.organisation_id, Acknowledgement.person_id == person_id)
        .order_by(Acknowledgement.acknowledged_on.desc(), Policy.sort_key, Acknowledgement.id)
    )
    return [
        Done(scope, policy_id, version, title, label or str(number), reference, day, method, withdrawn)
        for policy_id, version, title, label, number, reference, day, method, withdrawn in rows
    ]
