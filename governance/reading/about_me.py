"""What is recorded about one person, for that person alone: the facts themselves, absences with their own reasons."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from governance.accounts.models import SignedIn
from governance.adoption.models import Asking, InForce
from governance.clock import local_day
from governance.journal.models import JournalEntry
from governance.mail.models import Outbox
from governance.people.models import Person
from governance.people.record import PersonRecord, person_record
from governance.policies.models import Policy, PolicyVersion
from governance.reading.links import LinkLine, latest_links
from governance.reading.mine import Done, mine_at
from governance.reading.models import Declined, Excuse, Extension
from governance.tenancy import Scope

MOST = 200


@dataclass(frozen=True)
class Sent:
    """A mail to them, with how far it got."""

    subject: str
    queued_at: dt.datetime
    state: str


@dataclass(frozen=True)
class SignIn:
    """A browser in which they signed in. `ended_at` is None where it was not signed out of."""

    created_at: dt.datetime
    ended_at: dt.datetime | None


@dataclass(frozen=True)
class Eased:
    """A policy that they need not read, have more time for, or did not sign: from when to when, and the reason given."""

    title: str
    what: str
    from_on: dt.date | None
    until_on: dt.date | None
    reason: str


@dataclass(frozen=True)
class AboutMe:
    """Everything kept about a person at a school."""

    record: PersonRecord
    receipts: tuple[Done, ...]
    eased: tuple[Eased, ...]
    mails: tuple[Sent, ...]
    sign_ins: tuple[SignIn, ...]
    link: LinkLine | None
    entries: int


def about(session: Session, scope: Scope, person: Person, account_id: int, now: dt.datetime) -> AboutMe:
    """The facts about a person who looks at them themselves: their own reasons for absence are theirs to see."""
    today = local_day(now, scope.time_zone)
    return AboutMe(
        person_record(session, scope, person.public_id, reasons=True),
        mine_at(session, scope, person.id, today).done,
        (
            *_excuses(session, scope, person.id),
            *_extensions(session, scope, person.id),
            *_declined(session, scope, person.id),
        ),
        _mails(session, scope, person),
        _sign_ins(session, account_id),
        latest_links(session, scope, now, [person.id]).get(person.id),
        _entries(session, scope, person),
    )


def _excuses(session: Session, scope: Scope, person_id: int) -> list[Eased]:
    rows = session.execute(
        select(Policy.title, Excuse.from_on, Excuse.until_on, Excuse.reason)
        .join(Policy, Policy.id == Excuse.policy_id)
        .where(Excuse.organisation_id == scope.organisation_id, Excuse.person_id == person_id)
        .order_by(Excuse.from_on.desc(), Excuse.id.desc())
    )
    return [Eased(title, "not needed", from_on, until_on, reason) for title, from_on, until_on, reason in rows]


def _extensions(session: Session, scope: Scope, person_id: int) -> list[Eased]:
    rows = session.execute(
        select(Policy.title, Extension.until_on, Extension.reason)
        .join(Asking, Asking.id == Extension.asking_id)
        .join(InForce, InForce.id == Asking.in_force_id)
        .join(Policy, Policy.id == InForce.policy_id)
        .where(Extension.organisation_id == scope.organisation_id, Extension.person_id == person_id)
        .order_by(Extension.until_on.desc(), Extension.id.desc())
    )
    return [Eased(title, "more time", None, until_on, reason) for title, until_on, reason in rows]


def _declined(session: Session, scope: Scope, person_id: int) -> list[Eased]:
    rows = session.execute(
        select(Policy.title, Declined.given_on, Declined.note, Declined.witness)
        .join(PolicyVersion, PolicyVersion.id == Declined.version_id)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .where(Declined.organisation_id == scope.organisation_id, Declined.person_id == person_id)
        .order_by(Declined.given_on.desc(), Declined.id.desc())
    )
    return [
        Eased(title, "given, not signed", given_on, given_on, f"{note} (witness: {witness})".strip())
        for title, given_on, note, witness in rows
    ]


def _mails(session: Session, scope: Scope, person: Person) -> tuple[Sent, ...]:
    """Mails for them by name, and those that went to their address."""
    addresses = [person.email.strip().lower()] if person.email else []
    to_them = or_(Outbox.to_person == person.public_id, func.lower(Outbox.to_address).in_(addresses))
    rows = session.execute(
        select(Outbox.subject, Outbox.queued_at, Outbox.state)
        .where(Outbox.organisation_id == scope.organisation_id, to_them)
        .order_by(Outbox.queued_at.desc(), Outbox.id.desc())
        .limit(MOST)
    )
    return tuple(Sent(*row) for row in rows)


def _sign_ins(session: Session, account_id: int) -> tuple[SignIn, ...]:
    rows = session.execute(
        select(SignedIn.created_at, SignedIn.ended_at)
        .where(SignedIn.account_id == account_id)
        .order_by(SignedIn.created_at.desc(), SignedIn.id.desc())
        .limit(MOST)
    )
    return tuple(SignIn(*row) for row in rows)


def _entries(session: Session, scope: Scope, person: Person) -> int:
    """How many entries of the record of changes name them."""
    names = JournalEntry.ids.contains(person.public_id, autoescape=True)
    mine = select(func.count(JournalEntry.id)).where(JournalEntry.organisation_id == scope.organisation_id, names)
    return session.scalar(mine) or 0
