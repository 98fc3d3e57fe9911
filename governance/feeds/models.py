"""Private addresses of calendars: one that works for an account at a school."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from governance.db import UTC, Model, kept
from governance.tenancy import new_public_id

_WORKS = text("revoked_at IS NULL")


class CalendarFeed(Model):
    """An address that shows somebody's own days to whoever has it. Only the hash of its secret is kept."""

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[dt.datetime] = mapped_column(UTC)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(UTC)

    __table_args__ = kept(
        Index(None, "organisation_id", "account_id", unique=True, sqlite_where=_WORKS, postgresql_where=_WORKS)
    )
