"""The second wall on PostgreSQL: a row of one school is not there for a transaction that looks at another.

Every transaction says whose rows it may see, in the setting `countersign.school`: a school's id, 0 for all, -1 for none.
One that says nothing sees nothing. Put back after every migration, so that a new table is never without it.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect

# A subquery, so that it is asked once a statement and not once a row.
_WHOSE = "(SELECT NULLIF(current_setting('countersign.school', true), '')::integer)"


def open_to_migrations(connection: Connection) -> None:
    """A migration sees every row."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT set_config('countersign.school', '0', false)")


def install(connection: Connection) -> None:
    """Make the policy of every table whose rows belong to a school, replacing older ones; its owner is held to it too."""
    if connection.dialect.name != "postgresql":
        return
    inspector = inspect(connection)
    for table in inspector.get_table_names():
        if "organisation_id" in {column["name"] for column in inspector.get_columns(table)}:
            for statement in _wall(table):
                connection.exec_driver_sql(statement)


def _wall(table: str) -> list[str]:
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        f'DROP POLICY IF EXISTS own_school ON "{table}"',
        f'CREATE POLICY own_school ON "{table}" USING ({_WHOSE} IN (0, organisation_id))',
    ]
