"""What is kept byte for byte: documents that came in, and artefacts that were made."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from governance.db import UTC, Model, kept, within
from governance.tenancy import new_public_id


class Document(Model):
    """Bytes by their hash, once per school. Never changed; the bytes alone may go when their retention ends."""

    __tablename__ = "document"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    bytes: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    recorded_at: Mapped[dt.datetime] = mapped_column(UTC)

    __table_args__ = kept(UniqueConstraint("organisation_id", "sha256"))


class Artefact(Model):
    """A report, pack or receipt as it was made: bytes, their hash, and the manifest of what went in."""

    __tablename__ = "artefact"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    kind: Mapped[str] = mapped_column(String(40))  # pack, report, attachment
    title: Mapped[str] = mapped_column(Text)
    filename: Mapped[str] = mapped_column(Text)
    document_id: Mapped[int]
    # SHA-256 of the gathered values: the same values give the stored artefact again.
    values_sha256: Mapped[str] = mapped_column(String(64))
    # JSON: inputs with their hashes, template, application and library versions.
    manifest: Mapped[str] = mapped_column(Text)
    made_at: Mapped[dt.datetime] = mapped_column(UTC)
    made_by: Mapped[str] = mapped_column(Text)

    __table_args__ = kept(within("document_id", "document"))


class HeldFile(Model):
    """A file someone uploaded and has not confirmed yet. It goes when they confirm or cancel, or within two days."""

    __tablename__ = "held_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_id: Mapped[str] = mapped_column(
        String(36), default=new_public_id, index=True
    )  # shared by files held together
    kind: Mapped[str] = mapped_column(String(40))  # people, version, receipts
    filename: Mapped[str] = mapped_column(Text)
    bytes: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    # JSON kept beside the file, such as what was detected in it.
    notes: Mapped[str] = mapped_column(Text, default="{}")
    held_at: Mapped[dt.datetime] = mapped_column(UTC)
    held_by: Mapped[str] = mapped_column(Text)

    __table_args__ = kept()
