"""A training session: one preview, then a receipt for each present and policy, and nobody who was not there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from governance.errors import Refusal
from governance.journal.models import JournalEntry
from governance.journal.verify import verify
from governance.people.absences import record_absence
from governance.reading.bulk_receipts import Given
from governance.reading.facts import Absence, Engagement
from governance.reading.models import PolicyPart, ReadingRule
from governance.reading.owed import State
from governance.reading.paper_models import TrainingSession
from governance.reading.queries import outstanding
from governance.reading.sheet_queries import origin_of
from governance.reading.training import NewSession, Plan, plan_session, record_session
from governance.reading.training_plan import Attendance, Covered, Standing, attendance, needs, statement
from governance.reading.training_queries import covered_in, list_of, sessions_held
from tests import hillcrest
from tests.hillcrest import MAYA, NOW, TODAY, category
from tests.reading.signing import Staffroom, counted, furnish

pytestmark = pytest.mark.engines("sqlite", "postgresql")
INSET = dt.date(2026, 11, 2)


@pytest.fixture
def room(session: Session) -> Staffroom:
    return furnish(session)


def wanted(room: Staffroom, *policies: str, day: dt.date = INSET, codes: Collection[str] | None = None) -> NewSession:
    chosen = {room.policies[one].id: 0 for one in policies or ("Behaviour", "Complaints")}
    ids = None if codes is None else frozenset(category(room.session, room.scope, one).id for one in codes)
    return NewSession("INSET day: safeguarding", day, "Mr Okafor", chosen, ids)


def planned(room: Staffroom, asked: NewSession) -> Plan:
    return plan_session(room.session, room.scope, asked, TODAY)


def recorded(
    room: Staffroom, asked: NewSession, absent: Collection[str] = (), typed: str = "Maya Lund", seen: str = ""
) -> TrainingSession:
    away = {room.people[name].id for name in absent}
    digest = seen or planned(room, asked).digest
    return record_session(room.session, room.scope, MAYA, asked, away, digest, typed, TODAY, NOW)


def refused(room: Staffroom, asked: NewSession, **about: object) -> dict[str, str]:
    before = len(room.receipts())
    with pytest.raises(Refusal) as refusal:
        recorded(room, asked, **about)  # type: ignore[arg-type]
    assert len(room.receipts()) == before
    return {one.field or "": one.message for one in refusal.value.objections}


def test_everyone_present_has_a_receipt_for_each_policy_and_the_absent_are_still_asked(room: Staffroom) -> None:
    held = recorded(room, wanted(room), absent=["Viv"])
    given = {(one.person_id, one.version_id) for one in room.receipts()}
    assert len(given) == 4 and {one.person_id for one in room.receipts()} == {
        room.people["Tess"].id,
        room.people["Noor"].id,
    }
    one = room.receipts()[0]
    assert (one.method, one.assurance, one.witness, one.acknowledged_on) == (
        "session",
        "session_led",
        "Mr Okafor",
        INSET,
    )
    assert origin_of(room.session, room.scope, one.id).session == held.public_id
    assert {row.person_id for row in outstanding(room.session, room.scope, TODAY)} == {room.people["Viv"].id}
    attended = {on.name: on.attendance for on in list_of(room.session, held)}
    assert attended == {
        "Viv Ash": Attendance.ABSENT,
        "Tess Marlow": Attendance.PRESENT,
        "Noor O'Neill": Attendance.PRESENT,
        "Bea Old": Attendance.LEFT,
    }
    row = sessions_held(room.session, room.scope)[0]
    assert (row.policies, row.present, row.receipts) == (2, 2, 4)


def test_the_plan_says_who_has_it_already_and_who_is_left_out_and_why(room: Staffroom) -> None:
    room.read("Noor", "Behaviour", dt.date(2026, 10, 20))
    record_absence(
        room.session, room.scope, MAYA, room.people["Viv"], from_on=INSET, until_on=INSET, reason="Ill", now=NOW
    )
    plan = planned(room, wanted(room))
    people = {name: one.id for name, one in room.people.items()}
    assert plan.people(Attendance.AWAY) == [people["Viv"]] and plan.people(Attendance.LEFT) == [people["Bea"]]
    assert [one for one, _ in plan.receipts].count(people["Noor"]) == 1
    assert [one for one, _ in plan.receipts].count(people["Tess"]) == 2
    assert "I have read and understood" in plan.statement and "Behaviour Policy (version 1)" in plan.statement


def test_somebody_who_left_since_was_there_and_has_a_receipt(room: Staffroom) -> None:
    plan = planned(room, wanted(room, day=dt.date(2026, 10, 30)))
    assert room.people["Bea"].id in plan.people(Attendance.PRESENT)


def test_chosen_categories_alone_are_on_the_list(room: Staffroom) -> None:
    plan = planned(room, wanted(room, codes=["volunteers"]))
    assert set(plan.attendance) == {room.people["Viv"].id}


def test_the_version_in_force_on_that_day_counts_not_todays(room: Staffroom) -> None:
    older = hillcrest.latest(room.session, room.policies["Behaviour"])
    newer = hillcrest.a_version(room.session, room.scope, room.policies["Behaviour"], "# Two")
    hillcrest.put_in_force(room.session, room.scope, newer, dt.date(2026, 11, 9))
    assert [one.version_id for one in planned(room, wanted(room, "Behaviour")).versions] == [older.id]
    assert [one.version_id for one in planned(room, wanted(room, "Behaviour", day=TODAY)).versions] == [newer.id]
    wrong = refused(room, wanted(room, "Behaviour", day=dt.date(2026, 8, 31)))
    assert wrong["policies"] == "No version of Behaviour Policy was in force on 31 August 2026. Take off its tick."


def test_it_needs_a_person_who_states_it_and_a_session_that_was_held(room: Staffroom) -> None:
    assert "Type your name" in refused(room, wanted(room), typed="  ", seen="x")["typed_name"]
    tomorrow = TODAY + dt.timedelta(days=1)
    assert "in the future" in refused(room, wanted(room, day=tomorrow), seen="x")["held_on"]
    blank = NewSession(" ", INSET, " ", {})
    assert set(refused(room, blank, seen="x")) == {"title", "led_by", "policies"}
    assert "at least one category" in refused(room, wanted(room, codes=[]), seen="x")["categories"]
    everybody = ["Tess", "Noor", "Viv"]
    assert "Everybody is ticked as absent" in refused(room, wanted(room), absent=everybody)["absent"]
    held = recorded(room, wanted(room), typed="  Maya  Lund")
    assert held.typed_name == "Maya Lund" and held.recorded_by == "Maya Lund" and "confirmed" in held.statement


def test_what_changed_since_it_was_looked_at_is_not_recorded(room: Staffroom) -> None:
    seen = planned(room, wanted(room)).digest
    room.read("Tess", "Behaviour", INSET)
    assert "changed since you looked" in refused(room, wanted(room), seen=seen)[""]
    seen = planned(room, wanted(room)).digest
    room.policies["Complaints"].wording = "I agree to this"
    room.session.flush()
    assert "changed since you looked" in refused(room, wanted(room), seen=seen)[""]


def test_a_second_press_records_nothing_more(room: Staffroom) -> None:
    seen = planned(room, wanted(room)).digest
    recorded(room, wanted(room), seen=seen)
    assert "recorded already" in refused(room, wanted(room), seen=seen)["title"]


def test_where_a_policy_has_parts_the_chosen_ones_are_what_the_receipt_is_for(room: Staffroom) -> None:
    session, scope, policy = room.session, room.scope, room.policies["Behaviour"]
    session.add_all(
        PolicyPart(organisation_id=scope.organisation_id, policy_id=policy.id, bit=bit, name=name)
        for bit, name in enumerate(("Part one", "Annex B"))
    )
    session.flush()
    asked = NewSession("Part one", INSET, "Mr Okafor", {policy.id: 0b01})
    held = recorded(room, asked, absent=["Viv", "Noor"])
    assert [one.parts for one in room.receipts()] == [1]
    assert covered_in(session, held)[0].parts == ("Part one",)
    assert any(
        row.person_id == room.people["Tess"].id for row in outstanding(session, scope, TODAY, policy_id=policy.id)
    )
    session.execute(text("UPDATE reading_rule SET parts = 1"))
    session.expire_all()
    left = outstanding(session, scope, TODAY, policy_id=policy.id)
    assert room.people["Tess"].id not in {row.person_id for row in left}


def test_a_receipt_that_lapsed_is_renewed_by_the_session(room: Staffroom) -> None:
    room.read("Tess", "Behaviour", dt.date(2026, 8, 20))
    whole = planned(room, wanted(room, "Behaviour"))
    assert room.people["Tess"].id not in {one for one, _ in whole.receipts}
    for rule in room.session.scalars(select(ReadingRule)):
        rule.repeat, rule.repeat_months = "months", 2
    room.session.flush()
    assert room.people["Tess"].id in {one for one, _ in planned(room, wanted(room, "Behaviour")).receipts}


def test_sixty_people_and_five_policies_are_recorded_in_a_bounded_number_of_statements(room: Staffroom) -> None:
    for title in ("Lone", "Data", "Fire"):
        room.add_policy(title)
    figures = {}
    for people in (30, 60):
        for n in range(people - len(figures) * 30 if figures else people):
            hillcrest.someone(room.session, room.scope, f"P{people}-{n} Reader")
        asked = NewSession(f"INSET {people}", INSET, "Mr Okafor", {one.id: 0 for one in room.policies.values()})
        seen = planned(room, asked).digest
        with counted(room.session) as statements:
            recorded(room, asked, seen=seen)
        figures[people] = len(statements)
    print(f"statements by people: {figures}; receipts: {len(room.receipts())}")
    assert max(figures.values()) <= 25 and figures[60] - figures[30] <= 2
    assert len(room.receipts()) == (60 + 3) * 5


def test_the_journal_holds_one_entry_for_a_session(room: Staffroom) -> None:
    recorded(room, wanted(room))
    events = list(room.session.scalars(select(JournalEntry.event).order_by(JournalEntry.seq)))
    assert events[-1] == "training session recorded" and verify(room.session, room.scope).fault is None


def test_the_list_of_a_day_by_hand() -> None:
    day = dt.date(2026, 11, 2)
    since = dt.date(2020, 9, 1)
    jobs = [
        Engagement(1, 10, since),
        Engagement(2, 10, since, dt.date(2026, 11, 2)),  # their last day
        Engagement(3, 10, since, dt.date(2026, 11, 1)),
        Engagement(4, 10, since, dt.date(2025, 11, 1)),  # long ago
        Engagement(5, 10, dt.date(2026, 11, 3)),  # not yet here
        Engagement(6, 10, since, dt.date(2026, 10, 1)),  # changed category
        Engagement(6, 20, dt.date(2026, 10, 2)),
        Engagement(7, 10, since),
    ]
    away = [Absence(7, day), Absence(1, dt.date(2026, 10, 1), dt.date(2026, 11, 1))]
    found = attendance(jobs, away, {10}, day)
    assert found == {1: "present", 2: "present", 3: "left", 7: "away"}


@pytest.mark.parametrize(
    "state,given,parts,wanted_one",
    [
        (State.NOT_YET_READ, [], 0, True),
        (State.READING_OVERDUE, [Given("R", dt.date(2025, 9, 1), 0)], 0, True),  # lapsed
        (State.READING_OVERDUE, [Given("R", INSET, 0)], 0, False),  # the same day
        (State.READ, [Given("R", dt.date(2026, 9, 1), 0)], 0, False),
        (State.DECLINED, [], 0, True),  # confirmed after all
        (State.EXCUSED, [], 0, True),
        (State.EXCUSED, [Given("R", dt.date(2026, 9, 1), 0)], 0, False),
        (None, [], 0, True),
        (None, [Given("R", dt.date(2026, 9, 1), 0)], 0, False),
        (None, [Given("R", dt.date(2026, 11, 3), 0)], 0, True),  # later than the session
        (None, [Given("R", dt.date(2026, 9, 1), 0b01)], 0, True),  # a part is not the whole
        (None, [Given("R", dt.date(2026, 9, 1), 0b11)], 0b10, False),
    ],
)
def test_who_needs_a_receipt_by_hand(state: State | None, given: list[Given], parts: int, wanted_one: bool) -> None:
    assert needs(Covered(1, 2, parts), Standing(state, given), INSET) is wanted_one


def test_the_statement_says_each_wording_with_its_policies() -> None:
    said = statement([("I have read it", ["Behaviour", "Data"]), ("I agree", ["IT"])])
    assert said == (
        "Each person recorded as present confirmed on that day: “I have read it” for Behaviour; Data, and “I agree” for IT."
    )
