"""Promise 1: a receipt that was confirmed is there after kill -9, and nothing else is there twice or half."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from governance.db import db, reading, writing
from governance.journal.verify import verify
from governance.reading.models import Acknowledgement
from governance.settings import Settings
from tests.conftest import make_application
from tests.databases import close, migrate
from tests.postgres import ROLE, Server
from tests.promises import acts
from tests.promises.killing import Ledger, acknowledge_under_fire
from tests.promises.serving import Served

# The short form; `./dev soak` asks for the full one.
FULL = os.environ.get("COUNTERSIGN_SOAK") == "1"
KILLS = {"sqlite": 1_000, "postgresql": 300} if FULL else {"sqlite": 40, "postgresql": 15}
POLICIES = 6_000 if FULL else 300
STOPS = 40 if FULL else 3


@pytest.mark.slow
@pytest.mark.engines("sqlite", "postgresql")
def test_no_confirmed_receipt_is_lost_when_processes_are_killed(
    app: Flask, engine: str, database_url: str, tmp_path: Path
) -> None:
    with app.app_context(), writing() as session:
        school = acts.furnish(session, POLICIES, can_sign_in=True)
    with Served(database_url, tmp_path / "served", 3) as server:
        ledger = acknowledge_under_fire(server, school, KILLS[engine])
    print(f"{KILLS[engine]} kills, {len(ledger.confirmed)} confirmed, {ledger.cut} cut off")
    assert ledger.odd == []
    assert ledger.cut > 0, "no act was cut off, so the kills missed"
    assert len(ledger.confirmed) >= KILLS[engine] // 2, "too little was confirmed for this to say anything"
    _check(app, school, ledger)
    if engine == "sqlite":
        with sqlite3.connect(database_url.removeprefix("sqlite:///")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.slow
@pytest.mark.postgresql
def test_no_confirmed_receipt_is_lost_when_postgresql_is_stopped_at_once(tmp_path: Path) -> None:
    # a socket's address is short
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    folder.chmod(0o755)
    database = Server(folder / "pg", durable=True)
    database.start()
    try:
        database.execute(f"CREATE DATABASE receipts OWNER {ROLE} TEMPLATE template0")
        url = database.url("receipts")
        migrate(url)
        (tmp_path / "instance").mkdir()
        app = make_application(Settings(tmp_path / "instance", url, "http://localhost", "k" * 40, scheduler=False))
        with app.app_context(), writing() as session:
            school = acts.furnish(session, POLICIES, can_sign_in=True)

        def strike() -> None:
            database.stop_at_once()
            database.come_back()

        with Served(url, tmp_path / "served", 3) as server:
            ledger = acknowledge_under_fire(server, school, STOPS, strike)
        print(f"{STOPS} stops, {len(ledger.confirmed)} confirmed, {ledger.cut} cut off")
        assert ledger.odd == []
        assert ledger.cut > 0, "no act was cut off, so the stops missed"
        with app.app_context():
            db.engine.dispose()
        _check(app, school, ledger)
        close(app)
    finally:
        database.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _check(app: Flask, school: acts.Acts, ledger: Ledger) -> None:
    with app.app_context(), reading() as session:
        rows = session.execute(
            select(Acknowledgement.person_id, Acknowledgement.version_id, Acknowledgement.reference)
        ).all()
        kept = {(person, version): reference for person, version, reference in rows}
        assert verify(session, school.scope).fault is None, "the journal is broken"
    lost = {act: reference for act, reference in ledger.confirmed.items() if kept.get(act) != reference}
    assert lost == {}, "confirmed, and not there"
    assert set(Counter((person, version) for person, version, _ in rows).values()) == {1}, "one act, two receipts"
