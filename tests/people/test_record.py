import datetime as dt

from sqlalchemy.orm import Session

from governance.people import jobs, membership, posts
from governance.people.jobs import Job
from governance.people.record import person_record
from tests.hillcrest import MAYA, NOW, TODAY, a_school, body, category, someone

SEPTEMBER = dt.date(2026, 9, 1)


def test_a_record_shows_jobs_offices_and_posts_newest_first(session: Session) -> None:
    school = a_school(session)
    tess, sam = someone(session, school), someone(session, school, "Sam Okoro")
    supply = Job(category(session, school, "agency"), SEPTEMBER, None, "Cover", sam, "Supply Co")
    jobs.start_engagement(session, school, MAYA, tess, supply, now=NOW)
    membership.seat_member(
        session, school, MAYA, body(session, school), tess, office="vice_chair", from_on=SEPTEMBER, now=NOW
    )
    post = posts.make_post(session, school, MAYA, name="SENDCo", now=NOW)
    posts.hold_post(session, school, MAYA, post, tess, from_on=SEPTEMBER, now=NOW)
    record = person_record(session, school, tess.public_id)
    assert [(job.category, job.line_manager, job.agency) for job in record.jobs] == [
        ("Agency staff", "Sam Okoro", "Supply Co"),
        ("Teachers", None, None),
    ]
    assert [(office.body, office.office.in_words) for office in record.offices] == [
        ("Full Governing Body", "Vice-chair")
    ]
    assert [held.post for held in record.posts] == ["SENDCo"]
    assert len(record.jobs_on(TODAY)) == 2
    assert record.person.name == "Tess Marlow"
