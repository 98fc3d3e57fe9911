"""Agendas: what ought to be on one, what is, and what became of it."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from governance.adoption import actions
from governance.adoption.agenda import AsksFor, drop_from_agenda, not_quorate, put_on_agenda, reorder
from governance.adoption.kinds import Kind
from governance.adoption.proposing import ProposedItem, proposed_agenda
from governance.adoption.queries import decisions_of_meeting, meeting_agenda, timeline
from governance.errors import Refusal
from governance.extract.dates import parse_stated
from governance.policies.models import Policy, PolicyVersion
from governance.schools.models import Meeting
from tests.adoption.room import HELEN, TYPED_IN, Room

LAST, NEXT, AFTER = dt.date(2026, 7, 2), dt.date(2026, 12, 3), dt.date(2027, 3, 18)


@pytest.fixture
def meeting(room: Room) -> Meeting:
    room.meeting(LAST, state="held")
    room.meeting(AFTER)
    room.meeting(dt.date(2027, 1, 20), state="cancelled")
    return room.meeting(NEXT)


def proposals(room: Room, meeting: Meeting) -> dict[str, ProposedItem]:
    return {item.title: item for item in proposed_agenda(room.session, room.scope, meeting)}


def put(room: Room, meeting: Meeting, policy: Policy, asks_for: AsksFor = AsksFor.REVIEW) -> None:
    put_on_agenda(room.session, room.scope, HELEN, meeting, policy, asks_for, TYPED_IN)


def titles(room: Room, meeting: Meeting) -> list[str]:
    return [row.title for row in meeting_agenda(room.session, room.scope, meeting.id)]


class TestProposed:
    """What a body ought to have before it."""

    def test_reviews_due_before_its_next_meeting_after_this_one(self, room: Room, meeting: Meeting) -> None:
        for title, review in (("Late", "1 October 2026"), ("Due", "17 March 2027"), ("Later", "18 March 2027")):
            room.decide(room.version(room.policy(title)), "1 September 2025", next_review=parse_stated(review))
        found = proposals(room, meeting)
        assert list(found) == ["Due", "Late"]
        assert found["Late"].asks_for is AsksFor.REVIEW
        assert found["Late"].reasons == ("Its review was due by 1 October 2026",)
        assert found["Due"].reasons == ("Its review is due by 17 March 2027",)

    def test_versions_that_await_adoption(self, room: Room, meeting: Meeting) -> None:
        policy = room.policy()
        version = room.version(policy)
        (item,) = proposals(room, meeting).values()
        assert (item.asks_for, item.version_id, item.reasons) == (
            AsksFor.ADOPT,
            version.id,
            ("Version 1 awaits a decision",),
        )

    def test_approvals_to_ratify_come_first_and_others_are_reported_back(self, room: Room, meeting: Meeting) -> None:
        later = parse_stated("September 2028")
        for title, pending in (("Absence", False), ("Zoo visits", True)):
            room.approve(room.version(room.policy(title)), subject_to_ratification=pending, next_review=later)
        found = proposals(room, meeting)
        assert [(title, item.asks_for) for title, item in found.items()] == [
            ("Zoo visits", AsksFor.RATIFY),
            ("Absence", AsksFor.NOTE),
        ]
        assert found["Absence"].reasons == ("Version 1 was decided by Ike Okafor, headteacher since the last meeting",)

    def test_an_approval_from_before_the_last_meeting_was_reported_then(self, room: Room, meeting: Meeting) -> None:
        later = parse_stated("September 2028")
        room.approve(room.version(room.policy()), "1 July 2026", next_review=later)
        assert proposals(room, meeting) == {}

    def test_what_the_body_put_off(self, room: Room, meeting: Meeting) -> None:
        policy = room.policy()
        room.decide(room.version(policy), "1 September 2025", next_review=parse_stated("2029"))
        two = room.version(policy)
        actions.defer(room.session, room.scope, HELEN, room.facts(two), TYPED_IN)
        (item,) = proposals(room, meeting).values()
        assert item.asks_for is AsksFor.ADOPT
        assert item.reasons == ("Version 2 awaits a decision", "Put off from an earlier meeting")

    def test_what_was_put_off_to_a_day_comes_back_at_the_first_meeting_from_then(
        self, room: Room, meeting: Meeting
    ) -> None:
        policy = room.policy()
        version = room.version(policy)
        until = {"kind": Kind.DEFERRED, "deferred_to": dt.date(2027, 1, 1)}
        room.decide(version, "2 July 2026", **until)
        assert proposals(room, meeting) == {}
        after = room.session.scalars(select(Meeting).where(Meeting.held_on == AFTER)).one()
        assert proposals(room, after)["Child protection"].reasons == (
            "Version 1 awaits a decision",
            "Put off until 1 January 2027",
        )

    @pytest.mark.parametrize(
        ("state", "why"),
        [
            ("cancelled", "The meeting of 2 October 2026 was cancelled"),
            ("inquorate", "The meeting of 2 October 2026 was not quorate"),
            ("held", "Not decided on 2 October 2026"),
        ],
    )
    def test_items_of_a_meeting_that_decided_nothing_roll_on(
        self, room: Room, meeting: Meeting, state: str, why: str
    ) -> None:
        policy, dropped, decided = (room.policy(title) for title in ("Behaviour", "Trips", "Pay"))
        missed = room.meeting(dt.date(2026, 10, 2))
        for one in (policy, dropped, decided):
            room.decide(room.version(one), "1 September 2025", next_review=parse_stated("2029"))
            put(room, missed, one)
        rows = {row.title: row for row in meeting_agenda(room.session, room.scope, missed.id)}
        drop_from_agenda(room.session, room.scope, HELEN, _item(room, rows["Trips"].id), TYPED_IN)
        actions.review_without_change(
            room.session, room.scope, HELEN, room.facts(_in_force(room, decided), "9 October 2026"), TYPED_IN
        )
        missed.state = state
        room.session.flush()
        found = proposals(room, meeting)
        assert {title: (item.asks_for, item.reasons) for title, item in found.items()} == {
            "Behaviour": (AsksFor.REVIEW, (why,))
        }

    def test_what_is_planned_for_a_later_meeting_of_the_body_is_not_proposed_for_an_earlier_one(
        self, room: Room, meeting: Meeting
    ) -> None:
        after = room.session.scalars(select(Meeting).where(Meeting.held_on == AFTER)).one()
        new, reviewed, late = room.policy("New"), room.policy("Reviewed in time"), room.policy("Too late by then")
        room.version(new)
        for policy, review in ((reviewed, "18 March 2027"), (late, "17 March 2027")):
            room.decide(room.version(policy), "1 September 2025", next_review=parse_stated(review))
        room.version(reviewed)
        assert list(proposals(room, meeting)) == ["New", "Reviewed in time", "Too late by then"]
        for policy in (new, reviewed, late):
            put(room, after, policy)
        found = proposals(room, meeting)
        assert {title: item.reasons for title, item in found.items()} == {
            "Too late by then": (
                "Its review is due by 17 March 2027",
                "It is planned for 18 March 2027, after its review's last day",
            )
        }

    @pytest.mark.parametrize("gone", ["dropped", "cancelled", "another body's"])
    def test_an_agenda_that_no_longer_holds_it_keeps_it_from_none(
        self, room: Room, meeting: Meeting, gone: str
    ) -> None:
        policy = room.policy("Pay", approving_body_id=room.body.id)
        room.version(policy)
        later = room.meeting(dt.date(2027, 2, 4), room.committee if gone == "another body's" else None)
        put(room, later, policy)
        if gone == "dropped":
            (row,) = meeting_agenda(room.session, room.scope, later.id)
            drop_from_agenda(room.session, room.scope, HELEN, _item(room, row.id), TYPED_IN)
        later.state = "cancelled" if gone == "cancelled" else "planned"
        room.session.flush()
        assert list(proposals(room, meeting)) == ["Pay"]

    def test_only_what_the_body_approves(self, room: Room, meeting: Meeting) -> None:
        room.version(room.policy("Pay", approving_body_id=room.committee.id))
        room.version(room.policy("Behaviour", approving_body_id=room.body.id))
        room.version(room.policy("Attendance"))
        assert list(proposals(room, meeting)) == ["Attendance", "Behaviour"]
        assert list(proposals(room, room.meeting(NEXT, room.committee))) == ["Pay"]

    def test_not_what_is_on_it_already_or_retired(self, room: Room, meeting: Meeting) -> None:
        policy = room.policy()
        room.version(policy)
        room.version(room.policy("Old", retired_on=dt.date(2026, 1, 1)))
        put(room, meeting, policy)
        assert proposals(room, meeting) == {}
        item = room.session.get_one(Meeting, meeting.id)
        row = meeting_agenda(room.session, room.scope, item.id)[0]
        drop_from_agenda(room.session, room.scope, HELEN, _item(room, row.id), TYPED_IN)
        assert list(proposals(room, meeting)) == ["Child protection"]


def _in_force(room: Room, policy: Policy) -> PolicyVersion:
    return room.session.scalars(select(PolicyVersion).where(PolicyVersion.policy_id == policy.id)).one()


def _item(room: Room, item_id: int):  # type: ignore[no-untyped-def]
    from governance.adoption.models import AgendaItem

    return room.session.get_one(AgendaItem, item_id)


class TestKeeping:
    """Putting on, dropping and ordering."""

    def test_items_stand_in_the_order_they_were_put_and_can_be_moved(self, room: Room, meeting: Meeting) -> None:
        for title in ("Attendance", "Behaviour", "Code"):
            put(room, meeting, room.policy(title))
        third = _item(room, meeting_agenda(room.session, room.scope, meeting.id)[2].id)
        reorder(room.session, room.scope, HELEN, meeting, third, -1, TYPED_IN)
        assert titles(room, meeting) == ["Attendance", "Code", "Behaviour"]
        reorder(room.session, room.scope, HELEN, meeting, third, -5, TYPED_IN)
        reorder(room.session, room.scope, HELEN, meeting, third, -1, TYPED_IN)
        assert titles(room, meeting) == ["Code", "Attendance", "Behaviour"]

    def test_a_dropped_item_comes_back_last(self, room: Room, meeting: Meeting) -> None:
        first, second = room.policy("Attendance"), room.policy("Behaviour")
        put(room, meeting, first)
        put(room, meeting, second)
        item = _item(room, meeting_agenda(room.session, room.scope, meeting.id)[0].id)
        drop_from_agenda(room.session, room.scope, HELEN, item, TYPED_IN)
        drop_from_agenda(room.session, room.scope, HELEN, item, TYPED_IN)
        with pytest.raises(Refusal, match="no longer on the agenda"):
            reorder(room.session, room.scope, HELEN, meeting, item, 1, TYPED_IN)
        assert titles(room, meeting) == ["Behaviour"]
        put(room, meeting, first, AsksFor.NOTE)
        assert titles(room, meeting) == ["Behaviour", "Attendance"]

    def test_a_cancelled_meeting_has_no_agenda_to_add_to(self, room: Room) -> None:
        with pytest.raises(Refusal, match="cancelled"):
            put(room, room.meeting(NEXT, state="cancelled"), room.policy())

    def test_a_version_of_another_policy_is_refused(self, room: Room, meeting: Meeting) -> None:
        other = room.version(room.policy("Attendance"))
        with pytest.raises(Refusal, match="another policy"):
            put_on_agenda(room.session, room.scope, HELEN, meeting, room.policy(), AsksFor.ADOPT, TYPED_IN, other)

    def test_a_decided_item_stays_and_is_not_decided_twice(self, room: Room) -> None:
        meeting = room.meeting(dt.date(2026, 9, 24))
        policy = room.policy()
        version = room.version(policy)
        put(room, meeting, policy, AsksFor.ADOPT)
        item = _item(room, meeting_agenda(room.session, room.scope, meeting.id)[0].id)
        decision = room.decide(version, meeting=meeting, item=item)
        with pytest.raises(Refusal, match="stays on the agenda"):
            drop_from_agenda(room.session, room.scope, HELEN, item, TYPED_IN)
        with pytest.raises(Refusal, match="decided at this meeting already"):
            put(room, meeting, policy)
        with pytest.raises(Refusal, match="decided already"):
            room.decide(version, kind=Kind.DEFERRED, meeting=meeting, item=item)
        (row,) = meeting_agenda(room.session, room.scope, meeting.id)
        assert row.decision is not None
        assert row.decision.decision == decision.public_id


def test_a_meetings_decisions_and_a_policys_timeline_keep_corrections(room: Room) -> None:
    room.start_asking()
    meeting = room.meeting(dt.date(2026, 9, 24))
    policy = room.policy()
    one, two = room.version(policy), room.version(policy)
    room.decide(one, "September 2025")
    wrong = room.decide(two, meeting=meeting, minute="2026/31")
    facts = room.facts(two, kind=Kind.AMENDED, meeting=meeting, reason="Clause 4 was changed")
    right = actions.correct(room.session, room.scope, HELEN, wrong, facts, TYPED_IN)
    held = decisions_of_meeting(room.session, room.scope, meeting.id)
    assert [(row.kind, row.stands, row.minute) for row in held] == [
        (Kind.ADOPTED, False, "2026/31"),
        (Kind.AMENDED, True, "2026/31"),
    ]
    assert (held[0].corrected_by, held[1].corrects) == (right.public_id, wrong.public_id)
    newest, oldest = timeline(room.session, room.scope, policy)
    assert (newest.version.number, [row.decision for row in newest.decisions]) == (
        2,
        [wrong.public_id, right.public_id],
    )
    (first,) = oldest.decisions
    assert (first.decided.in_words(), first.decided_by) == ("September 2025", "Full Governing Body")
    assert first.in_force_from is not None
    assert first.in_force_from.in_words() == "September 2025"


class TestNotQuorate:
    """Too few members came."""

    def test_nothing_can_be_decided_or_put_there_any_more(self, room: Room) -> None:
        missed, version = room.meeting(dt.date(2026, 10, 2)), room.version(room.policy())
        not_quorate(room.session, room.scope, HELEN, missed, TYPED_IN)
        assert missed.state == "inquorate"
        with pytest.raises(Refusal, match="not quorate, so it decided nothing"):
            room.decide(version, "2 October 2026", meeting=missed)
        with pytest.raises(Refusal, match="was not quorate"):
            put(room, missed, room.policy("Pay"))

    def test_a_meeting_to_come_or_with_decisions_cannot_be(self, room: Room) -> None:
        with pytest.raises(Refusal, match="known from that day"):
            not_quorate(room.session, room.scope, HELEN, room.meeting(NEXT), TYPED_IN)
        held = room.meeting(dt.date(2026, 10, 2))
        room.decide(room.version(room.policy()), "2 October 2026", meeting=held)
        with pytest.raises(Refusal, match="are on record"):
            not_quorate(room.session, room.scope, HELEN, held, TYPED_IN)
