"""Parts of a policy: named, required of some, and confirmed by name."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.errors import Refusal
from governance.people.models import Person
from governance.policies.models import Policy
from governance.reading.acknowledging import Act, Shown, acknowledge, shown_now
from governance.reading.models import Acknowledgement, PolicyPart
from governance.reading.owed import State
from governance.reading.parts import name_parts, parts_of
from governance.reading.queries import coverage, my_reading, outstanding
from governance.reading.requiring import Requirement, require
from governance.tenancy import Actor, Scope
from tests.hillcrest import MAYA, NOW, TODAY, a_policy, a_school, category, latest, put_in_force, someone

SEPTEMBER = dt.date(2026, 9, 1)
PART_ONE, ANNEX = 1, 2


@pytest.fixture
def scope(session: Session) -> Scope:
    return a_school(session)


@pytest.fixture
def guidance(session: Session, scope: Scope) -> Policy:
    policy = a_policy(session, scope, "Keeping Children Safe")
    put_in_force(session, scope, latest(session, policy), SEPTEMBER, SEPTEMBER)
    name_parts(session, scope, MAYA, policy, ["Part one", " Annex B ", ""], NOW)
    return policy


@pytest.fixture
def tess(session: Session, scope: Scope, guidance: Policy) -> Person:
    teachers = category(session, scope, "teachers").id
    require(session, scope, MAYA, guidance, Requirement(category_id=teachers, parts=PART_ONE), SEPTEMBER, NOW)
    return someone(session, scope)


def confirm(session: Session, scope: Scope, person: Person, policy: Policy, parts: int) -> Acknowledgement:
    version = latest(session, policy)
    act = Act(TODAY, "signed_in", "password", ticked=True, parts=parts)
    shown = shown_now(session, scope, version, parts)
    return acknowledge(session, scope, Actor("Tess Marlow", person_id=person.id), person, version, shown, act, NOW)


def state(session: Session, scope: Scope, person: Person) -> State:
    [row] = my_reading(session, scope, person.id, TODAY)
    return row.state


def test_the_receipt_names_the_part_and_is_enough_for_it(
    session: Session, scope: Scope, guidance: Policy, tess: Person
) -> None:
    [owed] = outstanding(session, scope, TODAY)
    assert (owed.person_id, owed.parts, owed.state) == (tess.id, PART_ONE, State.READING_OVERDUE)
    receipt = confirm(session, scope, tess, guidance, PART_ONE)
    assert receipt.wording.endswith("This is for: Part one.") and receipt.parts == PART_ONE
    assert state(session, scope, tess) is State.READ
    assert coverage(session, scope, TODAY).totals.acknowledged == 1


def test_a_further_part_asks_for_more_and_a_second_receipt_of_the_day_completes_it(
    session: Session, scope: Scope, guidance: Policy, tess: Person
) -> None:
    confirm(session, scope, tess, guidance, PART_ONE)
    both = Requirement(person_id=tess.id, parts=PART_ONE | ANNEX)
    require(session, scope, MAYA, guidance, both, TODAY, NOW)
    [owed] = my_reading(session, scope, tess.id, TODAY)
    assert (owed.state, owed.parts, owed.due_on) == (State.NOT_YET_READ, PART_ONE | ANNEX, dt.date(2026, 11, 30))
    first, again = (confirm(session, scope, tess, guidance, PART_ONE | ANNEX).reference for _ in range(2))
    assert first == again, "a double click gives the same receipt"
    assert state(session, scope, tess) is State.READ
    assert session.scalar(select(func.count()).select_from(Acknowledgement)) == 2


def test_a_receipt_for_the_whole_is_enough_for_every_part(
    session: Session, scope: Scope, guidance: Policy, tess: Person
) -> None:
    confirm(session, scope, tess, guidance, 0)
    assert state(session, scope, tess) is State.READ
    assert confirm(session, scope, tess, guidance, PART_ONE).parts == 0, "nothing is left to confirm that day"


@pytest.mark.parametrize("parts", [4, 8 | PART_ONE, -1, 256])
def test_parts_that_the_policy_does_not_have_are_refused(
    session: Session, scope: Scope, guidance: Policy, tess: Person, parts: int
) -> None:
    with pytest.raises(Refusal, match="parts of this policy changed"):
        confirm(session, scope, tess, guidance, parts)


def test_the_wording_of_one_part_does_not_confirm_another(
    session: Session, scope: Scope, guidance: Policy, tess: Person
) -> None:
    version = latest(session, guidance)
    shown: Shown = shown_now(session, scope, version, PART_ONE)
    act = Act(TODAY, "signed_in", "password", ticked=True, parts=ANNEX)
    with pytest.raises(Refusal, match="text changed"):
        acknowledge(session, scope, MAYA, tess, version, shown, act, NOW)


def test_a_part_in_use_stays_and_others_come_and_go(
    session: Session, scope: Scope, guidance: Policy, tess: Person
) -> None:
    with pytest.raises(Refusal, match="“Part one”, so it has to stay"):
        name_parts(session, scope, MAYA, guidance, ["Annex B"], NOW)
    name_parts(session, scope, MAYA, guidance, ["PART ONE", "Part two"], NOW)
    assert [(one.bit, one.name) for one in parts_of(session, scope, [guidance.id])[guidance.id]] == [
        (0, "PART ONE"),
        (1, "Part two"),
    ]


@pytest.mark.parametrize(
    ("names", "why"),
    [
        ([f"Part {n}" for n in range(9)], "at most 8"),
        (["Part one", "part  ONE"], "same name"),
        (["Part one", "Annex B", "Annexes C; D"], "“Annexes C; D” has a semicolon"),
    ],
)
def test_impossible_parts_are_refused(
    session: Session, scope: Scope, guidance: Policy, names: list[str], why: str
) -> None:
    with pytest.raises(Refusal, match=why):
        name_parts(session, scope, MAYA, guidance, names, NOW)
    assert session.scalar(select(func.count()).select_from(PolicyPart)) == 2
