"""Promise 6 at its full figures: thousands of mails outlast a mail server that is away, and nobody's page waits for them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from governance import clock
from governance.db import reading, writing
from governance.mail.actions import queue
from governance.mail.compose import Letter
from governance.mail.deliver import SmtpSettings, with_limits
from governance.mail.dispatch import Post, deliver_due
from governance.mail.models import Outbox
from tests.databases import ROOT
from tests.mail.hands import MONDAY, Hands, two_schools
from tests.mail.post_office import PostOffice
from tests.promises import acts
from tests.promises.serving import Browser, Served, slowest_of_twenty

FULL = os.environ.get("COUNTERSIGN_SOAK") == "1"
MAILS = 5_000 if FULL else 150
PAGES = 2_000 if FULL else 100
REGISTER = "/hillcrest/register"
MAILBOX = "policies@oakfield.sch.uk"


def letter(number: int) -> Letter:
    words = f"Policy {number} is to be read."
    return Letter("monday", f"person{number}@oakfield.sch.uk", "Oakfield: to read", words, f"<p>{words}</p>")


def states(app: Flask) -> dict[str, int]:
    with app.app_context(), reading() as session:
        return {row[0]: row[1] for row in session.execute(select(Outbox.state, func.count()).group_by(Outbox.state))}


@pytest.mark.slow
def test_promise_6_two_days_without_a_mail_server_lose_nothing(rooms: Flask) -> None:
    school, hands = two_schools()[0], Hands(MONDAY)
    with writing() as session:
        for number in range(MAILS):
            queue(session, school, letter(number), dedupe_key=f"k{number}", now=MONDAY)
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        closed = nobody.getsockname()[1]  # closed by then, so that nothing listens there
    away = Post(with_limits(SmtpSettings("127.0.0.1", closed, "none"), 2.0, 2.0), MAILBOX)
    for _ in range(48 * 4):
        assert deliver_due(away, hands).accepted == 0
        hands.move(minutes=15)
    with PostOffice() as office:
        back = Post(with_limits(SmtpSettings.from_url(office.url), 5.0, 5.0), MAILBOX)
        for _ in range(MAILS // 100 + 10):
            deliver_due(back, hands)
            hands.move(minutes=15)
    assert states(rooms) == {"accepted": MAILS}
    assert sorted(office.recipients) == sorted(letter(number).to for number in range(MAILS))
    assert len({mail["Message-ID"] for mail in office.accepted}) == MAILS


@pytest.mark.slow
@pytest.mark.timing
@pytest.mark.engines("sqlite")
def test_promise_6_pages_are_as_quick_while_mail_goes_out(app: Flask, database_url: str, tmp_path: Path) -> None:
    with app.app_context(), writing() as session:
        school = acts.furnish(session, 40, can_sign_in=True)
        for number in range(MAILS):
            queue(session, school.scope, letter(number), dedupe_key=f"k{number}", now=clock.now())
    with Served(database_url, tmp_path / "served", 2) as server, PostOffice() as office:
        browser = Browser(server.port)
        browser.sign_in(school.emails[0])
        slowest_of_twenty(browser, REGISTER, 20)  # each process has its first page behind it
        idle = slowest_of_twenty(browser, REGISTER, PAGES)
        sending = subprocess.Popen(
            [sys.executable, "-c", SEND, str(MAILS)],
            cwd=ROOT,
            env={
                **os.environ,
                "DATABASE_URL": database_url,
                "COUNTERSIGN_INSTANCE": str(tmp_path / "served"),
                "SMTP_URL": office.url,
                "COUNTERSIGN_SCHEDULER": "off",
            },
        )
        while not office.accepted:
            assert sending.poll() is None, "nothing was sent"
            time.sleep(0.05)
        busy = slowest_of_twenty(browser, REGISTER, PAGES)
        sent_meanwhile = len(office.accepted)
        assert sending.wait(900) == 0
    print(f"p95 of a page: {idle * 1000:.0f} ms idle, {busy * 1000:.0f} ms while {sent_meanwhile} mails went out")
    assert states(app) == {"accepted": MAILS}
    assert sent_meanwhile > 1
    # two cores for server, sender, mail server and browser together
    assert busy <= max(3 * idle, idle + 0.1)


SEND = """
import sys
from app import app
from governance.schedule.runner import tick
sent = 0
while sent < int(sys.argv[1]):
    sent += tick(app).mail.accepted
"""
