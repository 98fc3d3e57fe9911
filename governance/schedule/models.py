"""What a person set to run, and the ledger of every slot that came due."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.db import UTC, Model, kept, within
from governance.tenancy import new_public_id


class ScheduleEntry(Model):
    """A job, its cadence and its recipients. It has no slot before it was made; closing it ends its slots."""

    __tablename__ = "schedule_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    job: Mapped[str] = mapped_column(String(40))  # monday_mail, draft_pack, report, ...
    # JSON texts: the cadence, the recipients (roles and offices), and the job's own choices.
    cadence: Mapped[str] = mapped_column(Text)
    recipients: Mapped[str] = mapped_column(Text)
    options: Mapped[str] = mapped_column(Text, default="{}")
    created_at: Mapped[dt.datetime] = mapped_column(UTC)
    created_by: Mapped[str] = mapped_column(Text)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UTC)

    __table_args__ = kept()


class Run(Model):
    """One slot of an entry, or one job asked for on screen: claimed by one process at a time, finished once."""

    __tablename__ = "run"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    # Null for a job asked for on screen; its slot is then a random key.
    entry_id: Mapped[int | None]
    job: Mapped[str] = mapped_column(String(40))
    slot: Mapped[str] = mapped_column(String(80))
    due_at: Mapped[dt.datetime] = mapped_column(UTC)
    state: Mapped[str] = mapped_column(String(20))  # waiting, claimed, done, failed, skipped
    late: Mapped[bool] = mapped_column(Boolean, default=False)
    payload: Mapped[str] = mapped_column(Text, default="{}")
    asked_by: Mapped[str] = mapped_column(Text, default="")
    # Only the holder of the latest fence may finish a run; a process that slept past its lease cannot.
    fence: Mapped[int] = mapped_column(Integer, default=0)
    leased_until: Mapped[dt.datetime | None] = mapped_column(UTC)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    progress: Mapped[str] = mapped_column(Text, default="")
    finished_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    # What came of it in a sentence: the mails queued, or why it failed.
    result: Mapped[str] = mapped_column(Text, default="")
    artefact_id: Mapped[int | None]

    __table_args__ = kept(
        within("entry_id", "schedule_entry"),
        within("artefact_id", "artefact"),
        UniqueConstraint("organisation_id", "entry_id", "slot"),
        Index(None, "state", "due_at"),
    )
