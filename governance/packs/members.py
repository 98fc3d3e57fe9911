"""A member's own meetings: those of the bodies they sit on, with the pack that was sent and what was decided."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from governance.adoption.kinds import Kind
from governance.adoption.models import Decision
from governance.adoption.standing import stands
from governance.packs.models import Pack, PackSending
from governance.people.models import BodyMember
from governance.schools.former_names import name_on
from governance.schools.models import GoverningBody, Meeting
from governance.tenancy import Scope


@dataclass(frozen=True)
class OwnMeeting:
    """A meeting held or to be held while the person's term lasts. `pack` is the one sent last, if any was."""

    meeting: str
    body: str
    held_on: dt.date
    starts_at: dt.time | None
    place: str
    state: str
    decided: int
    pack: str | None = None


def own_meetings(session: Session, scope: Scope, person_id: int, from_on: dt.date) -> list[OwnMeeting]:
    """The meetings of somebody's bodies from a day on, by day; each only where it falls in their term of office."""
    decided = (
        select(func.count(Decision.id))
        .where(Decision.meeting_id == Meeting.id, Decision.kind != Kind.MISTAKEN, stands())
        .scalar_subquery()
    )
    seat = aliased(BodyMember)
    sits = (
        select(seat.id)
        .where(seat.person_id == person_id, seat.body_id == Meeting.body_id, seat.from_on <= Meeting.held_on)
        .where(or_(seat.until_on.is_(None), seat.until_on >= Meeting.held_on))
        .exists()
    )
    rows = session.execute(
        select(
            Meeting.id,
            Meeting.public_id,
            name_on(Meeting.held_on),
            Meeting.held_on,
            Meeting.starts_at,
            func.coalesce(Meeting.place, ""),
            Meeting.state,
            decided,
        )
        .join(GoverningBody, GoverningBody.id == Meeting.body_id)
        .where(and_(Meeting.organisation_id == scope.organisation_id, Meeting.held_on >= from_on, sits))
        .order_by(Meeting.held_on, Meeting.id)
    ).all()
    packs = _sent(session, scope, [row[0] for row in rows])
    return [
        OwnMeeting(*row[1:], packs.get(row[0]))
        for row in map(tuple[int, str, str, dt.date, dt.time | None, str, str, int], rows)
    ]


def _sent(session: Session, scope: Scope, meeting_ids: list[int]) -> dict[int, str]:
    """The pack that was sent last for each meeting."""
    rows = session.execute(
        select(Pack.meeting_id, Pack.public_id)
        .join(PackSending, PackSending.pack_id == Pack.id)
        .where(Pack.organisation_id == scope.organisation_id, Pack.meeting_id.in_(meeting_ids))
        .order_by(PackSending.id)
    )
    return {row.meeting_id: row.public_id for row in rows}
