import datetime as dt
import time

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.errors import Refusal
from governance.journal.models import JournalEntry
from governance.people import importing, queries
from governance.people.importing import Imported, import_people, preview
from governance.people.models import Engagement, Person
from governance.people.tables import Table, read_table
from governance.tenancy import Scope
from tests.hillcrest import MAYA, NOW, TODAY, a_school

HEADER = "staff_number,given_name,family_name,email,category,job_title,started_on,ended_on,line_manager,agency\n"
STAFF = (
    HEADER
    + "S1,Samuel,Okafor,head@hillcrest.sch.uk,headteacher,Headteacher,2018-09-01,,,\n"
    + "S2,Tess,Marlow,tess@hillcrest.sch.uk,teachers; governors,Class teacher,2020-09-01,,S1,\n"
    + ",Al,Ryder,,agency staff,,2026-11-02,2026-12-18,S2,Supply Co\n"
    + ",Viv,Lane,,volunteers,,2023-01-09,,,\n"
)


@pytest.fixture
def school(session: Session) -> Scope:
    return a_school(session)


def table(text: str) -> Table:
    return read_table("people.csv", text.encode(), most_rows=50_000)


def counts(session: Session) -> tuple[int | None, int | None, int | None]:
    return tuple(
        session.scalar(select(func.count()).select_from(model)) for model in (Person, Engagement, JournalEntry)
    )  # type: ignore[return-value]


def test_a_list_is_imported_with_several_jobs_managers_and_agencies(session: Session, school: Scope) -> None:
    done = import_people(session, school, MAYA, table(STAFF), now=NOW)
    assert done == Imported(new_people=4, changed_people=0, new_jobs=5, changed_jobs=0, left_out=0)
    page = queries.people(session, school, as_of=TODAY)
    assert [row.person.name for row in page.rows] == ["Viv Lane", "Tess Marlow", "Samuel Okafor", "Al Ryder"]
    al = session.scalars(
        select(Engagement).join(Person, Person.id == Engagement.person_id).where(Person.given_name == "Al")
    ).one()
    tess = session.scalars(select(Person).where(Person.staff_number == "S2")).one()
    assert (al.agency, al.line_manager_id) == ("Supply Co", tess.id)


def test_repeating_an_import_adds_nothing_not_even_a_journal_entry(session: Session, school: Scope) -> None:
    import_people(session, school, MAYA, table(STAFF), now=NOW)
    before = counts(session)
    again = import_people(session, school, MAYA, table(STAFF), now=NOW + dt.timedelta(days=40))
    assert again == Imported(0, 0, 0, 0, 0)
    assert counts(session) == before == (4, 5, 1)


def test_other_columns_update_and_absent_rows_end_nothing(session: Session, school: Scope) -> None:
    import_people(session, school, MAYA, table(STAFF), now=NOW)
    leaver = HEADER + "S2,Tess,Hay,t.hay@hillcrest.sch.uk,teachers,Year lead,2020-09-01,2026-12-31,,\n"
    done = import_people(session, school, MAYA, table(leaver), now=NOW)
    assert done == Imported(new_people=0, changed_people=1, new_jobs=0, changed_jobs=1, left_out=0)
    tess = session.scalars(select(Person).where(Person.staff_number == "S2")).one()
    assert (tess.family_name, tess.email, tess.sort_key) == ("Hay", "t.hay@hillcrest.sch.uk", "hay  tess")
    jobs = session.scalars(select(Engagement).where(Engagement.person_id == tess.id).order_by(Engagement.id)).all()
    assert [(job.job_title, job.ended_on) for job in jobs] == [
        ("Year lead", dt.date(2026, 12, 31)),
        ("Class teacher", None),
    ]
    assert jobs[0].line_manager_id is not None
    assert counts(session)[0] == 4


def test_a_preview_stores_nothing(session: Session, school: Scope) -> None:
    shown = preview(session, school, table(STAFF), today=TODAY)
    assert (len(shown.people("new")), shown.rows_refused, shown.changes_something) == (4, 0, True)
    assert counts(session) == (0, 0, 0)


def test_rows_with_errors_stop_an_import_unless_they_are_left_out(session: Session, school: Scope) -> None:
    faulty = table(STAFF + "S9,Sam,Okoro,a@b,nobody,,,,,\n")
    with pytest.raises(Refusal) as refused:
        import_people(session, school, MAYA, faulty, now=NOW)
    assert [objection.message[:6] for objection in refused.value.objections] == ["Row 6:", "Row 6:"]
    assert counts(session) == (0, 0, 0)
    done = import_people(session, school, MAYA, faulty, leave_out_errors=True, now=NOW)
    assert (done.new_people, done.left_out) == (4, 1)


def test_an_open_question_stops_an_import_until_it_is_answered(session: Session, school: Scope) -> None:
    shared = table(HEADER + "S1,Ann,Lee,office@x.sch.uk,governors,,,,,\nS2,Bob,Lee,office@x.sch.uk,governors,,,,,\n")
    with pytest.raises(Refusal, match="Row 3: say whether Bob Lee is the same person as Ann Lee"):
        import_people(session, school, MAYA, shared, now=NOW)
    shown = preview(session, school, shared, today=TODAY)
    answers = importing.settled(shown.plan.questions)
    assert answers == {"row-3": "new"}
    assert import_people(session, school, MAYA, shared, answers=answers, now=NOW).new_people == 2
    assert import_people(session, school, MAYA, shared, now=NOW).new_people == 0


def test_what_was_confirmed_is_what_is_imported(session: Session, school: Scope) -> None:
    seen = preview(session, school, table(STAFF), today=TODAY).digest
    import_people(session, school, MAYA, table(HEADER + "S2,Tess,Marlow,,teachers,,2020-09-01,,,\n"), now=NOW)
    with pytest.raises(Refusal, match="changed since you looked"):
        import_people(session, school, MAYA, table(STAFF), seen=seen, now=NOW)
    now_seen = preview(session, school, table(STAFF), today=TODAY).digest
    assert import_people(session, school, MAYA, table(STAFF), seen=now_seen, now=NOW).new_people == 3


def test_row_44_staff_numbers_of_another_school_are_nobody_here(session: Session, school: Scope) -> None:
    import_people(session, school, MAYA, table(STAFF), now=NOW)
    other = a_school(session, "Zed's School", "zeds")
    theirs = table(HEADER + "S9,Zed,Ward,,teachers,,2020-09-01,,S1,\n")
    with pytest.raises(Refusal, match="S1 is not in this school"):
        import_people(session, other, MAYA, theirs, now=NOW)
    own = table(HEADER + "S1,Zed,Ward,,teachers,,2020-09-01,,,\n")
    assert import_people(session, other, MAYA, own, now=NOW).new_people == 1
    assert counts(session)[0] == 5


def test_the_journal_commits_to_a_digest_and_names_nobody(session: Session, school: Scope) -> None:
    shown = preview(session, school, table(STAFF), today=TODAY)
    import_people(session, school, MAYA, table(STAFF), now=NOW)
    entry = session.scalars(select(JournalEntry)).one()
    assert entry.event == "people imported"
    assert entry.payload is not None and shown.digest in entry.payload
    assert "Marlow" not in entry.payload + entry.ids


def test_row_51_an_import_that_is_cut_short_leaves_nothing(session: Session, school: Scope) -> None:
    session.commit()
    import_people(session, school, MAYA, table(STAFF), now=NOW)
    session.rollback()
    assert counts(session) == (0, 0, 0)
    assert import_people(session, school, MAYA, table(STAFF), now=NOW).new_people == 4


def test_printed_references_are_given_once_in_a_school(session: Session, school: Scope) -> None:
    rows = "".join(f",Viv,Lane{n},,volunteers,,,,,\n" for n in range(500))
    import_people(session, school, MAYA, table(HEADER + rows), now=NOW)
    references = session.scalars(select(Person.printed_reference)).all()
    assert len(set(references)) == 500


@pytest.mark.engines("sqlite")
def test_a_trust_of_12000_people_is_imported_in_seconds(session: Session, school: Scope) -> None:
    rows = "".join(f"S{n:05d},Given{n},Family{n},p{n}@school.example,teachers,,2020-09-01,,,\n" for n in range(12_000))
    began = time.monotonic()
    assert import_people(session, school, MAYA, table(HEADER + rows), now=NOW).new_jobs == 12_000
    assert time.monotonic() - began < 30
