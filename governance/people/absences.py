"""Days away. Only HR sees why; what is owed looks at the days alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.clock import local_day
from governance.errors import Objection, refuse_if
from governance.extract.dates import day_in_words
from governance.journal.actions import record
from governance.journal.events import Event
from governance.people import rules
from governance.people.models import Absence, Person
from governance.people.rules import Term
from governance.schools.names import tidy
from governance.tenancy import Actor, Scope, lock

ABSENCE_RECORDED = Event("absence recorded", ids=("person", "absence"), payload=("from_on", "until_on", "reason"))
ABSENCE_CHANGED = Event("absence changed", ids=("person", "absence"), payload=("before", "after"))

# What a screen offers. Nothing more exact is needed to tell who is chased, and nothing more should be kept.
REASONS = (
    "Illness",
    "Maternity, paternity or adoption leave",
    "Compassionate leave",
    "Secondment",
    "Career break",
    "Other leave",
)


def record_absence(
    session: Session,
    scope: Scope,
    actor: Actor,
    person: Person,
    *,
    from_on: dt.date,
    until_on: dt.date | None = None,
    reason: str = "",
    now: dt.datetime,
) -> Absence:
    """Say that somebody is away, until a last day or until further notice.

    Raises:
        Refusal: for impossible days, or days on which they are recorded as away already.
    """
    lock(session, scope)
    refuse_if(_objections(session, scope, person.id, Term(from_on, until_on), reason, None, now))
    absence = Absence(
        organisation_id=scope.organisation_id,
        person_id=person.id,
        from_on=from_on,
        until_on=until_on,
        reason=tidy(reason),
    )
    session.add(absence)
    session.flush()
    ids = {"person": person.public_id, "absence": absence.public_id}
    record(session, scope, actor, ABSENCE_RECORDED, ids=ids, payload=_values(absence), now=now)
    return absence


def change_absence(
    session: Session,
    scope: Scope,
    actor: Actor,
    absence: Absence,
    *,
    from_on: dt.date,
    until_on: dt.date | None,
    reason: str | None = None,
    now: dt.datetime,
) -> Absence:
    """Put right the days of an absence; the reason too, where one is given.

    Raises:
        Refusal: as `record_absence`.
    """
    lock(session, scope)
    why = absence.reason if reason is None else tidy(reason)
    refuse_if(_objections(session, scope, absence.person_id, Term(from_on, until_on), why, absence.id, now))
    before = _values(absence)
    absence.from_on, absence.until_on, absence.reason = from_on, until_on, why
    session.flush()
    after = _values(absence)
    if after != before:
        person = session.get_one(Person, absence.person_id)
        ids = {"person": person.public_id, "absence": absence.public_id}
        record(session, scope, actor, ABSENCE_CHANGED, ids=ids, payload={"before": before, "after": after}, now=now)
    return absence


def end_absence(
    session: Session, scope: Scope, actor: Actor, absence: Absence, *, until_on: dt.date, now: dt.datetime
) -> Absence:
    """Say on which last day somebody was away; they are back on the next.

    Raises:
        Refusal: for a day before the absence began.
    """
    return change_absence(session, scope, actor, absence, from_on=absence.from_on, until_on=until_on, now=now)


def _objections(
    session: Session, scope: Scope, person_id: int, days: Term, reason: str, own_id: int | None, now: dt.datetime
) -> Iterator[Objection]:
    today = local_day(now, scope.time_zone)
    yield from rules.objections_to_days(
        days.from_on, days.until_on, today, ("from_on", "until_on"), "The last day away"
    )
    yield from rules.objections_to_text(reason, "The reason", "reason", rules.LONGEST_REASON)
    others = session.scalars(
        select(Absence).where(Absence.person_id == person_id).order_by(Absence.from_on, Absence.id)
    )
    for other in others:
        if other.id != own_id and days.meets(Term(other.from_on, other.until_on)):
            yield Objection(
                f"They are recorded as away from {day_in_words(other.from_on)} already. Change that absence instead.",
                "from_on",
            )
            return


def _values(absence: Absence) -> dict[str, str | None]:
    until = absence.until_on.isoformat() if absence.until_on else None
    return {"from_on": absence.from_on.isoformat(), "until_on": until, "reason": absence.reason}
