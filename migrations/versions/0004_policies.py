"""Policies, versions, texts and what belongs together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_policies"
down_revision = "0003_accounts"

# By code point on both engines.
_SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "policy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("sort_key", _SORTED, nullable=False),
        sa.Column("title_key", _SORTED, nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("owner_post_id", sa.Integer(), nullable=True),
        sa.Column("approving_body_id", sa.Integer(), nullable=True),
        sa.Column("review_every_months", sa.Integer(), nullable=True),
        sa.Column("wording", sa.Text(), nullable=True),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "review_every_months BETWEEN 1 AND 60",
            name=op.f("ck_policy_review_interval"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "approving_body_id"],
            ["governing_body.organisation_id", "governing_body.id"],
            name=op.f("fk_policy_organisation_id_approving_body_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "owner_post_id"],
            ["post.organisation_id", "post.id"],
            name=op.f("fk_policy_organisation_id_owner_post_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "replaced_by_id"],
            ["policy.organisation_id", "policy.id"],
            name=op.f("fk_policy_organisation_id_replaced_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_policy_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_policy_organisation_id_id")),
        sa.UniqueConstraint(
            "organisation_id",
            "reference",
            name=op.f("uq_policy_organisation_id_reference"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_policy_public_id")),
    )
    op.create_index(
        op.f("ix_policy_organisation_id_title_key"),
        "policy",
        ["organisation_id", "title_key"],
        unique=False,
    )
    op.create_table(
        "policy_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("change_summary", sa.Text(), nullable=False),
        sa.Column("documents_sha256", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "policy_id"],
            ["policy.organisation_id", "policy.id"],
            name=op.f("fk_policy_version_organisation_id_policy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_policy_version_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_version")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_policy_version_organisation_id_id")),
        sa.UniqueConstraint("policy_id", "number", name=op.f("uq_policy_version_policy_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_policy_version_public_id")),
    )
    op.create_table(
        "version_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "document_id"],
            ["document.organisation_id", "document.id"],
            name=op.f("fk_version_document_organisation_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "version_id"],
            ["policy_version.organisation_id", "policy_version.id"],
            name=op.f("fk_version_document_organisation_id_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_version_document_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version_document")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_version_document_organisation_id_id")),
        sa.UniqueConstraint(
            "version_id",
            "position",
            name=op.f("uq_version_document_version_id_position"),
        ),
    )
    op.create_table(
        "version_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("extractor", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("clauses", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "version_id"],
            ["policy_version.organisation_id", "policy_version.id"],
            name=op.f("fk_version_text_organisation_id_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_version_text_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version_text")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_version_text_organisation_id_id")),
        sa.UniqueConstraint("version_id", name=op.f("uq_version_text_version_id")),
    )
    op.create_table(
        "version_date",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("earliest_on", sa.Date(), nullable=True),
        sa.Column("latest_on", sa.Date(), nullable=True),
        sa.Column("precision", sa.String(length=20), nullable=False),
        sa.Column("as_written", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "version_id"],
            ["policy_version.organisation_id", "policy_version.id"],
            name=op.f("fk_version_date_organisation_id_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_version_date_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version_date")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_version_date_organisation_id_id")),
    )
    op.create_table(
        "related_policy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("cited_title", sa.Text(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "policy_id"],
            ["policy.organisation_id", "policy.id"],
            name=op.f("fk_related_policy_organisation_id_policy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "target_id"],
            ["policy.organisation_id", "policy.id"],
            name=op.f("fk_related_policy_organisation_id_target_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_related_policy_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_related_policy")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_related_policy_organisation_id_id")),
    )
    op.create_index(op.f("ix_version_date_version_id"), "version_date", ["version_id"], unique=False)


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup instead")
