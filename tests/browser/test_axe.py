"""Every screen in a real browser: no fault that axe knows, nothing wider than a phone, nothing on the console.

The list is the application's own map, so a new screen is looked at by itself. One server, one browser, one sign-in a role.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.routing import Rule as Route

from governance.settings import Settings
from tests.checkers import axe_faults, html_faults
from tests.conftest import Site, make_application
from tests.databases import Run, close, copied
from tests.walls import two_schools
from tests.walls.addresses import Schools, address, routes
from tests.web.people import PASSWORD

SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
# Who may open everything, and who may do what is kept from them.
ROLES = ("system_manager", "headteacher", "reader")
LEAST_SCREENS = 80
LAYOUTS = {
    "reports.show": [
        {"name": name}
        for name in "read overdue outstanding on-paper coverage reviews-due links left-without-reading".split()
    ]
}


@dataclass
class Looked:
    """What a page showed."""

    path: str
    html: str
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Served:
    """The application behind a socket, with both schools in it."""

    site: Site
    schools: Schools

    def paths(self) -> Iterator[tuple[str, str]]:
        """Every page's route and address, with what the school has; files to download are left to their own tests."""
        for route in routes(self.site.app, "GET"):
            for values in self._values(route):
                yield route.endpoint, address(self.site.app, route, values)

    def _values(self, route: Route) -> list[dict[str, str]]:
        own = self.schools.ours.values(route)
        return [own, *({**own, **other} for other in LAYOUTS.get(route.endpoint, []))]


@pytest.fixture
def served(run_of_tests: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("screens")
    (folder / "instance").mkdir()
    with run_of_tests.fresh("sqlite", folder) as url:
        key = "a key for tests and for nothing else, long enough"
        settings = Settings(folder / "instance", url, "http://localhost", key, scheduler=False)
        filling: Flask = make_application(settings, WTF_CSRF_ENABLED=False)
        schools = copied(filling, two_schools.build)
        close(filling)
        with Site(settings) as site:
            yield Served(site, schools)


def look_at_all(served: Served, browser: Browser, browser_context_args: dict[str, str]) -> list[Looked]:
    """Every page, by everybody who may open it for the first time, at both sizes."""
    seen: dict[str, Looked] = {}
    for role in (None, *ROLES):
        context = browser.new_context(**browser_context_args)  # type: ignore[arg-type]
        _visit_all(served, context, role, seen)
        context.close()
    return list(seen.values())


def _visit_all(served: Served, context: BrowserContext, role: str | None, seen: dict[str, Looked]) -> None:
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    if role is not None:
        _sign_in(page, served, served.schools.roles[role])
    for endpoint, path in served.paths():
        name = f"{path} ({role})" if endpoint in ("home.index", "my_reading.index", "read.show") else path
        if name in seen or not _opens(context, served, path):
            continue
        said.clear()
        seen[name] = _look(page, served.site.url, path, said)


def _opens(context: BrowserContext, served: Served, path: str) -> bool:
    """Whether it is a page for this person: a refusal, a file or another page is not looked at here."""
    answer = context.request.get(served.site.url + path, max_redirects=0)
    return answer.status == 200 and answer.headers["content-type"].startswith("text/html")


def _sign_in(page: Page, served: Served, email: str) -> None:
    page.goto(f"{served.site.url}/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def _look(page: Page, site: str, path: str, said: list[str]) -> Looked:
    page.set_viewport_size(SIZES["desktop"])  # type: ignore[arg-type]  # a TypedDict by another name
    answer = page.goto(site + path, wait_until="load", timeout=60_000)
    assert answer is not None
    found = Looked(path, answer.text())
    for size, pixels in SIZES.items():
        page.set_viewport_size(pixels)  # type: ignore[arg-type]
        found.faults.extend(f"{size}: {fault}" for fault in axe_faults(page))
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.faults.append(f"{size}: wider than the screen")
    found.faults.extend(f"console: {line}" for line in said)
    return found


# One test, since looking at everything twice, in two workers, would take twice as long.
@pytest.mark.slow
def test_every_screen_is_readable_by_everybody_on_desktop_and_phone_and_follows_the_standard(
    served: Served, browser: Browser, browser_context_args: dict[str, str]
) -> None:
    looked = look_at_all(served, browser, browser_context_args)
    faults = [f"{one.path}  {fault}" for one in looked for fault in one.faults]
    faults += html_faults({one.path: one.html for one in looked})
    assert not faults, "\n".join(faults)
    print(f"{len(looked)} screens")
    assert len(looked) >= LEAST_SCREENS, [one.path for one in looked]
