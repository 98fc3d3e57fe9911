"""Runs the migrations on the application's database, whole or not at all, and puts back the append-only triggers and the walls."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from governance.db import db


def _beside(name: str) -> Any:
    """A module beside this one; the folder is no package."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _include(_object: object, name: str | None, kind: str, _reflected: bool, _compare: object) -> bool:
    return not (kind == "table" and name == "alembic_version")


def _migrate(connection: Connection) -> None:
    options = current_app.extensions["migrate"].configure_args
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        include_object=_include,
        transaction_per_migration=False,
        **options,
    )
    walls = _beside("school_walls")
    with context.begin_transaction():
        walls.open_to_migrations(connection)
        context.run_migrations()
        _beside("append_only").install(connection)
        walls.install(connection)


def run() -> None:
    """One transaction for all. SQLite rebuilds tables, so its foreign keys are off meanwhile and checked before the end."""
    with db.engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            _migrate(connection)
            connection.commit()
            return
        # Outside any transaction, or SQLite ignores it.
        raw = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys = OFF")
        try:
            _migrate(connection)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise RuntimeError(f"the migration would leave rows that point nowhere: {broken[:5]}")
            connection.commit()
        finally:
            connection.rollback()
            raw.execute("PRAGMA foreign_keys = ON")


run()
