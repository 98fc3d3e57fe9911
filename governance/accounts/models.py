"""Accounts, what they may do at which school, their sessions, and the one-time links that open an account."""

from __future__ import annotations

import datetime as dt

from flask_security.core import UserMixin
from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.db import UTC, Model, within
from governance.tenancy import new_public_id


class Account(Model, UserMixin):
    """Somebody who signs in. What they may do is a matter of grants, and of the person they are at a school."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    # In small letters; for somebody without e-mail their printed reference at the school, as k7m-4qx@hillcrest.
    email: Mapped[str] = mapped_column(String(255), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, default=new_public_id)
    created_at: Mapped[dt.datetime] = mapped_column(UTC)


class AccountPerson(Model):
    """The person an account is at a school; one account may be several people at several schools."""

    __tablename__ = "account_person"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int]

    __table_args__ = (within("person_id", "person"), UniqueConstraint("account_id", "person_id"))


class Grant(Model):
    """A role an account holds at a school."""

    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[str] = mapped_column(String(30))
    granted_at: Mapped[dt.datetime] = mapped_column(UTC)

    __table_args__ = (UniqueConstraint("account_id", "organisation_id", "role"),)


class SignedIn(Model):
    """A signed-in browser. Ended here, it is dead on its next request, whatever its cookie says."""

    __tablename__ = "signed_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[dt.datetime] = mapped_column(UTC)
    expires_at: Mapped[dt.datetime] = mapped_column(UTC)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UTC)


class SignInAttempt(Model):
    """A failed sign-in, counted for its account and its address across every process."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80))
    at: Mapped[dt.datetime] = mapped_column(UTC)

    __table_args__ = (Index(None, "key", "at"),)


class OneTimeLink(Model):
    """A capability that works once: set up a school, set a password. Only its hash is kept."""

    __tablename__ = "one_time_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))  # set_up, password
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    created_at: Mapped[dt.datetime] = mapped_column(UTC)
    expires_at: Mapped[dt.datetime] = mapped_column(UTC)
    used_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    made_by: Mapped[str] = mapped_column(Text, default="")
