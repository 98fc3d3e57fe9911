import datetime as dt

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from governance.db import db
from governance.errors import NotFound
from governance.people import membership, queries
from governance.people.queries import Standing
from governance.people.record import person_record
from governance.tenancy import Actor, Scope
from tests.hillcrest import NOW, TODAY, a_school, body, category, someone

HELEN = Actor("Helen Marsh")


@pytest.fixture
def school(session: Session) -> Scope:
    school = a_school(session)
    someone(session, school, "Tess Marlow", ("teachers", "governors"))
    someone(session, school, "Viv Lane", ("volunteers",))
    someone(session, school, "Ruth Day", ("headteacher",), ended_on=dt.date(2026, 8, 31))
    someone(session, school, "Nia Price", ("teachers",), started_on=dt.date(2027, 1, 4))
    someone(session, school, "Omar Khan", ())
    return school


def names(session: Session, school: Scope, **wanted: object) -> list[str]:
    page = queries.people(session, school, **{"as_of": TODAY, **wanted})  # type: ignore[arg-type]
    return [row.person.name for row in page.rows]


def test_the_list_shows_who_is_here_by_family_name(session: Session, school: Scope) -> None:
    assert names(session, school) == ["Viv Lane", "Tess Marlow"]


def test_joiners_leavers_and_those_without_a_job_have_their_own_lists(session: Session, school: Scope) -> None:
    assert names(session, school, standing=Standing.COMING) == ["Nia Price"]
    assert names(session, school, standing=Standing.LEFT) == ["Ruth Day", "Omar Khan"]
    assert len(names(session, school, standing=Standing.ALL)) == 5


def test_a_leaver_is_here_on_their_last_day_and_not_on_the_next(session: Session, school: Scope) -> None:
    assert "Ruth Day" in names(session, school, as_of=dt.date(2026, 8, 31))
    assert "Ruth Day" not in names(session, school, as_of=dt.date(2026, 9, 1))


def test_a_governor_without_a_job_is_here_while_their_term_lasts(session: Session, school: Scope) -> None:
    iqbal = someone(session, school, "Farah Iqbal", ())
    membership.seat_member(
        session, school, HELEN, body(session, school), iqbal, office="chair", from_on=dt.date(2025, 9, 1), now=NOW
    )
    assert "Farah Iqbal" in names(session, school)


@pytest.mark.parametrize("search", ["marlow", "TESS", "mar tess", "N-Tess", "  märlow "])
def test_people_are_found_by_parts_of_their_name_or_number(session: Session, school: Scope, search: str) -> None:
    assert names(session, school, search=search) == ["Tess Marlow"]


@pytest.mark.parametrize("search", ["%", "_", "' OR 1=1 --", "/", "tess lane"])
def test_row_53_a_search_is_only_ever_text(session: Session, school: Scope, search: str) -> None:
    assert names(session, school, search=search) == []


def test_a_category_shows_who_holds_it_now(session: Session, school: Scope) -> None:
    teachers = category(session, school, "teachers").id
    assert names(session, school, category_id=teachers) == ["Tess Marlow"]
    assert names(session, school, category_id=teachers, standing=Standing.ALL) == ["Tess Marlow", "Nia Price"]


def test_row_54_a_page_beyond_the_ends_is_the_nearest_one(session: Session, school: Scope) -> None:
    for page, shown in ((-1, 1), (0, 1), (2, 2), (10**9, 2)):
        found = queries.people(session, school, as_of=TODAY, page=page, per_page=1)
        assert (found.page, found.pages, found.total, len(found.rows)) == (shown, 2, 2, 1)


def test_every_job_of_a_person_is_in_their_row(session: Session, school: Scope) -> None:
    rows = queries.people(session, school, as_of=TODAY, standing=Standing.ALL).rows
    by_name = {row.person.name: row for row in rows}
    assert [job.category for job in by_name["Tess Marlow"].jobs_on(TODAY)] == ["Teachers", "Governors"]
    assert by_name["Ruth Day"].last_on == dt.date(2026, 8, 31)
    assert by_name["Tess Marlow"].last_on is None
    assert by_name["Omar Khan"].last_on is None


def test_a_page_takes_two_statements_however_many_people(session: Session, school: Scope) -> None:
    seen: list[str] = []
    listen = lambda *args: seen.append(args[2])  # noqa: E731  # SQLAlchemy keeps it by identity
    event.listen(db.engine, "before_cursor_execute", listen)
    queries.people(session, school, as_of=TODAY, standing=Standing.ALL)
    event.remove(db.engine, "before_cursor_execute", listen)
    assert len(seen) == 2


def test_people_are_found_by_number_or_printed_reference(session: Session, school: Scope) -> None:
    known = queries.by_number(session, school)
    tess = queries.with_number(known, " n-tess-MARLOW ")
    assert tess is not None
    assert queries.with_number(known, tess.reference) == tess
    assert queries.with_number(known, "S999") is None
    assert queries.refs(session, school, [tess.id]) == {tess.id: tess}


def test_zed_of_another_school_sees_nobody(session: Session, school: Scope) -> None:
    other = a_school(session, "Zed's School", "zeds")
    tess = queries.everyone(session, school, as_of=TODAY)[0]
    assert names(session, other, standing=Standing.ALL) == []
    assert queries.by_number(session, other) == {}
    assert queries.refs(session, other, [tess.id]) == {}
    with pytest.raises(NotFound):
        person_record(session, other, tess.public_id)
