"""Promise 4 for paper and for sessions: the same sheet or session sent many times at once makes one receipt a person."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from governance import clock
from governance.accounts.permissions import Role
from governance.db import reading, writing
from governance.people.models import Person
from governance.policies.models import Policy
from governance.reading.models import Acknowledgement
from governance.reading.sheet_printing import for_session, print_sheet
from governance.reading.training import NewSession, plan_session
from tests.hillcrest import MAYA
from tests.promises import acts
from tests.promises.serving import Browser, Served
from tests.web.people import account

TIMES, PROCESSES = 12, 4
pytestmark = pytest.mark.engines("sqlite", "postgresql")


def test_a_sheet_and_a_session_sent_in_parallel_make_one_receipt_a_person(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    today = clock.today()
    with app.app_context(), writing() as session:
        school = acts.furnish(session, 2)
        account(session, school.scope, "sam@hillcrest.sch.uk", (Role.HR,))
        wanted = for_session(session, school.scope, "INSET", school.version_ids[:1], school.person_ids, today)
        number = print_sheet(session, school.scope, MAYA, wanted, "", today, clock.now()).number
        people = list(session.scalars(select(Person.public_id).where(Person.id.in_(school.person_ids))))
        second = session.scalars(select(Policy).order_by(Policy.id)).all()[1]
        policy = second.public_id
        asked = NewSession("INSET day", today, "Mr Okafor", {second.id: 0})
        seen = plan_session(session, school.scope, asked, today).digest
    day = f"{today.day}/{today.month}/{today.year}"
    sheet = {"signed_on": day, "witness": "Maya Lund", "people": people}
    held = {"title": "INSET day", "held_on": day, "led_by": "Mr Okafor", "policies": [policy], "who": "everyone"}
    with Served(database_url, tmp_path / "served", PROCESSES) as server, ThreadPoolExecutor(TIMES) as hands:
        browser = Browser(server.port)
        browser.sign_in("sam@hillcrest.sch.uk")
        for path, form in (
            (f"/hillcrest/sheets/{number}", sheet),
            ("/hillcrest/training", {**held, "seen": seen, "typed_name": "Sam Achebe"}),
        ):
            answers = list(hands.map(lambda _, path=path, form=form: browser.post(path, form)[0], range(TIMES)))
            assert sorted(answers) == [302, *[422] * (TIMES - 1)], path
    with app.app_context(), reading() as session:
        count = select(Acknowledgement.person_id, Acknowledgement.version_id, func.count()).group_by(
            Acknowledgement.person_id, Acknowledgement.version_id
        )
        rows = session.execute(count).all()
    assert len(rows) == 2 * len(people) and {row[2] for row in rows} == {1}
