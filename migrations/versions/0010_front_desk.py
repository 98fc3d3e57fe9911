"""People who are here for a day: visits, the address at reception, witnesses added later, and the shared tablet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010_front_desk"
down_revision = "0009_chasing"


def upgrade() -> None:
    _void_jobs()
    _receipts()
    _desk()
    _visits()
    _tablets()


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup instead")


def _void_jobs() -> None:
    with op.batch_alter_table("engagement") as engagement:
        engagement.add_column(sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True))
        engagement.drop_constraint(op.f("ck_engagement_ends_after_start"), type_="check")
        engagement.create_check_constraint(
            op.f("ck_engagement_ends_after_start"),
            "ended_on IS NULL OR ended_on >= started_on OR voided_at IS NOT NULL",
        )


def _receipts() -> None:
    op.create_table(
        "witnessing",
        *_own("witnessing"),
        sa.Column("acknowledgement_id", sa.Integer(), nullable=False),
        sa.Column("witness", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        _within("witnessing", "acknowledgement_id", "acknowledgement"),
        sa.UniqueConstraint("acknowledgement_id", name=op.f("uq_witnessing_acknowledgement_id")),
    )
    op.create_table(
        "carried_receipt",
        *_own("carried_receipt"),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        _within("carried_receipt", "from_id", "acknowledgement"),
        _within("carried_receipt", "to_id", "acknowledgement"),
        sa.UniqueConstraint("from_id", name=op.f("uq_carried_receipt_from_id")),
    )


def _desk() -> None:
    op.create_table(
        "front_desk",
        *_own("front_desk"),
        sa.Column("category_id", sa.Integer(), nullable=False),
        _within("front_desk", "category_id", "category"),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_front_desk_organisation_id")),
    )
    op.create_table(
        "reception_address",
        *_own("reception_address", public=True),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_reception_address_token_sha256")),
    )


def _visits() -> None:
    op.create_table(
        "visit",
        *_own("visit", public=True),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("given_name", "family_name", "agency", "purpose")),
        sa.Column("token_sha256", sa.String(length=64), nullable=True),
        sa.Column("added_by", sa.Text(), nullable=True),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_visit_token_sha256")),
    )
    op.create_index(op.f("ix_visit_organisation_id_visited_on"), "visit", ["organisation_id", "visited_on"])
    op.create_table(
        "visit_step",
        *_own("visit_step"),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("engagement_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _within("visit_step", "visit_id", "visit"),
        _within("visit_step", "person_id", "person"),
        _within("visit_step", "engagement_id", "engagement"),
    )
    op.create_index(op.f("ix_visit_step_visit_id"), "visit_step", ["visit_id"])
    op.create_index(op.f("ix_visit_step_person_id"), "visit_step", ["person_id"])
    op.create_table(
        "visit_receipt",
        *_own("visit_receipt"),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("acknowledgement_id", sa.Integer(), nullable=False),
        _within("visit_receipt", "visit_id", "visit"),
        _within("visit_receipt", "acknowledgement_id", "acknowledgement"),
        sa.UniqueConstraint(
            "visit_id", "acknowledgement_id", name=op.f("uq_visit_receipt_visit_id_acknowledgement_id")
        ),
    )


def _tablets() -> None:
    op.create_table(
        "tablet_session",
        *_own("tablet_session", public=True),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("witness", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_tablet_session_account_id")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_tablet_session_token_sha256")),
    )
    op.create_table(
        "tablet_turn",
        *_own("tablet_turn", public=True),
        sa.Column("tablet_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _within("tablet_turn", "tablet_id", "tablet_session"),
        _within("tablet_turn", "person_id", "person"),
    )
    op.create_index(op.f("ix_tablet_turn_tablet_id"), "tablet_turn", ["tablet_id"])


def _own(table: str, *, public: bool = False) -> list[sa.schema.SchemaItem]:
    """What every table of a school has; `public` for those that addresses name."""
    named = [
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    ]
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f(f"fk_{table}_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f(f"uq_{table}_organisation_id_id")),
        *(named if public else []),
    ]


def _within(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{other}.organisation_id", f"{other}.id"],
        name=op.f(f"fk_{table}_organisation_id_{column}"),
    )
