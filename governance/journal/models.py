"""The tamper-evident record of changes, one chain a school."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.db import UTC, Model, kept


class JournalEntry(Model):
    """One change. The payload and its salt may be erased; the commitment keeps the chain whole without them."""

    __tablename__ = "journal_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    seq: Mapped[int] = mapped_column(Integer)
    at: Mapped[dt.datetime] = mapped_column(UTC)
    event: Mapped[str] = mapped_column(String(60))
    # Canonical JSON of opaque identifiers: actor, and what the event is about.
    ids: Mapped[str] = mapped_column(Text)
    payload: Mapped[str | None] = mapped_column(Text)
    salt: Mapped[str | None] = mapped_column(String(64))
    commitment: Mapped[str] = mapped_column(String(64))
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = kept(UniqueConstraint("organisation_id", "seq"), Index(None, "organisation_id", "event"))
