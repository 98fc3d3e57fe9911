"""Facts in the shapes that documents set them out in: tables of several kinds, running feet, misspelt labels."""

from __future__ import annotations

from typing import Any

from governance.extract.fields.spelling import spelt
from governance.extract.guesses import as_json, guess


def published(*lines: str) -> dict[str, Any]:
    """What a document of these lines states, and nothing that it does not."""
    return {
        name: value
        for name, value in as_json(guess(lines)).items()
        if name not in ("evidence", "title") and value not in (None, [])
    }


def test_a_row_below_its_heads_may_begin_with_a_number() -> None:
    heads = "Version\tApproved by\tDate approved\tNext review date\tPolicy owner"
    row = "4\tLocal Governing Body\t18 September 2024\t30 September 2025\tAttendance Officer"
    assert published("Attendance Policy", heads, row) == {
        "version_label": "4",
        "adopted_on": "2024-09-18",
        "adopted_by": "Local Governing Body",
        "next_review_on": "2025-09-30",
        "owner": "Attendance Officer",
    }


def test_the_last_row_of_a_history_is_the_version_and_its_date_the_last_review() -> None:
    history = (
        "Version\tDate\tAuthor\tChange",
        "1.0\t11 March 2020\tJ. Baines\tFirst",
        "1.1\t22 April 2024\tR. Adeyemi\tNames",
    )
    assert published("Fire Safety Policy", *history) == {"version_label": "1.1", "last_reviewed_on": "2024-04-22"}


def test_a_row_of_pairs_is_no_row_of_heads() -> None:
    rows = (
        "Approved by\tHeadteacher\tDate\t4 September 2023",
        "Next review\t4 September 2025\tReview period\t24 months",
    )
    assert published("Policy for Educational Visits", *rows) == {
        "adopted_on": "2023-09-04",
        "adopted_by": "Headteacher",
        "next_review_on": "2025-09-04",
        "review_frequency_months": 24,
    }


def test_two_grids_one_below_the_other_are_read_each_by_its_own_heads() -> None:
    first = ("Policy owner\tAdopted on\tAdopted by", "Learning Mentor\t30 November 2023\tFull Governing Body")
    second = ("Version\tReview cycle\tNext review", "3\tAnnually\tNovember 2024")
    assert published("Positive Handling Policy", *first, *second) == {
        "version_label": "3",
        "adopted_on": "2023-11-30",
        "adopted_by": "Full Governing Body",
        "next_review_on": "2024-11",
        "review_frequency_months": 12,
        "owner": "Learning Mentor",
    }


def test_a_row_of_label_body_and_day() -> None:
    assert published("Collection Policy", "Approved by\tHead of School\t13 October 2022") == {
        "adopted_on": "2022-10-13",
        "adopted_by": "Head of School",
    }


def test_a_running_foot_states_several_facts_on_one_line() -> None:
    foot = "Version 7.0\tLast reviewed 12 February 2024 Next review February 2025 Page 1 of 9"
    assert published("Photography Policy", "", foot) == {
        "version_label": "7.0",
        "last_reviewed_on": "2024-02-12",
        "next_review_on": "2025-02",
    }


def test_misspelt_labels_are_read_and_shown_as_they_were_written() -> None:
    lines = ("First Aid Policy", "Adoped by Goverors: 14th October 2021", "Next reveiw: October 2024")
    found = guess(lines)
    assert published(*lines) == {"adopted_on": "2021-10-14", "adopted_by": "Governors", "next_review_on": "2024-10"}
    assert found.adopted_on and found.adopted_on.text == "Adoped by Goverors: 14th October 2021"


def test_real_words_near_a_telling_word_stay_as_they_are() -> None:
    for text in ("The plan was adapted by the reviewer", "Governor of the month", "He viewed the provision"):
        assert spelt(text) == text


def test_the_documents_own_title_on_every_page_is_not_a_policy_it_cites() -> None:
    lines = (
        "# Data Breach Procedure",
        "",
        "## See also",
        "",
        "Data Protection Policy",
        "",
        "Data Breach Procedure\tVersion 1.1",
    )
    assert published(*lines)["related_policies"] == ["Data Protection Policy"]


def test_titles_set_apart_by_semicolons_keep_their_commas() -> None:
    cited = "Behaviour Policy; Searching, Screening and Confiscation Policy"
    assert published("Drugs Policy", "", "## See also", "", cited)["related_policies"] == cited.split("; ")


def test_heads_that_name_people_are_heads_all_the_same() -> None:
    found = published(
        "| Date | Review Date | Coordinator | Nominated Governor |", "| 10/5/24 | 10/5/25 | Mrs Bell | Mr Thorn |"
    )
    assert found["next_review_on"] == "2025-05-10"


def test_the_day_a_review_was_approved_is_the_last_review() -> None:
    found = published("| First Review Date | December 2013 |", "| Date review approved by Trust Board | 4 April 2017 |")
    assert found["last_reviewed_on"] == "2017-04-04"


def test_the_day_a_review_begins_is_the_next_review_and_not_the_day_it_ends() -> None:
    found = published("Next review date: 1 June 2027 with review to be completed by 1 September 2027")
    assert found["next_review_on"] == "2027-06-01"
