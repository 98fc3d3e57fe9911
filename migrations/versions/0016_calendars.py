"""Private addresses of calendars. The journal is asked by event, since it knows when a meeting was planned or moved."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016_calendars"
down_revision = "0015_printed_parts"

_WORKS = "revoked_at IS NULL"


def upgrade() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_calendar_feed_organisation_id")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_calendar_feed_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_calendar_feed_organisation_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_calendar_feed_public_id")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_calendar_feed_token_sha256")),
    )
    op.create_index(
        op.f("ix_calendar_feed_organisation_id_account_id"),
        "calendar_feed",
        ["organisation_id", "account_id"],
        unique=True,
        sqlite_where=sa.text(_WORKS),
        postgresql_where=sa.text(_WORKS),
    )
    op.create_index(op.f("ix_journal_entry_organisation_id_event"), "journal_entry", ["organisation_id", "event"])


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup instead")
