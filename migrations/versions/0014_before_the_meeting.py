"""What the owner of a policy prepares for its meeting and is told of; amended texts; putting off to a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014_before_the_meeting"
down_revision = "0013_marks_and_parts"

_OPEN = "decision_id IS NULL"


def upgrade() -> None:
    with op.batch_alter_table("decision", recreate="never") as decision:
        decision.add_column(sa.Column("deferred_to_on", sa.Date(), nullable=True))
    _preparation()
    _consultation()
    _amended_text()
    _owner_notice()


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup instead")


def _preparation() -> None:
    op.create_table(
        "preparation",
        *_own("preparation"),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("what_changed", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("prompted_by", sa.Text(), nullable=False),
        sa.Column("equality", sa.String(length=20), nullable=False),
        sa.Column("equality_note", sa.Text(), nullable=False),
        sa.Column("recommends", sa.String(length=20), nullable=False),
        sa.Column("recommendation", sa.Text(), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        _within("preparation", "policy_id", "policy"),
        _within("preparation", "decision_id", "decision"),
        sa.UniqueConstraint("public_id", name=op.f("uq_preparation_public_id")),
    )
    op.create_index(
        op.f("ix_preparation_policy_id"),
        "preparation",
        ["policy_id"],
        unique=True,
        sqlite_where=sa.text(_OPEN),
        postgresql_where=sa.text(_OPEN),
    )
    op.create_index(op.f("ix_preparation_decision_id"), "preparation", ["decision_id"])


def _consultation() -> None:
    op.create_table(
        "consultation",
        *_own("consultation"),
        sa.Column("preparation_id", sa.Integer(), nullable=False),
        sa.Column("consulted", sa.String(length=20), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "until_on IS NULL OR from_on IS NULL OR until_on >= from_on", name=op.f("ck_consultation_ends_after_start")
        ),
        _within("consultation", "preparation_id", "preparation"),
        sa.UniqueConstraint("preparation_id", "consulted", name=op.f("uq_consultation_preparation_id_consulted")),
    )


def _amended_text() -> None:
    op.create_table(
        "amended_text",
        *_own("amended_text"),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        _within("amended_text", "decision_id", "decision"),
        _within("amended_text", "version_id", "policy_version"),
        sa.UniqueConstraint("decision_id", name=op.f("uq_amended_text_decision_id")),
    )


def _owner_notice() -> None:
    op.create_table(
        "owner_notice",
        *_own("owner_notice"),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("about_on", sa.Date(), nullable=False),
        sa.Column("rung", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        _within("owner_notice", "policy_id", "policy"),
        _within("owner_notice", "person_id", "person"),
        sa.UniqueConstraint("policy_id", "about_on", "rung", name=op.f("uq_owner_notice_policy_id_about_on_rung")),
    )


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
