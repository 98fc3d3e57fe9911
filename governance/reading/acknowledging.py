"""The act of acknowledging, and taking a mistaken receipt back."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session

from governance.adoption.models import Decision, InForce
from governance.errors import NotAllowed, NotFound, Objection, Refusal, refuse_if
from governance.journal.actions import record
from governance.journal.events import Event
from governance.people.models import Person
from governance.policies.models import Policy, PolicyVersion, VersionText
from governance.policies.rules import wording_of
from governance.reading.models import Acknowledgement, Withdrawal
from governance.reading.parts import for_parts, part_names
from governance.tenancy import Actor, Scope, lock

ACKNOWLEDGED = Event(
    "acknowledged",
    ids=("receipt", "person", "version"),
    payload=(
        "reference",
        "acknowledged_on",
        "method",
        "assurance",
        "documents_sha256",
        "text_sha256",
        "wording",
        "witness",
        "parts",
    ),
)
WITHDRAWN = Event("receipt withdrawn", ids=("receipt",), payload=("reference", "reason"))

# What a person does themselves, without a witness.
OWN_ACTS = frozenset({"signed_in", "link"})

# No letter or digit that is taken for another when read from paper.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Shown:
    """What was on the page: the version's documents, its text where we have clauses, and the wording agreed to."""

    documents_sha256: str
    text_sha256: str | None
    wording: str


@dataclass(frozen=True)
class Act:
    """What somebody did: typed their name or ticked, on a screen or on paper, on a day, with a witness for paper.

    `parts` are the bits of the parts it is for, 0 the whole.
    """

    acknowledged_on: dt.date
    method: str
    assurance: str
    typed_name: str | None = None
    ticked: bool = False
    given_at: dt.datetime | None = None
    witness: str | None = None
    parts: int = 0


def new_reference() -> str:
    """A receipt's reference: eight characters, over 800,000 million of them, safe to read aloud."""
    letters = [secrets.choice(_ALPHABET) for _ in range(8)]
    return f"R-{''.join(letters[:4])}-{''.join(letters[4:])}"


def shown_now(session: Session, scope: Scope, version: PolicyVersion, parts: int = 0) -> Shown:
    """What a reader of this version, or of parts of it, is shown today."""
    text, wording = session.execute(
        select(VersionText.sha256, Policy.wording)
        .select_from(PolicyVersion)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .outerjoin(VersionText, VersionText.version_id == PolicyVersion.id)
        .where(PolicyVersion.organisation_id == scope.organisation_id, PolicyVersion.id == version.id)
    ).one()
    agreed = wording_of(wording)
    if parts:
        agreed = for_parts(agreed, part_names(session, scope, version.policy_id, parts))
    return Shown(version.documents_sha256, text, agreed)


def acknowledge(
    session: Session,
    scope: Scope,
    actor: Actor,
    person: Person,
    version: PolicyVersion,
    shown: Shown,
    act: Act,
    now: dt.datetime,
) -> Acknowledgement:
    """Record that a person did acknowledge what they were shown, and give the receipt.

    A retry, a double click or a parallel post finds the receipt of that day and gives it again.

    Raises:
        NotAllowed: when somebody would confirm on screen for somebody else (bad-input row 67).
        Refusal: without a human act, for other bytes or wording than are served now, for a version that was replaced.
    """
    lock(session, scope)
    if act.method in OWN_ACTS and actor.person_id not in (None, person.id):
        raise NotAllowed("acknowledge for somebody else")
    refuse_if(_objections_to_act(act))
    if act.parts < 0 or act.parts.bit_count() != len(part_names(session, scope, version.policy_id, act.parts)):
        raise Refusal.one("The parts of this policy changed while you had it open. Read it again, then confirm.")
    if shown != shown_now(session, scope, version, act.parts):
        raise Refusal.one("This text changed while you had it open. Nothing was recorded: read it again, then confirm.")
    if act.method != "paper":
        _refuse_replaced(session, scope, version, act.acknowledged_on)
    earlier = receipt_of_day(session, scope, person.id, version.id, act.acknowledged_on, act.parts)
    return earlier or _write(session, scope, actor, person, version, shown, act, now)


def withdraw(
    session: Session, scope: Scope, actor: Actor, receipt: Acknowledgement, reason: str, now: dt.datetime
) -> None:
    """Take back a receipt that was entered by mistake. It stays on the record and counts for no day.

    Raises:
        Refusal: without a reason, or where it was withdrawn before.
    """
    lock(session, scope)
    if not reason.strip():
        raise Refusal.one("Say why this receipt is withdrawn: it stays on the record with your reason.", "reason")
    if session.scalar(select(Withdrawal.id).where(Withdrawal.acknowledgement_id == receipt.id)):
        raise Refusal.one(f"Receipt {receipt.reference} was already withdrawn.")
    session.add(
        Withdrawal(
            organisation_id=scope.organisation_id,
            acknowledgement_id=receipt.id,
            reason=reason.strip(),
            recorded_at=now,
            recorded_by=actor.label,
        )
    )
    session.flush()
    content = {"reference": receipt.reference, "reason": reason.strip()}
    record(session, scope, actor, WITHDRAWN, ids={"receipt": receipt.public_id}, payload=content, now=now)


def receipt_referenced(session: Session, scope: Scope, reference: str) -> Acknowledgement:
    """The receipt of that reference.

    Raises:
        NotFound: when this school has none.
    """
    found = session.scalar(
        select(Acknowledgement).where(
            Acknowledgement.organisation_id == scope.organisation_id, Acknowledgement.reference == reference
        )
    )
    if found is None:
        raise NotFound(reference)
    return found


def receipt_of_day(
    session: Session, scope: Scope, person_id: int, version_id: int, day: dt.date, parts: int = 0
) -> Acknowledgement | None:
    """The receipt from a day that somebody has for a version, or at least for parts of it, unless it was withdrawn."""
    covers = Acknowledgement.parts.bitwise_and(parts) == parts if parts else false()
    return session.scalars(
        select(Acknowledgement)
        .where(
            Acknowledgement.organisation_id == scope.organisation_id,
            Acknowledgement.person_id == person_id,
            Acknowledgement.version_id == version_id,
            Acknowledgement.acknowledged_on == day,
            or_(Acknowledgement.parts == 0, covers),
            Acknowledgement.id.not_in(select(Withdrawal.acknowledgement_id)),
        )
        .order_by(Acknowledgement.id)
    ).first()


def _objections_to_act(act: Act) -> Iterator[Objection]:
    if act.method == "paper":
        if not (act.witness or "").strip():
            yield Objection("Enter who saw the paper signed.", "witness")
    elif not act.ticked and not (act.typed_name or "").strip():
        yield Objection("Type your name, or tick the box, to confirm that you have read it.", "typed_name")


def _refuse_replaced(session: Session, scope: Scope, version: PolicyVersion, day: dt.date) -> None:
    """Stop an acknowledgement of a version that a later one replaced; the coming year's edition may be read early."""
    rows = session.execute(
        select(InForce.version_id, InForce.from_on)
        .where(
            InForce.organisation_id == scope.organisation_id,
            InForce.policy_id == version.policy_id,
            InForce.decision_id.not_in(select(Decision.corrects_id).where(Decision.corrects_id.is_not(None))),
        )
        .order_by(InForce.from_on, InForce.id)
    ).all()
    held = [row for row in rows if row.from_on <= day]
    coming = [row for row in rows if row.from_on > day]
    if any(row.version_id == version.id for row in [*held[-1:], *coming]):
        return
    if any(row.version_id == version.id for row in held):
        since = held[-1].from_on
        raise Refusal.one(f"This version was replaced on {since:%-d %B %Y}. Read the new one, then confirm that.")
    raise Refusal.one("This version has not been adopted, so there is nothing to confirm yet.")


def _write(
    session: Session,
    scope: Scope,
    actor: Actor,
    person: Person,
    version: PolicyVersion,
    shown: Shown,
    act: Act,
    now: dt.datetime,
) -> Acknowledgement:
    own = actor.person_id == person.id and act.method != "paper"
    receipt = Acknowledgement(
        organisation_id=scope.organisation_id,
        reference=new_reference(),
        person_id=person.id,
        version_id=version.id,
        documents_sha256=shown.documents_sha256,
        text_sha256=shown.text_sha256,
        wording=shown.wording,
        parts=act.parts,
        given_at=act.given_at,
        acknowledged_on=act.acknowledged_on,
        recorded_at=now,
        method=act.method,
        assurance=act.assurance,
        witness=act.witness,
        recorded_by=None if own else actor.label,
        typed_name=act.typed_name,
    )
    session.add(receipt)
    session.flush()
    content = {name: getattr(receipt, name) for name in ACKNOWLEDGED.payload}
    ids = {"receipt": receipt.public_id, "person": person.public_id, "version": version.public_id}
    record(session, scope, actor, ACKNOWLEDGED, ids=ids, payload=content, now=now)
    return receipt
