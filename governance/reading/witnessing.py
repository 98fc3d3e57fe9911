"""Facts added to a receipt after the act: who saw its person, and whose receipt it is where one person had two records."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from governance.journal.actions import record
from governance.journal.events import Event
from governance.people.models import Person
from governance.reading.acknowledging import new_reference, withdraw
from governance.reading.models import Acknowledgement, CarriedReceipt, Withdrawal, Witnessing
from governance.tenancy import Actor, Scope, lock

WITNESSED = Event("receipt witnessed", ids=("receipt",), payload=("reference", "witness"))
CARRIED = Event(
    "receipt carried to the same person", ids=("receipt", "person", "from"), payload=("reference", "from_reference")
)
# What a carried receipt keeps of the act.
_OF_THE_ACT = (
    "version_id",
    "documents_sha256",
    "text_sha256",
    "wording",
    "parts",
    "given_at",
    "acknowledged_on",
    "method",
    "assurance",
    "witness",
    "typed_name",
)


def seen_by() -> ColumnElement[str | None]:
    """Who saw the person of a receipt: said with the act, or added later. For statements joined to `Witnessing`."""
    return func.coalesce(Acknowledgement.witness, Witnessing.witness)


def witness(
    session: Session, scope: Scope, actor: Actor, receipt: Acknowledgement, by: str, now: dt.datetime
) -> Witnessing:
    """Add that somebody saw the person of a receipt. Said again it changes nothing: the first witness stands."""
    lock(session, scope)
    known = session.scalar(select(Witnessing).where(Witnessing.acknowledgement_id == receipt.id))
    if known is not None:
        return known
    row = Witnessing(
        organisation_id=scope.organisation_id,
        acknowledgement_id=receipt.id,
        witness=by,
        recorded_at=now,
        recorded_by=actor.label,
    )
    session.add(row)
    session.flush()
    content = {"reference": receipt.reference, "witness": by}
    record(session, scope, actor, WITNESSED, ids={"receipt": receipt.public_id}, payload=content, now=now)
    return row


def carry(
    session: Session, scope: Scope, actor: Actor, receipt: Acknowledgement, person: Person, now: dt.datetime
) -> Acknowledgement:
    """Let a receipt stand for the person who gave it, who was recorded twice: a new one in their name, linked to it.

    The first is withdrawn, naming the new one. Where they have a receipt for that version and day already, that is it.
    """
    lock(session, scope)
    stands = _standing(session, person, receipt)
    carried = stands or _copy(session, scope, actor, receipt, person, now)
    session.add(
        CarriedReceipt(
            organisation_id=scope.organisation_id,
            from_id=receipt.id,
            to_id=carried.id,
            recorded_at=now,
            recorded_by=actor.label,
        )
    )
    session.flush()
    ids = {"receipt": carried.public_id, "person": person.public_id, "from": receipt.public_id}
    content = {"reference": carried.reference, "from_reference": receipt.reference}
    record(session, scope, actor, CARRIED, ids=ids, payload=content, now=now)
    reason = f"The same person is recorded under {person.printed_reference}: receipt {carried.reference} stands for it."
    withdraw(session, scope, actor, receipt, reason, now)
    seen = session.scalar(select(Witnessing.witness).where(Witnessing.acknowledgement_id == receipt.id))
    if seen is not None:
        witness(session, scope, actor, carried, seen, now)
    return carried


def _copy(
    session: Session, scope: Scope, actor: Actor, receipt: Acknowledgement, person: Person, now: dt.datetime
) -> Acknowledgement:
    made = Acknowledgement(
        organisation_id=scope.organisation_id,
        reference=new_reference(),
        person_id=person.id,
        recorded_at=now,
        recorded_by=actor.label,
        **{name: getattr(receipt, name) for name in _OF_THE_ACT},
    )
    session.add(made)
    session.flush()
    return made


def _standing(session: Session, person: Person, receipt: Acknowledgement) -> Acknowledgement | None:
    return session.scalars(
        select(Acknowledgement)
        .where(
            Acknowledgement.organisation_id == person.organisation_id,
            Acknowledgement.person_id == person.id,
            Acknowledgement.version_id == receipt.version_id,
            Acknowledgement.acknowledged_on == receipt.acknowledged_on,
            Acknowledgement.parts == receipt.parts,
            Acknowledgement.id.not_in(select(Withdrawal.acknowledgement_id)),
        )
        .order_by(Acknowledgement.id)
    ).first()
