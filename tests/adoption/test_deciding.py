"""Decisions and what follows from them, on both databases."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from sqlalchemy import func, select

from governance.adoption import actions
from governance.adoption.asking import EVERYONE, Ask
from governance.adoption.kinds import Kind, MakerKind
from governance.adoption.models import Asking, Decision, InForce, MinuteReference
from governance.adoption.warnings import warnings_about
from governance.errors import Refusal
from governance.extract.dates import not_recorded, parse_stated
from governance.journal.models import JournalEntry
from governance.journal.verify import verify
from tests.adoption.room import HELEN, TODAY, TYPED_IN, Room, open_room

SEPTEMBER = dt.date(2026, 9, 24)


def entries(room: Room) -> list[tuple[str, dict[str, object]]]:
    rows = room.session.execute(select(JournalEntry.event, JournalEntry.payload).order_by(JournalEntry.seq))
    return [(event, json.loads(payload or "{}")) for event, payload in rows]


def test_a_decision_is_recorded_with_its_minute_what_is_in_force_and_its_entry(room: Room) -> None:
    policy = room.policy()
    version = room.version(policy)
    decision = room.decide(version, minute=" 2026/31 ", next_review=parse_stated("September 2027"))
    assert (decision.kind, decision.decided_on, decision.decided_latest_on) == ("adopted", SEPTEMBER, SEPTEMBER)
    assert (decision.next_review_on, decision.next_review_precision) == (dt.date(2027, 9, 30), "month")
    assert room.rows(policy) == [(1, SEPTEMBER, "day", False)]
    assert room.session.scalars(select(MinuteReference.reference)).all() == ["2026/31"]
    ((event, payload),) = entries(room)
    assert event == "decision recorded"
    assert payload["decided"] == ["2026-09-24", "2026-09-24", "day"]
    assert (payload["minute"], payload["asked"], payload["by"]) == ("2026/31", [], "Helen Marsh")
    assert payload["in_force"] == [version.public_id, "2026-09-24", "day", False]
    assert verify(room.session, room.scope).fault is None


def test_before_a_school_starts_asking_nobody_is_asked(room: Room) -> None:
    decision = room.decide(room.version(room.policy()), ask=EVERYONE)
    assert room.asked(decision) == []


def test_a_decision_of_24_september_typed_in_on_20_october_asks_from_20_october(room: Room) -> None:
    room.start_asking()
    decision = room.decide(room.version(room.policy()), ask=EVERYONE)
    assert room.asked(decision) == [(None, TODAY)]


def test_a_version_in_force_later_asks_from_then(room: Room) -> None:
    room.start_asking()
    later = dt.date(2026, 11, 2)
    decision = room.decide(room.version(room.policy()), in_force_on=later, ask=EVERYONE)
    assert room.asked(decision) == [(None, later)]


def test_chosen_categories_are_asked_and_a_minor_change_asks_nobody(room: Room) -> None:
    room.start_asking()
    chosen = (room.categories["teachers"], room.categories["governors"])
    decision = room.decide(room.version(room.policy()), ask=Ask(category_ids=chosen))
    assert room.asked(decision) == [(chosen[0], TODAY), (chosen[1], TODAY)]
    assert entries(room)[-1][1]["asked"] == [["teachers", "2026-10-20"], ["governors", "2026-10-20"]]
    assert room.asked(room.decide(room.version(room.policy("Attendance")))) == []


def test_another_schools_category_cannot_be_asked(room: Room) -> None:
    zeds = open_room(room.session, "zedfield")
    room.start_asking()
    with pytest.raises(Refusal, match="not your school's"):
        room.decide(room.version(room.policy()), ask=Ask(category_ids=(zeds.categories["teachers"],)))


def test_history_says_who_was_asked_at_the_time(room: Room) -> None:
    past = Ask(everyone=True, from_on=SEPTEMBER, history=True)
    assert room.asked(room.decide(room.version(room.policy()), ask=past)) == [(None, SEPTEMBER)]


def test_a_vague_decision_is_in_force_from_its_last_day(room: Room) -> None:
    policy = room.policy()
    decision = room.decide(room.version(policy), "September 2022")
    assert room.rows(policy) == [(1, dt.date(2022, 9, 30), "month", False)]
    assert (decision.decided_on, decision.decided_precision) == (dt.date(2022, 9, 1), "month")


def test_a_decision_that_nobody_wrote_down_is_in_force_from_the_day_given_or_today(room: Room) -> None:
    policy = room.policy()
    room.decide(room.version(policy), "not recorded", body=None, in_force_on=dt.date(2021, 9, 1))
    room.decide(room.version(policy), "not recorded", body=None)
    assert room.rows(policy) == [(1, dt.date(2021, 9, 1), "not_recorded", False), (2, TODAY, "not_recorded", False)]


@pytest.mark.parametrize("kind", [Kind.DEFERRED, Kind.REJECTED, Kind.NOTED])
def test_what_is_not_adopted_is_not_in_force(room: Room, kind: Kind) -> None:
    policy = room.policy()
    room.decide(room.version(policy), kind=kind, ask=EVERYONE)
    assert room.rows(policy) == []


def test_a_refusal_stores_nothing(room: Room) -> None:
    with pytest.raises(Refusal) as refused:
        room.decide(room.version(room.policy()), "1 January 2027", next_review=parse_stated("1 January 2026"))
    assert [objection.field for objection in refused.value.objections] == ["decided_on", "next_review"]
    for model in (Decision, InForce, Asking, JournalEntry):
        assert room.session.scalar(select(func.count()).select_from(model)) == 0


def test_the_same_act_twice_is_refused_and_a_later_readoption_is_not(room: Room) -> None:
    version = room.version(room.policy())
    room.decide(version)
    with pytest.raises(Refusal, match="already recorded as adopted by Full Governing Body on 24 September 2026"):
        room.decide(version)
    room.decide(version, "1 October 2026")


def test_row_29_is_read_from_the_document_itself(room: Room) -> None:
    version = room.version(room.policy(), updated="October 2026")
    with pytest.raises(Refusal, match="updated in October 2026"):
        room.decide(version)
    room.decide(version, kind=Kind.AMENDED)


def test_the_model_policy_is_adopted_on_12_september_2022(room: Room) -> None:
    version = room.version(room.policy("Social Media"), updated="September 2022")
    room.decide(version, "12/09/2022")


def test_a_cancelled_meeting_decides_nothing(room: Room) -> None:
    meeting = room.meeting(SEPTEMBER, state="cancelled")
    with pytest.raises(Refusal, match="cancelled"):
        room.decide(room.version(room.policy()), meeting=meeting)


class TestOffices:
    """People decide by the office they hold on the day."""

    def test_the_headteacher_approves(self, room: Room) -> None:
        policy = room.policy()
        decision = room.approve(room.version(policy))
        assert (decision.person_id, decision.office, decision.body_id) == (room.okafor.id, "headteacher", None)
        assert room.rows(policy) == [(1, SEPTEMBER, "day", False)]

    def test_a_chair_whose_term_is_over_does_not(self, room: Room) -> None:
        version = room.version(room.policy())
        with pytest.raises(Refusal, match="Iqbal was not chair of governors on 24 September 2026"):
            room.approve(version, person=room.iqbal, office=MakerKind.CHAIR)
        room.approve(version, "31 August 2026", person=room.iqbal, office=MakerKind.CHAIR)

    def test_nobody_is_headteacher_before_taking_up_the_post(self, room: Room) -> None:
        with pytest.raises(Refusal, match="Okafor was not headteacher on 31 August 2021"):
            room.approve(room.version(room.policy()), "31 August 2021")

    def test_outside_guidance_is_issued(self, room: Room) -> None:
        policy = room.policy("Keeping children safe in education", kind="guidance")
        room.approve(room.version(policy), kind=Kind.ISSUED, reason="")
        assert room.rows(policy) == [(1, SEPTEMBER, "day", False)]


class TestRatification:
    """Approved subject to ratification: in force at once, and back out if the board says no."""

    def test_ratified_leaves_it_in_force(self, room: Room) -> None:
        policy = room.policy()
        version = room.version(policy)
        room.approve(version, "1 September 2026", subject_to_ratification=True)
        actions.ratify(room.session, room.scope, HELEN, room.facts(version), TYPED_IN)
        assert room.rows(policy) == [(1, dt.date(2026, 9, 1), "day", True)]
        with pytest.raises(Refusal, match="not awaiting ratification"):
            actions.ratify(room.session, room.scope, HELEN, room.facts(version, "1 October 2026"), TYPED_IN)

    def test_not_ratified_puts_the_earlier_version_back_and_asks_whoever_was_asked(self, room: Room) -> None:
        room.start_asking()
        policy = room.policy()
        one, two = room.version(policy), room.version(policy)
        teachers, governors = room.categories["teachers"], room.categories["governors"]
        earlier = Ask(category_ids=(teachers,), from_on=dt.date(2025, 9, 1), history=True)
        room.decide(one, "1 September 2025", ask=earlier)
        room.approve(two, "1 September 2026", subject_to_ratification=True, ask=Ask(category_ids=(governors,)))
        refused = actions.not_ratified(room.session, room.scope, HELEN, room.facts(two), TYPED_IN)
        assert room.rows(policy)[-1] == (1, SEPTEMBER, "day", False)
        assert room.asked(refused) == [(teachers, TODAY), (governors, TODAY)]

    def test_not_ratified_before_it_was_to_be_in_force_keeps_it_from_ever_being_so(self, room: Room) -> None:
        policy = room.policy()
        one, two = room.version(policy), room.version(policy)
        room.decide(one, "1 September 2025")
        room.approve(two, "1 September 2026", subject_to_ratification=True, in_force_on=dt.date(2027, 1, 1))
        actions.not_ratified(room.session, room.scope, HELEN, room.facts(two), TYPED_IN)
        assert room.rows(policy)[-1] == (1, dt.date(2027, 1, 1), "day", False)

    def test_not_ratified_with_nothing_before_it_puts_nothing_back(self, room: Room) -> None:
        policy = room.policy()
        version = room.version(policy)
        room.approve(version, "1 September 2026", subject_to_ratification=True)
        actions.not_ratified(room.session, room.scope, HELEN, room.facts(version), TYPED_IN)
        assert len(room.rows(policy)) == 1


class TestReviewing:
    """A review without change renews the date and nothing else."""

    def test_it_makes_no_version_and_no_in_force_row(self, room: Room) -> None:
        policy = room.policy()
        version = room.version(policy)
        room.decide(version, "1 September 2025")
        facts = room.facts(version, next_review=parse_stated("September 2027"))
        decision = actions.review_without_change(room.session, room.scope, HELEN, facts, TYPED_IN)
        assert (decision.kind, decision.next_review_on) == ("reviewed", dt.date(2027, 9, 30))
        assert len(room.rows(policy)) == 1

    def test_only_the_version_in_force_on_that_day_can_be(self, room: Room) -> None:
        policy = room.policy()
        one, two = room.version(policy), room.version(policy)
        room.decide(one, "1 September 2025")
        room.decide(two, "1 October 2026")
        actions.review_without_change(room.session, room.scope, HELEN, room.facts(one), TYPED_IN)
        with pytest.raises(Refusal, match="Version 1 is not in force"):
            actions.review_without_change(room.session, room.scope, HELEN, room.facts(one, "5 October 2026"), TYPED_IN)


class TestCorrecting:
    """Decided means fixed; a mistake is corrected by a new record that names the old one."""

    def test_the_new_facts_take_the_place_of_the_old(self, room: Room) -> None:
        room.start_asking()
        policy = room.policy()
        version = room.version(policy)
        wrong = room.decide(version, minute="2026/31", ask=EVERYONE)
        facts = room.facts(version, "17 September 2026", reason="The meeting was a week earlier")
        right = actions.correct(room.session, room.scope, HELEN, wrong, facts, TYPED_IN)
        assert right.corrects_id == wrong.id
        assert room.rows(policy) == [(1, SEPTEMBER, "day", False), (1, dt.date(2026, 9, 17), "day", False)]
        assert room.asked(right) == [(None, TODAY)]
        minutes = room.session.scalars(select(MinuteReference.reference).where(MinuteReference.decision_id == right.id))
        assert minutes.all() == ["2026/31"]
        assert entries(room)[-1][0] == "decision corrected"

    def test_a_reason_is_needed(self, room: Room) -> None:
        version = room.version(room.policy())
        wrong = room.decide(version)
        with pytest.raises(Refusal, match="Enter why the earlier record was wrong"):
            actions.correct(room.session, room.scope, HELEN, wrong, room.facts(version), TYPED_IN)

    def test_only_the_last_of_a_chain_is_corrected(self, room: Room) -> None:
        version = room.version(room.policy())
        wrong = room.decide(version)
        facts = room.facts(version, "17 September 2026", reason="A week earlier")
        right = actions.correct(room.session, room.scope, HELEN, wrong, facts, TYPED_IN)
        with pytest.raises(Refusal, match="corrected already"):
            actions.correct(room.session, room.scope, HELEN, wrong, facts, TYPED_IN)
        again = room.facts(version, "18 September 2026", reason="A day later")
        actions.correct(room.session, room.scope, HELEN, right, again, TYPED_IN)

    def test_it_stays_with_its_policy(self, room: Room) -> None:
        wrong = room.decide(room.version(room.policy()))
        other = room.facts(room.version(room.policy("Attendance")), reason="The wrong policy")
        with pytest.raises(Refusal, match="entered by mistake"):
            actions.correct(room.session, room.scope, HELEN, wrong, other, TYPED_IN)

    def test_an_entry_made_by_mistake_leaves_nothing_in_force(self, room: Room) -> None:
        policy = room.policy()
        version = room.version(policy)
        wrong = room.decide(version)
        facts = room.facts(version, kind=Kind.MISTAKEN, reason="It was the attendance policy")
        actions.correct(room.session, room.scope, HELEN, wrong, facts, TYPED_IN)
        assert len(room.rows(policy)) == 1
        room.decide(version)

    def test_its_asking_is_carried_over_no_earlier_than_in_force(self, room: Room) -> None:
        room.start_asking()
        version = room.version(room.policy())
        wrong = room.decide(version, ask=EVERYONE)
        later = dt.date(2026, 11, 2)
        facts = room.facts(version, in_force_on=later, reason="In force after half-term")
        assert room.asked(actions.correct(room.session, room.scope, HELEN, wrong, facts, TYPED_IN)) == [(None, later)]


def test_a_minute_reference_may_come_later_and_the_latest_counts(room: Room) -> None:
    decision = room.decide(room.version(room.policy()))
    for reference in ("2026/31", " 2026/31 ", "2026/32"):
        actions.add_minute_reference(room.session, room.scope, HELEN, decision, reference, TYPED_IN)
    assert room.session.scalars(select(MinuteReference.reference).order_by(MinuteReference.id)).all() == [
        "2026/31",
        "2026/32",
    ]
    for bad in ("  ", "x" * 61):
        with pytest.raises(Refusal):
            actions.add_minute_reference(room.session, room.scope, HELEN, decision, bad, TYPED_IN)


def test_a_missing_delegation_is_a_warning_and_no_refusal(room: Room) -> None:
    version = room.version(room.policy())
    facts = room.facts(
        version, kind=Kind.APPROVED, person=room.okafor, office=MakerKind.HEADTEACHER, reason="Term begins"
    )
    (message,) = warnings_about(room.session, room.scope, facts)
    assert message.startswith("No power over this policy is recorded as delegated to Ike Okafor.")
    assert warnings_about(room.session, room.scope, room.facts(version)) == []
    assert not_recorded().precision == "not_recorded"
