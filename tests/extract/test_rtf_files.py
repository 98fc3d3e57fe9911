"""Rich text: what Word, LibreOffice and older programs write, as blocks; and files that may be hostile."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.extract import rtf_tokens
from governance.extract.blocks import Block
from governance.extract.clauses import ClauseKind, Segment
from governance.extract.examine import examine_here
from governance.extract.rtf_blocks import read_rtf
from governance.extract.unreadable import UnreadableDocument
from tests.extract.making_other import rtf


def blocks(body: str, head: str = "") -> list[Block]:
    return list(read_rtf(rtf(body, head)).blocks)


def words(body: str, head: str = "") -> str:
    return "|".join(block.text for block in blocks(body, head))


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableDocument) as refused:
        read_rtf(data)
    return refused.value.message


def test_headings_are_known_by_their_styles_and_by_their_outline_levels() -> None:
    found = blocks(
        r"\pard\s9 Uniform Policy\par\pard\s1\b Aims\b0\par\pard Ties are worn.\par\pard\s2 Staff\par"
        r"\pard\outlinelevel0 Scope\par\pard All staff.\par"
    )
    assert [(one.kind, one.level, one.text) for one in found] == [
        ("heading", 1, "Uniform Policy"),
        ("heading", 2, "Aims"),
        ("paragraph", 0, "Ties are worn."),
        ("heading", 3, "Staff"),
        ("heading", 2, "Scope"),
        ("paragraph", 0, "All staff."),
    ]


def test_numbers_are_those_that_were_printed_and_bullets_have_none() -> None:
    found = blocks(
        r"{\listtext\pard\plain 1.\tab}\pard\s1\ls1\ilvl0 Aims\par"
        r"{\listtext\pard\plain 1.1\tab}\pard\ls1\ilvl1 Ties are worn.\par"
        r"{\listtext\pard\plain (a)\tab}\pard\ls1\ilvl2 in winter\par"
        r"{\listtext\pard\plain\f3 \'b7\tab}\pard\ls2\ilvl0 a tie\par{\pntext\f3 q\tab}\pard\ls2\ilvl0 a hat\par"
    )
    assert [(one.kind, one.number, one.text) for one in found] == [
        ("heading", "1", "Aims"),
        ("paragraph", "1.1", "Ties are worn."),
        ("item", "(a)", "in winter"),
        ("item", None, "a tie"),
        ("item", None, "a hat"),
    ]
    assert found[2].level == 3 and found[2].list_id != found[3].list_id == found[4].list_id


def test_labels_of_older_programs_make_a_list_each_time_they_follow_one_another() -> None:
    found = blocks(r"{\pntext 1.\tab}Ties\par {\pntext 2.\tab}Shoes\par Words.\par {\pntext 1.\tab}Coats\par")
    assert [one.number for one in found] == ["1", "2", None, "1"]
    assert found[0].list_id == found[1].list_id != found[3].list_id


def test_clauses_and_facts_are_read_from_rich_text() -> None:
    body = (
        r"\pard\s9 Uniform Policy\par\pard {\b Date adopted:} 12/09/2022\line Approved by: Full Governing Body\par"
        r"{\listtext 1.\tab}\pard\s1\ls1 Aims\par{\listtext 1.1\tab}\pard\ls1\ilvl1 Ties are worn.\par"
    )
    examined = examine_here("policy.rtf", rtf(body))
    assert examined.guesses.adopted_on and examined.guesses.adopted_on.value.iso() == "2022-09-12"
    assert examined.guesses.adopted_by and examined.guesses.adopted_by.value == "Full Governing Body"
    assert [(one.kind, one.number) for one in examined.clauses if one.number] == [
        (ClauseKind.HEADING, "1"),
        (ClauseKind.CLAUSE, "1.1"),
    ]


def test_bold_and_italic_begin_and_end_with_their_words_and_groups() -> None:
    (found,) = blocks(r"Pupils {\b must} wear \i ties\i0  and \b hats\plain .\par")
    assert found.segments == (
        Segment("Pupils "),
        Segment("must", strong=True),
        Segment(" wear "),
        Segment("ties", em=True),
        Segment(" and "),
        Segment("hats", strong=True),
        Segment("."),
    )
    assert blocks(r"{\b Approved by}\par")[0].is_strong


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"Caf\'e9 policy \'96 draft", "Café policy – draft"),
        (r"\u8220?Ties\u8221? \u-3913 ?\endash  here", "“Ties” \uf0b7– here"),
        (r"{\uc2 T\u375\'3f\'3f} bach", "Tŷ bach"),
        (r"{\uc0 T\u375 } bach", "Tŷ bach"),
        (r"\u55357?\u56561? phones", "📱 phones"),
        (r"Stra\f4\'9f\f0 e", "Straźe"),
        (r"\{ties\} a\~b \\ c\_d", "{ties} a b \\ c-d"),
        ("Ties\r\n are\\line\r\nworn", "Ties are|worn"),
        (r"Ties \bin5 {{{{{are", "Ties are"),
    ],
)
def test_characters_in_every_spelling(written: str, read: str) -> None:
    assert words(written + r"\par") == read


@pytest.mark.parametrize("value", ["0", "99999999", "-99999", "55357", "56561", "", "1114112", "-2147483649"])
def test_bad_values_of_characters_give_text_that_can_be_stored(value: str) -> None:
    body = (
        rf'Ties\u{value}? are {{\field{{\*\fldinst HYPERLINK "https://x.example/\u{value}?a"}}{{\fldrslt worn}}}}\par'
    )
    data = rtf(body, rf"{{\stylesheet{{\s3 heading\u{value}? 1;}}}}")
    examined = examine_here("policy.rtf", data)
    examined.clauses_json.encode()
    assert "\x00" not in examined.clauses_json and "worn" in examined.clauses_json


def test_other_code_pages_are_followed_and_unknown_ones_harm_nothing() -> None:
    assert read_rtf(rb"{\rtf1\ansi\ansicpg1250 \'9f\par}").blocks[0].text == "ź"
    assert read_rtf(rb"{\rtf1\mac \'8e\par}").blocks[0].text == "é"
    assert read_rtf(rb"{\rtf1\ansicpg99999 \'e9\par}").blocks[0].text == "é"


def test_only_safe_links_are_kept() -> None:
    def link(address: str) -> str:
        return rf"{{\field{{\*\fldinst {{HYPERLINK {address}}}}}{{\fldrslt {{\ul shop}}}}}}"

    def href(address: str) -> str | None:
        return blocks(link(address) + r" here\par")[0].segments[0].href

    assert href('"https://school.example/"') == "https://school.example/"
    assert href('"javascript:alert(1)"') is None
    assert href(r'\\l "bookmark"') is None


def test_tables_have_their_rows_and_cells() -> None:
    row = r"\trowd\cellx1000\cellx2000\pard\intbl {}\cell {}\cell\row"
    body = (
        r"Before\par"
        + row.format("Role", "Duty")
        + row.format(r"Head\par teacher", r"{\b decides}")
        + r"\pard After\par"
    )
    assert [(one.kind, one.text, one.rows) for one in blocks(body)] == [
        ("paragraph", "Before", []),
        ("table", "", [("Role", "Duty"), ("Head\nteacher", "decides")]),
        ("paragraph", "After", []),
    ]


def test_a_box_made_of_a_table_with_one_cell_is_its_paragraphs() -> None:
    found = blocks(r"\trowd\cellx900\pard\intbl\s1 Key points\par\pard\intbl Ties.\cell\row\pard After\par")
    assert [(one.kind, one.text) for one in found] == [
        ("heading", "Key points"),
        ("paragraph", "Ties."),
        ("paragraph", "After"),
    ]


def test_running_heads_and_feet_are_lines_and_not_clauses() -> None:
    body = r"{\header Oakhurst School\par}{\headerf Oakhurst School\par}{\footer Next review: June 2027\par Page \chpgn\par}Ties.\par"
    content = read_rtf(rtf(body))
    assert [line for line in content.lines if line] == ["Oakhurst School", "Ties.", "Next review: June 2027"]
    assert [block.text for block in content.blocks] == ["Ties."]


def test_hidden_words_deletions_pictures_and_unknown_extras_are_left_out() -> None:
    body = (
        r"Ties{\v secret}{\deleted  and caps} are{\*\unknown lost}{\pict\pngblip 89504e47}{\*\bkmkstart a} worn"
        r"{\v\v0 .}{\*\annotation Really?}\par"
    )
    assert words(body, r"{\info{\title Not shown}}") == "Ties are worn."


def test_embedded_objects_are_passed_over_with_a_warning() -> None:
    content = read_rtf(rtf(r"Ties.{\object\objemb{\*\objdata 0105}{\result Sheet 1}}\par"))
    assert content.blocks[0].text == "Ties."
    assert content.warnings == (
        "It holds an embedded object, such as a spreadsheet or drawing; what they hold is not shown.",
    )


def test_footnotes_stand_in_brackets_and_text_boxes_after_their_paragraph() -> None:
    body = (
        r"The law{\super\chftn{\footnote\pard\plain {\chftn} Education Act 2011\par}} says"
        r"{\super\chftn{\*\footnote\chftn\pard  Ofsted\par}} so."
        r"{\shp{\*\shpinst{\sp{\sn fill}{\sv 1}}{\shptxt \pard Lettings\par}}{\shprslt Lettings}}\par"
    )
    assert words(body) == "The law [Education Act 2011] says [Ofsted] so.|Lettings"


def test_a_contents_page_gives_no_clauses() -> None:
    body = (
        r"\pard\s9 Uniform Policy\par\pard Contents\par Aims\tab 2\par Scope of this policy\tab 3\par"
        r"\pard\s1 Aims\par\pard Ties are worn.\par\pard\s1 Scope of this policy\par\pard All pupils are bound by it.\par"
    )
    clauses = examine_here("policy.rtf", rtf(body)).clauses
    assert [one.text for one in clauses] == [
        "Uniform Policy",
        "Aims",
        "Ties are worn.",
        "Scope of this policy",
        "All pupils are bound by it.",
    ]


def test_deeply_nested_groups_are_refused() -> None:
    assert "more than 200 deep" in refusal(rtf("{" * 100_000 + "x" + "}" * 100_000))


@pytest.mark.parametrize(
    "data",
    [
        rtf(r"Ties are worn.\par Shoes are black.\par")[:-12],
        rb"{\rtf1 Ties {\b are worn",
        rb"{\rtf1",
        rb"{\rtf1 Ties\bin999999999 }",
        rb"{\rtf1 Ties\'",
        b"{\\rtf1 Ties\\",
        b"Ties {\\rtf1 x}",
        b"}{\\rtf1 x}",
        b"",
    ],
)
def test_a_file_that_breaks_off_is_refused_and_not_half_read(data: bytes) -> None:
    assert "damaged" in refusal(data)


def test_what_stands_after_the_end_and_nothings_between_harm_nothing() -> None:
    assert read_rtf(b"{\\rtf1 Ti\x00es\\par}\r\n\x00\x00}}{").blocks[0].text == "Ties"


def test_a_file_of_too_many_pieces_or_characters_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "The most we read is 2,000,000" in refusal(rtf("a" * 2_000_001))
    monkeypatch.setattr(rtf_tokens, "MAX_TOKENS", 1_000)
    assert "too many pieces" in refusal(rtf("{}" * 1_000))


@given(st.lists(st.sampled_from(list("{}\\") + [r"\par", r"\cell", r"\row", r"\u-1", r"\'", r"\*", "a", " ", r"\bin1", r"\field",
    r"\fldrslt", r"\listtext", r"\header", r"\footnote", r"\intbl", r"\stylesheet", r"\shptxt"]), max_size=60))  # fmt: skip
def test_any_heap_of_control_words_is_read_or_refused_in_words(parts: list[str]) -> None:
    try:
        examine_here("policy.rtf", ("{\\rtf1 " + "".join(parts) + "}").encode())
    except UnreadableDocument as refused:
        assert refused.message.endswith(".")
