"""The database: naming, column types, and the two ways to hold a transaction.

Reading: SQLite begins deferred with `query_only`, PostgreSQL begins repeatable read, read only.
Writing: SQLite begins IMMEDIATE, so that a check and the change that follows it cannot be parted by another writer.
A web request's session takes its kind from the request's method; everything else says `reading()` or `writing()`.

On PostgreSQL each transaction says whose rows it may see, and the database holds it to that: every school's, until
`narrow` says which school a request is about.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flask import Flask, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    Executable,
    ForeignKeyConstraint,
    MetaData,
    Row,
    Table,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeDecorator

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
READS = "countersign_reads"

# Constraints are named, so that a violated one can be traced to the form field it guards.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables. Not a dataclass: Flask-SQLAlchemy and SQLAlchemy 2.1 disagree on those."""

    metadata = MetaData(naming_convention=NAMING)


class MethodSession(FlaskSession):
    """A session that reads during GET, HEAD and OPTIONS and writes otherwise."""

    def __init__(self, db: SQLAlchemy, **options: Any) -> None:
        super().__init__(db, **options)
        self.reads = has_request_context() and request.method in SAFE_METHODS

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        """The engine, or its read-only face."""
        engine = super().get_bind(*args, **kwargs)
        return _read_only(engine) if self.reads and isinstance(engine, Engine) else engine


db = SQLAlchemy(model_class=Base, session_options={"class_": MethodSession})

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class UTC(TypeDecorator[dt.datetime]):
    """An instant. A naive one is refused, since it could mean two; SQLite gives its zone back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Store in UTC.

        Raises:
            ValueError: for a naive instant.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone cannot be stored")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Read in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


# Sorts by code point on both engines, whatever collation the server was made with.
SortText = Text().with_variant(Text(collation="C"), "postgresql")


def kept(*items: SchemaItem) -> tuple[SchemaItem, ...]:
    """Table arguments of everything a school keeps: the pair that composite foreign keys point at, and `items`."""
    return (UniqueConstraint("organisation_id", "id"), *items)


def within(column: str, table: str) -> ForeignKeyConstraint:
    """A foreign key that cannot point across the wall between schools."""
    return ForeignKeyConstraint(["organisation_id", column], [f"{table}.organisation_id", f"{table}.id"])


def connect(app: Flask) -> None:
    """Attach the database to the application and teach its engine how transactions begin."""
    db.init_app(app)
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)


@contextmanager
def reading() -> Iterator[Session]:
    """A session that cannot change anything and sees one moment."""
    with Session(_read_only(db.engine)) as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """A session whose one transaction is committed on leaving, or rolled back when an error leaves."""
    with Session(db.engine) as session, session.begin():
        yield session


# What a transaction says of itself where it is about no one school.
EVERY_SCHOOL, NO_SCHOOL = 0, -1
_WHOSE = "whose"


def narrow(session: Session, organisation_id: int) -> None:
    """From now on the session sees one school alone, whatever its statements ask for; `NO_SCHOOL` for nothing at all."""
    session.info[_WHOSE] = organisation_id
    if session.in_transaction():
        _say_whose(session.connection(), organisation_id)


@contextmanager
def across_schools(session: Session) -> Iterator[None]:
    """For the few questions about other schools that have to be asked while one is looked at, such as who else holds an
    account. What they learn is never shown.
    """
    before = session.info.get(_WHOSE, EVERY_SCHOOL)
    narrow(session, EVERY_SCHOOL)
    try:
        yield
    finally:
        narrow(session, before)


@event.listens_for(Session, "after_begin")
def _begin_narrow(session: Session, _transaction: object, connection: Connection) -> None:
    _say_whose(connection, session.info.get(_WHOSE, EVERY_SCHOOL))


def _say_whose(connection: Connection, organisation_id: int) -> None:
    """For the rest of the transaction only, so that a connection never carries it to the next one."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT set_config('countersign.school', '{organisation_id:d}', true)")


def rows_of(session: Session, statement: Executable, values: Mapping[str, Any] | None = None) -> Sequence[Any]:
    """All rows of a statement over columns: what the session would give, at half the price for thousands of them."""
    session.flush()
    return session.connection().execute(statement, values or {}).all()


def insert_once(session: Session, table: Table, values: Mapping[str, Any]) -> Row[Any] | None:
    """Insert unless a unique key already holds the row; the new row, or None where it was there.

    RETURNING tells, never rowcount: psycopg reports -1 for this statement.
    """
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    statement = insert.values(**values).on_conflict_do_nothing().returning(*table.primary_key.columns)
    return session.execute(statement).one_or_none()


def insert_all_once(
    session: Session, table: Table, rows: Sequence[Mapping[str, Any]], key: str
) -> Sequence[tuple[str, int]]:
    """Insert many rows, but for those that a unique key already holds; a key column and the id of each that is new."""
    if not rows:
        return []
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    statement = insert.on_conflict_do_nothing().returning(table.c[key], table.c.id)
    return [(new[0], new[1]) for new in session.execute(statement, [dict(row) for row in rows])]


_faces: dict[int, tuple[Engine, Engine]] = {}


def _read_only(engine: Engine) -> Engine:
    """The read-only face of an engine: the same pool, other options. Kept, as sessions tell engines apart by identity."""
    known = _faces.get(id(engine))
    if known is None or known[0] is not engine:
        options: dict[str, Any] = {READS: True}
        if engine.dialect.name == "postgresql":
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        known = _faces[id(engine)] = (engine, engine.execution_options(**options))
    return known[1]


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """FULL, since a receipt is evidence; `isolation_level` None, so that `_begin_sqlite` alone says how to begin."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 20000")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reads = bool(connection.get_execution_options().get(READS))
    # said only where it changes: SQLite forgets every statement it has prepared when it is said
    if connection.info.get(READS) is not reads:
        connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reads else 'OFF'}")
        connection.info[READS] = reads
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
