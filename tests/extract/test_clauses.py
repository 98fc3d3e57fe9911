"""Markdown and plain text by clause."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.extract.clauses import Clause, ClauseKind, Segment, from_json, to_json
from governance.extract.examined import text_hash
from governance.extract.segmentation import document_title, read_clauses
from governance.extract.unreadable import UnreadableDocument

POLICY = """Uniform Policy

Oakhurst School

Updated September 2024

Contents

Section\tPage Number
1. Introduction\t3
2. Who is covered by the policy\t4
Appendix 1\t9

1. Introduction

- 1.1 **Everybody wears uniform.** See [the list](https://school.example/list).
- 1.2 The policy was agreed with
the school council and the governors.

2. Who is covered by the policy

2.1 As a pupil you must:
- wear a tie
 - keep it on

2.2 The following are not allowed:

- (a) trainers;
- (b) jewellery.

Appendix 1

Introduction

Staff actions

1. Lend a tie
2. Write it down
"""


def shape(text: str) -> list[tuple[str, str | None, int, str]]:
    return [(clause.kind.value, clause.number, clause.level, clause.text) for clause in read_clauses(text)]


def test_a_policy_is_read_by_clause() -> None:
    assert shape(POLICY) == [
        ("heading", None, 1, "Uniform Policy"),
        ("paragraph", None, 0, "Oakhurst School"),
        ("paragraph", None, 0, "Updated September 2024"),
        ("heading", "1", 2, "Introduction"),
        ("clause", "1.1", 2, "Everybody wears uniform. See the list."),
        ("clause", "1.2", 2, "The policy was agreed with the school council and the governors."),
        ("heading", "2", 2, "Who is covered by the policy"),
        ("clause", "2.1", 2, "As a pupil you must:"),
        ("list_item", None, 1, "wear a tie"),
        ("list_item", None, 1, "keep it on"),
        ("clause", "2.2", 2, "The following are not allowed:"),
        ("list_item", "(a)", 1, "trainers;"),
        ("list_item", "(b)", 1, "jewellery."),
        ("heading", None, 2, "Appendix 1"),
        ("heading", None, 3, "Introduction"),
        ("heading", None, 3, "Staff actions"),
        ("list_item", "1", 1, "Lend a tie"),
        ("list_item", "2", 1, "Write it down"),
    ]


def test_each_clause_knows_its_line_and_has_an_anchor_of_its_own() -> None:
    clauses = read_clauses(POLICY)
    lines = POLICY.split("\n")
    assert all(clause.text.split()[0] in lines[clause.line - 1] for clause in clauses)
    anchors = [clause.anchor for clause in clauses]
    assert len(set(anchors)) == len(anchors)
    assert {"uniform-policy", "clause-1", "clause-1-1", "clause-2-2", "appendix-1", "introduction"} <= set(anchors)


def test_marks_become_segments() -> None:
    clause = read_clauses(POLICY)[4]
    assert clause.segments == (
        Segment("Everybody wears uniform.", strong=True),
        Segment(" See "),
        Segment("the list", href="https://school.example/list"),
        Segment("."),
    )


def test_the_markdown_of_our_own_policies_is_read_with_its_levels() -> None:
    text = "# Policy 005\n\nVersion 1\n\n## 1. Clause 1\n\n1.1 The school expects every adult to act with care.\n"
    assert shape(text) == [
        ("heading", None, 1, "Policy 005"),
        ("paragraph", None, 0, "Version 1"),
        ("heading", "1", 2, "Clause 1"),
        ("clause", "1.1", 2, "The school expects every adult to act with care."),
    ]
    assert document_title(read_clauses(text)) == "Policy 005"


def test_plain_text_wrapped_at_a_column_is_joined_and_clauses_kept_apart() -> None:
    text = (
        "Lettings Policy\n\n1. Introduction\nThe hall may be let to groups from the community when it is not needed\n"
        "for lessons, clubs or meetings of the governing body.\n1.1 The hirer pays in advance.\n1.2 Keys are returned next day.\n"
    )
    assert shape(text) == [
        ("heading", None, 1, "Lettings Policy"),
        ("heading", "1", 2, "Introduction"),
        (
            "paragraph",
            None,
            0,
            "The hall may be let to groups from the community when it is not needed for lessons, clubs or meetings of the governing body.",
        ),
        ("clause", "1.1", 2, "The hirer pays in advance."),
        ("clause", "1.2", 2, "Keys are returned next day."),
    ]


def test_labels_on_a_cover_stay_on_lines_of_their_own() -> None:
    text = "Pay Policy\n\nApproved by: Governors\nDate: 12 May 2024\nNext review: May 2025\n"
    assert [clause.text for clause in read_clauses(text)][1:] == [
        "Approved by: Governors",
        "Date: 12 May 2024",
        "Next review: May 2025",
    ]


def test_numbered_sentences_are_clauses_and_numbered_steps_are_a_list() -> None:
    text = (
        "# Pay Policy\n\n1. Pay is reviewed each autumn by the governors' pay committee.\n"
        "2. Appeals are heard by governors who had no part in the decision.\n\nSteps:\n\n1. Ask\n2. Wait\n"
    )
    assert [(kind, number) for kind, number, _, _ in shape(text)] == [
        ("heading", None),
        ("clause", "1"),
        ("clause", "2"),
        ("paragraph", None),
        ("list_item", "1"),
        ("list_item", "2"),
    ]


def test_a_table_keeps_its_rows() -> None:
    clauses = read_clauses("# Pay Policy\n\n| Point | Salary |\n|---|---|\n| **M1** | £31,650 |\n")
    assert clauses[1].kind is ClauseKind.TABLE
    assert clauses[1].rows == (("Point", "Salary"), ("M1", "£31,650"))
    assert clauses[1].text == "Point | Salary\nM1 | £31,650"


def test_front_matter_and_contents_of_links_are_left_out() -> None:
    text = "---\ntitle: Pay Policy\n---\n\n# Pay Policy\n\n## Contents\n\n- [1. Aims](#1-aims)\n\n## 1. Aims\n\nTo pay fairly.\n"
    assert [(kind, words) for kind, _, _, words in shape(text)] == [
        ("heading", "Pay Policy"),
        ("heading", "Aims"),
        ("paragraph", "To pay fairly."),
    ]


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/hostname",
        "//evil.example",
        "#",
        "java&#115;cript:alert(1)",
    ],
)
def test_bad_input_16_a_link_that_is_no_web_or_mail_address_leaves_only_its_words(href: str) -> None:
    clauses = read_clauses(f"# Pay Policy\n\nSee [the scales]({href}) for more.\n")
    assert clauses[1].text == "See the scales for more."
    assert all(segment.href is None for segment in clauses[1].segments)


@pytest.mark.parametrize("href", ["https://gov.uk/x", "http://school.example", "mailto:office@school.example"])
def test_web_and_mail_addresses_are_kept(href: str) -> None:
    assert Segment("scales", href=href) in read_clauses(f"# Pay Policy\n\nSee [scales]({href}).\n")[1].segments


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "{{7*7}}", "%s ${x}"])
def test_bad_input_46_what_looks_like_code_is_text(text: str) -> None:
    assert text in read_clauses(f"# Pay Policy\n\nThe value {text} stays.\n")[1].text


@pytest.mark.parametrize(
    "text", ["\n".join("  " * depth + "- a" for depth in range(1_000)), "> " * 1_000 + "x", "- " * 1_000 + "x"]
)
def test_bad_input_50_markdown_nested_1000_deep_is_refused_quickly(text: str) -> None:
    started = time.monotonic()
    with pytest.raises(UnreadableDocument, match="nested more than 20 deep"):
        read_clauses(text)
    assert time.monotonic() - started < 5


def test_lists_nested_as_deep_as_people_write_them_are_read() -> None:
    assert len(read_clauses("\n".join("  " * depth + "- point" for depth in range(10)))) == 10


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "*a " * 50_000, "`" * 50_000, "<" * 50_000, "|" * 20_000, "#" * 50_000]
)
def test_a_flood_of_marks_is_read_in_good_time(text: str) -> None:
    started = time.monotonic()
    read_clauses(text)
    assert time.monotonic() - started < 5


def test_the_same_text_always_has_the_same_hash() -> None:
    first, again = read_clauses(POLICY), read_clauses(POLICY)
    assert to_json(first) == to_json(again)
    assert text_hash(first) == text_hash(from_json(to_json(first)))
    assert text_hash(first) != text_hash(read_clauses(POLICY.replace("tie", "cap")))


segments = st.builds(
    Segment,
    st.text(min_size=1, max_size=20),
    st.booleans(),
    st.booleans(),
    st.none() | st.just("https://school.example"),
)
clauses_made = st.builds(
    Clause,
    st.sampled_from(ClauseKind),
    st.none() | st.just("7.8"),
    st.integers(0, 6),
    st.lists(segments, max_size=3).map(tuple),
    st.text(min_size=1, max_size=10),
    st.integers(1, 9_999),
    st.just(()) | st.just((("a", "b"), ("c", "d"))),
)


@given(st.lists(clauses_made, max_size=5).map(tuple))
def test_clauses_survive_being_stored(clauses: tuple[Clause, ...]) -> None:
    assert from_json(to_json(clauses)) == clauses


@given(st.text(alphabet=st.sampled_from("ab1.2)( #*-_[]>|`\n\t:/"), max_size=200))
@settings(deadline=None)
def test_any_text_has_clauses_with_anchors_of_their_own(text: str) -> None:
    clauses = read_clauses(text)
    assert len({clause.anchor for clause in clauses}) == len(clauses)
    assert from_json(to_json(clauses)) == clauses
