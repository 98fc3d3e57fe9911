"""What the front desk says of visitors: nothing is overwritten, and a returning teacher is counted once."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from governance.errors import Refusal
from governance.journal.verify import verify
from governance.people.models import Engagement, Person
from governance.reading.models import Acknowledgement, CarriedReceipt, Withdrawal, Witnessing
from governance.reading.queries import coverage, my_reading
from governance.reading.witnessing import witness
from governance.reception import desk as acts
from governance.reception.arriving import add_by_hand, visit_behind
from governance.reception.models import Visit
from governance.reception.queries import Row, visitors
from governance.reception.returning import earlier_day_people, is_earlier_day_person
from governance.reception.rules import State, Visitor
from governance.reception.short_set import short_set
from tests import hillcrest
from tests.hillcrest import NOW, TODAY, divide
from tests.reception.desk_room import AL, RITA, TITLES, Desk, arrives, furnish, receipts, signs, signs_all

LATER = NOW + dt.timedelta(days=3)
THURSDAY = TODAY + dt.timedelta(days=3)


@pytest.fixture
def desk(session: Session) -> Desk:
    return furnish(session)


def only(session: Session, desk: Desk, day: dt.date = TODAY) -> Row:
    (row,) = visitors(session, desk.scope, day, day)
    return row


def earlier(session: Session, desk: Desk, name: str = "Al Green", reference: str = "") -> list[str]:
    return [one.name for one in earlier_day_people(session, desk.scope, name, reference, but=None)]


def test_approving_is_a_witness_added_to_what_was_signed_and_will_be(session: Session, desk: Desk) -> None:
    visit = arrives(session, desk).visit
    signs(session, desk, visit)
    acts.approve(session, desk.scope, RITA, visit, now=NOW)
    signs(session, desk, visit, TITLES[1])
    rows = session.scalars(select(Witnessing).order_by(Witnessing.id)).all()
    assert [row.witness for row in rows] == ["Rita Front", "Rita Front"]
    assert [one.witness for one in receipts(session)] == [None, None]
    assert only(session, desk).seen_by == "Rita Front"
    acts.approve(session, desk.scope, hillcrest.MAYA, visit, now=NOW)
    assert only(session, desk).seen_by == "Rita Front"
    assert verify(session, desk.scope).fault is None


def test_a_witness_is_never_changed_and_the_first_stands(session: Session, desk: Desk) -> None:
    receipt = signs(session, desk, arrives(session, desk).visit)
    first = witness(session, desk.scope, RITA, receipt, "Rita Front", NOW)
    assert witness(session, desk.scope, RITA, receipt, "Somebody", NOW) is first
    with pytest.raises(DBAPIError, match="keeps what happened"), session.begin_nested():
        first.witness = "Somebody"
        session.flush()


def test_a_visitor_approved_before_reading_is_counted_as_not_having_read(session: Session, desk: Desk) -> None:
    acts.approve(session, desk.scope, RITA, arrives(session, desk).visit, now=NOW)
    assert coverage(session, desk.scope, TODAY).totals.outstanding == 2


def test_not_known_withdraws_everything_with_the_reason_and_counts_nobody(session: Session, desk: Desk) -> None:
    begun = arrives(session, desk)
    signs_all(session, desk, begun.visit)
    with pytest.raises(Refusal, match="Say why"):
        acts.not_known(session, desk.scope, RITA, begun.visit, " ", now=NOW)
    acts.not_known(session, desk.scope, RITA, begun.visit, "No such agency", now=NOW)
    reasons = session.scalars(select(Withdrawal.reason)).all()
    assert reasons == ["Not known at reception: No such agency"] * 2
    row = only(session, desk)
    assert (row.state, row.not_known, len(row.signed)) == (State.NOT_KNOWN, "No such agency", 2)
    assert coverage(session, desk.scope, TODAY).totals.audience == 0
    job = session.scalars(select(Engagement)).one()
    assert job.voided_at is not None and job.ended_on == TODAY - dt.timedelta(days=1)
    assert visit_behind(session, desk.scope, begun.token, now=NOW) is None
    with pytest.raises(Refusal, match="visit is over"):
        signs(session, desk, begun.visit)
    for act in (acts.approve, acts.leave):
        with pytest.raises(Refusal, match="not known"):
            act(session, desk.scope, RITA, begun.visit, now=NOW)
    assert not is_earlier_day_person(session, desk.scope, job.person_id)
    assert verify(session, desk.scope).fault is None


def test_left_ends_the_phone_and_can_be_taken_back(session: Session, desk: Desk) -> None:
    begun = arrives(session, desk)
    acts.leave(session, desk.scope, RITA, begun.visit, now=NOW)
    assert only(session, desk).state is State.LEFT_UNREAD
    assert visit_behind(session, desk.scope, begun.token, now=NOW) is None
    acts.still_here(session, desk.scope, RITA, begun.visit, now=NOW)
    assert only(session, desk).state is State.READING
    signs_all(session, desk, begun.visit)
    acts.leave(session, desk.scope, RITA, begun.visit, now=NOW)
    assert only(session, desk).state is State.LEFT


def test_a_returning_teacher_keeps_receipts_and_is_counted_once(session: Session, desk: Desk) -> None:
    first = arrives(session, desk).visit
    signs_all(session, desk, first)
    al = session.get_one(Person, receipts(session)[0].person_id)
    second = arrives(session, desk, Visitor("Alan", "Green"), LATER).visit
    signs(session, desk, second, typed="Alan Green", now=LATER)
    assert earlier(session, desk, "Alan Green")[0] in ("Al Green", "Alan Green")
    acts.same_person(session, desk.scope, RITA, second, al, now=LATER)
    totals = coverage(session, desk.scope, THURSDAY).totals
    assert (totals.audience, totals.acknowledged, totals.outstanding) == (2, 2, 0)
    assert coverage(session, desk.scope, TODAY).totals.acknowledged == 2
    row = only(session, desk, THURSDAY)
    assert row.person is not None and row.person.id == al.id
    assert row.state is State.SIGNED
    assert len(my_reading(session, desk.scope, al.id, THURSDAY)) == 2
    assert verify(session, desk.scope).fault is None


def test_what_was_signed_under_another_record_is_carried_by_linked_records(session: Session, desk: Desk) -> None:
    signs_all(session, desk, arrives(session, desk).visit)
    al = session.get_one(Person, receipts(session)[0].person_id)
    second = arrives(session, desk, now=LATER).visit
    signed = signs(session, desk, second, now=LATER)
    acts.approve(session, desk.scope, RITA, second, now=LATER)
    acts.same_person(session, desk.scope, RITA, second, al, now=LATER)
    link = session.scalars(select(CarriedReceipt)).one()
    carried = session.get_one(Acknowledgement, link.to_id)
    assert (link.from_id, carried.person_id) == (signed.id, al.id)
    kept = ("version_id", "documents_sha256", "text_sha256", "wording", "given_at", "typed_name", "method", "assurance")
    assert all(getattr(carried, name) == getattr(signed, name) for name in kept)
    assert carried.reference in session.scalars(select(Withdrawal.reason)).one()
    seen = select(Witnessing.witness).where(Witnessing.acknowledgement_id == carried.id)
    assert session.scalar(seen) == "Rita Front"


def test_joined_before_signing_a_returning_teacher_need_not_read_again(session: Session, desk: Desk) -> None:
    signs_all(session, desk, arrives(session, desk).visit)
    al = session.get_one(Person, receipts(session)[0].person_id)
    second = arrives(session, desk, now=LATER).visit
    acts.same_person(session, desk.scope, RITA, second, al, now=LATER)
    assert only(session, desk, THURSDAY).state is State.SIGNED
    assert session.scalar(select(func.count(Person.id))) == 1
    acts.somebody_else(session, desk.scope, RITA, second, now=LATER)
    row = only(session, desk, THURSDAY)
    assert row.state is State.READING
    assert row.person is not None and row.person.id != al.id
    assert coverage(session, desk.scope, THURSDAY).totals.audience == 2


def test_a_wrong_join_is_taken_back_and_the_first_record_holds_again(session: Session, desk: Desk) -> None:
    signs_all(session, desk, arrives(session, desk, Visitor("Ada", "Green")).visit, "Ada Green")
    ada = session.get_one(Person, receipts(session)[0].person_id)
    second = arrives(session, desk, now=LATER).visit
    own = signs(session, desk, second, now=LATER).person_id
    acts.same_person(session, desk.scope, RITA, second, ada, now=LATER)
    acts.somebody_else(session, desk.scope, RITA, second, now=LATER)
    row = only(session, desk, THURSDAY)
    assert row.person is not None and row.person.id == own
    assert row.unread == (TITLES[1],)
    totals = coverage(session, desk.scope, THURSDAY).totals
    assert (totals.audience, totals.acknowledged, totals.outstanding) == (2, 1, 1)
    assert [one.withdrawn is None for one in row.signed] == [False, False, True]
    with pytest.raises(Refusal, match="nothing to take back"):
        acts.somebody_else(session, desk.scope, RITA, second, now=LATER)
    assert verify(session, desk.scope).fault is None


def test_somebody_who_began_twice_on_one_day_is_one_person(session: Session, desk: Desk) -> None:
    first, second = (arrives(session, desk).visit for _ in range(2))
    signs(session, desk, first)
    al = session.get_one(Person, receipts(session)[0].person_id)
    signs_all(session, desk, second)
    acts.same_person(session, desk.scope, RITA, second, al, now=NOW)
    totals = coverage(session, desk.scope, TODAY).totals
    assert (totals.audience, totals.acknowledged) == (2, 2)
    acts.not_known(session, desk.scope, RITA, first, "Began twice", now=NOW)
    totals = coverage(session, desk.scope, TODAY).totals
    assert (totals.audience, totals.acknowledged) == (2, 2)


def test_staff_are_never_among_earlier_day_people(session: Session, desk: Desk) -> None:
    staff = hillcrest.someone(session, desk.scope, "Ali Green", ("agency",))
    began = hillcrest.someone(session, desk.scope, "Alf Green", ("agency",), TODAY, TODAY)
    visit = arrives(session, desk).visit
    signs(session, desk, visit)
    hired = session.get_one(Person, receipts(session)[0].person_id)
    assert earlier(session, desk) == ["Al Green"]
    for person in (staff, began):
        with pytest.raises(Refusal, match="was here for a day before"):
            acts.same_person(session, desk.scope, RITA, arrives(session, desk).visit, person, now=NOW)
    # somebody of earlier days who took a post is staff from then on
    job = session.scalars(select(Engagement).where(Engagement.person_id == hired.id)).one()
    more = {"category_id": hillcrest.category(session, desk.scope, "teachers").id, "started_on": TODAY}
    session.add(Engagement(organisation_id=job.organisation_id, person_id=hired.id, **more))
    session.flush()
    assert earlier(session, desk) == []
    assert earlier(session, desk, "", hired.printed_reference) == []


def test_earlier_day_people_are_found_by_a_word_or_a_reference_and_never_listed(session: Session, desk: Desk) -> None:
    signs(session, desk, arrives(session, desk).visit)
    al = session.get_one(Person, receipts(session)[0].person_id)
    zeds = furnish(session, hillcrest.a_school(session, "Zed's Academy", "zeds"))
    signs(session, zeds, arrives(session, zeds).visit)
    assert earlier(session, desk, "Alan GREEN") == ["Al Green"]
    assert earlier(session, desk, "", al.printed_reference.lower().replace("-", " ")) == ["Al Green"]
    assert earlier(session, desk, "%") == earlier(session, desk, "Bo Stone") == earlier(session, desk, "") == []
    assert not is_earlier_day_person(session, zeds.scope, al.id)


def test_a_sheet_signed_in_front_of_the_desk_makes_witnessed_receipts(session: Session, desk: Desk) -> None:
    visit = add_by_hand(session, desk.scope, RITA, AL, now=NOW)
    asked = short_set(session, desk.scope, TODAY)
    with pytest.raises(Refusal, match="Tick each policy"):
        acts.signed_on_paper(session, desk.scope, RITA, visit, [], now=NOW)
    acts.signed_on_paper(session, desk.scope, RITA, visit, asked, now=NOW)
    assert {(one.method, one.witness) for one in receipts(session)} == {("paper", "Rita Front")}
    assert only(session, desk).state is State.SIGNED
    assert session.scalar(select(func.count(Visit.id))) == 1


def test_what_is_signed_on_a_sheet_of_the_desk_is_the_part_that_stood_on_it(session: Session, desk: Desk) -> None:
    divide(session, desk.scope, TITLES[0])
    visit = add_by_hand(session, desk.scope, RITA, AL, now=NOW)
    acts.signed_on_paper(session, desk.scope, RITA, visit, short_set(session, desk.scope, TODAY), now=NOW)
    wording = "I have read and understood"
    assert [(one.parts, one.wording) for one in receipts(session)] == [
        (1, f"{wording}. This is for: Part one."),
        (0, wording),
    ]
