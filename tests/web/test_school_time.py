"""School time on screen: the usual terms taken, a day changed, an INSET day, and nothing stored half."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from governance.schools.models import ClosedDay, Term
from tests.hillcrest import NOW
from tests.web.reading_room import text
from tests.web.test_new_version import counts, filled

HERE = "/hillcrest/settings/school-time"


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.engines("sqlite", "postgresql")
def test_the_usual_terms_are_looked_at_taken_and_changed(maya: FlaskClient, app: Flask) -> None:
    page = text(maya.get(HERE).text)
    assert "Start with the usual terms of 2026/27" in page and "2027/28" in page
    seen = text(maya.get(f"{HERE}/usual/2026").text)
    assert "Monday 2 November 2026" in seen and "Monday 3 May 2027" in seen
    assert counts(app, Term) == (0,)
    done = maya.post(f"{HERE}/usual/2026", follow_redirects=True)
    assert "The usual terms of 2026/27 are entered." in text(done.text)
    assert counts(app, Term, ClosedDay) == (6, 1)
    assert "usual terms of 2026/27" not in text(maya.get(HERE).text)
    again = maya.post(f"{HERE}/usual/2026")
    assert again.status_code == 422 and "is entered already" in text(again.text)


def test_a_term_is_entered_and_what_was_typed_stays_where_it_is_refused(maya: FlaskClient, app: Flask) -> None:
    typed = {"name": "Autumn 1", "first_on": "2 September 2026", "last_on": "31/9/2026"}
    refused = maya.post(f"{HERE}/terms/new", data=typed)
    assert refused.status_code == 422 and "September" in text(refused.text)
    assert filled(refused.text)["last_on"] == "31/9/2026"
    assert counts(app, Term) == (0,)
    kept = maya.post(f"{HERE}/terms/new", data=typed | {"last_on": "23 October 2026"}, follow_redirects=True)
    assert "Autumn 1 is saved." in text(kept.text) and "Wednesday 2 September 2026" in text(kept.text)


def test_an_inset_day_is_entered_and_taken_off(maya: FlaskClient, app: Flask) -> None:
    maya.post(f"{HERE}/usual/2026")
    kept = maya.post(
        f"{HERE}/closed/new", data={"closed_on": "1 September 2026", "kind": "inset"}, follow_redirects=True
    )
    assert "Tuesday 1 September 2026 INSET day" in text(kept.text)
    outside = maya.post(f"{HERE}/closed/new", data={"closed_on": "28 October 2026", "kind": "inset"})
    assert outside.status_code == 422 and "Days outside the terms need no entry." in text(outside.text)
    assert counts(app, ClosedDay) == (2,)


@pytest.mark.parametrize("year", ["1999", "2031"])
def test_a_year_that_is_not_offered_is_not_there(maya: FlaskClient, year: str) -> None:
    assert maya.get(f"{HERE}/usual/{year}").status_code == 404
    assert maya.post(f"{HERE}/usual/{year}").status_code == 404


def test_from_when_an_absence_is_long_is_a_setting(maya: FlaskClient) -> None:
    form = filled(maya.get("/hillcrest/settings").text)
    assert form["away_school_days"] == "10"
    refused = maya.post("/hillcrest/settings", data=form | {"away_school_days": "0"})
    assert refused.status_code == 422 and "from 1 to 200" in text(refused.text)
    maya.post("/hillcrest/settings", data=form | {"away_school_days": "5"})
    assert filled(maya.get("/hillcrest/settings").text)["away_school_days"] == "5"
