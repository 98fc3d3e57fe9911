"""Governing bodies and their meetings; terms and the days on which a school is closed."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.db import UTC, Model, SortText, kept, within
from governance.tenancy import new_public_id


class GoverningBody(Model):
    """A board or committee, by the name the school gives it."""

    __tablename__ = "governing_body"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    name: Mapped[str] = mapped_column(Text)
    # The name folded for matching: imports match it ignoring case.
    name_key: Mapped[str] = mapped_column(SortText)
    kind: Mapped[str] = mapped_column(String(20), default="board")  # board, committee
    ended_on: Mapped[dt.date | None] = mapped_column(Date)

    __table_args__ = kept(UniqueConstraint("organisation_id", "name_key"))


class BodyName(Model):
    """A name that a body had until a day, from which on it has another one. Append-only."""

    __tablename__ = "body_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    body_id: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    name_key: Mapped[str] = mapped_column(SortText)
    # The first day of the name that came after it.
    until_on: Mapped[dt.date] = mapped_column(Date)
    recorded_at: Mapped[dt.datetime] = mapped_column(UTC)

    __table_args__ = kept(within("body_id", "governing_body"), Index(None, "body_id", "until_on"))


class Meeting(Model):
    """A body's meeting: planned, held, cancelled, or one to which too few members came."""

    __tablename__ = "meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    body_id: Mapped[int]
    held_on: Mapped[dt.date] = mapped_column(Date)
    starts_at: Mapped[dt.time | None] = mapped_column(Time)
    place: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20), default="planned")  # planned, held, cancelled, inquorate

    __table_args__ = kept(within("body_id", "governing_body"), UniqueConstraint("body_id", "held_on"))


class Term(Model):
    """A term or half-term, from its first to its last day. What lies between two of them is a holiday."""

    __tablename__ = "term"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    name: Mapped[str] = mapped_column(Text)
    first_on: Mapped[dt.date] = mapped_column(Date)
    last_on: Mapped[dt.date] = mapped_column(Date)

    __table_args__ = kept(
        CheckConstraint("last_on >= first_on", name="ends_after_start"), Index(None, "organisation_id", "first_on")
    )


class ClosedDay(Model):
    """A day inside a term on which nobody is expected to read: a bank holiday, an INSET day, a closure."""

    __tablename__ = "closed_day"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    closed_on: Mapped[dt.date] = mapped_column(Date)
    kind: Mapped[str] = mapped_column(String(20))  # bank_holiday, inset, closure
    note: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = kept(UniqueConstraint("organisation_id", "closed_on"))
