"""How a policy stands on a day."""

from __future__ import annotations

import datetime as dt

import pytest

from governance.adoption.states import MAIN_STATES, Standing, State, flags_of, review_state, state_of

DAY = dt.date(2026, 10, 20)
LATER = dt.date(2027, 9, 24)


@pytest.mark.parametrize(
    ("standing", "state"),
    [
        (Standing(in_force=False), State.DRAFT),
        (Standing(in_force=False, says_adopted=True), State.ADOPTION_NOT_RECORDED),
        (Standing(in_force=True, decided_precision="not_recorded"), State.ADOPTION_NOT_RECORDED),
        (Standing(in_force=True, decided_precision="month"), State.IN_FORCE),
        (Standing(in_force=True), State.IN_FORCE),
        (Standing(in_force=True, awaits_ratification=True), State.AWAITING_RATIFICATION),
        (Standing(in_force=True, retired_on=DAY), State.IN_FORCE),
        (Standing(in_force=True, retired_on=DAY - dt.timedelta(days=1)), State.RETIRED),
    ],
)
def test_main_state(standing: Standing, state: State) -> None:
    assert state_of(standing, DAY) is state


@pytest.mark.parametrize(
    ("review_on", "state"),
    [
        (None, State.NO_REVIEW_DATE),
        (dt.date(2026, 10, 19), State.REVIEW_LATE),
        (DAY, State.REVIEW_DUE),
        (dt.date(2027, 1, 20), State.REVIEW_DUE),
        (dt.date(2027, 1, 21), None),
    ],
)
def test_a_review_is_due_for_three_months_and_late_after_its_last_day(review_on: dt.date | None, state: State) -> None:
    assert review_state(review_on, DAY) is state


def test_a_review_due_in_october_is_not_late_in_october() -> None:
    assert review_state(dt.date(2026, 10, 31), DAY) is State.REVIEW_DUE


def test_a_new_version_is_a_flag_beside_what_is_in_force() -> None:
    standing = Standing(in_force=True, new_version=True, next_review_on=LATER)
    assert (state_of(standing, DAY), flags_of(standing, DAY)) == (State.IN_FORCE, (State.NEW_VERSION_AWAITING,))


def test_a_draft_and_a_retired_policy_have_no_review_to_miss() -> None:
    assert flags_of(Standing(in_force=False, new_version=True), DAY) == ()
    assert flags_of(Standing(in_force=True, retired_on=dt.date(2026, 1, 1)), DAY) == ()


def test_every_state_has_its_words_and_overdue_never_stands_alone() -> None:
    assert all(state.in_words for state in State)
    assert "overdue" not in {state.in_words.lower() for state in State}
    assert set(MAIN_STATES) < set(State)
