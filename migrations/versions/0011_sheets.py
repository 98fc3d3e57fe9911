"""Printed sheets and what was entered from them; training sessions and who was there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011_sheets"
down_revision = "0010_front_desk"


def upgrade() -> None:
    _sheets()
    _entries()
    _links()
    _training()


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup instead")


def _sheets() -> None:
    op.create_table(
        "sheet",
        *_own("sheet", named=True),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("witness", sa.Text(), nullable=True),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed_on", sa.Date(), nullable=False),
        sa.Column("printed_by", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sheet_account_id")),
        sa.UniqueConstraint("organisation_id", "number", name=op.f("uq_sheet_organisation_id_number")),
    )
    op.create_table(
        "sheet_version",
        *_own("sheet_version"),
        _whole("sheet_id"),
        _whole("part"),
        _whole("position"),
        _whole("version_id"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("documents_sha256", sa.String(length=64), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=True),
        sa.Column("wording", sa.Text(), nullable=False),
        _within("sheet_version", "sheet_id", "sheet"),
        _within("sheet_version", "version_id", "policy_version"),
        sa.UniqueConstraint("sheet_id", "part", "version_id", name=op.f("uq_sheet_version_sheet_id_part_version_id")),
    )
    op.create_table(
        "sheet_row",
        *_own("sheet_row"),
        _whole("sheet_id"),
        _whole("part"),
        _whole("position"),
        _whole("person_id"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("categories", sa.Text(), nullable=False),
        _within("sheet_row", "sheet_id", "sheet"),
        _within("sheet_row", "person_id", "person"),
        sa.UniqueConstraint("sheet_id", "person_id", name=op.f("uq_sheet_row_sheet_id_person_id")),
    )


def _entries() -> None:
    op.create_table(
        "sheet_entry",
        *_own("sheet_entry", named=True),
        _whole("sheet_id"),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("witness", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        _within("sheet_entry", "sheet_id", "sheet"),
    )
    op.create_index(op.f("ix_sheet_entry_sheet_id"), "sheet_entry", ["sheet_id"])
    op.create_table(
        "sheet_scan",
        *_own("sheet_scan", named=True),
        _whole("entry_id"),
        _whole("document_id"),
        sa.Column("filename", sa.Text(), nullable=False),
        _within("sheet_scan", "entry_id", "sheet_entry"),
        _within("sheet_scan", "document_id", "document"),
    )
    op.create_index(op.f("ix_sheet_scan_entry_id"), "sheet_scan", ["entry_id"])


def _links() -> None:
    op.create_table(
        "sheet_receipt",
        *_own("sheet_receipt"),
        _whole("entry_id"),
        _whole("row_id"),
        _whole("acknowledgement_id"),
        sa.Column("explained_by", sa.Text(), nullable=True),
        _within("sheet_receipt", "entry_id", "sheet_entry"),
        _within("sheet_receipt", "row_id", "sheet_row"),
        _within("sheet_receipt", "acknowledgement_id", "acknowledgement"),
        sa.UniqueConstraint("acknowledgement_id", name=op.f("uq_sheet_receipt_acknowledgement_id")),
    )
    op.create_index(op.f("ix_sheet_receipt_row_id"), "sheet_receipt", ["row_id"])
    op.create_table(
        "sheet_declined",
        *_own("sheet_declined"),
        _whole("entry_id"),
        _whole("row_id"),
        _whole("declined_id"),
        _within("sheet_declined", "entry_id", "sheet_entry"),
        _within("sheet_declined", "row_id", "sheet_row"),
        _within("sheet_declined", "declined_id", "declined"),
        sa.UniqueConstraint("declined_id", name=op.f("uq_sheet_declined_declined_id")),
    )
    op.create_index(op.f("ix_sheet_declined_row_id"), "sheet_declined", ["row_id"])


def _training() -> None:
    op.create_table(
        "training_session",
        *_own("training_session", named=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("led_by", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("typed_name", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
    )
    op.create_index(
        op.f("ix_training_session_organisation_id_held_on"), "training_session", ["organisation_id", "held_on"]
    )
    op.create_table(
        "training_version",
        *_own("training_version"),
        _whole("session_id"),
        _whole("position"),
        _whole("version_id"),
        _whole("parts"),
        _within("training_version", "session_id", "training_session"),
        _within("training_version", "version_id", "policy_version"),
        sa.UniqueConstraint("session_id", "version_id", name=op.f("uq_training_version_session_id_version_id")),
        sa.CheckConstraint("parts BETWEEN 0 AND 255", name=op.f("ck_training_version_parts")),
    )
    op.create_table(
        "training_person",
        *_own("training_person"),
        _whole("session_id"),
        _whole("person_id"),
        sa.Column("attendance", sa.String(length=10), nullable=False),
        _within("training_person", "session_id", "training_session"),
        _within("training_person", "person_id", "person"),
        sa.UniqueConstraint("session_id", "person_id", name=op.f("uq_training_person_session_id_person_id")),
    )
    op.create_table(
        "training_receipt",
        *_own("training_receipt"),
        _whole("session_id"),
        _whole("acknowledgement_id"),
        _within("training_receipt", "session_id", "training_session"),
        _within("training_receipt", "acknowledgement_id", "acknowledgement"),
        sa.UniqueConstraint("acknowledgement_id", name=op.f("uq_training_receipt_acknowledgement_id")),
    )
    op.create_index(op.f("ix_training_receipt_session_id"), "training_receipt", ["session_id"])


def _own(table: str, *, named: bool = False) -> list[sa.schema.SchemaItem]:
    """What every table of a school has; `named` where addresses and the journal name its rows."""
    public = [
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    ]
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        *(public if named else []),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f(f"fk_{table}_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f(f"uq_{table}_organisation_id_id")),
    ]


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _within(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{other}.organisation_id", f"{other}.id"],
        name=op.f(f"fk_{table}_organisation_id_{column}"),
    )
