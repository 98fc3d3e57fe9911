"""The meetings screens: the calendar, agendas, and one screen for what a meeting decided."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from governance.accounts.models import Grant
from governance.accounts.permissions import Role
from governance.adoption.agenda import AsksFor, put_on_agenda
from governance.adoption.models import AgendaItem, Asking, Decision, InForce, MinuteReference
from governance.db import reading, writing
from governance.policies.models import Policy
from governance.reading.models import ReadingRule
from governance.schedule.switching import turn_on
from governance.schools.models import GoverningBody, Meeting
from governance.tenancy import Organisation, Scope
from tests import hillcrest as school
from tests.checkers import html_faults
from tests.web.people import account_called, sign_in

HELD = dt.date(2026, 9, 24)
TYPED_IN = dt.datetime(2026, 10, 20, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def twentieth_of_october(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The school was set up in September, and it is 20 October."""
    monkeypatch.setattr(school, "NOW", dt.datetime(2026, 9, 1, 9, 0, tzinfo=dt.UTC))
    with time_machine.travel(TYPED_IN, tick=False):
        yield


@dataclasses.dataclass
class Table:
    """A meeting with one policy before it."""

    app: Flask
    scope: Scope
    browser: FlaskClient
    meeting: str
    policy: str
    policy_id: int
    item: str = ""

    def post(self, path: str, **data: object):  # type: ignore[no-untyped-def]
        return self.browser.post(f"/hillcrest/{path}", data=data)

    def get(self, path: str):  # type: ignore[no-untyped-def]
        return self.browser.get(f"/hillcrest/{path}")

    def count(self, model: type) -> int:
        with self.app.app_context(), reading() as session:
            return session.scalar(select(func.count()).select_from(model)) or 0

    def all(self, model: type) -> list[object]:
        with self.app.app_context(), reading() as session:
            return list(session.scalars(select(model)))

    def decide(self, step: str = "record", **row: object):  # type: ignore[no-untyped-def]
        data = {f"item-{self.item}-{name.replace('_ID', '')}": value for name, value in row.items()}
        return self.post(f"meetings/{self.meeting}/decisions", step=step, **data)


def table(app: Flask, scope: Scope, browser: FlaskClient, who: str = "Helen", *, asking: bool = True) -> Table:
    with app.app_context(), writing() as session:
        policy = school.a_policy(session, scope)
        school.someone(session, scope, "Viv Reid", ("volunteers",))
        teachers = school.category(session, scope, "teachers")
        session.add(
            ReadingRule(
                organisation_id=scope.organisation_id,
                policy_id=policy.id,
                category_id=teachers.id,
                days_to_read=14,
                from_on=dt.date(2026, 9, 1),
            )
        )
        body = school.body(session, scope)
        meeting = Meeting(organisation_id=scope.organisation_id, body_id=body.id, held_on=HELD)
        session.add(meeting)
        if asking:
            session.get_one(Organisation, scope.organisation_id).asking_since = dt.date(2026, 9, 1)
        session.flush()
        found = Table(app, scope, browser, meeting.public_id, policy.public_id, policy.id)
    assert sign_in(browser, who).status_code == 303
    return found


@pytest.fixture
def at_table(app: Flask, hillcrest: Scope, client: FlaskClient) -> Table:
    """Helen with the social media policy on the agenda of 24 September."""
    found = table(app, hillcrest, client)
    answer = found.post(f"meetings/{found.meeting}/agenda", policy=found.policy, asks_for="adopt")
    assert answer.status_code == 302
    (item,) = found.all(AgendaItem)
    assert isinstance(item, AgendaItem)
    found.item = item.public_id
    return found


def test_helen_plans_a_meeting_and_finds_it_in_the_list(app: Flask, hillcrest: Scope, client: FlaskClient) -> None:
    helen = table(app, hillcrest, client)
    with app.app_context(), reading() as session:
        body = session.scalars(
            select(GoverningBody.public_id).where(GoverningBody.organisation_id == hillcrest.organisation_id)
        ).one()
    answer = helen.post("meetings/plan", body=body, held_on="3/12/26", starts_at="18.30", place="Library")
    assert answer.status_code == 302
    page = helen.get("meetings").text
    assert "3 December 2026" in page
    assert "18:30, Library" in page
    wrong = helen.post("meetings/plan", body=body, held_on="31/02/2027", starts_at="half six", place="Hall")
    assert wrong.status_code == 422
    assert "31 February 2027 does not exist" in wrong.text
    assert "such as 18:30" in wrong.text
    assert "31/02/2027" in wrong.text and "half six" in wrong.text


def test_a_meeting_is_moved_with_its_agenda_and_cancelled(at_table: Table) -> None:
    moved = at_table.post(f"meetings/{at_table.meeting}/move", held_on="1 October 2026", starts_at="", place="")
    assert moved.status_code == 302
    page = at_table.get(f"meetings/{at_table.meeting}").text
    assert "Meeting of 1 October 2026" in page
    assert "Social Media Policy" in page
    assert at_table.post(f"meetings/{at_table.meeting}/cancel").status_code == 302
    assert "Cancelled" in at_table.get(f"meetings/{at_table.meeting}").text


def test_the_agenda_proposes_takes_drops_and_orders(app: Flask, hillcrest: Scope, client: FlaskClient) -> None:
    helen = table(app, hillcrest, client)
    with app.app_context(), writing() as session:
        school.a_policy(session, hillcrest, "Attendance")
        row = session.scalars(select(Meeting).where(Meeting.public_id == helen.meeting)).one()
        row.held_on = dt.date(2026, 12, 3)
    page = helen.get(f"meetings/{helen.meeting}").text
    assert "Proposed for this agenda" in page
    assert page.count("Version 1 awaits a decision") == 2
    for policy in page_policies(page):
        assert helen.post(f"meetings/{helen.meeting}/agenda", policy=policy, asks_for="adopt").status_code == 302
    items = [item.public_id for item in helen.all(AgendaItem)]  # type: ignore[attr-defined]
    where = f"meetings/{helen.meeting}/agenda/{items[1]}"
    moved = helen.post(f"{where}/move", way="up")
    assert moved.status_code == 302
    place = moved.location.partition("#")[2]
    assert f'id="{place}"' in helen.get(f"meetings/{helen.meeting}").text, "whoever moved it goes on from there"
    with app.app_context(), reading() as session:
        order = session.scalars(select(AgendaItem.public_id).order_by(AgendaItem.position)).all()
    assert order == [items[1], items[0]]
    assert helen.post(f"{where}/move", way="sideways").status_code == 422
    assert helen.post(f"{where}/drop").status_code == 302
    assert helen.count(AgendaItem) == 2
    assert "Proposed for this agenda" in helen.get(f"meetings/{helen.meeting}").text


def test_a_meeting_to_which_too_few_came_gives_its_items_to_the_next(at_table: Table) -> None:
    with at_table.app.app_context(), writing() as session:
        body = school.body(session, at_table.scope)
        session.add(
            Meeting(organisation_id=at_table.scope.organisation_id, body_id=body.id, held_on=dt.date(2026, 12, 3))
        )
    page = at_table.get(f"meetings/{at_table.meeting}").text
    assert "A full board may decide about every policy" in page and "Not prepared yet" in page
    assert at_table.post(f"meetings/{at_table.meeting}/not-quorate").status_code == 302
    page = at_table.get(f"meetings/{at_table.meeting}").text
    assert "Not quorate" in page and "Decisions of this meeting" not in page
    after = next(one.public_id for one in at_table.all(Meeting) if one.held_on.month == 12)  # type: ignore[attr-defined]
    assert "The meeting of 24 September 2026 was not quorate" in at_table.get(f"meetings/{after}").text


def test_what_is_deferred_says_until_when(at_table: Table) -> None:
    wrong = at_table.decide(kind="deferred", deferred_to="1 September 2026")
    assert wrong.status_code == 422
    assert "it can only come back after that day" in wrong.text
    assert "until 1 March 2027" in at_table.decide("check", kind="deferred", deferred_to="1 March 2027").text
    assert at_table.decide(kind="deferred", deferred_to="1 March 2027").status_code == 302
    assert "Deferred until 1 March 2027" in at_table.get(f"meetings/{at_table.meeting}").text


def test_an_amended_text_is_awaited_and_recorded(at_table: Table) -> None:
    assert at_table.decide(kind="adopted_with_amendments", ask="nobody").status_code == 302
    assert "Amended text awaited" in at_table.get(f"policies/{at_table.policy}").text
    (decision,) = at_table.all(Decision)
    assert isinstance(decision, Decision)
    where = f"decisions/{decision.public_id}/amended-text"
    assert "Record the amended document first" in at_table.get(where).text
    with at_table.app.app_context(), writing() as session:
        policy = session.get_one(Policy, at_table.policy_id)
        version = school.a_version(session, at_table.scope, policy, "# One, amended").public_id
    page = at_table.get(where)
    assert html_faults({"amended text": page.text}) == []
    assert "Choose who must read it again" in at_table.post(where, version=version).text
    assert at_table.post(where, version=version, ask="everyone").status_code == 302
    assert "Amended text awaited" not in at_table.get(f"policies/{at_table.policy}").text
    (asking,) = at_table.all(Asking)
    assert isinstance(asking, Asking)
    assert asking.from_on == TYPED_IN.date()


def page_policies(page: str) -> list[str]:
    return re.findall(r'name="policy" value="([0-9a-f-]{36})"', page)


def test_what_would_follow_is_shown_first_and_nothing_is_recorded(at_table: Table) -> None:
    page = at_table.decide("check", kind="adopted", ask="everyone", minute="2026/31", next_review="September 2027")
    assert page.status_code == 200
    assert "1 person, from 20 October 2026" in page.text
    assert "3 November 2026" in page.text
    assert "September 2027" in page.text
    assert "Nothing is recorded yet" in page.text
    assert at_table.count(Decision) == at_table.count(Asking) == 0


def test_a_decision_of_24_september_typed_in_on_20_october_asks_from_20_october(at_table: Table) -> None:
    assert at_table.decide(kind="adopted", ask="everyone", minute="2026/31").status_code == 302
    (decision,), (row,), (asking,) = (at_table.all(model) for model in (Decision, InForce, Asking))
    assert isinstance(decision, Decision)
    assert (decision.decided_on, decision.agenda_item_id is not None) == (HELD, True)
    assert isinstance(row, InForce)
    assert row.from_on == HELD
    assert isinstance(asking, Asking)
    assert (asking.category_id, asking.from_on) == (None, dt.date(2026, 10, 20))
    page = at_table.get(f"meetings/{at_table.meeting}").text
    assert "Held" in page
    assert "Adopted, minute 2026/31" in page


def test_chosen_categories_only(at_table: Table) -> None:
    with at_table.app.app_context(), reading() as session:
        teachers = school.category(session, at_table.scope, "teachers")
    assert at_table.decide(kind="adopted", ask="categories").status_code == 422
    unclear = at_table.decide(kind="adopted", ask="nobody", categories=[teachers.public_id])
    assert unclear.status_code == 422 and "Categories are ticked. Choose “Chosen categories”" in unclear.text
    answer = at_table.decide(kind="adopted", ask="categories", categories=[teachers.public_id, "of another school"])
    assert answer.status_code == 302
    (asking,) = at_table.all(Asking)
    assert isinstance(asking, Asking)
    assert asking.category_id == teachers.id


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"kind": "adopted"}, "Choose who must read it again"),
        ({"kind": ""}, "Choose a decision for at least one item."),
        ({"kind": "adopted", "ask": "nobody", "next_review": "31/02/2027"}, "31 February 2027 does not exist"),
        ({"kind": "adopted", "ask": "nobody", "next_review": "2026-28"}, "2026-28 is not an academic year"),
        ({"kind": "adopted", "ask": "nobody", "next_review": "1 January 20226"}, "The year 20226 is not between"),
        ({"kind": "adopted", "ask": "nobody", "next_review": "1 September 2026"}, "is before the decision"),
        ({"kind": "adopted", "ask": "nobody", "in_force_on": "1 September 2026"}, "before it was decided"),
        ({"kind": "deferred", "minute": "x" * 61}, "Shorten the minute reference"),
        ({"kind": "issued"}, "Not a valid choice"),
    ],
)
def test_rows_25_27_28_34_a_refusal_keeps_what_was_typed(at_table: Table, row: dict[str, str], said: str) -> None:
    answer = at_table.decide(**row)
    assert answer.status_code == 422
    assert said in answer.text
    for name, value in row.items():
        if name not in ("kind", "ask"):
            assert value in answer.text
    assert at_table.count(Decision) == at_table.count(MinuteReference) == 0


def test_row_26_a_short_date_is_echoed_in_words(at_table: Table) -> None:
    page = at_table.decide("check", kind="adopted", ask="nobody", next_review="02/03/27")
    assert "2 March 2027" in page.text


def test_changing_something_after_the_check_keeps_what_was_typed(at_table: Table) -> None:
    page = at_table.decide("change", kind="adopted", ask="everyone", minute="2026/31")
    assert page.status_code == 200
    assert 'value="2026/31"' in page.text
    assert at_table.count(Decision) == 0


def test_before_asking_has_started_nobody_is_asked_and_the_page_says_so(
    app: Flask, hillcrest: Scope, client: FlaskClient
) -> None:
    helen = table(app, hillcrest, client, asking=False)
    helen.post(f"meetings/{helen.meeting}/agenda", policy=helen.policy, asks_for="adopt")
    (item,) = helen.all(AgendaItem)
    helen.item = item.public_id  # type: ignore[attr-defined]
    assert "has not started asking" in helen.get(f"meetings/{helen.meeting}/decisions").text
    assert helen.decide(kind="adopted").status_code == 302
    assert helen.count(Asking) == 0


def test_an_item_is_decided_once(at_table: Table) -> None:
    assert at_table.decide(kind="adopted", ask="nobody").status_code == 302
    assert "Every item of this meeting is decided" in at_table.get(f"meetings/{at_table.meeting}/decisions").text
    assert at_table.decide(kind="adopted", ask="nobody").status_code == 422
    assert at_table.count(Decision) == 1


def test_a_meeting_to_come_decides_nothing_yet(at_table: Table) -> None:
    at_table.post(f"meetings/{at_table.meeting}/move", held_on="3 December 2026")
    assert "Decisions can be recorded from that day" in at_table.get(f"meetings/{at_table.meeting}/decisions").text
    refused = at_table.decide(kind="adopted", ask="nobody")
    assert refused.status_code == 422
    assert at_table.count(Decision) == 0


@pytest.mark.parametrize("who", ["Prof. Iqbal", "Mr Okafor", "Sam"])
def test_only_who_may_decide_records_what_a_meeting_decided(
    app: Flask, hillcrest: Scope, client: FlaskClient, who: str
) -> None:
    found = table(app, hillcrest, client, who)
    assert found.get(f"meetings/{found.meeting}/decisions").status_code == 403
    assert found.decide(kind="adopted").status_code == 403


@pytest.mark.parametrize("path", ["meetings/{}", "meetings/{}/decisions", "meetings/{}/move"])
def test_row_53_zeds_meeting_is_the_same_404_as_none(at_table: Table, path: str) -> None:
    with at_table.app.app_context(), writing() as session:
        other = session.scalars(select(Organisation).where(Organisation.slug == "zeds")).one()
        body = session.scalars(select(GoverningBody).where(GoverningBody.organisation_id == other.id)).one()
        meeting = Meeting(organisation_id=other.id, body_id=body.id, held_on=HELD)
        session.add(meeting)
        session.flush()
        theirs = meeting.public_id
    at_table.get("meetings")  # which says what was done last, once
    answers = [at_table.get(path.format(key)) for key in (theirs, "0", "-1", "1e9", "' OR 1=1 --")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({re.sub(r'nonce="[^"]*"', "", answer.text) for answer in answers}) == 1


def test_row_53_an_item_of_another_meeting_is_a_404(at_table: Table) -> None:
    with at_table.app.app_context(), writing() as session:
        mine = session.scalars(select(Meeting).where(Meeting.public_id == at_table.meeting)).one()
        other = Meeting(organisation_id=mine.organisation_id, body_id=mine.body_id, held_on=dt.date(2026, 12, 3))
        session.add(other)
        session.flush()
        key = other.public_id
    assert at_table.post(f"meetings/{key}/agenda/{at_table.item}/drop").status_code == 404
    assert at_table.count(Policy) == 1


def test_every_page_of_meetings_follows_the_html_standard(at_table: Table) -> None:
    with at_table.app.app_context(), writing() as session:
        school.a_policy(session, at_table.scope, "Attendance")
        mine = session.scalars(select(Meeting).where(Meeting.public_id == at_table.meeting)).one()
        later = Meeting(organisation_id=mine.organisation_id, body_id=mine.body_id, held_on=dt.date(2026, 12, 3))
        session.add(later)
        session.flush()
        to_come = later.public_id
    here = f"meetings/{at_table.meeting}"
    paths = ("meetings", "meetings/plan", here, f"meetings/{to_come}", f"{here}/decisions", f"{here}/move")
    pages = {path: at_table.get(path).text for path in paths}
    pages["checked"] = at_table.decide("check", kind="adopted", ask="everyone").text
    pages["refused"] = at_table.decide(kind="adopted", next_review="x").text
    pages["plan refused"] = at_table.post("meetings/plan").text
    at_table.decide(kind="adopted", ask="nobody")
    pages["decided"] = at_table.get(here).text
    faults = html_faults(pages)
    assert not faults, "\n".join(faults)


UNDO = r'name="decisions" value="([0-9a-f-]{36})"'


def test_a_slip_of_today_is_undone_by_one_press_and_the_item_is_open_again(at_table: Table) -> None:
    at_table.decide(kind="adopted", ask="everyone")
    page = at_table.get(f"meetings/{at_table.meeting}").text
    assert "Undo what was recorded on 20 October 2026" in page
    assert "reminders are off, so no mail will tell them. Until 21 October 2026 at 07:30" in page
    with at_table.app.app_context(), writing() as session:
        turn_on(session, at_table.scope, school.MAYA, TYPED_IN)
    assert (
        "mails leave on 21 October 2026 at 07:30 at the earliest" in at_table.get(f"meetings/{at_table.meeting}").text
    )
    shown = re.findall(UNDO, page)
    answer = at_table.post(f"meetings/{at_table.meeting}/decisions/undo", decisions=" ".join(shown))
    assert answer.status_code == 302
    page = at_table.get(f"meetings/{at_table.meeting}").text
    assert "The decision is undone" in page and "Undo what was recorded" not in page
    assert "Not decided yet" in page and "Corrected by a later record" in page and "Undone before anybody" in page
    assert "Too few members came" in page, "the meeting may turn out to have been not quorate"
    assert html_faults({"undone": page}) == []
    assert at_table.decide(kind="rejected").status_code == 302
    assert at_table.count(Decision) == 3


def test_from_the_next_school_morning_the_button_is_gone(at_table: Table) -> None:
    at_table.decide(kind="adopted", ask="everyone")
    shown = re.findall(UNDO, at_table.get(f"meetings/{at_table.meeting}").text)
    with time_machine.travel(dt.datetime(2026, 10, 21, 6, 30, tzinfo=dt.UTC), tick=False):
        sign_in(at_table.browser, "Helen")
        page = at_table.get(f"meetings/{at_table.meeting}").text
        assert "Undo what was recorded" not in page and "If one is wrong, correct it" in page
        answer = at_table.post(f"meetings/{at_table.meeting}/decisions/undo", decisions=" ".join(shown))
        assert (answer.status_code, "Correct each decision that is wrong" in answer.text) == (422, True)
    assert at_table.count(Decision) == 1


@pytest.mark.parametrize("who", ["Prof. Iqbal", "Mr Okafor", "Sam"])
def test_only_who_may_decide_undoes(at_table: Table, who: str) -> None:
    at_table.decide(kind="adopted", ask="everyone")
    (decision,) = at_table.all(Decision)
    at_table.browser.post("/sign-out")
    sign_in(at_table.browser, who)
    where = f"meetings/{at_table.meeting}"
    assert "Undo what was recorded" not in at_table.get(where).text
    shown = decision.public_id  # type: ignore[attr-defined]
    assert at_table.post(f"{where}/decisions/undo", decisions=shown).status_code == 403


def test_a_clerk_of_two_schools_is_told_what_waits_at_the_other_and_only_where_they_keep_meetings(
    at_table: Table,
) -> None:
    with at_table.app.app_context(), writing() as session:
        other = school.a_school(session, "Oakfield School", "oakfield")
        third = school.a_school(session, "Elmfield School", "elmfield")
        for scope, role in ((other, Role.CLERK), (third, Role.GOVERNOR)):
            policy = school.a_policy(session, scope, "Oakfield Uniform Policy")
            meeting = Meeting(
                organisation_id=scope.organisation_id, body_id=school.body(session, scope).id, held_on=HELD
            )
            session.add(meeting)
            session.flush()
            put_on_agenda(session, scope, school.MAYA, meeting, policy, AsksFor.ADOPT, TYPED_IN)
            mine = {"account_id": account_called(session, "helen@clerks.example").id, "granted_at": school.NOW}
            session.add(Grant(organisation_id=scope.organisation_id, role=role, **mine))
    page = " ".join(at_table.get("meetings").text.split())
    assert "At your other schools" in page
    assert 'href="/oakfield/meetings#desk">Oakfield School</a>: 1 meeting with decisions to enter</li>' in page
    assert "Elmfield School" not in page.partition("<main")[2] and "Oakfield Uniform Policy" not in page
    at_table.browser.post("/sign-out")
    sign_in(at_table.browser, "Maya")
    assert "At your other schools" not in at_table.get("meetings").text
