"""More time and not needed: by name, with a reason, for what is asked now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.adoption.models import Asking
from governance.errors import Refusal
from governance.journal.models import JournalEntry
from governance.journal.verify import verify
from governance.people.models import Person
from governance.policies.models import Policy
from governance.reading.easing import end_excuse, excuse, extend
from governance.reading.models import Excuse, Extension
from governance.reading.owed import Owed, State
from governance.reading.queries import my_reading
from governance.reading.requiring import Requirement, require
from governance.tenancy import Scope
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

OCTOBER = dt.date(2026, 10, 1)


@dataclass
class Case:
    session: Session
    scope: Scope
    policy: Policy
    tess: Person

    def owed(self, on: dt.date = TODAY) -> Owed:
        return my_reading(self.session, self.scope, self.tess.id, on)[0]

    def extend(self, until_on: dt.date, reason: str = "Ill for a week", who: Person | None = None) -> Extension:
        return extend(
            self.session,
            self.scope,
            MAYA,
            who or self.tess,
            self.policy,
            until_on=until_on,
            reason=reason,
            today=TODAY,
            now=NOW,
        )

    def excuse(self, from_on: dt.date, until_on: dt.date | None = None, reason: str = "Reads the trust's") -> Excuse:
        return excuse(
            self.session,
            self.scope,
            MAYA,
            self.tess,
            self.policy,
            from_on=from_on,
            until_on=until_on,
            reason=reason,
            now=NOW,
        )


@pytest.fixture
def case(session: Session) -> Case:
    """Tess was asked on 1 October, so that her reading is overdue since 16 October."""
    scope = a_school(session)
    policy = a_policy(session, scope, "Behaviour Policy")
    put_in_force(session, scope, latest(session, policy), dt.date(2026, 9, 1), OCTOBER)
    wanted = Requirement(category_id=category(session, scope, "teachers").id)
    require(session, scope, MAYA, policy, wanted, dt.date(2026, 9, 1), NOW)
    return Case(session, scope, policy, someone(session, scope))


def test_more_time_takes_the_lateness_away_until_its_day(case: Case) -> None:
    assert case.owed().state is State.READING_OVERDUE
    case.extend(dt.date(2026, 11, 30))
    assert (case.owed().state, case.owed().due_on) == (State.NOT_YET_READ, dt.date(2026, 11, 30))
    assert case.owed(dt.date(2026, 12, 1)).state is State.READING_OVERDUE
    assert (
        case.session.scalars(select(JournalEntry.event).order_by(JournalEntry.seq.desc())).first() == "given more time"
    )
    assert verify(case.session, case.scope).fault is None


@pytest.mark.parametrize(
    "until_on,reason,why",
    [
        (dt.date(2026, 11, 15), "Ill", "today or a later day"),
        (dt.date(2026, 11, 30), "  ", "Give the reason"),
        (dt.date(2026, 11, 30), "x" * 501, "501 characters"),
    ],
)
def test_more_time_needs_a_day_to_come_and_a_reason(case: Case, until_on: dt.date, reason: str, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        case.extend(until_on, reason)


def test_more_time_is_more_than_they_have(case: Case) -> None:
    case.extend(dt.date(2026, 11, 30))
    with pytest.raises(Refusal, match="until 30 November 2026 already"):
        case.extend(dt.date(2026, 11, 30))


def test_who_has_nothing_to_read_gets_no_more_time(case: Case) -> None:
    viv = someone(case.session, case.scope, "Viv Ash", ("volunteers",))
    left = someone(case.session, case.scope, "Bea Old", ended_on=dt.date(2026, 10, 31))
    for who in (viv, left):
        with pytest.raises(Refusal, match="nothing to read of Behaviour Policy"):
            case.extend(dt.date(2026, 11, 30), who=who)


def test_more_time_belongs_to_the_version_asked_of_that_person(case: Case) -> None:
    """Version 2 asks volunteers alone: Tess's day for version 1 is what moves."""
    second = put_in_force(
        case.session, case.scope, a_version(case.session, case.scope, case.policy, "# Two"), dt.date(2026, 11, 1)
    )
    volunteers = category(case.session, case.scope, "volunteers").id
    case.session.add(
        Asking(
            organisation_id=case.scope.organisation_id,
            in_force_id=second.id,
            category_id=volunteers,
            from_on=dt.date(2026, 11, 1),
            recorded_at=NOW,
        )
    )
    case.session.flush()
    assert case.owed().number == 1
    case.extend(dt.date(2026, 11, 30))
    assert (case.owed().state, case.owed().due_on) == (State.NOT_YET_READ, dt.date(2026, 11, 30))


def test_the_next_asking_starts_afresh(case: Case) -> None:
    case.extend(dt.date(2026, 12, 31))
    second = a_version(case.session, case.scope, case.policy, "# Two")
    put_in_force(case.session, case.scope, second, dt.date(2026, 11, 20), dt.date(2026, 11, 20))
    assert case.owed(dt.date(2026, 11, 20)).due_on == dt.date(2026, 12, 4)


def test_an_excused_person_owes_nothing_until_the_day_after_its_end(case: Case) -> None:
    case.excuse(TODAY, dt.date(2026, 11, 30))
    assert case.owed().state is State.EXCUSED
    after = case.owed(dt.date(2026, 12, 1))
    assert (after.state, after.due_on) == (State.NOT_YET_READ, dt.date(2026, 12, 15))


def test_an_excuse_without_an_end_is_ended_later(case: Case) -> None:
    case.excuse(TODAY)
    end_excuse(case.session, case.scope, MAYA, case.tess, case.policy, dt.date(2026, 11, 20), NOW)
    assert case.owed(dt.date(2026, 11, 20)).state is State.EXCUSED
    assert case.owed(dt.date(2026, 11, 21)).due_on == dt.date(2026, 12, 5)
    with pytest.raises(Refusal, match="not excused on 21 November 2026"):
        end_excuse(case.session, case.scope, MAYA, case.tess, case.policy, dt.date(2026, 11, 21), NOW)
    assert verify(case.session, case.scope).fault is None


@pytest.mark.parametrize(
    "from_on,until_on,reason,why",
    [
        (TODAY, dt.date(2026, 11, 15), "Trust's", "The last day is before 16 November 2026"),
        (TODAY, None, " ", "Give the reason"),
        (dt.date(2026, 11, 1), dt.date(2026, 11, 10), "Trust's", "excused from 5 November 2026 until 8 November 2026"),
    ],
)
def test_an_excuse_that_cannot_be_is_refused(
    case: Case, from_on: dt.date, until_on: dt.date | None, reason: str, why: str
) -> None:
    case.excuse(dt.date(2026, 11, 5), dt.date(2026, 11, 8))
    with pytest.raises(Refusal, match=why):
        case.excuse(from_on, until_on, reason)
    assert len(case.session.scalars(select(Excuse)).all()) == 1


def test_an_excuse_begins_the_day_after_another_ended(case: Case) -> None:
    case.excuse(dt.date(2026, 11, 5), dt.date(2026, 11, 8))
    case.excuse(dt.date(2026, 11, 9), None)
    assert case.owed().state is State.EXCUSED
