"""What a body was called before it got the name it has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017_body_names"
down_revision = "0016_calendars"

_SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "body_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", _SORTED, nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_body_name_organisation_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "body_id"],
            ["governing_body.organisation_id", "governing_body.id"],
            name=op.f("fk_body_name_organisation_id_body_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body_name")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_body_name_organisation_id_id")),
    )
    op.create_index(op.f("ix_body_name_body_id_until_on"), "body_name", ["body_id", "until_on"])


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup instead")
