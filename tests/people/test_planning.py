"""Who is in a list: found, asked about, or new. No database is needed to decide it."""

import datetime as dt

from governance.people.grouping import KnownPerson
from governance.people.import_rows import read_rows
from governance.people.matching import NEW
from governance.people.planned_jobs import KnownJob
from governance.people.planning import Facts, Plan, plan
from governance.people.rules import Details
from governance.people.tables import read_table

TODAY = dt.date(2026, 11, 16)
CATEGORIES = {"Teachers": 1, "Governors": 2, "Agency staff": 3, "Volunteers": 4}
HEADER = "staff_number,printed_reference,given_name,family_name,email,category,started_on,ended_on,line_manager\n"
TESS = KnownPerson(10, "tess", Details("Tess", "Marlow", "tess@hillcrest.sch.uk", "S1"), "K7M-4QX")
VIV = KnownPerson(11, "viv", Details("Viv", "Lane", None, None), "B2C-D3F")
TEACHES = KnownJob(100, 10, 1, "Class teacher", dt.date(2020, 9, 1), None, None, None)
VOLUNTEERS = KnownJob(101, 11, 4, "", dt.date(2023, 1, 9), None, None, None)


def planned(text: str, answers: dict[str, str] | None = None, *people: KnownPerson, empty: bool = False) -> Plan:
    known = () if empty else (TESS, VIV, *people)
    facts = Facts(known, () if empty else (TEACHES, VOLUNTEERS), CATEGORIES)
    table = read_table("people.csv", (HEADER + text).encode(), most_rows=50_000)
    return plan(read_rows(table, {name.casefold(): name for name in CATEGORIES}, TODAY), facts, answers or {}, TODAY)


def test_a_known_staff_number_finds_its_person_and_changes_nothing_twice() -> None:
    found = planned("S1,,Tess,Marlow,tess@hillcrest.sch.uk,teachers,2020-09-01,,\n")
    assert [(person.key, person.becomes) for person in found.people] == [("tess", "unchanged")]


def test_a_changed_name_address_and_last_day_are_shown_as_changes() -> None:
    (person,) = planned("S1,,Tess,Hay,t.hay@hillcrest.sch.uk,teachers,2020-09-01,31/12/2026,\n").people
    assert [(change.what, change.before, change.after) for change in person.changes] == [
        ("Name", "Tess Marlow", "Tess Hay"),
        ("E-mail", "tess@hillcrest.sch.uk", "t.hay@hillcrest.sch.uk"),
    ]
    assert [(change.what, change.after) for change in person.jobs[0].changes] == [
        ("Teachers: last day", "31 December 2026")
    ]


def test_an_empty_cell_leaves_what_is_recorded() -> None:
    (person,) = planned("S1,,Tess,Marlow,,teachers,,,\n").people
    assert person.becomes == "unchanged"
    assert person.details.email == "tess@hillcrest.sch.uk"


def test_a_staff_number_given_to_somebody_else_is_refused() -> None:
    (error,) = planned("S1,,Omar,Khan,,teachers,,,\n").errors
    assert error.message.startswith("Staff number S1 is Tess Marlow's here, not Omar Khan's.")


def test_row_40_one_name_and_mailbox_in_two_spellings_is_one_person_and_flagged() -> None:
    found = planned(
        ",,Sam,Okoro,sam@hillcrest.sch.uk,teachers,2025-09-01,,\n,,SAM,  okoro,Sam@Hillcrest.sch.uk,governors,2025-09-01,,\n",
        empty=True,
    )
    assert [(person.details.name, [job.category for job in person.jobs]) for person in found.people] == [
        ("Sam Okoro", ["Teachers", "Governors"])
    ]
    assert "Rows 2 and 3 are taken as one person, Sam Okoro" in found.notes[0]


def test_row_40_a_recorded_person_in_another_spelling_is_found_and_flagged() -> None:
    found = planned(",,TESS,marlow,TESS@hillcrest.sch.uk,teachers,2020-09-01,,\n")
    assert [person.key for person in found.people] == ["tess"]
    assert "taken as Tess Marlow, who is recorded" in found.notes[0]


def test_row_41_different_names_in_one_mailbox_are_asked_about() -> None:
    rows = ",,Ann,Lee,office@hillcrest.sch.uk,governors,2025-09-01,,\n,,Bob,Lee,office@hillcrest.sch.uk,governors,2025-09-01,,\n"
    (question,) = planned(rows, empty=True).questions
    assert (question.row, question.why) == (3, "uses the same e-mail address")
    assert [(candidate.key, candidate.name) for candidate in question.candidates] == [("row-2", "Ann Lee")]
    apart = planned(rows, {"row-3": NEW}, empty=True)
    assert (apart.questions, len(apart.people)) == ([], 2)
    one = planned(rows, {"row-3": "row-2"}, empty=True)
    assert (one.questions, [person.details.name for person in one.people]) == ([], ["Ann Lee"])


def test_row_43_a_person_without_number_or_address_is_found_again_by_name() -> None:
    found = planned(",,Viv,Lane,,volunteers,2023-01-09,,\n")
    assert [(person.key, person.becomes) for person in found.people] == [("viv", "unchanged")]


def test_one_name_where_only_the_record_has_an_address_is_asked_about() -> None:
    rows = ",,Tess,Marlow,,governors,2025-09-01,,\n"
    (question,) = planned(rows).questions
    assert question.why == "has the same name"
    assert question.settled is None
    same = planned(rows, {"row-2": "tess"})
    assert [(person.key, person.becomes) for person in same.people] == [("tess", "changed")]
    assert [person.becomes for person in planned(rows, {"row-2": NEW}).people] == ["new"]


def test_an_answer_that_was_never_offered_is_asked_again() -> None:
    assert planned(",,Tess,Marlow,,governors,2025-09-01,,\n", {"row-2": "viv"}).questions


def test_two_people_of_one_name_with_different_numbers_are_two_and_nobody_is_asked() -> None:
    rows = "S7,,John,Smith,j@hillcrest.sch.uk,teachers,2025-09-01,,\nS8,,John,Smith,,teachers,2025-09-01,,\n"
    found = planned(rows, empty=True)
    assert (len(found.people), found.questions) == (2, [])


def test_a_name_that_two_recorded_people_share_needs_a_number() -> None:
    twin = KnownPerson(12, "viv2", Details("Viv", "Lane"), "G4H-J5K")
    (error,) = planned(",,Viv,Lane,,volunteers,2023-01-09,,\n", None, twin).errors
    assert error.message == "2 people here are called Viv Lane. Give their staff number or printed reference."
    assert not planned(",g4h j5k,Viv,Lane,,volunteers,2023-01-09,,\n", None, twin).errors


def test_a_new_number_for_a_recorded_mailbox_becomes_that_persons() -> None:
    sam = KnownPerson(13, "sam", Details("Sam", "Okoro", "sam@hillcrest.sch.uk"), "M6N-P7Q")
    (person,) = planned("S9,,Sam,Okoro,sam@hillcrest.sch.uk,teachers,2025-09-01,,\n", None, sam).people
    assert (person.key, person.details.staff_number) == ("sam", "S9")


def test_row_44_a_printed_reference_of_another_school_is_refused() -> None:
    (error,) = planned(",ZZZ-999,Viv,Lane,,volunteers,2023-01-09,,\n").errors
    assert error.message == "Printed reference ZZZ-999 is not in this school."


def test_row_44_a_line_manager_of_another_school_is_refused_and_the_others_go_on() -> None:
    found = planned("S5,,Sam,Okoro,,teachers,2025-09-01,,S999\nS6,,Ann,Lee,,teachers,2025-09-01,,s1\n")
    assert [error.row for error in found.errors] == [2]
    assert "S999 is not in this school" in found.errors[0].message
    assert [(person.details.name, person.jobs[0].line_manager) for person in found.people] == [("Ann Lee", "tess")]


def test_a_line_manager_may_come_later_in_the_file() -> None:
    found = planned("S5,,Sam,Okoro,,teachers,2025-09-01,,S6\nS6,,Ann,Lee,,teachers,2025-09-01,,\n")
    assert (found.errors, found.people[0].jobs[0].line_manager) == ([], "row-3")


def test_a_line_manager_whose_own_row_is_refused_is_left_out_with_a_note() -> None:
    found = planned("S5,,Sam,Okoro,,teachers,2025-09-01,,S6\nS6,,Ann,Lee,,nobody,2025-09-01,,\n")
    assert [error.row for error in found.errors] == [3]
    assert found.people[0].jobs[0].line_manager is None
    assert "Row 2: the line manager's own row has an error" in found.notes[0]


def test_nobody_manages_themselves_not_even_by_another_name() -> None:
    errors = planned("S5,,Sam,Okoro,,teachers,,,s5\nS1,,Tess,Marlow,,teachers,,,K7M-4QX\n").errors
    assert [error.row for error in errors] == [2, 3]


def test_several_rows_of_one_person_are_several_jobs() -> None:
    (person,) = planned("S1,,Tess,Marlow,,teachers,2020-09-01,,\nS1,,Tess,Marlow,,governors,2025-11-03,,\n").people
    assert [(job.category, job.known is None) for job in person.jobs] == [("Teachers", False), ("Governors", True)]


def test_one_number_under_two_names_in_a_file_is_refused() -> None:
    (error,) = planned("S5,,Sam,Okoro,,teachers,2025-09-01,,\nS5,,Ann,Lee,,teachers,2025-09-01,,\n").errors
    assert (error.row, "is Sam Okoro's in row 2, and Ann Lee's here" in error.message) == (3, True)


def test_a_repeated_row_is_left_out_and_a_contradicting_one_refused() -> None:
    row = "S5,,Sam,Okoro,,teachers,2025-09-01,{},\n"
    again = planned(row.format("") * 2)
    assert (again.errors, again.notes) == ([], ["Row 3 says the same as row 2 and is left out."])
    against = planned(row.format("") + row.format("2025-12-31"))
    assert [error.row for error in against.errors] == [3]


def test_without_a_first_day_a_new_job_starts_today_and_a_recorded_one_is_kept() -> None:
    new, kept = planned(",,Ann,Lee,,governors,,,\nS1,,Tess,Marlow,,teachers,,,\n").people
    assert new.jobs[0].started_on == TODAY
    assert (kept.becomes, kept.jobs[0].started_on) == ("unchanged", dt.date(2020, 9, 1))


def test_a_last_day_in_the_past_without_a_first_day_is_refused() -> None:
    (error,) = planned(",,Ann,Lee,,governors,,2025-12-31,\n").errors
    assert "before the first, today" in error.message


def test_a_leaver_comes_back_as_a_new_job_of_the_same_person() -> None:
    (person,) = planned("S1,,Tess,Marlow,,teachers,2026-09-01,,\n").people
    assert (person.key, person.jobs[0].known) == ("tess", None)


def test_a_mailbox_that_a_thousand_people_share_asks_about_a_few_at_a_time() -> None:
    rows = "".join(f"N{n},,Given{n},Family{n},office@hillcrest.sch.uk,governors,2025-09-01,,\n" for n in range(1_000))
    found = planned(rows, empty=True)
    assert len(found.questions) == 999
    assert max(len(question.candidates) for question in found.questions) <= 6
