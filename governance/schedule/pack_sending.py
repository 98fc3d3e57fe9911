"""The clerk's pressing of *Send*: a pack goes to the body's members, in time or with the chair's reason for haste."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.accounts.mailing import Mailing
from governance.clock import local_day
from governance.errors import Objection, Refusal, refuse_if
from governance.journal.actions import record
from governance.journal.events import Event
from governance.mail.actions import queue
from governance.mail.compose import Attachment
from governance.packs.files import attachment_of, files_of
from governance.packs.models import Pack, PackSending
from governance.packs.values import Size
from governance.people.models import BodyMember, Person
from governance.render.words import day as day_in_words
from governance.schedule.cadence import seven_clear_days_before
from governance.schedule.meeting_news import remember
from governance.schedule.pack_letters import About, about, door, letter
from governance.schedule.pack_links import circle, make_link
from governance.schedule.recipients import MEMBERS, Addressee
from governance.schools.models import Meeting
from governance.schools.rules import PackWay
from governance.storage.models import Artefact, Document
from governance.tenancy import Actor, Organisation, Scope, lock

PACK_SENT = Event("pack sent", ids=("pack", "meeting"), payload=("members", "short_notice_reason", "way"))


@dataclass(frozen=True)
class PackLine:
    """A pack of a meeting as its page lists it, the newest first."""

    pack: str
    artefact: str
    title: str
    filename: str
    made_at: dt.datetime
    made_by: str
    sha256: str
    sent_at: dt.datetime | None
    sent_by: str | None
    short_notice_reason: str | None
    size: Size


def packs_of(session: Session, scope: Scope, meeting_id: int) -> list[PackLine]:
    """The packs made for a meeting, the newest first."""
    rows = session.execute(
        select(
            Pack.public_id,
            Artefact.public_id.label("artefact"),
            Artefact.title,
            Artefact.filename,
            Pack.made_at,
            Artefact.made_by,
            Document.sha256,
            PackSending.sent_at,
            PackSending.sent_by,
            PackSending.short_notice_reason,
            Artefact.manifest,
        )
        .join(Artefact, Artefact.id == Pack.artefact_id)
        .join(Document, Document.id == Artefact.document_id)
        .outerjoin(PackSending, PackSending.pack_id == Pack.id)
        .where(Pack.organisation_id == scope.organisation_id, Pack.meeting_id == meeting_id)
        .order_by(Pack.id.desc())
    )
    return [PackLine(*(*tuple[Any, ...](row[:-1]), _size(row.manifest))) for row in rows]


def _size(manifest: str) -> Size:
    """What a pack was asked to print; those made before there was a choice had the texts."""
    return Size(json.loads(manifest).get("size", Size.FULL))


def without_address(session: Session, scope: Scope, meeting: Meeting, today: dt.date) -> list[str]:
    """Members to whom a paper copy must be handed, since no mail reaches them."""
    day = max(today, meeting.held_on)
    rows = session.execute(
        select(Person.given_name, Person.family_name)
        .join(BodyMember, BodyMember.person_id == Person.id)
        .where(
            BodyMember.organisation_id == scope.organisation_id,
            BodyMember.body_id == meeting.body_id,
            BodyMember.office.in_(MEMBERS.offices),
            BodyMember.from_on <= day,
            BodyMember.until_on.is_(None) | (BodyMember.until_on >= day),
            Person.email.is_(None),
        )
        .group_by(Person.id, Person.given_name, Person.family_name, Person.sort_key)
        .order_by(Person.sort_key, Person.id)
    )
    return [f"{given} {family}" for given, family in rows]


def send_pack(
    session: Session,
    scope: Scope,
    actor: Actor,
    pack: Pack,
    short_notice: str,
    now: dt.datetime,
    mailing: Mailing | None = None,
) -> int:
    """Queue a pack to everybody who is a member of the meeting's body on its day, its originals beside it.

    So one whose term ends before gets none, and one whose term begins by then is ready. It goes in the way that the school
    chose: attached, or by a link, for which `mailing` is needed.

    Returns:
        How many mails were queued.

    Raises:
        Refusal: when it was sent before, comes late without the chair's reason, or no member can be written to.
    """
    lock(session, scope)
    meeting = session.get_one(Meeting, pack.meeting_id)
    refuse_if(_objections(session, pack, meeting, short_notice, local_day(now, scope.time_zone)))
    recipients = circle(session, scope, meeting, now)
    if not recipients:
        raise Refusal.one("No member of this body has an e-mail address. Print the pack and hand it to them.")
    way = PackWay(session.get_one(Organisation, scope.organisation_id, populate_existing=True).pack_way)
    said = about(session, pack, meeting, short_notice.strip())
    if way is PackWay.LINK:
        _queue_links(session, scope, actor, pack, said, recipients, mailing, now)
    else:
        _queue_attached(session, scope, pack, said, recipients, now)
    content = {"members": len(recipients), "short_notice_reason": said.short_notice, "way": way.value}
    _note_sent(session, scope, actor, pack, meeting, content, now)
    return len(recipients)


def _note_sent(
    session: Session,
    scope: Scope,
    actor: Actor,
    pack: Pack,
    meeting: Meeting,
    content: Mapping[str, Any],
    now: dt.datetime,
) -> None:
    """Write down that the pack went, and how members know its meeting from now on."""
    sending = PackSending(
        organisation_id=scope.organisation_id,
        pack_id=pack.id,
        sent_at=now,
        sent_by=actor.label,
        short_notice_reason=content["short_notice_reason"],
    )
    session.add(sending)
    remember(session, scope, actor, meeting, now)
    ids = {"pack": pack.public_id, "meeting": meeting.public_id}
    record(session, scope, actor, PACK_SENT, ids=ids, payload=content, now=now)


def _queue_attached(
    session: Session, scope: Scope, pack: Pack, said: About, recipients: Sequence[Addressee], now: dt.datetime
) -> None:
    """A mail each, with the frozen pack and the originals beside it."""
    files = _attachments(session, scope, pack)
    for one in recipients:
        mail = letter(scope, said, one, attachments=files)
        queue(session, scope, mail, dedupe_key=_key(pack, one), now=now)


def _queue_links(
    session: Session,
    scope: Scope,
    actor: Actor,
    pack: Pack,
    said: About,
    recipients: Sequence[Addressee],
    mailing: Mailing | None,
    now: dt.datetime,
) -> None:
    """A mail each, with a link of their own to the same files."""
    if mailing is None:
        raise ValueError("a link needs the installation's address and key")
    # what could not be attached could not be handed out later either
    _attachments(session, scope, pack)
    link = door(mailing.base_url, session.get_one(Meeting, pack.meeting_id))
    for one in recipients:
        queued = queue(session, scope, letter(scope, said, one, link=link), dedupe_key=_key(pack, one), now=now)
        if queued is None:
            raise ValueError("a pack that was never sent has a mail already")
        make_link(session, scope, actor, pack, one, queued, mailing, now)


def _attachments(session: Session, scope: Scope, pack: Pack) -> tuple[Attachment, ...]:
    return tuple(attachment_of(session, scope, file) for file in files_of(session, scope, pack))


def _key(pack: Pack, one: Addressee) -> str:
    return f"pack:{pack.public_id}:{one.address.casefold()}"


def _objections(
    session: Session, pack: Pack, meeting: Meeting, short_notice: str, today: dt.date
) -> Iterator[Objection]:
    if session.scalar(select(PackSending.id).where(PackSending.pack_id == pack.id)) is not None:
        yield Objection("This pack was sent already. Build a new one to send a change.")
    if meeting.state == "cancelled":
        yield Objection("The meeting is cancelled, so there is nobody to send its pack to.")
    elif meeting.held_on < today:
        yield Objection(f"The meeting was on {day_in_words(meeting.held_on)}. A pack cannot go out after it.")
    last = seven_clear_days_before(meeting.held_on)
    if today > last and not short_notice.strip():
        yield Objection(
            f"Members are to have seven clear days, so it had to go by {day_in_words(last)}. "
            "Enter the chair's reason for short notice.",
            "short_notice",
        )
