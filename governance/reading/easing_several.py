"""More time, or not needed, for several people at once: all of them, or none and why not for each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from governance.errors import Objection, Refusal, refuse_if
from governance.people.models import Person
from governance.people.rules import full_name
from governance.policies.models import Policy
from governance.reading.easing import excuse, extend, objections_to_excusing, objections_to_more_time
from governance.tenancy import Actor, Scope, lock


def excuse_each(
    session: Session,
    scope: Scope,
    actor: Actor,
    people: Sequence[Person],
    policy: Policy,
    *,
    from_on: dt.date,
    until_on: dt.date | None,
    reason: str,
    now: dt.datetime,
) -> None:
    """Record of each that they need not read a policy, as `excuse` does.

    Raises:
        Refusal: naming everybody of whom it cannot be recorded. Nothing may be kept then.
    """
    lock(session, scope)
    refuse_if(objections_to_excusing(from_on, until_on, reason))
    days = {"from_on": from_on, "until_on": until_on}
    _each(people, lambda who: excuse(session, scope, actor, who, policy, **days, reason=reason, now=now))  # type: ignore[arg-type]


def extend_each(
    session: Session,
    scope: Scope,
    actor: Actor,
    people: Sequence[Person],
    policy: Policy,
    *,
    until_on: dt.date,
    reason: str,
    today: dt.date,
    now: dt.datetime,
) -> None:
    """Give each until a day, as `extend` does.

    Raises:
        Refusal: naming everybody to whom it cannot be given. Nothing may be kept then.
    """
    lock(session, scope)
    refuse_if(objections_to_more_time(until_on, reason, today))
    values = {"until_on": until_on, "reason": reason, "today": today, "now": now}
    _each(people, lambda who: extend(session, scope, actor, who, policy, **values))  # type: ignore[arg-type]


def _each(people: Sequence[Person], act: Callable[[Person], object]) -> None:
    """Act for each, and gather what is said against any, by name."""
    found: list[Objection] = []
    for who in people:
        try:
            act(who)
        except Refusal as refusal:
            name = full_name(who.given_name, who.family_name)
            found += [Objection(f"{name}: {_lowered(one.message)}") for one in refusal.objections]
    refuse_if(found)


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
