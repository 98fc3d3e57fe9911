"""Who holds what on a day: seats on bodies, posts, the headteacher, and whom a mail goes to."""

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from governance.errors import Refusal
from governance.people import membership, offices, posts
from governance.people.models import BodyMember, Person, Post
from governance.tenancy import Actor, Scope
from tests.hillcrest import NOW, a_school, body, someone

HELEN = Actor("Helen Marsh")
START, END = dt.date(2025, 9, 1), dt.date(2026, 8, 31)
TODAY = dt.date(2026, 11, 16)


@pytest.fixture
def school(session: Session) -> Scope:
    return a_school(session)


def seat(session: Session, school: Scope, person: Person, office: str, until_on: dt.date | None = None) -> BodyMember:
    board = body(session, school)
    return membership.seat_member(
        session, school, HELEN, board, person, office=office, from_on=START, until_on=until_on, now=NOW
    )


def a_post(session: Session, school: Scope, name: str = "Designated safeguarding lead") -> Post:
    return posts.make_post(session, school, HELEN, name=name, now=NOW)


def test_members_come_chair_first_once_each_and_without_the_clerk(session: Session, school: Scope) -> None:
    iqbal, helen = someone(session, school, "Farah Iqbal"), someone(session, school, "Helen Marsh")
    ann = someone(session, school, "Ann Abbot")
    for person, office in ((ann, "member"), (iqbal, "member"), (iqbal, "chair"), (helen, "clerk")):
        seat(session, school, person, office)
    board = body(session, school).id
    assert [member.name for member in offices.members_on(session, school, board, TODAY)] == ["Farah Iqbal", "Ann Abbot"]
    chair, clerk = offices.chair_on(session, school, board, TODAY), offices.clerk_on(session, school, board, TODAY)
    assert chair is not None and clerk is not None
    assert (chair.name, clerk.name) == ("Farah Iqbal", "Helen Marsh")
    assert offices.bodies_chaired_by(session, school, iqbal.id, TODAY) == [board]


def test_a_term_holds_on_its_last_day_and_not_after(session: Session, school: Scope) -> None:
    iqbal = someone(session, school, "Farah Iqbal")
    seat(session, school, iqbal, "chair", END)
    board = body(session, school).id
    assert offices.chair_on(session, school, board, END) is not None
    assert offices.chair_on(session, school, board, END + dt.timedelta(days=1)) is None


def test_a_second_chair_at_a_time_is_refused(session: Session, school: Scope) -> None:
    seat(session, school, someone(session, school, "Farah Iqbal"), "chair")
    with pytest.raises(Refusal, match="Farah Iqbal is chair from 1 September 2025"):
        seat(session, school, someone(session, school, "Ann Abbot"), "chair")


def test_an_office_is_held_once_at_a_time_and_can_be_corrected_and_ended(session: Session, school: Scope) -> None:
    ann = someone(session, school, "Ann Abbot")
    held = seat(session, school, ann, "member")
    with pytest.raises(Refusal, match="They hold that office there"):
        seat(session, school, ann, "member")
    membership.correct_membership(
        session, school, HELEN, held, office="associate", from_on=START, until_on=None, now=NOW
    )
    membership.end_membership(session, school, HELEN, held, until_on=END, now=NOW)
    assert (held.office, held.until_on) == ("associate", END)
    with pytest.raises(Refusal, match="is before the first"):
        membership.end_membership(session, school, HELEN, held, until_on=dt.date(2025, 8, 31), now=NOW)


def test_a_post_passes_from_one_holder_to_the_next(session: Session, school: Scope) -> None:
    post, tess, sam = a_post(session, school), someone(session, school), someone(session, school, "Sam Okoro")
    assert [row.name for row in offices.vacant_posts(session, school, TODAY)] == ["Designated safeguarding lead"]
    first = posts.hold_post(session, school, HELEN, post, tess, from_on=START, now=NOW)
    posts.hold_post(session, school, HELEN, post, sam, from_on=dt.date(2026, 9, 1), now=NOW)
    assert first.until_on == END
    holders = [offices.current_holder(session, school, post.id, day) for day in (END, TODAY)]
    assert [holder.name for holder in holders if holder] == ["Tess Marlow", "Sam Okoro"]
    (row,) = offices.posts_on(session, school, TODAY)
    assert (row.holder and row.holder.name, row.since) == ("Sam Okoro", dt.date(2026, 9, 1))


def test_a_post_is_vacant_from_the_day_after_the_last(session: Session, school: Scope) -> None:
    post = a_post(session, school)
    holding = posts.hold_post(session, school, HELEN, post, someone(session, school), from_on=START, now=NOW)
    posts.vacate_post(session, school, HELEN, holding, until_on=END, now=NOW)
    assert offices.vacant_posts(session, school, END) == []
    assert len(offices.vacant_posts(session, school, dt.date(2026, 9, 1))) == 1


def test_a_holder_who_only_starts_later_is_not_pushed_aside(session: Session, school: Scope) -> None:
    post, tess, sam = a_post(session, school), someone(session, school), someone(session, school, "Sam Okoro")
    posts.hold_post(session, school, HELEN, post, tess, from_on=dt.date(2027, 1, 4), now=NOW)
    with pytest.raises(Refusal, match="Tess Marlow holds this post from 4 January 2027"):
        posts.hold_post(session, school, HELEN, post, sam, from_on=TODAY, now=NOW)
    posts.hold_post(session, school, HELEN, post, sam, from_on=TODAY, until_on=dt.date(2027, 1, 3), now=NOW)
    with pytest.raises(Refusal, match="already"):
        posts.hold_post(session, school, HELEN, post, tess, from_on=dt.date(2027, 2, 1), now=NOW)


def test_a_post_that_ended_has_no_holder_and_takes_none(session: Session, school: Scope) -> None:
    post, tess = a_post(session, school), someone(session, school)
    holding = posts.hold_post(session, school, HELEN, post, tess, from_on=START, now=NOW)
    posts.end_post(session, school, HELEN, post, ended_on=END, now=NOW)
    assert holding.until_on == END
    assert offices.posts_on(session, school, TODAY) == []
    with pytest.raises(Refusal, match="ended on 31 August 2026"):
        posts.hold_post(session, school, HELEN, post, tess, from_on=TODAY, now=NOW)


def test_two_posts_of_one_name_are_refused_and_a_post_is_renamed(session: Session, school: Scope) -> None:
    post = a_post(session, school, "SENCo")
    with pytest.raises(Refusal, match="already there"):
        a_post(session, school, "senco")
    posts.rename_post(session, school, HELEN, post, name="SENDCo", now=NOW)
    assert post.name_key == "sendco"


def test_the_headteacher_is_who_holds_that_category_on_the_day(session: Session, school: Scope) -> None:
    someone(session, school, "Ruth Day", ("headteacher",), dt.date(2015, 9, 1), END)
    someone(session, school, "Samuel Okafor", ("headteacher",), dt.date(2026, 9, 1))
    names = [offices.headteacher_on(session, school, day) for day in (END, dt.date(2026, 9, 1))]
    assert [name.name for name in names if name] == ["Ruth Day", "Samuel Okafor"]
    assert offices.headteacher_on(session, school, dt.date(2010, 1, 1)) is None


def test_mail_goes_to_each_addressee_once(session: Session, school: Scope) -> None:
    head = someone(session, school, "Samuel Okafor", ("headteacher",))
    iqbal, helen = someone(session, school, "Farah Iqbal"), someone(session, school, "Helen Marsh")
    for person, office in ((head, "member"), (iqbal, "chair"), (helen, "clerk")):
        seat(session, school, person, office)
    board = body(session, school).id

    def names(*who: str) -> list[str]:
        return [person.name for person in offices.addressees(session, school, who, TODAY, body_id=board)]

    assert names("headteacher", "chair", "clerk") == ["Samuel Okafor", "Farah Iqbal", "Helen Marsh"]
    assert names("members", "headteacher") == ["Samuel Okafor", "Farah Iqbal"]
    with pytest.raises(ValueError, match="caretaker"):
        names("caretaker")


def test_zed_of_another_school_sees_none_of_it(session: Session, school: Scope) -> None:
    tess = someone(session, school, "Tess Marlow", ("headteacher",))
    seat(session, school, tess, "chair")
    post = a_post(session, school)
    posts.hold_post(session, school, HELEN, post, tess, from_on=START, now=NOW)
    other = a_school(session, "Zed's School", "zeds")
    assert offices.headteachers_on(session, other, TODAY) == []
    assert offices.members_on(session, other, body(session, school).id, TODAY) == []
    assert offices.posts_on(session, other, TODAY) == []
    assert offices.current_holder(session, other, post.id, TODAY) is None
