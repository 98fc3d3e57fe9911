"""One person's record: everything asked of them and everything they have read."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from governance.errors import NotFound
from governance.people.models import Person
from governance.policies.models import Policy, PolicyVersion
from governance.reading.declining import declined_by
from governance.reading.listed import PolicyNamed, policies_named, versions_named
from governance.reading.models import Acknowledgement, Withdrawal, Witnessing
from governance.reading.owed import Owed, State
from governance.reading.queries import my_reading
from governance.reading.witnessing import seen_by
from governance.render.words import day
from governance.reports.gathering.read import METHODS
from governance.reports.report import Column, Kind, Report
from governance.tenancy import Scope

COLUMNS = (
    Column("reference", "Reference"),
    Column("policy", "Policy"),
    Column("version", "Version"),
    Column("state", "State"),
    Column("asked_on", "Asked on", Kind.DAY),
    Column("due", "Due", Kind.DAY),
    Column("read_on", "Read on", Kind.DAY),
    Column("method", "How"),
    Column("witness", "Seen by"),
    Column("receipt", "Receipt"),
)
_STATE = [column.key for column in COLUMNS].index("state")
_STATES = {
    State.EXCUSED: "Not needed",
    State.AWAY: "Away",
    State.DECLINED: "Given, not signed",
    State.NOT_YET_READ: "Not yet read",
    State.READING_OVERDUE: "Reading overdue",
}


def person_named(session: Session, scope: Scope, number: str) -> Person:
    """The person of a staff number or printed reference.

    Raises:
        NotFound: when this school has nobody of that number.
    """
    found = session.scalars(
        select(Person)
        .where(
            Person.organisation_id == scope.organisation_id,
            or_(Person.staff_number == number, Person.printed_reference == number),
        )
        .order_by(Person.staff_number != number, Person.id)
    ).first()
    if found is None:
        raise NotFound(f"Nobody at {scope.name} has the staff number or printed reference {number}.")
    return found


def person_report(session: Session, scope: Scope, as_of: dt.date, now: dt.datetime, *, person: Person) -> Report:
    """What is asked of a person on a day, then every receipt of theirs up to it."""
    owed = [row for row in my_reading(session, scope, person.id, as_of) if row.state is not State.READ]
    policies = {one.id: one for one in policies_named(session, scope)}
    versions = versions_named(session, scope, {row.version_id for row in owed})
    witnesses = declined_by(session, scope, person.id, as_of)
    asked = [_asked(row, policies[row.policy_id], versions, witnesses) for row in owed]
    given = _given(session, scope, person, as_of)
    overdue = sum(row.state is State.READING_OVERDUE for row in owed)
    totals = {
        "outstanding": sum(row.state in (State.NOT_YET_READ, State.READING_OVERDUE) for row in owed),
        "overdue": overdue,
        "receipts": sum(row[_STATE] == "Read" for row in given),
    }
    titles = {"outstanding": "Not yet read", "overdue": "Reading overdue", "receipts": "Receipts"}
    title = f"Reading of {person.given_name} {person.family_name}"
    return Report("person", title, scope.name, as_of, COLUMNS, (*asked, *given), totals, (), now, titles)


def _asked(
    row: Owed, policy: PolicyNamed, versions: dict[int, str], witnesses: dict[int, tuple[dt.date, str]]
) -> tuple[Any, ...]:
    given_on, witness = witnesses[row.policy_id] if row.state is State.DECLINED else (None, None)
    return (
        policy.reference,
        policy.title,
        versions[row.version_id],
        _STATES[row.state],
        row.asked_on,
        row.due_on,
        None,
        f"Given on {day(given_on)}" if given_on else None,
        witness,
        None,
    )


def _given(session: Session, scope: Scope, person: Person, as_of: dt.date) -> list[tuple[Any, ...]]:
    rows = session.execute(
        select(
            Policy.reference,
            Policy.title,
            PolicyVersion.number,
            PolicyVersion.label,
            Acknowledgement,
            seen_by(),
            Withdrawal.id,
        )
        .select_from(Acknowledgement)
        .join(PolicyVersion, PolicyVersion.id == Acknowledgement.version_id)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .outerjoin(Withdrawal, Withdrawal.acknowledgement_id == Acknowledgement.id)
        .outerjoin(Witnessing, Witnessing.acknowledgement_id == Acknowledgement.id)
        .where(
            Acknowledgement.organisation_id == scope.organisation_id,
            Acknowledgement.person_id == person.id,
            Acknowledgement.acknowledged_on <= as_of,
        )
        .order_by(Acknowledgement.acknowledged_on.desc(), Policy.sort_key, Acknowledgement.id)
    )
    return [
        (
            reference,
            title,
            label or str(number),
            "Withdrawn" if withdrawn else "Read",
            None,
            None,
            receipt.acknowledged_on,
            METHODS.get(receipt.method, receipt.method),
            seen or "",
            receipt.reference,
        )
        for reference, title, number, label, receipt, seen, withdrawn in rows
    ]
