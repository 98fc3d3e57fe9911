"""Pictures of every screen, on a desktop and on a phone, for people to look at: `python -m tests.shots [FOLDER]`.

An installation of its own ─ the demonstration, loaded by its button ─ every page there is, as whoever may see it

What there is, is asked of the application. A page that has no picture is named, and then the exit code is 1.
"""

from __future__ import annotations

import datetime as dt
import logging
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from governance import clock
from governance.accounts.inviting import new_link
from governance.accounts.queries import signing_in
from governance.clock import local_day
from governance.db import reading, writing
from governance.demo.sign_ins import PASSWORD
from governance.mail.models import Outbox
from governance.mail.private import private_word
from governance.packs.models import PackLink
from governance.people.models import Person
from governance.reading.links import print_links
from governance.reading.queries import outstanding
from governance.settings import Settings
from governance.tenancy import Actor, scope_by_slug
from tests.conftest import Site
from tests.databases import migrate
from tests.shot_pages import account_of, addresses

WIDTHS = {1280: 900, 390: 844}
MAYA, JAMES, TESS, SAM = (
    f"{name}@hillcrest.example" for name in ("maya.lund", "james.okafor", "tess.marlow", "sam.achebe")
)
# Everything else is Maya's.
SEEN_BY = {"decisions.approve": JAMES, "my_reading.index": TESS, "read.show": TESS, "read.receipt": TESS}
# Taken again once a pack was sent and a morning's reminders wait, since mails are there only then.
AFTERWARDS = ("packs.index", "reading.person", "reminders.index", "scheduled.index", "scheduled.mail")
NO_SCREEN = {
    "static": "a file of the pages themselves",
    "documents.original": "a document to download",
    "packs.file": "a PDF to download",
    "pack_link.file": "a PDF to download",
    "minutes.word": "a Word file to download",
    "website_copy.file": "a PDF to download",
    "sheets.printed": "a PDF to print",
    "sheets.scan": "a scan to download",
    "paper.open_sheet": "leads to the sheet of a number",
    "scheduled.made": "a file to download",
    "reports.file": "a file to download",
    "reports.person_file": "a file to download",
    "asked.file": "a file to download",
    "read.receipt_pdf": "a PDF to download",
    "my_reading.receipts": "a PDF to download",
    "by_link.original": "a document to download",
    "by_link.receipt_pdf": "a PDF to download",
}
PEOPLE = """staff_number,given_name,family_name,email,category,job_title,started_on
H101,Ada,Farrow,ada.farrow@hillcrest.example,teachers,Year 5 teacher,2026-09-01
H102,Ben,Osei,,support staf,Teaching assistant,2026-09-01
,Tess,Marlow,,volunteers,Choir helper,2026-09-01
"""
RECEIPTS = """staff_number,reference,version,acknowledged_on,method,witness
H005,DAT-01,2,2026-01-12,paper,Sunita Kaur
H999,DAT-01,2,2026-01-12,paper,Sunita Kaur
"""
VERSION = """# Data Protection Policy

Version 3
Adopted by the Full Governing Body on 4 March 2026
Next review: March 2028

This policy applies to all staff.

## What we hold

We keep only what we need.

## Related policies

- Social Media Policy
- Records Retention Schedule
"""
FOLDER = {
    "Data Protection Policy.md": VERSION,
    "Data Protection Policy (1).md": VERSION,
    "Cycling.md": VERSION.replace("Data Protection", "Cycling to School"),
    "Uniform.md": "# Uniform Policy\n\nAll pupils of [name of school] wear it.\n",
    "holiday.exe": "MZ",
}


@dataclass
class Album:
    """The folder of pictures; what was taken, and what went wrong."""

    folder: Path
    taken: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def take(self, page: Page, name: str, status: int | None = 200) -> None:
        """The page as it stands, at both widths."""
        if status != 200:
            self.faults.append(f"{name}: answered {status} at {page.url}")
            return
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=self.folder / f"{name}-{width}.png", full_page=True)
        self.taken.add(name)


def main(folder: Path) -> int:
    """Take them all; 0 where every page has its picture."""
    folder.mkdir(parents=True, exist_ok=True)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    album = Album(folder)
    with _site() as site, _browser() as browser:
        _first_visit(browser, site, album)
        pages = {who: _signed_in(browser, site, who) for who in (MAYA, JAMES, TESS)}
        _every_address(pages, site, album)
        _walked(pages[MAYA], site, album)
        _every_address(pages, site, album, AFTERWARDS)
        _outside(browser, pages[MAYA], site, album)
        wanted = {rule.endpoint for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    missing = sorted(wanted - album.taken - set(NO_SCREEN))
    album.faults += [f"{endpoint}: no picture" for endpoint in missing if not _told(album, endpoint)]
    for endpoint, why in NO_SCREEN.items():
        print(f"{endpoint}: {why}, so no picture")
    for fault in album.faults:
        print(fault, file=sys.stderr)
    print(f"{len(album.taken) * len(WIDTHS)} pictures of {len(album.taken)} pages are in {folder}")
    return 1 if album.faults else 0


def _told(album: Album, endpoint: str) -> bool:
    return any(fault.startswith(f"{endpoint}:") for fault in album.faults)


@contextmanager
def _site() -> Iterator[Site]:
    instance = Path(tempfile.mkdtemp(prefix="countersign-shots-"))
    try:
        url = f"sqlite:///{instance / 'countersign.db'}"
        migrate(url)
        settings = Settings(instance, url, "http://localhost", "a key for pictures and nothing else", scheduler=False)
        with Site(settings) as site:
            site.app.config["WTF_CSRF_ENABLED"] = True
            yield site
    finally:
        shutil.rmtree(instance, ignore_errors=True)


@contextmanager
def _browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("chromium is missing; ./dev shots installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def _page(browser: Browser) -> Page:
    page = browser.new_context(locale="en-GB", timezone_id="Europe/London").new_page()
    page.set_default_timeout(120_000)
    return page


def _first_visit(browser: Browser, site: Site, album: Album) -> None:
    page = _page(browser)
    for name, path in (("front.index", "/"), ("front.set_up", "/set-up")):
        _goto(page, site, path, name, album)
    page.goto(site.url)
    page.get_by_role("button", name="Load the demonstration school").click()
    page.get_by_role("heading", name="The demonstration school is ready").wait_for()
    album.take(page, "demonstration")
    _goto(page, site, "/sign-in", "security.login", album)


def _signed_in(browser: Browser, site: Site, who: str) -> Page:
    page = _page(browser)
    page.goto(f"{site.url}/sign-in")
    page.get_by_label("E-mail address").fill(who)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site.url}/hillcrest/")
    return page


def _goto(page: Page, site: Site, path: str, name: str, album: Album) -> None:
    answer = page.goto(f"{site.url}{path}")
    album.take(page, name, answer.status if answer else None)


def _walked(page: Page, site: Site, album: Album) -> None:
    """Pages that are there only after something was done: files held, a pack built and sent."""
    uploads: dict[str, tuple[str, str, str, str]] = {
        "people_import.look": ("/people/import", "people.csv", PEOPLE, "Look at the list"),
        "paper.look": ("/reading/paper", "receipts.csv", RECEIPTS, "Look at the list"),
        "new_version.check": ("/policies/new", "Data Protection Policy.md", VERSION, ""),
    }
    for name, (path, filename, text, button) in uploads.items():
        _attempt(name, album, lambda: _uploaded(page, site, path, filename, text, button))  # noqa: B023  # called at once
        album.take(page, name)
    _attempt("several.look", album, lambda: _sorted(page, site, album))
    _attempt("scheduled.run", album, lambda: _built(page, site, album))
    _attempt("asked.show", album, lambda: _printed(page, site, album))
    _attempt("reminders.mail", album, lambda: _reminded(page, site, album))


def _attempt(name: str, album: Album, act: Callable[[], None]) -> None:
    """Go on with the other pages where one cannot be reached, and say so."""
    try:
        act()
    except Exception as trouble:
        album.faults.append(f"{name}: {str(trouble).splitlines()[0]}")


def _uploaded(page: Page, site: Site, path: str, filename: str, text: str, button: str) -> None:
    page.goto(f"{site.url}/hillcrest{path}")
    before = page.url
    page.locator("input[type=file]").set_input_files(
        {"name": filename, "mimeType": "text/plain", "buffer": text.encode()}
    )
    form = page.locator("form", has=page.locator("input[type=file]"))
    (form.get_by_role("button", name=button) if button else form.locator("button[type=submit], button").first).click()
    page.wait_for_url(lambda url: url != before)


def _sorted(page: Page, site: Site, album: Album) -> None:
    """A folder of policies, read and laid out in its table, and one of its rows."""
    page.goto(f"{site.url}/hillcrest/policies/several")
    page.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": content.encode()} for name, content in FOLDER.items()]
    )
    page.get_by_role("button", name="Read the documents").click()
    page.wait_for_url("**/several/*-*")
    there = page.url
    page.goto("about:blank")  # the page looks again by itself, in the middle of ours
    site.app.test_cli_runner().invoke(args=["tick"])
    page.goto(there)
    album.take(page, "several.look")
    page.get_by_role("link", name="Data Protection Policy").click()
    page.wait_for_url("**/several/*/*")
    album.take(page, "several.open_row")


def _built(page: Page, site: Site, album: Album) -> None:
    """A pack for the next meeting, built and sent by links, so that its run, a mail and a link can be looked at."""
    page.goto(f"{site.url}/hillcrest/settings")
    page.get_by_label("By a private link").check()
    page.get_by_role("button", name="Save settings").click()
    with site.app.app_context(), reading() as session:
        meeting = addresses(session)["packs.index"]
    page.goto(f"{site.url}/hillcrest{meeting}")
    page.get_by_role("button", name="Build a pack").click()
    site.app.test_cli_runner().invoke(args=["tick"])
    page.reload()
    album.take(page, "scheduled.run")
    page.goto(f"{site.url}/hillcrest{meeting}")
    page.get_by_role("button", name="Send").first.click()


def _printed(page: Page, site: Site, album: Album) -> None:
    """A report too long to wait for, made as a PDF."""
    page.goto(f"{site.url}/hillcrest/reports/read")
    page.get_by_role("button", name="Make the PDF").click()
    page.wait_for_url("**/asked/**")
    there = page.url
    page.goto("about:blank")  # the page looks again by itself, in the middle of ours
    site.app.test_cli_runner().invoke(args=["tick"])
    page.goto(there)
    album.take(page, "asked.show")


def _reminded(page: Page, site: Site, album: Album) -> None:
    """A morning's reminders, waiting to leave, and one of them to be read."""
    page.goto(f"{site.url}/hillcrest/reading/reminders")
    page.get_by_role("button", name="Turn reminders on").click()
    days = (clock.today() + dt.timedelta(days=number) for number in range(1, 8))
    morning = next(day for day in days if day.weekday() < 5)
    site.app.test_cli_runner().invoke(args=["tick", "--at", f"{morning}T06:01:00+00:00"])
    page.reload()
    page.get_by_role("link", name="to read").first.click()
    page.get_by_role("heading", name="What it says").wait_for()
    album.take(page, "reminders.mail")


def _every_address(pages: dict[str, Page], site: Site, album: Album, only: tuple[str, ...] = ()) -> None:
    with site.app.app_context(), reading() as session:
        found = addresses(session)
    for endpoint, path in found.items():
        if only and endpoint not in only:
            continue
        page = pages[SEEN_BY.get(endpoint, MAYA)]
        _attempt(endpoint, album, lambda: _goto(page, site, f"/hillcrest{path}", endpoint, album))  # noqa: B023  # at once


def _outside(browser: Browser, maya: Page, site: Site, album: Album) -> None:
    """Pages of no school: choosing one, a new password, the link that opens an account, one that is not there."""
    _goto(maya, site, "/schools", "front.schools", album)
    _goto(maya, site, "/account/password", "security.change_password", album)
    with site.app.app_context(), writing() as session:
        scope, account = scope_by_slug(session, "hillcrest"), account_of(session, SAM)
        token = new_link(session, scope, Actor("Maya Lund"), account, now=clock.now())
    stranger = _page(browser)
    _goto(stranger, site, f"/link/{token}", "one_time_link.show", album)
    _by_link(browser, site, album)
    _goto(stranger, site, f"/pack/{_secret(site)}", "pack_link.show", album)
    answer = maya.goto(f"{site.url}/hillcrest/no-such-page")
    album.take(maya, "not-found", 200 if answer and answer.status == 404 else None)


def _secret(site: Site) -> str:
    """The end of the link in a mail that brought a pack."""
    with site.app.app_context(), reading() as session:
        mail = select(Outbox.public_id).join(PackLink, PackLink.outbox_id == Outbox.id).order_by(PackLink.id).limit(1)
        return private_word(site.app.extensions["countersign_settings"].secret_key, session.scalars(mail).one())


def _by_link(browser: Browser, site: Site, album: Album) -> None:
    """Reading without an account, from the link to the receipt."""
    token, now = "s" * 43, clock.now()
    with site.app.app_context(), writing() as session:
        scope = scope_by_slug(session, "hillcrest")
        day = local_day(now, scope.time_zone)
        waiting = {row.person_id for row in outstanding(session, scope, day)} - signing_in(session, scope)
        person = session.get_one(Person, min(waiting))
        print_links(session, scope, Actor("Maya Lund"), [person], {person.id: token}, now)
    reader = _page(browser)
    _goto(reader, site, f"/to-read/{token}", "by_link.door", album)
    reader.get_by_role("button", name="Open my list").click()
    album.take(reader, "by_link.index")
    reader.locator("main a.govuk-button").first.click()
    album.take(reader, "by_link.read")
    reader.get_by_label("Or type your name").fill("Somebody")
    reader.get_by_role("button", name="Confirm").click()
    album.take(reader, "by_link.receipt")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "shots")))
