"""The clerk's pressing of *Send*: a pack goes to the body's members, in time or with the chair's reason for haste."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from governance.clock import local_day
from governance.errors import Objection, Refusal, refuse_if
from governance.journal.actions import record
from governance.journal.events import Event
from governance.mail.actions import queue
from governance.mail.compose import Attachment, compose
from governance.packs.models import Pack, PackSending
from governance.packs.values import Size
from governance.people.models import BodyMember, Person
from governance.policies.models import VersionDocument
from governance.render.words import day as day_in_words
from governance.schedule.cadence import seven_clear_days_before
from governance.schedule.meeting_news import remember
from governance.schedule.recipients import MEMBERS, Addressee, resolve
from governance.schools.models import GoverningBody, Meeting
from governance.storage.models import Artefact, Document
from governance.tenancy import Actor, Scope, lock

PACK_SENT = Event("pack sent", ids=("pack", "meeting"), payload=("members", "short_notice_reason"))


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


def send_pack(session: Session, scope: Scope, actor: Actor, pack: Pack, short_notice: str, now: dt.datetime) -> int:
    """Queue a pack to everybody who is a member of the meeting's body on its day, its originals beside it.

    So one whose term ends before gets none, and one whose term begins by then is ready.

    Returns:
        How many mails were queued.

    Raises:
        Refusal: when it was sent before, comes late without the chair's reason, or no member can be written to.
    """
    lock(session, scope)
    meeting = session.get_one(Meeting, pack.meeting_id)
    today = local_day(now, scope.time_zone)
    refuse_if(_objections(session, pack, meeting, short_notice, today))
    recipients = resolve(session, scope, MEMBERS, max(today, meeting.held_on), meeting.body_id)
    if not recipients:
        raise Refusal.one("No member of this body has an e-mail address. Print the pack and hand it to them.")
    _queue(session, scope, pack, meeting, recipients, short_notice.strip(), now)
    sending = PackSending(
        organisation_id=scope.organisation_id,
        pack_id=pack.id,
        sent_at=now,
        sent_by=actor.label,
        short_notice_reason=short_notice.strip(),
    )
    session.add(sending)
    remember(session, scope, actor, meeting, now)
    content = {"members": len(recipients), "short_notice_reason": short_notice.strip()}
    ids = {"pack": pack.public_id, "meeting": meeting.public_id}
    record(session, scope, actor, PACK_SENT, ids=ids, payload=content, now=now)
    return len(recipients)


def _queue(
    session: Session,
    scope: Scope,
    pack: Pack,
    meeting: Meeting,
    recipients: Sequence[Addressee],
    short_notice: str,
    now: dt.datetime,
) -> None:
    """A mail each, with the frozen pack and the originals beside it."""
    body = session.get_one(GoverningBody, meeting.body_id)
    artefact, files = _files(session, scope, pack)
    asked = [(item["title"], item["asks_for"]) for item in json.loads(artefact.manifest)["items"]]
    values = {
        "body": body.name,
        "meeting_on": meeting.held_on,
        "place": meeting.place,
        "short_notice": short_notice,
        "policies": asked,
    }
    for one in recipients:
        letter = compose(
            "review_pack",
            to=one.address,
            school=scope.name,
            values={**values, "name": one.name},
            attachments=files,
            to_person=one.person,
        )
        queue(session, scope, letter, dedupe_key=f"pack:{pack.public_id}:{one.address.casefold()}", now=now)


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


def _files(session: Session, scope: Scope, pack: Pack) -> tuple[Artefact, tuple[Attachment, ...]]:
    """The frozen pack and the originals that its text does not print."""
    artefact = session.get_one(Artefact, pack.artefact_id)
    document = session.get_one(Document, artefact.document_id, options=[undefer(Document.bytes)])
    pdf = Attachment(artefact.filename, document.media_type, document.bytes or b"")
    return artefact, (pdf, *_originals(session, scope, json.loads(artefact.manifest)["originals"]))


def _originals(session: Session, scope: Scope, listed: Sequence[dict[str, str]]) -> Iterator[Attachment]:
    names: set[str] = set()
    for one in listed:
        found = session.scalars(
            select(Document)
            .join(VersionDocument, VersionDocument.document_id == Document.id)
            .where(Document.organisation_id == scope.organisation_id, Document.sha256 == one["sha256"])
            .options(undefer(Document.bytes))
            .limit(1)
        ).first()
        if found is None or found.bytes is None:
            raise Refusal.one(f"The pack cannot be sent: its file {one['filename']} is no longer kept.")
        if hashlib.sha256(found.bytes).hexdigest() != one["sha256"]:
            raise Refusal.one(
                f"The pack cannot be sent: its file {one['filename']} is not what it was. Build a new one."
            )
        name = one["filename"] if one["filename"] not in names else f"{one['sha256'][:8]}-{one['filename']}"
        names.add(name)
        yield Attachment(name, found.media_type, found.bytes)
