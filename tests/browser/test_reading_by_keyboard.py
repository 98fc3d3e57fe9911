"""Reading on a phone with the keyboard alone: from My reading to a receipt, and from a link to a receipt; axe on each page."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Page

from governance import clock
from governance.db import writing
from governance.policies.contact_keeping import Contact, add_contact
from governance.policies.contacts import HEADTEACHER
from governance.reading.links import print_links
from governance.reading.requiring import Requirement, require
from governance.tenancy import scope_by_slug
from tests import hillcrest as school
from tests.checkers import axe_faults
from tests.conftest import Site
from tests.hillcrest import MAYA
from tests.web.people import PASSWORD, open_hillcrest

PHONE = {"width": 390, "height": 844}
TOKEN = "p" * 43
MOST_TABS = 60
FOCUSED = """() => {
  const one = document.activeElement;
  const label = one.labels && one.labels.length ? one.labels[0].innerText : one.innerText;
  return (label || one.value || "").replace(/\\s+/g, " ").trim();
}"""

_UNDER_SOMETHING = """() => {
  const one = document.activeElement, box = one.getClientRects()[0];
  return !one.contains(document.elementFromPoint(box.left + 2, box.top + box.height / 2)) && one.innerText;
}"""


@pytest.fixture
def phone(page: Page, site: Site) -> Page:
    """A phone; two policies are asked of teachers, and one of volunteers too."""
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a TypedDict by another name
    open_hillcrest(site.app)
    today, now = clock.today(), clock.now()
    with site.app.app_context(), writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        for title, codes in (
            ("Behaviour Policy", ("teachers", "support_staff", "volunteers")),
            ("Lone Working Policy", ("teachers",)),
        ):
            policy = school.a_policy(
                session, scope, title, f"# {title}\n\n## Purpose\n\nBe kind.\n\n#### Playground\n\nShare.\n"
            )
            version = school.latest(session, policy)
            school.put_in_force(session, scope, version, today - dt.timedelta(days=30), today - dt.timedelta(days=20))
            for code in codes:
                wanted = Requirement(category_id=school.category(session, scope, code).id)
                require(session, scope, MAYA, policy, wanted, today - dt.timedelta(days=40), now)
        head = Contact("this policy", office=HEADTEACHER, phone="01234 567890", email="head@hillcrest.sch.uk")
        add_contact(session, scope, MAYA, None, head, now)
        viv = school.someone(session, scope, "Viv Ash", ("volunteers",))
        school.someone(session, scope, "Kit Moss", ("support_staff",))
        print_links(session, scope, MAYA, [viv], {viv.id: TOKEN}, now)
    return page


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has the focus says these words."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if words in page.evaluate(FOCUSED):
            return
    raise AssertionError(f"{words} is not reached by Tab")


def press(page: Page, words: str, key: str = "Enter") -> None:
    """Tab there and press a key; wait for where that leads."""
    tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press(key)


def look(page: Page) -> None:
    """No fault that axe knows, and nothing wider than the phone."""
    assert axe_faults(page) == [], page.url
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"), page.url


def test_from_my_reading_to_the_receipt_and_on_to_the_next(phone: Page, site: Site) -> None:
    phone.goto(f"{site.url}/sign-in?next=/hillcrest/my-reading")
    tab_to(phone, "E-mail address")
    phone.keyboard.type("tess@hillcrest.sch.uk")
    tab_to(phone, "Password")
    phone.keyboard.type(PASSWORD)
    with phone.expect_navigation():
        phone.keyboard.press("Enter")
    look(phone)
    press(phone, "Start with the first")
    look(phone)
    assert "Whom to ask" in phone.inner_text("main")
    tab_to(phone, "I have read and understood")
    phone.keyboard.press("Space")
    press(phone, "Confirm")
    assert "Recorded" in phone.inner_text("main")
    look(phone)
    press(phone, "Next: ")
    tab_to(phone, "Or type your name")
    phone.keyboard.type("Tess Marlow")
    press(phone, "Confirm")
    assert "There is nothing else for you to read" in phone.inner_text("main")
    for path in ("my-reading", "my-reading/about-me"):
        phone.goto(f"{site.url}/hillcrest/{path}")
        look(phone)


def test_from_a_link_to_the_list_to_the_receipt(phone: Page, site: Site) -> None:
    phone.goto(f"{site.url}/to-read/{TOKEN}")
    look(phone)
    press(phone, "Open my list")
    look(phone)
    press(phone, "Read it")
    look(phone)
    assert phone.input_value("[name=typed_name]") == ""
    tab_to(phone, "Or type your name")
    phone.keyboard.type("Viv Ash")
    press(phone, "Confirm")
    assert "Recorded" in phone.inner_text("main")
    look(phone)
    press(phone, "I am finished")
    assert "You are finished" in phone.inner_text("main")
    look(phone)
    for path in ("/to-read", f"/to-read/{TOKEN}"):
        phone.goto(f"{site.url}{path}")
        look(phone)
    press(phone, "Ask for a new link")
    look(phone)


def test_what_has_the_focus_in_the_grid_is_never_under_the_column_that_stays(phone: Page, site: Site) -> None:
    phone.goto(f"{site.url}/sign-in?next=/hillcrest/reading")
    tab_to(phone, "E-mail address")
    phone.keyboard.type("sam@hillcrest.sch.uk")
    tab_to(phone, "Password")
    phone.keyboard.type(PASSWORD)
    with phone.expect_navigation():
        phone.keyboard.press("Enter")
    tab_to(phone, "Lone Working Policy")
    while phone.evaluate(FOCUSED) != "Behaviour Policy":
        assert not phone.evaluate(_UNDER_SOMETHING)
        phone.keyboard.press("Shift+Tab")
