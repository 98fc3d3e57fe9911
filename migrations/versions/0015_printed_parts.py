"""Parts of packs as they were printed, kept so that the next pack prints only what changed. They may go at any time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015_printed_parts"
down_revision = "0014_before_the_meeting"


def upgrade() -> None:
    op.create_table(
        "printed_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_printed_part_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printed_part")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_printed_part_organisation_id_id")),
        sa.UniqueConstraint("organisation_id", "key", name=op.f("uq_printed_part_organisation_id_key")),
    )
    op.create_index(op.f("ix_printed_part_printed_at"), "printed_part", ["printed_at"])


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup instead")
