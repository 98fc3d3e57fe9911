"""Review packs as jobs: the draft that goes to clerk, chair and headteacher before a meeting, and one asked for on screen.

meeting ─▶ gather, read-only ─▶ print what changed, in children ─▶ freeze, note it as the meeting's pack ─▶ draft: mails
"""

from __future__ import annotations

import datetime as dt
import json

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from governance.accounts.permissions import Permission
from governance.db import reading
from governance.errors import NotFound, Refusal
from governance.journal.actions import record
from governance.journal.events import Event
from governance.mail.compose import Attachment, Letter, compose
from governance.packs.freezing import KIND, Frozen, freeze, media_type, values_hash
from governance.packs.gathering import for_meeting
from governance.packs.models import Pack
from governance.packs.parts import made_with
from governance.packs.shelf import SchoolShelf
from governance.packs.since import compared, sent_last
from governance.packs.values import Pack as Values
from governance.packs.values import Size
from governance.render import words
from governance.schedule.cadence import seven_clear_days_before
from governance.schedule.jobs import Context, Made, Outcome, Post, Then, job
from governance.schedule.offers import DRAFT_PACK
from governance.schedule.recipients import Addressee, Recipients, resolve
from governance.schools.models import Meeting
from governance.storage.models import Artefact, Document
from governance.tenancy import Actor, Scope, in_school

BUILD_PACK = "build_pack"
PACK_MADE = Event("pack made", ids=("pack", "meeting"), payload=("sha256", "policies"))


@job(DRAFT_PACK, "A draft pack for each meeting", opens=lambda _: Permission.SEE_PACKS)
def draft_pack(context: Context) -> Outcome:
    """Build the meeting's pack and mail it to the recipients as a draft.

    Raises:
        Refusal: for a meeting that is gone or has nothing on its agenda.
        ChildFailed: when it could not be printed within its limits.
    """
    values, meeting, recipients = _gathered(context)
    frozen = _frozen(context, values)
    letters = tuple(Post(_letter(context, values, frozen, one, meeting)) for one in recipients)
    queued = words.plural(len(letters), "mail") if letters else "no mail"
    result = f"{values.title}: {words.plural(len(values.items), 'policy', 'policies')}, {queued} queued."
    return Outcome(
        result, artefact=_made(frozen), letters=letters, then=_note(meeting.public_id, frozen, context.asked_by)
    )


@job(BUILD_PACK, "A review pack asked for on screen", opens=lambda _: Permission.SEE_PACKS)
def build_pack(context: Context) -> Outcome:
    """Build the meeting's pack and keep it; nobody is told. Raises as `draft_pack`."""
    values, meeting, _ = _gathered(context)
    frozen = _frozen(context, values)
    result = f"{values.title}: {words.plural(len(values.items), 'policy', 'policies')}."
    return Outcome(result, artefact=_made(frozen), then=_note(meeting.public_id, frozen, context.asked_by))


def _gathered(context: Context) -> tuple[Values, Meeting, list[Addressee]]:
    with reading() as session:
        try:
            meeting: Meeting = in_school(session, Meeting, context.scope, context.meeting or "")
        except NotFound as error:
            raise Refusal.one("The meeting this pack is for is not there.") from error
        size = Size(context.payload.get("size") or context.options.get("size") or Size.SHORT)
        site = f"{context.base_url}/{context.scope.slug}"
        values = for_meeting(session, context.scope, meeting, context.today, context.now, size=size, site=site)
        sent, only_new = sent_last(session, context.scope, meeting.id), bool(context.payload.get("only_new"))
        if sent is not None:
            values = compared(values, sent, only_new=only_new)
        if only_new and (sent is None or not values.items):
            raise Refusal.one("Nothing is new since the pack that was sent, so there is no supplement to build.")
        if not values.items:
            raise Refusal.one("There is nothing on the agenda and nothing is due, so there is no pack to build.")
        recipients = []
        if context.recipients:
            wanted = Recipients.from_values(context.recipients)
            recipients = resolve(session, context.scope, wanted, context.today, meeting.body_id)
        session.expunge(meeting)
    return values, meeting, recipients


def _frozen(context: Context, values: Values) -> Frozen:
    """The pack's bytes: stored ones where nothing has changed since they were made."""
    stored = _stored(context.scope, values_hash(values), values.size)
    if stored is not None:
        return stored
    context.progress(f"Printing {words.plural(len(values.items), 'policy', 'policies')}")
    shelf = SchoolShelf(context.scope, lambda: context.now)
    return freeze(values, context.scope, context.asked_by or "the schedule", shelf, context.progress)


def _stored(scope: Scope, values_sha256: str, size: Size) -> Frozen | None:
    """The pack that was made of these very values, with the templates and libraries of now."""
    with reading() as session:
        artefact = session.scalars(
            select(Artefact)
            .where(
                Artefact.organisation_id == scope.organisation_id,
                Artefact.kind == KIND,
                Artefact.values_sha256 == values_sha256,
            )
            .order_by(Artefact.id.desc())
        ).first()
        if artefact is None or not made_with().items() <= json.loads(artefact.manifest).items():
            return None
        document = session.get_one(Document, artefact.document_id, options=[undefer(Document.bytes)])
        if document.bytes is None:
            return None
        kept = (artefact.title, artefact.filename, document.bytes, values_sha256, artefact.manifest)
        return Frozen(*kept, media_type=media_type(size))


def _made(frozen: Frozen) -> Made:
    kept = (frozen.content, frozen.values_sha256, frozen.manifest)
    return Made(KIND, frozen.title, frozen.filename, frozen.media_type, *kept)


def _note(meeting: str, frozen: Frozen, asked_by: str) -> Then:
    """Write the frozen pack down as one of its meeting's."""

    def note(session: Session, scope: Scope, artefact_id: int | None, now: dt.datetime) -> None:
        found: Meeting = in_school(session, Meeting, scope, meeting)
        assert artefact_id is not None
        same = select(Pack.id).where(Pack.meeting_id == found.id, Pack.artefact_id == artefact_id)
        if session.scalar(same.limit(1)) is not None:
            return
        pack = Pack(organisation_id=scope.organisation_id, meeting_id=found.id, artefact_id=artefact_id, made_at=now)
        session.add(pack)
        session.flush()
        artefact = session.get_one(Artefact, artefact_id)
        content = {"sha256": artefact.values_sha256, "policies": frozen.title}
        ids = {"pack": pack.public_id, "meeting": meeting}
        record(session, scope, Actor(asked_by or "the schedule"), PACK_MADE, ids=ids, payload=content, now=now)

    return note


def _letter(context: Context, values: Values, frozen: Frozen, one: Addressee, meeting: Meeting) -> Letter:
    return compose(
        DRAFT_PACK,
        to=one.address,
        school=context.scope.name,
        values={
            "name": one.name,
            "lateness": context.lateness,
            "body": values.body,
            "meeting_on": meeting.held_on,
            "send_by": seven_clear_days_before(meeting.held_on),
            "policies": [(item.title, item.why_due, item.asks_for) for item in values.items],
            "link": context.link(f"meetings/{meeting.public_id}"),
            "settings_link": context.link("scheduled"),
        },
        attachments=(Attachment(frozen.filename, frozen.media_type, frozen.content),),
        to_person=one.person,
    )
