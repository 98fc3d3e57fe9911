"""Whom to ask about a policy: its own short list, or the whole school's until it has one.

    contacts ─ the policy's, else the school's ─▶ posts and offices of the day ─▶ Whom, with links to ring and to write

A post and an office are shown with whoever has them on the day, so that a new headteacher changes nothing here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from governance.people.models import Post
from governance.people.offices import headteachers_on, posts_on, seats
from governance.people.queries import PersonRef
from governance.people.rules import Office
from governance.policies.models import PolicyContact
from governance.policies.reaching import mail_link, phone_link
from governance.schools.models import GoverningBody
from governance.tenancy import Scope

HEADTEACHER, CHAIR = "headteacher", "chair"
OFFICES = {HEADTEACHER: "Headteacher", CHAIR: "Chair of governors"}


@dataclass(frozen=True)
class Whom:
    """Somebody to ask, as shown on a day. `who` is the post, office or name; `holder` has it that day, "" for nobody."""

    public_id: str
    purpose: str
    who: str
    holder: str
    vacant: bool
    phone: str
    email: str
    about_headteacher: bool

    @property
    def tel(self) -> str | None:
        """The link that rings them."""
        return phone_link(self.phone)

    @property
    def mailto(self) -> str | None:
        """The link that writes to them."""
        return mail_link(self.email)


@dataclass(frozen=True)
class Asked:
    """A list of people to ask. `own` says that it is the policy's own and not the school's."""

    own: bool
    whom: tuple[Whom, ...]


def whom_to_ask(session: Session, scope: Scope, policy_id: int | None, day: dt.date) -> Asked:
    """The list that holds for a policy on a day; of the school itself without one."""
    schools = PolicyContact.policy_id.is_(None)
    mine = schools if policy_id is None else or_(PolicyContact.policy_id == policy_id, schools)
    rows = session.scalars(
        select(PolicyContact)
        .where(PolicyContact.organisation_id == scope.organisation_id, mine)
        .order_by(PolicyContact.position, PolicyContact.id)
    ).all()
    own = [row for row in rows if row.policy_id is not None]
    listed = own or list(rows)
    titles = _titles(session, scope, listed, day)
    return Asked(bool(own), tuple(_shown(row, *titles(row)) for row in listed))


def _titles(
    session: Session, scope: Scope, rows: list[PolicyContact], day: dt.date
) -> Callable[[PolicyContact], tuple[str, str | None]]:
    """For each contact its title, and whoever has it that day: None for nobody, "" for a name of its own."""
    held: dict[int, tuple[str, str | None]] = {}
    if any(row.post_id for row in rows):
        held = {post.id: (post.name, _name(post.holder)) for post in posts_on(session, scope, day)}
    offices = {row.office: _in_office(session, scope, row.office, day) for row in rows if row.office}

    def title(row: PolicyContact) -> tuple[str, str | None]:
        if row.office:
            return OFFICES[row.office], offices[row.office]
        if row.post_id:
            # a post that has ended is still named, as vacant
            return held.get(row.post_id) or (session.get_one(Post, row.post_id).name, None)
        return row.name or "", ""

    return title


def _in_office(session: Session, scope: Scope, office: str, day: dt.date) -> str | None:
    if office == HEADTEACHER:
        return " and ".join(one.name for one in headteachers_on(session, scope, day)) or None
    boards = select(GoverningBody.id).where(
        GoverningBody.organisation_id == scope.organisation_id, GoverningBody.kind == "board"
    )
    ids = set(session.scalars(boards.order_by(GoverningBody.id)))
    sitting = seats(session, scope, day=day)
    chairs = [seat.person.name for seat in sitting if seat.office is Office.CHAIR and seat.body_id in ids]
    return " and ".join(dict.fromkeys(chairs)) or None


def _name(holder: PersonRef | None) -> str | None:
    return holder.name if holder else None


def _shown(row: PolicyContact, who: str, holder: str | None) -> Whom:
    return Whom(
        row.public_id,
        row.purpose,
        who,
        holder or "",
        holder is None,
        row.phone,
        row.email,
        row.about_headteacher,
    )
