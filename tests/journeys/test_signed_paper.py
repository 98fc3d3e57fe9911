"""Paper in a real browser: a sheet is printed, signed, entered with its scan, and found again from the receipt."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from governance import clock
from governance.accounts.permissions import Role
from governance.db import reading, writing
from governance.extract.dates import day_in_words
from governance.reading.models import Acknowledgement
from governance.tenancy import scope_by_slug
from tests.conftest import Site
from tests.render.pdf_checks import text_of
from tests.web import people, reading_room


def test_a_sheet_is_printed_entered_with_its_scan_and_found_again(page: Page, site: Site, tmp_path: Path) -> None:
    page.set_default_timeout(20_000)
    people.open_hillcrest(site.app)
    room = reading_room.furnish(site.app)
    with site.app.app_context(), writing() as session:
        people.account(session, scope_by_slug(session, "hillcrest"), "office@hillcrest.sch.uk", (Role.HR,))
    at, today = f"{site.url}/hillcrest", clock.today()

    # the office prints a sheet
    sign_in(page, site, "office@hillcrest.sch.uk")
    page.goto(f"{at}/policies/{room.policies['Behaviour']}/reading/sheet")
    page.get_by_role("button", name="Make the sheet to print").click()
    page.wait_for_url("**/sheets/S-*")
    number = page.url.rpartition("/")[2]
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the PDF to print").click()
    said = " ".join(text_of(Path(download.value.path()).read_bytes()))
    assert number in said and page.url in said and "Viv Ash" in said

    # it comes back signed: she types its number, ticks a row and attaches a photograph
    photo = tmp_path / "signed.jpg"
    Image.new("RGB", (300, 400), "white").save(photo)
    page.goto(f"{at}/reading/paper")
    page.get_by_label("Number of the sheet").fill(number.lower())
    page.get_by_role("button", name="Open the sheet").click()
    expect(page.locator("h1")).to_have_text("Behaviour Policy")
    assert page.locator("input[type=checkbox]:checked").count() == 0
    page.get_by_label("Day on which it was signed").fill(day_in_words(today))
    page.get_by_label("Witness").fill("Maya Lund")
    page.get_by_label("Signed: Viv Ash").check()
    page.get_by_label("Scan or photographs").set_input_files(photo)
    page.get_by_role("button", name="Record what was signed").click()
    expect(page.locator("main")).to_contain_text("1 receipt is recorded")
    expect(page.locator("main")).to_contain_text("1 of 2 people entered so far")
    expect(page.get_by_label("Signed: Viv Ash")).to_have_count(0)
    with site.app.app_context(), reading() as session:
        receipt = session.scalars(select(Acknowledgement).order_by(Acknowledgement.id.desc())).first()
        assert receipt is not None and receipt.assurance == "paper_scanned"
        reference = receipt.reference
    page.get_by_role("button", name="Sign out").click()

    # HR finds the receipt and opens the scan
    sign_in(page, site, "sam@hillcrest.sch.uk")
    page.goto(f"{at}/policies/{room.policies['Behaviour']}/reading/{room.people['Viv']}")
    page.get_by_role("link", name=reference, exact=True).click()
    expect(page.locator("main")).to_contain_text("On paper, seen by Maya Lund")
    with page.expect_download() as opened:
        page.get_by_role("link", name="Open the scan of the signed sheet").click()
    assert opened.value.suggested_filename == "signed.jpg"
    assert Path(opened.value.path()).read_bytes() == photo.read_bytes()


def sign_in(page: Page, site: Site, email: str) -> None:
    page.goto(f"{site.url}/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(people.PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url(lambda url: "sign-in" not in url)
