"""Reception in a real browser: from the poster to the receipt by keyboard alone on a phone, and a tablet that clears."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from governance import clock
from governance.accounts.permissions import Role
from governance.db import reading, writing
from governance.people.models import Person
from governance.reading.models import Acknowledgement
from governance.reception.addresses import make_address, secret_of
from governance.tenancy import Actor
from tests import hillcrest as school
from tests.checkers import axe_faults, html_faults
from tests.conftest import Site
from tests.reception.desk_room import TITLES, furnish
from tests.web.people import PASSWORD, account, open_hillcrest
from tests.web.reception_room import RITA

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
_NO_SCRIPT = re.compile(r"<noscript>.*?</noscript>")
KEY = "a key for tests and for nothing else, long enough"


class Looker:
    """Looks a page over at both sizes: faults that axe knows, width, the console, the standard."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        self.pages: dict[str, str] = {}
        page.on("console", lambda said: self._said(said.type, said.text))
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))

    def _said(self, kind: str, words: str) -> None:
        if kind in ("error", "warning") and "422" not in words and "404" not in words:
            self.faults.append(f"console: {words}")

    def look(self, name: str) -> None:
        for size in (DESKTOP, PHONE):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]  # a TypedDict by another name
            self.faults += [f"{name} {size['width']}: {fault}" for fault in axe_faults(self.page)]
            if self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                self.faults.append(f"{name} {size['width']}: wider than the screen")
        # the standard wants a refresh to be instant; without a script it is the only way to clear a tablet
        self.pages[name] = _NO_SCRIPT.sub("", self.page.request.get(self.page.url).text())


@pytest.fixture
def poster(site: Site) -> str:
    """Hillcrest with its front desk; the address in the poster's code."""
    scope = open_hillcrest(site.app)
    with site.app.app_context(), writing() as session:
        furnish(session, scope, clock.today())
        rita = school.someone(session, scope, "Rita Front", ("administrators",))
        account(session, scope, RITA, (Role.FRONT_DESK,), rita)
        made = make_address(session, scope, Actor("Rita Front"), KEY, now=clock.now())
        secret = secret_of(KEY, made.public_id)
    return f"{site.url}/reception/{secret}"


def receipts(site: Site) -> int:
    with site.app.app_context(), reading() as session:
        return session.scalar(select(func.count(Acknowledgement.id))) or 0


def tab_to(page: Page, label: str) -> None:
    """Press the tab key until a field or button of that name has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        named = page.evaluate(
            "() => { const at = document.activeElement;"
            " return ((at.labels && at.labels[0]) || at).textContent.trim(); }"
        )
        if named == label or (label == "…" and named.startswith("Read “")):
            return
    raise AssertionError(f"{label} is not reached by the keyboard")


def type_into(page: Page, label: str, words: str) -> None:
    tab_to(page, label)
    page.keyboard.type(words)


def test_from_the_poster_to_the_receipts_by_keyboard_alone_on_a_phone(page: Page, site: Site, poster: str) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(poster)
    for label, words in (
        ("Given name", "Al"),
        ("Family name", "Green"),
        ("Agency or organisation", "Swift Supply"),
        ("What are you here for?", "Cover in Year 4"),
    ):
        type_into(page, label, words)
    tab_to(page, "Begin")
    page.keyboard.press("Enter")
    page.wait_for_url("**/reading")
    tab_to(page, "…")
    page.keyboard.press("Enter")
    for title in TITLES:
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        type_into(page, "Type your name", "Al Green")
        tab_to(page, "Sign")
        page.keyboard.press("Enter")
    page.wait_for_url("**/shown")
    expect(page.get_by_role("heading", level=1)).to_have_text("Show this at reception")
    assert receipts(site) == 2


def test_every_page_of_reception_and_tablet_is_free_of_faults(
    page: Page, browser: Browser, browser_context_args: dict[str, str], site: Site, poster: str
) -> None:
    phone = Looker(page)
    page.goto(poster)
    phone.look("arrive")
    page.get_by_role("button", name="Begin").click()
    phone.look("arrive, refused")
    page.get_by_label("Given name").fill("Al")
    page.get_by_label("Family name").fill("Green")
    page.get_by_role("button", name="Begin").click()
    phone.look("to read")
    page.get_by_role("link", name=TITLES[0], exact=True).click()
    phone.look("text")
    page.get_by_role("button", name="Sign").click()
    phone.look("text, refused")
    for _ in TITLES:
        page.get_by_label("Type your name").fill("Al Green")
        page.get_by_role("button", name="Sign").click()
    phone.look("shown")
    page.goto(f"{site.url}/reception/x")
    phone.look("dead")
    desk = Looker(browser.new_context(**browser_context_args).new_page())  # type: ignore[arg-type]
    _desk_pages(desk, site)
    assert phone.faults + desk.faults + html_faults({**phone.pages, **desk.pages}) == []


def _desk_pages(desk: Looker, site: Site) -> None:
    page = desk.page
    page.goto(f"{site.url}/sign-in")
    page.get_by_label("E-mail address").fill(RITA)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{site.url}/hillcrest/front-desk")
    desk.look("front desk")
    page.get_by_role("link", name="Al Green").click()
    page.get_by_text("Nobody knows them").click()
    desk.look("visitor")
    page.get_by_role("link", name="Same person").click()
    desk.look("same person")
    page.goto(f"{site.url}/hillcrest/front-desk/add")
    desk.look("add")
    page.get_by_label("Given name").fill("Bo")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("link", name="Sheet to sign").click()
    desk.look("sheet")
    page.emulate_media(media="print")
    room = page.locator(".sign-off__space").first.bounding_box()
    assert room is not None
    assert room["width"] > 120 and room["height"] > 40, "too little room for a signature on paper"
    page.emulate_media(media="screen")
    page.goto(f"{site.url}/hillcrest/front-desk/poster")
    desk.look("poster")
    page.goto(f"{site.url}/hillcrest/front-desk/tablet")
    desk.look("tablet start")
    page.get_by_role("button", name="Start").click()
    desk.look("who are you")
    page.get_by_role("link", name="Stop using").click()
    desk.look("leave the tablet")
    with site.app.app_context(), reading() as session:
        bo = session.scalars(select(Person.printed_reference).where(Person.given_name == "Bo")).one()
    page.goto(f"{site.url}/tablet")
    _take_turn(page, "Bo", bo)
    desk.look("tablet, to read")
    page.get_by_role("link", name=TITLES[0], exact=True).click()
    desk.look("tablet, text")


def _take_turn(page: Page, name: str, number: str) -> None:
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your staff number").fill(number)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/tablet/reading")


def test_row_69_a_tablet_left_alone_clears_in_a_minute_and_back_shows_nothing(
    page: Page, site: Site, poster: str
) -> None:
    assert poster
    page.clock.install()
    page.goto(f"{site.url}/sign-in")
    page.get_by_label("E-mail address").fill(RITA)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{site.url}/hillcrest/front-desk/tablet")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/tablet")
    _take_turn(page, "Tess Marlow", "N-Tess-Marlow")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tess Marlow")
    page.clock.run_for(40_000)
    page.keyboard.press("ArrowDown")
    page.clock.run_for(50_000)
    expect(page.get_by_role("status")).to_contain_text("clears in 15 seconds")
    assert urlsplit(page.url).path == "/tablet/reading"
    page.clock.run_for(11_000)
    page.wait_for_url("**/tablet")
    assert "Tess" not in page.content()
    page.go_back()
    page.wait_for_url("**/tablet")
    assert "Tess" not in page.content()
    page.go_forward()
    assert "Tess" not in page.content()
