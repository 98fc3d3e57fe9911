"""A folder sorted into policies and versions, worked out by hand; and the words for why a row is to be looked at."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest

from governance.extract.clauses import Clause, ClauseKind, Segment
from governance.extract.dates import parse_stated
from governance.extract.fields.source import Guess
from governance.extract.guesses import Guesses
from governance.extract.kinds import Kind
from governance.intake.doubts import differences, doubts, notes
from governance.intake.evidence import evidence_of
from governance.intake.signs import Signs, alike, signs_of
from governance.intake.sorting import Known, KnownPolicy, Read, Row, sort_out
from governance.intake.source import anchors, pieces_of

TODAY = dt.date(2026, 11, 16)
BOARD = frozenset({"Governing Body"})
HERE = Known(bodies=BOARD)
BEHAVIOUR = KnownPolicy("b-1", "Behaviour Policy", "BEH-01", 3, parse_stated("1 September 2024"))


def said(value: Any, confidence: float = 0.95) -> Guess[Any]:
    return Guess(value, 1, str(value), confidence)


def says(
    title: str | None = "Behaviour Policy",
    on: str | None = "1 July 2025",
    by: str | None = "Governing Body",
    label: str | None = None,
    review: str | None = None,
    **others: Any,
) -> Guesses:
    """What a document states, each of it beyond doubt."""
    return Guesses(
        title=said(title) if title else None,
        adopted_on=said(parse_stated(on)) if on else None,
        adopted_by=said(by) if by else None,
        version_label=said(label) if label else None,
        next_review_on=said(parse_stated(review)) if review else None,
        **others,
    )


def read(number: int, guesses: Guesses | None = None, kind: Kind = Kind.DOCX, **others: Any) -> Read:
    facts = {"filename": f"{number}.{kind.value}", "sha256": f"bytes {number}", "has_text": True, **others}
    return Read(id=number, kind=kind, guesses=guesses or says(), **facts)


def files_of(rows: list[Row]) -> list[list[int]]:
    return [[one.id for one in row.files] for row in rows]


def why(guesses: Guesses, known: Known = HERE, **others: Any) -> tuple[str, ...]:
    [row] = sort_out([read(1, guesses, **others)], known)
    return doubts(row, known, TODAY)


def test_the_same_bytes_are_one_file_and_the_others_its_copies() -> None:
    [row] = sort_out([read(1), read(2, sha256="bytes 1", filename="copy.docx")], Known())
    assert (files_of([row]), [one.id for one in row.copies], row.ids) == ([[1]], [2], [1, 2])
    assert notes(row) == ("copy.docx: the same file again, kept once",)


def test_word_and_pdf_of_one_text_are_one_version_and_the_word_file_is_the_policy() -> None:
    rows = sort_out(
        [read(1, kind=Kind.PDF, signs=Signs(words_sha256="w")), read(2, signs=Signs(words_sha256="w"))], Known()
    )
    assert files_of(rows) == [[2, 1]]
    assert notes(rows[0]) == ("Word and PDF of one text",)
    assert doubts(rows[0], Known(bodies=BOARD), TODAY) == ()


def test_files_that_a_person_parted_stay_apart_and_nothing_else_joins_them() -> None:
    same = Signs(words_sha256="w")
    files = [
        read(1, kind=Kind.PDF, signs=same, alone=True),
        read(2, signs=same, alone=True),
        read(3, kind=Kind.HTML, signs=same),
    ]
    rows = sort_out(files, Known())
    assert sorted(files_of(rows)) == [[1], [2], [3]]
    assert {(row.place, row.of) for row in rows} == {(1, 3), (2, 3), (3, 3)}


def test_every_kind_of_file_has_its_place_and_its_name() -> None:
    [row] = sort_out([read(number, kind=kind) for number, kind in enumerate(Kind)], Known())
    assert len(row.files) == len(Kind) and notes(row)[0].startswith("Word, OpenDocument,")


def test_a_file_whose_text_can_be_read_comes_first_whatever_its_kind() -> None:
    assert files_of(sort_out([read(1, has_text=False), read(2, kind=Kind.PDF)], Known())) == [[2, 1]]


def test_one_title_and_one_label_or_date_in_two_formats_are_one_version() -> None:
    pdf = read(2, says(label="2.1", on=None), Kind.PDF)
    assert files_of(sort_out([read(1, says(label="2.1")), pdf], Known())) == [[1, 2]]


def test_two_formats_whose_words_differ_are_doubted() -> None:
    one, other = (signs_of([f"{word} " * 3 + "policy for everybody at this school"], "") for word in ("old", "new"))
    [row] = sort_out([read(1, signs=one), read(2, kind=Kind.PDF, signs=other)], Known())
    assert doubts(row, Known(bodies=BOARD), TODAY) == ("Word and PDF of one policy, whose words differ",)


def test_two_files_of_one_format_are_two_versions_even_where_nothing_tells_them_apart() -> None:
    rows = sort_out([read(1, says(on=None)), read(2, says(on=None))], Known())
    assert files_of(rows) == [[1], [2]]
    assert "one of 2 files of one policy, without a date to put them in order" in doubts(rows[0], Known(), TODAY)


def test_files_of_several_years_are_versions_in_the_order_of_their_dates() -> None:
    years = {1: "July 2025", 2: "3 May 2021", 3: "autumn term 2023", 4: None}
    rows = sort_out([read(number, says(on=year, label=f"v{number}")) for number, year in years.items()], Known())
    assert files_of(rows) == [[2], [3], [1], [4]]
    assert [(row.place, row.of) for row in rows] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert notes(rows[0]) == ("version 1 of 4 found here, by date",)


def test_a_format_that_could_belong_to_two_versions_belongs_to_neither() -> None:
    files = [read(1, says(on="May 2021")), read(2, says(on="May 2023")), read(3, says(on=None), Kind.PDF)]
    assert files_of(sort_out(files, Known())) == [[1], [2], [3]]


def test_rows_stand_by_title_and_untitled_ones_last() -> None:
    files = [read(1, says(title=None)), read(2, says("Uniform Policy")), read(3, says("Attendance Policy")), read(4)]
    assert files_of(sort_out(files, Known())) == [[3], [4], [2], [1]]


@pytest.mark.parametrize(
    ("title", "filename", "found"),
    [
        ("Policy on Behaviour", "a.docx", True),
        ("Pupils and us", "BEH-01 v3 final.docx", True),
        ("Pupils and us", "ABEH-011.docx", False),
        (None, "beh-01.docx", True),
        ("Anti-bullying Policy", "a.docx", False),
    ],
)
def test_a_policy_of_the_register_is_known_by_its_title_or_reference(
    title: str | None, filename: str, found: bool
) -> None:
    [row] = sort_out([read(1, says(title), filename=filename)], Known((BEHAVIOUR,)))
    assert (row.known is BEHAVIOUR) is found


def test_a_row_that_states_its_title_day_and_body_is_sure() -> None:
    assert why(says(review="July 2028", label="3")) == ()


@pytest.mark.parametrize(
    ("guesses", "words"),
    [
        (says(title=None), "no title found"),
        (says(on=None), "no adoption date found"),
        (says(by=None), "it does not say who adopted it"),
        (says(by="Oakfield Trust Board"), "“Oakfield Trust Board” is not a body of this school"),
        (says(on="1 July 2027"), "it says it was adopted on a day still to come"),
        (says(review="June 2025"), "the review date lies before the decision"),
        (Guesses(**{**says().__dict__, "title": said("Notes", 0.3)}), "the title was read from a lone line"),
        (
            Guesses(**{**says().__dict__, "next_review_on": said(parse_stated("July 2028"), 0.75)}),
            "the next review is not certain: July 2028",
        ),
        (says(remarks=(said("“Approved by” has not been filled in."),)), "“Approved by” has not been filled in"),
    ],
)
def test_what_is_missing_or_cannot_be_is_said_in_words(guesses: Guesses, words: str) -> None:
    assert why(guesses) == (words,)


def test_a_review_in_the_month_of_the_decision_is_no_contradiction() -> None:
    assert why(says(on="20 July 2025", review="July 2025")) == ()


def test_signs_and_warnings_are_said_too() -> None:
    signs = Signs(unfilled=("name of school",), schools=("Oakfield Primary School",))
    assert why(says(), signs=signs, warnings=("It has tracked changes.",)) == (
        "names another school: Oakfield Primary School",
        "has unfilled [brackets]: [name of school]",
        "It has tracked changes",
    )


def test_bytes_in_the_register_are_named() -> None:
    known = Known(files={"bytes 1": ("Behaviour Policy", 2)}, bodies=BOARD)
    assert why(says(), known) == ("identical to version 2 of Behaviour Policy",)


def test_a_new_version_is_announced_and_what_the_register_says_otherwise_is_shown() -> None:
    policy = KnownPolicy(
        "b", "Behaviour Policy", "B", 3, parse_stated("2024"), parse_stated("July 2026"), 12, "Headteacher"
    )
    guesses = says(review="July 2027", review_frequency_months=said(24), owner=said("Deputy head"))
    assert [(one.what, one.register, one.document) for one in differences(guesses, policy)] == [
        ("Next review", "July 2026", "July 2027"),
        ("Reviewed every", "12 months", "24 months"),
        ("Owner", "Headteacher", "Deputy head"),
    ]
    assert why(guesses, Known((policy,), bodies=BOARD))[:2] == (
        "looks like a new version of Behaviour Policy (3 versions)",
        "next review: the register says July 2026, the document July 2027",
    )
    assert differences(guesses, None) == []
    assert differences(says(owner=said("Head-teacher")), policy) == []


def test_an_older_version_than_the_registers_is_said_to_be_so() -> None:
    assert why(says(on="May 2021"), Known((BEHAVIOUR,), bodies=BOARD)) == (
        "looks like a new version of Behaviour Policy (3 versions)",
        "older than the version in the register",
    )


@pytest.mark.parametrize(
    ("text", "unfilled", "schools"),
    [
        ("The policy of [insert name] is kept by [Headteacher].", ("insert name", "Headteacher"), ()),
        ("See note [1], and “he dont [sic] know”.", (), ()),
        ("Everybody at Oakfield Primary School agrees.", (), ("Oakfield Primary School",)),
        ("The Governing Body of St Mary’s C of E Primary School", (), ("St Mary’s C of E Primary School",)),
        ("Hillcrest Primary School and its Primary School pupils; the whole School; After School clubs", (), ()),
        ("Hillcrest School", (), ()),
    ],
)
def test_blanks_and_other_schools_are_noticed(text: str, unfilled: tuple[str, ...], schools: tuple[str, ...]) -> None:
    signs = signs_of([text], "Hillcrest Primary School")
    assert (signs.unfilled, signs.schools) == (unfilled, schools)


def test_a_partner_named_once_far_below_is_no_other_school() -> None:
    far = [*["We are kind to each other."] * 20, "We visit Oakfield Primary School."]
    assert signs_of(far, "Hillcrest Primary School").schools == ()
    assert signs_of([*far, far[-1]], "Hillcrest Primary School").schools == ("Oakfield Primary School",)


def test_texts_are_alike_that_share_most_of_their_words() -> None:
    words = [f"word{number}" for number in range(200)]
    one, same, near, other = (
        signs_of([" ".join(text)], "") for text in (words, words, [*words[:195], "x"], words[::-1])
    )
    assert alike(one, same) == 1.0
    assert alike(one, near) > 0.8
    assert alike(one, other) == alike(one, Signs()) == 0.0


def test_the_source_marks_the_piece_that_says_a_fact_and_keeps_what_belongs_to_none() -> None:
    def clause(kind: ClauseKind, line: int, text: str, rows: tuple[tuple[str, ...], ...] = ()) -> Clause:
        return Clause(kind, None, 0, (Segment(text),), f"c{line}", line, rows)

    table = (("Item", "Value"), ("Adopted on", "1 July 2025"))
    clauses = (clause(ClauseKind.HEADING, 2, "Behaviour Policy"), clause(ClauseKind.TABLE, 4, "", table))
    guesses = Guesses(
        title=Guess("Behaviour Policy", 2, "Behaviour Policy", 0.95),
        adopted_on=Guess(parse_stated("1 July 2025"), 5, "Adopted on | 1 July 2025", 0.95),
        version_label=Guess("3", 9, "Version 3, page foot", 0.85),
    )
    pieces = pieces_of(clauses, list(evidence_of(guesses)))
    assert [(piece.text, [fact.what for fact in piece.facts]) for piece in pieces] == [
        ("Version 3, page foot", ["Version"]),
        ("Behaviour Policy", ["Title"]),
        ("Item | Value", []),
        ("Adopted on | 1 July 2025", ["Adopted on"]),
    ]
    assert anchors(pieces) == {"title": ("line-2", 2), "label": ("line-9", 9), "decided_on": ("line-5", 5)}


@pytest.mark.parametrize(
    "text", ["Primary " * 20_000, "Aa " * 20_000, "[" * 100_000, "<insert " * 20_000, "of the A" * 9_000]
)
def test_a_hostile_piece_is_looked_at_in_no_time(text: str) -> None:
    begun = time.process_time()
    signs_of([text] * 5, "Hillcrest Primary School")
    assert time.process_time() - begun < 2
