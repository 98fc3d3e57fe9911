"""The register on a day, on both databases: what is in force, how it stands, and how few statements it takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from governance.adoption import actions
from governance.adoption.kinds import Kind
from governance.adoption.register import Filters, RegisterRow, in_force_on, policy_row, register, reviews_due
from governance.adoption.states import State
from governance.db import db
from governance.extract.dates import parse_stated
from governance.people.models import Post, PostHolder
from governance.policies.models import Policy
from tests.adoption.room import HELEN, TODAY, TYPED_IN, Room, open_room


def on(room: Room, policy: Policy, day: dt.date = TODAY) -> RegisterRow:
    row = policy_row(room.session, room.scope, day, policy.id)
    assert row is not None
    return row


def titles(room: Room, **filters: object) -> list[str]:
    return [row.title for row in register(room.session, room.scope, TODAY, Filters(**filters)).rows]  # type: ignore[arg-type]


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    yield sent
    event.remove(db.engine, "before_cursor_execute", count)


def test_a_policy_says_what_is_in_force_and_who_decided_it(room: Room) -> None:
    policy = room.policy(review_every_months=12, approving_body_id=room.body.id)
    version = room.version(policy)
    decision = room.decide(version, minute="2026/31", next_review=parse_stated("September 2027"))
    row = on(room, policy)
    assert (row.state, row.flags, row.version, row.version_number) == (State.IN_FORCE, (), version.public_id, 1)
    assert (row.decision, row.decision_kind, row.decided_by) == (
        decision.public_id,
        Kind.ADOPTED,
        "Full Governing Body",
    )
    assert row.decided is not None and row.decided.in_words() == "24 September 2026"
    assert row.in_force_since is not None and row.in_force_since.in_words() == "24 September 2026"
    assert row.next_review is not None and row.next_review.in_words() == "September 2027"
    assert (row.minute, row.approving_body, row.review_every_months) == ("2026/31", "Full Governing Body", 12)


def test_the_day_before_it_was_decided_it_was_a_draft(room: Room) -> None:
    policy = room.policy()
    room.decide(room.version(policy))
    assert on(room, policy, dt.date(2026, 9, 23)).state is State.DRAFT
    assert on(room, policy, dt.date(2026, 9, 24)).state is State.IN_FORCE


def test_a_vague_decision_is_said_as_it_was_written(room: Room) -> None:
    policy = room.policy()
    room.decide(room.version(policy), "September 2022")
    row = on(room, policy)
    assert row.decided is not None and row.decided.in_words() == "September 2022"
    assert row.in_force_since is not None and row.in_force_since.in_words() == "September 2022"


def test_the_headteachers_approval_names_the_office(room: Room) -> None:
    policy = room.policy()
    room.approve(room.version(policy), subject_to_ratification=True)
    row = on(room, policy)
    assert (row.decided_by, row.state) == ("Ike Okafor, headteacher", State.AWAITING_RATIFICATION)


def test_ratified_it_is_in_force_from_that_day_without_awaiting_anything(room: Room) -> None:
    policy = room.policy()
    version = room.version(policy)
    room.approve(version, "1 September 2026", subject_to_ratification=True)
    actions.ratify(room.session, room.scope, HELEN, room.facts(version), TYPED_IN)
    assert on(room, policy, dt.date(2026, 9, 23)).state is State.AWAITING_RATIFICATION
    assert on(room, policy, dt.date(2026, 9, 24)).state is State.IN_FORCE


def test_not_ratified_the_earlier_version_is_in_force_again_with_its_own_review(room: Room) -> None:
    policy = room.policy()
    one, two = room.version(policy), room.version(policy)
    room.decide(one, "1 September 2025", next_review=parse_stated("1 December 2026"))
    room.approve(two, "1 September 2026", subject_to_ratification=True, next_review=parse_stated("1 September 2028"))
    actions.not_ratified(room.session, room.scope, HELEN, room.facts(two), TYPED_IN)
    before, after = on(room, policy, dt.date(2026, 9, 23)), on(room, policy)
    assert (before.version_number, before.next_review_on) == (2, dt.date(2028, 9, 1))
    assert (after.version_number, after.next_review_on) == (1, dt.date(2026, 12, 1))
    assert (after.state, after.awaiting_number) == (State.IN_FORCE, None)


def test_not_ratified_with_nothing_before_it_is_a_draft_again(room: Room) -> None:
    policy = room.policy()
    version = room.version(policy)
    room.approve(version, "1 September 2026", subject_to_ratification=True)
    actions.not_ratified(room.session, room.scope, HELEN, room.facts(version), TYPED_IN)
    assert on(room, policy).state is State.DRAFT


def test_a_corrected_decision_never_counts(room: Room) -> None:
    policy = room.policy()
    one, two = room.version(policy), room.version(policy)
    room.decide(one, "1 September 2025", next_review=parse_stated("1 September 2026"))
    wrong = room.decide(two, next_review=parse_stated("24 September 2027"))
    facts = room.facts(two, kind=Kind.DEFERRED, reason="It was put off")
    actions.correct(room.session, room.scope, HELEN, wrong, facts, TYPED_IN)
    row = on(room, policy)
    assert (row.version_number, row.next_review_on) == (1, dt.date(2026, 9, 1))
    assert row.flags == (State.NEW_VERSION_AWAITING, State.REVIEW_LATE)
    assert row.awaiting == two.public_id


def test_a_rejected_version_no_longer_awaits_a_decision(room: Room) -> None:
    policy = room.policy()
    room.decide(room.version(policy), "1 September 2025", next_review=parse_stated("1 September 2027"))
    two = room.version(policy)
    assert on(room, policy).flags == (State.NEW_VERSION_AWAITING,)
    room.decide(two, kind=Kind.REJECTED)
    assert on(room, policy).flags == ()


def test_a_version_decided_but_not_yet_in_force_awaits_nothing_and_renews_the_review(room: Room) -> None:
    policy = room.policy()
    room.decide(room.version(policy), "1 September 2025", next_review=parse_stated("1 October 2026"))
    later = {"in_force_on": dt.date(2027, 1, 1), "next_review": parse_stated("1 September 2027")}
    room.decide(room.version(policy), **later)
    row = on(room, policy)
    assert (row.version_number, row.flags) == (1, ())
    assert on(room, policy, dt.date(2027, 1, 1)).version_number == 2


def test_in_force_since_is_the_first_day_of_an_unbroken_run(room: Room) -> None:
    policy = room.policy()
    one, two = room.version(policy), room.version(policy)
    for version, decided in ((one, "1 September 2021"), (two, "September 2023"), (two, "1 September 2025")):
        room.decide(version, decided)
    since = on(room, policy).in_force_since
    assert since is not None and since.in_words() == "September 2023"
    since = on(room, policy, dt.date(2022, 1, 1)).in_force_since
    assert since is not None and since.in_words() == "1 September 2021"


def test_review_states_follow_the_last_day_of_a_vague_review(room: Room) -> None:
    policy = room.policy()
    room.decide(room.version(policy), "1 September 2025", next_review=parse_stated("October 2026"))
    assert on(room, policy, dt.date(2026, 7, 30)).flags == ()
    assert on(room, policy, dt.date(2026, 7, 31)).flags == (State.REVIEW_DUE,)
    assert on(room, policy, dt.date(2026, 10, 31)).flags == (State.REVIEW_DUE,)
    assert on(room, policy, dt.date(2026, 11, 1)).flags == (State.REVIEW_LATE,)


def test_a_review_without_change_renews_the_date(room: Room) -> None:
    policy = room.policy()
    version = room.version(policy)
    room.decide(version, "1 September 2025", next_review=parse_stated("September 2026"))
    facts = room.facts(version, next_review=parse_stated("September 2027"))
    actions.review_without_change(room.session, room.scope, HELEN, facts, TYPED_IN)
    row = on(room, policy)
    assert (row.next_review_on, row.decision_kind) == (dt.date(2027, 9, 30), Kind.ADOPTED)


def test_a_ratification_without_a_date_leaves_the_review_as_it_was(room: Room) -> None:
    policy = room.policy()
    version = room.version(policy)
    room.approve(version, "1 September 2026", subject_to_ratification=True, next_review=parse_stated("September 2027"))
    actions.ratify(room.session, room.scope, HELEN, room.facts(version), TYPED_IN)
    assert on(room, policy).next_review_on == dt.date(2027, 9, 30)


def test_adoption_not_recorded(room: Room) -> None:
    undated, undecided, draft = room.policy("Undated"), room.policy("Undecided"), room.policy("Draft")
    room.decide(room.version(undated), "not recorded", body=None, in_force_on=dt.date(2021, 9, 1))
    room.version(undecided, reviewed="September 2024")
    room.version(draft, updated="September 2026")
    states = {row.title: row.state for row in register(room.session, room.scope, TODAY).rows}
    assert states == {
        "Draft": State.DRAFT,
        "Undated": State.ADOPTION_NOT_RECORDED,
        "Undecided": State.ADOPTION_NOT_RECORDED,
    }
    assert on(room, undated).flags == (State.NO_REVIEW_DATE,)


def test_a_retired_policy_shows_only_when_asked_for_and_names_what_replaced_it(room: Room) -> None:
    new = room.policy("Behaviour")
    room.policy("Exclusions", retired_on=dt.date(2026, 8, 31), replaced_by_id=new.id)
    assert titles(room) == ["Behaviour"]
    (retired,) = register(room.session, room.scope, TODAY, Filters(state=State.RETIRED)).rows
    assert (retired.replaced_by, retired.replaced_by_title) == (new.public_id, "Behaviour")


def test_the_owner_is_a_post_with_its_holder_of_the_day(room: Room) -> None:
    mine = {"organisation_id": room.scope.organisation_id}
    post = Post(**mine, name="Safeguarding lead", name_key="safeguarding lead")
    room.session.add(post)
    room.session.flush()
    policy = room.policy(owner_post_id=post.id)
    spell = {"from_on": dt.date(2024, 9, 1), "until_on": dt.date(2026, 8, 31)}
    room.session.add(PostHolder(**mine, post_id=post.id, person_id=room.iqbal.id, **spell))
    room.session.flush()
    assert (on(room, policy).owner, on(room, policy).holder) == ("Safeguarding lead", None)
    assert on(room, policy, dt.date(2026, 8, 31)).holder == "Sana Iqbal"
    assert titles(room, owner_post_id=post.id) == ["Child protection"]


@pytest.mark.parametrize("search", ["CHILD", "protection", "child  prot", "Créche", "100%", "_", "under_16", "\\"])
def test_search_takes_every_sign_as_itself(room: Room, search: str) -> None:
    for title in ("Child protection", "Creche", "100% attendance", "Under_16s", "A\\B", "Plain"):
        room.policy(title, reference=f"R{len(title)}{title[0]}")
    expected = {
        "CHILD": ["Child protection"],
        "protection": ["Child protection"],
        "child  prot": ["Child protection"],
        "Créche": ["Creche"],
        "100%": ["100% attendance"],
        "_": ["Under_16s"],
        "under_16": ["Under_16s"],
        "\\": ["A\\B"],
    }
    assert titles(room, search=search) == expected[search]


def test_filters_and_counts(room: Room) -> None:
    for title in ("Attendance", "Behaviour"):
        room.decide(room.version(room.policy(title, approving_body_id=room.body.id)))
    room.policy("Code of conduct", kind="agreement", approving_body_id=room.committee.id)
    page = register(room.session, room.scope, TODAY, Filters(state=State.NO_REVIEW_DATE))
    assert [row.title for row in page.rows] == ["Attendance", "Behaviour"]
    assert page.counts == {State.IN_FORCE: 2, State.NO_REVIEW_DATE: 2, State.DRAFT: 1}
    assert titles(room, kind="agreement") == titles(room, approving_body_id=room.committee.id) == ["Code of conduct"]


def test_pages_out_of_range_give_the_nearest(room: Room) -> None:
    for number in range(5):
        room.policy(f"Policy {number}")
    page = register(room.session, room.scope, TODAY, page=10**9, per_page=2)
    assert (page.number, page.pages, page.total, len(page.rows)) == (3, 3, 5, 1)
    assert register(room.session, room.scope, TODAY, page=-1, per_page=2).number == 1


def test_zed_of_another_school_sees_none_of_it(room: Room) -> None:
    policy = room.policy()
    room.decide(room.version(policy))
    zeds = open_room(room.session, "zedfield")
    assert register(zeds.session, zeds.scope, TODAY).total == 0
    assert policy_row(zeds.session, zeds.scope, TODAY, policy.id) is None


def test_a_policy_recorded_later_is_not_in_the_register_of_an_earlier_day(room: Room) -> None:
    recorded = dt.datetime(2026, 10, 1, 23, 30, tzinfo=dt.UTC)  # 2 October in London
    policy = room.policy(recorded_at=recorded)
    assert policy_row(room.session, room.scope, dt.date(2026, 10, 1), policy.id) is None
    assert on(room, policy, dt.date(2026, 10, 2)).state is State.DRAFT


def test_reviews_due_are_late_ones_first_and_undated_ones_last(room: Room) -> None:
    for title, review in (
        ("Attendance", "1 January 2027"),
        ("Behaviour", "1 October 2026"),
        ("Code", ""),
        ("Data", "2030"),
    ):
        room.decide(room.version(room.policy(title)), next_review=parse_stated(review) if review else None)
    found = reviews_due(room.session, room.scope, TODAY, dt.date(2027, 1, 20))
    assert [row.title for row in found] == ["Behaviour", "Attendance", "Code"]
    assert len(in_force_on(room.session, room.scope, TODAY)) == 4


@pytest.mark.parametrize("policies", [4, 40])
def test_the_register_is_one_statement_whatever_its_length(room: Room, policies: int) -> None:
    for number in range(policies):
        room.decide(room.version(room.policy(f"Policy {number}")))
    with counted() as sent:
        assert register(room.session, room.scope, TODAY).total == policies
    assert len(sent) == 1
