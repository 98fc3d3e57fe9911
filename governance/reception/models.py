"""Visits of people who are here for a day, what became of each, and the address on the poster at reception."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.db import UTC, Model, kept, within
from governance.tenancy import new_public_id


class FrontDesk(Model):
    """What the school chose for its front desk. Without a row day people are of the category that agency staff have."""

    __tablename__ = "front_desk"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), unique=True)
    category_id: Mapped[int]

    __table_args__ = kept(within("category_id", "category"))


class ReceptionAddress(Model):
    """The address in the code on the poster. Its secret is worked out from the public id; only the hash is kept."""

    __tablename__ = "reception_address"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[dt.datetime] = mapped_column(UTC)
    made_by: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UTC)

    __table_args__ = kept()


class Visit(Model):
    """Somebody who came for a day, as they or the front desk typed it. Nobody is recorded as a person by this alone."""

    __tablename__ = "visit"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    visited_on: Mapped[dt.date] = mapped_column(Date)
    arrived_at: Mapped[dt.datetime] = mapped_column(UTC)
    given_name: Mapped[str] = mapped_column(Text)
    family_name: Mapped[str] = mapped_column(Text)
    agency: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    # What the visitor's own phone carries; null where the front desk added them by hand.
    token_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    added_by: Mapped[str | None] = mapped_column(Text)

    __table_args__ = kept(Index(None, "organisation_id", "visited_on"))


class VisitStep(Model):
    """What became of a visit; the latest of its kind counts.

    person         a person was recorded for it, with a job for the day
    same_person    it is somebody who was here on an earlier day; somebody_else takes that back
    seen           the front desk saw them
    not_known      nobody knows them: what was signed does not count
    left           they left; back takes that back
    """

    __tablename__ = "visit_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    visit_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int | None]
    # The job for the day that came with it; null where they held one already.
    engagement_id: Mapped[int | None]
    at: Mapped[dt.datetime] = mapped_column(UTC)
    recorded_by: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = kept(
        within("visit_id", "visit"),
        within("person_id", "person"),
        within("engagement_id", "engagement"),
        Index(None, "visit_id"),
        Index(None, "person_id"),
    )


class VisitReceipt(Model):
    """A receipt that was given during a visit."""

    __tablename__ = "visit_receipt"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    visit_id: Mapped[int]
    acknowledgement_id: Mapped[int]

    __table_args__ = kept(
        within("visit_id", "visit"),
        within("acknowledgement_id", "acknowledgement"),
        UniqueConstraint("visit_id", "acknowledgement_id"),
    )


class TabletSession(Model):
    """A browser that the front desk put into tablet mode. It is signed in as nobody; only its hash is kept."""

    __tablename__ = "tablet_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    # Whose password ends it, and whose leaving ends it too.
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    # Who sees people sign; null where nobody stands by.
    witness: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[dt.datetime] = mapped_column(UTC)
    expires_at: Mapped[dt.datetime] = mapped_column(UTC)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UTC)

    __table_args__ = kept()


class TabletTurn(Model):
    """One person's turn at a tablet, from their name and number to its end."""

    __tablename__ = "tablet_turn"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    tablet_id: Mapped[int]
    person_id: Mapped[int]
    begun_at: Mapped[dt.datetime] = mapped_column(UTC)
    # The last act in it; a turn in which nothing is done ends by itself.
    touched_at: Mapped[dt.datetime] = mapped_column(UTC)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UTC)

    __table_args__ = kept(
        within("tablet_id", "tablet_session"), within("person_id", "person"), Index(None, "tablet_id")
    )
