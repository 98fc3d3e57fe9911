"""Which decision a policy was last reviewed by, and that it is the one which says when the next review is."""

from __future__ import annotations

import datetime as dt

from governance.adoption import actions
from governance.adoption.history import decisions
from governance.adoption.kinds import Kind
from governance.adoption.register import policy_row
from governance.adoption.reviewed import LastReview, last_review
from governance.extract.dates import parse_stated
from governance.policies.models import Policy
from tests.adoption.room import HELEN, TODAY, TYPED_IN, Room

DUE = {"next_review": parse_stated("30 September 2027")}


def reviewed(room: Room, policy: Policy, day: dt.date = TODAY) -> LastReview | None:
    standing = decisions(room.session, room.scope, policy_id=policy.id, corrected=False)
    found = last_review(standing, day)
    row = policy_row(room.session, room.scope, day, policy.id)
    assert row is not None and row.next_review == (found.decision.next_review if found else None)
    return found


def told(found: LastReview | None) -> tuple[Kind, str, bool] | None:
    return (found.decision.kind, found.decision.decided.in_words(), found.is_first) if found else None


def test_a_policy_of_which_nothing_was_decided_was_never_reviewed(room: Room) -> None:
    policy = room.policy()
    room.version(policy)
    assert reviewed(room, policy) is None


def test_the_first_adoption_is_told_apart_from_the_reviews_after_it(room: Room) -> None:
    policy = room.policy()
    first = room.version(policy)
    room.decide(first, "12 September 2024", next_review=parse_stated("30 September 2025"))
    assert told(reviewed(room, policy)) == (Kind.ADOPTED, "12 September 2024", True)
    room.decide(first, "1 October 2025", kind=Kind.REVIEWED, **DUE)
    assert told(reviewed(room, policy)) == (Kind.REVIEWED, "1 October 2025", False)
    room.decide(room.version(policy), "15 October 2026", **DUE)
    assert told(reviewed(room, policy)) == (Kind.ADOPTED, "15 October 2026", False)
    assert told(reviewed(room, policy, dt.date(2026, 10, 14))) == (Kind.REVIEWED, "1 October 2025", False)
    room.decide(first, "16 October 2026", kind=Kind.NOTED)
    assert told(reviewed(room, policy)) == (Kind.ADOPTED, "15 October 2026", False), "to note is not to review"


def test_what_was_not_ratified_is_no_review(room: Room) -> None:
    policy = room.policy()
    room.decide(room.version(policy), "12 September 2024", **DUE)
    second = room.version(policy)
    room.approve(second, "1 September 2026", subject_to_ratification=True)
    assert told(reviewed(room, policy)) == (Kind.APPROVED, "1 September 2026", False)
    actions.not_ratified(room.session, room.scope, HELEN, room.facts(second), TYPED_IN)
    assert told(reviewed(room, policy)) == (Kind.ADOPTED, "12 September 2024", True)
    assert told(reviewed(room, policy, dt.date(2026, 9, 2))) == (Kind.APPROVED, "1 September 2026", False)


def test_a_first_approval_that_the_board_ratified_is_still_the_first(room: Room) -> None:
    policy = room.policy()
    version = room.version(policy)
    room.approve(version, "1 September 2026", subject_to_ratification=True)
    actions.ratify(room.session, room.scope, HELEN, room.facts(version, **DUE), TYPED_IN)
    assert told(reviewed(room, policy)) == (Kind.RATIFIED, "24 September 2026", True)
