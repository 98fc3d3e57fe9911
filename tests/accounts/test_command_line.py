"""The commands that make a school and let people in: what they print, and one plain line where they refuse."""

from __future__ import annotations

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine

from governance.db import reading
from governance.people.categories import categories
from governance.settings import Settings
from governance.tenancy import scope_by_slug
from tests.conftest import make_application
from tests.databases import close


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=list(arguments))


def _plain(result: Result) -> str:
    """The one line of a refusal."""
    assert result.exit_code == 1
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert len(lines) == 1
    return lines[0]


def test_school_add_makes_a_school_with_its_body_and_categories(app: Flask) -> None:
    made = run(app, "school", "add", "Hillcrest Primary School", "--slug", "hillcrest", "--trust", "Vale Trust")
    assert made.exit_code == 0
    assert "Full Governing Body" in made.stdout
    with app.app_context(), reading() as session:
        assert len(categories(session, scope_by_slug(session, "hillcrest"))) == 10


def test_a_second_school_of_that_name_is_refused_in_one_plain_line(app: Flask) -> None:
    run(app, "school", "add", "Hillcrest")
    assert "in use" in _plain(run(app, "school", "add", "Hillcrest"))


def test_account_add_prints_a_link_that_opens(app: Flask) -> None:
    run(app, "school", "add", "Hillcrest")
    made = run(app, "account", "add", "maya@hillcrest.sch.uk", "--role", "system_manager")
    assert made.exit_code == 0
    link = made.stdout.strip()
    assert link.startswith("http://localhost/link/")
    assert app.test_client().get(link.removeprefix("http://localhost")).status_code == 200
    again = run(app, "account", "link", "MAYA@hillcrest.sch.uk").stdout.strip()
    assert again != link
    assert app.test_client().get(link.removeprefix("http://localhost")).status_code == 404


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("account", "add", "maya@", "--role", "hr"), "e-mail address"),
        (("account", "add", "maya@hillcrest.sch.uk", "--role", "hr", "--school", "nowhere"), "no school"),
        (("account", "link", "nobody@hillcrest.sch.uk"), "Nobody has an account"),
        (("setup-code",), "a school already"),
        (("school", "add", ""), "Enter the school's name"),
        (("school", "add", "Sign in"), "in use"),
    ],
)
def test_every_refusal_is_one_plain_line(app: Flask, arguments: tuple[str, ...], said: str) -> None:
    run(app, "school", "add", "Hillcrest")
    assert said in _plain(run(app, *arguments))


def test_a_school_must_be_named_only_where_there_are_several(app: Flask) -> None:
    assert "There is no school yet" in _plain(run(app, "account", "add", "a@b.uk", "--role", "hr"))
    run(app, "school", "add", "Hillcrest", "--trust", "Vale Trust")
    assert run(app, "account", "add", "a@b.uk", "--role", "hr").exit_code == 0
    run(app, "school", "add", "Zeds Academy")
    refused = _plain(run(app, "account", "add", "a@b.uk", "--role", "hr"))
    assert "--school: hillcrest, zeds-academy" in refused


def test_an_unknown_role_is_refused_with_the_roles_there_are(app: Flask) -> None:
    run(app, "school", "add", "Hillcrest")
    refused = run(app, "account", "add", "a@b.uk", "--role", "emperor")
    assert "system_manager" in _plain(refused)


def test_setup_code_prints_a_code_and_nothing_else(app: Flask) -> None:
    printed = run(app, "setup-code")
    assert printed.exit_code == 0
    assert len(printed.stdout.strip()) == 14


@pytest.mark.engines("sqlite")
def test_a_database_that_was_not_migrated_is_one_plain_line(settings: Settings, tmp_path: object) -> None:
    import dataclasses

    url = f"sqlite:///{tmp_path}/empty.db"
    create_engine(url).dispose()
    app = make_application(dataclasses.replace(settings, database_url=url))
    assert "db upgrade" in _plain(run(app, "setup-code"))
    close(app)


def test_every_command_has_help(app: Flask) -> None:
    for name in ("school", "account", "setup-code"):
        shown = run(app, name, "--help")
        assert shown.exit_code == 0
        assert "Usage:" in shown.stdout
