"""The mail that brings members a pack: attached to it with its originals, or behind a private link of their own."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from sqlalchemy.orm import Session

from governance.mail.compose import Attachment, Letter, compose
from governance.mail.private import MARK
from governance.packs.models import Pack
from governance.packs.rules import works_until
from governance.schedule.recipients import Addressee
from governance.schools.models import GoverningBody, Meeting
from governance.storage.models import Artefact
from governance.tenancy import Scope

KIND = "review_pack"


@dataclass(frozen=True)
class About:
    """What the mails of one sending have in common. `policies` are titles with what is asked for."""

    body: str
    meeting_on: dt.date
    place: str | None
    short_notice: str
    policies: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Door:
    """The link that a mail brings: the address that its secret ends, its last day, and whether it replaces another."""

    address: str
    until: dt.date
    is_fresh: bool = False


def about(session: Session, pack: Pack, meeting: Meeting, short_notice: str) -> About:
    """What is said of a pack and its meeting."""
    asked = json.loads(session.get_one(Artefact, pack.artefact_id).manifest)["items"]
    body = session.get_one(GoverningBody, meeting.body_id).name
    policies = tuple((item["title"], item["asks_for"]) for item in asked)
    return About(body, meeting.held_on, meeting.place, short_notice, policies)


def door(base_url: str, meeting: Meeting, *, is_fresh: bool = False) -> Door:
    """The link for a mail; the mark in it gives way to the mail's own secret when it is handed over."""
    return Door(f"{base_url}/pack/{MARK}", works_until(meeting.held_on), is_fresh)


def letter(
    scope: Scope, said: About, one: Addressee, *, attachments: tuple[Attachment, ...] = (), link: Door | None = None
) -> Letter:
    """One recipient's mail."""
    return compose(
        KIND,
        to=one.address,
        school=scope.name,
        values={**said.__dict__, "name": one.name, "link": link},
        attachments=attachments,
        to_person=one.person,
    )
