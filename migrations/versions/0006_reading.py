"""Reading rules, receipts, more time and not needed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_reading"
down_revision = "0005_adoption"


def upgrade() -> None:
    op.create_table(
        "reading_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("days_to_read", sa.Integer(), nullable=False),
        sa.Column("repeat", sa.String(length=10), nullable=False),
        sa.Column("repeat_months", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(repeat = 'months') = (repeat_months IS NOT NULL)",
            name=op.f("ck_reading_rule_repeat_months"),
        ),
        sa.CheckConstraint(
            "(category_id IS NULL) <> (person_id IS NULL)",
            name=op.f("ck_reading_rule_category_or_person"),
        ),
        sa.CheckConstraint("days_to_read BETWEEN 0 AND 365", name=op.f("ck_reading_rule_days_to_read")),
        sa.CheckConstraint(
            "until_on IS NULL OR until_on >= from_on",
            name=op.f("ck_reading_rule_ends_after_start"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "category_id"],
            ["category.organisation_id", "category.id"],
            name=op.f("fk_reading_rule_organisation_id_category_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["person.organisation_id", "person.id"],
            name=op.f("fk_reading_rule_organisation_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "policy_id"],
            ["policy.organisation_id", "policy.id"],
            name=op.f("fk_reading_rule_organisation_id_policy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_reading_rule_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_rule")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_reading_rule_organisation_id_id")),
        sa.UniqueConstraint(
            "policy_id",
            "category_id",
            "from_on",
            name=op.f("uq_reading_rule_policy_id_category_id_from_on"),
        ),
        sa.UniqueConstraint(
            "policy_id",
            "person_id",
            "from_on",
            name=op.f("uq_reading_rule_policy_id_person_id_from_on"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_reading_rule_public_id")),
    )
    op.create_table(
        "acknowledgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("documents_sha256", sa.String(length=64), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=True),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("assurance", sa.String(length=30), nullable=False),
        sa.Column("witness", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=True),
        sa.Column("typed_name", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["person.organisation_id", "person.id"],
            name=op.f("fk_acknowledgement_organisation_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "version_id"],
            ["policy_version.organisation_id", "policy_version.id"],
            name=op.f("fk_acknowledgement_organisation_id_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_acknowledgement_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgement")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_acknowledgement_organisation_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_acknowledgement_public_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_acknowledgement_reference")),
    )
    op.create_index(
        "ix_acknowledgement_pair",
        "acknowledgement",
        ["person_id", "version_id", "acknowledged_on", "id"],
        unique=False,
    )
    op.create_table(
        "withdrawal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("acknowledgement_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "acknowledgement_id"],
            ["acknowledgement.organisation_id", "acknowledgement.id"],
            name=op.f("fk_withdrawal_organisation_id_acknowledgement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_withdrawal_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal")),
        sa.UniqueConstraint("acknowledgement_id", name=op.f("uq_withdrawal_acknowledgement_id")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_withdrawal_organisation_id_id")),
    )
    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("asking_id", sa.Integer(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "asking_id"],
            ["asking.organisation_id", "asking.id"],
            name=op.f("fk_extension_organisation_id_asking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["person.organisation_id", "person.id"],
            name=op.f("fk_extension_organisation_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_extension_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_extension_organisation_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_extension_public_id")),
    )
    op.create_index(op.f("ix_extension_person_id"), "extension", ["person_id"], unique=False)
    op.create_table(
        "excuse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "until_on IS NULL OR until_on >= from_on",
            name=op.f("ck_excuse_ends_after_start"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["person.organisation_id", "person.id"],
            name=op.f("fk_excuse_organisation_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "policy_id"],
            ["policy.organisation_id", "policy.id"],
            name=op.f("fk_excuse_organisation_id_policy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_excuse_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_excuse")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_excuse_organisation_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_excuse_public_id")),
    )
    op.create_index(
        op.f("ix_excuse_person_id_policy_id"),
        "excuse",
        ["person_id", "policy_id"],
        unique=False,
    )


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup instead")
