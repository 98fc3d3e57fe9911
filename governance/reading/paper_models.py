"""Sheets to sign as they were printed, what was entered from them, and training sessions. All of it only ever grows."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.db import UTC, Model, kept, within
from governance.tenancy import new_public_id


class Sheet(Model):
    """A sheet that was made to be printed and signed. Its number stands on every page and leads back to it."""

    __tablename__ = "sheet"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    number: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(20))  # policy, category, session
    title: Mapped[str] = mapped_column(Text)
    # Who is to see it signed, as printed; null where a line was left for the name.
    witness: Mapped[str | None] = mapped_column(Text)
    printed_at: Mapped[dt.datetime] = mapped_column(UTC)
    printed_on: Mapped[dt.date] = mapped_column(Date)
    printed_by: Mapped[str] = mapped_column(Text)
    # Whose sheets a front desk finds again: those it printed itself.
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = kept(UniqueConstraint("organisation_id", "number"))


class SheetVersion(Model):
    """A version on a sheet, as printed. Whoever signs a part signs for all versions of that part."""

    __tablename__ = "sheet_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    sheet_id: Mapped[int]
    part: Mapped[int] = mapped_column(Integer)
    position: Mapped[int] = mapped_column(Integer)
    version_id: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    reference: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text)
    documents_sha256: Mapped[str] = mapped_column(String(64))
    text_sha256: Mapped[str | None] = mapped_column(String(64))
    wording: Mapped[str] = mapped_column(Text)
    # The parts of the document it is for, as bits, and what they were called; 0 and "" for the whole.
    parts: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    parts_named: Mapped[str] = mapped_column(Text, default="", server_default="")

    __table_args__ = kept(
        within("sheet_id", "sheet"),
        within("version_id", "policy_version"),
        UniqueConstraint("sheet_id", "part", "version_id"),
        CheckConstraint("parts BETWEEN 0 AND 255", name="parts"),
    )


class SheetRow(Model):
    """A line of a sheet: somebody with room to sign, named as printed. Nobody stands on a sheet twice."""

    __tablename__ = "sheet_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    sheet_id: Mapped[int]
    part: Mapped[int] = mapped_column(Integer)
    position: Mapped[int] = mapped_column(Integer)
    person_id: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    number: Mapped[str] = mapped_column(Text)
    categories: Mapped[str] = mapped_column(Text)

    __table_args__ = kept(
        within("sheet_id", "sheet"), within("person_id", "person"), UniqueConstraint("sheet_id", "person_id")
    )


class SheetEntry(Model):
    """One sitting in which rows of a sheet were entered: the day they were signed and who saw it."""

    __tablename__ = "sheet_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    sheet_id: Mapped[int]
    signed_on: Mapped[dt.date] = mapped_column(Date)
    witness: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[dt.datetime] = mapped_column(UTC)
    recorded_by: Mapped[str] = mapped_column(Text)

    __table_args__ = kept(within("sheet_id", "sheet"), Index(None, "sheet_id"))


class SheetReceipt(Model):
    """A receipt that came from a row of a sheet, and who read it aloud or explained it where somebody did."""

    __tablename__ = "sheet_receipt"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    entry_id: Mapped[int]
    row_id: Mapped[int]
    acknowledgement_id: Mapped[int] = mapped_column(unique=True)
    explained_by: Mapped[str | None] = mapped_column(Text)

    __table_args__ = kept(
        within("entry_id", "sheet_entry"),
        within("row_id", "sheet_row"),
        within("acknowledgement_id", "acknowledgement"),
        Index(None, "row_id"),
    )


class SheetDeclined(Model):
    """A "given, not signed" that came from a row of a sheet."""

    __tablename__ = "sheet_declined"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    entry_id: Mapped[int]
    row_id: Mapped[int]
    declined_id: Mapped[int] = mapped_column(unique=True)

    __table_args__ = kept(
        within("entry_id", "sheet_entry"),
        within("row_id", "sheet_row"),
        within("declined_id", "declined"),
        Index(None, "row_id"),
    )


class SheetScan(Model):
    """A scan or photograph of signed pages. Its bytes have their own retention; this line stays."""

    __tablename__ = "sheet_scan"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    entry_id: Mapped[int]
    document_id: Mapped[int]
    filename: Mapped[str] = mapped_column(Text)

    __table_args__ = kept(within("entry_id", "sheet_entry"), within("document_id", "document"), Index(None, "entry_id"))


class TrainingSession(Model):
    """A session, such as on an INSET day, at which those present confirmed that they read or were taught policies."""

    __tablename__ = "training_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    title: Mapped[str] = mapped_column(Text)
    held_on: Mapped[dt.date] = mapped_column(Date)
    led_by: Mapped[str] = mapped_column(Text)
    # What whoever recorded it stated, and the name they typed below it.
    statement: Mapped[str] = mapped_column(Text)
    typed_name: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[dt.datetime] = mapped_column(UTC)
    recorded_by: Mapped[str] = mapped_column(Text)

    __table_args__ = kept(Index(None, "organisation_id", "held_on"))


class TrainingVersion(Model):
    """A version that a session covered; `parts` are the parts of it as bits, 0 the whole."""

    __tablename__ = "training_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    session_id: Mapped[int]
    position: Mapped[int] = mapped_column(Integer)
    version_id: Mapped[int]
    parts: Mapped[int] = mapped_column(Integer)

    __table_args__ = kept(
        within("session_id", "training_session"),
        within("version_id", "policy_version"),
        UniqueConstraint("session_id", "version_id"),
        CheckConstraint("parts BETWEEN 0 AND 255", name="parts"),
    )


class TrainingPerson(Model):
    """Somebody on a session's list: present, absent, away or left by then."""

    __tablename__ = "training_person"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    session_id: Mapped[int]
    person_id: Mapped[int]
    attendance: Mapped[str] = mapped_column(String(10))  # present, absent, away, left

    __table_args__ = kept(
        within("session_id", "training_session"),
        within("person_id", "person"),
        UniqueConstraint("session_id", "person_id"),
    )


class TrainingReceipt(Model):
    """A receipt that came from a session."""

    __tablename__ = "training_receipt"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    session_id: Mapped[int]
    acknowledgement_id: Mapped[int] = mapped_column(unique=True)

    __table_args__ = kept(
        within("session_id", "training_session"),
        within("acknowledgement_id", "acknowledgement"),
        Index(None, "session_id"),
    )
