"""Triggers that keep what happened from being overwritten. Put back after every migration, as rebuilding drops them.

A table listed with columns may have just those emptied (set to null): content whose retention ended.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect

APPEND_ONLY: dict[str, tuple[str, ...]] = {
    "journal_entry": ("payload", "salt"),
    "document": ("bytes",),
    "artefact": (),
    "policy_version": (),
    "version_document": (),
    "version_text": (),
    "version_date": (),
    "decision": (),
    "minute_reference": (),
    "in_force": (),
    "asking": (),
    "body_name": (),
    "amended_text": (),
    "owner_notice": (),
    "acknowledgement": (),
    "withdrawal": (),
    "declined": (),
    "declined_withdrawal": (),
    "witnessing": (),
    "carried_receipt": (),
    "visit": (),
    "visit_step": (),
    "visit_receipt": (),
    "extension": (),
    "reminder_ladder": (),
    "reminder": (),
    "reminder_line": (),
    "sheet": (),
    "sheet_version": (),
    "sheet_row": (),
    "sheet_entry": (),
    "sheet_receipt": (),
    "sheet_declined": (),
    "sheet_scan": (),
    "training_session": (),
    "training_version": (),
    "training_person": (),
    "training_receipt": (),
    "pack": (),
    "pack_sending": (),
    "meeting_told": (),
}


def install(connection: Connection) -> None:
    """Make the triggers of every listed table that exists, replacing older ones."""
    tables = set(inspect(connection).get_table_names())
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_REFUSE)
    for table, erasable in APPEND_ONLY.items():
        if table in tables:
            columns = [column["name"] for column in inspect(connection).get_columns(table)]
            changed = _changed(connection.dialect.name, columns, erasable)
            install_on = _on_postgresql if connection.dialect.name == "postgresql" else _on_sqlite
            for statement in install_on(table, changed):
                connection.exec_driver_sql(statement)


_REFUSE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' keeps what happened: correct it by a new record';
END $$
"""


def _changed(dialect: str, columns: list[str], erasable: tuple[str, ...]) -> str:
    """A condition that holds when anything but an emptying of `erasable` columns is attempted."""
    differs = "IS DISTINCT FROM" if dialect == "postgresql" else "IS NOT"
    kept = [f'NEW."{name}" {differs} OLD."{name}"' for name in columns if name not in erasable]
    emptied = [f'(NEW."{name}" IS NOT NULL AND NEW."{name}" {differs} OLD."{name}")' for name in erasable]
    return " OR ".join(kept + emptied)


def _on_sqlite(table: str, changed: str) -> list[str]:
    raises = f"SELECT RAISE(ABORT, '{table} keeps what happened: correct it by a new record')"
    return [
        f"DROP TRIGGER IF EXISTS {table}_update",
        f"DROP TRIGGER IF EXISTS {table}_delete",
        f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} WHEN {changed} BEGIN {raises}; END",
        f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} BEGIN {raises}; END",
    ]


def _on_postgresql(table: str, changed: str) -> list[str]:
    refuse = "EXECUTE FUNCTION refuse_change()"
    return [
        f"DROP TRIGGER IF EXISTS {table}_update ON {table}",
        f"DROP TRIGGER IF EXISTS {table}_delete ON {table}",
        f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({changed}) {refuse}",
        f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} FOR EACH ROW {refuse}",
    ]
