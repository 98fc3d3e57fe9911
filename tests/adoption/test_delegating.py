"""Delegated powers, and the warnings that a missing or ended one gives."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from governance.adoption.delegating import Power, delegate, end_delegation
from governance.adoption.entered import Decide
from governance.adoption.kinds import Kind, MakerKind
from governance.adoption.makers import approvers
from governance.adoption.queries import delegations
from governance.adoption.warnings import warnings_about
from governance.errors import Refusal
from governance.policies.models import Policy
from tests.adoption.room import HELEN, TYPED_IN, Room

AUTUMN = dt.date(2026, 9, 1)


@pytest.fixture
def policy(room: Room) -> Policy:
    return room.policy(kind="procedure")


@pytest.fixture
def approval(room: Room, policy: Policy) -> Decide:
    who = {"person": room.okafor, "office": MakerKind.HEADTEACHER}
    return room.facts(room.version(policy), kind=Kind.APPROVED, reason="Term begins", **who)


def given(room: Room, **power: object) -> list[str]:
    delegate(room.session, room.scope, HELEN, Power(AUTUMN, **power), TYPED_IN)  # type: ignore[arg-type]
    return []


@pytest.mark.parametrize(
    ("power", "covers"),
    [
        ({"office": "headteacher"}, True),
        ({"office": "headteacher", "policy_kind": "procedure"}, True),
        ({"office": "headteacher", "policy_kind": "policy"}, False),
        ({"office": "chair"}, False),
    ],
)
def test_a_power_covers_an_office_and_a_kind(room: Room, approval: Decide, power: dict[str, str], covers: bool) -> None:
    given(room, **power)
    assert (warnings_about(room.session, room.scope, approval) == []) is covers


def test_a_power_over_one_policy_covers_no_other(room: Room, approval: Decide, policy: Policy) -> None:
    given(room, person=room.okafor, policy=room.policy("Attendance"))
    assert warnings_about(room.session, room.scope, approval)
    given(room, person=room.okafor, policy=policy)
    assert warnings_about(room.session, room.scope, approval) == []


def test_a_committee_decides_under_its_own_power(room: Room, policy: Policy) -> None:
    facts = room.facts(room.version(policy), body=room.committee)
    assert warnings_about(room.session, room.scope, facts)
    given(room, body=room.committee)
    assert warnings_about(room.session, room.scope, facts) == []


def test_an_ended_power_is_said_to_have_ended(room: Room, approval: Decide) -> None:
    row = delegate(
        room.session, room.scope, HELEN, Power(AUTUMN, office="headteacher", source="Minute 2026/8"), TYPED_IN
    )
    end_delegation(room.session, room.scope, HELEN, row, dt.date(2026, 9, 20), TYPED_IN)
    (message,) = warnings_about(room.session, room.scope, approval)
    assert message.startswith("The power delegated to Ike Okafor ended on 20 September 2026, before 24 September 2026.")
    (subject_to,) = warnings_about(
        room.session, room.scope, dataclasses.replace(approval, subject_to_ratification=True)
    )
    assert "ratify" not in subject_to
    (listed,) = delegations(room.session, room.scope)
    assert (listed.office, listed.until_on, listed.source) == ("headteacher", dt.date(2026, 9, 20), "Minute 2026/8")
    assert delegations(room.session, room.scope, as_of=dt.date(2026, 9, 21)) == []
    with pytest.raises(Refusal, match="has an end already: 20 September 2026"):
        end_delegation(room.session, room.scope, HELEN, row, dt.date(2026, 10, 1), TYPED_IN)


def test_a_power_has_one_holder_and_ends_after_it_began(room: Room) -> None:
    for power in ({}, {"office": "chair", "person": room.okafor}, {"office": "chair", "until_on": dt.date(2026, 8, 1)}):
        with pytest.raises(Refusal):
            given(room, **power)


def test_who_may_approve_without_a_meeting_on_a_day(room: Room) -> None:
    def on(day: dt.date) -> list[tuple[str, MakerKind]]:
        return [(who.name, who.office) for who in approvers(room.session, room.scope, day)]

    assert on(dt.date(2026, 8, 31)) == [
        ("Ike Okafor", MakerKind.HEADTEACHER),
        ("Sana Iqbal", MakerKind.CHAIR),
        ("Sana Iqbal", MakerKind.GOVERNOR),
    ]
    assert on(AUTUMN) == [("Ike Okafor", MakerKind.HEADTEACHER)]
