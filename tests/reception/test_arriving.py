"""Somebody comes for a day: a name makes a visit, a signature makes a person who is counted on that day alone."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from governance.errors import Refusal
from governance.journal.verify import verify
from governance.people.models import Engagement, Person
from governance.reading.acknowledging import shown_now
from governance.reading.models import ReadingRule
from governance.reading.owed import State as Reading
from governance.reading.queries import coverage, my_reading, outstanding
from governance.reading.requiring import Requirement, require
from governance.reception.arriving import add_by_hand, begin_visit, sign, visit_behind
from governance.reception.choosing import choose_category, choose_policies, offered
from governance.reception.models import Visit
from governance.reception.queries import left_without_reading, visitors
from governance.reception.rules import State, Visitor
from governance.reception.short_set import day_category, short_set
from tests import hillcrest
from tests.hillcrest import MAYA, NOW, TODAY, divide
from tests.reception.desk_room import AL, RITA, TITLES, Desk, arrives, furnish, receipts, signs, signs_all

TOMORROW = TODAY + dt.timedelta(days=1)


@pytest.fixture
def desk(session: Session) -> Desk:
    return furnish(session)


def people(session: Session) -> int:
    return session.scalar(select(func.count(Person.id))) or 0


def test_a_typed_name_makes_a_visit_and_no_person(session: Session, desk: Desk) -> None:
    arrives(session, desk)
    assert people(session) == 0
    (row,) = visitors(session, desk.scope, TODAY, TODAY)
    assert (row.course.name, row.state, row.person) == ("Al Green", State.READING, None)
    assert row.unread == TITLES


def test_the_first_signature_records_a_person_with_a_job_for_the_one_day(session: Session, desk: Desk) -> None:
    receipt = signs(session, desk, arrives(session, desk).visit)
    person = session.get_one(Person, receipt.person_id)
    job = session.scalars(select(Engagement)).one()
    category = day_category(session, desk.scope)
    assert (person.given_name, person.family_name, person.email, person.staff_number) == ("Al", "Green", None, None)
    assert category is not None and category.code == "agency"
    assert (job.category_id, job.started_on, job.ended_on, job.agency) == (category.id, TODAY, TODAY, "Swift Supply")
    assert (receipt.method, receipt.assurance, receipt.typed_name) == ("reception", "reception_unverified", "Al Green")
    assert receipt.recorded_by is None and receipt.witness is None
    assert verify(session, desk.scope).fault is None


def test_the_engine_counts_a_one_day_teacher_on_that_day_alone(session: Session, desk: Desk) -> None:
    visit = arrives(session, desk).visit
    person_id = signs(session, desk, visit).person_id
    (unread,) = outstanding(session, desk.scope, TODAY, person_id=person_id)
    assert (unread.policy_id, unread.due_on) == (desk.policies["Child Protection"].id, TODAY)
    assert {row.state for row in my_reading(session, desk.scope, person_id, TODAY)} == {
        Reading.READ,
        Reading.NOT_YET_READ,
    }
    totals = coverage(session, desk.scope, TODAY).totals
    assert (totals.audience, totals.acknowledged, totals.outstanding) == (2, 1, 1)
    assert coverage(session, desk.scope, TOMORROW).totals.audience == 0
    assert coverage(session, desk.scope, TODAY - dt.timedelta(days=1)).totals.audience == 0


def test_signing_everything_is_signed_and_again_gives_the_same_receipts(session: Session, desk: Desk) -> None:
    visit = arrives(session, desk).visit
    signs_all(session, desk, visit)
    first = [one.reference for one in receipts(session)]
    signs_all(session, desk, visit)
    assert [one.reference for one in receipts(session)] == first
    (row,) = visitors(session, desk.scope, TODAY, TODAY)
    assert (row.state, row.unread, [one.reference for one in row.signed]) == (State.SIGNED, (), first)
    assert people(session) == 1


def test_the_same_name_as_a_member_of_staff_is_never_looked_up(session: Session, desk: Desk) -> None:
    staff = hillcrest.someone(session, desk.scope, "Al Green")
    receipt = signs(session, desk, arrives(session, desk).visit)
    assert receipt.person_id != staff.id
    assert people(session) == 2


@pytest.mark.parametrize("typed", ["", "  ", "Somebody Else", "x" * 201, "Al\x00Green"])
def test_what_is_not_their_name_is_no_signature_and_records_nobody(session: Session, desk: Desk, typed: str) -> None:
    visit = arrives(session, desk).visit
    with pytest.raises(Refusal) as refused:
        signs(session, desk, visit, typed=typed)
    assert refused.value.objections[0].field == "typed_name"
    assert receipts(session) == []
    assert people(session) == 0


@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("=cmd|'/c calc'!A1", ""),
        ("<script>", "{{7*7}}"),
        ("Seán", "O'Neill"),
        ("Ní", "Bhriain"),
        ("李", ""),
        ("x" * 200, "y" * 200),
        ("+44", "@x"),
    ],
)
def test_rows_45_to_47_names_are_kept_as_typed(session: Session, desk: Desk, given: str, family: str) -> None:
    visit = arrives(session, desk, Visitor(given, family)).visit
    receipt = signs(session, desk, visit, typed=given)
    person = session.get_one(Person, receipt.person_id)
    assert (person.given_name, person.family_name, receipt.typed_name) == (given, family, given)


@pytest.mark.parametrize(
    ("visitor", "field"),
    [
        (Visitor("", " "), "given_name"),
        (Visitor("x" * 201, "Green"), "given_name"),
        (Visitor("Al", "Gr\x00een"), "family_name"),
        (Visitor("Al", "Green", "\ud800"), "agency"),
        (Visitor("Al", "Green", "", "y" * 201), "purpose"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(
    session: Session, desk: Desk, visitor: Visitor, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        begin_visit(session, desk.scope, visitor, now=NOW)
    assert [one.field for one in refused.value.objections] == [field]
    assert session.scalars(select(Visit)).all() == []


def test_a_phone_is_good_for_its_day_and_its_school_alone(session: Session, desk: Desk) -> None:
    begun = arrives(session, desk)
    zeds = hillcrest.a_school(session, "Zed's Academy", "zeds")
    assert visit_behind(session, desk.scope, begun.token, now=NOW) is begun.visit
    assert visit_behind(session, zeds, begun.token, now=NOW) is None
    assert visit_behind(session, desk.scope, begun.visit.public_id, now=NOW) is None
    assert visit_behind(session, desk.scope, begun.token, now=NOW + dt.timedelta(days=1)) is None


def test_other_bytes_than_were_shown_are_refused(session: Session, desk: Desk) -> None:
    visit = arrives(session, desk).visit
    version, other = (desk.version(session, title) for title in TITLES)
    shown = shown_now(session, desk.scope, version)
    hillcrest.put_in_force(
        session, desk.scope, hillcrest.a_version(session, desk.scope, desk.policies[TITLES[1]], "# Two"), TODAY, TODAY
    )
    with pytest.raises(Refusal, match="replaced"):
        sign(session, desk.scope, visit, other, shown_now(session, desk.scope, other), "Al Green", now=NOW)
    wrong = shown.__class__("0" * 64, shown.text_sha256, shown.wording)
    with pytest.raises(Refusal, match="changed while you had it open"):
        sign(session, desk.scope, visit, version, wrong, "Al Green", now=NOW)
    assert receipts(session) == []


def test_somebody_without_a_phone_is_added_seen_and_counted_at_once(session: Session, desk: Desk) -> None:
    add_by_hand(session, desk.scope, RITA, AL, now=NOW)
    (row,) = visitors(session, desk.scope, TODAY, TODAY)
    assert (row.seen_by, row.state, row.visit.added_by) == ("Rita Front", State.READING, "Rita Front")
    assert row.person is not None
    assert coverage(session, desk.scope, TODAY).totals.outstanding == 2


def test_the_short_set_is_what_the_school_ticked_and_stops_when_it_is_taken_out(session: Session, desk: Desk) -> None:
    scope, later = desk.scope, TODAY + dt.timedelta(days=10)
    assert [one.title for one in short_set(session, scope, TODAY)] == list(TITLES)
    choose_policies(session, scope, MAYA, {desk.policies["Lone Working Policy"].id}, today=later, now=NOW)
    assert [one.title for one in short_set(session, scope, later)] == ["Lone Working Policy"]
    assert [one.title for one in short_set(session, scope, TODAY)] == list(TITLES)
    category = day_category(session, scope)
    assert category is not None
    chosen = [one.policy.title for one in offered(session, scope, category, later) if one.chosen]
    assert chosen == ["Lone Working Policy"]


def test_where_a_part_is_asked_it_is_what_a_visitor_signs_for(session: Session, desk: Desk) -> None:
    divide(session, desk.scope, TITLES[0])
    first, second = short_set(session, desk.scope, TODAY)
    assert (first.parts, first.named, second.parts, second.named) == (1, ("Part one",), 0, ())
    visit = arrives(session, desk).visit
    shown = shown_now(session, desk.scope, first.version, first.parts)
    receipt = sign(session, desk.scope, visit, first.version, shown, "Al Green", parts=first.parts, now=NOW)
    assert (receipt.parts, receipt.wording) == (1, "I have read and understood. This is for: Part one.")
    (row,) = visitors(session, desk.scope, TODAY, TODAY)
    assert row.unread == TITLES[1:] and row.signed[0].parts == ("Part one",)
    with pytest.raises(Refusal, match="text changed"):
        sign(session, desk.scope, visit, first.version, shown, "Al Green", parts=2, now=NOW)


def test_of_whom_more_is_asked_through_other_work_the_front_desk_asks_it_too(session: Session, desk: Desk) -> None:
    divide(session, desk.scope, TITLES[0])
    al = signs(session, desk, arrives(session, desk).visit, TITLES[1]).person_id
    more, policy = Requirement(person_id=al, parts=2), desk.policies[TITLES[0]]
    require(session, desk.scope, MAYA, policy, more, TODAY, NOW)
    row = session.scalars(select(hillcrest.InForce).where(hillcrest.InForce.policy_id == policy.id)).one()
    whose = {"organisation_id": desk.scope.organisation_id, "in_force_id": row.id}
    session.add(hillcrest.Asking(**whose, from_on=TODAY, recorded_at=NOW))
    session.flush()
    assert [one.parts for one in short_set(session, desk.scope, TODAY, al)] == [3, 0]
    assert [one.parts for one in short_set(session, desk.scope, TODAY)] == [1, 0]


def test_ticking_a_policy_for_day_people_keeps_the_part_that_was_required_of_them(session: Session, desk: Desk) -> None:
    lone, agency = desk.policies["Lone Working Policy"], day_category(session, desk.scope)
    assert agency is not None
    require(session, desk.scope, MAYA, lone, Requirement(category_id=agency.id), TODAY, NOW)
    divide(session, desk.scope, "Lone Working Policy")
    choose_policies(session, desk.scope, MAYA, {lone.id}, today=TOMORROW, now=NOW)
    assert [(one.title, one.named) for one in short_set(session, desk.scope, TOMORROW)] == [
        ("Lone Working Policy", ("Part one",))
    ]


def test_choosing_the_same_again_changes_nothing(session: Session, desk: Desk) -> None:
    before = session.scalar(select(func.count(ReadingRule.id)))
    wanted = {desk.policies[title].id for title in TITLES}
    choose_policies(session, desk.scope, MAYA, wanted, today=TOMORROW, now=NOW)
    assert session.scalar(select(func.count(ReadingRule.id))) == before


def test_a_longer_rule_of_the_category_gives_way_and_comes_not_back(session: Session, desk: Desk) -> None:
    volunteers = hillcrest.category(session, desk.scope, "volunteers")
    choose_category(session, desk.scope, MAYA, volunteers, now=NOW)
    assert short_set(session, desk.scope, TODAY) == []
    choose_policies(session, desk.scope, MAYA, {desk.policies[TITLES[0]].id}, today=TODAY, now=NOW)
    assert [one.title for one in short_set(session, desk.scope, TODAY)] == [TITLES[0]]
    receipt = signs(session, desk, arrives(session, desk).visit)
    job = session.scalars(select(Engagement).where(Engagement.person_id == receipt.person_id)).one()
    assert job.category_id == volunteers.id


def test_before_the_school_asks_at_all_nothing_can_be_chosen(session: Session) -> None:
    scope = hillcrest.a_school(session)
    policy = hillcrest.a_policy(session, scope)
    hillcrest.put_in_force(session, scope, hillcrest.latest(session, policy), dt.date(2026, 9, 24))
    with pytest.raises(Refusal, match="has not started asking"):
        choose_policies(session, scope, MAYA, {policy.id}, today=TODAY, now=NOW)


def test_whoever_is_still_reading_when_the_day_is_over_left_without_reading(session: Session, desk: Desk) -> None:
    signs(session, desk, arrives(session, desk).visit)
    bo = arrives(session, desk, Visitor("Bo", "Stone")).visit
    signs_all(session, desk, bo, "Bo Stone")
    arrives(session, desk, Visitor("Cy", "Moss"))
    assert left_without_reading(session, desk.scope, TODAY, TODAY, TODAY) == []
    rows = left_without_reading(session, desk.scope, TODAY - dt.timedelta(days=30), TOMORROW, TOMORROW)
    assert [(row.course.name, row.unread) for row in rows] == [("Al Green", (TITLES[1],)), ("Cy Moss", TITLES)]
    assert left_without_reading(session, desk.scope, TOMORROW, TOMORROW, TOMORROW) == []


def test_a_visit_is_never_changed_or_deleted(session: Session, desk: Desk) -> None:
    visit = arrives(session, desk).visit
    with pytest.raises(DBAPIError, match="keeps what happened"), session.begin_nested():
        visit.given_name = "Bo"
        session.flush()
