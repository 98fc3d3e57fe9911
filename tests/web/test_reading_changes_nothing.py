"""Promise 14: looking at any page, in any safe way, changes nothing that is stored."""

from __future__ import annotations

import hashlib
import sqlite3

from flask import Flask
from flask.testing import FlaskClient

from governance.settings import Settings


def _stored(settings: Settings) -> str:
    with sqlite3.connect(settings.database_url.removeprefix("sqlite:///")) as connection:
        return hashlib.sha256("\n".join(connection.iterdump()).encode()).hexdigest()


def test_every_page_can_be_got_headed_and_asked_about_without_a_trace(
    maya: FlaskClient, app: Flask, settings: Settings
) -> None:
    before = _stored(settings)
    seen = 0
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        values = {name: "hillcrest" if name == "school" else "0" for name in rule.arguments}
        path = app.url_map.bind("localhost").build(rule.endpoint, values)
        for method in ("GET", "HEAD", "OPTIONS"):
            answer = maya.open(path, method=method, headers={"Sec-Purpose": "prefetch"})
            assert answer.status_code < 500, path
            seen += 1
    assert seen > 20
    assert _stored(settings) == before
