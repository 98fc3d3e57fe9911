"""Promise 4: however often and in however many processes the same act arrives, it makes one receipt."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from governance.db import reading, writing
from governance.reading.models import Acknowledgement
from tests.promises import acts
from tests.promises.serving import Browser, Served

TIMES, PROCESSES = 20, 4
# The short form; `./dev soak` asks for the full one.
ROUNDS = 200 if os.environ.get("COUNTERSIGN_SOAK") == "1" else 8


@pytest.mark.engines("sqlite", "postgresql")
def test_twenty_parallel_posts_of_one_act_make_one_receipt(app: Flask, database_url: str, tmp_path: Path) -> None:
    with app.app_context(), writing() as session:
        school = acts.furnish(session, ROUNDS, can_sign_in=True)
    with Served(database_url, tmp_path / "served", PROCESSES) as server, ThreadPoolExecutor(TIMES) as hands:
        browser = Browser(server.port)
        browser.sign_in(school.emails[0])
        for version in school.versions:
            path = f"/hillcrest/read/{version}"
            answers = list(hands.map(lambda _, path=path: browser.post(path, school.form), range(TIMES)))
            assert {status for status, _, _ in answers} == {302}
            assert len({led_to for _, _, led_to in answers}) == 1, "the same act gave two references"
            assert browser.get(answers[0][2])[0] == 200
    with app.app_context(), reading() as session:
        assert session.scalar(select(func.count(Acknowledgement.id))) == ROUNDS


@pytest.mark.engines("sqlite")
def test_a_retry_after_a_cut_connection_finds_the_same_receipt(app: Flask, database_url: str, tmp_path: Path) -> None:
    with app.app_context(), writing() as session:
        school = acts.furnish(session, 1, can_sign_in=True)
    with Served(database_url, tmp_path / "served", 2) as server:
        browser = Browser(server.port)
        browser.sign_in(school.emails[0])
        path = f"/hillcrest/read/{school.versions[0]}"
        first = browser.post(path, school.form)
        again = browser.post(path, school.form)
        assert first[0] == again[0] == 302
        assert first[2] == again[2]
