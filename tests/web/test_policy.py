"""A policy's page and what may change on it without a decision; a decision itself cannot be changed."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from governance.adoption.models import Decision
from governance.db import writing
from governance.journal.models import JournalEntry
from governance.people.posts import make_post
from governance.policies.actions import NewPolicy, add_policy
from governance.policies.models import Policy
from governance.tenancy import Scope, scope_by_slug
from tests import hillcrest as school
from tests.hillcrest import MAYA, NOW
from tests.web import reading_room
from tests.web.people import sign_in
from tests.web.reading_room import Room, text


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def room(hillcrest: Scope, app: Flask) -> Room:
    return reading_room.furnish(app)


@pytest.fixture
def behaviour(room: Room) -> str:
    return f"/hillcrest/policies/{room.policies['Behaviour']}"


def last_event(app: Flask) -> str | None:
    with app.app_context(), writing() as session:
        return session.scalars(select(JournalEntry.event).order_by(JournalEntry.id.desc())).first()


def details(**changes: str) -> dict[str, str]:
    typed = {"title": "Behaviour Policy", "kind": "policy", "owner": "", "body": "", "review_every_months": "12"}
    return {**typed, "wording": "", "safeguarding": "", **changes}


def test_the_page_has_the_facts_and_the_timeline_newest_first(
    room: Room, behaviour: str, maya: FlaskClient, app: Flask
) -> None:
    with app.app_context(), writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        policy = session.scalars(select(Policy).where(Policy.public_id == room.policies["Behaviour"])).one()
        second = school.a_version(session, scope, policy, "# Anew")
        school.put_in_force(session, scope, second, dt.date(2026, 11, 1))
        school.a_version(session, scope, policy, "# A draft")
    answer = maya.get(behaviour)
    said = text(answer.text)
    assert "In force since 1 November 2026, version 2" in said
    assert "Decided by Full Governing Body, 1 November 2026" in said
    assert "Teachers and Volunteers: within 14 days, once" in said
    assert said.index("Version 3") < said.index("Version 2 ") < said.index("Version 1 ")
    assert "asked to read: everyone from 1 October 2026" in said
    links = set(re.findall(r'href="(/hillcrest/[^"]+)"', answer.text))
    for link in links:
        with maya.get(link) as there:
            assert there.status_code == 200, link


def test_details_change_and_a_vacant_owner_is_said(behaviour: str, maya: FlaskClient, app: Flask) -> None:
    with app.app_context(), writing() as session:
        post = make_post(session, scope_by_slug(session, "hillcrest"), MAYA, name="Behaviour lead", now=NOW)
        owner = post.public_id
    typed = details(title="Behaviour and Rewards", owner=owner, wording="I have read it\r\nand will do so")
    assert maya.post(f"{behaviour}/details", data=typed).status_code == 302
    said = text(maya.get(behaviour).text)
    assert "Behaviour and Rewards" in said and "Behaviour lead (vacant)" in said and "12 months" in said
    assert "I have read it and will do so" in said
    assert last_event(app) == "policy changed"


@pytest.mark.engines("sqlite", "postgresql")
def test_a_school_says_itself_what_is_about_safeguarding_and_may_go_back_to_the_title(
    behaviour: str, maya: FlaskClient, app: Flask
) -> None:
    form = maya.get(f"{behaviour}/details").text
    assert "Go by its title (now: no)" in text(form)
    assert re.search(r'name="safeguarding"[^>]*value=""[^>]*checked', form), "what the title says is chosen"
    for chosen, said in (
        ("yes", "Yes, as the school says"),
        ("no", "No, as the school says"),
        ("", "No, by its title"),
    ):
        assert maya.post(f"{behaviour}/details", data=details(safeguarding=chosen)).status_code == 302
        assert f"About safeguarding {said}" in text(maya.get(behaviour).text)
        listed = "Behaviour Policy" in text(maya.get("/hillcrest/inspection").text)
        assert listed is (chosen == "yes")
    with app.app_context(), writing() as session:
        payloads = session.scalars(select(JournalEntry.payload).order_by(JournalEntry.id.desc()).limit(3)).all()
    changes = [(one["before"]["safeguarding"], one["after"]["safeguarding"]) for one in map(json.loads, payloads)]
    assert changes == [(False, None), (True, False), (None, True)]


def test_a_title_that_says_safeguarding_is_told_beside_the_choice_to_leave_it_out(
    behaviour: str, maya: FlaskClient
) -> None:
    typed = details(title="Safeguarding Policy", safeguarding="no")
    assert maya.post(f"{behaviour}/details", data=typed).status_code == 302
    assert "Go by its title (now: yes)" in text(maya.get(f"{behaviour}/details").text)
    assert "Not counted, because the school says so: Safeguarding Policy" in text(
        maya.get("/hillcrest/inspection").text
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": " "}, "Enter the policy"),
        ({"title": "x" * 201}, "201 characters"),
        ({"review_every_months": "61"}, "1 to 60"),
        ({"review_every_months": "annual"}, "1 to 60"),
        ({"kind": "law"}, "Not a valid choice"),
        ({"safeguarding": "perhaps"}, "Not a valid choice"),
        ({"owner": "nobody"}, "Not a valid choice"),
        ({"wording": "w" * 501}, "501 characters"),
    ],
)
def test_details_that_cannot_be_are_refused_and_kept_on_the_page(
    behaviour: str, maya: FlaskClient, changes: dict[str, str], said: str
) -> None:
    refused = maya.post(f"{behaviour}/details", data=details(**changes))
    assert (refused.status_code, said in text(refused.text)) == (422, True)
    [typed] = changes.values()
    assert typed in refused.text or "valid choice" in refused.text
    assert "Behaviour Policy" in maya.get(behaviour).text


def test_row_46_a_title_of_markup_is_shown_as_text(behaviour: str, maya: FlaskClient) -> None:
    assert maya.post(f"{behaviour}/details", data=details(title="<script>{{7*7}} %s ${x}")).status_code == 302
    for path in (behaviour, "/hillcrest/register", f"{behaviour}/related", f"{behaviour}/retire"):
        shown = maya.get(path).text
        assert "&lt;script&gt;{{7*7}} %s ${x}" in shown and "<script>{{" not in shown


def test_a_related_policy_is_picked_or_cited_found_later_and_taken_off(
    room: Room, behaviour: str, maya: FlaskClient, app: Flask
) -> None:
    picked = {"target": room.policies["Complaints"], "cited": ""}
    assert maya.post(f"{behaviour}/related", data=picked).status_code == 302
    cited = {"target": "", "cited": "Policy on Anti -Bullying / Exclusions Policy"}
    assert maya.post(f"{behaviour}/related", data=cited).status_code == 302
    said = text(maya.get(behaviour).text)
    assert "Complaints Procedure" in said and said.count("Not in the register") == 2
    with app.app_context(), writing() as session:
        add_policy(session, scope_by_slug(session, "hillcrest"), MAYA, NewPolicy(title="Anti-bullying policy"), NOW)
    shown = maya.get(behaviour).text
    assert ">Anti-bullying policy</a>" in shown and "Exclusions Policy" in shown
    back = f"/hillcrest/policies/{room.policies['Complaints']}"
    assert "Named by: Behaviour Policy" in text(maya.get(back).text)
    rows = re.findall(r'action="([^"]+/related/\d+/remove)"', maya.get(f"{behaviour}/related").text)
    assert len(rows) == 2
    for row in rows:
        assert maya.post(row).status_code == 302
    assert maya.post(rows[0]).status_code == 422
    assert "No related policies are recorded." in maya.get(behaviour).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"target": "", "cited": " "}, "Choose a policy from the register, or enter a title."),
        ({"target": "", "cited": "x" * 301}, "301 characters"),
        ({"target": "elsewhere", "cited": ""}, "Not a valid choice"),
    ],
)
def test_nothing_to_add_is_refused(behaviour: str, maya: FlaskClient, typed: dict[str, str], said: str) -> None:
    refused = maya.post(f"{behaviour}/related", data=typed)
    assert (refused.status_code, said in text(refused.text)) == (422, True)


def test_a_title_that_is_listed_is_not_listed_twice(behaviour: str, maya: FlaskClient) -> None:
    assert maya.post(f"{behaviour}/related", data={"target": "", "cited": "Exclusions Policy"}).status_code == 302
    again = maya.post(f"{behaviour}/related", data={"target": "", "cited": "EXCLUSIONS  policy"})
    assert (again.status_code, "already listed" in again.text) == (422, True)


def test_a_policy_is_retired_and_names_what_replaces_it(room: Room, behaviour: str, maya: FlaskClient) -> None:
    typed = {"retired_on": "12 November 2026", "replaced_by": room.policies["Complaints"]}
    assert maya.post(f"{behaviour}/retire", data=typed).status_code == 302
    said = text(maya.get(behaviour).text)
    assert "Retired 12 November 2026, replaced by Complaints Procedure" in said
    assert "New version" not in said.partition("Reviewed every")[0]
    assert "Behaviour Policy" not in maya.get("/hillcrest/register").text
    assert "Behaviour Policy" not in text(maya.get("/hillcrest/reading").text)


@pytest.mark.parametrize(
    ("day", "said"),
    [("", "Enter the last day"), ("17 November 2026", "cannot be in the future"), ("31/02/2026", "February")],
)
def test_a_last_day_that_cannot_be_is_refused(behaviour: str, maya: FlaskClient, day: str, said: str) -> None:
    refused = maya.post(f"{behaviour}/retire", data={"retired_on": day, "replaced_by": ""})
    assert (refused.status_code, said in text(refused.text)) == (422, True)


def test_promise_11_no_role_finds_a_way_to_edit_what_was_decided(
    room: Room, behaviour: str, client: FlaskClient, app: Flask
) -> None:
    with app.app_context(), writing() as session:
        before = [row.decided_on for row in session.scalars(select(Decision).order_by(Decision.id))]
    for who in ("Maya", "Helen", "Mr Okafor", "Sam", "Prof. Iqbal", "tess@hillcrest.sch.uk"):
        sign_in(client, who)
        client.post(
            f"{behaviour}/details", data=details(decided_on="1 January 2020", in_force="1 January 2020", number="9")
        )
        client.post("/sign-out")
    with app.app_context(), writing() as session:
        assert [row.decided_on for row in session.scalars(select(Decision).order_by(Decision.id))] == before
    sign_in(client)
    assert "version 1" in text(client.get(behaviour).text)
