"""Recording who was given the power to decide, and when that ended."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from governance.adoption import rules
from governance.adoption.models import Delegation
from governance.errors import Refusal, refuse_if
from governance.extract.dates import day_in_words
from governance.journal.actions import record
from governance.journal.events import Event
from governance.people.models import Person
from governance.policies.models import Policy
from governance.schools.models import GoverningBody
from governance.tenancy import Actor, Scope, lock

DELEGATED = Event(
    "power delegated",
    ids=("delegation", "body", "person", "policy"),
    payload=("office", "policy_kind", "from_on", "until_on", "source"),
)
DELEGATION_ENDED = Event("delegation ended", ids=("delegation",), payload=("until_on",))


@dataclass(frozen=True)
class Power:
    """A power as somebody enters it: one holder (committee, person or office), over a policy, a kind, or everything."""

    from_on: dt.date
    body: GoverningBody | None = None
    person: Person | None = None
    office: str | None = None
    policy: Policy | None = None
    policy_kind: str | None = None
    until_on: dt.date | None = None
    source: str = ""


def delegate(session: Session, scope: Scope, actor: Actor, power: Power, now: dt.datetime) -> Delegation:
    """Record that a power was delegated.

    Raises:
        Refusal: for no holder or several, several scopes, or days the wrong way round.
    """
    lock(session, scope)
    holders = sum(holder is not None for holder in (power.body, power.person, power.office))
    covers = sum(thing is not None for thing in (power.policy, power.policy_kind))
    refuse_if(rules.objections_to_delegation(holders, covers, power.from_on, power.until_on))
    row = Delegation(
        organisation_id=scope.organisation_id,
        body_id=power.body.id if power.body else None,
        person_id=power.person.id if power.person else None,
        office=power.office,
        policy_id=power.policy.id if power.policy else None,
        policy_kind=power.policy_kind,
        from_on=power.from_on,
        until_on=power.until_on,
        source=" ".join(power.source.split()),
    )
    session.add(row)
    session.flush()
    ids = {
        "delegation": row.public_id,
        "body": power.body.public_id if power.body else None,
        "person": power.person.public_id if power.person else None,
        "policy": power.policy.public_id if power.policy else None,
    }
    payload = {name: getattr(row, name) for name in DELEGATED.payload}
    record(session, scope, actor, DELEGATED, ids=ids, payload=payload, now=now)
    return row


def end_delegation(
    session: Session, scope: Scope, actor: Actor, row: Delegation, until_on: dt.date, now: dt.datetime
) -> None:
    """Say that a power ended; `until_on` is its last day. What was decided under it stays as it is.

    Raises:
        Refusal: for a last day before the first, or a power that has an end already.
    """
    lock(session, scope)
    if row.until_on is not None:
        raise Refusal.one(f"This power has an end already: {day_in_words(row.until_on)}.", "until_on")
    refuse_if(rules.objections_to_delegation(1, 0, row.from_on, until_on))
    row.until_on = until_on
    session.flush()
    ids, payload = {"delegation": row.public_id}, {"until_on": until_on}
    record(session, scope, actor, DELEGATION_ENDED, ids=ids, payload=payload, now=now)
