"""How the installation stands: a silent scheduler, mail that is stuck and a clock set back are said in words."""

from __future__ import annotations

import dataclasses
import datetime as dt

from sqlalchemy.orm import Session

from governance.mail.actions import queue
from governance.mail.compose import Letter
from governance.operate.status import Line, how_it_stands
from governance.schedule.actions import ask
from governance.schedule.packing import BUILD_PACK
from governance.settings import Settings
from tests.hillcrest import MAYA, NOW, a_school

LETTER = Letter("monday", "maya@hillcrest.sch.uk", "Hillcrest: this week", "Three.\n", "<p>3</p>\n")


def stands(session: Session, settings: Settings, now: dt.datetime = NOW) -> dict[str, Line]:
    return {line.what: line for line in how_it_stands(session, settings, now)}


def test_a_new_installation_is_well(session: Session, settings: Settings) -> None:
    found = stands(session, settings)
    assert all(line.good for line in found.values())
    assert found["schools"].words == "0 set up"
    assert found["scheduler"].words == "nothing has run yet"
    assert found["mail"].words == "no mail server is set, so mail waits on screen"


def test_a_run_that_waits_ten_minutes_is_a_silent_scheduler(session: Session, settings: Settings) -> None:
    ask(session, a_school(session), MAYA, BUILD_PACK, {"meeting": "x"}, NOW)
    assert stands(session, settings, NOW + dt.timedelta(minutes=10))["scheduler"].good
    late = stands(session, settings, NOW + dt.timedelta(minutes=11))["scheduler"]
    assert (late.good, late.words) == (
        False,
        "a run has waited since 16 November 2026 09:00 UTC; is a server or worker up?",
    )


def test_mail_that_waits_four_hours_is_stuck_where_there_is_a_server(session: Session, settings: Settings) -> None:
    queue(session, a_school(session), LETTER, dedupe_key="1", now=NOW)
    later = NOW + dt.timedelta(hours=5)
    assert stands(session, settings, later)["mail"].good
    wired = dataclasses.replace(settings, smtp_url="smtp://127.0.0.1:25")
    assert stands(session, wired, NOW + dt.timedelta(hours=1))["mail"].words == "mail is on its way"
    stuck = stands(session, wired, later)["mail"]
    assert (stuck.good, stuck.words) == (False, "the oldest mail has waited 5 hours")


def test_row_74_a_clock_behind_the_last_entry_is_said(session: Session, settings: Settings) -> None:
    ask(session, a_school(session), MAYA, BUILD_PACK, {"meeting": "x"}, NOW)
    behind = stands(session, settings, NOW - dt.timedelta(hours=3))["clock"]
    assert (behind.good, "behind the last entry of 16 November 2026 09:00 UTC" in behind.words) == (False, True)
