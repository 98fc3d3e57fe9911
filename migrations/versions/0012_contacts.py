"""Whom to ask about a policy; links by which somebody without an account reads their list, and the visits they open."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012_contacts"
down_revision = "0011_sheets"


def upgrade() -> None:
    _contacts()
    _links()
    _visits()


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup instead")


def _contacts() -> None:
    op.create_table(
        "policy_contact",
        *_own("policy_contact"),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("office", sa.String(length=20), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("about_headteacher", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(CASE WHEN post_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN office IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN name IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_policy_contact_post_office_or_name"),
        ),
        _within("policy_contact", "policy_id", "policy"),
        _within("policy_contact", "post_id", "post"),
        sa.UniqueConstraint("public_id", name=op.f("uq_policy_contact_public_id")),
    )
    op.create_index(
        op.f("ix_policy_contact_organisation_id_policy_id"), "policy_contact", ["organisation_id", "policy_id"]
    )


def _links() -> None:
    op.create_table(
        "reading_link",
        *_own("reading_link"),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("mail", sa.String(length=36), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_why", sa.String(length=20), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("asked_again_at", sa.DateTime(timezone=True), nullable=True),
        _within("reading_link", "person_id", "person"),
        sa.UniqueConstraint("public_id", name=op.f("uq_reading_link_public_id")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_reading_link_token_sha256")),
    )
    op.create_index(op.f("ix_reading_link_organisation_id_person_id"), "reading_link", ["organisation_id", "person_id"])


def _visits() -> None:
    op.create_table(
        "reading_visit",
        *_own("reading_visit"),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _within("reading_visit", "link_id", "reading_link"),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_reading_visit_token_sha256")),
    )
    op.create_index(op.f("ix_reading_visit_link_id"), "reading_visit", ["link_id"])


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
