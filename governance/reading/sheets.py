"""Receipts from a signed sheet: the people who signed it on a day, in front of a witness."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.errors import Objection, refuse_if
from governance.extract.dates import day_in_words
from governance.people.models import Person
from governance.people.rules import full_name, objections_to_text
from governance.policies.models import PolicyVersion
from governance.reading.acknowledging import Act, acknowledge, shown_now
from governance.reading.facts import covers_parts
from governance.reading.importing import LONGEST_WITNESS
from governance.reading.models import Acknowledgement, Withdrawal
from governance.reading.recorded import last_days
from governance.schools.names import tidy
from governance.tenancy import Actor, Scope, lock


def record_sheet(
    session: Session,
    scope: Scope,
    actor: Actor,
    version: PolicyVersion,
    people: Sequence[Person],
    *,
    signed_on: dt.date,
    witness: str,
    today: dt.date,
    now: dt.datetime,
    parts: int = 0,
) -> list[Acknowledgement]:
    """Record a receipt for everybody who signed, for the `parts` that stand on the sheet: bits, 0 the whole.

    An objection to a person names the field `person-<public id>`.

    Raises:
        Refusal: for a future day, without a witness or people, and for each leaver or receipt of that day; then nobody's
            is recorded.
    """
    lock(session, scope)
    given = _given(session, scope, version, signed_on, parts)
    refuse_if(
        [
            *_objections_to_sheet(people, signed_on, witness, today),
            *_objections_to_people(people, last_days(session, scope), signed_on, given),
        ]
    )
    shown = shown_now(session, scope, version, parts)
    act = Act(signed_on, "paper", "paper_witnessed", witness=tidy(witness), parts=parts)
    return [acknowledge(session, scope, actor, person, version, shown, act, now) for person in people]


def _objections_to_sheet(
    people: Sequence[Person], signed_on: dt.date, witness: str, today: dt.date
) -> Iterator[Objection]:
    if signed_on > today:
        yield Objection(
            f"{day_in_words(signed_on)} is in the future. Enter the day on which the sheet was signed.", "signed_on"
        )
    if not witness.strip():
        yield Objection("Enter who saw the paper signed.", "witness")
    yield from objections_to_text(witness, "The name of the witness", "witness", LONGEST_WITNESS)
    if not people:
        yield Objection("Tick everybody who signed the sheet.", "people")


def _objections_to_people(
    people: Sequence[Person], left: Mapping[int, dt.date], signed_on: dt.date, given: Mapping[int, str]
) -> Iterator[Objection]:
    for person in people:
        name, last_on = full_name(person.given_name, person.family_name), left.get(person.id)
        if last_on is not None and signed_on > last_on:
            message = f"{name} left on {day_in_words(last_on)}, before the sheet was signed. Take off the tick."
            yield Objection(message, f"person-{person.public_id}")
        elif person.id in given:
            message = f"{name} has a receipt of that day already: {given[person.id]}. Take off the tick."
            yield Objection(message, f"person-{person.public_id}")


def _given(session: Session, scope: Scope, version: PolicyVersion, day: dt.date, parts: int) -> dict[int, str]:
    """Who has a receipt of that day for all that the sheet is for; its reference by person."""
    rows = session.execute(
        select(Acknowledgement.person_id, Acknowledgement.reference, Acknowledgement.parts)
        .outerjoin(Withdrawal, Withdrawal.acknowledgement_id == Acknowledgement.id)
        .where(
            Acknowledgement.organisation_id == scope.organisation_id,
            Acknowledgement.version_id == version.id,
            Acknowledgement.acknowledged_on == day,
            Withdrawal.id.is_(None),
        )
        .order_by(Acknowledgement.id)
    )
    return {row.person_id: row.reference for row in rows if covers_parts(row.parts, parts)}
