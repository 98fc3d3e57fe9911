"""What a private link opens: the packs of its meeting that were sent to its recipient, and the files that go with them.

GET   looks whether the link works, and shows what is there
POST  a button was pressed: the first time is written down, its day and no more
GET   a file, once a button was pressed; before that it leads back to the page, so that nothing is fetched by looking
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.accounts.links import tidied
from governance.accounts.sessions import hashed
from governance.clock import local_day
from governance.errors import NotFound
from governance.journal.actions import record
from governance.journal.events import Event
from governance.mail.compose import Attachment
from governance.mail.models import Outbox
from governance.packs.files import PackFile, attachment_of, files_of
from governance.packs.models import Pack, PackLink
from governance.packs.rules import LinkFacts, LinkState, state_of
from governance.schedule.pack_links import circle, sitting
from governance.schedule.pack_recipients import recipients_of
from governance.schedule.pack_sending import PackLine, packs_of
from governance.schedule.recipients import Addressee
from governance.schools.models import Meeting
from governance.tenancy import Actor, Organisation, Scope, in_school, lock, scope_of

LINK_OPENED = Event("pack link opened", ids=("link", "pack"))


@dataclass(frozen=True)
class Held:
    """A link that works: whose it is, and the meeting whose packs it opens."""

    link: PackLink
    meeting: Meeting
    scope: Scope
    colour: str | None
    person: str | None
    address: str
    entitled: tuple[Addressee, ...]

    @property
    def actor(self) -> Actor:
        """Its recipient, who may open packs of that meeting and nothing else."""
        one = sitting(self.entitled, self.person, self.address)
        return Actor(one.name or one.address if one else self.address, None, self.link.person_id)


@dataclass(frozen=True)
class Offer:
    """A pack behind a link, with its files; `link` is the public id of the pack's own link, None where it was attached."""

    line: PackLine
    files: tuple[PackFile, ...]
    link: str | None

    def file(self, document: str) -> PackFile:
        """One of its files, by its document's public id.

        Raises:
            NotFound: where none of them is.
        """
        found = next((file for file in self.files if file.document == document), None)
        if found is None:
            raise NotFound(document)
        return found


def held_by(session: Session, typed: str, now: dt.datetime) -> Held | None:
    """What a link opens; None for one that works no more, was cut short or made up. It only looks."""
    row = session.execute(
        select(PackLink, Meeting, Organisation, Outbox.state, Outbox.to_person, Outbox.to_address)
        .join(Pack, Pack.id == PackLink.pack_id)
        .join(Meeting, Meeting.id == Pack.meeting_id)
        .join(Outbox, Outbox.id == PackLink.outbox_id)
        .join(Organisation, Organisation.id == PackLink.organisation_id)
        .where(PackLink.token_sha256 == hashed(tidied(typed)))
    ).one_or_none()
    if row is None:
        return None
    link, meeting, organisation, mail_state, person, address = row
    scope = scope_of(organisation)
    entitled = tuple(circle(session, scope, meeting, now))
    sits = sitting(entitled, person, address) is not None
    facts = LinkFacts(link.withdrawn_why, mail_state == "undone", sits, meeting.held_on)
    if state_of(facts, now, scope.time_zone) is not LinkState.WORKS:
        return None
    return Held(link, meeting, scope, organisation.colour, person, address, entitled)


def offers(session: Session, held: Held, now: dt.datetime) -> list[Offer]:
    """Every pack of the meeting that was sent to the link's recipient and not withdrawn from them, the newest first."""
    found = []
    for line in packs_of(session, held.scope, held.meeting.id):
        if line.sent_at is not None:
            offer = _offer(session, held, line, now)
            if offer is not None:
                found.append(offer)
    return sorted(found, key=lambda offer: offer.line.sent_at or now, reverse=True)


def press(session: Session, scope: Scope, typed: str, pack: str, document: str, now: dt.datetime) -> None:
    """Somebody pressed the button of a file: their first time is written down, for the link and for the pack.

    Raises:
        NotFound: where the link was withdrawn a moment ago, or opens no such file.
    """
    lock(session, scope)
    # asked again under the lock, which withdrawing takes too
    session.expire_all()
    held = held_by(session, typed, now)
    if held is None:
        raise NotFound(pack)
    offer = _offered(session, held, pack, now)
    offer.file(document)
    today = local_day(now, held.scope.time_zone)
    opened = {held.link.public_id, offer.link} - {None}
    rows = session.scalars(
        select(PackLink)
        .where(PackLink.organisation_id == held.scope.organisation_id, PackLink.public_id.in_(opened))
        .where(PackLink.opened_on.is_(None))
        .order_by(PackLink.id)
    )
    for link in rows.all():
        link.opened_on = today
        session.flush()
        ids = {"link": link.public_id, "pack": session.get_one(Pack, link.pack_id).public_id}
        record(session, held.scope, held.actor, LINK_OPENED, ids=ids, now=now)


def file_behind(session: Session, held: Held, pack: str, document: str, now: dt.datetime) -> Attachment:
    """A file of a pack behind the link, byte for byte as it was frozen.

    Raises:
        NotFound: where the link opens no such file.
        Refusal: where its bytes are no longer kept.
    """
    return attachment_of(session, held.scope, _offered(session, held, pack, now).file(document))


def _offered(session: Session, held: Held, pack: str, now: dt.datetime) -> Offer:
    found = next((offer for offer in offers(session, held, now) if offer.line.pack == pack), None)
    if found is None:
        raise NotFound(pack)
    return found


def _offer(session: Session, held: Held, line: PackLine, now: dt.datetime) -> Offer | None:
    pack: Pack = in_school(session, Pack, held.scope, line.pack)
    sent = recipients_of(session, held.scope, pack, held.meeting, now, held.entitled)
    mine = next((one for one in sent if one.has_it and one.is_to(held.person, held.address)), None)
    if mine is None:
        return None
    return Offer(line, files_of(session, held.scope, pack), mine.link.link if mine.link else None)
