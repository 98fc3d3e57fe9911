"""Promises 12 and 13: nobody sees, changes, counts or infers another school's data, whatever address or form they try.

Generated from the application's own map, so that a new route is tried by itself.
"""

from __future__ import annotations

import re
import statistics
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule as Route
from werkzeug.test import TestResponse

from governance.accounts.permissions import Permission, Role, permissions_of
from governance.db import db, reading
from governance.reports.catalogue import CATALOGUE
from governance.tenancy import Organisation
from governance.web import access
from tests.databases import Run
from tests.render.pdf_checks import text_of
from tests.walls.addresses import ABSENT, FIXED, address, identifiers, routes, swapped
from tests.walls.conftest import Walls, built
from tests.walls.two_schools import CANARY, OURS, THEIRS

ROLES = [role.value for role in Role]
LEAST_PAIRS = 2_000
# The receipt is the clerk's: whoever may not see who has read what is told that there is none. What was asked for is for
# whoever asked. A policy is prepared by who keeps policies or owns it.
HIDDEN = {"read.receipt", "read.receipt_pdf", "asked.show", "asked.file", "preparation.show", "preparation.keep"}
# A report has a permission of its own beside the screen's.
REPORTS = {"reports.show", "reports.file", "reports.print_report"}
# Its file names those whose reading is overdue.
MONDAY_MAILS = {"scheduled.made"}
# Routes of a school that need no more than signing in there: the school's own page.
ANY_ROLE = {"home.index"}

_MASKED = re.compile(r'nonce="[^"]*"|name="csrf_token" value="[^"]*"|quote reference <strong>\w+</strong>')


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def walls(
    request: pytest.FixtureRequest, run_of_tests: Run, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Walls]:
    """Both schools, on each engine: PostgreSQL has a second wall, which must not stand in a school's own way."""
    with built(run_of_tests, tmp_path_factory.mktemp("walls"), request.param) as made:
        yield made


def of_a_school(walls: Walls) -> Iterator[tuple[Route, str]]:
    """Every route of a school with the method it answers."""
    for method in ("GET", "POST"):
        for route in routes(walls.app, method):
            if "school" in route.arguments:
                yield route, method


def said(answer: TestResponse) -> tuple[int, str, str]:
    """What an answer tells, without what differs each time by design."""
    return (
        answer.status_code,
        _MASKED.sub("", answer.get_data().decode("utf-8", "replace")),
        answer.headers.get("Content-Type", ""),
    )


def shown(browser: FlaskClient, path: str, method: str) -> TestResponse:
    """An answer, closed; what it would have told on the next page is forgotten.

    Starting a tablet signs the browser out, which is not tried here: its cookies are put back.
    """
    kept = dict(browser._cookies)  # the client has no other door
    with browser.open(path, method=method) as answer:
        answer.get_data()
    if answer.headers.get("Location") == "/tablet":
        browser._cookies = kept
    elif answer.status_code in (302, 303):
        with browser.session_transaction() as session:
            session.pop("_flashes", None)
    return answer


def words_of(answer: TestResponse) -> str:
    """What an answer says, also where it is a PDF of ours."""
    data = answer.get_data()
    whole = data.startswith(b"%PDF-") and b"%%EOF" in data
    return " ".join(text_of(data)) if whole else data.decode("utf-8", "replace")


def allowed(walls: Walls, route: Route, role: str) -> bool:
    """Whether the map of permissions lets a role in."""
    rule = access.rule_of(walls.app, route.endpoint)
    assert rule is not None
    needed = {rule.permission} - {None}
    if route.endpoint in REPORTS:
        needed.add(CATALOGUE[FIXED["name"]].permission)
    return needed <= permissions_of([Role(role), Role.READER])


def rows_of(walls: Walls, slug: str) -> dict[str, list[tuple[object, ...]]]:
    """Everything that belongs to a school, by table."""
    with walls.app.app_context(), reading() as session:
        school = session.scalars(select(Organisation.id).where(Organisation.slug == slug)).one()
        return {
            table.name: [
                tuple(row) for row in session.execute(select(table).where(owner == school).order_by(table.c.id))
            ]
            for table in db.metadata.sorted_tables
            for owner in [table.c.get("organisation_id", table.c.id if table.name == "organisation" else None)]
            if owner is not None
        }


def expected(walls: Walls, route: Route, role: str, method: str) -> tuple[int, ...]:
    """What may be said of what is not there. An act may refuse its form first, or find that nothing is left to cancel."""
    if not allowed(walls, route, role):
        return (403,)
    return (404,) if method == "GET" else (404, 422, 302)


def test_every_route_of_a_school_has_its_rule_and_every_permission_is_needed_somewhere(walls: Walls) -> None:
    needed = set()
    for route, method in of_a_school(walls):
        rule = access.rule_of(walls.app, route.endpoint)
        assert rule is not None, route.endpoint
        print(f"{method:5} {route.rule:60} {rule.words}")
        assert rule.signed_in, f"{route.endpoint} shows a school to anybody"
        assert rule.permission is not None or route.endpoint in ANY_ROLE, route.endpoint
        needed.add(rule.permission)
    assert set(Permission) - needed <= {Permission.SEE_ABSENCE_REASONS}


def test_a_role_opens_what_its_permissions_say_and_nothing_else(walls: Walls, undone: None) -> None:
    wrong: list[str] = []
    for role in ROLES:
        browser = walls.browser(role)
        for route, method in of_a_school(walls):
            path = address(walls.app, route, walls.schools.ours.values(route))
            answer = shown(browser, path, method)
            status = answer.status_code
            opens = allowed(walls, route, role)
            if route.endpoint in MONDAY_MAILS:
                opens = opens and Permission.SEE_READING in permissions_of([Role(role)])
            good = status < 400 or status in (409, 422) if opens else status == 403
            if not good and not (route.endpoint in HIDDEN and status == 404):
                wrong.append(f"{role} {method} {route.rule}: {status}")
            if CANARY in words_of(answer):
                wrong.append(f"{role} {method} {route.rule} names the other school")
    assert not wrong, "\n".join(wrong)


def test_what_is_another_schools_is_answered_like_what_is_nowhere(walls: Walls, undone: None) -> None:
    ours, theirs = walls.schools.ours, walls.schools.theirs
    tried: Counter[str] = Counter()
    wrong: list[str] = []
    for role in ROLES:
        browser = walls.browser(role)
        for route, method in of_a_school(walls):
            if not identifiers(route):
                continue
            own, foreign = ours.values(route), theirs.values(route)
            # a row's number is a number, also where there is no such row
            absent = {name: "999999999" if value.isdigit() else ABSENT for name, value in own.items()}
            for mixed, nowhere in zip(swapped(route, own, foreign), swapped(route, own, absent), strict=True):
                answers = [said(shown(browser, address(walls.app, route, one), method)) for one in (mixed, nowhere)]
                tried[method] += 2
                if answers[0] != answers[1] or answers[0][0] not in expected(walls, route, role, method):
                    wrong.append(f"{role} {method} {route.rule}: {answers[0][0]} and {answers[1][0]} for {mixed}")
    assert not wrong, "\n".join(wrong)
    print(f"{tried.total()} triples of route, role and identifier: {dict(tried)}")
    assert tried.total() >= LEAST_PAIRS


@pytest.mark.parametrize("role", ["system_manager", "headteacher", "reader", None])
def test_another_school_is_answered_like_no_school(walls: Walls, undone: None, role: str | None) -> None:
    browser = walls.browser(role)
    wrong = []
    for route, method in of_a_school(walls):
        values = walls.schools.theirs.values(route)
        answers = [
            said(shown(browser, address(walls.app, route, {**values, "school": slug}), method))
            for slug in (THEIRS, "nowhere")
        ]
        # signing in first is offered with the address that was asked for
        told = [(status, text.replace(THEIRS, "").replace("nowhere", "")) for status, text, _ in answers]
        status = 404 if role else (303 if method == "GET" else 401)
        if told[0] != told[1] or told[0][0] != status:
            wrong.append(f"{method} {route.rule}: {told[0][0]} and {told[1][0]}")
    assert not wrong, "\n".join(wrong)


def test_acts_named_after_their_rows_change_none_of_them(walls: Walls) -> None:
    before = rows_of(walls, THEIRS)
    browser = walls.browser("system_manager")
    for route, method in of_a_school(walls):
        if method == "POST" and identifiers(route):
            own, foreign = walls.schools.ours.values(route), walls.schools.theirs.values(route)
            for mixed in swapped(route, own, foreign):
                shown(browser, address(walls.app, route, mixed), method)
    assert rows_of(walls, THEIRS) == before


def test_their_manager_is_a_stranger_here(walls: Walls, undone: None) -> None:
    browser = walls.app.test_client()
    browser.post(
        "/sign-in", data={"email": f"system_manager@{THEIRS}.sch.uk", "password": "three random words of Maya"}
    )
    assert browser.get(f"/{THEIRS}/settings").status_code == 200
    for route, method in of_a_school(walls):
        path = address(walls.app, route, walls.schools.ours.values(route))
        assert shown(browser, path, method).status_code == 404, route.rule


def test_searching_counting_and_exporting_tell_nothing_of_the_other_school(walls: Walls) -> None:
    browser = walls.browser("system_manager")
    for word in (CANARY, "%", "_", "'", "Policy"):
        for screen in ("register", "people", "reading", "reading/overdue", "reading/outstanding", "meetings"):
            query = dict.fromkeys(("q", "search", "text", "words", "name", "category", "state", "page", "sort"), word)
            with browser.get(f"/{OURS}/{screen}", query_string=query) as answer:
                # what was typed is shown again; their names come from their rows only
                assert f"{CANARY} Behaviour" not in answer.text and f"Bea {CANARY}" not in answer.text, screen
                assert answer.status_code in (200, 404, 422), (screen, word, answer.status_code)
    for report in ("read", "overdue", "outstanding", "coverage", "reviews-due", "register", "links"):
        for form in ("csv", "json"):
            with browser.get(f"/{OURS}/reports/{report}/file/{form}") as answer:
                assert answer.status_code == 200 and CANARY.encode() not in answer.data, report


@pytest.mark.timing
def test_a_foreign_and_an_absent_identifier_take_the_same_time(walls: Walls) -> None:
    browser = walls.browser("system_manager")
    times: dict[str, list[float]] = {"foreign": [], "absent": []}
    for _ in range(25):
        for name, one in (("foreign", walls.schools.theirs.ids["policy"]), ("absent", ABSENT)):
            begun = time.perf_counter()
            assert browser.get(f"/{OURS}/policies/{one}").status_code == 404
            times[name].append(time.perf_counter() - begun)
    foreign, absent = (statistics.median(times[name]) for name in ("foreign", "absent"))
    assert abs(foreign - absent) < 0.020
