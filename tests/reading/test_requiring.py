"""Reading rules: a new one takes the place of the old, none is lost, and what would follow is known beforehand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.errors import Refusal
from governance.journal.models import JournalEntry
from governance.journal.verify import verify
from governance.people.models import Engagement, Person
from governance.policies.models import Policy
from governance.reading.coverage import Count
from governance.reading.foreseeing import foresee_rule
from governance.reading.models import ReadingRule
from governance.reading.queries import my_reading, overdue
from governance.reading.requiring import Requirement, require, stop_requiring
from governance.tenancy import Scope
from tests.hillcrest import (
    MAYA,
    NOW,
    TODAY,
    a_policy,
    a_school,
    category,
    latest,
    put_in_force,
    someone,
)

SEPTEMBER, NOVEMBER = dt.date(2026, 9, 1), dt.date(2026, 11, 1)


@dataclass
class Case:
    session: Session
    scope: Scope
    policy: Policy
    tess: Person

    def teachers(self, days: int = 14, **changes: object) -> Requirement:
        wanted = {"category_id": category(self.session, self.scope, "teachers").id, "days_to_read": days}
        return Requirement(**{**wanted, **changes})  # type: ignore[arg-type]

    def require(self, from_on: dt.date, wanted: Requirement | None = None) -> ReadingRule:
        return require(self.session, self.scope, MAYA, self.policy, wanted or self.teachers(), from_on, NOW)

    def rules(self) -> list[tuple[dt.date, dt.date | None, int]]:
        rows = self.session.scalars(select(ReadingRule).order_by(ReadingRule.from_on, ReadingRule.id))
        return [(row.from_on, row.until_on, row.days_to_read) for row in rows]


@pytest.fixture
def case(session: Session) -> Case:
    scope = a_school(session)
    policy = a_policy(session, scope, "Behaviour Policy")
    put_in_force(session, scope, latest(session, policy), SEPTEMBER, SEPTEMBER)
    return Case(session, scope, policy, someone(session, scope))


def test_a_rule_is_kept_with_an_entry_in_the_journal(case: Case) -> None:
    rule = case.require(SEPTEMBER)
    assert (rule.days_to_read, rule.repeat, rule.until_on) == (14, "once", None)
    assert (
        case.session.scalars(select(JournalEntry.event).order_by(JournalEntry.seq.desc())).first()
        == "reading rule made"
    )
    assert verify(case.session, case.scope).fault is None


def test_a_later_rule_for_the_same_people_ends_the_earlier_the_day_before(case: Case) -> None:
    case.require(SEPTEMBER)
    case.require(NOVEMBER, case.teachers(7))
    assert case.rules() == [(SEPTEMBER, dt.date(2026, 10, 31), 14), (NOVEMBER, None, 7)]


def test_a_rule_that_was_to_end_later_gives_way_as_well(case: Case) -> None:
    rule = case.require(SEPTEMBER)
    stop_requiring(case.session, case.scope, MAYA, case.policy, rule, dt.date(2026, 12, 31), NOW)
    case.require(NOVEMBER, case.teachers(7))
    assert case.rules() == [(SEPTEMBER, dt.date(2026, 10, 31), 14), (NOVEMBER, None, 7)]


def test_a_rule_of_the_same_day_is_changed_in_place_even_where_it_was_ended(case: Case) -> None:
    rule = case.require(SEPTEMBER)
    stop_requiring(case.session, case.scope, MAYA, case.policy, rule, dt.date(2026, 10, 1), NOW)
    case.require(SEPTEMBER, case.teachers(21))
    assert case.rules() == [(SEPTEMBER, None, 21)]


def test_a_rule_before_another_of_theirs_is_refused_with_its_day(case: Case) -> None:
    case.require(NOVEMBER)
    with pytest.raises(Refusal, match="starts on 1 November 2026"):
        case.require(SEPTEMBER)


def test_rules_for_a_category_and_for_a_person_do_not_touch_each_other(case: Case) -> None:
    case.require(SEPTEMBER)
    case.require(NOVEMBER, Requirement(person_id=case.tess.id, days_to_read=3))
    assert [until for _, until, _ in case.rules()] == [None, None]


@pytest.mark.parametrize(
    "changes,why",
    [
        ({"category_id": None}, "Choose a category of people, a job title, or one person"),
        ({"days_to_read": 366}, "from 0 to 365"),
        ({"days_to_read": -1}, "from 0 to 365"),
        ({"repeat": "weekly"}, "Choose once"),
        ({"repeat": "months"}, "from 1 to 60"),
        ({"repeat": "months", "repeat_months": 61}, "from 1 to 60"),
    ],
)
def test_an_impossible_rule_is_refused(case: Case, changes: dict[str, object], why: str) -> None:
    with pytest.raises(Refusal, match=why):
        case.require(SEPTEMBER, case.teachers(**changes))  # type: ignore[arg-type]
    assert case.rules() == []


def test_a_retired_policy_is_required_of_nobody_any_more(case: Case) -> None:
    case.policy.retired_on = dt.date(2026, 10, 15)
    with pytest.raises(Refusal, match="was retired on 15 October 2026"):
        case.require(NOVEMBER)


def test_the_last_day_of_a_rule_is_within_it_and_before_the_next(case: Case) -> None:
    first = case.require(SEPTEMBER)
    case.require(NOVEMBER)
    with pytest.raises(Refusal, match="starts on 1 September 2026"):
        stop_requiring(case.session, case.scope, MAYA, case.policy, first, dt.date(2026, 8, 31), NOW)
    with pytest.raises(Refusal, match="Another rule for them starts on 1 November 2026"):
        stop_requiring(case.session, case.scope, MAYA, case.policy, first, NOVEMBER, NOW)
    stop_requiring(case.session, case.scope, MAYA, case.policy, first, dt.date(2026, 9, 30), NOW)
    assert case.rules()[0][1] == dt.date(2026, 9, 30)


def test_nobody_owes_anything_from_the_day_after_the_last(case: Case) -> None:
    rule = case.require(SEPTEMBER)
    stop_requiring(case.session, case.scope, MAYA, case.policy, rule, TODAY, NOW)
    assert my_reading(case.session, case.scope, case.tess.id, TODAY)
    assert not my_reading(case.session, case.scope, case.tess.id, TODAY + dt.timedelta(days=1))


@pytest.mark.parametrize("days", [0, 14, 75, 76, 90])
def test_what_is_foreseen_of_a_rule_is_what_comes_of_it(case: Case, days: int) -> None:
    case.require(SEPTEMBER, case.teachers(80))
    seen = foresee_rule(case.session, case.scope, case.policy.id, case.teachers(days), NOVEMBER, TODAY)
    assert seen.before == Count(audience=1, required=1, outstanding=1)
    case.require(NOVEMBER, case.teachers(days))
    late = overdue(case.session, case.scope, TODAY)
    assert [row.person_id for row in seen.late] == [row.person_id for row in late]
    assert seen.after.overdue == len(late)
    assert bool(late) is (days < 76)  # asked on 1 September; day 76 is today, 16 November


def test_foreseeing_writes_nothing(case: Case) -> None:
    foresee_rule(case.session, case.scope, case.policy.id, case.teachers(), SEPTEMBER, TODAY)
    assert case.rules() == []


def test_a_rule_for_a_job_title_finds_it_however_it_is_spelt(case: Case) -> None:
    session, scope = case.session, case.scope
    cook = someone(session, scope, "Ola Reed", ("support_staff",))
    session.scalars(select(Engagement).where(Engagement.person_id == cook.id)).one().job_title = "Head Cook"
    session.flush()
    rule = case.require(SEPTEMBER, Requirement(job_title=" head  cook"))
    assert (rule.job_title, rule.title_key, rule.category_id) == ("head cook", "head cook", None)
    assert [row.policy_id for row in my_reading(session, scope, cook.id, TODAY)] == [case.policy.id]
    assert my_reading(session, scope, case.tess.id, TODAY) == []


def test_a_changed_rule_for_joiners_still_counts_those_who_joined_before(case: Case) -> None:
    first = case.require(SEPTEMBER, case.teachers(days=7, joiners=True))
    second = case.require(NOVEMBER, case.teachers(days=5, joiners=True))
    assert (first.joined_since, second.joined_since) == (SEPTEMBER, SEPTEMBER)
    third = case.require(TODAY, case.teachers(days=5))
    assert third.joined_since is None


@pytest.mark.parametrize("wanted", [Requirement(job_title="cook", category_id=1), Requirement(job_title="x" * 201)])
def test_two_kinds_of_people_or_an_endless_title_are_refused(case: Case, wanted: Requirement) -> None:
    with pytest.raises(Refusal):
        case.require(SEPTEMBER, wanted)
    assert case.rules() == []
