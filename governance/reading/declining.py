"""Given, not signed: somebody was handed a version in front of a witness and did not confirm it. It is no receipt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.errors import Objection, Refusal, refuse_if
from governance.extract.dates import day_in_words
from governance.journal.actions import record
from governance.journal.events import Event
from governance.people.models import Person
from governance.people.rules import full_name, objections_to_text
from governance.policies.models import Policy, PolicyVersion
from governance.reading.importing import LONGEST_WITNESS
from governance.reading.models import Declined, DeclinedWithdrawal
from governance.reading.outstanding_query import my_reading
from governance.reading.owed import Owed, State
from governance.reading.recorded import last_days
from governance.schools.names import tidy
from governance.tenancy import Actor, Scope, lock

NOT_SIGNED = Event("given, not signed", ids=("declined", "person", "version"), payload=("given_on", "witness", "note"))
NOT_SIGNED_TAKEN_BACK = Event("given, not signed: taken back", ids=("declined",), payload=("reason",))

LONGEST_NOTE = 500


@dataclass(frozen=True)
class GivenNotSigned:
    """One such fact as screens list it. `taken_back` says why, where it was entered by mistake."""

    public_id: str
    version: str
    given_on: dt.date
    witness: str
    note: str
    recorded_at: dt.datetime
    recorded_by: str
    taken_back: str | None
    taken_back_by: str | None


def record_declined(
    session: Session,
    scope: Scope,
    actor: Actor,
    person: Person,
    policy: Policy,
    *,
    given_on: dt.date,
    witness: str,
    note: str,
    today: dt.date,
    now: dt.datetime,
) -> Declined:
    """Record that somebody was given what is asked of them and did not sign; from then on they are not chased for it.

    Raises:
        Refusal: for a future day or one before it was asked, without a witness, or where nothing of it is left to read.
    """
    lock(session, scope)
    refuse_if(_objections(given_on, witness, note, today))
    owed = next((row for row in my_reading(session, scope, person.id, today) if row.policy_id == policy.id), None)
    refuse_if(_objections_to_standing(session, scope, person, policy, owed, given_on))
    assert owed is not None  # objected to above
    declined = Declined(
        organisation_id=scope.organisation_id,
        person_id=person.id,
        version_id=owed.version_id,
        given_on=given_on,
        witness=tidy(witness),
        note=tidy(note),
        recorded_at=now,
        recorded_by=actor.label,
    )
    session.add(declined)
    session.flush()
    version = session.get_one(PolicyVersion, owed.version_id)
    content = {"given_on": given_on, "witness": declined.witness, "note": declined.note}
    ids = {"declined": declined.public_id, "person": person.public_id, "version": version.public_id}
    record(session, scope, actor, NOT_SIGNED, ids=ids, payload=content, now=now)
    return declined


def take_back_declined(
    session: Session, scope: Scope, actor: Actor, declined: Declined, reason: str, now: dt.datetime
) -> None:
    """Take back a "given, not signed" that was entered by mistake. It stays on the record and counts for no day.

    Raises:
        Refusal: without a reason, or where it was taken back before.
    """
    lock(session, scope)
    if not reason.strip():
        raise Refusal.one("Say why it is taken back: it stays on the record with your reason.", "reason")
    refuse_if(objections_to_text(reason, "The reason", "reason", LONGEST_NOTE))
    if session.scalar(select(DeclinedWithdrawal.id).where(DeclinedWithdrawal.declined_id == declined.id)):
        raise Refusal.one("It was taken back already.")
    session.add(
        DeclinedWithdrawal(
            organisation_id=scope.organisation_id,
            declined_id=declined.id,
            reason=tidy(reason),
            recorded_at=now,
            recorded_by=actor.label,
        )
    )
    session.flush()
    ids = {"declined": declined.public_id}
    record(session, scope, actor, NOT_SIGNED_TAKEN_BACK, ids=ids, payload={"reason": tidy(reason)}, now=now)


def declined_of(session: Session, scope: Scope, policy_id: int, person_id: int) -> list[GivenNotSigned]:
    """What one person was given of a policy and did not sign, newest first, what was taken back too."""
    rows = session.execute(
        select(
            Declined.public_id,
            PolicyVersion.label,
            PolicyVersion.number,
            Declined.given_on,
            Declined.witness,
            Declined.note,
            Declined.recorded_at,
            Declined.recorded_by,
            DeclinedWithdrawal.reason,
            DeclinedWithdrawal.recorded_by,
        )
        .join(PolicyVersion, PolicyVersion.id == Declined.version_id)
        .outerjoin(DeclinedWithdrawal, DeclinedWithdrawal.declined_id == Declined.id)
        .where(
            Declined.organisation_id == scope.organisation_id,
            Declined.person_id == person_id,
            PolicyVersion.policy_id == policy_id,
        )
        .order_by(Declined.given_on.desc(), Declined.id.desc())
    )
    return [GivenNotSigned(public_id, label or str(number), *rest) for public_id, label, number, *rest in rows]


def declined_by(session: Session, scope: Scope, person_id: int, day: dt.date) -> dict[int, tuple[dt.date, str]]:
    """The latest "given, not signed" of a person by a day that stands, with its witness, by policy."""
    rows = session.execute(
        select(PolicyVersion.policy_id, Declined.given_on, Declined.witness)
        .join(PolicyVersion, PolicyVersion.id == Declined.version_id)
        .outerjoin(DeclinedWithdrawal, DeclinedWithdrawal.declined_id == Declined.id)
        .where(
            Declined.organisation_id == scope.organisation_id,
            Declined.person_id == person_id,
            Declined.given_on <= day,
            DeclinedWithdrawal.id.is_(None),
        )
        .order_by(Declined.given_on, Declined.id)
    )
    return {policy_id: (given_on, witness) for policy_id, given_on, witness in rows}


def _objections(given_on: dt.date, witness: str, note: str, today: dt.date) -> Iterator[Objection]:
    if given_on > today:
        yield Objection(
            f"{day_in_words(given_on)} is in the future. Enter the day on which it was given to them.", "given_on"
        )
    if not witness.strip():
        yield Objection("Enter who saw that it was given and not signed.", "witness")
    yield from objections_to_text(witness, "The name of the witness", "witness", LONGEST_WITNESS)
    yield from objections_to_text(note, "The note", "note", LONGEST_NOTE)


def _objections_to_standing(
    session: Session, scope: Scope, person: Person, policy: Policy, owed: Owed | None, given_on: dt.date
) -> Iterator[Objection]:
    name = full_name(person.given_name, person.family_name)
    last_on = last_days(session, scope).get(person.id)
    if last_on is not None and given_on > last_on:
        yield Objection(f"{name} left on {day_in_words(last_on)}. Enter a day up to then.", "given_on")
    elif owed is None or owed.state in (State.EXCUSED, State.AWAY):
        yield Objection(f"Nothing of {policy.title} is asked of {name} today, so there was nothing to sign.")
    elif owed.state is State.READ:
        yield Objection(f"{name} has read {policy.title} already; there is a receipt for it.")
    elif owed.state is State.DECLINED:
        yield Objection(f"That {name} was given {policy.title} and did not sign is recorded already.")
    elif owed.start_on is not None and given_on < owed.start_on:
        asked = day_in_words(owed.start_on)
        yield Objection(f"It was asked of them from {asked}. Enter that day or a later one.", "given_on")
