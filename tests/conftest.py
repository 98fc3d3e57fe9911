"""What tests are given. The database fixtures run a test once for each engine; see `pytest_generate_tests`.

engine -> database_url (fresh and migrated) -> settings -> rooms -> session      (rooms without the web)
                                                        -> app   -> client       (the whole application)
                                                        -> site  -> page         (a server for a real browser)
"""

from __future__ import annotations

import dataclasses
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from governance import child
from governance.db import db
from governance.settings import Settings
from tests import compiled
from tests.databases import Run, bare_application, close
from tests.mail.post_office import PostOffice
from tests.readings import read_once
from tests.turns import in_turn

# Machines that run tests are busy: no deadline. A change is judged on the same examples each time; the soak looks further.
hypothesis.settings.register_profile("house", deadline=None, derandomize=True, database=None)
hypothesis.settings.register_profile("soak", deadline=None, max_examples=5_000)
hypothesis.settings.load_profile("soak" if os.environ.get("COUNTERSIGN_SOAK") else "house")

compiled.once()

RUN = "COUNTERSIGN_TEST_RUN"
BOTH = ("sqlite", "postgresql")


def pytest_configure(config: pytest.Config) -> None:
    """The first process of a run makes the folder that its workers share."""
    if not hasattr(config, "workerinput"):
        folder = Path(tempfile.mkdtemp(prefix="countersign-"))
        folder.chmod(0o755)  # the PostgreSQL server may be another user
        os.environ[RUN] = str(folder)
        # stopped by a time limit, a run still takes its server away
        signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_unconfigure(config: pytest.Config) -> None:
    """And takes it away."""
    if not hasattr(config, "workerinput") and RUN in os.environ:
        Run(Path(os.environ.pop(RUN))).end()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that touches the database runs on each engine it names with `engines`, by default on both.

    A test of the web runs on SQLite alone unless it names engines: the rooms below it are tested on both.
    """
    if "engine" not in metafunc.fixturenames:
        return
    marker = metafunc.definition.get_closest_marker("engines")
    web = {"app", "client", "site"} & set(metafunc.fixturenames)
    names = marker.args if marker else ("sqlite",) if web else BOTH
    marks = {name: [] if name == "sqlite" else [pytest.mark.postgresql] for name in names}
    metafunc.parametrize("engine", [pytest.param(name, marks=marks[name]) for name in names], indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives a browser, so that `-m 'not browser'` leaves it out."""
    for item in items:
        if {"page", "context", "browser"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """What measures times has the machine for itself; the rest share it."""
    with in_turn(Path(os.environ[RUN]), alone=item.get_closest_marker("timing") is not None):
        return (yield)


@pytest.fixture(scope="session")
def run_of_tests() -> Run:
    """What the workers of this run share."""
    return Run(Path(os.environ[RUN]))


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """The name of the database engine under test."""
    return str(request.param)


@pytest.fixture
def database_url(engine: str, run_of_tests: Run, tmp_path: Path) -> Iterator[str]:
    """A fresh, migrated, empty database."""
    with run_of_tests.fresh(engine, tmp_path) as url:
        yield url


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of an installation of its own, without a scheduler."""
    instance = tmp_path / "instance"
    instance.mkdir()
    return Settings(
        instance=instance,
        database_url=database_url,
        base_url="http://localhost",
        secret_key="a key for tests and for nothing else, long enough",
        scheduler=False,
    )


@pytest.fixture
def rooms(settings: Settings) -> Iterator[Flask]:
    """The rooms and their database with its context pushed: `db.reading()` and `db.writing()` work."""
    app = bare_application(settings.database_url)
    app.extensions["countersign_settings"] = settings
    with app.app_context():
        yield app
    close(app)


@pytest.fixture
def session(rooms: Flask) -> Iterator[Session]:
    """A writing session. What is not committed by the test is rolled back; on SQLite it holds the only writer's place."""
    with Session(db.engine) as writing:
        yield writing
        writing.rollback()


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The whole application, as a server would start it but for CSRF, which has tests of its own."""
    made = make_application(settings, WTF_CSRF_ENABLED=False)
    yield made
    close(made)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a screen, signed out."""
    return app.test_client()


# The same passwords, hashed in no time. What a real installation asks is kept by a test of signing in.
QUICK_HASHES = {"argon2__rounds": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1}


def make_application(settings: Settings, **overrides: Any) -> Flask:
    """The application with settings for tests."""
    from governance.web.factory import create_app  # here, so that a room's tests run without the web

    quick = {"SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": QUICK_HASHES}
    made = create_app(settings, TESTING=True, **quick | overrides)
    made.jinja_env.bytecode_cache = compiled.TEMPLATES
    return made


@pytest.fixture
def files_read_once(run_of_tests: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of what becomes of a file that was read."""
    folder = run_of_tests.folder / "readings"
    folder.mkdir(exist_ok=True)
    monkeypatch.setattr(child, "run", read_once(child.run, folder))


@pytest.fixture
def smtp() -> Iterator[PostOffice]:
    """A real mail server that accepts everything; change its `script` to make it fail."""
    with PostOffice() as office:
        yield office


class Site:
    """The application behind a real socket of 127.0.0.1."""

    def __init__(self, settings: Settings) -> None:
        self._server = make_server("127.0.0.1", 0, _not_yet, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.port}"
        self.app = make_application(_at(settings, self.url))
        self._server.app = self.app
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Site:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()
        close(self.app)


def _not_yet(*_: object) -> list[bytes]:
    raise RuntimeError("the application is set before serving")


def _at(settings: Settings, url: str) -> Settings:
    return dataclasses.replace(settings, base_url=url)


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:
    """The application served to a real browser: `page.goto(site.url)`."""
    with Site(settings) as served:
        yield served


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's own Chromium; nothing is downloaded."""
    chromium = shutil.which("chromium")
    assert chromium, "chromium is missing; ./dev test installs it"
    quiet = ("background-networking", "component-update", "sync", "gpu", "quic")
    flags = ["--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in quiet)]
    return {**browser_type_launch_args, "executable_path": chromium, "args": flags}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A British browser."""
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "Europe/London"}
