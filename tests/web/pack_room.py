"""A meeting of Hillcrest's board with a pack made by hand: Gil is a member, Viv one without an address."""

from __future__ import annotations

import datetime as dt
import json

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.db import reading, writing
from governance.packs.models import Pack
from governance.people.models import BodyMember
from governance.schools.actions import plan_meeting
from governance.schools.models import Meeting
from governance.storage.actions import Bytes, keep
from governance.storage.models import Artefact
from governance.tenancy import Scope, scope_by_slug
from tests import hillcrest as school
from tests.hillcrest import MAYA, NOW

MEETING_ON = dt.date(2026, 12, 3)  # seven clear days: by 25 November
FROZEN = b"%PDF-1.7 frozen"


def furnish(app: Flask, slug: str = "hillcrest") -> str:
    """Put it there; the address of the meeting's packs."""
    with app.app_context(), writing() as session:
        scope = scope_by_slug(session, slug)
        board, whose = school.body(session, scope), {"organisation_id": scope.organisation_id}
        for name, address in (("Gil Governor", "gil@example.org"), ("Viv Ash", None)):
            person = school.someone(session, scope, name, ("governors",))
            person.email = address
            seat = {"person_id": person.id, "office": "member", "from_on": dt.date(2024, 9, 1)}
            session.add(BodyMember(**whose, **seat, body_id=board.id))
        meeting = plan_meeting(session, scope, MAYA, body=board, held_on=MEETING_ON, now=NOW)
        a_pack(session, scope, meeting, FROZEN)
        return f"/{slug}/meetings/{meeting.public_id}/packs"


def a_pack(session: Session, scope: Scope, meeting: Meeting, content: bytes) -> Pack:
    """A pack as the ledger keeps it, without the printing."""
    whose = {"organisation_id": scope.organisation_id}
    artefact = Artefact(
        **whose,
        kind="pack",
        title="Policy review pack",
        filename="hillcrest-pack.pdf",
        document_id=keep(session, scope, Bytes(content, "application/pdf"), NOW),
        values_sha256="0" * 64,
        manifest=json.dumps({"items": [], "originals": []}),
        made_at=NOW,
        made_by="Helen",
    )
    session.add(artefact)
    session.flush()
    pack = Pack(**whose, meeting_id=meeting.id, artefact_id=artefact.id, made_at=NOW)
    session.add(pack)
    session.flush()
    return pack


def pack_of(app: Flask) -> str:
    """The newest pack."""
    with app.app_context(), reading() as session:
        found = session.scalars(select(Pack.public_id).order_by(Pack.id.desc())).first()
        assert found is not None
        return found
