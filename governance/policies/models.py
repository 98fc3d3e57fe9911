"""Policies, their versions, and what a document says of itself."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.db import UTC, Model, SortText, kept, within
from governance.tenancy import new_public_id


class Policy(Model):
    """A policy, procedure, agreement or outside guidance in the school's register."""

    __tablename__ = "policy"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    kind: Mapped[str] = mapped_column(String(20), default="policy")  # policy, procedure, agreement, guidance
    title: Mapped[str] = mapped_column(Text)
    sort_key: Mapped[str] = mapped_column(SortText)
    # The title without its order, punctuation and stray spaces, for matching what other documents cite.
    title_key: Mapped[str] = mapped_column(SortText)
    reference: Mapped[str] = mapped_column(String(40))
    owner_post_id: Mapped[int | None]
    approving_body_id: Mapped[int | None]
    review_every_months: Mapped[int | None] = mapped_column(Integer)
    # What a reader agrees to; null for the house wording.
    wording: Mapped[str | None] = mapped_column(Text)
    # Whether the school counts it as about safeguarding; null where its title says.
    safeguarding: Mapped[bool | None] = mapped_column(Boolean)
    retired_on: Mapped[dt.date | None] = mapped_column(Date)
    replaced_by_id: Mapped[int | None]
    recorded_at: Mapped[dt.datetime] = mapped_column(UTC)

    __table_args__ = kept(
        within("owner_post_id", "post"),
        within("approving_body_id", "governing_body"),
        within("replaced_by_id", "policy"),
        UniqueConstraint("organisation_id", "reference"),
        CheckConstraint("review_every_months BETWEEN 1 AND 60", name="review_interval"),
        Index(None, "organisation_id", "title_key"),
    )


class PolicyVersion(Model):
    """One text of a policy. Fixed from the moment it is recorded."""

    __tablename__ = "policy_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    policy_id: Mapped[int]
    # Counts up within the policy; a receipt for a later number stands for an earlier one.
    number: Mapped[int] = mapped_column(Integer)
    label: Mapped[str] = mapped_column(Text, default="")
    change_summary: Mapped[str] = mapped_column(Text, default="")
    # SHA-256 over the hashes of its documents in order: what a receipt is bound to.
    documents_sha256: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[dt.datetime] = mapped_column(UTC)
    recorded_by: Mapped[str] = mapped_column(Text)

    __table_args__ = kept(within("policy_id", "policy"), UniqueConstraint("policy_id", "number"))


class VersionDocument(Model):
    """A file of a version, in its order, under the name it came with."""

    __tablename__ = "version_document"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    version_id: Mapped[int]
    document_id: Mapped[int]
    position: Mapped[int] = mapped_column(Integer)
    filename: Mapped[str] = mapped_column(Text)

    __table_args__ = kept(
        within("version_id", "policy_version"),
        within("document_id", "document"),
        UniqueConstraint("version_id", "position"),
    )


class VersionText(Model):
    """The text of a version as clauses, made once by one extractor."""

    __tablename__ = "version_text"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    version_id: Mapped[int] = mapped_column(unique=True)
    extractor: Mapped[str] = mapped_column(String(40))
    sha256: Mapped[str] = mapped_column(String(64))
    # JSON list of clauses; TEXT, since it is hashed.
    clauses: Mapped[str] = mapped_column(Text)

    __table_args__ = kept(within("version_id", "policy_version"))


class VersionDate(Model):
    """A date the document states of itself, with its precision: updated, reviewed, issued, adopted, next review."""

    __tablename__ = "version_date"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    version_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))  # updated, reviewed, adopted, next_review
    earliest_on: Mapped[dt.date | None] = mapped_column(Date)
    latest_on: Mapped[dt.date | None] = mapped_column(Date)
    precision: Mapped[str] = mapped_column(String(20))
    as_written: Mapped[str] = mapped_column(Text)

    __table_args__ = kept(within("version_id", "policy_version"), Index(None, "version_id"))


class RelatedPolicy(Model):
    """A policy that another is to be read with: picked from the register, or cited by a title that may not be there."""

    __tablename__ = "related_policy"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    policy_id: Mapped[int]
    cited_title: Mapped[str] = mapped_column(Text)
    # Set when a person picked it; a cited title is matched each time it is shown.
    target_id: Mapped[int | None]
    removed_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    recorded_at: Mapped[dt.datetime] = mapped_column(UTC)

    __table_args__ = kept(within("policy_id", "policy"), within("target_id", "policy"))


class PolicyContact(Model):
    """Who answers questions about a policy; without a policy, about every policy that has no list of its own."""

    __tablename__ = "policy_contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    policy_id: Mapped[int | None]
    position: Mapped[int] = mapped_column(Integer)
    # What they are asked about: "pay and leave", "a worry about a child".
    purpose: Mapped[str] = mapped_column(Text)
    # One of three: a post, whoever holds it; an office (headteacher, chair), whoever has it; or a name outside the school.
    post_id: Mapped[int | None]
    office: Mapped[str | None] = mapped_column(String(20))
    name: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(Text, default="")
    email: Mapped[str] = mapped_column(Text, default="")
    # To be asked instead of the others where the matter concerns the headteacher.
    about_headteacher: Mapped[bool] = mapped_column(Boolean, default=False)

    __table_args__ = kept(
        within("policy_id", "policy"),
        within("post_id", "post"),
        CheckConstraint(
            "(CASE WHEN post_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN office IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN name IS NULL THEN 0 ELSE 1 END) = 1",
            name="post_office_or_name",
        ),
        Index(None, "organisation_id", "policy_id"),
    )
