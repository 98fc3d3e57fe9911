"""Schedule entries, runs, packs and their sending."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_schedule"
down_revision = "0006_reading"


def upgrade() -> None:
    op.create_table(
        "schedule_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("cadence", sa.Text(), nullable=False),
        sa.Column("recipients", sa.Text(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_schedule_entry_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_entry")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_schedule_entry_organisation_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_schedule_entry_public_id")),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("slot", sa.String(length=80), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("artefact_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "artefact_id"],
            ["artefact.organisation_id", "artefact.id"],
            name=op.f("fk_run_organisation_id_artefact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "entry_id"],
            ["schedule_entry.organisation_id", "schedule_entry.id"],
            name=op.f("fk_run_organisation_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_run_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sa.UniqueConstraint(
            "organisation_id",
            "entry_id",
            "slot",
            name=op.f("uq_run_organisation_id_entry_id_slot"),
        ),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_run_organisation_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_run_public_id")),
    )
    op.create_index(op.f("ix_run_state_due_at"), "run", ["state", "due_at"], unique=False)
    op.create_table(
        "pack",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("artefact_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "artefact_id"],
            ["artefact.organisation_id", "artefact.id"],
            name=op.f("fk_pack_organisation_id_artefact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "meeting_id"],
            ["meeting.organisation_id", "meeting.id"],
            name=op.f("fk_pack_organisation_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_pack_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_pack_organisation_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_pack_public_id")),
    )
    op.create_table(
        "pack_sending",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.Column("short_notice_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "pack_id"],
            ["pack.organisation_id", "pack.id"],
            name=op.f("fk_pack_sending_organisation_id_pack_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_pack_sending_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_sending")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_pack_sending_organisation_id_id")),
        sa.UniqueConstraint("pack_id", name=op.f("uq_pack_sending_pack_id")),
    )


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup instead")
