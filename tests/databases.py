"""Fresh, migrated databases, cheaply: migrated once for a whole run, then copied."""

from __future__ import annotations

import functools
import importlib
import pkgutil
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast
from uuid import uuid4

import flask_migrate
from filelock import FileLock
from flask import Flask
from flask_migrate import Migrate

import governance
from governance import db
from tests.lending import WATCH_THE_SCHEMA, lender
from tests.postgres import COLLATIONS, ROLE, Server

ROOT = Path(__file__).resolve().parent.parent
T = TypeVar("T")

_filled: dict[Callable[..., Any], tuple[sqlite3.Connection, Any]] = {}


def bare_application(database_url: str) -> Flask:
    """The rooms with their database and nothing of the web: enough for actions and queries, and quick to make."""
    _know_every_table()
    app = Flask("rooms", root_path=str(ROOT))
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    db.connect(app)
    Migrate(app, db.db, directory=str(ROOT / "migrations"), render_as_batch=True)
    return app


def close(app: Flask) -> None:
    """Let go of every connection."""
    with app.app_context():
        db.db.session.remove()
        for engine in db.db.engines.values():
            engine.dispose()


def copied(app: Flask, fill: Callable[[Flask], T]) -> T:
    """What `fill` answers, having put the same rows into the application's empty database each time.

    SQLite's are written once by each process and then copied, which takes a tenth of the time.
    """
    with app.app_context():
        url = db.db.engine.url
    if url.get_backend_name() != "sqlite":
        return fill(app)
    with closing(sqlite3.connect(str(url.database))) as ours:
        if fill not in _filled:
            answer = fill(app)
            kept = sqlite3.connect(":memory:", check_same_thread=False)
            ours.backup(kept)
            _filled[fill] = kept, answer
        else:
            kept, answer = _filled[fill]
            assert not ours.execute("SELECT * FROM organisation").fetchall(), "only an empty database is written over"
            kept.backup(ours)
    return cast(T, answer)


def migrate(database_url: str) -> None:
    """Bring an empty database to the newest schema, as `flask db upgrade` does."""
    app = bare_application(database_url)
    with app.app_context():
        flask_migrate.upgrade()
    close(app)


@functools.cache
def _know_every_table() -> None:
    """Foreign keys name tables of other rooms; these have to be known, whichever room a test is about."""
    for module in pkgutil.walk_packages(governance.__path__, "governance."):
        if module.name.rpartition(".")[2] == "models":
            importlib.import_module(module.name)


@dataclass(frozen=True)
class Run:
    """What all workers of one run of the tests share, in one folder."""

    folder: Path

    @property
    def server(self) -> Server:
        """The PostgreSQL server; started when first needed."""
        return Server(self.folder / "pg")

    @contextmanager
    def fresh(self, engine: str, folder: Path) -> Iterator[str]:
        """The address of a migrated, empty database that nobody else uses; SQLite's file goes into `folder`."""
        if engine == "sqlite":
            yield self._sqlite(folder / f"{uuid4().hex}.db")
            return
        self._once(engine, lambda: self._template(engine))
        with lender(self.server, engine).lent() as name:
            yield self.server.url(name)

    def end(self) -> None:
        """Leave nothing behind."""
        if self.server.folder.exists():
            self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _sqlite(self, file: Path) -> str:
        template = self.folder / "template.db"
        self._once("sqlite", lambda: migrate(f"sqlite:///{template}"))
        shutil.copyfile(template, file)
        return f"sqlite:///{file}"

    def _template(self, engine: str) -> None:
        self._once("server", self.server.start)
        self.server.execute(f'CREATE DATABASE "{engine}" OWNER {ROLE} TEMPLATE template0 {COLLATIONS[engine]}')
        migrate(self.server.url(engine))
        with self.server.connected(engine) as connection:
            for statement in WATCH_THE_SCHEMA:
                connection.execute(statement)

    def _once(self, what: str, make: Callable[[], None]) -> None:
        """Whichever worker comes first makes it; the others wait."""
        made = self.folder / f"{what}.made"
        if made.exists():
            return
        with FileLock(self.folder / f"{what}.lock"):
            if not made.exists():
                make()
                made.touch()
