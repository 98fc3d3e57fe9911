"""Keeping the lists of whom to ask: adding, changing, taking off, and a policy's own list in place of the school's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from governance.errors import NotFound, Objection, refuse_if
from governance.journal.actions import record
from governance.journal.events import Event
from governance.people.models import Post
from governance.people.rules import objections_to_text
from governance.policies.models import Policy, PolicyContact
from governance.policies.reaching import mail_link, phone_link
from governance.schools.names import tidy
from governance.tenancy import Actor, Scope, lock

CONTACTS_CHANGED = Event("whom to ask changed", ids=("policy",), payload=("before", "after"))

MOST = 8
LONGEST_PURPOSE, LONGEST_NAME = 200, 200
_COLUMNS = ("purpose", "post_id", "office", "name", "phone", "email", "about_headteacher")


@dataclass(frozen=True)
class Contact:
    """Somebody to ask, as entered: a post, an office or a name, one of them."""

    purpose: str
    post: Post | None = None
    office: str | None = None
    name: str = ""
    phone: str = ""
    email: str = ""
    about_headteacher: bool = False


def contact_called(session: Session, scope: Scope, public_id: str) -> PolicyContact:
    """A contact of this school.

    Raises:
        NotFound: when it has no such contact.
    """
    mine = (PolicyContact.organisation_id == scope.organisation_id, PolicyContact.public_id == public_id)
    found = session.scalar(select(PolicyContact).where(*mine))
    if found is None:
        raise NotFound(public_id)
    return found


def add_contact(
    session: Session, scope: Scope, actor: Actor, policy: Policy | None, new: Contact, now: dt.datetime
) -> None:
    """Put somebody at the end of a policy's own list, or of the school's.

    Raises:
        Refusal: for nothing to ask about, nobody to ask, a number or address that is none, or a list that is full.
    """

    def add(rows: list[PolicyContact]) -> None:
        refuse_if([*_objections(new), *_full(rows)])
        whose = {"organisation_id": scope.organisation_id, "policy_id": policy.id if policy else None}
        session.add(PolicyContact(**whose, position=len(rows) + 1, **_values(new)))

    _changed(session, scope, actor, policy, add, now)


def change_contact(
    session: Session, scope: Scope, actor: Actor, contact: PolicyContact, new: Contact, now: dt.datetime
) -> None:
    """Put right what a list says of somebody.

    Raises:
        Refusal: as `add_contact`.
    """

    def change(_rows: list[PolicyContact]) -> None:
        refuse_if(_objections(new))
        for name, value in _values(new).items():
            setattr(contact, name, value)

    _changed(session, scope, actor, _policy_of(session, contact), change, now)


def remove_contact(session: Session, scope: Scope, actor: Actor, contact: PolicyContact, now: dt.datetime) -> None:
    """Take somebody off a list. A policy whose list is empty has the school's again."""

    def remove(_rows: list[PolicyContact]) -> None:
        session.execute(delete(PolicyContact).where(PolicyContact.id == contact.id))
        session.expunge(contact)

    _changed(session, scope, actor, _policy_of(session, contact), remove, now)


def move_up(session: Session, scope: Scope, actor: Actor, contact: PolicyContact, now: dt.datetime) -> None:
    """Put somebody one place further up; the first stays first."""

    def move(rows: list[PolicyContact]) -> None:
        place = next(place for place, row in enumerate(rows) if row.id == contact.id)
        if place:
            rows[place - 1].position, rows[place].position = rows[place].position, rows[place - 1].position

    _changed(session, scope, actor, _policy_of(session, contact), move, now)


def start_from_schools(session: Session, scope: Scope, actor: Actor, policy: Policy, now: dt.datetime) -> None:
    """Give a policy a list of its own that begins as the school's. One that has a list keeps it."""

    def copy(rows: list[PolicyContact]) -> None:
        if not rows:
            for one in _listed(session, scope, None):
                copied = {name: getattr(one, name) for name in (*_COLUMNS, "position", "organisation_id")}
                session.add(PolicyContact(policy_id=policy.id, **copied))

    _changed(session, scope, actor, policy, copy, now)


def _listed(session: Session, scope: Scope, policy_id: int | None) -> list[PolicyContact]:
    whose = PolicyContact.policy_id.is_(None) if policy_id is None else PolicyContact.policy_id == policy_id
    query = select(PolicyContact).where(PolicyContact.organisation_id == scope.organisation_id, whose)
    return list(session.scalars(query.order_by(PolicyContact.position, PolicyContact.id)))


def _changed(
    session: Session,
    scope: Scope,
    actor: Actor,
    policy: Policy | None,
    change: Callable[[list[PolicyContact]], None],
    now: dt.datetime,
) -> None:
    """Change a list under the school's lock, number it anew, and write down what it was and is."""
    lock(session, scope)
    policy_id = policy.id if policy else None
    rows = _listed(session, scope, policy_id)
    before = [_as_kept(row) for row in rows]
    change(rows)
    session.flush()
    rows = _listed(session, scope, policy_id)
    for position, row in enumerate(rows, start=1):
        row.position = position
    session.flush()
    after = [_as_kept(row) for row in rows]
    if after != before:
        ids = {"policy": policy.public_id if policy else None}
        record(session, scope, actor, CONTACTS_CHANGED, ids=ids, payload={"before": before, "after": after}, now=now)


def _objections(new: Contact) -> Iterator[Objection]:
    if not tidy(new.purpose):
        yield Objection("Enter what they are asked about, for example “this policy” or “pay and leave”.", "purpose")
    yield from objections_to_text(new.purpose, "What they are asked about", "purpose", LONGEST_PURPOSE)
    chosen = [new.post is not None, new.office is not None, bool(tidy(new.name))]
    if sum(chosen) != 1:
        yield Objection("Choose a post, or enter a name: one of the two.", "name" if any(chosen) else "who")
    yield from objections_to_text(new.name, "The name", "name", LONGEST_NAME)
    if new.phone.strip() and phone_link(new.phone) is None:
        yield Objection(
            "Enter a phone number with 3 to 15 figures, for example 01234 567890 or 567890 ext 12.", "phone"
        )
    if new.email.strip() and mail_link(new.email) is None:
        yield Objection("Enter an e-mail address like name@example.sch.uk.", "email")


def _full(rows: list[PolicyContact]) -> Iterator[Objection]:
    if len(rows) >= MOST:
        yield Objection(f"There are {MOST} already. Take one off first: a short list is read.")


def _values(new: Contact) -> dict[str, object]:
    return {
        "purpose": tidy(new.purpose),
        "post_id": new.post.id if new.post else None,
        "office": new.office,
        "name": tidy(new.name) or None,
        "phone": tidy(new.phone),
        "email": new.email.strip(),
        "about_headteacher": new.about_headteacher,
    }


def _as_kept(row: PolicyContact) -> dict[str, object]:
    return {name: getattr(row, name) for name in _COLUMNS}


def _policy_of(session: Session, contact: PolicyContact) -> Policy | None:
    return session.get_one(Policy, contact.policy_id) if contact.policy_id is not None else None
