"""What members were told of a meeting: with its pack, and afterwards when it was moved or cancelled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018_meeting_told"
down_revision = "0017_body_names"


def upgrade() -> None:
    op.create_table(
        "meeting_told",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_meeting_told_organisation_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "meeting_id"],
            ["meeting.organisation_id", "meeting.id"],
            name=op.f("fk_meeting_told_organisation_id_meeting_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_told")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_meeting_told_organisation_id_id")),
    )
    op.create_index(op.f("ix_meeting_told_meeting_id"), "meeting_told", ["meeting_id"])


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup instead")
