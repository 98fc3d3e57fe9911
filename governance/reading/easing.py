"""Not needed, and more time: by a named person, with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.adoption.models import Asking
from governance.errors import Objection, Refusal, refuse_if
from governance.extract.dates import day_in_words
from governance.journal.actions import record
from governance.journal.events import Event
from governance.people.models import Person
from governance.people.rules import objections_to_text
from governance.policies.models import Policy
from governance.reading.models import Excuse, Extension
from governance.reading.outstanding_query import my_reading
from governance.schools.names import tidy
from governance.tenancy import Actor, Scope, lock

EXCUSED = Event("excused", ids=("person", "policy"), payload=("from_on", "until_on", "reason"))
EXCUSE_ENDED = Event("excuse ended", ids=("person", "policy"), payload=("until_on",))
MORE_TIME = Event("given more time", ids=("person", "policy"), payload=("until_on", "reason"))

LONGEST_REASON = 500


def excuse(
    session: Session,
    scope: Scope,
    actor: Actor,
    person: Person,
    policy: Policy,
    *,
    from_on: dt.date,
    until_on: dt.date | None,
    reason: str,
    now: dt.datetime,
) -> Excuse:
    """Record that a person need not read a policy, from a day to a last day or until further notice.

    Raises:
        Refusal: without a reason, when it would end before it starts, or where they are excused on those days already.
    """
    lock(session, scope)
    refuse_if(objections_to_excusing(from_on, until_on, reason))
    refuse_if(_objections_to_overlap(_excuses(session, scope, person, policy), from_on, until_on))
    excused = Excuse(
        organisation_id=scope.organisation_id,
        person_id=person.id,
        policy_id=policy.id,
        from_on=from_on,
        until_on=until_on,
        reason=tidy(reason),
        recorded_at=now,
        recorded_by=actor.label,
    )
    session.add(excused)
    session.flush()
    content = {"from_on": from_on, "until_on": until_on, "reason": tidy(reason)}
    ids = {"person": person.public_id, "policy": policy.public_id}
    record(session, scope, actor, EXCUSED, ids=ids, payload=content, now=now)
    return excused


def end_excuse(
    session: Session, scope: Scope, actor: Actor, person: Person, policy: Policy, until_on: dt.date, now: dt.datetime
) -> None:
    """Let the excuse that has no end, or a later one, end on a last day; from the next day they are to read it again.

    Raises:
        Refusal: where they are not excused on that day.
    """
    lock(session, scope)
    held = [one for one in _excuses(session, scope, person, policy) if _meet(one, until_on, until_on)]
    if not held:
        raise Refusal.one(
            f"They are not excused on {day_in_words(until_on)}. Choose a day on which they are.", "until_on"
        )
    held[0].until_on = until_on
    session.flush()
    ids = {"person": person.public_id, "policy": policy.public_id}
    record(session, scope, actor, EXCUSE_ENDED, ids=ids, payload={"until_on": until_on}, now=now)


def extend(
    session: Session,
    scope: Scope,
    actor: Actor,
    person: Person,
    policy: Policy,
    *,
    until_on: dt.date,
    reason: str,
    today: dt.date,
    now: dt.datetime,
) -> Extension:
    """Give one person until a day, for what they are asked now; the next asking starts afresh.

    Raises:
        Refusal: without a reason, for a day that has passed or is no later than they have, or where they have nothing
            to read of this policy.
    """
    lock(session, scope)
    refuse_if(objections_to_more_time(until_on, reason, today))
    in_force_id = _asked_now(session, scope, person, policy, until_on, today)
    extension = Extension(
        organisation_id=scope.organisation_id,
        person_id=person.id,
        asking_id=_first_asking(session, scope, in_force_id),
        until_on=until_on,
        reason=tidy(reason),
        recorded_at=now,
        recorded_by=actor.label,
    )
    session.add(extension)
    session.flush()
    ids = {"person": person.public_id, "policy": policy.public_id}
    record(session, scope, actor, MORE_TIME, ids=ids, payload={"until_on": until_on, "reason": tidy(reason)}, now=now)
    return extension


def objections_to_excusing(from_on: dt.date, until_on: dt.date | None, reason: str) -> list[Objection]:
    """What is wrong with an excuse, whomever it is for."""
    return [*_objections_to_reason(reason), *_objections_to_days(from_on, until_on)]


def objections_to_more_time(until_on: dt.date, reason: str, today: dt.date) -> list[Objection]:
    """What is wrong with more time, whomever it is for."""
    passed = [Objection("Choose today or a later day.", "until_on")] if until_on < today else []
    return [*_objections_to_reason(reason), *passed]


def _asked_now(
    session: Session, scope: Scope, person: Person, policy: Policy, until_on: dt.date, today: dt.date
) -> int:
    """The in-force row whose version is asked of the person, where there is a day to move to a later one."""
    owed = next((row for row in my_reading(session, scope, person.id, today) if row.policy_id == policy.id), None)
    if owed is None or owed.due_on is None:
        raise Refusal.one(f"They have nothing to read of {policy.title} today, so there is no day to move.", "until_on")
    if until_on <= owed.due_on:
        raise Refusal.one(f"They have until {day_in_words(owed.due_on)} already. Choose a later day.", "until_on")
    return owed.in_force_id


def _first_asking(session: Session, scope: Scope, in_force_id: int) -> int:
    """The asking that stands for all of an in-force row: an extension belongs to the round, not to a category."""
    mine = select(Asking.id).where(Asking.organisation_id == scope.organisation_id, Asking.in_force_id == in_force_id)
    return session.scalars(mine.order_by(Asking.from_on, Asking.id).limit(1)).one()


def _excuses(session: Session, scope: Scope, person: Person, policy: Policy) -> Sequence[Excuse]:
    mine = select(Excuse).where(
        Excuse.organisation_id == scope.organisation_id, Excuse.person_id == person.id, Excuse.policy_id == policy.id
    )
    return session.scalars(mine.order_by(Excuse.from_on, Excuse.id)).all()


def _objections_to_overlap(
    excuses: Sequence[Excuse], from_on: dt.date, until_on: dt.date | None
) -> Iterator[Objection]:
    for other in excuses:
        if _meet(other, from_on, until_on):
            until = f" until {day_in_words(other.until_on)}" if other.until_on else ""
            since = day_in_words(other.from_on)
            message = f"They are excused from {since}{until} already. End that first, or change the days."
            yield Objection(message, "from_on")


def _meet(excuse: Excuse, from_on: dt.date, until_on: dt.date | None) -> bool:
    """Whether an excuse holds on any of the days."""
    begins_in_time = until_on is None or excuse.from_on <= until_on
    return begins_in_time and (excuse.until_on is None or excuse.until_on >= from_on)


def _objections_to_days(from_on: dt.date, until_on: dt.date | None) -> Iterator[Objection]:
    if until_on is not None and until_on < from_on:
        yield Objection(f"The last day is before {day_in_words(from_on)}, the first. Change one of them.", "until_on")


def _objections_to_reason(reason: str) -> Iterator[Objection]:
    if not reason.strip():
        yield Objection("Give the reason: it is kept with your name.", "reason")
    yield from objections_to_text(reason, "The reason", "reason", LONGEST_REASON)
