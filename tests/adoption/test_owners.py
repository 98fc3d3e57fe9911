"""Owners are told of a review three months, a month and a week before, each once, and of a text that is awaited."""

from __future__ import annotations

import datetime as dt

import pytest

from governance.adoption.kinds import Kind
from governance.adoption.owners import Told, note_told, rung_reached, text_rung, told_today
from governance.adoption.preparing import Equality, Prepared, Recommends, prepare
from governance.extract.dates import parse_stated
from governance.people.models import Post, PostHolder
from governance.policies.models import Policy
from tests.adoption.room import HELEN, TYPED_IN, Room

REVIEW = dt.date(2027, 5, 31)


@pytest.mark.parametrize(
    ("today", "rung"),
    [
        ("2027-02-27", None),
        ("2027-02-28", "three_months"),  # 31 May less three months: there is no 31 February
        ("2027-04-29", "three_months"),
        ("2027-04-30", "one_month"),
        ("2027-05-24", "one_week"),
        ("2027-05-31", "one_week"),
        ("2027-06-01", "overdue"),
    ],
)
def test_the_step_that_a_review_has_reached(today: str, rung: str | None) -> None:
    assert rung_reached(REVIEW, dt.date.fromisoformat(today)) == rung


def test_an_amended_text_is_asked_for_each_full_week() -> None:
    decided = dt.date(2026, 9, 24)
    assert [text_rung(decided, decided + dt.timedelta(days=days)) for days in (0, 6, 7, 13, 14)] == [
        None,
        None,
        "text_1",
        "text_1",
        "text_2",
    ]


@pytest.fixture
def policy(room: Room) -> Policy:
    """Mr Okafor owns it; its review is due by 31 May 2027."""
    mine = {"organisation_id": room.scope.organisation_id}
    post = Post(**mine, name="Safeguarding lead", name_key="safeguarding lead")
    room.okafor.email = "okafor@oakfield.sch.uk"
    room.session.add(post)
    room.session.flush()
    room.session.add(PostHolder(**mine, post_id=post.id, person_id=room.okafor.id, from_on=dt.date(2021, 9, 1)))
    found = room.policy(owner_post_id=post.id)
    room.decide(room.version(found), next_review=parse_stated("31 May 2027"))
    return found


def told(room: Room, today: str, *, noted: bool = True) -> list[tuple[str, str]]:
    """The steps and what to do next, remembered as told."""
    day = dt.date.fromisoformat(today)
    found, nobody = told_today(room.session, room.scope, day)
    assert nobody == []
    if noted:
        note_told(room.session, room.scope, found, day)
    return [(due.rung, due.step) for one in found for due in one.due]


def test_each_step_is_told_once_and_one_that_was_missed_is_not_made_good(room: Room, policy: Policy) -> None:
    look = "Look the policy over and say what you recommend."
    assert told(room, "2027-03-01") == [("three_months", look)]
    assert told(room, "2027-03-02") == []
    assert told(room, "2027-05-26") == [("one_week", look)]
    assert told(room, "2027-05-27") == []
    assert told(room, "2027-06-01") == [("overdue", look)]


def test_the_next_thing_to_do_follows_the_preparation(room: Room, policy: Policy) -> None:
    def after(form: Prepared) -> str:
        prepare(room.session, room.scope, HELEN, policy, form, TYPED_IN)
        ((_, step),) = told(room, "2027-03-01", noted=False)
        return step

    assert (
        after(Prepared(recommends=Recommends.ADOPT))
        == "Record the new version, so that governors can see what changed."
    )
    keep = Prepared(recommends=Recommends.KEEP, equality=Equality.NOT_NEEDED, equality_note="Nothing changed")
    assert after(keep) == "Complete the form and say that it is ready."
    ready = Prepared(**vars(keep) | {"ready": True})
    assert after(ready) == "Ask the clerk to put it on the next agenda."


def test_a_new_review_day_begins_again(room: Room, policy: Policy) -> None:
    assert told(room, "2027-06-01")[0][0] == "overdue"
    room.decide(room.version(policy), "20 October 2026", next_review=parse_stated("31 August 2027"), kind=Kind.ADOPTED)
    assert told(room, "2027-06-02")[0][0] == "three_months"


def test_the_owner_is_chased_for_an_amended_text(room: Room, policy: Policy) -> None:
    room.decide(room.version(policy), "1 October 2026", kind=Kind.AMENDED, next_review=parse_stated("2029"))
    assert told(room, "2026-10-07") == []
    assert told(room, "2026-10-08") == [("text_1", "Record the amended text that governors adopted.")]
    assert told(room, "2026-10-09") == []
    assert told(room, "2026-10-15")[0][0] == "text_2"


def test_a_vacant_post_is_named_rather_than_passed_over(room: Room, policy: Policy) -> None:
    room.session.query(PostHolder).update({"until_on": dt.date(2027, 1, 31)})
    found, nobody = told_today(room.session, room.scope, dt.date(2027, 3, 1))
    assert found == []
    assert [one.title for one in nobody] == ["Child protection"]


def test_one_owner_gets_one_mail_about_all_of_theirs(room: Room, policy: Policy) -> None:
    other = room.policy("Attendance", owner_post_id=policy.owner_post_id)
    room.decide(room.version(other), next_review=parse_stated("1 June 2027"))
    (one,), _ = told_today(room.session, room.scope, dt.date(2027, 3, 1))
    assert isinstance(one, Told)
    assert (one.owner.name, [due.title for due in one.due]) == ("Ike Okafor", ["Attendance", "Child protection"])
