"""OpenDocument texts: what LibreOffice writes, as blocks and clauses; and packages that may be hostile."""

from __future__ import annotations

import time

import pytest

from governance.extract.blocks import Block
from governance.extract.clauses import ClauseKind, Segment
from governance.extract.examine import examine_here
from governance.extract.odt_blocks import read_odt
from governance.extract.unreadable import UnreadableDocument
from tests.extract.making_other import BULLETS, CLAUSES, content_xml, odt, styles_xml


def blocks(body: str, styles: str = "", **parts: bytes | str) -> list[Block]:
    return list(read_odt(odt(body, styles, **parts)).blocks)


def shown(found: list[Block]) -> list[tuple[str, int, str | None, str]]:
    return [(one.kind, one.level, one.number, one.text) for one in found]


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableDocument) as refused:
        read_odt(data)
    return refused.value.message


def p(text: str, style: str = "Standard") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def h(text: str, level: int = 1) -> str:
    return f'<text:h text:style-name="Heading_20_{level}" text:outline-level="{level}">{text}</text:h>'


def items(*texts: str, attributes: str = "") -> str:
    inner = "".join(f"<text:list-item>{text}</text:list-item>" for text in texts)
    return f'<text:list text:style-name="Clauses" {attributes}>{inner}</text:list>'


def inner(*texts: str) -> str:
    return "<text:list>" + "".join(f"<text:list-item>{text}</text:list-item>" for text in texts) + "</text:list>"


def test_the_title_stands_above_the_headings_of_a_policy() -> None:
    found = blocks(
        p("Uniform Policy", "P1") + h("Aims") + p("Ties are worn.") + h("Exceptions", 2),
        '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>',
    )
    assert shown(found) == [
        ("heading", 1, None, "Uniform Policy"),
        ("heading", 2, None, "Aims"),
        ("paragraph", 0, None, "Ties are worn."),
        ("heading", 3, None, "Exceptions"),
    ]


def test_clauses_have_the_numbers_that_libreoffice_prints() -> None:
    body = items(
        p("Aims") + inner(p("Ties are worn.") + inner(p("in winter"), p("in summer")), p("Shoes are black.")),
        p("Roles") + inner(p("The headteacher decides.")),
    )
    assert [(one.number, one.text) for one in blocks(body, CLAUSES)] == [
        ("1", "Aims"),
        ("1.1", "Ties are worn."),
        ("(a)", "in winter"),
        ("(b)", "in summer"),
        ("1.2", "Shoes are black."),
        ("2", "Roles"),
        ("2.1", "The headteacher decides."),
    ]


def test_a_list_goes_on_where_it_says_so_and_begins_again_where_it_does_not() -> None:
    body = (
        items(p("Ties"), attributes='xml:id="first"')
        + p("A word between.")
        + items(p("Shoes"), attributes='text:continue-numbering="true"')
        + items(p("Coats"))
        + items(p("Hats"), attributes='text:continue-list="first"')
        + f'<text:list text:style-name="Clauses"><text:list-item text:start-value="7">{p("Bags")}</text:list-item></text:list>'
    )
    assert [one.number for one in blocks(body, CLAUSES) if one.kind == "item"] == ["1", "2", "1", "3", "7"]


def test_a_second_paragraph_of_an_item_and_a_list_heading_have_no_number() -> None:
    body = (
        '<text:list text:style-name="Clauses">'
        f"<text:list-header>{p('Ties')}</text:list-header><text:list-item>{p('Worn.')}{p('Always.')}</text:list-item></text:list>"
    )
    assert [(one.kind, one.number) for one in blocks(body, CLAUSES)] == [
        ("paragraph", None),
        ("item", "1"),
        ("paragraph", None),
    ]


def test_bullets_have_no_number_and_headings_may() -> None:
    outline = (
        '<text:outline-style style:name="Outline">'
        '<text:outline-level-style text:level="1" style:num-format="1" style:num-suffix="."/>'
        '<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/></text:outline-style>'
    )
    bullet = f'<text:list text:style-name="Bullets"><text:list-item>{p("a tie")}</text:list-item></text:list>'
    found = blocks(h("Aims") + bullet + h("Scope") + h("Staff", 2), BULLETS, **{"styles.xml": styles_xml(outline)})
    assert [(one.kind, one.number) for one in found] == [
        ("heading", "1"),
        ("item", None),
        ("heading", "2"),
        ("heading", "2.1"),
    ]


def test_a_pattern_for_numbers_is_followed() -> None:
    style = (
        '<text:list-style style:name="Clauses"><text:list-level-style-number text:level="1" style:num-format="I" '
        'style:num-list-format="Part %1%:"/></text:list-style>'
    )
    assert [one.number for one in blocks(items(p("Aims"), p("Scope")), style)] == ["Part I", "Part II"]


def test_bold_and_italic_words_are_told_from_styles_and_a_bold_label_is_strong() -> None:
    styles = (
        '<style:style style:name="T1" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>'
        '<style:style style:name="T2" style:family="text"><style:text-properties fo:font-style="italic"/></style:style>'
        '<style:style style:name="P2" style:family="paragraph"><style:text-properties fo:font-weight="bold"/></style:style>'
    )
    words = '<text:span text:style-name="T1">must</text:span> wear <text:span text:style-name="T2">ties</text:span>'
    mixed, label = blocks(p(f"Pupils {words}") + p("Approved by", "P2"), styles)
    assert mixed.segments == (
        Segment("Pupils "),
        Segment("must", strong=True),
        Segment(" wear "),
        Segment("ties", em=True),
    )
    assert label.is_strong and not mixed.is_strong


def test_only_safe_links_are_kept() -> None:
    body = p(
        '<text:a xlink:href="https://school.example/">shop</text:a> <text:a xlink:href="javascript:alert(1)">x</text:a>'
    )
    assert [(one.text, one.href) for one in blocks(body)[0].segments] == [
        ("shop", "https://school.example/"),
        (" x", None),
    ]


def test_labels_on_a_cover_are_apart_and_their_dates_are_found() -> None:
    body = h("Uniform Policy") + p(
        "Date adopted: 12/09/2022<text:line-break/>Approved by:<text:tab/>Full Governing Body<text:s text:c='4'/>"
    )
    examined = examine_here("policy.odt", odt(body))
    assert examined.guesses.adopted_on and examined.guesses.adopted_on.value.iso() == "2022-09-12"
    assert examined.guesses.adopted_by and examined.guesses.adopted_by.value == "Full Governing Body"
    assert [clause.kind for clause in examined.clauses] == [
        ClauseKind.HEADING,
        ClauseKind.PARAGRAPH,
        ClauseKind.PARAGRAPH,
    ]


def test_tables_have_their_rows_and_repeated_cells() -> None:
    def cell(text: str, attributes: str = "") -> str:
        return f"<table:table-cell {attributes}>{p(text)}</table:table-cell>"

    body = (
        f"<table:table><table:table-header-rows><table:table-row>{cell('Role')}{cell('Duty')}{cell('When')}"
        "</table:table-row></table:table-header-rows>"
        f"<table:table-row>{cell('Head')}{cell('yes', 'table:number-columns-repeated=&quot;2&quot;'.replace('&quot;', chr(34)))}"
        f"</table:table-row><table:table-row>{cell('All')}<table:covered-table-cell/>{cell('daily')}</table:table-row></table:table>"
    )
    assert blocks(body)[0].rows == [("Role", "Duty", "When"), ("Head", "yes", "yes"), ("All", "", "daily")]


def test_a_box_made_of_a_table_with_one_cell_is_its_paragraphs() -> None:
    cell = f"<table:table-cell>{h('Key points')}{p('Ties.')}</table:table-cell>"
    body = f"<table:table><table:table-row>{cell}</table:table-row></table:table>"
    assert [one.kind for one in blocks(body)] == ["heading", "paragraph"]


def test_tracked_deletions_comments_and_hidden_words_are_left_out() -> None:
    hidden = (
        '<style:style style:name="T9" style:family="text"><style:text-properties text:display="none"/></style:style>'
    )
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion>" + p("Caps are worn.") + "</text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        + p(
            'Ties <text:change-start text:change-id="c1"/>are<text:change-end text:change-id="c1"/> worn.'
            f"<office:annotation>{p('Really?')}</office:annotation><text:span text:style-name='T9'> secret</text:span>"
        )
    )
    assert [one.text for one in blocks(body, hidden)] == ["Ties are worn."]


def test_a_footnote_stands_in_brackets_and_a_contents_page_not_at_all() -> None:
    note = f"<text:note><text:note-citation>1</text:note-citation><text:note-body>{p('Education Act 2011')}</text:note-body></text:note>"
    contents = f"<text:table-of-content><text:index-body>{p('Aims 3')}</text:index-body></text:table-of-content>"
    assert [one.text for one in blocks(contents + p(f"The law{note} says so."))] == [
        "The law [Education Act 2011] says so."
    ]


def test_text_boxes_are_read_after_the_paragraph_that_holds_them() -> None:
    box = f"<draw:frame><draw:text-box>{p('Lettings Policy')}</draw:text-box></draw:frame>"
    assert [one.text for one in blocks(p(f"Oakhurst{box} School"))] == ["Oakhurst School", "Lettings Policy"]


def test_running_heads_and_feet_are_lines_and_not_clauses() -> None:
    master = (
        f"<style:header>{p('Oakhurst School')}</style:header><style:header-left>{p('Oakhurst School')}</style:header-left>"
        f"<style:footer>{p('Next review: June 2027')}{p('Page 3 of 9')}</style:footer>"
    )
    content = read_odt(odt(p("Ties are worn."), **{"styles.xml": styles_xml(master=master)}))
    assert [line for line in content.lines if line] == ["Oakhurst School", "Ties are worn.", "Next review: June 2027"]
    assert [block.text for block in content.blocks] == ["Ties are worn."]


def test_a_file_without_text_and_pictures_from_outside_are_mentioned() -> None:
    picture = p('<draw:frame><draw:image xlink:href="https://192.0.2.1/p.png"/></draw:frame>')
    assert read_odt(odt(picture)).warnings == (
        "It fetches a picture from outside the file; what they hold is not stored.",
        "It has no text that we could find.",
    )


@pytest.mark.parametrize(
    "xml",
    [
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
        '<!DOCTYPE x SYSTEM "file:///etc/hostname"><x/>'.encode("utf-16"),
        '<?xml version="1.0" encoding="UTF-7"?><x/>',
    ],
)
def test_a_document_type_or_entities_in_any_part_are_refused(xml: str | bytes) -> None:
    assert "contains unsafe XML" in refusal(odt("", content=xml))
    assert "contains unsafe XML" in refusal(odt(p("x"), **{"settings.xml": xml}))


def test_a_zip_bomb_is_refused_within_a_second() -> None:
    bomb = odt(p("x"), Pictures__a=b"\0" * 90 * 1024 * 1024)
    started = time.monotonic()
    assert "expands too far" in refusal(bomb)
    assert time.monotonic() - started < 1


def test_cells_repeated_within_repeated_cells_are_refused_and_not_written_out() -> None:
    body = p("Ties are worn.")
    for _ in range(12):
        cell = f'<table:table-cell table:number-columns-repeated="60">{body}</table:table-cell>'
        body = f'<table:table><table:table-row table:number-rows-repeated="99">{cell}</table:table-row></table:table>'
    assert "The most we read is 2,000,000" in refusal(odt(body))


def test_locked_files_macros_and_other_kinds_of_opendocument_are_refused_in_words() -> None:
    manifest = '<manifest><file-entry full-path="content.xml"><encryption-data/></file-entry></manifest>'
    assert "password-protected" in refusal(odt("", content=b"\x8f\x00", **{"META-INF__manifest.xml": manifest}))
    assert "macros are not accepted" in refusal(odt(p("x"), **{"Basic__Standard__Module1.xml": "<x/>"}))
    assert "macros are not accepted" in refusal(odt(p("x"), Scripts__python__run=b"import os"))
    sheet = content_xml("").replace("office:text>", "office:spreadsheet>")
    assert "not an OpenDocument text" in refusal(odt("", content=sheet))


def test_damaged_and_deeply_nested_files_are_refused() -> None:
    data = odt(p("Ties are worn."))
    assert "damaged" in refusal(data[: len(data) // 2])
    assert "damaged" in refusal(odt("", content="<office:document-content"))
    assert "more than 200 deep" in refusal(odt("<text:section>" * 5_000 + "</text:section>" * 5_000))
    assert "more than 200 deep" in refusal(odt(p("<text:span>" * 5_000 + "</text:span>" * 5_000)))
    assert "more than 200 deep" in refusal(
        odt("<text:list><text:list-item>" * 900 + "</text:list-item></text:list>" * 900)
    )


@pytest.mark.parametrize("value", ["", "-1", "x", "²", "99999999999999999999"])
def test_nonsense_in_attributes_harms_nothing(value: str) -> None:
    body = (
        f'<text:h text:outline-level="{value}">Aims</text:h>'
        f'<text:list text:style-name="Clauses"><text:list-item text:start-value="{value}">{p("Ties")}</text:list-item></text:list>'
        f'<table:table><table:table-row table:number-rows-repeated="{value}"><table:table-cell '
        f'table:number-columns-repeated="{value}">{p("a")}</table:table-cell><table:table-cell/></table:table-row></table:table>'
    )
    styles = CLAUSES.replace('text:level="1"', f'text:level="{value}"').replace(
        'display-levels="2"', f'display-levels="{value}"'
    )
    assert [one.kind for one in blocks(body, styles)][:1] == ["heading"]
