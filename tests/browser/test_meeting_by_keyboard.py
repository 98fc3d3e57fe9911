"""The clerk's evening on a phone with the keyboard alone: agenda, decisions, minutes, undo; and a policy moved in the planner."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from governance import clock
from governance.adoption.agenda import AsksFor, put_on_agenda
from governance.adoption.kinds import Kind
from governance.adoption.models import AgendaItem, Decision
from governance.db import reading, writing
from governance.reading.requiring import Requirement, require
from governance.schools.actions import plan_meeting
from governance.tenancy import Organisation, scope_by_slug
from tests import hillcrest as school
from tests.browser.test_reading_by_keyboard import FOCUSED, MOST_TABS, PHONE, look, press, tab_to
from tests.conftest import Site
from tests.hillcrest import MAYA
from tests.web.people import PASSWORD, open_hillcrest

TITLES = ("Behaviour Policy", "Lone Working Policy", "Uniform Policy")


def later() -> dt.date:
    return clock.today() + dt.timedelta(days=60)


@pytest.fixture
def meeting(page: Page, site: Site) -> str:
    """Three policies before a meeting of today, and a later meeting; Helen is signed in on a phone."""
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a TypedDict by another name
    open_hillcrest(site.app)
    today, now = clock.today(), clock.now()
    with site.app.app_context(), writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        session.get_one(Organisation, scope.organisation_id).asking_since = today - dt.timedelta(days=30)
        board = school.body(session, scope)
        tonight = plan_meeting(session, scope, MAYA, body=board, held_on=today, now=now)
        plan_meeting(session, scope, MAYA, body=board, held_on=later(), now=now)
        for title in TITLES:
            policy = school.a_policy(session, scope, title, f"# {title}\n\n1 Purpose\n\n1.1 Be kind.\n")
            wanted = Requirement(category_id=school.category(session, scope, "teachers").id)
            require(session, scope, MAYA, policy, wanted, today, now)
            put_on_agenda(session, scope, MAYA, tonight, policy, AsksFor.ADOPT, now, school.latest(session, policy))
        public_id = tonight.public_id
    page.goto(f"{site.url}/sign-in?next=/hillcrest/meetings/{public_id}/decisions")
    tab_to(page, "E-mail address")
    page.keyboard.type("helen@clerks.example")
    tab_to(page, "Password")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return public_id


def stops(page: Page) -> list[str]:
    """What Tab comes to from here to the end of the form, by the labels of the fields."""
    found: list[str] = []
    while (not found or found[-1] != "Check before recording") and len(found) < MOST_TABS:
        page.keyboard.press("Tab")
        found.append(str(page.evaluate(FOCUSED)))
    return found


def choose(page: Page, row: int, letters: str) -> None:
    """Give a row's decision the focus as Tab would, and type the first letters of the answer."""
    page.locator(".decision-row select").nth(row).focus()
    page.keyboard.type(letters)


def test_decisions_are_entered_checked_recorded_and_undone(page: Page, site: Site, meeting: str) -> None:
    look(page)
    page.locator("h1").click()
    assert stops(page) == ["Decision"] * 3 + ["Check before recording"], "a row that is not decided takes one press"
    choose(page, 0, "Adopted")
    assert page.evaluate("document.activeElement.value") == "adopted"
    page.keyboard.press("Tab")
    opened = stops(page)
    assert opened[:4] == ["Next review", "Minute reference", "Nobody", "Decision"], "what follows opened below"
    # nobody said who reads it: told at its place, which stays open, with what was chosen kept
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "There is a problem" in page.inner_text("main")
    assert page.evaluate("document.activeElement.classList.contains('govuk-error-summary')")
    look(page)
    tab_to(page, "Choose who must read it again")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    choose(page, 1, "Def")
    tab_to(page, "If deferred, until")
    page.keyboard.type(later().strftime("%d/%m/%Y"))
    press(page, "Check before recording")
    assert "Nothing is recorded yet" in page.inner_text("main")
    look(page)
    press(page, "Record")
    look(page)
    assert "2 decisions are recorded." in page.inner_text("main")
    assert kinds(site) == [Kind.ADOPTED, Kind.DEFERRED]
    press(page, "Decisions for the minutes")
    look(page)
    assert "Behaviour Policy" in page.inner_text("main")
    page.goto(f"{site.url}/hillcrest/meetings/{meeting}")
    press(page, "Undo what was recorded")
    assert "2 decisions are undone." in page.inner_text("main")
    assert kinds(site) == [Kind.ADOPTED, Kind.DEFERRED, Kind.MISTAKEN, Kind.MISTAKEN]


def kinds(site: Site) -> list[str]:
    with site.app.app_context(), reading() as session:
        return sorted(session.scalars(select(Decision.kind)))


def test_a_policy_is_moved_to_a_later_meeting_in_the_planner(page: Page, site: Site, meeting: str) -> None:
    page.goto(f"{site.url}/hillcrest/planner")
    look(page)
    tab_to(page, "Policy To Review due by")  # the table, which scrolls
    tab_to(page, "Move Behaviour Policy to")
    page.keyboard.type(str(later().day))
    press(page, "Move")
    look(page)
    assert "Behaviour Policy is on the agenda of" in page.inner_text("main")
    with site.app.app_context(), reading() as session:
        standing = session.scalars(select(AgendaItem.meeting_id).where(AgendaItem.dropped_at.is_(None))).all()
    assert len(standing) == 3 and len(set(standing)) == 2
