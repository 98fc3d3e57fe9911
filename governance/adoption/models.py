"""What bodies and people decided about versions, what is in force since, and who is asked to read it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from governance.db import UTC, Model, kept, within
from governance.tenancy import new_public_id


class Delegation(Model):
    """The power to decide about one policy, a kind of policy or all of them, given to a committee or a person."""

    __tablename__ = "delegation"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    body_id: Mapped[int | None]
    person_id: Mapped[int | None]
    # headteacher or chair, whoever that is on the day; null where a body or a named person holds the power.
    office: Mapped[str | None] = mapped_column(String(20))
    policy_id: Mapped[int | None]
    policy_kind: Mapped[str | None] = mapped_column(String(20))
    from_on: Mapped[dt.date] = mapped_column(Date)
    until_on: Mapped[dt.date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(Text, default="")  # the minute or scheme of delegation it rests on

    __table_args__ = kept(
        within("body_id", "governing_body"),
        within("person_id", "person"),
        within("policy_id", "policy"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ends_after_start"),
    )


class AgendaItem(Model):
    """A policy on a meeting's agenda, and what the body is asked."""

    __tablename__ = "agenda_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    meeting_id: Mapped[int]
    policy_id: Mapped[int]
    version_id: Mapped[int | None]
    asks_for: Mapped[str] = mapped_column(String(20))  # adopt, review, ratify, note
    position: Mapped[int] = mapped_column(Integer)
    dropped_at: Mapped[dt.datetime | None] = mapped_column(UTC)

    __table_args__ = kept(
        within("meeting_id", "meeting"),
        within("policy_id", "policy"),
        within("version_id", "policy_version"),
        UniqueConstraint("meeting_id", "policy_id"),
    )


class Decision(Model):
    """What was decided about a version. A mistake is corrected by another decision that names this one."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    policy_id: Mapped[int]
    version_id: Mapped[int]
    # adopted, adopted_with_amendments, approved, ratified, not_ratified, noted, issued, reviewed, deferred, rejected
    kind: Mapped[str] = mapped_column(String(30))
    agenda_item_id: Mapped[int | None]
    meeting_id: Mapped[int | None]
    body_id: Mapped[int | None]
    person_id: Mapped[int | None]
    # headteacher, chair or governor, where a person decided by that office.
    office: Mapped[str | None] = mapped_column(String(20))
    # The delegation or words it rested on.
    power: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    # Earliest and latest day it can have been made; equal where the day is known, both null where it is not recorded.
    decided_on: Mapped[dt.date | None] = mapped_column(Date)
    decided_latest_on: Mapped[dt.date | None] = mapped_column(Date)
    decided_precision: Mapped[str] = mapped_column(String(20), default="day")
    # The last day the review is due by; null where the decision set none.
    next_review_on: Mapped[dt.date | None] = mapped_column(Date)
    next_review_precision: Mapped[str] = mapped_column(String(20), default="day")
    # The first day on which an item that was put off is to come back; null for the next meeting.
    deferred_to_on: Mapped[dt.date | None] = mapped_column(Date)
    corrects_id: Mapped[int | None] = mapped_column(unique=True)
    recorded_at: Mapped[dt.datetime] = mapped_column(UTC)
    recorded_by: Mapped[str] = mapped_column(Text)

    __table_args__ = kept(
        within("policy_id", "policy"),
        within("version_id", "policy_version"),
        within("agenda_item_id", "agenda_item"),
        within("meeting_id", "meeting"),
        within("body_id", "governing_body"),
        within("person_id", "person"),
        within("corrects_id", "decision"),
        CheckConstraint("decided_on IS NULL OR decided_latest_on >= decided_on", name="earliest_before_latest"),
        Index(None, "organisation_id", "policy_id"),
    )


class MinuteReference(Model):
    """Where a decision is minuted, known at once or later; the latest one counts."""

    __tablename__ = "minute_reference"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    decision_id: Mapped[int]
    reference: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[dt.datetime] = mapped_column(UTC)
    recorded_by: Mapped[str] = mapped_column(Text)

    __table_args__ = kept(within("decision_id", "decision"), Index(None, "decision_id"))


class InForce(Model):
    """A version in use from a day. The latest `from_on` up to a day holds on it; a corrected decision's rows do not."""

    __tablename__ = "in_force"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    policy_id: Mapped[int]
    version_id: Mapped[int]
    decision_id: Mapped[int]
    from_on: Mapped[dt.date] = mapped_column(Date)
    # How well the day is known: "September 2022" counts from its last day.
    from_precision: Mapped[str] = mapped_column(String(20), default="day")
    pending_ratification: Mapped[bool] = mapped_column(default=False)

    __table_args__ = kept(
        within("policy_id", "policy"),
        within("version_id", "policy_version"),
        within("decision_id", "decision"),
        Index(None, "policy_id", "from_on"),
    )


class Asking(Model):
    """Who is asked to read a version in force, from when; without a category, everyone any rule requires."""

    __tablename__ = "asking"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    in_force_id: Mapped[int]
    category_id: Mapped[int | None]
    from_on: Mapped[dt.date] = mapped_column(Date)
    recorded_at: Mapped[dt.datetime] = mapped_column(UTC)

    __table_args__ = kept(
        within("in_force_id", "in_force"), within("category_id", "category"), Index(None, "in_force_id", "category_id")
    )


class AmendedText(Model):
    """The text that a body had in mind when it adopted a version with amendments, recorded once it was written."""

    __tablename__ = "amended_text"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    decision_id: Mapped[int] = mapped_column(unique=True)
    # the same for a decision and its correction
    version_id: Mapped[int]
    recorded_at: Mapped[dt.datetime] = mapped_column(UTC)
    recorded_by: Mapped[str] = mapped_column(Text)

    __table_args__ = kept(within("decision_id", "decision"), within("version_id", "policy_version"))


_OPEN = text("decision_id IS NULL")


class Preparation(Model):
    """What the owner of a policy tells the body that is to decide about it. Open until a decision settles it."""

    __tablename__ = "preparation"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    policy_id: Mapped[int]
    what_changed: Mapped[str] = mapped_column(Text, default="")
    why: Mapped[str] = mapped_column(Text, default="")
    prompted_by: Mapped[str] = mapped_column(Text, default="")
    equality: Mapped[str] = mapped_column(String(20), default="")  # assessed, not_needed, "" for not said yet
    equality_note: Mapped[str] = mapped_column(Text, default="")
    recommends: Mapped[str] = mapped_column(String(20), default="")  # adopt, keep, defer, "" for not said yet
    recommendation: Mapped[str] = mapped_column(Text, default="")
    # When the owner said that it is ready for the meeting; null while they are still at it.
    ready_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    # The decision that closed it.
    decision_id: Mapped[int | None]
    recorded_at: Mapped[dt.datetime] = mapped_column(UTC)
    recorded_by: Mapped[str] = mapped_column(Text)

    __table_args__ = kept(
        within("policy_id", "policy"),
        within("decision_id", "decision"),
        Index(None, "policy_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(None, "decision_id"),
    )


class Consultation(Model):
    """Whom the owner consulted, from when to when, and what came of it; one row a group."""

    __tablename__ = "consultation"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    preparation_id: Mapped[int]
    consulted: Mapped[str] = mapped_column(String(20))  # unions, staff, parents, others
    who: Mapped[str] = mapped_column(Text, default="")
    from_on: Mapped[dt.date | None] = mapped_column(Date)
    until_on: Mapped[dt.date | None] = mapped_column(Date)
    outcome: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = kept(
        within("preparation_id", "preparation"),
        CheckConstraint("until_on IS NULL OR from_on IS NULL OR until_on >= from_on", name="ends_after_start"),
        UniqueConstraint("preparation_id", "consulted"),
    )


class OwnerNotice(Model):
    """That the owner of a policy was told of its review, or of a text that is awaited: once a step."""

    __tablename__ = "owner_notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    policy_id: Mapped[int]
    # The review's last day, or the day of the decision whose text is awaited.
    about_on: Mapped[dt.date] = mapped_column(Date)
    rung: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int]
    told_on: Mapped[dt.date] = mapped_column(Date)

    __table_args__ = kept(
        within("policy_id", "policy"),
        within("person_id", "person"),
        UniqueConstraint("policy_id", "about_on", "rung"),
    )
