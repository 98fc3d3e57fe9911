"""Which bodies a school has, and when they meet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from governance.schools.former_names import name_on, once_called
from governance.schools.models import GoverningBody, Meeting
from governance.schools.names import fold
from governance.tenancy import Scope


@dataclass(frozen=True)
class BodyRow:
    """A governing body as lists show it."""

    id: int
    public_id: str
    name: str
    kind: str
    ended_on: dt.date | None


@dataclass(frozen=True)
class MeetingRow:
    """A meeting with its body."""

    id: int
    public_id: str
    body_id: int
    body_public_id: str
    body_name: str
    held_on: dt.date
    starts_at: dt.time | None
    place: str | None
    state: str


def bodies(session: Session, scope: Scope, *, as_of: dt.date | None = None) -> list[BodyRow]:
    """The school's bodies, boards before committees; with `as_of`, those not dissolved before that day."""
    query = (
        select(
            GoverningBody.id, GoverningBody.public_id, GoverningBody.name, GoverningBody.kind, GoverningBody.ended_on
        )
        .where(GoverningBody.organisation_id == scope.organisation_id)
        .order_by(GoverningBody.kind, GoverningBody.name_key)
    )
    if as_of is not None:
        query = query.where(or_(GoverningBody.ended_on.is_(None), GoverningBody.ended_on >= as_of))
    return [BodyRow(*row) for row in session.execute(query)]


def body_named(session: Session, scope: Scope, name: str) -> GoverningBody | None:
    """The body of that name, now or once, whatever its case, accents and spaces."""
    mine = select(GoverningBody).where(GoverningBody.organisation_id == scope.organisation_id)
    now = session.scalar(mine.where(GoverningBody.name_key == fold(name)))
    once = mine.where(GoverningBody.id.in_(once_called(scope, fold(name)))).order_by(GoverningBody.id.desc())
    return now or session.scalar(once.limit(1))


def meetings(
    session: Session,
    scope: Scope,
    *,
    from_on: dt.date | None = None,
    until_on: dt.date | None = None,
    body_id: int | None = None,
    cancelled: bool = False,
) -> list[MeetingRow]:
    """Meetings in the order of their days, both ends included; cancelled ones only when asked for."""
    query = _meetings(scope).order_by(Meeting.held_on, GoverningBody.kind, GoverningBody.name_key)
    if from_on is not None:
        query = query.where(Meeting.held_on >= from_on)
    if until_on is not None:
        query = query.where(Meeting.held_on <= until_on)
    if body_id is not None:
        query = query.where(Meeting.body_id == body_id)
    if not cancelled:
        query = query.where(Meeting.state != "cancelled")
    return [MeetingRow(*row) for row in session.execute(query)]


def meeting_row(session: Session, scope: Scope, public_id: str) -> MeetingRow | None:
    """One meeting with its body; None where this school has no such meeting."""
    row = session.execute(_meetings(scope).where(Meeting.public_id == public_id)).one_or_none()
    return MeetingRow(*row) if row else None


def next_meeting(session: Session, scope: Scope, as_of: dt.date, *, body_id: int | None = None) -> MeetingRow | None:
    """The first planned meeting on or after a day, of one body or of any."""
    query = _meetings(scope).where(Meeting.held_on >= as_of, Meeting.state == "planned")
    if body_id is not None:
        query = query.where(Meeting.body_id == body_id)
    row = session.execute(query.order_by(Meeting.held_on, GoverningBody.kind, GoverningBody.name_key).limit(1)).first()
    return MeetingRow(*row) if row else None


def _meetings(
    scope: Scope,
) -> Select[int, str, int, str, str, dt.date, dt.time | None, str | None, str]:
    return (
        select(
            Meeting.id,
            Meeting.public_id,
            Meeting.body_id,
            GoverningBody.public_id,
            name_on(Meeting.held_on),
            Meeting.held_on,
            Meeting.starts_at,
            Meeting.place,
            Meeting.state,
        )
        .join(GoverningBody, GoverningBody.id == Meeting.body_id)
        .where(Meeting.organisation_id == scope.organisation_id)
    )
