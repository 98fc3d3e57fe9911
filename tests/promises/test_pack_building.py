"""Promise 8: pages are as quick while a large pack is printed. A short form runs with the tests."""

from __future__ import annotations

import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from governance.db import writing
from governance.packs.printing import printed
from governance.packs.values import PackItem
from tests.packs import oakfield
from tests.promises import acts
from tests.promises.serving import Browser, Served, slowest_of_twenty

FULL = os.environ.get("COUNTERSIGN_SOAK") == "1"
POLICIES, TRIES = (40, 5) if FULL else (12, 3)
REGISTER = "/hillcrest/register"
_SENTENCE = "Every adult in the school keeps to this policy and tells the office when something in it no longer holds. "


@pytest.mark.slow
@pytest.mark.timing
@pytest.mark.engines("sqlite")
def test_promise_8_pages_are_as_quick_while_a_pack_is_printed(app: Flask, database_url: str, tmp_path: Path) -> None:
    with app.app_context(), writing() as session:
        school = acts.furnish(session, 40, can_sign_in=True)
    with Served(database_url, tmp_path / "served", 2) as server:
        browser = Browser(server.port)
        browser.sign_in(school.emails[0])
        slowest_of_twenty(browser, REGISTER, 20)  # each process has its first page behind it
        assert any(pages_keep_up(browser))


def pages_keep_up(browser: Browser) -> Iterator[bool]:
    """Whether pages stay as quick from a pack's first to its last page. What else the machine does only makes them slower."""
    large = oakfield.pack(items=tuple(_policy(number) for number in range(POLICIES)))
    for _ in range(TRIES):
        idle = slowest_of_twenty(browser, REGISTER, 100)
        busy, looks = _while(lambda: printed(large), browser)
        print(
            f"p95 of a page: {idle * 1000:.0f} ms idle, {busy * 1000:.0f} ms in {looks} looks while a pack was printed"
        )
        yield busy <= 2 * idle


def _while(work: Callable[[], bytes], browser: Browser) -> tuple[float, int]:
    """The 95th percentile of looks at a page for as long as some work takes, and how many there were."""
    made, times = list[bytes](), list[float]()
    worker = threading.Thread(target=lambda: made.append(work()))
    worker.start()
    while worker.is_alive():
        begun = time.perf_counter()
        assert browser.get(REGISTER)[0] == 200
        times.append(time.perf_counter() - begun)
    assert made and made[0].startswith(b"%PDF")
    return statistics.quantiles(times, n=20)[-1], len(times)


def _policy(number: int) -> PackItem:
    head = oakfield.clause("heading", f"Policy number {number}", level=1)
    clauses = (oakfield.clause("clause", f"{number}: " + _SENTENCE * 3, str(n), 2) for n in range(50))
    item = replace(oakfield.social_media(), title=f"Policy number {number}", reference=f"P-{number}")
    return replace(item, clauses=(head, *clauses))
