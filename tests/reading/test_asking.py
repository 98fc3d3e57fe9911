"""*Start asking* and asking later: nobody is late for what they were never asked, and nobody is asked twice."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.adoption.models import Asking, Decision, InForce
from governance.errors import Refusal
from governance.journal.verify import verify
from governance.people.models import Category, Person
from governance.policies.models import Policy
from governance.reading.asking import (
    ask_to_read,
    asked_earlier_only,
    asking_since,
    in_force_now,
    start_asking,
    unasked,
)
from governance.reading.facts import Asking as AskingFact
from governance.reading.foreseeing import foresee_asking
from governance.reading.queries import outstanding
from governance.reading.requiring import Requirement, require
from governance.tenancy import Organisation, Scope
from tests.hillcrest import (
    MAYA,
    NOW,
    TODAY,
    a_policy,
    a_school,
    a_version,
    category,
    latest,
    put_in_force,
    someone,
)

SEPTEMBER = dt.date(2026, 9, 1)
DAY = dt.timedelta(days=1)


@dataclass
class Case:
    session: Session
    scope: Scope
    tess: Person

    def policy(self, title: str, asked_from: dt.date | None = None, from_on: dt.date = SEPTEMBER) -> Policy:
        policy = a_policy(self.session, self.scope, title, f"# {title}")
        put_in_force(self.session, self.scope, latest(self.session, policy), from_on, asked_from)
        self.require(policy, "teachers")
        return policy

    def require(self, policy: Policy, code: str) -> None:
        wanted = Requirement(category_id=category(self.session, self.scope, code).id)
        require(self.session, self.scope, MAYA, policy, wanted, SEPTEMBER, NOW)

    def start(self, from_on: dt.date = TODAY, again: tuple[int, ...] = ()) -> int:
        return start_asking(self.session, self.scope, MAYA, from_on, TODAY, NOW, again=again)

    def ask(self, policy: Policy, categories: list[Category] | None, from_on: dt.date = TODAY) -> None:
        row = in_force_now(self.session, self.scope, policy.id, TODAY)
        assert row is not None
        ask_to_read(self.session, self.scope, MAYA, policy, row, categories, from_on, TODAY, NOW)

    def due(self, on: dt.date = TODAY) -> list[dt.date | None]:
        return [row.due_on for row in outstanding(self.session, self.scope, on, person_id=self.tess.id)]


@pytest.fixture
def case(session: Session) -> Case:
    scope = a_school(session)
    return Case(session, scope, someone(session, scope))


def test_starting_asks_about_everything_in_force_that_somebody_must_read(case: Case) -> None:
    case.policy("Behaviour Policy")
    required_of_nobody = a_policy(case.session, case.scope, "Lettings Policy", "# Lettings")
    put_in_force(case.session, case.scope, latest(case.session, required_of_nobody), SEPTEMBER)
    a_policy(case.session, case.scope, "A draft", "# Draft")
    assert [one.title for one in unasked(case.session, case.scope, TODAY)] == ["Behaviour Policy"]
    assert case.start() == 1
    assert asking_since(case.session, case.scope) == TODAY
    assert case.due() == [dt.date(2026, 11, 30)]  # 14 days from the start, not from September
    assert unasked(case.session, case.scope, TODAY) == []


def test_a_later_day_asks_about_what_is_in_force_on_that_day(case: Case) -> None:
    january = dt.date(2027, 1, 4)
    case.policy("Behaviour Policy")
    case.policy("Trips Policy", from_on=dt.date(2026, 12, 15))
    assert case.start(january) == 2
    assert case.due() == [] and case.due(january) == [dt.date(2027, 1, 18)] * 2


def test_nobody_can_have_been_asked_before_today(case: Case) -> None:
    case.policy("Behaviour Policy")
    with pytest.raises(Refusal, match="today or a later day"):
        case.start(TODAY - DAY)
    assert asking_since(case.session, case.scope) is None


def test_it_starts_once(case: Case) -> None:
    case.policy("Behaviour Policy")
    case.start()
    with pytest.raises(Refusal, match="asking since 16 November 2026"):
        case.start(TODAY + DAY)
    assert len(case.session.scalars(select(Asking)).all()) == 1
    assert verify(case.session, case.scope).fault is None


def test_a_minor_change_that_asked_nobody_is_asked_at_the_start_only_when_chosen(case: Case) -> None:
    policy = case.policy("Behaviour Policy", asked_from=SEPTEMBER)
    put_in_force(case.session, case.scope, a_version(case.session, case.scope, policy, "# Two"), dt.date(2026, 10, 1))
    assert unasked(case.session, case.scope, TODAY) == []
    assert [one.version for one in asked_earlier_only(case.session, case.scope, TODAY)] == [2]
    before = case.due()
    assert case.start() == 0 and case.due() == before


def test_chosen_it_is_asked_again(case: Case) -> None:
    policy = case.policy("Behaviour Policy", asked_from=SEPTEMBER)
    put_in_force(case.session, case.scope, a_version(case.session, case.scope, policy, "# Two"), dt.date(2026, 10, 1))
    assert case.start(again=(policy.id,)) == 1
    assert case.due() == [dt.date(2026, 11, 30)]


def test_a_corrected_decision_is_not_what_is_in_force(case: Case) -> None:
    policy = case.policy("Behaviour Policy")
    wrong = put_in_force(case.session, case.scope, a_version(case.session, case.scope, policy, "# Two"), TODAY)
    first = case.session.get_one(Decision, wrong.decision_id)
    case.session.add(
        Decision(
            organisation_id=case.scope.organisation_id,
            policy_id=policy.id,
            version_id=first.version_id,
            kind="mistaken",
            corrects_id=first.id,
            decided_on=TODAY,
            decided_latest_on=TODAY,
            recorded_at=NOW,
            recorded_by="Helen",
        )
    )
    case.session.flush()
    row = in_force_now(case.session, case.scope, policy.id, TODAY)
    assert row is not None and row.id != wrong.id
    assert [one.version for one in unasked(case.session, case.scope, TODAY)] == [1]


def test_asking_about_one_policy_asks_the_chosen_categories_once(case: Case) -> None:
    case.start()
    policy = case.policy("Trips Policy")
    case.require(policy, "volunteers")
    teachers, volunteers = (category(case.session, case.scope, code) for code in ("teachers", "volunteers"))
    case.ask(policy, [teachers])
    assert case.due() == [dt.date(2026, 11, 30)]
    with pytest.raises(Refusal, match="asked to read this version already"):
        case.ask(policy, [teachers])
    case.ask(policy, [teachers, volunteers])
    asked = case.session.scalars(select(Asking.category_id).order_by(Asking.id)).all()
    assert asked == [teachers.id, volunteers.id]
    case.ask(policy, None)
    with pytest.raises(Refusal, match="asked to read this version already"):
        case.ask(policy, [volunteers])


def test_asking_needs_somebody_a_day_and_a_school_that_asks(case: Case) -> None:
    policy = case.policy("Trips Policy")
    with pytest.raises(Refusal, match="not started asking"):
        case.ask(policy, None)
    case.session.scalars(select(Organisation)).one().asking_since = SEPTEMBER
    case.session.flush()
    with pytest.raises(Refusal, match="at least one category"):
        case.ask(policy, [])
    with pytest.raises(Refusal, match="today or a later day"):
        case.ask(policy, None, TODAY - DAY)
    assert case.session.scalars(select(Asking)).all() == []


def test_what_is_foreseen_of_an_asking_is_what_comes_of_it(case: Case) -> None:
    policies = [case.policy("Behaviour Policy"), case.policy("Trips Policy")]
    case.require(policies[0], "volunteers")
    viv = someone(case.session, case.scope, "Viv Ash", ("volunteers",))
    waiting = unasked(case.session, case.scope, TODAY)
    askings = [AskingFact(one.in_force_id, None, TODAY) for one in waiting]
    seen = foresee_asking(case.session, case.scope, askings, [one.policy_id for one in waiting])
    assert seen.people == {case.tess.id, viv.id}
    assert seen.first_due_on == dt.date(2026, 11, 30)
    assert seen.by_category[category(case.session, case.scope, "teachers").id] == 1
    assert case.session.scalars(select(Asking)).all() == []
    case.start()
    came = outstanding(case.session, case.scope, TODAY)
    assert [(row.person_id, row.policy_id, row.due_on) for row in came] == [
        (row.person_id, row.policy_id, row.due_on) for row in seen.unread
    ]


def test_another_schools_policies_are_not_asked(case: Case) -> None:
    case.policy("Behaviour Policy")
    zeds = a_school(case.session, "Zed's Academy", "zeds")
    start_asking(case.session, zeds, MAYA, TODAY, TODAY, NOW)
    assert case.session.scalars(select(Asking)).all() == []
    assert asking_since(case.session, case.scope) is None
    assert case.session.scalars(select(InForce)).all()
