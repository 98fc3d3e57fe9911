"""PostgreSQL's own wall: a query that forgets its scope still finds nothing of another school's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, func, inspect, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from governance.accounts.inviting import held_elsewhere
from governance.accounts.permissions import Permission, Role
from governance.db import NO_SCHOOL, across_schools, db, narrow, reading, writing
from governance.people.models import Person
from governance.settings import Settings
from governance.tenancy import Scope, scope_by_slug
from governance.web.access import in_school, needs
from tests import hillcrest
from tests.web.people import account, account_called, open_hillcrest, sign_in

pytestmark = pytest.mark.engines("postgresql")


@pytest.fixture
def two(app: Flask) -> Iterator[tuple[Scope, Scope]]:
    """Hillcrest with Tess, and Zed's with Zoe."""
    open_hillcrest(app)
    with app.app_context():
        with writing() as session:
            ours, theirs = scope_by_slug(session, "hillcrest"), scope_by_slug(session, "zeds")
            hillcrest.someone(session, theirs, "Zoe Zander")
        yield ours, theirs


def names(session: Session) -> set[str]:
    """Everybody, asked for without a scope: what no query of ours does."""
    return set(session.scalars(select(Person.given_name)))


def test_every_table_of_a_school_has_its_wall_and_its_owner_is_held_to_it(app: Flask) -> None:
    with app.app_context(), reading() as session:
        tables = inspect(db.engine)
        owned = {
            name
            for name in tables.get_table_names()
            if "organisation_id" in {column["name"] for column in tables.get_columns(name)}
        }
        forced = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
        walled = set(session.scalars(text(forced)))
        ruled = set(session.scalars(text("SELECT tablename FROM pg_policies WHERE policyname = 'own_school'")))
        superuser = session.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
    assert len(owned) > 30
    assert owned == walled == ruled
    assert superuser is False


def test_a_narrowed_session_sees_one_school_whatever_it_asks_for(two: tuple[Scope, Scope]) -> None:
    ours, theirs = two
    with reading() as session:
        assert {"Tess", "Zoe"} <= names(session)
        narrow(session, ours.organisation_id)
        assert "Tess" in names(session)
        assert "Zoe" not in names(session)
        session.rollback()
        assert "Zoe" not in names(session), "the next transaction of the session is as narrow"
        narrow(session, theirs.organisation_id)
        assert names(session) == {"Zoe"}
        narrow(session, NO_SCHOOL)
        assert names(session) == set()


def test_without_the_wall_the_same_question_finds_both(two: tuple[Scope, Scope]) -> None:
    with writing() as session:
        session.execute(text("ALTER TABLE person DISABLE ROW LEVEL SECURITY"))
        narrow(session, two[0].organisation_id)
        assert "Zoe" in names(session)


def test_nothing_of_another_school_is_changed_or_added(two: tuple[Scope, Scope]) -> None:
    ours, theirs = two
    with writing() as session:
        narrow(session, ours.organisation_id)
        changed = session.execute(update(Person).values(given_name="Nobody").returning(Person.organisation_id))
        assert set(changed.scalars()) == {ours.organisation_id}
        session.rollback()
    with pytest.raises(DBAPIError, match="row-level security"), writing() as session:
        narrow(session, ours.organisation_id)
        hillcrest.someone(session, theirs, "Ann Other")


def test_a_connection_carries_nothing_to_the_next_who_uses_it(two: tuple[Scope, Scope], settings: Settings) -> None:
    engine = create_engine(settings.database_url, pool_size=1, max_overflow=0)
    with Session(engine) as session:
        narrow(session, two[0].organisation_id)
        assert "Tess" in names(session)
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Person)) == 0, "who says nothing sees nothing"
    engine.dispose()


def test_a_view_that_forgets_its_scope_shows_its_own_school_alone(app: Flask, client: FlaskClient) -> None:
    screen = in_school("forgetful")

    @screen.get("/forgetful", needs(Permission.SEE_REGISTER))
    def everybody() -> str:
        return ", ".join(sorted(names(db.session())))

    @screen.post("/forgetful", needs(Permission.SEE_REGISTER))
    def act_on_everybody() -> str:
        return ", ".join(sorted(names(db.session())))

    app.register_blueprint(screen.blueprint)
    open_hillcrest(app)
    with app.app_context(), writing() as session:
        hillcrest.someone(session, scope_by_slug(session, "zeds"), "Zoe Zander")
    sign_in(client)
    for answer in (client.get("/hillcrest/forgetful"), client.post("/hillcrest/forgetful")):
        assert answer.status_code == 200
        assert "Tess" in answer.text
        assert "Zoe" not in answer.text


def test_whether_an_account_is_held_elsewhere_is_still_known(two: tuple[Scope, Scope]) -> None:
    ours, theirs = two
    with writing() as session:
        account(session, theirs, "both@schools.example", (Role.HR,))
        account(session, ours, "both@schools.example", (Role.HR,))
        narrow(session, ours.organisation_id)
        assert held_elsewhere(session, account_called(session, "both@schools.example"), ours)
        assert not held_elsewhere(session, account_called(session, "sam@hillcrest.sch.uk"), ours)
        assert "Zoe" not in names(session), "it is narrow again"
        with across_schools(session):
            assert "Zoe" in names(session)
