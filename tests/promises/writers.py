"""python -m tests.promises.writers URL BEGIN PERSON…: a process for each person, all writing receipts at once.

Each acknowledges everything, a transaction an act, as the screen does: look first, then write.
BEGIN is "immediate", as the product begins, or "plain", as SQLite's driver would by itself.
Prints what happened, a line of JSON a process: how many were written, and the errors by their words.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter

from flask import Flask
from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError

from governance import clock, db
from governance.people.models import Person
from governance.policies.models import PolicyVersion
from governance.reading.acknowledging import Act, acknowledge, shown_now
from governance.tenancy import Actor, scope_by_slug


def begin_plainly(connection: Connection) -> None:
    """What the driver does where nobody tells it otherwise."""
    connection.exec_driver_sql("PRAGMA query_only = OFF")
    connection.exec_driver_sql("BEGIN")


def main(url: str, begin: str, person_ids: list[int]) -> None:
    """Start a process for each, let them go together, and wait for them."""
    if begin == "plain":
        db._begin_sqlite = begin_plainly
    app = Flask("writers")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.connect(app)
    waiting, go = os.pipe()
    for person_id in person_ids:
        if os.fork() == 0:
            os.close(go)
            # ends when the parent closes its end: the same moment for all
            os.read(waiting, 1)
            _write_all(app, person_id)
            os._exit(0)
    os.close(go)
    for _ in person_ids:
        os.wait()


def _write_all(app: Flask, person_id: int) -> None:
    """Everything for one person."""
    errors: Counter[str] = Counter()
    written = 0
    with app.app_context():
        with db.reading() as session:
            versions = session.scalars(select(PolicyVersion.id).order_by(PolicyVersion.id)).all()
        for version_id in versions:
            try:
                _write(person_id, version_id)
                written += 1
            except OperationalError as error:
                errors[str(error.orig)] += 1
    os.write(1, (json.dumps({"written": written, "errors": errors}) + "\n").encode())


def _write(person_id: int, version_id: int) -> None:
    now = clock.now()
    with db.writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        person = session.get_one(Person, person_id)
        version = session.get_one(PolicyVersion, version_id)
        shown = shown_now(session, scope, version)
        act = Act(clock.local_day(now, scope.time_zone), "signed_in", "password", typed_name="Tess", given_at=now)
        acknowledge(session, scope, Actor("Tess", person_id=person_id), person, version, shown, act, now)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], [int(one) for one in sys.argv[3:]])
