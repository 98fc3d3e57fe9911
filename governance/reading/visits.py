"""Reading through a link: what the link opens, the short visit that a person starts by pressing a button, and its acts.

GET  looks whether the link works; nothing is spent
POST opens a visit: a row, and a token in that browser's cookie
acts are of the link's person alone, as long as link, visit and person stand
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from governance.accounts.links import tidied
from governance.accounts.permissions import Permission
from governance.accounts.sessions import hashed
from governance.accounts.standing import has_left
from governance.clock import local_day
from governance.errors import Refusal
from governance.journal.actions import record
from governance.journal.events import Event
from governance.people.models import Person
from governance.people.rules import full_name
from governance.policies.models import PolicyVersion
from governance.reading.acknowledging import Act, Shown, acknowledge, receipt_of_day
from governance.reading.links import LinkState, close, state_of
from governance.reading.models import Acknowledgement, ReadingLink, ReadingVisit
from governance.tenancy import Actor, Organisation, Scope, lock, scope_of

LINK_OPENED = Event("reading link opened", ids=("link", "person"))
ACKNOWLEDGED_BY_LINK = Event("acknowledged by link", ids=("receipt", "link"))
ASKED_AGAIN = Event("new reading link asked for", ids=("link", "person"))

LONGEST = dt.timedelta(hours=12)


@dataclass(frozen=True)
class Reader:
    """Whom a link that works is for, and at which school."""

    link: ReadingLink
    person: Person
    scope: Scope
    colour: str | None

    @property
    def name(self) -> str:
        """Their name."""
        return full_name(self.person.given_name, self.person.family_name)

    @property
    def actor(self) -> Actor:
        """They themselves, who may read and confirm and nothing else."""
        return Actor(self.name, None, self.person.id, frozenset({Permission.READ}))


def reader_of(session: Session, typed: str, now: dt.datetime) -> Reader | None:
    """Whom a link is for; None for one that is worn out, cut short or made up. It only looks."""
    return _reader(session, ReadingLink.token_sha256 == hashed(tidied(typed)), now)


def visiting(session: Session, token: str, now: dt.datetime) -> Reader | None:
    """Who reads in a visit; None where it was ended or is too old, or where its link or its person is no longer good."""
    visit = (
        select(ReadingVisit.link_id)
        .where(
            ReadingVisit.token_sha256 == hashed(token), ReadingVisit.ended_at.is_(None), ReadingVisit.expires_at > now
        )
        .scalar_subquery()
    )
    return _reader(session, ReadingLink.id == visit, now)


def open_visit(session: Session, reader: Reader, now: dt.datetime) -> str:
    """Let a browser in for at most twelve hours; the token for its cookie."""
    lock(session, reader.scope)
    token = secrets.token_urlsafe(32)
    session.add(
        ReadingVisit(
            organisation_id=reader.scope.organisation_id,
            link_id=reader.link.id,
            token_sha256=hashed(token),
            opened_at=now,
            expires_at=now + LONGEST,
        )
    )
    session.flush()
    record(session, reader.scope, reader.actor, LINK_OPENED, ids=_ids(reader), now=now)
    return token


def end_visit(session: Session, token: str, now: dt.datetime) -> None:
    """End one browser's visit. The link goes on working."""
    session.execute(
        update(ReadingVisit)
        .where(ReadingVisit.token_sha256 == hashed(token), ReadingVisit.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )


def finish(session: Session, reader: Reader, token: str, *, all_read: bool, now: dt.datetime) -> None:
    """ "I am finished": the visit is over, and with nothing left to read the link is too."""
    lock(session, reader.scope)
    end_visit(session, token, now)
    if all_read and reader.link.closed_at is None:
        close(session, reader.scope, reader.actor, reader.link, reader.person, "finished", now)


def confirm_by_link(
    session: Session, token: str, reader: Reader, version: PolicyVersion, shown: Shown, act: Act, now: dt.datetime
) -> Acknowledgement:
    """Record the act of the link's own person; a retry or a parallel post gives the first receipt again.

    Raises:
        Refusal: where the link was closed a moment ago, and as `acknowledge`.
    """
    lock(session, reader.scope)
    # asked again under the lock: closing the link and leaving the school take it too
    session.expire_all()
    still = visiting(session, token, now)
    if still is None or still.person.id != reader.person.id:
        raise Refusal.one("This link was closed a moment ago, so nothing was recorded. Ask your school's office.")
    earlier = receipt_of_day(session, reader.scope, reader.person.id, version.id, act.acknowledged_on, act.parts)
    receipt = acknowledge(session, reader.scope, reader.actor, reader.person, version, shown, act, now)
    if earlier is None:
        ids = {"receipt": receipt.public_id, "link": reader.link.public_id}
        record(session, reader.scope, reader.actor, ACKNOWLEDGED_BY_LINK, ids=ids, now=now)
    return receipt


def ask_again(session: Session, typed: str, now: dt.datetime) -> None:
    """Somebody with a worn-out link would like a new one: whoever keeps reading sees it beside the person.

    Nothing is answered: a link that is made up, and one of somebody who has left, look the same.
    """
    row = _found(session, ReadingLink.token_sha256 == hashed(tidied(typed)))
    if row is None:
        return
    link, person, organisation = row
    scope = scope_of(organisation)
    today = local_day(now, scope.time_zone)
    if link.asked_again_at or state_of(link, now) is LinkState.OPEN or has_left(session, person, today):
        return
    lock(session, scope)
    link.asked_again_at = now
    session.flush()
    reader = Reader(link, person, scope, organisation.colour)
    record(session, scope, reader.actor, ASKED_AGAIN, ids=_ids(reader), now=now)


def _reader(session: Session, which: ColumnElement[bool], now: dt.datetime) -> Reader | None:
    row = _found(session, which)
    if row is None:
        return None
    link, person, organisation = row
    scope = scope_of(organisation)
    gone = has_left(session, person, local_day(now, scope.time_zone))
    if gone or state_of(link, now) is not LinkState.OPEN:
        return None
    return Reader(link, person, scope, organisation.colour)


def _found(session: Session, which: ColumnElement[bool]) -> tuple[ReadingLink, Person, Organisation] | None:
    row = session.execute(
        select(ReadingLink, Person, Organisation)
        .join(Person, Person.id == ReadingLink.person_id)
        .join(Organisation, Organisation.id == ReadingLink.organisation_id)
        .where(which)
    ).one_or_none()
    return (row[0], row[1], row[2]) if row else None


def _ids(reader: Reader) -> dict[str, str]:
    return {"link": reader.link.public_id, "person": reader.person.public_id}
