"""Promises 2 and 4 for reading links: looking makes no receipt and spends nothing; twenty posts at once make one receipt."""

from __future__ import annotations

import http.client
import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from sqlalchemy import func, select

from governance import clock
from governance.adoption.models import Asking, InForce
from governance.db import reading, writing
from governance.people.models import Person
from governance.reading.links import print_links
from governance.reading.models import Acknowledgement, ReadingLink, ReadingRule, ReadingVisit
from tests import hillcrest
from tests.promises import acts
from tests.promises.serving import PATIENCE, Browser, Served

SOAK = os.environ.get("COUNTERSIGN_SOAK") == "1"
LOOKS, ROUNDS, BROWSERS = (10_000, 200, 40) if SOAK else (160, 4, 2)
HANDS, PROCESSES, TIMES = 8, 4, 20
TOKEN = "k" * 43
DOOR = f"/to-read/{TOKEN}"
# How mail scanners, chat programs and browsers look at a link that nobody has read.
LOOKED_WITH = (
    ("GET", {}),
    ("HEAD", {}),
    ("OPTIONS", {}),
    ("GET", {"Sec-Purpose": "prefetch;prerender", "Purpose": "prefetch"}),
    ("GET", {"Range": "bytes=0-99"}),
    ("GET", {"User-Agent": "Mozilla/5.0 (compatible; SkypeUriPreview; safelinks)"}),
    ("GET", {"X-HTTP-Method-Override": "POST"}),
)


@dataclass(frozen=True)
class Kept:
    """What there is of receipts, links and visits."""

    receipts: int
    links: tuple[tuple[object, ...], ...]
    visits: int


def furnish(app: Flask, policies: int) -> acts.Acts:
    """Policies asked of everybody, and a link for the first reader."""
    with app.app_context(), writing() as session:
        school = acts.furnish(session, policies)
        whose = {"organisation_id": school.scope.organisation_id}
        teachers = hillcrest.category(session, school.scope, "teachers").id
        for row in session.scalars(select(InForce)).all():
            session.add(Asking(**whose, in_force_id=row.id, from_on=row.from_on, recorded_at=clock.now()))
            session.add(ReadingRule(**whose, policy_id=row.policy_id, category_id=teachers, from_on=row.from_on))
        session.flush()
        person = session.get_one(Person, school.person_ids[0])
        print_links(session, school.scope, hillcrest.MAYA, [person], {person.id: TOKEN}, clock.now())
    return school


def kept(app: Flask) -> Kept:
    with app.app_context(), reading() as session:
        links = session.execute(select(*ReadingLink.__table__.columns).order_by(ReadingLink.id)).all()
        receipts = session.scalar(select(func.count(Acknowledgement.id))) or 0
        visits = session.scalar(select(func.count(ReadingVisit.id)).where(ReadingVisit.ended_at.is_(None))) or 0
        return Kept(receipts, tuple(tuple(link) for link in links), visits)


def pressed(port: int) -> Browser:
    """A browser in which the button behind the link was pressed."""
    browser = Browser(port)
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', browser.get(DOOR)[1])
    assert found
    browser.token = found[1]
    assert browser.post(DOOR, {})[0] == 302
    return browser


def looked(port: int, method: str, path: str, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


@pytest.mark.engines("sqlite", "postgresql")
def test_promise_2_thousands_of_looks_at_a_link_make_no_receipt_and_spend_nothing(
    app: Flask, database_url: str, tmp_path: Path, browser: Chromium
) -> None:
    school = furnish(app, 2)
    with Served(database_url, tmp_path / "served", PROCESSES) as server, ThreadPoolExecutor(HANDS) as hands:
        visit = pressed(server.port)
        before = kept(app)
        cookies = "; ".join(f"{name}={value}" for name, value in visit.cookies.items())
        query = "?ticked=y&typed_name=Tess+Reader&_method=POST"
        read = f"/to-read/read/{school.versions[0]}"
        tried = [
            (method, path + query, {**headers, **whose})
            for path in (DOOR, f"{DOOR}>", "/to-read", read, "/to-read/finished", f"{DOOR}/again")
            for whose in ({}, {"Cookie": cookies})
            for method, headers in LOOKED_WITH
        ]
        statuses = list(hands.map(lambda one: looked(server.port, *one), islice(cycle(tried), LOOKS)))
        for _ in range(BROWSERS):
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{server.port}{DOOR}")
            assert page.get_by_role("button", name="Open my list").is_visible()
            page.close()
        assert len(statuses) == LOOKS and max(statuses) < 500
        assert kept(app) == before
        print(f"{LOOKS} looks and {BROWSERS} of Chromium: {before.receipts} receipts, {before.visits} visit")
        assert (before.receipts, before.visits) == (0, 1)


@pytest.mark.engines("sqlite", "postgresql")
def test_promise_4_twenty_parallel_posts_through_one_link_make_one_receipt(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    school = furnish(app, ROUNDS)
    with Served(database_url, tmp_path / "served", PROCESSES) as server, ThreadPoolExecutor(TIMES) as hands:
        visit = pressed(server.port)
        for version in school.versions:
            path = f"/to-read/read/{version}"
            answers = list(hands.map(lambda _, path=path: visit.post(path, school.form), range(TIMES)))
            assert {status for status, _, _ in answers} == {302}
            assert len({led_to for _, _, led_to in answers}) == 1, "the same act gave two references"
    with app.app_context(), reading() as session:
        methods = session.scalars(select(Acknowledgement.method)).all()
    assert list(methods) == ["link"] * ROUNDS
