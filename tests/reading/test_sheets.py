"""A sheet keeps what was printed on it; entering it makes one receipt a row, bound to what the paper said."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from governance.errors import NotFound, Refusal
from governance.extract.scans import PNG, Scan
from governance.journal.models import JournalEntry
from governance.journal.verify import verify
from governance.people.models import Person
from governance.reading.acknowledging import Act, acknowledge, shown_now, withdraw
from governance.reading.models import Declined
from governance.reading.owed import State
from governance.reading.paper_models import Sheet, SheetReceipt, SheetScan
from governance.reading.queries import my_reading, outstanding
from governance.reading.sheet_entering import Sitting, enter_sheet
from governance.reading.sheet_printing import as_number, for_category, for_policy, for_session, print_sheet
from governance.reading.sheet_queries import entered_from, origin_of, parts_of, sheet_numbered, sheets_printed
from governance.reading.sheets import record_sheet
from tests import hillcrest
from tests.hillcrest import MAYA, NOW, TODAY, category
from tests.reading.signing import Staffroom, furnish

pytestmark = pytest.mark.engines("sqlite", "postgresql")
AN_ACT = Act(TODAY, "signed_in", "password", ticked=True)
SCAN = Scan("sheet.png", PNG, b"\x89PNG\r\n\x1a\n and so on")


@pytest.fixture
def room(session: Session) -> Staffroom:
    return furnish(session)


def printed(room: Staffroom, policy: str = "Behaviour", witness: str = "") -> Sheet:
    wanted = for_policy(room.session, room.scope, room.policies[policy], None, TODAY)
    return print_sheet(room.session, room.scope, MAYA, wanted, witness, TODAY, NOW)


def ids(room: Staffroom, *names: str) -> frozenset[str]:
    return frozenset(room.people[name].public_id for name in names)


def entered(room: Staffroom, sheet: Sheet, sitting: Sitting) -> None:
    enter_sheet(room.session, room.scope, MAYA, sheet, sitting, TODAY, NOW)


def refused(room: Staffroom, sheet: Sheet, sitting: Sitting) -> dict[str, str]:
    before = len(room.receipts())
    with pytest.raises(Refusal) as refusal:
        entered(room, sheet, sitting)
    assert len(room.receipts()) == before
    return {one.field or "": one.message for one in refusal.value.objections}


def names(room: Staffroom, sheet: Sheet) -> list[list[str]]:
    return [[line.name for line in part.lines] for part in parts_of(room.session, sheet)]


def test_a_sheet_names_whoever_has_not_read_the_policy_and_what_they_sign_for(room: Staffroom) -> None:
    room.read("Noor", "Behaviour", TODAY)
    sheet = printed(room, witness="  Maya   Lund ")
    assert names(room, sheet) == [["Viv Ash", "Tess Marlow"]] and sheet.witness == "Maya Lund"
    version = parts_of(room.session, sheet)[0].versions[0]
    kept = hillcrest.latest(room.session, room.policies["Behaviour"])
    assert version.shown.documents_sha256 == kept.documents_sha256 and version.shown.wording
    assert sheet.number.startswith("S-") and sheets_printed(room.session, room.scope)[0].people == 2


def test_a_year_later_the_sheet_still_says_what_was_on_it(room: Staffroom) -> None:
    sheet = printed(room)
    tess = room.people["Tess"]
    tess.family_name = "Marlow-Price"
    room.policies["Behaviour"].title = "Conduct Policy"
    room.policies["Behaviour"].wording = "I agree to this"
    room.session.flush()
    part = parts_of(room.session, sheet)[0]
    assert "Tess Marlow" in [line.name for line in part.lines]
    assert part.versions[0].title == "Behaviour Policy"
    entered(room, sheet, Sitting(TODAY, "Maya Lund", signed=ids(room, "Tess")))
    assert room.receipts()[-1].wording == "I have read and understood"


def test_nobody_signs_a_text_that_was_replaced_even_where_the_new_one_asks_nobody(room: Staffroom) -> None:
    new = hillcrest.a_version(room.session, room.scope, room.policies["Behaviour"], "# Behaviour, anew")
    hillcrest.put_in_force(room.session, room.scope, new, TODAY)
    sheet = printed(room)
    assert [one.version_id for one in parts_of(room.session, sheet)[0].versions] == [new.id]
    entered(room, sheet, Sitting(TODAY, "Maya Lund", signed=ids(room, "Tess")))
    rows = outstanding(room.session, room.scope, TODAY, policy_id=room.policies["Behaviour"].id)
    assert room.people["Tess"].id not in {row.person_id for row in rows}


def test_what_was_printed_cannot_be_changed(room: Staffroom) -> None:
    sheet = printed(room)
    entered(room, sheet, Sitting(TODAY, "Maya Lund", signed=ids(room, "Tess"), declined=ids(room, "Viv")))
    for table in ("sheet", "sheet_version", "sheet_row", "sheet_entry", "sheet_receipt", "sheet_declined"):
        with pytest.raises(DatabaseError), room.session.begin_nested():
            room.session.execute(text(f"DELETE FROM {table}"))


def test_nobody_left_to_sign_makes_no_sheet(room: Staffroom) -> None:
    for name in ("Tess", "Noor", "Viv"):
        room.read(name, "Behaviour", TODAY)
    with pytest.raises(Refusal, match="no sheet to print"):
        printed(room)
    assert sheets_printed(room.session, room.scope) == []


def test_a_category_signs_once_for_everything_it_has_not_read(room: Staffroom) -> None:
    room.read("Noor", "Behaviour", TODAY)
    teachers = category(room.session, room.scope, "teachers")
    wanted = for_category(room.session, room.scope, teachers, TODAY)
    sheet = print_sheet(room.session, room.scope, MAYA, wanted, "", TODAY, NOW)
    parts = parts_of(room.session, sheet)
    said = [([one.title for one in part.versions], [line.name for line in part.lines]) for part in parts]
    assert sorted(said) == [
        (["Behaviour Policy", "Complaints Policy"], ["Tess Marlow"]),
        (["Complaints Policy"], ["Noor O'Neill"]),
    ]
    entered(room, sheet, Sitting(TODAY, "Maya Lund", signed=ids(room, "Tess", "Noor")))
    assert len(room.receipts()) == 1 + 3
    assert outstanding(room.session, room.scope, TODAY) == [
        row for row in outstanding(room.session, room.scope, TODAY) if row.person_id == room.people["Viv"].id
    ]


def test_a_sheet_for_a_session_has_chosen_people_whether_they_read_it_or_not(room: Staffroom) -> None:
    room.read("Noor", "Behaviour", dt.date(2026, 11, 2))
    versions = [hillcrest.latest(room.session, room.policies[one]).id for one in ("Behaviour", "Complaints")]
    people = [room.people[one].id for one in ("Tess", "Noor", "Viv")]
    wanted = for_session(room.session, room.scope, " INSET  day ", versions, people, TODAY)
    sheet = print_sheet(room.session, room.scope, MAYA, wanted, "", TODAY, NOW)
    assert sheet.title == "INSET day" and names(room, sheet) == [["Viv Ash", "Tess Marlow", "Noor O'Neill"]]
    assert len(parts_of(room.session, sheet)[0].versions) == 2
    with pytest.raises(Refusal, match="Say what the sheet is for"):
        wanted = for_session(room.session, room.scope, "", versions, people, TODAY)
        print_sheet(room.session, room.scope, MAYA, wanted, "", TODAY, NOW)


def on_paper(room: Staffroom, sheet: Sheet) -> list[tuple[str, list[str]]]:
    """What each section is signed for, and by whom."""
    parts = parts_of(room.session, sheet)
    return [(part.versions[0].shown.wording, [line.name for line in part.lines]) for part in parts]


PART_ONE = "I have read and understood. This is for: Part one."
WHOLE = "I have read and understood"


def test_who_is_asked_for_a_part_signs_for_it_by_name_and_has_a_receipt_for_no_more(room: Staffroom) -> None:
    room.divide("Behaviour")
    sheet = printed(room)
    assert on_paper(room, sheet) == [(PART_ONE, ["Tess Marlow", "Noor O'Neill"]), (WHOLE, ["Viv Ash"])]
    assert [part.versions[0].named for part in parts_of(room.session, sheet)] == ["Part one", ""]
    entered(room, sheet, Sitting(TODAY, "Maya Lund", signed=ids(room, "Tess", "Viv")))
    assert {(one.person_id, one.parts, one.wording) for one in room.receipts()} == {
        (room.people["Tess"].id, 1, PART_ONE),
        (room.people["Viv"].id, 0, WHOLE),
    }
    assert {
        row.person_id for row in outstanding(room.session, room.scope, TODAY, policy_id=room.policies["Behaviour"].id)
    } == {room.people["Noor"].id}


def test_a_sheet_goes_on_being_for_the_part_that_stood_on_it(room: Staffroom) -> None:
    room.divide("Behaviour")
    sheet = printed(room)
    room.session.execute(text("UPDATE reading_rule SET parts = 3 WHERE parts = 1"))
    entered(room, sheet, Sitting(TODAY, "Maya Lund", signed=ids(room, "Tess")))
    assert [(one.parts, one.wording) for one in room.receipts()] == [(1, PART_ONE)]
    tess = my_reading(room.session, room.scope, room.people["Tess"].id, TODAY)[0]
    assert (tess.state, tess.parts) == (State.READING_OVERDUE, 3), "she signed for no more than was on the paper"


def test_a_receipt_for_other_parts_of_that_day_does_not_stand_in_the_way(room: Staffroom) -> None:
    room.divide("Behaviour")
    sheet = printed(room)
    other, covering = (dataclasses.replace(AN_ACT, parts=parts) for parts in (2, 3))
    for name, act in (("Tess", other), ("Noor", covering)):
        version = hillcrest.latest(room.session, room.policies["Behaviour"])
        shown = shown_now(room.session, room.scope, version, act.parts)
        acknowledge(room.session, room.scope, MAYA, room.people[name], version, shown, act, NOW)
    wrong = refused(room, sheet, Sitting(TODAY, "Maya Lund", signed=ids(room, "Tess", "Noor")))
    assert list(wrong) == [f"person-{room.people['Noor'].public_id}"], "hers is for both parts"
    entered(room, sheet, Sitting(TODAY, "Maya Lund", signed=ids(room, "Tess")))
    assert sorted(one.parts for one in room.receipts()) == [1, 2, 3]


def test_for_a_session_each_person_signs_for_what_is_asked_of_them(room: Staffroom) -> None:
    room.divide("Behaviour")
    room.read("Noor", "Behaviour", dt.date(2026, 11, 2))
    versions = [hillcrest.latest(room.session, room.policies["Behaviour"]).id]
    stranger = hillcrest.someone(room.session, room.scope, "Gus Board", ("governors",))
    people = [*(room.people[one].id for one in ("Tess", "Noor", "Viv")), stranger.id]
    wanted = for_session(room.session, room.scope, "INSET", versions, people, TODAY)
    sheet = print_sheet(room.session, room.scope, MAYA, wanted, "", TODAY, NOW)
    assert sorted(on_paper(room, sheet)) == sorted(
        [(WHOLE, ["Viv Ash", "Gus Board"]), (PART_ONE, ["Tess Marlow", "Noor O'Neill"])]
    )


def test_another_sheet_is_entered_for_the_parts_that_stand_on_it(room: Staffroom) -> None:
    room.divide("Behaviour")
    version = hillcrest.latest(room.session, room.policies["Behaviour"])
    common = {"signed_on": TODAY, "witness": "Maya Lund", "today": TODAY, "now": NOW}
    tess = [room.people["Tess"]]
    [first] = record_sheet(room.session, room.scope, MAYA, version, tess, parts=1, **common)
    assert (first.parts, first.wording) == (1, PART_ONE)
    with pytest.raises(Refusal, match=f"has a receipt of that day already: {first.reference}"):
        record_sheet(room.session, room.scope, MAYA, version, tess, parts=1, **common)
    [second] = record_sheet(room.session, room.scope, MAYA, version, tess, **common)
    assert (second.parts, second.wording) == (0, WHOLE)


def test_a_receipt_from_a_sheet_is_bound_to_it_and_says_how_sure_it_is(room: Staffroom) -> None:
    sheet = printed(room)
    entered(room, sheet, Sitting(TODAY, " Maya  Lund", signed=ids(room, "Tess")))
    entered(room, sheet, Sitting(TODAY, "Maya Lund", signed=ids(room, "Noor"), scans=(SCAN,)))
    plain, scanned = room.receipts()
    assert (plain.method, plain.assurance, plain.witness) == ("paper", "paper_witnessed", "Maya Lund")
    assert (scanned.method, scanned.assurance) == ("paper", "paper_scanned")
    assert plain.given_at is None and plain.acknowledged_on == TODAY and plain.recorded_by == "Maya Lund"
    origin = origin_of(room.session, room.scope, scanned.id)
    assert origin.sheet == sheet.number and [scan.filename for scan in origin.scans] == ["sheet.png"]
    assert origin_of(room.session, room.scope, plain.id).scans == ()


def test_read_aloud_is_a_method_of_its_own_with_the_readers_name(room: Staffroom) -> None:
    sheet = printed(room)
    sitting = Sitting(TODAY, "Maya Lund", ids(room, "Tess", "Viv"), aloud=ids(room, "Viv"), explained_by=" Sam  Achebe")
    entered(room, sheet, sitting)
    by_person = {one.person_id: one for one in room.receipts()}
    viv, tess = (by_person[room.people[name].id] for name in ("Viv", "Tess"))
    assert (viv.method, tess.method, viv.witness) == ("read_aloud", "paper", "Maya Lund")
    assert origin_of(room.session, room.scope, viv.id).explained_by == "Sam Achebe"
    assert origin_of(room.session, room.scope, tess.id).explained_by == ""


def test_row_68_every_objection_stands_at_its_row_and_nothing_is_kept(room: Staffroom) -> None:
    sheet = printed(room)
    tomorrow, tess = TODAY + dt.timedelta(days=1), ids(room, "Tess")
    at = f"person-{room.people['Tess'].public_id}"
    assert "in the future" in refused(room, sheet, Sitting(tomorrow, "Maya", tess))["signed_on"]
    early = dt.date(2026, 11, 15)
    assert "was printed on 16 November 2026" in refused(room, sheet, Sitting(early, "Maya", tess))["signed_on"]
    assert "who saw the paper signed" in refused(room, sheet, Sitting(TODAY, " ", tess))["witness"]
    assert "Tick everybody who signed" in refused(room, sheet, Sitting(TODAY, "Maya"))["people"]
    both = Sitting(TODAY, "Maya", tess, declined=tess)
    assert "cannot both have signed" in refused(room, sheet, both)[at]
    assert "cannot store" in refused(room, sheet, Sitting(TODAY, "Ma\x00ya", tess))["witness"]
    unnamed = Sitting(TODAY, "Maya", tess, aloud=tess)
    assert "who read it aloud" in refused(room, sheet, unnamed)["explained_by"]
    unticked = Sitting(TODAY, "Maya", ids(room, "Viv"), aloud=tess, explained_by="Sam")
    assert "not as having signed" in refused(room, sheet, unticked)[at]


def test_row_68_a_duplicate_and_a_leaver_are_told_by_name(room: Staffroom) -> None:
    sheet = printed(room)
    same_day = room.read("Noor", "Behaviour", TODAY)
    hillcrest_job = room.people["Viv"]
    room.session.execute(
        text("UPDATE engagement SET ended_on = :day WHERE person_id = :person"),
        {"day": "2026-11-15", "person": hillcrest_job.id},
    )
    wrong = refused(room, sheet, Sitting(TODAY, "Maya", ids(room, "Tess", "Noor", "Viv")))
    assert same_day.reference in wrong[f"person-{room.people['Noor'].public_id}"]
    assert "left on 15 November 2026" in wrong[f"person-{room.people['Viv'].public_id}"]
    assert f"person-{room.people['Tess'].public_id}" not in wrong


def test_a_sheet_is_entered_in_several_goes_and_nobody_twice_until_a_mistake_is_withdrawn(room: Staffroom) -> None:
    sheet = printed(room)
    entered(room, sheet, Sitting(TODAY, "Maya", ids(room, "Tess")))
    receipt = room.receipts()[0]
    again = refused(room, sheet, Sitting(TODAY, "Maya", ids(room, "Tess", "Noor")))
    assert receipt.reference in again[f"person-{room.people['Tess'].public_id}"]
    entered(room, sheet, Sitting(TODAY, "Maya", ids(room, "Noor")))
    assert len(entered_from(room.session, sheet)) == 2 and sheets_printed(room.session, room.scope)[0].entered == 2
    withdraw(room.session, room.scope, MAYA, receipt, "Wrong line", NOW)
    assert sheets_printed(room.session, room.scope)[0].entered == 1
    entered(room, sheet, Sitting(TODAY, "Maya", ids(room, "Tess")))
    assert len(room.receipts()) == 3


def test_somebody_who_read_one_of_several_on_screen_that_day_signs_for_the_others(room: Staffroom) -> None:
    versions = [hillcrest.latest(room.session, room.policies[one]).id for one in ("Behaviour", "Complaints")]
    wanted = for_session(room.session, room.scope, "INSET", versions, [room.people["Tess"].id], TODAY)
    sheet = print_sheet(room.session, room.scope, MAYA, wanted, "", TODAY, NOW)
    room.read("Tess", "Behaviour", TODAY)
    entered(room, sheet, Sitting(TODAY, "Maya", ids(room, "Tess")))
    assert [one.method for one in room.receipts()] == ["signed_in", "paper"]


def test_given_and_not_signed_on_a_sheet_is_no_receipt_and_stops_the_chasing(room: Staffroom) -> None:
    sheet = printed(room)
    entered(room, sheet, Sitting(TODAY, "Maya Lund", ids(room, "Tess"), declined=ids(room, "Viv")))
    assert len(room.receipts()) == 1
    fact = room.session.scalars(select(Declined)).one()
    assert (fact.person_id, fact.given_on, fact.witness) == (room.people["Viv"].id, TODAY, "Maya Lund")
    assert my_reading(room.session, room.scope, fact.person_id, TODAY)[0].state is State.DECLINED
    chased = {row.person_id for row in outstanding(room.session, room.scope, TODAY)}
    assert fact.person_id not in chased
    at = f"person-{room.people['Viv'].public_id}"
    assert "entered from this sheet already" in refused(room, sheet, Sitting(TODAY, "M", declined=ids(room, "Viv")))[at]
    entered(room, sheet, Sitting(TODAY, "Maya Lund", ids(room, "Viv")))  # she signed after all
    assert my_reading(room.session, room.scope, fact.person_id, TODAY)[0].state is State.READ


def test_each_sitting_is_one_entry_of_the_journal_and_the_chain_holds(room: Staffroom) -> None:
    sheet = printed(room)
    entered(room, sheet, Sitting(TODAY, "Maya", ids(room, "Tess", "Noor"), declined=ids(room, "Viv"), scans=(SCAN,)))
    events = list(room.session.scalars(select(JournalEntry.event).order_by(JournalEntry.seq)))
    assert events[-2:] == ["sheet printed", "sheet entered"]
    assert verify(room.session, room.scope).fault is None


def test_the_same_scan_twice_is_kept_once(room: Staffroom) -> None:
    sheet = printed(room)
    other = dataclasses.replace(SCAN, filename="again.png")
    entered(room, sheet, Sitting(TODAY, "Maya", ids(room, "Tess"), scans=(SCAN, other)))
    rows = list(room.session.scalars(select(SheetScan)))
    assert len(rows) == 2 and len({row.document_id for row in rows}) == 1


@pytest.mark.parametrize("typed", ["{}", "{lower}", " {bare} ", "{bare_lower}", "{six}"])
def test_the_number_may_be_typed_in_any_way(room: Staffroom, typed: str) -> None:
    sheet = printed(room)
    number, bare = sheet.number, sheet.number.replace("-", "")
    forms = {"lower": number.lower(), "bare": bare, "bare_lower": bare.lower(), "six": bare[1:]}
    assert sheet_numbered(room.session, room.scope, typed.format(number, **forms)) is sheet
    assert as_number(number) == number


def test_the_sheet_of_another_school_is_not_there(room: Staffroom, session: Session) -> None:
    theirs = furnish(session, "zeds")
    sheet = printed(theirs)
    with pytest.raises(NotFound):
        sheet_numbered(session, room.scope, sheet.number)
    assert sheets_printed(session, room.scope) == []


def test_a_whole_staffroom_is_entered_in_few_statements(room: Staffroom) -> None:
    from tests.reading.signing import counted

    people = [hillcrest.someone(room.session, room.scope, f"P{n} Reader") for n in range(60)]
    sheet = printed(room)
    ticked = frozenset(one.public_id for one in people)
    with counted(room.session) as seen:
        entered(room, sheet, Sitting(TODAY, "Maya", ticked))
    print(f"{len(seen)} statements for 60 rows")
    assert len(seen) <= 20 and len(room.receipts()) == 60
    linked = room.session.scalars(select(SheetReceipt)).all()
    assert len(linked) == 60


def test_a_sheet_too_long_to_enter_is_refused_with_what_to_do(room: Staffroom) -> None:
    template = room.people["Tess"]
    made = [
        Person(
            organisation_id=template.organisation_id,
            given_name=f"P{n}",
            family_name="Reader",
            sort_key=f"reader  p{n}",
            printed_reference=f"X{n}",
            recorded_at=NOW,
        )
        for n in range(401)
    ]
    room.session.add_all(made)
    room.session.flush()
    version = hillcrest.latest(room.session, room.policies["Behaviour"]).id
    wanted = for_session(room.session, room.scope, "All", [version], [one.id for one in made], TODAY)
    with pytest.raises(Refusal, match=r"401 people .* Print one for each category"):
        print_sheet(room.session, room.scope, MAYA, wanted, "", TODAY, NOW)
