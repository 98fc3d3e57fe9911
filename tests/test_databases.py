"""The databases that the tests themselves stand on."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from governance.db import db
from governance.tenancy import Organisation
from tests.databases import Run
from tests.lending import Lender

WHICH = "SELECT oid FROM pg_database WHERE datname = current_database()"  # it keeps its number under another name


def test_each_test_is_given_a_migrated_and_empty_database(session: Session) -> None:
    assert "journal_entry" in inspect(db.engine).get_table_names()
    assert session.scalars(select(Organisation)).all() == []


@pytest.mark.engines("postgresql", "postgresql-c")
def test_the_two_servers_differ_in_how_they_sort(session: Session, engine: str) -> None:
    words = "SELECT w FROM (VALUES ('apple'), ('Zebra')) AS v(w) ORDER BY w"
    expected = ["apple", "Zebra"] if engine == "postgresql" else ["Zebra", "apple"]
    assert list(session.scalars(text(words))) == expected


def test_what_one_test_keeps_another_does_not_see(session: Session) -> None:
    session.add(Organisation(name="Larkfield School", slug="larkfield"))
    session.commit()
    assert session.scalars(select(Organisation.slug)).all() == ["larkfield"]


@pytest.fixture
def lent(run_of_tests: Run, tmp_path: Path) -> Lender:
    """Databases of PostgreSQL, of which none has been given back yet."""
    with run_of_tests.fresh("postgresql", tmp_path):  # the template is made
        return Lender(run_of_tests.server, "postgresql")


def as_it_is(database: psycopg.Connection) -> list[tuple[str, str]]:
    """Every row of every table, and where each sequence stands."""
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    rows = " UNION ALL ".join(
        f"SELECT '{table}', to_jsonb(kept)::text FROM {table} AS kept" for (table,) in database.execute(tables)
    )
    sequences = "SELECT sequencename, coalesce(last_value, 0)::text FROM pg_sequences ORDER BY 1"
    return database.execute(rows.encode()).fetchall() + database.execute(sequences).fetchall()


@pytest.mark.postgresql
def test_a_database_given_back_is_as_new_and_goes_by_another_name(lent: Lender) -> None:
    with lent.lent() as first, lent.server.connected(first) as database:
        new = as_it_is(database)
        database.execute("INSERT INTO sign_in_attempt (key, at) VALUES ('maya', now())")
        assert as_it_is(database) != new
        left_open = lent.server.connected(first)
        left_open.execute("BEGIN")
        left_open.execute("SELECT * FROM sign_in_attempt")
        number = database.execute(WHICH).fetchone()
    with lent.lent() as second, lent.server.connected(second) as database:
        assert number == database.execute(WHICH).fetchone()
        assert as_it_is(database) == new
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        lent.server.connected(first)
    with pytest.raises(psycopg.OperationalError):
        left_open.execute("SELECT 1")
    left_open.close()


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "change",
    ["ALTER TABLE person DISABLE ROW LEVEL SECURITY", "CREATE TABLE more (id int)", "DROP TABLE alembic_version"],
)
def test_a_database_whose_schema_was_changed_is_not_lent_again(lent: Lender, change: str) -> None:
    with lent.lent() as first, lent.server.connected(first) as database:
        database.execute(change.encode())
        number = database.execute(WHICH).fetchone()
    with lent.lent() as second, lent.server.connected(second) as database:
        assert number != database.execute(WHICH).fetchone()
