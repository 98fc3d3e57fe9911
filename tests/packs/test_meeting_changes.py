"""What becomes of a pack when its meeting is moved or cancelled, its body renamed, or a member's term ends."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from governance.db import reading, writing
from governance.errors import Refusal
from governance.mail.models import Outbox
from governance.packs.desk import clerks_desk
from governance.packs.gathering import for_meeting
from governance.packs.models import Pack
from governance.packs.since import compared, sent_last
from governance.packs.told import news_of
from governance.people.models import BodyMember
from governance.schedule import runner
from governance.schedule.actions import begin_offered
from governance.schedule.meeting_news import tell_members
from governance.schedule.models import Run
from governance.schedule.offers import DRAFT_PACK
from governance.schedule.pack_sending import packs_of, send_pack
from governance.schools.actions import cancel_meeting, move_meeting, rename_body
from governance.schools.models import Meeting
from tests import hillcrest
from tests.packs.little_school import HELEN, MEETING_ON, NOW, TODAY, Little, little_school
from tests.packs.test_sending import a_pack

LATER = dt.date(2026, 10, 22)
MORNING = dt.timedelta(days=1)


@pytest.fixture
def little(session: Session) -> Little:
    return little_school(session)


def moved(session: Session, little: Little, held_on: dt.date = LATER, now: dt.datetime = NOW) -> Meeting:
    meeting = session.get_one(Meeting, little.meeting_id)
    return move_meeting(
        session, little.scope, HELEN, meeting, held_on=held_on, starts_at=dt.time(18), place="School library", now=now
    )


def subjects(session: Session) -> list[str]:
    return sorted(session.scalars(select(Outbox.subject)))


def test_a_meeting_moved_after_its_pack_went_out_keeps_it_and_members_are_told_when_the_clerk_says_so(
    session: Session, little: Little
) -> None:
    pack = a_pack(session, little)
    send_pack(session, little.scope, HELEN, pack, "", NOW)
    before = subjects(session)
    meeting = moved(session, little, now=NOW + MORNING)
    assert subjects(session) == before, "nothing goes by itself"
    [line] = packs_of(session, little.scope, little.meeting_id)
    assert line.sent_at == NOW
    news = news_of(session, little.scope, meeting)
    assert news is not None and (news.told_on, news.is_cancelled) == (MEETING_ON, False)
    assert [row.held_on for row in clerks_desk(session, little.scope, TODAY).to_tell] == [LATER]

    assert tell_members(session, little.scope, HELEN, meeting, NOW + MORNING) == 2
    mails = session.scalars(select(Outbox).where(Outbox.kind == "meeting_changed")).all()
    assert {one.to_address for one in mails} == {"gil@example.org", "iqbal@university.example"}
    said = "was to be on Thursday 15 October 2026 is now on Thursday 22 October 2026 at 18:00, School library"
    assert all(said in one.text and said.split(" is now", maxsplit=1)[0] in one.html for one in mails)
    assert clerks_desk(session, little.scope, TODAY).to_tell == ()
    with pytest.raises(Refusal, match="nothing new to tell"):
        tell_members(session, little.scope, HELEN, meeting, NOW + MORNING)


def test_a_pack_built_after_the_move_says_for_which_day_the_one_was_that_members_have(
    session: Session, little: Little
) -> None:
    send_pack(session, little.scope, HELEN, a_pack(session, little), "", NOW)
    meeting = moved(session, little)
    sent = sent_last(session, little.scope, little.meeting_id)
    assert sent is not None
    since = compared(for_meeting(session, little.scope, meeting, TODAY, NOW), sent).since
    assert since is not None and since.was_on == MEETING_ON
    moved(session, little, MEETING_ON)
    back = compared(for_meeting(session, little.scope, meeting, TODAY, NOW), sent).since
    assert back is not None and back.was_on is None


def test_members_of_a_meeting_that_is_cancelled_are_told_so(session: Session, little: Little) -> None:
    send_pack(session, little.scope, HELEN, a_pack(session, little), "", NOW)
    meeting = cancel_meeting(session, little.scope, HELEN, session.get_one(Meeting, little.meeting_id), now=NOW)
    assert tell_members(session, little.scope, HELEN, meeting, NOW) == 2
    text = session.scalars(select(Outbox.text).where(Outbox.kind == "meeting_changed")).first()
    assert text is not None and "on Thursday 15 October 2026 is cancelled." in text
    assert news_of(session, little.scope, meeting) is None


def test_nobody_is_told_of_a_move_who_was_never_told_of_the_meeting_or_once_it_is_over(
    session: Session, little: Little
) -> None:
    meeting = moved(session, little)
    assert news_of(session, little.scope, meeting) is None
    with pytest.raises(Refusal, match="nothing new"):
        tell_members(session, little.scope, HELEN, meeting, NOW)
    send_pack(session, little.scope, HELEN, a_pack(session, little), "", NOW)
    moved(session, little, LATER + MORNING)
    with pytest.raises(Refusal, match="meeting is over"):
        tell_members(session, little.scope, HELEN, meeting, NOW + dt.timedelta(days=40))


def test_a_meeting_across_the_night_the_clocks_go_back_has_its_seven_clear_days(
    session: Session, little: Little
) -> None:
    meeting = moved(session, little, dt.date(2026, 10, 29))  # the clocks go back on 25 October
    last = dt.datetime(2026, 10, 21, 22, 59, tzinfo=dt.UTC)  # 23:59 in summer time
    with pytest.raises(Refusal, match="it had to go by 21 October 2026"):
        send_pack(session, little.scope, HELEN, a_pack(session, little), "", last + dt.timedelta(minutes=1))
    assert send_pack(session, little.scope, HELEN, a_pack(session, little), "", last) == 2
    assert meeting.held_on == dt.date(2026, 10, 29)


def test_a_meeting_after_the_night_the_clocks_go_forward_has_them_too(session: Session, little: Little) -> None:
    moved(session, little, dt.date(2027, 4, 1))  # the clocks go forward on 28 March
    last = dt.datetime(2027, 3, 24, 23, 59, tzinfo=dt.UTC)
    with pytest.raises(Refusal, match="it had to go by 24 March 2027"):
        send_pack(session, little.scope, HELEN, a_pack(session, little), "", last + dt.timedelta(minutes=1))
    assert send_pack(session, little.scope, HELEN, a_pack(session, little), "", last) == 2


def seat(session: Session, little: Little, name: str) -> BodyMember:
    return session.scalars(select(BodyMember).where(BodyMember.person_id == little.people[name])).one()


def test_who_is_a_member_on_the_day_of_the_meeting_has_its_pack(session: Session, little: Little) -> None:
    seat(session, little, "Gil Governor").until_on = MEETING_ON - MORNING
    joins = seat(session, little, "Past Member")
    joins.from_on, joins.until_on = MEETING_ON, None
    session.flush()
    send_pack(session, little.scope, HELEN, a_pack(session, little), "", NOW)
    assert set(session.scalars(select(Outbox.to_address))) == {"iqbal@university.example", "past@example.org"}
    # whose term ends on the day itself is still there
    seat(session, little, "Gil Governor").until_on = MEETING_ON
    session.flush()
    send_pack(session, little.scope, HELEN, a_pack(session, little), "", NOW + MORNING)
    assert session.scalar(select(func.count()).where(Outbox.to_address == "gil@example.org")) == 1


def test_a_pack_keeps_the_bodys_name_of_its_day_and_the_next_one_has_the_new_name(
    session: Session, little: Little
) -> None:
    board, pack = hillcrest.body(session, little.scope), a_pack(session, little)
    rename_body(session, little.scope, HELEN, board, name="Academy Council", since=TODAY, now=NOW)
    send_pack(session, little.scope, HELEN, pack, "", NOW)
    [line] = packs_of(session, little.scope, little.meeting_id)
    assert (line.title, line.filename) == ("Policy review pack", "pack.pdf"), "as it was frozen"
    assert all("Academy Council" in one for one in session.scalars(select(Outbox.text)))
    meeting = session.get_one(Meeting, little.meeting_id)
    assert for_meeting(session, little.scope, meeting, TODAY, NOW).title.startswith(
        "Policy review pack: Academy Council"
    )


@pytest.mark.engines("sqlite")
def test_moving_a_meeting_after_its_draft_was_made_makes_no_second_one(rooms: Flask) -> None:
    with writing() as session:
        little = little_school(session)
        for entry in begin_offered(session, little.scope, HELEN, NOW - 3 * MORNING):
            session.execute(
                update(type(entry)).where(type(entry).job != DRAFT_PACK).values(closed_at=NOW - 3 * MORNING)
            )
    assert runner.tick(rooms, NOW).done == 1
    with writing() as session:
        moved(session, little, now=NOW)
    for day in range(1, 12):
        assert runner.tick(rooms, NOW + day * MORNING).entered == 0
    with reading() as session:
        assert session.scalar(select(func.count(Run.id))) == session.scalar(select(func.count(Pack.id))) == 1
