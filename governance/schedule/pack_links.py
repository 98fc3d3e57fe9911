"""Private links to packs: made with the mail that brings them, withdrawn, and made afresh.

The secret is in the mail and nowhere else; here is its hash. A link works until some days after its meeting, for as long
as a pack of that meeting would still go to its recipient, and until it is withdrawn or its mail taken back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from governance.accounts.mailing import Mailing
from governance.accounts.sessions import hashed
from governance.clock import local_day
from governance.errors import Objection, Refusal, refuse_if
from governance.extract.dates import day_in_words
from governance.journal.actions import record
from governance.journal.events import Event
from governance.mail.actions import queue, take_back
from governance.mail.models import Outbox
from governance.mail.private import private_word
from governance.packs.models import Pack, PackLink, PackSending
from governance.packs.rules import LinkState, ends_at, works_until
from governance.people.models import Person
from governance.schedule.pack_letters import about, door, letter
from governance.schedule.recipients import MEMBERS, Addressee, resolve
from governance.schools.models import Meeting
from governance.tenancy import Actor, Scope, lock, new_public_id

LINK_MADE = Event("pack link made", ids=("link", "pack", "mail"), payload=("to",))
LINK_WITHDRAWN = Event("pack link withdrawn", ids=("link", "pack"), payload=("why",))


def circle(session: Session, scope: Scope, meeting: Meeting, now: dt.datetime) -> list[Addressee]:
    """Whom a pack of the meeting would go to now: who is a member on its day, or today once that has passed."""
    day = max(local_day(now, scope.time_zone), meeting.held_on)
    return resolve(session, scope, MEMBERS, day, meeting.body_id)


def sitting(recipients: Sequence[Addressee], person: str | None, address: str) -> Addressee | None:
    """Who of them somebody is that a mail went to: the same person wherever they get mail now, or the same mailbox."""
    same = (one for one in recipients if person is not None and one.person == person)
    mailbox = (one for one in recipients if one.address.casefold() == address.casefold())
    return next(same, None) or next(mailbox, None)


def make_link(
    session: Session,
    scope: Scope,
    actor: Actor,
    pack: Pack,
    one: Addressee,
    mail: str,
    mailing: Mailing,
    now: dt.datetime,
) -> PackLink:
    """The link that a queued mail brings, by the mail's public id. Inside a verb that holds the lock."""
    outbox = select(Outbox.id).where(Outbox.organisation_id == scope.organisation_id, Outbox.public_id == mail)
    person = select(Person.id).where(Person.organisation_id == scope.organisation_id, Person.public_id == one.person)
    link = PackLink(
        organisation_id=scope.organisation_id,
        pack_id=pack.id,
        outbox_id=session.scalars(outbox).one(),
        person_id=session.scalar(person) if one.person else None,
        token_sha256=hashed(private_word(mailing.key, mail)),
        made_at=now,
        made_by=actor.label,
    )
    session.add(link)
    session.flush()
    ids = {"link": link.public_id, "pack": pack.public_id, "mail": mail}
    record(session, scope, actor, LINK_MADE, ids=ids, payload={"to": one.address}, now=now)
    return link


def withdraw_link(session: Session, scope: Scope, actor: Actor, link: PackLink, now: dt.datetime) -> None:
    """Withdraw one link at once. A mail that still waits with it is taken back.

    Raises:
        Refusal: where that was done before.
    """
    lock(session, scope)
    session.refresh(link)
    if link.withdrawn_at is not None:
        raise Refusal.one("This link was withdrawn already. If another one was sent since, withdraw that.")
    _withdraw(session, scope, actor, link, LinkState.WITHDRAWN, now)


def withdraw_links(session: Session, scope: Scope, actor: Actor, pack: Pack, now: dt.datetime) -> int:
    """Withdraw every link of a pack, for instance of one that went out by mistake; how many.

    Raises:
        Refusal: where none is left.
    """
    lock(session, scope)
    left = _not_withdrawn(session, scope, pack)
    if not left:
        raise Refusal.one("Every link of this pack was withdrawn already.")
    for link in left:
        _withdraw(session, scope, actor, link, LinkState.WITHDRAWN, now)
    return len(left)


def renew_link(
    session: Session, scope: Scope, actor: Actor, link: PackLink, mailing: Mailing, now: dt.datetime
) -> Addressee:
    """Send somebody a fresh link; the earlier ones of theirs to this pack stop working. To whom it goes.

    Raises:
        Refusal: where its time is over, or they get no packs of this body any more.
    """
    lock(session, scope)
    pack = session.get_one(Pack, link.pack_id)
    meeting, mail = session.get_one(Meeting, pack.meeting_id), session.get_one(Outbox, link.outbox_id)
    one = sitting(circle(session, scope, meeting, now), mail.to_person, mail.to_address)
    refuse_if(_objections(scope, meeting, one, now))
    assert one is not None
    for earlier in _not_withdrawn(session, scope, pack, mail):
        _withdraw(session, scope, actor, earlier, LinkState.REPLACED, now)
    notice = select(PackSending.short_notice_reason).where(PackSending.pack_id == pack.id)
    said = about(session, pack, meeting, session.scalars(notice).one())
    fresh = letter(scope, said, one, link=door(mailing.base_url, meeting, is_fresh=True))
    queued = queue(session, scope, fresh, dedupe_key=f"pack_link:{new_public_id()}", now=now)
    if queued is None:
        raise ValueError("a key made a moment ago was there already")
    make_link(session, scope, actor, pack, one, queued, mailing, now)
    return one


def _objections(scope: Scope, meeting: Meeting, one: Addressee | None, now: dt.datetime) -> Iterator[Objection]:
    if now >= ends_at(meeting.held_on, scope.time_zone):
        last = day_in_words(works_until(meeting.held_on))
        yield Objection(f"Links to this meeting's packs worked until {last}. Hand them the pack in another way.")
    elif one is None:
        yield Objection(
            "They get no packs of this body any more, or have no e-mail address. Look at their seat and their details."
        )


def _not_withdrawn(session: Session, scope: Scope, pack: Pack, to: Outbox | None = None) -> list[PackLink]:
    """A pack's links that nobody withdrew; those of one recipient, whom a mail names."""
    query = select(PackLink).where(
        PackLink.organisation_id == scope.organisation_id,
        PackLink.pack_id == pack.id,
        PackLink.withdrawn_at.is_(None),
    )
    if to is not None:
        person = [Outbox.to_person == to.to_person] if to.to_person is not None else []
        query = query.join(Outbox, Outbox.id == PackLink.outbox_id)
        query = query.where(or_(Outbox.to_address == to.to_address, *person))
    return list(session.scalars(query.order_by(PackLink.id).execution_options(populate_existing=True)))


def _withdraw(session: Session, scope: Scope, actor: Actor, link: PackLink, why: LinkState, now: dt.datetime) -> None:
    link.withdrawn_at, link.withdrawn_by, link.withdrawn_why = now, actor.label, why.value
    session.flush()
    mail = session.get_one(Outbox, link.outbox_id).public_id
    take_back(session, scope, mail, f"Its link was {why.value}.", now)
    ids = {"link": link.public_id, "pack": session.get_one(Pack, link.pack_id).public_id}
    record(session, scope, actor, LINK_WITHDRAWN, ids=ids, payload={"why": why.value}, now=now)
