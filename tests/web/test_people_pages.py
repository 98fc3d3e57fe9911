"""The people, bodies and posts screens as a browser shows them: axe on a desk and on a phone, and valid HTML."""

import datetime as dt
from typing import Any

import pytest
from playwright.sync_api import Page

from governance.db import writing
from governance.people import absences, membership, posts, tables
from governance.people.jobs import Job, start_engagement
from governance.storage.held import Upload, hold
from governance.tenancy import Scope
from tests import hillcrest as house
from tests.checkers import axe_faults, html_faults
from tests.conftest import Site
from tests.web.people import PASSWORD, account_called, open_hillcrest

SEPTEMBER = dt.date(2026, 9, 1)
LIST = """staff_number,given_name,family_name,email,category,started_on
S1,Samuel,Okafor,head@x.sch.uk,headteacher,2018-09-01
,Ann,Lee,office@x.sch.uk,governors,2025-09-01
,Bob,Lee,office@x.sch.uk,governors,2025-09-01
N-Tess-Marlow,Tess,Hay,,teachers,2020-09-01
S5,Sam,Okoro,a@b,nobody,
"""


def fill(site: Site) -> dict[str, str]:
    """A school with something on every screen; the addresses by name."""
    from governance import clock

    scope: Scope = open_hillcrest(site.app)
    with site.app.app_context(), writing() as session:
        now = clock.now()
        tess = account_person(session, scope)
        body = house.body(session, scope)
        job = start_engagement(
            session, scope, house.MAYA, tess, Job(house.category(session, scope, "governors"), SEPTEMBER), now=now
        )
        seat = membership.seat_member(
            session, scope, house.MAYA, body, tess, office="chair", from_on=SEPTEMBER, now=now
        )
        post = posts.make_post(session, scope, house.MAYA, name="SENDCo", now=now)
        posts.make_post(session, scope, house.MAYA, name="Designated safeguarding lead", now=now)
        posts.hold_post(session, scope, house.MAYA, post, tess, from_on=SEPTEMBER, now=now)
        away = absences.record_absence(session, scope, house.MAYA, tess, from_on=SEPTEMBER, now=now)
        table = tables.read_table("people.csv", LIST.encode(), most_rows=100)
        held = hold(
            session, scope, house.MAYA, "people", [Upload("people.csv", tables.as_kept(table))], {"answers": {}}, now
        )
        person = f"people/{tess.public_id}"
        return {
            "list": "people",
            "add": "people/add",
            "record": person,
            "details": f"{person}/details",
            "new job": f"{person}/jobs/new",
            "correct job": f"{person}/jobs/{job.public_id}",
            "end job": f"{person}/jobs/{job.public_id}/end",
            "move": f"{person}/jobs/{job.public_id}/move",
            "leave": f"{person}/leave",
            "new absence": f"{person}/absences/new",
            "absence": f"{person}/absences/{away.public_id}",
            "import": "people/import",
            "preview": f"people/import/{held}",
            "posts": "posts",
            "post": f"posts/{post.public_id}",
            "bodies": "bodies",
            "new body": "bodies/new",
            "body": f"bodies/{body.public_id}",
            "rename body": f"bodies/{body.public_id}/rename",
            "seat": f"bodies/{body.public_id}/seats/new",
            "term": f"bodies/{body.public_id}/seats/{seat.public_id}",
        }


def account_person(session: Any, scope: Scope) -> Any:
    from sqlalchemy import select

    from governance.people.models import Person

    assert account_called(session, "tess@hillcrest.sch.uk")
    return session.scalars(select(Person).where(Person.given_name == "Tess")).one()


@pytest.mark.parametrize("width", [1280, 390])
def test_every_screen_about_people_is_accessible_and_fits(site: Site, page: Page, width: int) -> None:
    addresses = fill(site)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{site.url}/sign-in")
    page.fill("input[name=email]", "maya@hillcrest.sch.uk")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    faults: list[str] = []
    pages: dict[str, str] = {}
    for name, address in addresses.items():
        answer = page.goto(f"{site.url}/hillcrest/{address}")
        assert answer is not None and answer.status == 200, name
        pages[name] = answer.text()
        faults += [f"{name}: {fault}" for fault in axe_faults(page, levels=())]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            faults.append(f"{name}: wider than the screen")
    assert not faults, "\n".join(faults)
    if width == 390:
        assert _invalid(pages) == []


def _invalid(pages: dict[str, str]) -> list[str]:
    """Left out: integrity hashes, which are for other sites' files, and GOV.UK's own use of roles."""
    return [fault for fault in html_faults(pages) if not fault.endswith(("(require-sri)", "(prefer-native-element)"))]


def test_a_refused_form_puts_the_focus_on_what_is_wrong(site: Site, page: Page) -> None:
    fill(site)
    page.goto(f"{site.url}/sign-in?next=/hillcrest/people/add")
    page.fill("input[name=email]", "maya@hillcrest.sch.uk")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.goto(f"{site.url}/hillcrest/people/add")
    page.fill("input[name=given_name]", "Viv")
    page.fill("input[name=started_on]", "31/02/2027")
    page.click("text=Add this person")
    assert page.locator(".govuk-error-summary").is_visible()
    assert page.input_value("input[name=started_on]") == "31/02/2027"
    assert axe_faults(page, levels=()) == []
