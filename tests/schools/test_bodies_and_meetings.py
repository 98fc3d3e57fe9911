import datetime as dt

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.errors import Refusal
from governance.journal.models import JournalEntry
from governance.schools import actions, queries
from governance.schools.models import GoverningBody, Meeting
from governance.tenancy import Actor, Scope
from tests.hillcrest import NOW, a_school, body

HELEN = Actor("Helen Marsh")
OCTOBER = dt.date(2026, 10, 15)
DECEMBER = dt.date(2026, 12, 3)


@pytest.fixture
def school(session: Session) -> Scope:
    return a_school(session)


def a_meeting(session: Session, scope: Scope, held_on: dt.date = DECEMBER) -> Meeting:
    return actions.plan_meeting(session, scope, HELEN, body=body(session, scope), held_on=held_on, now=NOW)


def test_a_committee_is_set_up_and_found_by_name_whatever_its_case(session: Session, school: Scope) -> None:
    made = actions.make_body(session, school, HELEN, name=" Resources  Committee ", kind="committee", now=NOW)
    assert made.name == "Resources Committee"
    assert queries.body_named(session, school, "RESOURCES committee") is made


def test_two_bodies_of_one_name_are_refused_and_nothing_is_stored(session: Session, school: Scope) -> None:
    with pytest.raises(Refusal, match="already there"):
        actions.make_body(session, school, HELEN, name="full governing BODY", now=NOW)
    assert session.scalar(select(func.count()).select_from(GoverningBody)) == 1


@pytest.mark.parametrize("name, words", [("  ", "Enter"), ("x" * 201, "201 characters"), ("Board\x00", "cannot store")])
def test_a_name_that_cannot_be_is_refused_in_words(session: Session, school: Scope, name: str, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        actions.make_body(session, school, HELEN, name=name, now=NOW)


def test_a_renamed_body_is_the_same_body(session: Session, school: Scope) -> None:
    board = body(session, school)
    actions.rename_body(session, school, HELEN, board, name="Local Governing Board", now=NOW)
    assert queries.body_named(session, school, "local governing board") is board
    actions.rename_body(session, school, HELEN, board, name="Local governing board", now=NOW)
    assert board.name == "Local governing board"


def test_what_a_body_did_before_its_new_name_stays_under_the_old_one(session: Session, school: Scope) -> None:
    board = body(session, school)
    before, after = a_meeting(session, school, OCTOBER), a_meeting(session, school)
    today = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
    since = dt.date(2026, 11, 1)
    actions.rename_body(session, school, HELEN, board, name="Local Governing Board", since=since, now=today)
    rows = {row.held_on: row.body_name for row in queries.meetings(session, school)}
    assert rows == {before.held_on: "Full Governing Body", after.held_on: "Local Governing Board"}
    assert queries.body_named(session, school, "full governing body") is board, "minutes of then say the old name"
    # written wrongly, and mended: neither meeting was ever under it
    actions.rename_body(session, school, HELEN, board, name="Local Governing Committee", now=today)
    assert [row.body_name for row in queries.meetings(session, school)] == [
        "Full Governing Body",
        "Local Governing Committee",
    ]
    assert queries.body_named(session, school, "Local Governing Board") is None


@pytest.mark.parametrize(
    "since, words",
    [
        (dt.date(2026, 11, 21), "Until 21 November 2026 it has its old name"),
        (dt.date(2026, 11, 1), "present name since 1 November 2026"),
    ],
)
def test_a_new_name_begins_after_the_last_and_not_in_the_future(
    session: Session, school: Scope, since: dt.date, words: str
) -> None:
    board, now = body(session, school), dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
    first = dt.date(2026, 11, 1)
    actions.rename_body(session, school, HELEN, board, name="Local Governing Board", since=first, now=now)
    with pytest.raises(Refusal, match=words):
        actions.rename_body(session, school, HELEN, board, name="Academy Council", since=since, now=now)
    assert board.name == "Local Governing Board"


def test_a_meeting_is_planned_moved_and_cancelled_each_with_an_entry(session: Session, school: Scope) -> None:
    meeting = a_meeting(session, school)
    actions.move_meeting(
        session, school, HELEN, meeting, held_on=dt.date(2026, 12, 10), starts_at=dt.time(18), place="Library", now=NOW
    )
    actions.cancel_meeting(session, school, HELEN, meeting, now=NOW)
    assert (meeting.held_on, meeting.place, meeting.state) == (dt.date(2026, 12, 10), "Library", "cancelled")
    events = session.scalars(select(JournalEntry.event).order_by(JournalEntry.seq)).all()
    assert events == ["meeting planned", "meeting moved", "meeting cancelled"]


def test_a_cancelled_meeting_is_planned_again_on_its_day(session: Session, school: Scope) -> None:
    meeting = actions.cancel_meeting(session, school, HELEN, a_meeting(session, school), now=NOW)
    again = a_meeting(session, school)
    assert again is meeting
    assert again.state == "planned"


def test_a_body_meets_once_a_day(session: Session, school: Scope) -> None:
    a_meeting(session, school)
    with pytest.raises(Refusal, match="3 December 2026 already"):
        a_meeting(session, school)


def test_a_meeting_cannot_move_onto_another(session: Session, school: Scope) -> None:
    a_meeting(session, school)
    other = a_meeting(session, school, dt.date(2026, 12, 4))
    with pytest.raises(Refusal, match="already"):
        actions.move_meeting(session, school, HELEN, other, held_on=DECEMBER, starts_at=None, place=None, now=NOW)


def test_a_meeting_to_come_has_not_been_held(session: Session, school: Scope) -> None:
    with pytest.raises(Refusal, match="Decisions can be recorded from that day"):
        actions.hold_meeting(session, school, HELEN, a_meeting(session, school), now=NOW)


def test_a_meeting_that_was_held_stays_where_it_was(session: Session, school: Scope) -> None:
    meeting = actions.hold_meeting(session, school, HELEN, a_meeting(session, school, OCTOBER), now=NOW)
    assert actions.hold_meeting(session, school, HELEN, meeting, now=NOW).state == "held"
    with pytest.raises(Refusal, match="has been held"):
        actions.cancel_meeting(session, school, HELEN, meeting, now=NOW)


@pytest.mark.parametrize("year", [207, 1899, 2032, 9999])
def test_row_27_a_year_that_nobody_means_is_refused(session: Session, school: Scope, year: int) -> None:
    with pytest.raises(Refusal, match="between 1900 and 2031"):
        a_meeting(session, school, dt.date(year, 9, 1))


def test_a_body_with_a_meeting_to_come_does_not_end_before_it(session: Session, school: Scope) -> None:
    a_meeting(session, school)
    board = body(session, school)
    with pytest.raises(Refusal, match="Cancel that meeting first"):
        actions.end_body(session, school, HELEN, board, ended_on=dt.date(2026, 11, 30), now=NOW)
    actions.end_body(session, school, HELEN, board, ended_on=DECEMBER, now=NOW)
    assert queries.bodies(session, school, as_of=DECEMBER)
    assert not queries.bodies(session, school, as_of=dt.date(2026, 12, 4))


def test_meetings_come_in_the_order_of_their_days_without_the_cancelled(session: Session, school: Scope) -> None:
    later, sooner = a_meeting(session, school), a_meeting(session, school, OCTOBER)
    cancelled = a_meeting(session, school, dt.date(2026, 11, 20))
    actions.cancel_meeting(session, school, HELEN, cancelled, now=NOW)
    assert [row.public_id for row in queries.meetings(session, school)] == [sooner.public_id, later.public_id]
    assert len(queries.meetings(session, school, cancelled=True)) == 3
    assert len(queries.meetings(session, school, from_on=OCTOBER, until_on=OCTOBER)) == 1
    coming = queries.next_meeting(session, school, dt.date(2026, 11, 16))
    assert coming is not None and coming.public_id == later.public_id


def test_zed_of_another_school_sees_no_meeting_of_this_one(session: Session, school: Scope) -> None:
    meeting = a_meeting(session, school)
    other = a_school(session, "Zed's School", "zeds")
    assert queries.meetings(session, other) == []
    assert queries.meeting_row(session, other, meeting.public_id) is None
    assert queries.next_meeting(session, other, OCTOBER) is None
    assert queries.body_named(session, other, "Full Governing Body") is not body(session, school)
