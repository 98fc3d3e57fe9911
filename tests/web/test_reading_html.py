"""Every screen of the reading room is valid HTML."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from governance.tenancy import Scope
from tests.checkers import html_faults
from tests.hillcrest import NOW
from tests.web import reading_room


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_the_pages_are_valid_html(hillcrest: Scope, maya: FlaskClient, app: Flask) -> None:
    room = reading_room.furnish(app)
    policy, version = room.policies["Behaviour"], room.versions["Behaviour"]
    one = f"/policies/{policy}/reading/{room.people['Tess']}"
    paths = [
        "/reading",
        "/reading?on=31/02/2026",
        "/reading/overdue",
        "/reading/outstanding",
        f"/policies/{policy}/reading",
        f"/policies/{policy}/reading/sheet",
        f"/policies/{policy}/readers",
        one,
        *(f"{one}/{act}" for act in ("more-time", "not-needed", "needed-again")),
        f"/receipts/{reading_room.receipts(app)[0].reference}/withdraw",
        "/asking",
        f"/asking/{room.policies['Lone']}",
        "/reading/paper",
        f"/reading/paper/sheet/{version}?who=all",
    ]
    pages = {path: maya.get(f"/hillcrest{path}").text for path in paths}
    pages["refused sheet"] = maya.post(f"/hillcrest/reading/paper/sheet/{version}", data={"people": []}).text
    pages["rule shown"] = maya.post(
        f"/hillcrest/policies/{policy}/readers",
        data={
            "category": room.categories["teachers"],
            "days_to_read": "3",
            "repeat": "once",
            "from_on": "1 September 2026",
        },
    ).text
    assert "What would follow" in pages["rule shown"]
    assert html_faults(pages) == []
