"""python -m tests.promises.one_writer URL PERSON BEGIN GO: one of several processes that write receipts at once.

Acknowledges everything on behalf of one person, a transaction each, as the screen does: look first, then write.
BEGIN is "immediate", as the product begins, or "plain", as SQLite's driver would by itself.
Prints what happened, as JSON: how many were written and the errors by their words.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path

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


def main(url: str, person_id: int, begin: str, go: Path) -> None:
    """Write until everything is acknowledged."""
    if begin == "plain":
        db._begin_sqlite = begin_plainly
    app = Flask("one writer")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.connect(app)
    with app.app_context():
        with db.reading() as session:
            versions = session.scalars(select(PolicyVersion.id).order_by(PolicyVersion.id)).all()
        sys.stdout.write("up\n")
        sys.stdout.flush()
        while not go.exists():
            time.sleep(0.01)
        errors: Counter[str] = Counter()
        written = 0
        for version_id in versions:
            try:
                _write(person_id, version_id)
                written += 1
            except OperationalError as error:
                errors[str(error.orig)] += 1
    sys.stdout.write(json.dumps({"written": written, "errors": errors}))


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
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
