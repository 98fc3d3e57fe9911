"""A school's own history, loaded at once: exactly what is stated, once, and nothing that contradicts the record."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from sqlalchemy import func, select

from governance.adoption.loading import HistoryRow, record_history
from governance.adoption.models import Asking, Decision, InForce, MinuteReference
from governance.adoption.register import policy_row
from governance.adoption.states import State
from governance.errors import Refusal
from governance.journal.models import JournalEntry
from governance.policies.models import Policy, PolicyVersion
from tests.adoption.room import HELEN, TODAY, TYPED_IN, Room

OLD, NEW = dt.date(2024, 9, 16), dt.date(2025, 9, 15)


def row(policy: Policy, version: PolicyVersion, decided_on: dt.date | None = NEW, **more: Any) -> HistoryRow:
    facts = {
        "line": 1 + version.number,
        "reference": policy.reference,
        "version": version.number,
        "version_id": version.id,
        "decided_on": decided_on,
        "body": "full governing body",
        "minute_ref": "2025/32",
        "in_force_from": decided_on,
        "asks_from": decided_on,
        "next_review_on": dt.date(2026, 9, 15),
    }
    return HistoryRow(**facts | more)


def load(room: Room, *rows: HistoryRow) -> int:
    return record_history(room.session, room.scope, HELEN, rows, TYPED_IN)


def counts(room: Room) -> list[int | None]:
    models = (Decision, InForce, Asking, MinuteReference, JournalEntry)
    return [room.session.scalar(select(func.count()).select_from(model)) for model in models]


def test_history_is_recorded_with_who_was_asked_before_asking_has_begun(room: Room) -> None:
    policy = room.policy()
    one, two, three = (room.version(policy) for _ in range(3))
    minor = row(policy, three, dt.date(2026, 1, 12), asks_from=None)
    assert load(room, row(policy, two), row(policy, one, OLD), minor) == 3
    assert room.rows(policy) == [
        (1, OLD, "day", False),
        (2, NEW, "day", False),
        (3, dt.date(2026, 1, 12), "day", False),
    ]
    assert counts(room) == [3, 3, 2, 3, 1]
    found = policy_row(room.session, room.scope, TODAY, policy.id)
    assert found is not None
    assert (found.version_number, found.minute, found.decided_by) == (3, "2025/32", "Full Governing Body")


def test_loading_again_adds_nothing(room: Room) -> None:
    policy = room.policy()
    version = room.version(policy)
    assert load(room, row(policy, version)) == 1
    before = counts(room)
    assert load(room, row(policy, version)) == 0
    assert load(room, row(policy, version), dataclasses.replace(row(policy, version), line=9)) == 0
    assert counts(room) == before


@pytest.mark.parametrize(
    ("fact", "value", "said"),
    [
        ("decided_on", OLD, "decided on 15 September 2025, not 16 September 2024"),
        ("in_force_from", dt.date(2025, 10, 1), "in force from 15 September 2025, not 1 October 2025"),
        ("asks_from", dt.date(2025, 10, 1), "asked from 15 September 2025, not 1 October 2025"),
        ("next_review_on", dt.date(2027, 9, 15), "next reviewed by 15 September 2026, not 15 September 2027"),
        ("body", "Resources Committee", "it was not Resources Committee that decided"),
        ("minute_ref", "2025/99", "its minute is 2025/32, not 2025/99"),
    ],
)
def test_a_differing_fact_is_refused_naming_the_row(room: Room, fact: str, value: object, said: str) -> None:
    policy = room.policy()
    stated = row(policy, room.version(policy))
    load(room, stated)
    before = counts(room)
    with pytest.raises(Refusal, match=f"row 2: version 1 of {policy.reference} .*{said}"):
        load(room, dataclasses.replace(stated, **{fact: value}))
    assert counts(room) == before


def test_two_rows_of_one_file_may_not_differ(room: Room) -> None:
    policy = room.policy()
    stated = row(policy, room.version(policy))
    with pytest.raises(Refusal, match=r"row 7: version 1 .* row 2 states other facts"):
        load(room, stated, dataclasses.replace(stated, line=7, minute_ref="2025/33"))


def test_a_minute_reference_that_was_missing_is_added(room: Room) -> None:
    policy = room.policy()
    stated = row(policy, room.version(policy))
    load(room, dataclasses.replace(stated, minute_ref=""))
    assert load(room, stated) == 0
    assert room.session.scalars(select(MinuteReference.reference)).all() == ["2025/32"]


def test_what_is_not_stated_contradicts_nothing(room: Room) -> None:
    policy = room.policy()
    stated = row(policy, room.version(policy))
    load(room, stated)
    assert load(room, dataclasses.replace(stated, asks_from=None, minute_ref="", next_review_on=None, body="")) == 0


def test_an_undated_adoption_is_in_force_and_a_version_without_facts_a_draft(room: Room) -> None:
    undated, draft = room.policy("Undated"), room.policy("Draft")
    unknown = {"body": "", "minute_ref": "", "asks_from": None, "next_review_on": None}
    in_force = row(undated, room.version(undated), None, in_force_from=OLD, **unknown)
    nothing = row(draft, room.version(draft), None, **unknown)
    assert load(room, in_force, nothing) == 1
    states = [policy_row(room.session, room.scope, TODAY, policy.id) for policy in (undated, draft)]
    assert [found.state for found in states if found] == [State.ADOPTION_NOT_RECORDED, State.DRAFT]
    assert load(room, in_force, nothing) == 0


def test_every_bad_row_is_named(room: Room) -> None:
    policy = room.policy()
    one, two = room.version(policy), room.version(policy)
    future = row(policy, one, dt.date(2027, 1, 1), next_review_on=None)
    with pytest.raises(Refusal) as refused:
        load(room, future, row(policy, two, body="Board of Zed"))
    assert [objection.message.split(":")[0] for objection in refused.value.objections] == [
        "policies.csv, row 2",
        "policies.csv, row 3",
    ]
    assert "there is no body 'Board of Zed'. Known are: Full Governing Body, Resources Committee" in str(refused.value)
    assert counts(room) == [0] * 5


def test_many_rows_take_few_statements(room: Room) -> None:
    from tests.adoption.test_register import counted

    rows = []
    for number in range(30):
        policy = room.policy(f"Policy {number}")
        rows += [row(policy, room.version(policy), OLD), row(policy, room.version(policy))]
    with counted() as sent:
        assert load(room, *rows) == 60
    assert len(sent) < 20
