"""Whether a body may decide about a policy on a day, and the sentence that says why."""

from __future__ import annotations

import datetime as dt

from governance.adoption.competence import Competence, competences
from governance.adoption.models import Delegation
from governance.policies.models import Policy
from governance.schools.models import GoverningBody
from tests.adoption.room import Room

DECEMBER = dt.date(2026, 12, 3)


def power(room: Room, **facts: object) -> None:
    values = {
        "organisation_id": room.scope.organisation_id,
        "body_id": room.committee.id,
        "from_on": dt.date(2025, 9, 1),
    }
    room.session.add(Delegation(**values | facts))
    room.session.flush()


def may(room: Room, policy: Policy, body: GoverningBody | None = None, on: dt.date = DECEMBER) -> Competence:
    return competences(room.session, room.scope, body or room.committee, on, [policy.id])[policy.id]


def test_a_committee_decides_what_is_delegated_to_it_that_day(room: Room) -> None:
    policy = room.policy("Pay")
    power(room, policy_id=policy.id, source="minute 2025/12")
    assert may(room, policy) == Competence(True, "Delegated to it since 1 September 2025 (minute 2025/12).")
    early = may(room, policy, on=dt.date(2025, 8, 31))
    assert early == Competence(
        False,
        "The power delegated to Resources Committee begins only on 1 September 2025. It can recommend it to the board.",
    )


def test_a_power_that_ended_or_is_over_something_else_is_none(room: Room) -> None:
    policy, other = room.policy("Pay"), room.policy("Trips", kind="procedure")
    power(room, policy_kind="policy", until_on=dt.date(2026, 8, 31))
    assert "ended on 31 August 2026, before 3 December 2026" in may(room, policy).reason
    assert may(room, other).reason.startswith("No power over this policy is recorded as delegated to Resources")
    power(room, policy_kind="procedure")
    assert may(room, other).may_decide
    assert not may(room, policy).may_decide


def test_a_board_decides_everything_and_says_what_it_delegated(room: Room) -> None:
    policy = room.policy("Pay")
    assert may(room, policy, room.body) == Competence(True, "The board decides it itself.")
    power(room)
    assert may(room, policy, room.body) == Competence(
        True, "It is delegated to Resources Committee; the board may decide it too."
    )
