"""Two full schools, built once for each module of tests, and a browser for each role."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from governance.db import db
from governance.settings import Settings
from governance.web import access
from tests.conftest import make_application
from tests.databases import Run, close, copied
from tests.walls import two_schools
from tests.walls.addresses import Schools
from tests.web.people import sign_in


@dataclass(frozen=True)
class Walls:
    """The application with both schools in it; `file` is SQLite's."""

    app: Flask
    file: Path
    schools: Schools
    settings: Settings

    def browser(self, role: str | None, app: Flask | None = None) -> FlaskClient:
        """Somebody of the role at Hillcrest, signed in; None for nobody."""
        client = (app or self.app).test_client()
        if role is not None:
            assert sign_in(client, self.schools.roles[role]).status_code == 303
        return client


@contextmanager
def built(run_of_tests: Run, folder: Path, engine: str) -> Iterator[Walls]:
    """Both schools in a database of that kind, without CSRF, which has a test of its own."""
    (folder / "instance").mkdir()
    with run_of_tests.fresh(engine, folder) as url:
        key = "a key for tests and for nothing else, long enough"
        settings = Settings(folder / "instance", url, "http://localhost", key, scheduler=False)
        app = make_application(settings, WTF_CSRF_ENABLED=False)
        schools = copied(app, two_schools.build)
        yield Walls(app, Path(url.removeprefix("sqlite:///")), schools, settings)
        close(app)


@pytest.fixture(scope="module")
def walls(run_of_tests: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walls]:
    """Both schools on SQLite."""
    with built(run_of_tests, tmp_path_factory.mktemp("walls"), "sqlite") as made:
        yield made


@pytest.fixture
def undone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Acts are tried and taken back, so that each finds the schools as they were built; signing in is kept."""
    settle = access._settle

    def take_back(answer: object) -> None:
        if (request.endpoint or "").startswith("security."):
            settle(answer)
        else:
            db.session.rollback()

    monkeypatch.setattr(access, "_settle", take_back)
