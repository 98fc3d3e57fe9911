"""Drilling down from a cell: why it is asked of each, whose people they are, and acts for several, looked at first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from governance.db import reading, writing
from governance.journal.models import JournalEntry
from governance.people.models import Engagement, Person
from governance.policies.models import Policy
from governance.reading.models import Excuse, Extension
from governance.reading.requiring import Requirement, require
from governance.tenancy import Organisation, Scope, scope_by_slug
from tests.checkers import html_faults
from tests.hillcrest import MAYA, NOW
from tests.web import reading_room
from tests.web.people import sign_in
from tests.web.reading_room import Room, text

TIME = {"until_on": "30 November 2026", "reason": "The link in the mail was broken"}
NEVER = {"from_on": "16 November 2026", "until_on": "", "reason": "Works in the garden only"}


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def room(hillcrest: Scope, app: Flask) -> Room:
    """Mo manages Tess and Viv; nobody manages Noor."""
    room = reading_room.furnish(app)
    with app.app_context(), writing() as session:
        found = {one.public_id: one.id for one in session.scalars(select(Person))}
        theirs = [found[room.people[name]] for name in ("Tess", "Viv")]
        manager = found[room.people["Noor"]]
        session.execute(update(Engagement).where(Engagement.person_id.in_(theirs)).values(line_manager_id=manager))
    return room


def ticked(room: Room, act: str, policy: str = "Behaviour") -> str:
    return f"/hillcrest/policies/{room.policies[policy]}/reading/ticked/{act}"


def for_people(room: Room, *names: str, **more: str) -> dict[str, Any]:
    return {"person": [room.people[name] for name in names], **more}


def recorded(app: Flask) -> tuple[int, int, int, int]:
    """Excuses, extensions, journal entries, and how often the school's row was taken to write."""
    with app.app_context(), reading() as session:
        counts = [len(session.scalars(select(model)).all()) for model in (Excuse, Extension, JournalEntry)]
        rev = session.scalars(select(Organisation.rev).where(Organisation.slug == "hillcrest")).one()
        return counts[0], counts[1], counts[2], rev


def test_the_page_says_why_it_is_asked_of_each_and_since_when(room: Room, maya: FlaskClient) -> None:
    page = maya.get(f"/hillcrest/policies/{room.policies['Behaviour']}/reading")
    said = text(page.text)
    assert "Name Job Category Why Version asked Asked since Due Days late" in said
    assert "N-Viv-Ash – Volunteers Volunteers 1 1 Oct 2026 15 Oct 2026 32" in said
    assert "For everybody ticked More time Not needed Print a sheet to sign" in said
    read = maya.get(f"/hillcrest/policies/{room.policies['Behaviour']}/reading?manager=none")
    assert "1 of 1 have read it" in text(read.text) and "For everybody ticked" not in read.text, (
        "nobody is there to tick"
    )


def test_a_rule_by_name_is_said_beside_the_category(room: Room, maya: FlaskClient, app: Flask) -> None:
    with app.app_context(), writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        [viv] = session.scalars(select(Person).where(Person.given_name == "Viv"))
        [policy] = session.scalars(select(Policy).where(Policy.public_id == room.policies["Behaviour"]))
        require(session, scope, MAYA, policy, Requirement(person_id=viv.id), dt.date(2026, 9, 1), NOW)
    page = maya.get(f"/hillcrest/policies/{room.policies['Behaviour']}/reading")
    assert "Volunteers; By name" in text(page.text)


@pytest.mark.engines("sqlite", "postgresql")
def test_more_time_is_shown_first_and_then_given_to_all(room: Room, maya: FlaskClient, app: Flask) -> None:
    before = recorded(app)
    form = maya.post(ticked(room, "more-time"), data=for_people(room, "Tess", "Viv"))
    assert form.status_code == 200 and "More time for 2 people" in text(form.text)
    look = maya.post(ticked(room, "more-time"), data=for_people(room, "Tess", "Viv", **TIME, step="look"))
    said = text(look.text)
    assert look.status_code == 200 and "Nothing is recorded yet" in said
    late, then = "Reading overdue, due 15 October 2026", "Not yet read, due 30 November 2026"
    assert f"Tess Marlow {late} {then}" in said and f"Viv Ash {late} {then}" in said
    assert recorded(app) == before, "a preview records nothing"
    change = maya.post(ticked(room, "more-time"), data=for_people(room, "Tess", **TIME, step="change"))
    assert "30 November 2026" in change.text and "The link in the mail" in change.text
    done = maya.post(ticked(room, "more-time"), data=for_people(room, "Tess", "Viv", **TIME, step="record"))
    assert done.status_code == 302
    after = recorded(app)
    assert (after[1], after[2]) == (before[1] + 2, before[2] + 2), "a receipt of each in the record of changes"
    page = text(maya.get(done.location).text)
    assert "More time is given to 2 people: Behaviour Policy." in page and "Reading overdue (0)" in page
    pages = {"form": form.text, "look": look.text, "policy": maya.get(done.location).text}
    pages["by manager"] = maya.get("/hillcrest/reading/by-manager").text
    pages["sheet"] = maya.post(ticked(room, "sheet"), data=for_people(room, "Tess")).text
    assert html_faults(pages) == []


@pytest.mark.parametrize("step", ["look", "record"])
def test_an_objection_to_one_records_nothing_of_any_and_names_them(
    room: Room, maya: FlaskClient, app: Flask, step: str
) -> None:
    before = recorded(app)
    refused = maya.post(ticked(room, "more-time"), data=for_people(room, "Tess", "Noor", **TIME, step=step))
    said = text(refused.text)
    assert refused.status_code == 422
    assert "Noor O'Neill: they have nothing to read of Behaviour Policy today" in said
    assert "Tess Marlow: " not in said
    assert TIME["reason"] in refused.text, "what was typed is kept"
    assert recorded(app) == before


def test_not_needed_is_shown_first_and_then_recorded_of_all(room: Room, maya: FlaskClient, app: Flask) -> None:
    look = maya.post(ticked(room, "not-needed"), data=for_people(room, "Tess", "Viv", **NEVER, step="look"))
    assert "Viv Ash Reading overdue, due 15 October 2026 Not needed" in text(look.text)
    assert recorded(app)[0] == 0
    maya.post(ticked(room, "not-needed"), data=for_people(room, "Viv", **NEVER, step="record"))
    assert recorded(app)[0] == 1
    again = maya.post(ticked(room, "not-needed"), data=for_people(room, "Tess", "Viv", **NEVER, step="record"))
    assert again.status_code == 422 and "Viv Ash: they are excused from 16 November 2026 already" in text(again.text)
    assert recorded(app)[0] == 1


def test_without_a_reason_it_is_said_once_and_at_the_field(room: Room, maya: FlaskClient, app: Flask) -> None:
    bare = {**TIME, "reason": "", "step": "record"}
    refused = maya.post(ticked(room, "more-time"), data=for_people(room, "Tess", "Viv", **bare))
    assert refused.status_code == 422 and 'href="#reason"' in refused.text
    past = {**TIME, "until_on": "1 November 2026", "step": "record"}
    refused = maya.post(ticked(room, "more-time"), data=for_people(room, "Tess", "Viv", **past))
    assert text(refused.text).count("Choose today or a later day.") == 2, "in the summary and at the field"


def test_nobody_ticked_is_said_on_the_page_itself(room: Room, maya: FlaskClient) -> None:
    for act in ("more-time", "not-needed", "sheet"):
        refused = maya.post(ticked(room, act), data={})
        assert refused.status_code == 422 and "Nobody is ticked" in text(refused.text)


def test_the_sheet_is_of_those_ticked_who_have_it_left_to_read(room: Room, maya: FlaskClient) -> None:
    made = maya.post(ticked(room, "sheet"), data=for_people(room, "Viv", "Noor"), follow_redirects=True)
    said = text(made.text)
    assert "/sheets/S-" in made.request.path and "Viv Ash" in said
    assert "Noor" not in said and "Tess" not in said, "who has nothing to sign is left out"


def test_promise_12_another_schools_person_or_policy_is_like_none(room: Room, maya: FlaskClient, app: Flask) -> None:
    before, absent = recorded(app), "00000000-0000-4000-8000-000000000000"
    for act, typed in (("more-time", TIME), ("not-needed", NEVER), ("sheet", {})):
        answers = [
            maya.post(ticked(room, act), data={"person": [room.people["Tess"], other], **typed, "step": "record"})
            for other in (room.foreign["person"], absent)
        ]
        assert [one.status_code for one in answers] == [404, 404]
        assert text(answers[0].text) == text(answers[1].text)
        theirs = f"/hillcrest/policies/{room.foreign['policy']}/reading/ticked/{act}"
        assert maya.post(theirs, data=for_people(room, "Tess", **typed, step="record")).status_code == 404
    for manager in (room.foreign["person"], absent):
        page = f"/hillcrest/policies/{room.policies['Behaviour']}/reading"
        assert maya.get(page, query_string={"manager": manager}).status_code == 404
    assert recorded(app) == before


@pytest.mark.parametrize(
    "who,act", [("Mr Okafor", "sheet"), ("Prof. Iqbal", "more-time"), ("Helen", "not-needed"), ("Helen", "sheet")]
)
def test_acts_need_their_permissions(room: Room, client: FlaskClient, app: Flask, who: str, act: str) -> None:
    sign_in(client, who)
    before = recorded(app)
    typed = {**TIME, **NEVER, "step": "record"}
    assert client.post(ticked(room, act), data=for_people(room, "Tess", **typed)).status_code == 403
    assert recorded(app) == before


@pytest.mark.engines("sqlite", "postgresql")
def test_the_grid_by_manager_counts_each_managers_people(room: Room, maya: FlaskClient) -> None:
    page = maya.get("/hillcrest/reading/by-manager")
    said = text(page.text)
    assert "Given, not signed Noor O'Neill No line manager Behaviour Policy" in said
    assert "1 of 3 2 0 0 0 0 of 2 2 reading overdue 1 of 1" in said
    link = f"/hillcrest/policies/{room.policies['Behaviour']}/reading?manager={room.people['Noor']}"
    assert link in page.text
    narrowed = text(maya.get(link).text)
    assert "0 of 2 have read it" in narrowed and "N-Noor" not in narrowed
    unmanaged = maya.get(f"/hillcrest/policies/{room.policies['Behaviour']}/reading?manager=none")
    assert "1 of 1 have read it" in text(unmanaged.text)


def test_who_sees_only_counts_sees_nobodys_manager(room: Room, client: FlaskClient) -> None:
    sign_in(client, "Prof. Iqbal")
    assert client.get("/hillcrest/reading/by-manager").status_code == 403
    assert "by-manager" not in client.get("/hillcrest/reading").text
