"""Terms and closed days; rules by job title, for joiners and for parts of a document; sheets given and not signed."""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0008_school_time"
down_revision = "0007_schedule"


def upgrade() -> None:
    _terms()
    _titles()
    _rules()
    _parts()
    _declined()


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup instead")


def _terms() -> None:
    op.create_table(
        "term",
        *_own("term"),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_term_ends_after_start")),
        sa.UniqueConstraint("public_id", name=op.f("uq_term_public_id")),
    )
    op.create_index(op.f("ix_term_organisation_id_first_on"), "term", ["organisation_id", "first_on"])
    op.create_table(
        "closed_day",
        *_own("closed_day"),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.UniqueConstraint("public_id", name=op.f("uq_closed_day_public_id")),
        sa.UniqueConstraint("organisation_id", "closed_on", name=op.f("uq_closed_day_organisation_id_closed_on")),
    )


def _titles() -> None:
    """A job title folded as imports fold names, so that a rule finds it however it is spelt."""
    op.add_column("engagement", sa.Column("title_key", sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    titles = connection.execute(sa.text("SELECT DISTINCT job_title FROM engagement WHERE job_title <> ''")).scalars()
    for title in titles.all():
        connection.execute(
            sa.text("UPDATE engagement SET title_key = :key WHERE job_title = :title"),
            {"key": _folded(title), "title": title},
        )


def _folded(title: str) -> str:
    """As names are folded today; a copy, since a migration must go on doing what it did."""
    apart = unicodedata.normalize("NFKD", title.casefold())
    return " ".join("".join(letter for letter in apart if not unicodedata.combining(letter)).split())


def _rules() -> None:
    with op.batch_alter_table("reading_rule") as rule:
        rule.add_column(sa.Column("job_title", sa.Text(), nullable=True))
        rule.add_column(sa.Column("title_key", sa.Text(), nullable=True))
        rule.add_column(sa.Column("parts", sa.Integer(), nullable=False, server_default="0"))
        rule.add_column(sa.Column("joined_since", sa.Date(), nullable=True))
        rule.drop_constraint(op.f("ck_reading_rule_category_or_person"), type_="check")
        rule.create_check_constraint(
            op.f("ck_reading_rule_category_person_or_title"),
            "(CASE WHEN category_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN person_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN title_key IS NULL THEN 0 ELSE 1 END) = 1",
        )
        rule.create_check_constraint(op.f("ck_reading_rule_parts"), "parts BETWEEN 0 AND 255")
        rule.create_unique_constraint(
            op.f("uq_reading_rule_policy_id_title_key_from_on"), ["policy_id", "title_key", "from_on"]
        )


def _parts() -> None:
    op.create_table(
        "policy_part",
        *_own("policy_part"),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("bit", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint("bit BETWEEN 0 AND 7", name=op.f("ck_policy_part_bit")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "policy_id"],
            ["policy.organisation_id", "policy.id"],
            name=op.f("fk_policy_part_organisation_id_policy_id"),
        ),
        sa.UniqueConstraint("policy_id", "bit", name=op.f("uq_policy_part_policy_id_bit")),
    )
    op.add_column("acknowledgement", sa.Column("parts", sa.Integer(), nullable=False, server_default="0"))
    op.drop_index(op.f("ix_acknowledgement_pair"), table_name="acknowledgement")
    pair = ["person_id", "version_id", "acknowledged_on", "parts", "id"]
    op.create_index(op.f("ix_acknowledgement_pair"), "acknowledgement", pair)


def _declined() -> None:
    op.create_table(
        "declined",
        *_own("declined"),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("witness", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        _within("declined", "person_id", "person"),
        _within("declined", "version_id", "policy_version"),
        sa.UniqueConstraint("public_id", name=op.f("uq_declined_public_id")),
    )
    op.create_index(op.f("ix_declined_person_id"), "declined", ["person_id"])
    op.create_table(
        "declined_withdrawal",
        *_own("declined_withdrawal"),
        sa.Column("declined_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        _within("declined_withdrawal", "declined_id", "declined"),
        sa.UniqueConstraint("declined_id", name=op.f("uq_declined_withdrawal_declined_id")),
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
