"""People of every kind, the jobs they hold here, the bodies they sit on, and the posts that own policies."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from governance.db import UTC, Model, SortText, kept, within
from governance.schools.names import fold
from governance.tenancy import new_public_id


def _title_key(context: Any) -> str:
    """For rows that are inserted many at once, past the class."""
    return fold(context.get_current_parameters().get("job_title") or "")


class Category(Model):
    """A staff category of the school, such as teachers or volunteers."""

    __tablename__ = "category"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    name: Mapped[str] = mapped_column(Text)
    name_key: Mapped[str] = mapped_column(SortText)
    # What documents call it, for matching a detected audience: teachers, agency, fixed_term ...; null for a school's own.
    code: Mapped[str | None] = mapped_column(String(30))
    position: Mapped[int] = mapped_column(Integer)

    __table_args__ = kept(UniqueConstraint("organisation_id", "name_key"))


class Person(Model):
    """Somebody at one school. No e-mail or staff number is needed: the printed reference finds them then."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    given_name: Mapped[str] = mapped_column(Text)
    family_name: Mapped[str] = mapped_column(Text)
    # Family name, then given name, folded: the order of every list.
    sort_key: Mapped[str] = mapped_column(SortText)
    staff_number: Mapped[str | None] = mapped_column(String(60))
    printed_reference: Mapped[str] = mapped_column(String(12))
    email: Mapped[str | None] = mapped_column(Text)
    # Set by hand when access must end at once; leaving by date needs no flag.
    deactivated_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    recorded_at: Mapped[dt.datetime] = mapped_column(UTC)

    __table_args__ = kept(
        UniqueConstraint("organisation_id", "staff_number"),
        UniqueConstraint("organisation_id", "printed_reference"),
        Index(None, "organisation_id", "sort_key"),
    )


class Engagement(Model):
    """A person in a category of staff, from a day to a last day."""

    __tablename__ = "engagement"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    person_id: Mapped[int]
    category_id: Mapped[int]
    job_title: Mapped[str] = mapped_column(Text, default="")
    # The title folded, by which a reading rule finds it.
    title_key: Mapped[str] = mapped_column(Text, server_default="", default=_title_key)
    started_on: Mapped[dt.date] = mapped_column(Date)
    ended_on: Mapped[dt.date | None] = mapped_column(Date)
    line_manager_id: Mapped[int | None]
    agency: Mapped[str | None] = mapped_column(Text)
    # Recorded and then found not to be so: it ended the day before it began, and so held on no day.
    voided_at: Mapped[dt.datetime | None] = mapped_column(UTC)

    __table_args__ = kept(
        within("person_id", "person"),
        within("category_id", "category"),
        within("line_manager_id", "person"),
        UniqueConstraint("person_id", "category_id", "started_on"),
        CheckConstraint("ended_on IS NULL OR ended_on >= started_on OR voided_at IS NOT NULL", name="ends_after_start"),
        Index(None, "organisation_id", "category_id", "person_id"),
    )

    @validates("job_title")
    def _fold_title(self, _name: str, title: str) -> str:
        self.title_key = fold(title)
        return title


class BodyMember(Model):
    """Somebody's office on a governing body, between dates."""

    __tablename__ = "body_member"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    body_id: Mapped[int]
    person_id: Mapped[int]
    office: Mapped[str] = mapped_column(String(20))  # chair, vice_chair, member, associate, clerk
    from_on: Mapped[dt.date] = mapped_column(Date)
    until_on: Mapped[dt.date | None] = mapped_column(Date)

    __table_args__ = kept(
        within("body_id", "governing_body"),
        within("person_id", "person"),
        UniqueConstraint("body_id", "person_id", "office", "from_on"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ends_after_start"),
    )


class Post(Model):
    """A post that owns policies, whoever holds it: designated safeguarding lead, school business manager."""

    __tablename__ = "post"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    name: Mapped[str] = mapped_column(Text)
    name_key: Mapped[str] = mapped_column(SortText)
    ended_on: Mapped[dt.date | None] = mapped_column(Date)

    __table_args__ = kept(UniqueConstraint("organisation_id", "name_key"))


class PostHolder(Model):
    """Who holds a post, between dates."""

    __tablename__ = "post_holder"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    post_id: Mapped[int]
    person_id: Mapped[int]
    from_on: Mapped[dt.date] = mapped_column(Date)
    until_on: Mapped[dt.date | None] = mapped_column(Date)

    __table_args__ = kept(
        within("post_id", "post"),
        within("person_id", "person"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ends_after_start"),
    )


class Absence(Model):
    """Days away. The reason is for HR alone; everybody else sees "away"."""

    __tablename__ = "absence"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    person_id: Mapped[int]
    from_on: Mapped[dt.date] = mapped_column(Date)
    until_on: Mapped[dt.date | None] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = kept(
        within("person_id", "person"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ends_after_start"),
        Index(None, "person_id", "from_on"),
    )
