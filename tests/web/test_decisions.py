"""Approving without a meeting, correcting, minutes that come later, delegation; and that nothing edits a decision."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from governance.adoption.models import Decision, Delegation, InForce, MinuteReference
from governance.db import reading, writing
from governance.people.models import BodyMember
from governance.policies.models import PolicyVersion
from governance.tenancy import Scope
from tests import hillcrest as school
from tests.checkers import html_faults
from tests.web.people import sign_in

TYPED_IN = dt.datetime(2026, 10, 20, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def twentieth_of_october(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The school was set up in September, and it is 20 October."""
    monkeypatch.setattr(school, "NOW", dt.datetime(2026, 9, 1, 9, 0, tzinfo=dt.UTC))
    with time_machine.travel(TYPED_IN, tick=False):
        yield


@dataclasses.dataclass
class Office:
    """The school's office: a policy with one version, a headteacher and a chair on record."""

    app: Flask
    browser: FlaskClient
    policy: str
    version: str
    okafor: str
    iqbal: str
    body: str

    def get(self, path: str) -> Any:
        return self.browser.get(f"/hillcrest/{path}")

    def post(self, path: str, **data: object) -> Any:
        return self.browser.post(f"/hillcrest/{path}", data=data)

    def all(self, model: Any) -> list[Any]:
        with self.app.app_context(), reading() as session:
            return list(session.scalars(select(model).order_by(model.id)))

    def approval(self, step: str = "record", path: str = "approve", **changed: object) -> Any:
        data: dict[str, object] = {
            "version": self.version,
            "kind": "approved",
            "maker": f"headteacher:{self.okafor}",
            "decided_on": "24 September 2026",
            "power": "Scheme of delegation, 4.2",
            "reason": "Term begins before the board meets",
        }
        return self.post(f"policies/{self.policy}/{path}", step=step, **data | changed)

    def adopted(self) -> str:
        """A decision of the board on record; its public identifier."""
        with self.app.app_context(), writing() as session:
            version = session.scalars(select(PolicyVersion).where(PolicyVersion.public_id == self.version)).one()
            scope = _scope(session)
            row = school.put_in_force(session, scope, version, dt.date(2026, 9, 24))
            decision = session.get_one(Decision, row.decision_id)
            return decision.public_id

    def correction(self, decision: str, **changed: object) -> Any:
        data: dict[str, object] = {
            "kind": "adopted",
            "version": self.version,
            "maker": f"body:{self.body}",
            "decided_on": "17 September 2026",
            "reason": "The meeting was a week earlier",
        }
        return self.post(f"decisions/{decision}/correct", **data | changed)


def _scope(session: Any) -> Scope:
    from governance.tenancy import scope_by_slug

    return scope_by_slug(session, "hillcrest")


@pytest.fixture
def office(app: Flask, hillcrest: Scope, client: FlaskClient) -> Office:
    with app.app_context(), writing() as session:
        policy = school.a_policy(session, hillcrest)
        okafor = school.someone(session, hillcrest, "Ike Okafor", ("headteacher",), dt.date(2021, 9, 1))
        iqbal = school.someone(session, hillcrest, "Sana Iqbal", ("governors",))
        body = school.body(session, hillcrest)
        session.add(
            BodyMember(
                organisation_id=hillcrest.organisation_id,
                body_id=body.id,
                person_id=iqbal.id,
                office="chair",
                from_on=dt.date(2022, 9, 1),
                until_on=dt.date(2026, 8, 31),
            )
        )
        session.flush()
        version = school.latest(session, policy).public_id
        return Office(app, client, policy.public_id, version, okafor.public_id, iqbal.public_id, body.public_id)


class TestApproving:
    """Power, reason and date, shown before it is recorded."""

    def test_the_headteacher_approves_in_their_own_name(self, office: Office) -> None:
        sign_in(office.browser, "Mr Okafor")
        page = office.get(f"policies/{office.policy}/approve")
        assert page.status_code == 200
        assert "Ike Okafor, headteacher" in page.text
        assert "Sana Iqbal" not in page.text
        checked = office.approval("check", subject_to_ratification="y")
        assert "No power over this policy is recorded as delegated to Ike Okafor." in checked.text
        assert "awaiting ratification" in checked.text
        assert office.all(Decision) == []
        assert office.approval(subject_to_ratification="y").status_code == 302
        (decision,) = office.all(Decision)
        assert (decision.office, decision.power) == ("headteacher", "Scheme of delegation, 4.2")
        (row,) = office.all(InForce)
        assert row.pending_ratification

    def test_the_headteacher_cannot_approve_in_the_chairs_name(self, office: Office) -> None:
        sign_in(office.browser, "Mr Okafor")
        answer = office.approval(maker=f"chair:{office.iqbal}", decided_on="31 August 2026")
        assert answer.status_code == 422
        assert office.all(Decision) == []

    def test_the_clerk_records_what_the_chair_approved(self, office: Office) -> None:
        sign_in(office.browser, "Helen")
        chair = {"maker": f"chair:{office.iqbal}", "path": "record-approval"}
        late = office.approval(**chair)
        assert late.status_code == 422
        assert "Sana Iqbal was not chair of governors on 24 September 2026." in late.text
        assert "Term begins before the board meets" in late.text
        assert office.approval(**chair, decided_on="31 August 2026").status_code == 302

    def test_row_72_the_clerk_cannot_approve_in_their_own_name(self, office: Office) -> None:
        sign_in(office.browser, "Helen")
        assert office.get(f"policies/{office.policy}/approve").status_code == 403
        assert office.approval().status_code == 403
        assert office.approval(path="record-approval", maker="clerk:me").status_code == 422
        assert office.all(Decision) == []

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"reason": ""}, "Enter why this was approved without a meeting."),
            ({"decided_on": ""}, "Enter the date of the decision."),
            ({"decided_on": "21/10/26"}, "which is after today, 20 October 2026"),
            ({"decided_on": "31/02/2027"}, "31 February 2027 does not exist"),
            ({"decided_on": "1 March 0207"}, "The year 0207 is not between"),
            ({"kind": "adopted"}, "Not a valid choice"),
            ({"maker": ""}, "Not a valid choice"),
        ],
    )
    def test_a_refusal_keeps_what_was_typed(self, office: Office, changed: dict[str, str], said: str) -> None:
        sign_in(office.browser, "Mr Okafor")
        answer = office.approval(**changed)
        assert answer.status_code == 422
        assert said in answer.text
        assert "Scheme of delegation, 4.2" in answer.text
        assert office.all(Decision) == []

    def test_row_56_of_a_field_sent_twice_the_first_counts(self, office: Office) -> None:
        sign_in(office.browser, "Mr Okafor")
        assert office.approval(decided_on=["24 September 2026", "1 January 2027"]).status_code == 302

    def test_row_55_unknown_fields_are_ignored(self, office: Office) -> None:
        sign_in(office.browser, "Mr Okafor")
        assert office.approval(role="admin", organisation_id="1").status_code == 302


class TestCorrecting:
    """A new linked record; the old one stays, marked."""

    def test_the_form_begins_with_what_was_entered(self, office: Office) -> None:
        sign_in(office.browser, "Helen")
        page = office.get(f"decisions/{office.adopted()}/correct")
        assert page.status_code == 200
        assert 'value="24 September 2026"' in page.text

    def test_a_correction_takes_its_place(self, office: Office) -> None:
        sign_in(office.browser, "Helen")
        assert office.correction(office.adopted()).status_code == 302
        wrong, right = office.all(Decision)
        assert (right.corrects_id, right.decided_on) == (wrong.id, dt.date(2026, 9, 17))
        page = office.get(f"policies/{office.policy}").text
        assert "Corrected by a later record" in page
        assert "17 September 2026" in page

    def test_a_correction_without_a_reason_keeps_what_was_typed(self, office: Office) -> None:
        sign_in(office.browser, "Helen")
        answer = office.correction(office.adopted(), reason=" ")
        assert answer.status_code == 422
        assert "Enter why the earlier record was wrong." in answer.text
        assert "17 September 2026" in answer.text
        assert len(office.all(Decision)) == 1

    def test_what_was_corrected_is_not_corrected_again(self, office: Office) -> None:
        sign_in(office.browser, "Helen")
        decision = office.adopted()
        office.correction(decision)
        assert "corrected already" in office.correction(decision, decided_on="16 September 2026").text
        assert len(office.all(Decision)) == 2

    def test_a_minute_reference_comes_later(self, office: Office) -> None:
        sign_in(office.browser, "Helen")
        decision = office.adopted()
        assert office.post(f"decisions/{decision}/minute", minute="").status_code == 422
        assert office.post(f"decisions/{decision}/minute", minute="2026/31").status_code == 302
        assert [row.reference for row in office.all(MinuteReference)] == ["2026/31"]
        assert "2026/31" in office.get(f"decisions/{decision}/minute").text


class TestFixed:
    """Promise 11 on the screens: no role can edit or delete what was decided."""

    @pytest.mark.parametrize("who", ["Maya", "Mr Okafor", "Helen", "Prof. Iqbal", "Sam"])
    def test_no_route_edits_a_decision(self, office: Office, who: str) -> None:
        decision = office.adopted()
        sign_in(office.browser, who)
        before = office.all(Decision)[0]
        for path in (f"decisions/{decision}", f"decisions/{decision}/edit", f"decisions/{decision}/delete"):
            for method in ("post", "put", "patch", "delete"):
                answer = getattr(office.browser, method)(f"/hillcrest/{path}", data={"kind": "rejected"})
                assert answer.status_code in (404, 405)
        (after,) = office.all(Decision)
        assert (after.kind, after.decided_on, after.reason) == (before.kind, before.decided_on, before.reason)

    def test_only_what_adds_to_a_decision_knows_it(self, office: Office) -> None:
        rules = [rule for rule in office.app.url_map.iter_rules() if "<decision>" in rule.rule]
        assert {rule.rule.rpartition("/")[2] for rule in rules} == {"correct", "minute", "amended-text"}


@pytest.mark.parametrize("path", ["correct", "minute"])
def test_row_53_another_schools_decision_is_the_same_404_as_none(office: Office, path: str) -> None:
    with office.app.app_context(), writing() as session:
        from governance.tenancy import scope_by_slug

        zeds = scope_by_slug(session, "zeds")
        version = school.latest(session, school.a_policy(session, zeds, "Zed's policy"))
        row = school.put_in_force(session, zeds, version, dt.date(2026, 9, 24))
        theirs = session.get_one(Decision, row.decision_id).public_id
    sign_in(office.browser, "Helen")
    answers = [office.get(f"decisions/{key}/{path}") for key in (theirs, "0", "-1", "1e9")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({re.sub(r'nonce="[^"]*"', "", answer.text) for answer in answers}) == 1


class TestDelegation:
    """Powers are recorded, listed and ended."""

    def test_a_power_is_recorded_and_ended(self, office: Office) -> None:
        sign_in(office.browser, "Helen")
        power = {"holder": "office:headteacher", "covers": "kind:procedure", "from_on": "1 September 2026"}
        assert office.post("delegation/new", **power, source="Minute 2026/8").status_code == 302
        (row,) = office.all(Delegation)
        page = office.get("delegation").text
        assert "The headteacher" in page
        assert "Every procedure" in page
        early = office.post(f"delegation/{row.public_id}/end", until_on="31 August 2026")
        assert early.status_code == 422
        assert "is before its first" in early.text
        assert office.post(f"delegation/{row.public_id}/end", until_on="31 August 2027").status_code == 302
        assert "31 August 2027" in office.get("delegation").text

    def test_nobody_chosen_is_refused(self, office: Office) -> None:
        sign_in(office.browser, "Helen")
        answer = office.post("delegation/new", holder="", covers="", from_on="1 September 2026")
        assert answer.status_code == 422
        assert "Choose who is given the power." in answer.text

    def test_a_governor_sees_and_does_not_change(self, office: Office) -> None:
        sign_in(office.browser, "Prof. Iqbal")
        assert office.get("delegation").status_code == 200
        assert office.get("delegation/new").status_code == 403


def test_nothing_here_changes_on_a_get(office: Office) -> None:
    decision = office.adopted()
    sign_in(office.browser, "Helen")
    paths = ("meetings", "meetings/plan", "delegation", "delegation/new", f"decisions/{decision}/correct")
    with office.app.app_context(), reading() as session:
        before = session.scalar(select(func.count()).select_from(Decision))
    assert {office.get(path).status_code for path in paths} == {200}
    assert len(office.all(Decision)) == before


def test_every_page_of_decisions_follows_the_html_standard(office: Office) -> None:
    decision = office.adopted()
    sign_in(office.browser, "Helen")
    power = {"holder": "office:chair", "covers": "", "from_on": "1 September 2026"}
    assert office.post("delegation/new", **power).status_code == 302
    (row,) = office.all(Delegation)
    approve = f"policies/{office.policy}/record-approval"
    paths = (approve, f"decisions/{decision}/correct", f"decisions/{decision}/minute", "delegation", "delegation/new")
    pages = {path: office.get(path).text for path in (*paths, f"delegation/{row.public_id}/end")}
    pages["approval checked"] = office.approval("check", "record-approval").text
    pages["approval refused"] = office.approval(path="record-approval", reason="").text
    pages["correction refused"] = office.correction(decision, reason="", decided_on="x").text
    pages["delegation refused"] = office.post("delegation/new").text
    faults = html_faults(pages)
    assert not faults, "\n".join(faults)
