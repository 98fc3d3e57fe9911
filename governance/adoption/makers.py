"""Who decides: bodies by their spell of existence, people by the offices they hold."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from governance.adoption.kinds import MakerKind
from governance.adoption.models import Delegation
from governance.adoption.proposals import Delegated, Maker, Spell
from governance.people.models import BodyMember, Category, Engagement, Person
from governance.policies.models import Policy
from governance.schools.models import GoverningBody
from governance.tenancy import Scope

HEADTEACHER_CODE = "headteacher"
# Associate members and the clerk hold no vote of the board, so no power of a governor's.
_OFFICES = {MakerKind.CHAIR: ("chair",), MakerKind.GOVERNOR: ("chair", "vice_chair", "member")}


@dataclass(frozen=True)
class Approver:
    """Somebody who may approve without a meeting, under the office that they hold on the day asked."""

    person_id: int
    person: str
    name: str
    office: MakerKind


def maker_of(
    session: Session, scope: Scope, body: GoverningBody | None, person: Person | None, office: MakerKind | None
) -> Maker | None:
    """The maker that the rules speak of; None where nobody was named."""
    if body is not None:
        return body_maker(body)
    if person is None or office is None:
        return None
    spells = session.execute(_spells(scope, office).where(Person.id == person.id)).all()
    held: tuple[Spell, ...] = tuple((first, last) for *_, first, last in spells)
    return Maker(office, f"{person.given_name} {person.family_name}", ("person", person.id), held)


def body_maker(body: GoverningBody) -> Maker:
    """A board or committee; it decides until its last day."""
    kind = MakerKind.COMMITTEE if body.kind == "committee" else MakerKind.BOARD
    return Maker(kind, body.name, ("body", body.id), ((dt.date.min, body.ended_on),))


def approvers(session: Session, scope: Scope, day: dt.date | None = None) -> list[Approver]:
    """Who may approve without a meeting on a day, or ever could: headteacher, chair, then governors, each office once."""
    found: dict[tuple[int, MakerKind], Approver] = {}
    for office in (MakerKind.HEADTEACHER, MakerKind.CHAIR, MakerKind.GOVERNOR):
        for person_id, public_id, given, family, first, last in session.execute(_spells(scope, office)):
            if day is None or (first <= day and (last is None or last >= day)):
                found.setdefault((person_id, office), Approver(person_id, public_id, f"{given} {family}", office))
    return list(found.values())


def powers_of(session: Session, scope: Scope, maker: Maker, policy: Policy) -> list[Delegated]:
    """The delegations that cover a policy and this maker, whenever they hold."""
    column = Delegation.body_id if maker.kind.is_body else Delegation.person_id
    holder = column == maker.key[1]
    if not maker.kind.is_body:
        holder = or_(holder, Delegation.office == maker.kind)
    covers = or_(
        Delegation.policy_id == policy.id,
        Delegation.policy_id.is_(None) & or_(Delegation.policy_kind.is_(None), Delegation.policy_kind == policy.kind),
    )
    rows = session.execute(
        select(Delegation.from_on, Delegation.until_on, Delegation.source)
        .where(Delegation.organisation_id == scope.organisation_id, holder, covers)
        .order_by(Delegation.from_on, Delegation.id)
    )
    return [Delegated(*row) for row in rows]


def _spells(scope: Scope, office: MakerKind) -> Select[int, str, str, str, dt.date, dt.date | None]:
    """Who held an office, with the first and last day of each spell."""
    who = (Person.id, Person.public_id, Person.given_name, Person.family_name)
    if office is MakerKind.HEADTEACHER:
        return (
            select(*who, Engagement.started_on, Engagement.ended_on)
            .join(Engagement, Engagement.person_id == Person.id)
            .join(Category, Category.id == Engagement.category_id)
            .where(Person.organisation_id == scope.organisation_id, Category.code == HEADTEACHER_CODE)
            .order_by(Person.sort_key, Person.id, Engagement.started_on)
        )
    return (
        select(*who, BodyMember.from_on, BodyMember.until_on)
        .join(BodyMember, BodyMember.person_id == Person.id)
        .join(GoverningBody, GoverningBody.id == BodyMember.body_id)
        .where(
            Person.organisation_id == scope.organisation_id,
            GoverningBody.kind == "board",
            BodyMember.office.in_(_OFFICES[office]),
        )
        .order_by(Person.sort_key, Person.id, BodyMember.from_on)
    )
