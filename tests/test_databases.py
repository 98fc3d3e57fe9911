"""The databases that the tests themselves stand on."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from governance.db import db
from governance.tenancy import Organisation


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
