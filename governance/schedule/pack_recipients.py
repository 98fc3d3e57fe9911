"""To whom a pack was sent, in which way, what became of the mail, and whether a link was opened or withdrawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from governance.clock import local_day
from governance.mail.models import Outbox
from governance.mail.queries import MAIL_COLUMNS, MailLine, mail_line
from governance.packs.models import Pack, PackLink
from governance.packs.rules import LinkFacts, LinkState, state_of, works_until
from governance.people.models import Person
from governance.people.rules import full_name
from governance.schedule.pack_links import circle, sitting
from governance.schedule.recipients import Addressee
from governance.schools.models import Meeting
from governance.tenancy import Scope


@dataclass(frozen=True)
class LinkLine:
    """A link as lists show it: its public id, how it stands, its last day, when it was first opened and when withdrawn."""

    link: str
    state: LinkState
    until_on: dt.date
    opened_on: dt.date | None
    withdrawn_on: dt.date | None
    withdrawn_by: str | None


@dataclass(frozen=True)
class RecipientLine:
    """Somebody to whom a pack was sent last, with their mail; without a link it was attached."""

    name: str
    mail: MailLine
    link: LinkLine | None

    @property
    def has_it(self) -> bool:
        """Whether the pack is theirs to look at: attached to a mail that was not taken back, or behind a link that works."""
        return self.mail.state != "undone" and (self.link is None or self.link.state is LinkState.WORKS)

    def is_to(self, person: str | None, address: str) -> bool:
        """Whether it is somebody to whom another mail went."""
        same = person is not None and self.mail.to_person == person
        return same or self.mail.to_address.casefold() == address.casefold()


def recipients_of(
    session: Session,
    scope: Scope,
    pack: Pack,
    meeting: Meeting,
    now: dt.datetime,
    entitled: Sequence[Addressee] | None = None,
) -> list[RecipientLine]:
    """Everybody to whom a pack was sent, each with their last mail, by name.

    `entitled` is whom a pack of the meeting would go to now, where that has been looked up before.
    """
    known = circle(session, scope, meeting, now) if entitled is None else entitled
    found: dict[str, RecipientLine] = {}
    for row in session.execute(_mails(scope, pack)):
        mail = mail_line(row)
        link = row.PackLink and _line(scope, row.PackLink, mail, meeting, known, now)
        name = full_name(row.given_name, row.family_name) if row.given_name else mail.to_address
        found[mail.to_person or mail.to_address.casefold()] = RecipientLine(name, mail, link)
    return sorted(found.values(), key=lambda one: (one.name.casefold(), one.mail.to_address))


def meeting_of_mail(session: Session, scope: Scope, mail: str) -> str | None:
    """The meeting, by its public id, whose pack a mail brings a link to; None for any other mail."""
    return session.scalar(
        select(Meeting.public_id)
        .join(Pack, Pack.meeting_id == Meeting.id)
        .join(PackLink, PackLink.pack_id == Pack.id)
        .join(Outbox, Outbox.id == PackLink.outbox_id)
        .where(PackLink.organisation_id == scope.organisation_id, Outbox.public_id == mail)
    )


def _mails(scope: Scope, pack: Pack) -> Any:
    """The mails of a pack, the oldest first, with the link that each brings."""
    # what `send_pack` queues under, before there were links as well
    sent = Outbox.dedupe_key.startswith(f"{scope.organisation_id}:pack:{pack.public_id}:", autoescape=True)
    return (
        select(*MAIL_COLUMNS, PackLink, Person.given_name, Person.family_name)
        .outerjoin(PackLink, PackLink.outbox_id == Outbox.id)
        .outerjoin(Person, (Person.public_id == Outbox.to_person) & (Person.organisation_id == Outbox.organisation_id))
        .where(Outbox.organisation_id == scope.organisation_id, or_(sent, PackLink.pack_id == pack.id))
        .order_by(Outbox.id)
    )


def _line(
    scope: Scope, link: PackLink, mail: MailLine, meeting: Meeting, entitled: Sequence[Addressee], now: dt.datetime
) -> LinkLine:
    sits = sitting(entitled, mail.to_person, mail.to_address) is not None
    facts = LinkFacts(link.withdrawn_why, mail.state == "undone", sits, meeting.held_on)
    withdrawn = local_day(link.withdrawn_at, scope.time_zone) if link.withdrawn_at else None
    until, state = works_until(meeting.held_on), state_of(facts, now, scope.time_zone)
    return LinkLine(link.public_id, state, until, link.opened_on, withdrawn, link.withdrawn_by)
