"""Who must read what, and who has. What is owed is derived from these and never stored."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.db import UTC, Model, kept, within
from governance.reading import paper_models as paper_models  # so that its tables are known wherever these are
from governance.tenancy import new_public_id


class ReadingRule(Model):
    """A category, a job title or a named person must read a policy within so many days, once or repeatedly."""

    __tablename__ = "reading_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    policy_id: Mapped[int]
    category_id: Mapped[int | None]
    person_id: Mapped[int | None]
    # A title as somebody typed it, and folded, which is what jobs are found by.
    job_title: Mapped[str | None] = mapped_column(Text)
    title_key: Mapped[str | None] = mapped_column(Text)
    # The parts that are to be read, as bits; 0 is the whole.
    parts: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    # Only of people whose first job here began on or after this day. It stays when the rule is changed.
    joined_since: Mapped[dt.date | None] = mapped_column(Date)
    days_to_read: Mapped[int] = mapped_column(Integer, default=14)
    repeat: Mapped[str] = mapped_column(String(10), default="once")  # once, yearly, months
    repeat_months: Mapped[int | None] = mapped_column(Integer)
    from_on: Mapped[dt.date] = mapped_column(Date)
    until_on: Mapped[dt.date | None] = mapped_column(Date)

    __table_args__ = kept(
        within("policy_id", "policy"),
        within("category_id", "category"),
        within("person_id", "person"),
        CheckConstraint(
            "(CASE WHEN category_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN person_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN title_key IS NULL THEN 0 ELSE 1 END) = 1",
            name="category_person_or_title",
        ),
        CheckConstraint("parts BETWEEN 0 AND 255", name="parts"),
        CheckConstraint("days_to_read BETWEEN 0 AND 365", name="days_to_read"),
        CheckConstraint("(repeat = 'months') = (repeat_months IS NOT NULL)", name="repeat_months"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ends_after_start"),
        UniqueConstraint("policy_id", "category_id", "from_on"),
        UniqueConstraint("policy_id", "person_id", "from_on"),
        UniqueConstraint("policy_id", "title_key", "from_on"),
    )


class PolicyPart(Model):
    """A part of a policy that some people must read and others need not. `bit` is its place in `ReadingRule.parts`."""

    __tablename__ = "policy_part"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    policy_id: Mapped[int]
    bit: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(Text)

    __table_args__ = kept(
        within("policy_id", "policy"),
        CheckConstraint("bit BETWEEN 0 AND 7", name="bit"),
        UniqueConstraint("policy_id", "bit"),
    )


class Acknowledgement(Model):
    """A read receipt: a person's act for exact bytes and wording. Never changed; a mistake is withdrawn."""

    __tablename__ = "acknowledgement"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[int]
    version_id: Mapped[int]
    # The documents' hash of the version, and the hash of the clauses shown; null where only the original was.
    documents_sha256: Mapped[str] = mapped_column(String(64))
    text_sha256: Mapped[str | None] = mapped_column(String(64))
    wording: Mapped[str] = mapped_column(Text)
    # The parts it is for, as bits; 0 is the whole.
    parts: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    # Instant of the act; null where paper tells only the day.
    given_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    acknowledged_on: Mapped[dt.date] = mapped_column(Date)
    recorded_at: Mapped[dt.datetime] = mapped_column(UTC)
    # How and how surely; every value has its words in `receipts.METHODS`.
    method: Mapped[str] = mapped_column(String(20))
    assurance: Mapped[str] = mapped_column(String(30))
    witness: Mapped[str | None] = mapped_column(Text)
    recorded_by: Mapped[str | None] = mapped_column(Text)
    # What the person typed, where they typed their name.
    typed_name: Mapped[str | None] = mapped_column(Text)

    __table_args__ = kept(
        within("person_id", "person"),
        within("version_id", "policy_version"),
        # Covering: every question of who has read what is answered from it alone. Not unique, so that a withdrawn
        # receipt and a new one on the same day can both stand; the act itself refuses a repeat under the school's lock.
        Index("ix_acknowledgement_pair", "person_id", "version_id", "acknowledged_on", "parts", "id"),
    )


class Withdrawal(Model):
    """A receipt entered by mistake, taken back with a reason. It counts for no day."""

    __tablename__ = "withdrawal"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    acknowledgement_id: Mapped[int] = mapped_column(unique=True)
    reason: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[dt.datetime] = mapped_column(UTC)
    recorded_by: Mapped[str] = mapped_column(Text)

    __table_args__ = kept(within("acknowledgement_id", "acknowledgement"))


class Witnessing(Model):
    """Somebody saw the person of a receipt: a fact added after the act, such as by the front desk."""

    __tablename__ = "witnessing"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    acknowledgement_id: Mapped[int] = mapped_column(unique=True)
    witness: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[dt.datetime] = mapped_column(UTC)
    recorded_by: Mapped[str] = mapped_column(Text)

    __table_args__ = kept(within("acknowledgement_id", "acknowledgement"))


class CarriedReceipt(Model):
    """A receipt that was given under one record of a person and stands under another: the first is withdrawn for it."""

    __tablename__ = "carried_receipt"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    from_id: Mapped[int] = mapped_column(unique=True)
    to_id: Mapped[int]
    recorded_at: Mapped[dt.datetime] = mapped_column(UTC)
    recorded_by: Mapped[str] = mapped_column(Text)

    __table_args__ = kept(within("from_id", "acknowledgement"), within("to_id", "acknowledgement"))


class Declined(Model):
    """Given, not signed: somebody was given a version in front of a witness and did not confirm. No receipt."""

    __tablename__ = "declined"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    person_id: Mapped[int]
    version_id: Mapped[int]
    given_on: Mapped[dt.date] = mapped_column(Date)
    witness: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[dt.datetime] = mapped_column(UTC)
    recorded_by: Mapped[str] = mapped_column(Text)

    __table_args__ = kept(
        within("person_id", "person"), within("version_id", "policy_version"), Index(None, "person_id")
    )


class DeclinedWithdrawal(Model):
    """A "given, not signed" that was entered by mistake. It counts for no day."""

    __tablename__ = "declined_withdrawal"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    declined_id: Mapped[int] = mapped_column(unique=True)
    reason: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[dt.datetime] = mapped_column(UTC)
    recorded_by: Mapped[str] = mapped_column(Text)

    __table_args__ = kept(within("declined_id", "declined"))


class Extension(Model):
    """More time for one person, until the next asking."""

    __tablename__ = "extension"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    person_id: Mapped[int]
    asking_id: Mapped[int]
    until_on: Mapped[dt.date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[dt.datetime] = mapped_column(UTC)
    recorded_by: Mapped[str] = mapped_column(Text)

    __table_args__ = kept(within("person_id", "person"), within("asking_id", "asking"), Index(None, "person_id"))


class Excuse(Model):
    """Not needed: a person need not read a policy, between dates, for a reason somebody gives their name to."""

    __tablename__ = "excuse"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    person_id: Mapped[int]
    policy_id: Mapped[int]
    from_on: Mapped[dt.date] = mapped_column(Date)
    until_on: Mapped[dt.date | None] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[dt.datetime] = mapped_column(UTC)
    recorded_by: Mapped[str] = mapped_column(Text)

    __table_args__ = kept(
        within("person_id", "person"),
        within("policy_id", "policy"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ends_after_start"),
        Index(None, "person_id", "policy_id"),
    )


class ReadingLink(Model):
    """A way to one person's list without an account, by mail or letter. Only the hash of its secret is kept."""

    __tablename__ = "reading_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    person_id: Mapped[int]
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    way: Mapped[str] = mapped_column(String(10))  # mail, letter
    # The mail that brings it, by its public id.
    mail: Mapped[str | None] = mapped_column(String(36))
    made_at: Mapped[dt.datetime] = mapped_column(UTC)
    made_by: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[dt.datetime] = mapped_column(UTC)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    closed_why: Mapped[str | None] = mapped_column(String(20))  # replaced, closed, finished
    closed_by: Mapped[str | None] = mapped_column(Text)
    # Somebody who found it worn out asked for a new one.
    asked_again_at: Mapped[dt.datetime | None] = mapped_column(UTC)

    __table_args__ = kept(within("person_id", "person"), Index(None, "organisation_id", "person_id"))


class ReadingVisit(Model):
    """A browser that has opened a reading link, by the hash of what its cookie carries."""

    __tablename__ = "reading_visit"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    link_id: Mapped[int]
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    opened_at: Mapped[dt.datetime] = mapped_column(UTC)
    expires_at: Mapped[dt.datetime] = mapped_column(UTC)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UTC)

    __table_args__ = kept(within("link_id", "reading_link"), Index(None, "link_id"))
