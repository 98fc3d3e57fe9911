"""How the pack reaches governors: attached to the mail, or by a private link, of which the hash is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019_pack_links"
down_revision = "0018_meeting_told"


def upgrade() -> None:
    # what was sent before there was a choice went attached, and goes on so until a school chooses
    op.add_column("organisation", sa.Column("pack_way", sa.String(20), nullable=False, server_default="attached"))
    op.create_table(
        "pack_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_why", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_pack_link_organisation_id")),
        *(_within(column, table) for column, table in (("pack_id", "pack"), ("outbox_id", "outbox"))),
        _within("person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_link")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_pack_link_organisation_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_pack_link_public_id")),
        sa.UniqueConstraint("outbox_id", name=op.f("uq_pack_link_outbox_id")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_pack_link_token_sha256")),
    )
    op.create_index(op.f("ix_pack_link_pack_id"), "pack_link", ["pack_id"])


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup instead")


def _within(column: str, table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_pack_link_organisation_id_{column}")
    return sa.ForeignKeyConstraint(["organisation_id", column], [f"{table}.organisation_id", f"{table}.id"], name=name)
