"""What a school set about reminders, and every reminder that was queued: by which mail, and what it named."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.db import UTC, Model, kept, within
from governance.tenancy import new_public_id


class ReminderLadder(Model):
    """The steps of reminding as somebody set them. Never changed: the latest row holds."""

    __tablename__ = "reminder_ladder"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    # JSON: [[days, whom], …]
    rungs: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[dt.datetime] = mapped_column(UTC)
    recorded_by: Mapped[str] = mapped_column(Text)

    __table_args__ = kept()


class Reminder(Model):
    """One mail to one person about what is to be read. Whether it arrived is the mail's to say."""

    __tablename__ = "reminder"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    to_person_id: Mapped[int]
    whom: Mapped[str] = mapped_column(String(20))  # person, manager, headteacher, chair
    outbox_id: Mapped[int] = mapped_column(unique=True)
    # The run that queued it, by its public id: runs live above.
    cause: Mapped[str] = mapped_column(String(36))
    # The school's day.
    reminded_on: Mapped[dt.date] = mapped_column(Date)

    __table_args__ = kept(
        within("to_person_id", "person"),
        within("outbox_id", "outbox"),
        # One mail a day and kind, whatever runs.
        UniqueConstraint("organisation_id", "to_person_id", "whom", "reminded_on"),
        Index(None, "organisation_id", "cause"),
    )


class ReminderLine(Model):
    """One reading that a reminder named, with the due day it told."""

    __tablename__ = "reminder_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    reminder_id: Mapped[int]
    # The reminder's own, so that a rung can be told once to each.
    to_person_id: Mapped[int]
    whom: Mapped[str] = mapped_column(String(20))
    # Who has to read it.
    person_id: Mapped[int]
    policy_id: Mapped[int]
    version_id: Mapped[int]
    in_force_id: Mapped[int]
    due_on: Mapped[dt.date] = mapped_column(Date)
    # "asking", or days relative to the due day; null where the mail was sent for others and lists this too.
    rung: Mapped[str | None] = mapped_column(String(10))

    __table_args__ = kept(
        within("reminder_id", "reminder"),
        within("to_person_id", "person"),
        within("person_id", "person"),
        within("policy_id", "policy"),
        within("version_id", "policy_version"),
        within("in_force_id", "in_force"),
        UniqueConstraint("person_id", "in_force_id", "due_on", "rung", "whom", "to_person_id"),
        Index(None, "reminder_id"),
    )
