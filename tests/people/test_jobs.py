"""Joiners, movers and leavers."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.errors import Refusal
from governance.journal.models import JournalEntry
from governance.people import jobs, membership, posts
from governance.people.jobs import Job
from governance.people.models import Engagement, Person
from governance.tenancy import Scope
from tests.hillcrest import MAYA, NOW, a_school, body, category, someone

JULY = dt.date(2027, 7, 23)
SEPTEMBER = dt.date(2026, 9, 1)


@pytest.fixture
def school(session: Session) -> Scope:
    return a_school(session)


@pytest.fixture
def tess(session: Session, school: Scope) -> Person:
    return someone(session, school)


def job_of(session: Session, person: Person) -> Engagement:
    return session.scalars(select(Engagement).where(Engagement.person_id == person.id).order_by(Engagement.id)).first()  # type: ignore[return-value]


def events(session: Session) -> list[str]:
    return list(session.scalars(select(JournalEntry.event).order_by(JournalEntry.seq)))


def test_a_teacher_becomes_a_governor_too(session: Session, school: Scope, tess: Person) -> None:
    job = Job(category(session, school, "governors"), SEPTEMBER)
    jobs.start_engagement(session, school, MAYA, tess, job, now=NOW)
    assert len(session.scalars(select(Engagement).where(Engagement.person_id == tess.id)).all()) == 2
    assert events(session) == ["job started"]


def test_one_job_cannot_start_twice_on_a_day(session: Session, school: Scope, tess: Person) -> None:
    same = Job(category(session, school, "teachers"), dt.date(2020, 9, 1))
    with pytest.raises(Refusal, match="Teachers from 1 September 2020 already"):
        jobs.start_engagement(session, school, MAYA, tess, same, now=NOW)


def test_nobody_is_their_own_line_manager(session: Session, school: Scope, tess: Person) -> None:
    own = Job(category(session, school, "governors"), SEPTEMBER, line_manager=tess)
    with pytest.raises(Refusal, match="own line manager"):
        jobs.start_engagement(session, school, MAYA, tess, own, now=NOW)


def test_a_leaver_ends_on_their_last_day_and_it_can_be_corrected(session: Session, school: Scope, tess: Person) -> None:
    job = jobs.end_engagement(session, school, MAYA, job_of(session, tess), ended_on=JULY, now=NOW)
    assert job.ended_on == JULY
    back = Job(category(session, school, "teachers"), job.started_on)
    jobs.correct_engagement(session, school, MAYA, job, back, now=NOW)
    assert job.ended_on is None
    assert events(session) == ["job ended", "job corrected"]


def test_a_last_day_before_the_first_is_refused(session: Session, school: Scope, tess: Person) -> None:
    with pytest.raises(Refusal, match="is before the first"):
        jobs.end_engagement(session, school, MAYA, job_of(session, tess), ended_on=dt.date(2020, 8, 31), now=NOW)


def test_a_mover_is_in_one_category_until_the_day_before(session: Session, school: Scope, tess: Person) -> None:
    old = job_of(session, tess)
    moved = jobs.move_category(
        session, school, MAYA, old, Job(category(session, school, "leadership"), dt.date(2027, 1, 4)), now=NOW
    )
    assert (old.ended_on, moved.started_on) == (dt.date(2027, 1, 3), dt.date(2027, 1, 4))
    assert events(session) == ["moved to another category"]


@pytest.mark.parametrize(
    "code, day, words",
    [
        ("teachers", dt.date(2027, 1, 4), "the category they are in"),
        ("leadership", dt.date(2020, 9, 1), "must be later"),
    ],
)
def test_a_move_that_is_none_is_refused(
    session: Session, school: Scope, tess: Person, code: str, day: dt.date, words: str
) -> None:
    with pytest.raises(Refusal, match=words):
        jobs.move_category(
            session, school, MAYA, job_of(session, tess), Job(category(session, school, code), day), now=NOW
        )


def test_a_correction_that_changes_nothing_leaves_no_entry(session: Session, school: Scope, tess: Person) -> None:
    job = job_of(session, tess)
    same = Job(category(session, school, "teachers"), job.started_on, None, job.job_title)
    jobs.correct_engagement(session, school, MAYA, job, same, now=NOW)
    assert events(session) == []


def test_leaving_ends_every_job_office_and_post_on_one_day(session: Session, school: Scope, tess: Person) -> None:
    jobs.start_engagement(session, school, MAYA, tess, Job(category(session, school, "governors"), SEPTEMBER), now=NOW)
    seat = membership.seat_member(
        session,
        school,
        MAYA,
        body(session, school),
        tess,
        office="member",
        from_on=SEPTEMBER,
        until_on=dt.date(2030, 8, 31),
        now=NOW,
    )
    post = posts.make_post(session, school, MAYA, name="Designated safeguarding lead", now=NOW)
    holding = posts.hold_post(session, school, MAYA, post, tess, from_on=SEPTEMBER, now=NOW)
    jobs.leave(session, school, MAYA, tess, last_on=JULY, now=NOW)
    ends = session.scalars(select(Engagement.ended_on).where(Engagement.person_id == tess.id)).all()
    assert [*ends, seat.until_on, holding.until_on] == [JULY] * 4
    assert events(session)[-1] == "person left"
    with pytest.raises(Refusal, match="Nothing is left to end"):
        jobs.leave(session, school, MAYA, tess, last_on=JULY, now=NOW)


def test_nobody_leaves_before_something_of_theirs_begins(session: Session, school: Scope, tess: Person) -> None:
    with pytest.raises(Refusal, match="starts on 1 September 2020, after that day"):
        jobs.leave(session, school, MAYA, tess, last_on=dt.date(2019, 7, 1), now=NOW)
