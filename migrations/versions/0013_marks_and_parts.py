"""A school's own mark of what is about safeguarding; the parts of a policy that a printed sheet is signed for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013_marks_and_parts"
down_revision = "0012_contacts"


def upgrade() -> None:
    # nobody has said anything yet: every policy goes on by its title
    op.add_column("policy", sa.Column("safeguarding", sa.Boolean(), nullable=True))
    with op.batch_alter_table("sheet_version") as version:
        # every sheet printed before was signed for the whole
        version.add_column(sa.Column("parts", sa.Integer(), nullable=False, server_default="0"))
        version.add_column(sa.Column("parts_named", sa.Text(), nullable=False, server_default=""))
        version.create_check_constraint(op.f("ck_sheet_version_parts"), "parts BETWEEN 0 AND 255")


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup instead")
