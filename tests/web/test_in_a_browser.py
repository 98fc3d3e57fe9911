"""The screens of this part in a real browser: readable by everybody, on a phone, by keyboard, with nothing on the console."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from governance import clock
from governance.accounts.inviting import new_link
from governance.accounts.links import make_set_up_code
from governance.db import writing
from governance.schedule.actions import ask_once
from governance.schedule.asked import PRINT_REPORT
from governance.schedule.runner import tick
from governance.tenancy import Actor, scope_by_slug
from tests import hillcrest as school
from tests.checkers import axe_faults
from tests.conftest import Site
from tests.web.people import PASSWORD, account_called, open_hillcrest

SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


def _sign_in(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/sign-in")
    page.get_by_label("E-mail address").fill("maya@hillcrest.sch.uk")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    # the home page may be anybody's; we only need to be let in
    page.goto(f"{site.url}/hillcrest/settings")


@pytest.mark.parametrize("size", SIZES)
def test_every_screen_is_free_of_faults_on_desktop_and_phone(page: Page, site: Site, size: str) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]  # a TypedDict by another name
    faults: dict[str, list[str]] = {}

    def look(name: str) -> None:
        found = axe_faults(page)
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        if found or wide:
            faults[name] = [*found, *(["wider than the screen"] if wide else [])]

    page.goto(site.url)
    look("welcome")
    page.goto(f"{site.url}/set-up")
    look("set-up")
    page.get_by_role("button", name="Set up the school").click()
    look("set-up refused")
    open_hillcrest(site.app)
    with site.app.app_context(), writing() as session:
        hillcrest = scope_by_slug(session, "hillcrest")
        school.someone(session, hillcrest, "Viv Okoro", ("volunteers",))
        sam = account_called(session, "sam@hillcrest.sch.uk")
        token, sam_id = new_link(session, hillcrest, Actor("Maya"), sam, now=clock.now()), sam.public_id
        maya = account_called(session, "maya@hillcrest.sch.uk").public_id
        wanted = {"report": "coverage", "person": None, "on": "2026-10-05", "account": maya}
        asked = ask_once(session, hillcrest, Actor("Maya"), PRINT_REPORT, wanted, clock.now()).public_id
    for name, path in (
        ("sign in", "/sign-in"),
        ("link", f"/link/{token}"),
        ("dead link", "/link/x"),
        ("404", "/x/y/z.php"),
    ):
        page.goto(site.url + path)
        look(name)
    _sign_in(page, site)
    look("settings")
    for path in ("/settings/roles", "/settings/roles/invite", f"/settings/roles/{sam_id}", "/settings/roles/slips"):
        page.goto(f"{site.url}/hillcrest{path}")
        look(path)
    page.get_by_label("Viv Okoro").check()
    page.get_by_role("button", name="Invite").click()
    look("slips")
    for state in ("waiting", "done"):
        page.goto(f"{site.url}/hillcrest/asked/{asked}")
        assert state in page.inner_text("main").lower()
        look(f"asked, {state}")
        page.goto("about:blank")
        tick(site.app)
    for path in ("/account/password", "/schools"):
        page.goto(site.url + path)
        look(path)
    assert faults == {}
    assert [one for one in complaints if "404" not in one and "422" not in one] == []


def test_a_refused_form_takes_the_reader_to_what_is_wrong(page: Page, site: Site) -> None:
    open_hillcrest(site.app)
    _sign_in(page, site)
    page.get_by_label("Name of the school").fill("")
    page.get_by_role("button", name="Save settings").click()
    assert page.title().startswith("Error: Settings")
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "name"


def test_the_first_visit_by_keyboard_alone(page: Page, site: Site) -> None:
    with site.app.app_context(), writing() as session:
        code = make_set_up_code(session, now=clock.now())
    page.goto(f"{site.url}/set-up")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className").startswith("govuk-skip-link")
    page.keyboard.press("Enter")
    type_into: Callable[[str, str], None] = lambda label, text: page.get_by_label(label).fill(text)  # noqa: E731
    for label, text in (
        ("Set-up code", code),
        ("Name of the school", "Hillcrest Primary School"),
        ("Your given name", "Maya"),
        ("Your family name", "Lund"),
        ("Your e-mail address", "maya@hillcrest.sch.uk"),
        ("A password", PASSWORD),
    ):
        type_into(label, text)
    page.get_by_label("A password").press("Enter")
    assert "Your school is set up" in page.content()
