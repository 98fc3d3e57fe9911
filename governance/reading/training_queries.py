"""Training sessions as screens list them: what they covered, who was there, and the receipts that came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.people.models import Person
from governance.people.rules import full_name
from governance.policies.models import Policy, PolicyVersion
from governance.reading.models import Acknowledgement, PolicyPart, Withdrawal
from governance.reading.paper_models import TrainingPerson, TrainingReceipt, TrainingSession, TrainingVersion
from governance.reading.training_plan import Attendance
from governance.tenancy import Scope


@dataclass(frozen=True)
class SessionRow:
    """A session in the list."""

    public_id: str
    title: str
    held_on: dt.date
    led_by: str
    policies: int
    present: int
    receipts: int


@dataclass(frozen=True)
class CoveredVersion:
    """A version that a session covered. `parts` names the parts of it, empty for the whole."""

    policy: str
    title: str
    version_id: int
    label: str
    documents_sha256: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class OnTheList:
    """Somebody on a session's list. `receipts` are those of this session, as (title, reference, withdrawn)."""

    person: str
    name: str
    attendance: Attendance
    receipts: tuple[tuple[str, str, bool], ...]


def sessions_held(session: Session, scope: Scope, most: int = 200) -> list[SessionRow]:
    """The sessions of a school, newest first."""
    policies = select(func.count(TrainingVersion.id)).where(TrainingVersion.session_id == TrainingSession.id)
    present = select(func.count(TrainingPerson.id)).where(
        TrainingPerson.session_id == TrainingSession.id, TrainingPerson.attendance == Attendance.PRESENT.value
    )
    receipts = select(func.count(TrainingReceipt.id)).where(TrainingReceipt.session_id == TrainingSession.id)
    rows = session.execute(
        select(
            TrainingSession.public_id,
            TrainingSession.title,
            TrainingSession.held_on,
            TrainingSession.led_by,
            policies.scalar_subquery(),
            present.scalar_subquery(),
            receipts.scalar_subquery(),
        )
        .where(TrainingSession.organisation_id == scope.organisation_id)
        .order_by(TrainingSession.held_on.desc(), TrainingSession.id.desc())
        .limit(most)
    )
    return [SessionRow(*row) for row in rows]


def covered_in(session: Session, held: TrainingSession) -> list[CoveredVersion]:
    """What a session covered, by title."""
    rows = session.execute(
        select(
            Policy.id,
            Policy.public_id,
            Policy.title,
            PolicyVersion.id,
            PolicyVersion.label,
            PolicyVersion.number,
            PolicyVersion.documents_sha256,
            TrainingVersion.parts,
        )
        .join(PolicyVersion, PolicyVersion.id == TrainingVersion.version_id)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .where(TrainingVersion.organisation_id == held.organisation_id, TrainingVersion.session_id == held.id)
        .order_by(TrainingVersion.position)
    ).all()
    named = parts_named(session, held.organisation_id, [row[0] for row in rows])
    return [
        CoveredVersion(
            policy,
            title,
            version_id,
            label or str(number),
            sha256,
            tuple(name for bit, name in named.get(policy_id, ()) if parts >> bit & 1),
        )
        for policy_id, policy, title, version_id, label, number, sha256, parts in rows
    ]


def list_of(session: Session, held: TrainingSession) -> list[OnTheList]:
    """Everybody on a session's list, by name, with the receipts that it made."""
    given = session.execute(
        select(Acknowledgement.person_id, Policy.title, Acknowledgement.reference, Withdrawal.id)
        .join(TrainingReceipt, TrainingReceipt.acknowledgement_id == Acknowledgement.id)
        .join(PolicyVersion, PolicyVersion.id == Acknowledgement.version_id)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .outerjoin(Withdrawal, Withdrawal.acknowledgement_id == Acknowledgement.id)
        .where(TrainingReceipt.organisation_id == held.organisation_id, TrainingReceipt.session_id == held.id)
        .order_by(Policy.sort_key, Acknowledgement.id)
    )
    receipts: dict[int, tuple[tuple[str, str, bool], ...]] = {}
    for person_id, title, reference, withdrawn in given:
        receipts[person_id] = (*receipts.get(person_id, ()), (title, reference, withdrawn is not None))
    rows = session.execute(
        select(Person.id, Person.public_id, Person.given_name, Person.family_name, TrainingPerson.attendance)
        .join(Person, Person.id == TrainingPerson.person_id)
        .where(TrainingPerson.organisation_id == held.organisation_id, TrainingPerson.session_id == held.id)
        .order_by(Person.sort_key, Person.id)
    )
    return [
        OnTheList(public_id, full_name(given_name, family_name), Attendance(how), receipts.get(person_id, ()))
        for person_id, public_id, given_name, family_name, how in rows
    ]


def held_receipts(session: Session, held: TrainingSession) -> int:
    """How many receipts a session made."""
    mine = (TrainingReceipt.organisation_id == held.organisation_id, TrainingReceipt.session_id == held.id)
    return session.scalar(select(func.count(TrainingReceipt.id)).where(*mine)) or 0


def parts_named(
    session: Session, organisation_id: int, policy_ids: Sequence[int]
) -> dict[int, tuple[tuple[int, str], ...]]:
    """The parts that policies have, as (bit, name), by policy."""
    rows = session.execute(
        select(PolicyPart.policy_id, PolicyPart.bit, PolicyPart.name)
        .where(PolicyPart.organisation_id == organisation_id, PolicyPart.policy_id.in_(policy_ids))
        .order_by(PolicyPart.policy_id, PolicyPart.bit)
    )
    found: dict[int, tuple[tuple[int, str], ...]] = {}
    for policy_id, bit, name in rows:
        found[policy_id] = (*found.get(policy_id, ()), (bit, name))
    return found
