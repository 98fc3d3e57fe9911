"""Who sits on a governing body, in which office, from when to when."""

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
from governance.people.models import BodyMember, Person
from governance.people.rules import Office, Term, full_name
from governance.schools.models import GoverningBody
from governance.tenancy import Actor, Scope, lock

MEMBER_SEATED = Event("member seated", ids=("body", "person", "membership"), payload=("office", "from_on", "until_on"))
MEMBERSHIP_ENDED = Event("membership ended", ids=("body", "person", "membership"), payload=("until_on",))
MEMBERSHIP_CORRECTED = Event("membership corrected", ids=("body", "person", "membership"), payload=("before", "after"))


def seat_member(
    session: Session,
    scope: Scope,
    actor: Actor,
    body: GoverningBody,
    person: Person,
    *,
    office: str,
    from_on: dt.date,
    until_on: dt.date | None = None,
    now: dt.datetime,
) -> BodyMember:
    """Give somebody an office on a body for a term. Another office of theirs there is left as it is.

    Raises:
        Refusal: for impossible days, a second chair at a time, or an office they hold then already.
    """
    lock(session, scope)
    term = Term(from_on, until_on)
    refuse_if(_objections(session, scope, body, person, office, term, None, now))
    seat = BodyMember(
        organisation_id=scope.organisation_id,
        body_id=body.id,
        person_id=person.id,
        office=str(Office(office)),
        from_on=from_on,
        until_on=until_on,
    )
    session.add(seat)
    session.flush()
    record(session, scope, actor, MEMBER_SEATED, ids=_ids(session, seat), payload=_values(seat), now=now)
    return seat


def correct_membership(
    session: Session,
    scope: Scope,
    actor: Actor,
    seat: BodyMember,
    *,
    office: str,
    from_on: dt.date,
    until_on: dt.date | None,
    now: dt.datetime,
) -> BodyMember:
    """Put right an office or its term.

    Raises:
        Refusal: as `seat_member`.
    """
    lock(session, scope)
    body, person = session.get_one(GoverningBody, seat.body_id), session.get_one(Person, seat.person_id)
    refuse_if(_objections(session, scope, body, person, office, Term(from_on, until_on), seat.id, now))
    before = _values(seat)
    seat.office, seat.from_on, seat.until_on = str(Office(office)), from_on, until_on
    session.flush()
    after = _values(seat)
    if after != before:
        payload = {"before": before, "after": after}
        record(session, scope, actor, MEMBERSHIP_CORRECTED, ids=_ids(session, seat), payload=payload, now=now)
    return seat


def end_membership(
    session: Session, scope: Scope, actor: Actor, seat: BodyMember, *, until_on: dt.date, now: dt.datetime
) -> BodyMember:
    """End somebody's office; `until_on` is the last day of it.

    Raises:
        Refusal: for a last day before the first.
    """
    lock(session, scope)
    today = local_day(now, scope.time_zone)
    fields = ("from_on", "until_on")
    refuse_if(rules.objections_to_days(seat.from_on, until_on, today, fields, "The last day of the term"))
    seat.until_on = until_on
    session.flush()
    payload = {"until_on": until_on.isoformat()}
    record(session, scope, actor, MEMBERSHIP_ENDED, ids=_ids(session, seat), payload=payload, now=now)
    return seat


def _objections(
    session: Session,
    scope: Scope,
    body: GoverningBody,
    person: Person,
    office: str,
    term: Term,
    own_id: int | None,
    now: dt.datetime,
) -> Iterator[Objection]:
    rows = session.execute(
        select(BodyMember, Person.given_name, Person.family_name)
        .join(Person, Person.id == BodyMember.person_id)
        .where(BodyMember.body_id == body.id, BodyMember.id != (own_id or 0))
        .order_by(BodyMember.from_on, BodyMember.id)
    ).all()
    own = [seat for seat, _, _ in rows if seat.person_id == person.id and seat.office == office]
    chairs = [
        (full_name(given, family), Term(seat.from_on, seat.until_on))
        for seat, given, family in rows
        if seat.office == Office.CHAIR and seat.person_id != person.id
    ]
    yield from rules.objections_to_seat(office, term, local_day(now, scope.time_zone), chairs)
    if body.ended_on is not None and term.from_on > body.ended_on:
        yield Objection(f"{body.name} ended on {day_in_words(body.ended_on)}.", "from_on")
    for seat in own:
        if term.meets(Term(seat.from_on, seat.until_on)):
            since = day_in_words(seat.from_on)
            yield Objection(f"They hold that office there from {since} already. Correct that term instead.", "from_on")
            return


def _ids(session: Session, seat: BodyMember) -> dict[str, str]:
    body, person = session.get_one(GoverningBody, seat.body_id), session.get_one(Person, seat.person_id)
    return {"body": body.public_id, "person": person.public_id, "membership": seat.public_id}


def _values(seat: BodyMember) -> dict[str, str | None]:
    until = seat.until_on.isoformat() if seat.until_on else None
    return {"office": seat.office, "from_on": seat.from_on.isoformat(), "until_on": until}
