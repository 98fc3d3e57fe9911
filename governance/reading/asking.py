"""*Start asking*: the moment from which a school's people are asked to read what is in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.orm import Session, aliased

from governance.adoption.models import Asking, Decision, InForce
from governance.adoption.standing import holding, stands
from governance.errors import Refusal
from governance.extract.dates import day_in_words
from governance.journal.actions import record
from governance.journal.events import Event
from governance.people.models import Category
from governance.policies.models import Policy, PolicyVersion
from governance.reading.models import ReadingRule
from governance.tenancy import Actor, Organisation, Scope, lock

STARTED = Event("asking started", ids=(), payload=("from_on", "policies"))
ASKED = Event("asked to read", ids=("policy",), payload=("from_on", "categories"))


@dataclass(frozen=True)
class Unasked:
    """A policy in force, required of somebody, whose present version nobody has been asked to read."""

    in_force_id: int
    policy_id: int
    public_id: str
    title: str
    since: dt.date
    version: int
    asked_before: bool


def asking_since(session: Session, scope: Scope) -> dt.date | None:
    """The day from which the school asks, or None while it has not started."""
    return session.scalar(select(Organisation.asking_since).where(Organisation.id == scope.organisation_id))


def unasked(session: Session, scope: Scope, day: dt.date) -> list[Unasked]:
    """Policies in force on a day that a rule requires of somebody and that were never asked, by title."""
    return [one for one in _not_asked(session, scope, day) if not one.asked_before]


def asked_earlier_only(session: Session, scope: Scope, day: dt.date) -> list[Unasked]:
    """The same where an earlier version was asked and the one in force was not: a minor change asks nobody."""
    return [one for one in _not_asked(session, scope, day) if one.asked_before]


def _not_asked(session: Session, scope: Scope, day: dt.date) -> list[Unasked]:
    newest = (InForce.from_on.desc(), InForce.id.desc())
    rank = func.row_number().over(partition_by=InForce.policy_id, order_by=newest).label("rank")
    columns = (InForce.id, InForce.policy_id, InForce.version_id, InForce.from_on, rank)
    current = holding(scope.organisation_id, day, *columns).subquery().c
    earlier = aliased(InForce)
    asked_before = (
        select(Asking.id)
        .join(earlier, earlier.id == Asking.in_force_id)
        .join(Decision, Decision.id == earlier.decision_id)
        .where(earlier.policy_id == Policy.id, stands())
        .correlate(Policy)
        .exists()
    )
    rows = session.execute(
        select(
            current.id, Policy.id, Policy.public_id, Policy.title, current.from_on, PolicyVersion.number, asked_before
        )
        .join(Policy, Policy.id == current.policy_id)
        .join(PolicyVersion, PolicyVersion.id == current.version_id)
        .where(
            current.rank == 1,
            Policy.retired_on.is_(None) | (Policy.retired_on >= day),
            ~select(Asking.id).where(Asking.in_force_id == current.id).exists(),
            select(ReadingRule.id).where(ReadingRule.policy_id == Policy.id, _rule_holds(day)).exists(),
        )
        .order_by(Policy.sort_key, Policy.id)
    )
    return [Unasked(*row) for row in rows]


def _rule_holds(day: dt.date) -> ColumnElement[bool]:
    """Rules to come count as well: an asking covers them from their first day."""
    return ReadingRule.until_on.is_(None) | (ReadingRule.until_on >= day)


def start_asking(
    session: Session,
    scope: Scope,
    actor: Actor,
    from_on: dt.date,
    today: dt.date,
    now: dt.datetime,
    *,
    again: Collection[int] = (),
) -> int:
    """Ask everyone whom a rule requires to read what is in force and was never asked, from a day on.

    `again` are ids of policies of which an earlier version was asked and the present one is to be asked too.

    Returns:
        The number of policies now asked. Later decisions ask by themselves, as whoever records them chooses.

    Raises:
        Refusal: for a day that has passed, since nobody can be late for something they were never asked; or where the
            school asks already.
    """
    lock(session, scope)
    since = asking_since(session, scope)
    if since is not None:
        raise Refusal.one(f"Your school has been asking since {day_in_words(since)}. Nothing was changed.")
    _refuse_past(from_on, today)
    # Whatever is in force on the day itself, which may be later than today.
    waiting = [one for one in _not_asked(session, scope, from_on) if not one.asked_before or one.policy_id in again]
    for policy in waiting:
        _ask(session, scope, policy.in_force_id, [None], from_on, now)
    session.execute(
        update(Organisation)
        .where(Organisation.id == scope.organisation_id)
        .values(asking_since=from_on)
        .execution_options(synchronize_session=False)
    )
    content = {"from_on": from_on, "policies": [policy.public_id for policy in waiting]}
    record(session, scope, actor, STARTED, ids={}, payload=content, now=now)
    return len(waiting)


def ask_to_read(
    session: Session,
    scope: Scope,
    actor: Actor,
    policy: Policy,
    in_force: InForce,
    categories: Iterable[Category] | None,
    from_on: dt.date,
    today: dt.date,
    now: dt.datetime,
) -> None:
    """Ask categories, or everyone a rule requires, to read the version in force. Who was asked before is left out.

    Raises:
        Refusal: for a day that has passed, before the school asks at all, without a category, or where all were asked.
    """
    lock(session, scope)
    _refuse_past(from_on, today)
    if asking_since(session, scope) is None:
        raise Refusal.one("Your school has not started asking. Start that first: it asks about every policy in force.")
    chosen = None if categories is None else list(categories)
    if chosen == []:
        raise Refusal.one("Choose everyone, or at least one category.", "categories")
    asked = set(session.scalars(select(Asking.category_id).where(Asking.in_force_id == in_force.id)))
    wanted = [None] if chosen is None else [category.id for category in chosen]
    fresh = [] if None in asked else [category_id for category_id in wanted if category_id not in asked]
    if not fresh:
        raise Refusal.one("They were all asked to read this version already.", "categories")
    _ask(session, scope, in_force.id, fresh, max(from_on, in_force.from_on), now)
    names = None if chosen is None else [category.name for category in chosen if category.id in fresh]
    content = {"from_on": from_on, "categories": names}
    record(session, scope, actor, ASKED, ids={"policy": policy.public_id}, payload=content, now=now)


def in_force_now(session: Session, scope: Scope, policy_id: int, day: dt.date) -> InForce | None:
    """The row of the version of a policy in force on a day."""
    newest = holding(scope.organisation_id, day, InForce).where(InForce.policy_id == policy_id)
    return session.scalars(newest.order_by(InForce.from_on.desc(), InForce.id.desc()).limit(1)).first()


def _refuse_past(from_on: dt.date, today: dt.date) -> None:
    if from_on < today:
        raise Refusal.one("Choose today or a later day: nobody can have been asked before now.", "from_on")


def _ask(
    session: Session,
    scope: Scope,
    in_force_id: int,
    categories: Iterable[int | None],
    from_on: dt.date,
    now: dt.datetime,
) -> None:
    session.execute(
        insert(Asking),
        [
            {
                "organisation_id": scope.organisation_id,
                "in_force_id": in_force_id,
                "category_id": category,
                "from_on": from_on,
                "recorded_at": now,
            }
            for category in categories
        ],
    )
