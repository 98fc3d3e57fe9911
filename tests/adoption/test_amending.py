"""Adopted with amendments: the text from before the meeting holds until the amended one is recorded."""

from __future__ import annotations

import datetime as dt

import pytest

from governance.adoption import actions
from governance.adoption.amending import record_amended_text
from governance.adoption.asking import EVERYONE, Ask
from governance.adoption.kinds import Kind
from governance.adoption.models import Decision, InForce
from governance.adoption.register import every_policy
from governance.adoption.states import State
from governance.adoption.warnings import warnings_about
from governance.errors import Refusal
from governance.policies.models import Policy, PolicyVersion
from tests.adoption.room import HELEN, TODAY, TYPED_IN, Room

SEPTEMBER = dt.date(2026, 9, 24)


@pytest.fixture
def policy(room: Room) -> Policy:
    room.start_asking()
    return room.policy()


def amended(room: Room, policy: Policy, **more: object) -> tuple[PolicyVersion, Decision]:
    version = room.version(policy)
    return version, room.decide(version, kind=Kind.AMENDED, **more)


def text(room: Room, decision: Decision, version: PolicyVersion, ask: Ask | None = None) -> InForce:
    return record_amended_text(room.session, room.scope, HELEN, decision, version, TYPED_IN, ask or Ask())


def flags(room: Room) -> tuple[State, ...]:
    (row,) = every_policy(room.session, room.scope, TODAY)
    return row.flags


def test_until_it_is_recorded_the_register_says_that_it_is_awaited(room: Room, policy: Policy) -> None:
    _, decision = amended(room, policy)
    assert State.AMENDED_TEXT_AWAITED in flags(room)
    text(room, decision, room.version(policy))
    assert flags(room) == (State.NO_REVIEW_DATE,)


def test_it_is_in_force_from_the_day_that_was_decided(room: Room, policy: Policy) -> None:
    _, decision = amended(room, policy)
    text(room, decision, room.version(policy))
    assert room.rows(policy) == [(1, SEPTEMBER, "day", False), (2, SEPTEMBER, "day", False)]
    (row,) = every_policy(room.session, room.scope, TODAY)
    assert (row.version_number, row.awaiting_number, row.decision_kind) == (2, None, Kind.AMENDED)


def test_whoever_is_chosen_is_asked_to_read_the_amended_text(room: Room, policy: Policy) -> None:
    _, decision = amended(room, policy)
    row = text(room, decision, room.version(policy), Ask(category_ids=(room.categories["teachers"],)))
    assert room.asked(decision) == [(room.categories["teachers"], TODAY)]
    assert row.version_id != decision.version_id


def test_whoever_was_asked_for_the_earlier_text_is_asked_for_this_one(room: Room, policy: Policy) -> None:
    version, decision = amended(room, policy, ask=EVERYONE)
    facts = room.facts(version, kind=Kind.AMENDED, ask=EVERYONE)
    (warning,) = warnings_about(room.session, room.scope, facts)
    assert "text as it was before the meeting" in warning
    text(room, decision, room.version(policy), Ask(category_ids=(room.categories["teachers"],)))
    assert room.asked(decision) == [(None, TODAY), (None, TODAY)]


def test_a_correction_keeps_the_amended_text(room: Room, policy: Policy) -> None:
    version, decision = amended(room, policy)
    text(room, decision, room.version(policy))
    facts = room.facts(version, "1 October 2026", kind=Kind.AMENDED, reason="Wrong day")
    actions.correct(room.session, room.scope, HELEN, decision, facts, TYPED_IN)
    (row,) = every_policy(room.session, room.scope, TODAY)
    assert (row.version_number, row.in_force_since and row.in_force_since.earliest_on) == (2, dt.date(2026, 10, 1))


def test_what_is_no_amended_text_is_refused(room: Room, policy: Policy) -> None:
    version, decision = amended(room, policy)
    adopted = room.decide(room.version(room.policy("Pay")))
    other = room.version(policy)
    for wrong, given, said in (
        (decision, version, "Choose a version recorded after version 1"),
        (adopted, other, "Only what stands as adopted with amendments"),
        (decision, room.version(room.policy("Trips")), "Choose a version recorded after version 1"),
    ):
        with pytest.raises(Refusal, match=said):
            text(room, wrong, given)
    text(room, decision, other)
    with pytest.raises(Refusal, match="recorded already"):
        text(room, decision, room.version(policy))
