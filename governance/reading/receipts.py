"""Receipts as screens list them: of a policy or of one person, withdrawn ones too."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.adoption.models import Asking, InForce
from governance.policies.models import PolicyVersion
from governance.reading.models import Acknowledgement, Excuse, Extension, Withdrawal, Witnessing
from governance.reading.witnessing import seen_by
from governance.tenancy import Scope

# How a receipt came to be, as screens say it.
METHODS = {
    "signed_in": "on screen",
    "link": "by a link",
    "paper": "on paper",
    "read_aloud": "on paper, read aloud or explained",
    "session": "at a training session",
    "reception": "on their phone at reception",
    "tablet": "on the shared tablet",
    "import": "from another record",
}


@dataclass(frozen=True)
class Receipt:
    """A read receipt. `withdrawn` says why, where it was taken back."""

    person_id: int
    reference: str
    version_number: int
    version_label: str
    acknowledged_on: dt.date
    given_at: dt.datetime | None
    method: str
    witness: str
    recorded_by: str
    withdrawn: str | None
    withdrawn_by: str | None

    @property
    def how(self) -> str:
        """How it was given, in words."""
        words = METHODS.get(self.method, self.method)
        if not self.witness:
            return words
        return f"{words}, {'led' if self.method == 'session' else 'seen'} by {self.witness}"

    @property
    def version(self) -> str:
        """What the version calls itself, else its number."""
        return self.version_label or str(self.version_number)


@dataclass(frozen=True)
class Ease:
    """More time, or a policy not needed: by whom and why. `from_on` is None for more time."""

    from_on: dt.date | None
    until_on: dt.date | None
    reason: str
    recorded_at: dt.datetime
    recorded_by: str


def receipts_of(session: Session, scope: Scope, policy_id: int, *, person_id: int | None = None) -> list[Receipt]:
    """The receipts of a policy, any version, or one person's, newest first."""
    query = (
        select(
            Acknowledgement.person_id,
            Acknowledgement.reference,
            PolicyVersion.number,
            PolicyVersion.label,
            Acknowledgement.acknowledged_on,
            Acknowledgement.given_at,
            Acknowledgement.method,
            seen_by(),
            Acknowledgement.recorded_by,
            Withdrawal.reason,
            Withdrawal.recorded_by,
        )
        .join(PolicyVersion, PolicyVersion.id == Acknowledgement.version_id)
        .outerjoin(Withdrawal, Withdrawal.acknowledgement_id == Acknowledgement.id)
        .outerjoin(Witnessing, Witnessing.acknowledgement_id == Acknowledgement.id)
        .where(Acknowledgement.organisation_id == scope.organisation_id, PolicyVersion.policy_id == policy_id)
        .order_by(Acknowledgement.acknowledged_on.desc(), Acknowledgement.id.desc())
    )
    if person_id is not None:
        query = query.where(Acknowledgement.person_id == person_id)
    return [
        Receipt(person, reference, number, label or "", on, at, method, witness or "", by or "", why, who)
        for person, reference, number, label, on, at, method, witness, by, why, who in session.execute(query)
    ]


def excuses_of(session: Session, scope: Scope, policy_id: int, person_id: int) -> list[Ease]:
    """From when to when one person need not read a policy, newest first."""
    rows = session.scalars(
        select(Excuse)
        .where(
            Excuse.organisation_id == scope.organisation_id,
            Excuse.policy_id == policy_id,
            Excuse.person_id == person_id,
        )
        .order_by(Excuse.from_on.desc(), Excuse.id.desc())
    )
    return [Ease(row.from_on, row.until_on, row.reason, row.recorded_at, row.recorded_by) for row in rows]


def extensions_of(session: Session, scope: Scope, policy_id: int, person_id: int) -> list[Ease]:
    """The more time one person was given for a policy, newest first."""
    rows = session.scalars(
        select(Extension)
        .join(Asking, Asking.id == Extension.asking_id)
        .join(InForce, InForce.id == Asking.in_force_id)
        .where(
            Extension.organisation_id == scope.organisation_id,
            InForce.policy_id == policy_id,
            Extension.person_id == person_id,
        )
        .order_by(Extension.id.desc())
    )
    return [Ease(None, row.until_on, row.reason, row.recorded_at, row.recorded_by) for row in rows]
