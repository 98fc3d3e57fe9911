"""The demonstration, loaded once an engine: the tests only look at it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from governance.db import reading, writing
from governance.demo.load import Demo, load
from governance.settings import Settings
from tests.conftest import make_application
from tests.databases import Run, close

NOW = dt.datetime(2026, 11, 16, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 16)


@dataclass(frozen=True)
class Loaded:
    """An installation that holds the demonstration and nothing else."""

    app: Flask
    demo: Demo


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def loaded(
    request: pytest.FixtureRequest, run_of_tests: Run, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Loaded]:
    """As it looks on 16 November 2026."""
    folder: Path = tmp_path_factory.mktemp("demo")
    with run_of_tests.fresh(request.param, folder) as url:
        settings = Settings(folder, url, "http://localhost", "a key for tests and for nothing else", scheduler=False)
        app = make_application(settings, WTF_CSRF_ENABLED=False)
        with app.app_context(), writing() as session:
            demo = load(session, NOW)
        yield Loaded(app, demo)
        close(app)


@pytest.fixture
def look(loaded: Loaded) -> Iterator[Session]:
    """A session that only looks."""
    with loaded.app.app_context(), reading() as session:
        yield session
