"""Promises 2 and 14: looking changes nothing and makes no receipt; an act without our token, or from elsewhere, is refused."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from governance.accounts.permissions import Role
from tests.conftest import make_application
from tests.databases import close
from tests.walls.addresses import address, routes
from tests.walls.conftest import Walls

# How programs look at an address without anybody having read it.
PREVIEWS: tuple[dict[str, str], ...] = (
    {},
    {"Sec-Purpose": "prefetch;prerender"},
    {"Purpose": "prefetch", "X-Moz": "prefetch"},
    {"User-Agent": "Mozilla/5.0 (compatible; SkypeUriPreview; safelinks)", "Accept": "*/*"},
    {"Range": "bytes=0-99"},
    {"X-HTTP-Method-Override": "POST"},
)
LEAST_LOOKS = 600


def stored(file: Path) -> str:
    """A hash over every row of every table."""
    found = hashlib.sha256()
    with sqlite3.connect(file) as connection:
        for line in connection.iterdump():
            found.update(line.encode())
    return found.hexdigest()


def watched(file: Path) -> Callable[[], bool]:
    """Whether every row is as it is now. The rows are read again only where something was written at all."""
    connection = sqlite3.connect(file)
    before = stored(file)

    def version() -> int:
        return int(connection.execute("PRAGMA data_version").fetchone()[0])

    seen = version()

    def unchanged() -> bool:
        nonlocal seen
        known, seen = seen, version()
        return known == seen or stored(file) == before

    return unchanged


def count(file: Path, table: str) -> int:
    with sqlite3.connect(file) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


@pytest.fixture
def guarded(walls: Walls) -> Iterator[Flask]:
    """The same installation with CSRF on, as a server starts it."""
    app = make_application(walls.settings, WTF_CSRF_ENABLED=True)
    yield app
    close(app)


def test_looking_at_everything_in_every_safe_way_changes_nothing(walls: Walls) -> None:
    for role in ("system_manager", "headteacher"):
        browser = walls.browser(role)
        unchanged = watched(walls.file)
        for route in routes(walls.app, "GET"):
            path = address(walls.app, route, walls.schools.ours.values(route))
            for method in ("GET", "HEAD", "OPTIONS"):
                with browser.open(path, method=method) as answer:
                    answer.get_data()
                    assert answer.status_code < 500, (method, path)
            assert unchanged(), path


def test_hundreds_of_fetches_and_previews_of_what_is_to_be_read_make_no_receipt(walls: Walls) -> None:
    browsers = [walls.browser(role.value) for role in Role] + [walls.browser(None)]
    before, receipts = stored(walls.file), count(walls.file, "acknowledgement")
    ids = walls.schools.ours.ids
    paths = [f"read/{ids['version']}", "my-reading", "", f"receipts/{ids['reference']}", f"policies/{ids['policy']}"]
    looks = 0
    for browser in browsers:
        for path in paths:
            for headers in PREVIEWS:
                for method in ("GET", "HEAD", "OPTIONS"):
                    query = {"ticked": "y", "typed_name": "Tess Marlow", "_method": "POST"}
                    with browser.open(
                        f"/hillcrest/{path}", method=method, headers=headers, query_string=query
                    ) as answer:
                        assert answer.status_code < 500
                    looks += 1
    print(f"{looks} looks")
    assert looks >= LEAST_LOOKS
    assert count(walls.file, "acknowledgement") == receipts
    assert stored(walls.file) == before


def test_every_act_without_a_token_or_from_another_site_is_refused(walls: Walls, guarded: Flask) -> None:
    # signed in where there is no token to fetch; the key, the cookie and the database are the same
    signed_in = walls.browser("system_manager")
    browser = guarded.test_client()
    browser._cookies = signed_in._cookies
    assert browser.get("/hillcrest/settings").status_code == 200
    before, tried = stored(walls.file), 0
    elsewhere = ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"})
    for route in routes(walls.app, "POST"):
        path = address(walls.app, route, walls.schools.ours.values(route))
        assert browser.post(path, data={"name": "x"}).status_code == 400, path
        assert browser.post(path, data={"csrf_token": "IjEi.aaaa.bbbb"}).status_code == 400, path
        for headers in elsewhere:
            # with CSRF off, to see that where it came from is enough to refuse it
            assert signed_in.post(path, headers=headers).status_code == 403, path
        for method in ("PUT", "DELETE", "PATCH", "TRACE"):
            assert browser.open(path, method=method, headers={"X-HTTP-Method-Override": "POST"}).status_code == 405, (
                path
            )
        tried += 1
    print(f"{tried} acts")
    assert tried > 50
    assert stored(walls.file) == before


def test_an_act_without_a_human_in_it_makes_no_receipt(walls: Walls) -> None:
    browser = walls.browser("reader")
    before = count(walls.file, "acknowledgement")
    path = f"/hillcrest/read/{walls.schools.ours.ids['version']}"
    for data in (
        {},
        {"ticked": ""},
        {"typed_name": " "},
        {"submit": "yes"},
    ):
        assert browser.post(path, data=data).status_code == 422
    for another in ("person", "reader"):
        # row 67: not even with everything else in order
        data = {another: walls.schools.ours.ids["person"], "ticked": "y"}
        assert browser.post(path, data=data).status_code == 403
    assert count(walls.file, "acknowledgement") == before
