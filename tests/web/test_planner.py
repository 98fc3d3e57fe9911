"""The year planner on screen: the picture with its words, the tables, moving a policy, and years by address."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from governance.adoption.agenda import AsksFor, put_on_agenda
from governance.adoption.models import AgendaItem
from governance.db import reading, writing
from governance.policies.models import Policy
from governance.schools.models import Meeting
from governance.tenancy import Scope
from tests import hillcrest as school
from tests.checkers import html_faults
from tests.web.people import sign_in

NOW = dt.datetime(2026, 10, 20, 9, 0, tzinfo=dt.UTC)
DAYS = {"december": dt.date(2026, 12, 3), "march": dt.date(2027, 3, 18)}


@pytest.fixture(autouse=True)
def twentieth_of_october() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@dataclasses.dataclass
class Year:
    """Two meetings of the board, and policies whose reviews fall due on 1 March."""

    app: Flask
    browser: FlaskClient
    meetings: dict[str, str]
    policies: list[str]

    def move(self, to: str, source: str = "december", policy: int = 0, year: str = ""):  # type: ignore[no-untyped-def]
        path = f"/hillcrest/planner/{self.meetings[source]}/{self.policies[policy]}{year}"
        return self.browser.post(path, data={"to": self.meetings.get(to, to)}, follow_redirects=True)

    def on_agendas(self) -> list[tuple[str, str]]:
        with self.app.app_context(), reading() as session:
            rows = session.execute(
                select(Policy.public_id, Meeting.public_id)
                .join(AgendaItem, AgendaItem.policy_id == Policy.id)
                .join(Meeting, Meeting.id == AgendaItem.meeting_id)
                .where(AgendaItem.dropped_at.is_(None))
                .order_by(AgendaItem.id)
            )
            return [(policy, meeting) for policy, meeting in rows]


def opened(app: Flask, scope: Scope, client: FlaskClient, policies: int = 2, who: str = "Helen") -> Year:
    with app.app_context(), writing() as session:
        body = school.body(session, scope)
        whose = {"organisation_id": scope.organisation_id, "body_id": body.id}
        planned = {name: Meeting(**whose, held_on=held_on) for name, held_on in DAYS.items()}
        session.add_all(planned.values())
        session.flush()
        made = []
        for number in range(policies):
            policy = school.a_policy(session, scope, f"Policy {number}", f"# Text {number}")
            version, due = school.latest(session, policy), dt.date(2027, 3, 1)
            school.put_in_force(session, scope, version, dt.date(2026, 1, 8), next_review_on=due)
            made.append(policy)
        put_on_agenda(session, scope, school.MAYA, planned["december"], made[0], AsksFor.REVIEW, NOW)
        meetings = {name: one.public_id for name, one in planned.items()}
        found = Year(app, client, meetings, [policy.public_id for policy in made])
    assert sign_in(client, who).status_code == 303
    return found


def test_the_picture_says_in_words_what_it_shows_and_the_tables_are_beside_it(
    app: Flask, hillcrest: Scope, client: FlaskClient
) -> None:
    year = opened(app, hillcrest, client, policies=9)
    page = client.get("/hillcrest/planner").text
    assert html_faults({"planner": page}) == []
    assert "Reviews due: Autumn 1 0, Autumn 2 0, Spring 1 0, Spring 2 9, Summer 1 0, Summer 2 0." in page
    assert "Full Governing Body on 3 December 2026, 9 policies, which is more than 8;" in page
    assert "3 December 2026: 9 policies, more than 8. Move some to another meeting." in page
    assert page.count("Will be proposed") == 8 and page.count("On the agenda") == 1
    assert "No policy is before it yet." in page
    year.move("march")
    assert "policies, more than 8" not in client.get("/hillcrest/planner").text


def test_moving_past_the_last_day_of_a_review_warns_and_the_row_says_so(
    app: Flask, hillcrest: Scope, client: FlaskClient
) -> None:
    year = opened(app, hillcrest, client)
    assert "18 Mar 2027: 0 policies; after its review’s last day" in client.get("/hillcrest/planner").text
    answer = year.move("march", policy=1, year="?year=2026-27")
    assert answer.request.full_path == "/hillcrest/planner?year=2026-27"
    assert (
        "Policy 1 is on the agenda of 18 March 2027. Its review is due by 1 March 2027, so it will be late"
        in answer.text
    )
    assert "Late by this meeting" in answer.text
    assert "Due in Spring 2 with no meeting before" in answer.text
    assert year.on_agendas() == [
        (year.policies[0], year.meetings["december"]),
        (year.policies[1], year.meetings["march"]),
    ]


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("", "Choose the meeting to move it to."),
        ("december", "at that meeting already"),
        ("0" * 36, "Choose the meeting"),
    ],
)
def test_a_move_that_cannot_be_made_says_why_at_its_row(
    app: Flask, hillcrest: Scope, client: FlaskClient, to: str, said: str
) -> None:
    year = opened(app, hillcrest, client)
    answer = year.move(to)
    assert answer.status_code == 422
    assert said in answer.text and "Error: Year planner" in answer.text
    assert f'href="#to-{year.meetings["december"]}-{year.policies[0]}"' in answer.text
    assert year.on_agendas() == [(year.policies[0], year.meetings["december"])]


def test_who_sees_drafts_sees_the_year_and_only_who_keeps_meetings_moves(
    app: Flask, hillcrest: Scope, client: FlaskClient
) -> None:
    year = opened(app, hillcrest, client, who="Prof. Iqbal")
    page = client.get("/hillcrest/planner").text
    assert "Policy 1" in page and "<select" not in page
    assert year.move("march").status_code == 403
    tess = app.test_client()
    sign_in(tess, "tess@hillcrest.sch.uk")
    assert tess.get("/hillcrest/planner").status_code == 403


def test_years_are_chosen_by_address(app: Flask, hillcrest: Scope, client: FlaskClient) -> None:
    opened(app, hillcrest, client)
    page = client.get("/hillcrest/planner?year=2025-26").text
    assert "Year planner 2025-26" in page and "3 December 2026" not in page
    assert "/hillcrest/planner?year=2024-25" in page and "/hillcrest/planner?year=2026-27" in page
    last = client.get("/hillcrest/planner?year=2031-32").text
    assert "year=2030-31" in last and "year=2032-33" not in last


@pytest.mark.parametrize("year", ["2026-28", "2026", "", "1999-00", "2026-27'--"])
def test_row_54_a_year_that_is_none_is_refused_in_a_plain_sentence(maya: FlaskClient, year: str) -> None:
    answer = maya.get(f"/hillcrest/planner?year={year}")
    assert answer.status_code == 422
    assert "such as 2026-27." in answer.text or "between 2000-01 and 2031-32" in answer.text
