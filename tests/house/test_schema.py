"""The schema that the migrations make is the one the models describe."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect

from governance.db import db

# table -> why it belongs to no one school
OF_NO_SCHOOL = {
    "alembic_version": "the migrations' own",
    "organisation": "the school itself",
    "account": "a person may work at two schools",
    "signed_in": "belongs to an account",
    "sign_in_attempt": "belongs to an address, known or not",
}


def test_the_migrations_make_what_the_models_describe(rooms: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_every_table_says_whose_it_is(rooms: Flask) -> None:
    inspector = inspect(db.engine)
    without = {
        table
        for table in inspector.get_table_names()
        if "organisation_id" not in {column["name"] for column in inspector.get_columns(table)}
    }
    assert without == set(OF_NO_SCHOOL)
