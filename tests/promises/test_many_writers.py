"""Eight processes write receipts at once without an error, and readers wait for nobody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select

from governance.db import reading, writing
from governance.journal.verify import verify
from governance.reading.models import Acknowledgement
from governance.tenancy import Organisation
from tests.databases import ROOT
from tests.promises import acts

EACH = 1_000 if os.environ.get("COUNTERSIGN_SOAK") == "1" else 40


@pytest.mark.slow
def test_eight_processes_write_receipts_at_once_without_an_error(rooms: Flask, database_url: str) -> None:
    with writing() as session:
        school = acts.furnish(session, EACH)
    written, errors = _write_at_once(database_url, school, "immediate")
    assert errors == Counter()
    assert written == EACH * len(school.person_ids)
    with reading() as session:
        assert session.scalar(select(func.count(Acknowledgement.id))) == written
        assert verify(session, school.scope).fault is None


@pytest.mark.slow
@pytest.mark.engines("sqlite")
def test_with_a_plain_begin_they_would_fail_so_the_test_above_says_something(rooms: Flask, database_url: str) -> None:
    with writing() as session:
        school = acts.furnish(session, EACH)
    _, errors = _write_at_once(database_url, school, "plain")
    assert errors.total() > 0
    assert set(errors) == {"database is locked"}


def test_readers_and_a_writer_do_not_wait_for_each_other(rooms: Flask) -> None:
    with writing() as session:
        acts.furnish(session, 1)
    names = select(Organisation.name)
    with writing() as writer:
        writer.scalars(select(Organisation)).one().name = "Written, not yet committed"
        writer.flush()
        begun = time.monotonic()
        with reading() as first, reading() as second, reading() as third:
            # each holds its transaction open while the others read
            seen = [reader.scalar(names) for reader in (first, second, third, first)]
        took = time.monotonic() - begun
    assert set(seen) == {"Hillcrest Primary School"}
    assert took < 5, "a reader waited for a lock"
    with reading() as session:
        assert session.scalar(names) == "Written, not yet committed"


def _write_at_once(url: str, school: acts.Acts, begin: str) -> tuple[int, Counter[str]]:
    people = [str(person) for person in school.person_ids]
    done = subprocess.run(
        [sys.executable, "-m", "tests.promises.writers", url, begin, *people],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        timeout=300,
        check=True,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) == len(people), "a process came to grief"
    errors = Counter[str]()
    for one in told:
        errors.update(one["errors"])
    return sum(one["written"] for one in told), errors
