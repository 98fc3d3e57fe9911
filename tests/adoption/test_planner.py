"""The year planner: what comes before which meeting, what has none in time, and moving it."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from governance.adoption.agenda import AsksFor, put_on_agenda
from governance.adoption.models import AgendaItem
from governance.adoption.moving import move_to_meeting
from governance.adoption.planned import Before, Review, Sitting, YearPlan, planned_year
from governance.adoption.planner import year_plan
from governance.adoption.queries import meeting_agenda
from governance.errors import Refusal
from governance.extract.dates import parse_stated
from governance.journal.models import JournalEntry
from governance.policies.models import Policy
from governance.schools.academic_year import AcademicYear, halves_of
from governance.schools.models import Meeting
from tests.adoption.room import HELEN, TODAY, TYPED_IN, Room

YEAR = AcademicYear(2026)
DECEMBER, MARCH, JULY = dt.date(2026, 12, 3), dt.date(2027, 3, 18), dt.date(2027, 7, 1)


class TestSpread:
    """The pure rules."""

    def sitting(self, held_on: dt.date = DECEMBER, policies: int = 0, **more: object) -> Sitting:
        before = tuple(Before(n, f"p{n}", f"Policy {n}", "review", on_agenda=False) for n in range(policies))
        values = {"state": "planned", "open": True, "before": before} | more
        return Sitting(held_on.toordinal(), str(held_on), 1, "Board", held_on, **values)  # type: ignore[arg-type]

    def plan(self, sittings: list[Sitting], *last_days: dt.date, today: dt.date = TODAY) -> YearPlan:
        reviews = [Review(n, f"p{n}", f"Policy {n}", 1, "Board", last_on) for n, last_on in enumerate(last_days)]
        return planned_year(YEAR, halves_of(YEAR, ()), sittings, reviews, today)

    @pytest.mark.parametrize(("policies", "too_many"), [(8, False), (9, True)])
    def test_a_meeting_is_overloaded_from_the_ninth_policy(self, policies: int, too_many: bool) -> None:
        assert [one.is_overloaded for one in self.plan([self.sitting(policies=policies)]).sittings] == [too_many]
        over = self.sitting(policies=policies, state="held", open=False)
        assert not over.is_overloaded

    def test_a_review_with_a_meeting_on_its_last_day_is_in_time_and_a_day_later_is_not(self) -> None:
        sittings = [self.sitting(policies=2)]
        plan = self.plan(sittings, DECEMBER, DECEMBER - dt.timedelta(days=1), JULY)
        assert [(one.review.title, one.first) for half in plan.halves for one in half.unplaced] == [
            ("Policy 1", sittings[0]),
            ("Policy 2", None),
        ]
        assert [half.due for half in plan.halves] == [0, 2, 0, 0, 0, 1]

    def test_a_late_review_is_told_in_the_current_year_unless_a_meeting_has_it(self) -> None:
        past = dt.date(2026, 6, 30)
        assert [review.title for review in self.plan([], past).late] == ["Policy 0"]
        assert self.plan([self.sitting(policies=1)], past).late == ()
        assert self.plan([], past, today=dt.date(2028, 1, 1)).late == ()

    def test_a_meeting_that_was_held_keeps_nobody_from_needing_another(self) -> None:
        held = self.sitting(dt.date(2026, 10, 1), policies=1, state="held", open=False)
        plan = self.plan([held], DECEMBER)
        assert [one.review.title for half in plan.halves for one in half.unplaced] == ["Policy 0"]
        assert plan.open_by_body == {}


@pytest.fixture
def december(room: Room) -> Meeting:
    room.meeting(dt.date(2026, 9, 24), state="held")
    room.meeting(JULY)
    room.meeting(dt.date(2027, 1, 20), state="cancelled")
    room.meeting(MARCH)
    return room.meeting(DECEMBER)


def of(room: Room, held_on: dt.date) -> Meeting:
    return room.session.scalars(select(Meeting).where(Meeting.held_on == held_on)).one()


def reviewed(room: Room, title: str, last_on: str, **facts: object) -> Policy:
    policy = room.policy(title, **facts)
    room.decide(room.version(policy), "1 September 2025", next_review=parse_stated(last_on))
    return policy


def plan(room: Room, year: AcademicYear = YEAR) -> YearPlan:
    return year_plan(room.session, room.scope, year, TODAY)


def before(room: Room, year: AcademicYear = YEAR) -> dict[str, list[str]]:
    """Each meeting's day with what is before it; a star for what is on the agenda."""
    return {
        f"{sitting.held_on:%B}": [one.title + "*" * one.on_agenda for one in sitting.before]
        for sitting in plan(room, year).sittings
    }


def move(room: Room, policy: Policy, source: Meeting, target: Meeting) -> None:
    move_to_meeting(room.session, room.scope, HELEN, policy, source, target, TYPED_IN)


class TestTheYear:
    """What a school has, spread over its meetings."""

    def test_each_policy_is_before_the_first_meeting_that_ought_to_have_it(self, room: Room, december: Meeting) -> None:
        reviewed(room, "Late", "1 October 2026")
        reviewed(room, "Before March", "17 March 2027")
        reviewed(room, "In spring", "1 May 2027")
        room.version(room.policy("New"))
        put_on_agenda(
            room.session, room.scope, HELEN, december, reviewed(room, "Early", "2028"), AsksFor.REVIEW, TYPED_IN
        )
        assert before(room) == {
            "September": [],
            "December": ["Early*", "New", "Before March", "Late"],
            "March": ["In spring"],
            "July": [],
        }

    def test_the_committee_s_own_come_before_it_and_what_it_may_not_decide_says_so(
        self, room: Room, december: Meeting
    ) -> None:
        room.meeting(dt.date(2026, 11, 12), room.committee)
        reviewed(room, "Pay", "1 December 2026", approving_body_id=room.committee.id)
        (sitting,) = [one for one in plan(room).sittings if one.body == "Resources Committee"]
        (pay,) = sitting.before
        assert pay.title == "Pay" and "It can recommend it to the board." in pay.no_power
        assert all(one.no_power == "" for other in plan(room).sittings for one in other.before if other != sitting)

    def test_a_review_that_falls_due_before_any_meeting_of_its_body_is_told(
        self, room: Room, december: Meeting
    ) -> None:
        reviewed(room, "Too early", "1 November 2026")
        reviewed(room, "Committee's", "1 May 2027", approving_body_id=room.committee.id)
        found = {one.review.title: one.first for half in plan(room).halves for one in half.unplaced}
        assert found["Committee's"] is None
        assert found["Too early"] is not None and found["Too early"].held_on == DECEMBER

    def test_next_year_knows_what_comes_before_meetings_of_this_one(self, room: Room, december: Meeting) -> None:
        room.meeting(dt.date(2027, 10, 7))
        reviewed(room, "Late", "1 October 2026")
        reviewed(room, "Autumn", "1 December 2027")
        assert before(room, AcademicYear(2027)) == {"October": ["Autumn"]}
        assert before(room, AcademicYear(2025)) == {}

    def test_another_school_s_meetings_and_policies_are_not_there(self, room: Room, december: Meeting) -> None:
        from tests.adoption.room import open_room

        other = open_room(room.session, "elsewhere")
        reviewed(other, "Theirs", "1 December 2026")
        other.meeting(dt.date(2026, 11, 5))
        assert "Theirs" not in str(plan(room))
        assert before(other) == {"November": ["Theirs"]}


class TestMoving:
    """A policy moved to another meeting."""

    def test_what_was_proposed_is_put_on_the_later_agenda_and_no_longer_proposed(
        self, room: Room, december: Meeting
    ) -> None:
        policy = reviewed(room, "Attendance", "18 March 2027")
        new = room.version(policy)
        assert before(room)["December"] == ["Attendance"]
        move(room, policy, december, of(room, MARCH))
        assert before(room) == {"September": [], "December": [], "March": ["Attendance*"], "July": []}
        (row,) = meeting_agenda(room.session, room.scope, of(room, MARCH).id)
        assert (row.asks_for, row.version_id) == ("adopt", new.id)

    def test_what_was_on_an_agenda_leaves_it_and_both_are_journalled(self, room: Room, december: Meeting) -> None:
        policy = reviewed(room, "Attendance", "1 May 2027")
        put_on_agenda(room.session, room.scope, HELEN, december, policy, AsksFor.NOTE, TYPED_IN)
        move(room, policy, december, of(room, JULY))
        assert before(room)["December"] == [] and before(room)["July"] == ["Attendance*"]
        (row,) = meeting_agenda(room.session, room.scope, of(room, JULY).id)
        assert row.asks_for == "note"
        events = room.session.scalars(select(JournalEntry.event).order_by(JournalEntry.id)).all()
        assert list(events[-3:]) == ["put on agenda", "dropped from agenda", "put on agenda"]
        sitting = next(one for one in plan(room).sittings if one.held_on == JULY)
        assert sitting.before[0].is_late_at(JULY)
        move(room, policy, of(room, JULY), december)
        assert before(room)["December"] == ["Attendance*"] and before(room)["July"] == []

    def test_where_the_other_agenda_has_it_already_it_is_left_as_it_is(self, room: Room, december: Meeting) -> None:
        policy, march = reviewed(room, "Attendance", "1 January 2027"), of(room, MARCH)
        put_on_agenda(room.session, room.scope, HELEN, march, policy, AsksFor.NOTE, TYPED_IN)
        put_on_agenda(room.session, room.scope, HELEN, december, policy, AsksFor.REVIEW, TYPED_IN)
        move(room, policy, december, march)
        assert [row.asks_for for row in meeting_agenda(room.session, room.scope, march.id)] == ["note"]

    def test_what_cannot_be_moved_is_refused_with_the_reason(self, room: Room, december: Meeting) -> None:
        policy, march = reviewed(room, "Attendance", "17 March 2027"), of(room, MARCH)
        committee = room.meeting(MARCH, room.committee)
        held = of(room, dt.date(2026, 9, 24))
        for source, target, why in (
            (december, committee, "of another body"),
            (december, december, "at that meeting already"),
            (december, of(room, dt.date(2027, 1, 20)), "20 January 2027 is no longer to come"),
            (held, march, "24 September 2026 is no longer to come"),
            (march, of(room, JULY), "no longer before the meeting of 18 March 2027"),
        ):
            if source is march:
                policy = reviewed(room, "Not before it", "2029")
            with pytest.raises(Refusal, match=why):
                move(room, policy, source, target)
        assert room.session.scalars(select(AgendaItem)).all() == []

    def test_what_is_decided_stays(self, room: Room, december: Meeting) -> None:
        policy = room.policy("Attendance")
        version = room.version(policy)
        today = room.meeting(TODAY)
        item = put_on_agenda(room.session, room.scope, HELEN, today, policy, AsksFor.ADOPT, TYPED_IN)
        room.decide(version, "20 October 2026", meeting=today, item=item)
        today.state = "planned"
        with pytest.raises(Refusal, match="is decided"):
            move(room, policy, today, december)
