"""PostgreSQL's databases, lent to one test after another: emptying one costs a tenth of what copying the template does.

    made from the template, or an emptied one under a new name -> the test -> emptied and kept, or dropped

What a test can leave behind is rows (deleted), counted-up sequences (set back), open sessions (ended) and another schema
(such a database is dropped). Whoever still knows the old name reaches nothing, as if the database had been dropped.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg

from tests.postgres import ROLE, Server

# A heavier one is not worth emptying: deleted rows still take their place on the disk.
MOST_BYTES = 2 * 1024 * 1024

# Put into a template once it is migrated, so that any later change of the schema is known.
WATCH_THE_SCHEMA = (
    "CREATE SCHEMA watched",
    "CREATE TABLE watched.changes (command text NOT NULL)",
    """CREATE FUNCTION watched.changed() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER
    AS $$ BEGIN INSERT INTO watched.changes VALUES (tg_tag); END $$""",
    "CREATE EVENT TRIGGER changed ON ddl_command_end EXECUTE FUNCTION watched.changed()",
)
_END_SESSIONS = (
    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_CHANGED = "SELECT EXISTS (SELECT FROM watched.changes)"
# A table that was never written to has no pages. What migrations wrote stays, which is how far they have come.
_WRITTEN_TO = (
    "SELECT oid::regclass::text, pg_relation_size(oid) FROM pg_class WHERE relkind = 'r' AND pg_relation_size(oid) > 0"
    " AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'"
)
_SET_BACK = (
    "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)"
    " FROM pg_sequences WHERE last_value IS NOT NULL"
)


@functools.cache
def lender(server: Server, template: str) -> Lender:
    """This process's databases of a kind; two processes never share one."""
    return Lender(server, template)


class Lender:
    """Copies of a template on a server, and those of them that were given back."""

    def __init__(self, server: Server, template: str) -> None:
        self.server = server
        self._template = template
        self._kept: list[str] = []

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The name of an empty database that nobody else uses."""
        name = f"test_{uuid4().hex}"
        if self._kept:
            self.server.execute(f"ALTER DATABASE {self._kept.pop()} RENAME TO {name}")
        else:
            template = f'"{self._template}" STRATEGY FILE_COPY'
            self.server.execute(f"CREATE DATABASE {name} OWNER {ROLE} TEMPLATE {template}")
        yield name
        with self.server.connected(name) as connection:
            as_new = emptied(connection)
        if as_new:
            self._kept.append(name)
        else:
            self.server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def emptied(database: psycopg.Connection) -> bool:
    """Whether the database now is as the template made it; False for one that is too heavy or of another schema."""
    database.execute(_END_SESSIONS)
    written_to: list[tuple[str, int]] = database.execute(_WRITTEN_TO).fetchall()
    (changed,) = database.execute(_CHANGED).fetchone() or (True,)
    if changed or sum(size for _, size in written_to) > MOST_BYTES:
        return False
    # a replica fires no triggers: neither those that keep what was decided nor those that look whether a parent is there
    statements = [f"DELETE FROM {table}" for table, _ in written_to]
    database.execute("; ".join(["SET session_replication_role = replica", *statements, _SET_BACK]).encode())
    return True
