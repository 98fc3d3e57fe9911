import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.errors import Refusal
from governance.journal.models import JournalEntry
from governance.people import actions, categories
from governance.people.jobs import Job
from governance.people.models import Category, Person
from governance.people.rules import Details
from governance.tenancy import Scope
from tests.hillcrest import MAYA, NOW, TODAY, a_school, category

TESS = Details("Tess", "Marlow", "tess@hillcrest.sch.uk", "S1")


@pytest.fixture
def school(session: Session) -> Scope:
    return a_school(session)


def test_somebody_is_added_with_their_first_job_and_a_printed_reference(session: Session, school: Scope) -> None:
    job = Job(category(session, school, "teachers"), TODAY, job_title=" Class  teacher ")
    tess = actions.add_person(session, school, MAYA, TESS, job, now=NOW)
    assert (tess.sort_key, len(tess.printed_reference)) == ("marlow  tess", 7)
    entry = session.scalars(select(JournalEntry)).one()
    assert (entry.event, "Class teacher" in (entry.payload or "")) == ("person added", True)


def test_a_volunteer_needs_neither_address_nor_number(session: Session, school: Scope) -> None:
    viv = actions.add_person(session, school, MAYA, Details("Viv", "Lane"), now=NOW)
    assert (viv.email, viv.staff_number) == (None, None)


@pytest.mark.parametrize("details", [Details("TESS", "marlow"), Details("Ann", "Lee", "Tess@Hillcrest.sch.uk")])
def test_a_possible_duplicate_is_asked_about(session: Session, school: Scope, details: Details) -> None:
    actions.add_person(session, school, MAYA, TESS, now=NOW)
    with pytest.raises(Refusal, match="is recorded already") as asked:
        actions.add_person(session, school, MAYA, details, now=NOW)
    assert asked.value.objections[0].field == "somebody_else"
    assert actions.add_person(session, school, MAYA, details, somebody_else=True, now=NOW).id


def test_a_staff_number_is_one_persons_whatever_its_case(session: Session, school: Scope) -> None:
    actions.add_person(session, school, MAYA, TESS, now=NOW)
    with pytest.raises(Refusal, match="Staff number s1 is Tess Marlow's") as refused:
        actions.add_person(session, school, MAYA, Details("Ann", "Lee", None, "s1"), now=NOW)
    assert refused.value.objections[0].field == "staff_number"


def test_two_schools_may_use_one_staff_number(session: Session, school: Scope) -> None:
    actions.add_person(session, school, MAYA, TESS, now=NOW)
    other = a_school(session, "Zed's School", "zeds")
    assert actions.add_person(session, other, MAYA, Details("Zed", "Ward", None, "S1"), now=NOW).staff_number == "S1"


def test_details_change_and_the_journal_keeps_both(session: Session, school: Scope) -> None:
    tess = actions.add_person(session, school, MAYA, TESS, now=NOW)
    actions.change_details(session, school, MAYA, tess, Details("Tess", "Hay", TESS.email, "S1"), now=NOW)
    assert tess.sort_key == "hay  tess"
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.seq.desc())).first()
    assert entry is not None and "Marlow" in (entry.payload or "") and "Hay" in (entry.payload or "")


def test_details_that_stay_the_same_leave_no_entry(session: Session, school: Scope) -> None:
    tess = actions.add_person(session, school, MAYA, TESS, now=NOW)
    actions.change_details(session, school, MAYA, tess, Details(" Tess", "Marlow ", TESS.email, "S1"), now=NOW)
    assert len(session.scalars(select(JournalEntry)).all()) == 1


def test_every_objection_comes_at_once_and_nothing_is_stored(session: Session, school: Scope) -> None:
    with pytest.raises(Refusal) as refused:
        actions.add_person(session, school, MAYA, Details("", "", "a@b", "x" * 61), now=NOW)
    assert {objection.field for objection in refused.value.objections} == {"family_name", "email", "staff_number"}
    assert not session.scalars(select(Person)).all()


def test_a_school_begins_with_ten_categories_and_adds_its_own(session: Session, school: Scope) -> None:
    session.query(Category).delete()
    made = categories.add_default_categories(session, school, MAYA, now=NOW)
    assert len(made) == 10
    assert categories.add_default_categories(session, school, MAYA, now=NOW) == []
    own = categories.add_category(session, school, MAYA, name="Peripatetic teachers", now=NOW)
    assert categories.categories(session, school)[-1] is own
    with pytest.raises(Refusal, match="already there"):
        categories.add_category(session, school, MAYA, name="TEACHERS", now=NOW)


def test_agency_staff_are_called_supply_where_the_school_says_so(session: Session, school: Scope) -> None:
    agency = category(session, school, "agency")
    categories.rename_category(session, school, MAYA, agency, name="Supply", now=NOW)
    assert (agency.name, agency.code) == ("Supply", "agency")
    with pytest.raises(Refusal, match="already there"):
        categories.rename_category(session, school, MAYA, agency, name="volunteers", now=NOW)
