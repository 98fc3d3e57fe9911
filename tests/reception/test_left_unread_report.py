"""Who left without reading, in every form and on the command line: the same rows, and nothing in them runs."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import pytest
from click.testing import Result
from flask import Flask
from pypdf import PdfReader
from sqlalchemy.orm import Session

from governance.db import writing
from governance.reception import desk as acts
from governance.reception.rules import Visitor
from governance.reports.catalogue import CATALOGUE
from governance.reports.files import FORMS
from governance.reports.report import Report
from tests.hillcrest import NOW, TODAY
from tests.reception.desk_room import RITA, TITLES, Desk, arrives, furnish, signs, signs_all

NAME = "left-without-reading"
TOMORROW = TODAY + dt.timedelta(days=1)
FRIDAY = TODAY + dt.timedelta(days=4)


def a_day(session: Session) -> Desk:
    """Al read one of two and left, Bo read both, Cy read nothing and nobody knew Di; on Friday Ed reads nothing."""
    desk = furnish(session)
    al = arrives(session, desk).visit
    signs(session, desk, al)
    acts.leave(session, desk.scope, RITA, al, now=NOW + dt.timedelta(hours=6))
    signs_all(session, desk, arrives(session, desk, Visitor("Bo", "Stone")).visit, "Bo Stone")
    arrives(session, desk, Visitor("=1+1", "Moss", "@agency"))
    acts.not_known(session, desk.scope, RITA, arrives(session, desk, Visitor("Di", "Rush")).visit, "Wrong day", now=NOW)
    arrives(session, desk, Visitor("Ed", "Lake"), NOW + dt.timedelta(days=4))
    return desk


def gathered(session: Session, desk: Desk, day: dt.date, today: dt.date, since: dt.date | None = None) -> Report:
    now = dt.datetime.combine(today, dt.time(9), dt.UTC)
    return CATALOGUE[NAME].gather(session, desk.scope, day, now, since=since)


def names(report: Report) -> list[tuple[object, ...]]:
    return [(row[1], row[9]) for row in report.rows]


def test_a_day_and_a_stretch_of_days(session: Session) -> None:
    desk = a_day(session)
    both, one = " and ".join(TITLES), TITLES[1]
    assert names(gathered(session, desk, TODAY, TODAY)) == [("Green", one)]
    assert names(gathered(session, desk, TODAY, TOMORROW)) == [("Green", one), ("Moss", both)]
    later = FRIDAY + dt.timedelta(days=1)
    week = gathered(session, desk, FRIDAY, later, since=TODAY)
    assert names(week) == [("Green", one), ("Moss", both), ("Lake", both)]
    assert week.totals == {"visits": 3}
    assert names(gathered(session, desk, FRIDAY, later)) == [("Lake", both)]
    assert names(gathered(session, desk, FRIDAY, later, since=later)) == [("Lake", both)]
    (al, *_) = week.rows
    assert al[3] and al[4:9] == ("Swift Supply", "Cover in Year 4", "09:00", "15:00", "")


def test_every_form_says_the_same_and_row_45_nothing_in_them_runs(session: Session) -> None:
    desk = a_day(session)
    report = gathered(session, desk, TODAY, TOMORROW)
    made = {form: FORMS[form].write(report) for form in FORMS}
    assert [row[1] for row in json.loads(made["json"])["rows"]] == ["Green", "Moss"]
    lines = list(csv.reader(io.StringIO(made["csv"].decode("utf-8-sig"))))
    assert [line[1] for line in lines[1:]] == ["Green", "Moss"]
    assert not [cell for line in lines for cell in line if cell.startswith(("=", "@"))]
    printed = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(made["pdf"])).pages).split())
    assert "Left without reading" in printed and "Moss" in printed and "=1+1" in printed


@pytest.mark.engines("sqlite")
def test_the_command_line_makes_it_for_several_days_and_no_other_report(app: Flask) -> None:
    with app.app_context(), writing() as session:
        a_day(session)

    def run(*arguments: str) -> Result:
        return app.test_cli_runner().invoke(args=["report", *arguments])

    made = run(NAME, "--as-of", FRIDAY.isoformat(), "--since", TODAY.isoformat())
    assert made.exit_code == 0
    assert [line[1] for line in csv.reader(io.StringIO(made.stdout))][1:] == ["Green", "Moss", "Lake"]
    refused = run("coverage", "--since", TODAY.isoformat())
    assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)
    assert "leave out --since" in refused.stderr
