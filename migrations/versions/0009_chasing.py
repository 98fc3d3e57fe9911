"""The steps of reminding, and the ledger of every reminder with what it named."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009_chasing"
down_revision = "0008_school_time"


def upgrade() -> None:
    op.create_table(
        "reminder_ladder",
        *_own("reminder_ladder"),
        sa.Column("rungs", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
    )
    _reminder()
    _line()


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup instead")


def _reminder() -> None:
    op.create_table(
        "reminder",
        *_own("reminder"),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("to_person_id", sa.Integer(), nullable=False),
        sa.Column("whom", sa.String(length=20), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=36), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=False),
        _within("reminder", "to_person_id", "person"),
        _within("reminder", "outbox_id", "outbox"),
        sa.UniqueConstraint("public_id", name=op.f("uq_reminder_public_id")),
        sa.UniqueConstraint("outbox_id", name=op.f("uq_reminder_outbox_id")),
        sa.UniqueConstraint(
            "organisation_id",
            "to_person_id",
            "whom",
            "reminded_on",
            name=op.f("uq_reminder_organisation_id_to_person_id_whom_reminded_on"),
        ),
    )
    op.create_index(op.f("ix_reminder_organisation_id_cause"), "reminder", ["organisation_id", "cause"])


def _line() -> None:
    others = {
        "reminder_id": "reminder",
        "to_person_id": "person",
        "person_id": "person",
        "policy_id": "policy",
        "version_id": "policy_version",
        "in_force_id": "in_force",
    }
    op.create_table(
        "reminder_line",
        *_own("reminder_line"),
        *(sa.Column(column, sa.Integer(), nullable=False) for column in others),
        sa.Column("whom", sa.String(length=20), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("rung", sa.String(length=10), nullable=True),
        *(_within("reminder_line", column, other) for column, other in others.items()),
        sa.UniqueConstraint(
            "person_id",
            "in_force_id",
            "due_on",
            "rung",
            "whom",
            "to_person_id",
            name=op.f("uq_reminder_line_person_id_in_force_id_due_on_rung_whom_to_person_id"),
        ),
    )
    op.create_index(op.f("ix_reminder_line_reminder_id"), "reminder_line", ["reminder_id"])


def _own(table: str) -> list[sa.schema.SchemaItem]:
    """What every table of a school has."""
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f(f"fk_{table}_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f(f"uq_{table}_organisation_id_id")),
    ]


def _within(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{other}.organisation_id", f"{other}.id"],
        name=op.f(f"fk_{table}_organisation_id_{column}"),
    )
