"""Somebody's calendar: its private address, and what it shows to a calendar program."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.accounts.granting import deactivate
from governance.accounts.models import Account, AccountPerson
from governance.accounts.permissions import Role
from governance.adoption.agenda import AsksFor, put_on_agenda
from governance.db import reading, writing
from governance.feeds.models import CalendarFeed
from governance.journal.models import JournalEntry
from governance.people.models import BodyMember, Engagement, Person, Post, PostHolder
from governance.policies.models import Policy
from governance.reading.models import ReadingRule
from governance.schools.actions import cancel_meeting, hold_meeting, make_body, move_meeting, plan_meeting, rename_body
from governance.schools.models import Meeting
from governance.tenancy import Scope
from tests import hillcrest as school
from tests.checkers import html_faults
from tests.hillcrest import MAYA
from tests.web.people import account, sign_in

NOW = dt.datetime(2026, 10, 20, 9, 0, tzinfo=dt.UTC)
DECEMBER = dt.date(2026, 12, 3)
VIV = "viv@hillcrest.sch.uk"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as now:
        yield now


def address(browser: FlaskClient) -> str:
    """A new address, as its page shows it."""
    page = browser.post("/hillcrest/calendar").text
    found = re.search(r'value="http://localhost(/calendar/[\w-]{43}\.ics)"', page)
    assert found, page
    return found[1]


def events(app: Flask, path: str) -> dict[str, Any]:
    """What a program without cookies finds there, by what it is called."""
    answer = app.test_client().get(path)
    assert answer.status_code == 200
    return {str(event["summary"]): event for event in Calendar.from_ical(answer.data).walk("VEVENT")}


def change(app: Flask) -> Any:
    return _Changing(app)


class _Changing:
    def __init__(self, app: Flask) -> None:
        self.app = app

    def __enter__(self) -> Session:
        self.context = self.app.app_context()
        self.context.push()
        self.writing = writing()
        return self.writing.__enter__()

    def __exit__(self, *error: Any) -> None:
        self.writing.__exit__(*error)
        self.context.pop()


def planned(app: Flask, scope: Scope, held_on: dt.date = DECEMBER) -> str:
    with change(app) as session:
        body = school.body(session, scope)
        made = plan_meeting(
            session, scope, MAYA, body=body, held_on=held_on, starts_at=dt.time(18, 30), place="Library", now=NOW
        )
        return made.public_id


def the(session: Session, meeting: str) -> Meeting:
    return session.scalars(select(Meeting).where(Meeting.public_id == meeting)).one()


def browser_of(app: Flask, who: str) -> FlaskClient:
    browser = app.test_client()
    assert sign_in(browser, who).status_code == 303
    return browser


def vivian(app: Flask, scope: Scope) -> FlaskClient:
    """Viv, a governor whose term ends on 31 January, with a sign-in."""
    with change(app) as session:
        viv = school.someone(session, scope, "Viv Reid", ("volunteers",))
        account(session, scope, VIV, (Role.GOVERNOR,), viv)
        mine = {
            "organisation_id": scope.organisation_id,
            "person_id": viv.id,
            "body_id": school.body(session, scope).id,
        }
        session.add(BodyMember(**mine, office="member", from_on=dt.date(2023, 1, 1), until_on=dt.date(2027, 1, 31)))
    return browser_of(app, VIV)


@pytest.mark.engines("sqlite", "postgresql")
def test_helen_makes_her_address_and_her_calendar_has_what_a_clerk_keeps(
    app: Flask, hillcrest: Scope, clock: time_machine.Traveller
) -> None:
    meeting = planned(app, hillcrest)
    helen = browser_of(app, "Helen")
    path = address(helen)
    assert sorted(events(app, path)) == [
        "Full Governing Body meeting",
        "Last day to send the pack: Full Governing Body, 3 December 2026",
    ]
    with change(app) as session:
        policy = school.a_policy(session, hillcrest)
        put_on_agenda(session, hillcrest, MAYA, the(session, meeting), policy, AsksFor.ADOPT, NOW)
    clock.move_to(dt.datetime(2026, 12, 4, 9, 0, tzinfo=dt.UTC))
    with change(app) as session:
        hold_meeting(session, hillcrest, MAYA, the(session, meeting), now=dt.datetime(2026, 12, 4, 9, tzinfo=dt.UTC))
    found = events(app, path)
    assert sorted(found) == [
        "Enter what was decided: Full Governing Body, 3 December 2026",
        "Full Governing Body meeting",
    ]
    assert found["Enter what was decided: Full Governing Body, 3 December 2026"]["dtstart"].dt == dt.date(2026, 12, 4)


def test_a_meeting_that_is_moved_renamed_and_cancelled_stays_one_event(
    app: Flask, hillcrest: Scope, clock: time_machine.Traveller
) -> None:
    meeting, path = planned(app, hillcrest), address(browser_of(app, "Helen"))
    before = events(app, path)["Full Governing Body meeting"]
    later = NOW + dt.timedelta(days=1)
    with change(app) as session:
        when = {"held_on": dt.date(2026, 12, 10), "starts_at": dt.time(19), "place": None}
        move_meeting(session, hillcrest, MAYA, the(session, meeting), **when, now=later)
    moved = events(app, path)["Full Governing Body meeting"]
    assert (moved["uid"], moved["sequence"], moved["dtstart"].to_ical()) == (before["uid"], 1, b"20261210T190000")
    assert (before["dtstamp"].dt, moved["dtstamp"].dt, moved["last-modified"].dt) == (NOW, later, later)
    with change(app) as session:
        rename_body(
            session,
            hillcrest,
            MAYA,
            school.body(session, hillcrest),
            name="Local Board",
            now=later + dt.timedelta(hours=1),
        )
    renamed = events(app, path)["Local Board meeting"]
    assert (renamed["uid"], renamed["sequence"]) == (before["uid"], 1)
    assert renamed["last-modified"].dt == later + dt.timedelta(hours=1)
    with change(app) as session:
        cancel_meeting(session, hillcrest, MAYA, the(session, meeting), now=later + dt.timedelta(days=1))
    found = events(app, path)
    assert list(found) == ["Cancelled: Local Board meeting"]
    cancelled = found["Cancelled: Local Board meeting"]
    assert (cancelled["uid"], cancelled["status"], cancelled["sequence"]) == (before["uid"], "CANCELLED", 2)
    clock.move_to(dt.datetime(2027, 1, 8, 9, 0, tzinfo=dt.UTC))
    assert events(app, path) == {}


def test_a_governor_sees_meetings_of_their_body_while_their_term_lasts_and_their_own_reading(
    app: Flask, hillcrest: Scope
) -> None:
    planned(app, hillcrest)
    planned(app, hillcrest, dt.date(2027, 3, 18))
    viv = vivian(app, hillcrest)
    with change(app) as session:
        policy = school.a_policy(session, hillcrest)
        session.add(
            ReadingRule(
                organisation_id=hillcrest.organisation_id, policy_id=policy.id,
                category_id=school.category(session, hillcrest, "volunteers").id, days_to_read=14, from_on=dt.date(2026, 9, 1),
            )
        )  # fmt: skip
        school.put_in_force(session, hillcrest, school.latest(session, policy), NOW.date(), NOW.date())
        other = make_body(session, hillcrest, MAYA, name="Pay Committee", kind="committee", now=NOW)
        plan_meeting(session, hillcrest, MAYA, body=other, held_on=DECEMBER, now=NOW)
    found = events(app, address(viv))
    assert sorted(found) == ["Full Governing Body meeting", "Read by today: Social Media Policy"]
    assert found["Full Governing Body meeting"]["dtstart"].dt.date() == DECEMBER
    assert found["Read by today: Social Media Policy"]["dtstart"].dt == dt.date(2026, 11, 3)
    tess = events(app, address(browser_of(app, "tess@hillcrest.sch.uk")))
    assert tess == {}


def test_an_owner_sees_reviews_of_the_policies_of_a_post_as_long_as_they_hold_it(
    app: Flask, hillcrest: Scope, clock: time_machine.Traveller
) -> None:
    with change(app) as session:
        tess = session.scalars(select(Person).where(Person.given_name == "Tess")).one()
        mine = {"organisation_id": hillcrest.organisation_id}
        post = Post(**mine, name="Behaviour lead", name_key="behaviour lead")
        session.add(post)
        session.flush()
        until = dt.date(2026, 11, 30)
        session.add(PostHolder(**mine, post_id=post.id, person_id=tess.id, from_on=dt.date(2026, 9, 1), until_on=until))
        for title, owner in (("Behaviour", post.id), ("Somebody else's", None)):
            policy = school.a_policy(session, hillcrest, title, f"# {title}")
            session.get_one(Policy, policy.id).owner_post_id = owner
            due = dt.date(2027, 2, 28)
            school.put_in_force(
                session, hillcrest, school.latest(session, policy), dt.date(2026, 1, 8), next_review_on=due
            )
    path = address(browser_of(app, "tess@hillcrest.sch.uk"))
    found = events(app, path)
    assert list(found) == ["Review due: Behaviour"]
    event = found["Review due: Behaviour"]
    assert event["dtstart"].dt == dt.date(2027, 2, 28) and "on 28 November 2026" in event["description"]
    clock.move_to(dt.datetime(2026, 12, 1, 9, 0, tzinfo=dt.UTC))
    assert events(app, path) == {}


def test_the_answer_is_a_calendar_without_a_cookie_that_is_not_sent_again_unchanged(
    app: Flask, hillcrest: Scope, clock: time_machine.Traveller
) -> None:
    planned(app, hillcrest)
    helen = browser_of(app, "Helen")
    path = address(helen)
    clock.shift(dt.timedelta(minutes=5))
    # also in the browser of somebody signed in, whose cookie would be renewed by now
    answer = helen.get(path)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Referrer-Policy"] == "no-referrer" and answer.headers["X-Robots-Tag"] == "noindex"
    for name in ("Helen", "helen@", "Maya"):
        assert name.encode() not in answer.data
    again = helen.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert helen.get(path).data == answer.data
    planned(app, hillcrest, dt.date(2027, 3, 18))
    assert helen.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 200


def test_the_address_is_shown_once_kept_as_a_hash_and_out_of_the_log(
    app: Flask, hillcrest: Scope, capfd: pytest.CaptureFixture[str]
) -> None:
    helen = browser_of(app, "Helen")
    first, made = helen.get("/hillcrest/calendar").text, helen.post("/hillcrest/calendar").text
    token = re.findall(r"/calendar/([\w-]{43})\.ics", made)[0]
    shown = helen.get("/hillcrest/calendar").text
    assert token not in shown and "has worked since 20 October 2026 at 10:00" in shown
    assert html_faults({"before": first, "made": made, "after": shown}) == []
    app.test_client().get(f"/calendar/{token}.ics")
    app.test_client().get(f"/calendar/{token}x.ics")
    told = capfd.readouterr()
    assert token not in told.out + told.err
    with change(app) as session:
        feed = session.scalars(select(CalendarFeed)).one()
        entry = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
        assert entry is not None and entry.event == "calendar address made"
        assert token not in str(vars(feed)) + str(vars(entry))


def test_replaced_revoked_and_made_up_addresses_are_the_same_404(app: Flask, hillcrest: Scope) -> None:
    helen = browser_of(app, "Helen")
    old = address(helen)
    new = address(helen)
    assert helen.get(new).status_code == 200
    none = app.test_client().get(f"/calendar/{'x' * 43}.ics")
    # what mail programs leave at the end of an address still leads there
    assert helen.get(new.replace(".ics", "%3E.ics")).status_code == 200
    assert helen.post("/hillcrest/calendar/stop").status_code == 302
    for dead in (old, new, "/calendar/.ics", "/calendar/%00.ics"):
        answer = app.test_client().get(dead)
        assert answer.status_code == 404, dead
        assert _bare(answer.text) == _bare(none.text)
    assert helen.post("/hillcrest/calendar/stop").status_code == 422
    assert app.test_client().post(new).status_code == 405


def _bare(text: str) -> str:
    return re.sub(r'nonce="[^"]*"', "", text)


@pytest.mark.parametrize("way", ["left", "deactivated"])
def test_the_calendar_of_a_leaver_is_not_there(app: Flask, hillcrest: Scope, way: str) -> None:
    path = address(browser_of(app, "tess@hillcrest.sch.uk"))
    assert app.test_client().get(path).status_code == 200
    with change(app) as session:
        tess = session.scalars(select(Account).where(Account.email == "tess@hillcrest.sch.uk")).one()
        if way == "deactivated":
            deactivate(session, hillcrest, MAYA, tess, now=NOW)
        else:
            link = session.scalars(select(AccountPerson).where(AccountPerson.account_id == tess.id)).one()
            job = session.scalars(select(Engagement).where(Engagement.person_id == link.person_id)).one()
            job.ended_on = NOW.date() - dt.timedelta(days=1)
    assert app.test_client().get(path).status_code == 404


def test_asking_for_what_is_not_there_is_slowed_and_the_right_address_never_is(app: Flask, hillcrest: Scope) -> None:
    path, stranger = address(browser_of(app, "Helen")), app.test_client()
    for _ in range(60):
        assert stranger.get(f"/calendar/{'x' * 43}.ics").status_code == 404
    slowed = stranger.get(f"/calendar/{'x' * 43}.ics")
    assert (slowed.status_code, slowed.headers["Retry-After"]) == (429, "30")
    assert stranger.get(path).status_code == 200


def test_each_has_an_address_of_their_own_at_each_school(app: Flask, hillcrest: Scope) -> None:
    first = address(browser_of(app, "Helen"))
    second = address(browser_of(app, "Maya"))
    assert first != second
    assert app.test_client().get(first).status_code == app.test_client().get(second).status_code == 200
    with app.app_context(), reading() as session:
        assert len(session.scalars(select(CalendarFeed)).all()) == 2
