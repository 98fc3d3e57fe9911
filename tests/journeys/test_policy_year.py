"""One school's policy year in a real browser: a policy comes in, is adopted, asked, read, packed and reported."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from governance import clock
from governance.accounts.links import make_set_up_code
from governance.db import reading, writing
from governance.extract.dates import day_in_words
from governance.journal.verify import verify
from governance.mail.models import Outbox
from governance.reading.models import Acknowledgement
from governance.schedule.runner import tick
from governance.tenancy import scope_by_slug
from tests.conftest import Site
from tests.render.pdf_checks import text_of

PASSWORD = "hill and crest and valley"
TODAY = clock.today()
ADOPTED = TODAY - dt.timedelta(days=60)
MEETING = TODAY + dt.timedelta(days=21)

PEOPLE = """given_name,family_name,email,category,job_title,started_on
Tess,Marlow,tess@hillcrest.example,teachers,Class teacher,2020-09-01
Viv,Ash,,volunteers,Reading helper,2021-01-11
James,Okafor,head@hillcrest.example,headteacher,Headteacher,2018-09-01
Farah,Iqbal,chair@hillcrest.example,governors,Chair,2019-09-01
"""
POLICY = f"""# Lone Working Policy

Adopted by the Governing Body on {day_in_words(ADOPTED)}.
Next review: {day_in_words(ADOPTED + dt.timedelta(days=90))}.

## 1. Who this is for

1.1 This policy applies to all teachers and volunteers.

## 2. Before and after

2.1 Tell somebody when you arrive and when you have left.

This policy should be read in conjunction with:

- Health and Safety Policy
"""


def press(page: Page, name: str) -> None:
    page.locator("main a, main button").filter(has_text=name).first.click()


def set_up(page: Page, site: Site) -> None:
    with site.app.app_context(), writing() as session:
        code = make_set_up_code(session, now=clock.now())
    page.goto(site.url)
    press(page, "Set up your school")
    page.get_by_label("Set-up code").fill(code)
    page.get_by_label("Name of the school").fill("Hillcrest Primary School")
    page.get_by_label("Your given name").fill("Maya")
    page.get_by_label("Your family name").fill("Lund")
    page.get_by_label("Your e-mail address").fill("maya@hillcrest.example")
    page.locator("input[type=password]").first.fill(PASSWORD)
    press(page, "Set up the school")
    if "/sign-in" in page.url:
        sign_in(page, site, "maya@hillcrest.example")


def sign_in(page: Page, site: Site, email: str) -> None:
    page.goto(f"{site.url}/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Sign in")


def test_a_policy_year_from_an_empty_install_to_the_evidence(page: Page, site: Site, tmp_path: Path) -> None:
    page.set_default_timeout(10_000)
    set_up(page, site)
    with site.app.app_context(), reading() as session:
        slug = scope_by_slug(session, re.search(r"//[^/]+/([^/]+)/", page.url).group(1)).slug  # type: ignore[union-attr]
    at = f"{site.url}/{slug}"

    # the people
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    page.goto(f"{at}/people/import")
    page.locator("input[type=file]").set_input_files(tmp_path / "people.csv")
    press(page, "Look at the list")
    expect(page.locator("main")).to_contain_text("Marlow")
    press(page, "Import")
    page.goto(f"{at}/people")
    expect(page.locator("main")).to_contain_text("Viv Ash")

    # the document, with what it says of itself
    (tmp_path / "lone.md").write_text(POLICY, encoding="utf-8")
    page.goto(f"{at}/policies/new")
    page.locator("input[type=file]").set_input_files(tmp_path / "lone.md")
    press(page, "Read the document")
    expect(page.get_by_label("Title")).to_have_value("Lone Working Policy")
    expect(page.get_by_label("Adopted on")).to_have_value(re.compile(re.escape(day_in_words(ADOPTED))))
    expect(page.get_by_label("Teachers", exact=False).first).to_be_checked()
    press(page, "Record this version")
    expect(page.locator("main")).to_contain_text("Nobody has been asked to read it")
    expect(page.locator("main")).to_contain_text("Health and Safety Policy")
    expect(page.locator("main")).to_contain_text("Not in the register")
    policy = page.url

    # nothing was asked; now it is
    page.goto(f"{at}/my-reading")
    expect(page.locator("main")).to_contain_text("nothing for you to read")
    page.goto(f"{at}/asking")
    expect(page.locator("main")).to_contain_text("Lone Working Policy")
    expect(page.locator("main")).to_contain_text(day_in_words(TODAY + dt.timedelta(days=14)))
    press(page, "Start asking")

    # Tess is invited, reads on her phone, and has a receipt
    page.goto(f"{at}/settings/roles")
    tess = invite_tess(page, site, slug)
    phone = page.context.browser.new_context(viewport={"width": 390, "height": 844})  # type: ignore[union-attr]
    hers = phone.new_page()
    hers.goto(f"{site.url}{tess}")
    for field in hers.locator("input[type=password]").all():
        field.fill(PASSWORD)
    hers.locator("main button[type=submit]").first.click()
    sign_in(hers, site, "tess@hillcrest.example")
    hers.goto(f"{at}/my-reading")
    hers.get_by_role("link", name="Lone Working Policy").click()
    expect(hers.locator("main")).to_contain_text("Tell somebody when you arrive")
    hers.get_by_role("button", name="Confirm", exact=True).click()
    expect(hers.locator("main")).to_contain_text("Type your name, or tick the box")
    hers.get_by_label("I have read and understood").check()
    hers.get_by_role("button", name="Confirm", exact=True).click()
    expect(hers.locator("main")).to_contain_text("Recorded")
    receipt = hers.url.rsplit("/", 1)[1]
    hers.goto(f"{at}/people")
    expect(hers.locator("main")).not_to_contain_text("Marlow")
    phone.close()

    # the meeting, its pack, and the decision
    page.goto(f"{at}/meetings/plan")
    page.get_by_label("Day", exact=True).fill(day_in_words(MEETING))
    press(page, "Plan")
    page.goto(f"{at}/meetings")
    page.get_by_role("link", name=re.compile("Full Governing Body")).first.click()
    expect(page.locator("main")).to_contain_text("Lone Working Policy")
    page.goto(page.url.split("?")[0].rstrip("/") + "/packs")
    page.get_by_label("Full: with the text of each policy").check()
    press(page, "Build a pack")
    with site.app.app_context():
        assert tick(site.app).done == 1
    page.reload()
    page.get_by_role("link", name="The meeting's packs").click()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Open the pack")).click()
    pdf = Path(download.value.path()).read_bytes()
    said = " ".join(" ".join(text_of(pdf)).split())
    assert "Lone Working Policy" in said
    assert "Tell somebody when you arrive" in said
    assert "Marlow" not in said

    # HR's list, and the evidence
    page.goto(f"{at}/reports/read")
    expect(page.locator("main")).to_contain_text("Marlow")
    expect(page.locator("main")).to_contain_text(receipt)
    page.goto(f"{at}/reports/outstanding")
    expect(page.locator("main")).to_contain_text("Ash")
    expect(page.locator("main")).not_to_contain_text("Marlow")
    page.goto(policy)
    expect(page.locator("main")).to_contain_text("In force")
    with site.app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(Acknowledgement)) == 1
        assert session.scalar(select(func.count()).select_from(Outbox).where(Outbox.kind != "invitation")) == 0
        assert verify(session, scope_by_slug(session, slug)).fault is None


def invite_tess(page: Page, site: Site, slug: str) -> str:
    """Maya invites Tess on screen; the address of the link that she prints or mails."""
    from governance.accounts.inviting import invite
    from governance.people.models import Person
    from governance.tenancy import Actor

    with site.app.app_context(), writing() as session:
        scope = scope_by_slug(session, slug)
        tess = session.scalars(select(Person).where(Person.family_name == "Marlow")).one()
        made = invite(session, scope, Actor("Maya Lund"), email="tess@hillcrest.example", person=tess, now=clock.now())
    return f"/link/{made.token}"
