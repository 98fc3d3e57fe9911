"""Packs made for meetings, and their sending."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Date, ForeignKey, LargeBinary, String, Text, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from governance.db import UTC, Model, kept, within
from governance.tenancy import new_public_id


class Pack(Model):
    """A pack as it was made for a meeting, frozen as an artefact."""

    __tablename__ = "pack"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    meeting_id: Mapped[int]
    artefact_id: Mapped[int]
    made_at: Mapped[dt.datetime] = mapped_column(UTC)

    __table_args__ = kept(within("meeting_id", "meeting"), within("artefact_id", "artefact"))


class PackSending(Model):
    """The clerk's pressing of *Send*: to the body's members, in time or with the chair's reason for short notice."""

    __tablename__ = "pack_sending"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    pack_id: Mapped[int] = mapped_column(unique=True)
    sent_at: Mapped[dt.datetime] = mapped_column(UTC)
    sent_by: Mapped[str] = mapped_column(Text)
    short_notice_reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = kept(within("pack_id", "pack"))


class MeetingTold(Model):
    """How members were told of a meeting, with its pack or afterwards. The last one is what they know."""

    __tablename__ = "meeting_told"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    meeting_id: Mapped[int] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(20))
    held_on: Mapped[dt.date] = mapped_column(Date)
    starts_at: Mapped[dt.time | None] = mapped_column(Time)
    place: Mapped[str | None] = mapped_column(Text)
    told_at: Mapped[dt.datetime] = mapped_column(UTC)
    told_by: Mapped[str] = mapped_column(Text)

    __table_args__ = kept(within("meeting_id", "meeting"))


class PackLink(Model):
    """One recipient's private link to a pack, of which their mail alone has the secret. Until when it works is derived."""

    __tablename__ = "pack_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    pack_id: Mapped[int] = mapped_column(index=True)
    # The mail that brings it: once that is taken back, the link works no more.
    outbox_id: Mapped[int] = mapped_column(unique=True)
    # None where the mail goes to an account that belongs to no person here.
    person_id: Mapped[int | None]
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[dt.datetime] = mapped_column(UTC)
    made_by: Mapped[str] = mapped_column(Text)
    # The day alone, and the first one alone: more of how somebody prepares is nobody's business.
    opened_on: Mapped[dt.date | None] = mapped_column(Date)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    withdrawn_by: Mapped[str | None] = mapped_column(Text)
    withdrawn_why: Mapped[str | None] = mapped_column(String(20))  # withdrawn, replaced

    __table_args__ = kept(within("pack_id", "pack"), within("outbox_id", "outbox"), within("person_id", "person"))


class PrintedPart(Model):
    """A part of a pack as it was printed, so that the next pack need not print it again. May go at any time."""

    __tablename__ = "printed_part"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    # SHA-256 of its values, and of the templates, styles, program and libraries it was made with.
    key: Mapped[str] = mapped_column(String(64))
    pages: Mapped[int]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
    printed_at: Mapped[dt.datetime] = mapped_column(UTC, index=True)

    __table_args__ = kept(UniqueConstraint("organisation_id", "key"))
