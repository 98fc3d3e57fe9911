"""Mail waiting to be sent and mail that was: queued with its cause, sent by whoever claims it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.db import UTC, Model, kept, within
from governance.tenancy import new_public_id


class Outbox(Model):
    """One mail to one address. `dedupe_key` is what makes a repeated cause send nothing twice."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    kind: Mapped[str] = mapped_column(String(40))
    dedupe_key: Mapped[str] = mapped_column(String(200), unique=True)
    # The run that caused it, by its public id: runs live above mail.
    cause: Mapped[str | None] = mapped_column(String(36))
    to_address: Mapped[str] = mapped_column(Text)
    # Opaque: people live above mail.
    to_person: Mapped[str | None] = mapped_column(String(36))
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20))  # queued, sending, accepted, uncertain, refused, undone
    queued_at: Mapped[dt.datetime] = mapped_column(UTC)
    next_try_at: Mapped[dt.datetime] = mapped_column(UTC)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    claim: Mapped[str | None] = mapped_column(String(36))
    claimed_until: Mapped[dt.datetime | None] = mapped_column(UTC)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    reason: Mapped[str | None] = mapped_column(Text)

    __table_args__ = kept(Index(None, "state", "next_try_at"), Index(None, "organisation_id", "queued_at"))


class OutboxAttachment(Model):
    """A stored document that goes with a mail, under a name a person understands."""

    __tablename__ = "outbox_attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    outbox_id: Mapped[int]
    document_id: Mapped[int]
    filename: Mapped[str] = mapped_column(Text)

    __table_args__ = kept(
        within("outbox_id", "outbox"), within("document_id", "document"), UniqueConstraint("outbox_id", "filename")
    )
