"""Putting the application together: settings, database, sign-in, screens, command line."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import Migrate

from governance import cli, db
from governance.extract import scanner
from governance.settings import Settings, from_environment
from governance.web import access, errors, limits, logs, look, pages, requests, security, sign_in

# Every room with tables, so that they are all known whichever screens there are.
_ROOMS_WITH_TABLES = "accounts adoption chasing feeds journal mail packs people policies reading reception schedule schools storage".split()
_PROJECT = Path(__file__).resolve().parents[2]


def create_app(settings: Settings | None = None, **overrides: Any) -> Flask:
    """The application for one installation; `overrides` are Flask settings, for tests.

    Raises:
        RuntimeError: when a route states no access rule, or the settings are unsafe.
    """
    for room in _ROOMS_WITH_TABLES:
        importlib.import_module(f"governance.{room}.models")
    chosen = settings or from_environment()
    app = Flask("governance.web", template_folder=str(_PROJECT / "templates"), static_folder="static")
    app.config.from_mapping(_configuration(chosen), **overrides)
    security.refuse_unsafe(chosen, debug=app.debug)
    app.extensions["countersign_settings"] = chosen
    db.connect(app)
    Migrate(app, db.db, directory=str(_PROJECT / "migrations"), render_as_batch=True)
    logs.install()
    scanner.use(chosen.clamd)
    look.install(app)
    limits.install(app, chosen)
    sign_in.install(app, chosen)
    requests.install(app, chosen)
    security.install(app, chosen)
    pages.install(app)
    security.ask_holders_for_no_cookie(app)
    errors.install(app)
    cli.install(app)
    access.refuse_to_start_unruled(app)
    return app


def _configuration(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        **limits.configuration(settings),
        **security.configuration(settings),
        **sign_in.configuration(),
    }
