"""PDFs made by WeasyPrint, in the ways schools set their policies, read back as blocks and clauses."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter

from governance.extract.blocks import Block
from governance.extract.guesses import as_json, guess
from governance.extract.pdf_files import read_pdf
from governance.extract.segmentation import clauses_of_content, document_title
from tests.extract.printed import PROSE, RULED, SENTENCE, clauses, made, read, tables


def shown(blocks: tuple[Block, ...]) -> list[tuple[str, int, str | None, str]]:
    return [(block.kind, block.level, block.number, block.text) for block in blocks]


RUNNING = (
    '@page{@top-left{content:"Hillcrest Academy: Uniform Policy"}@top-right{content:"Approved: 12/09/2022"}'
    '@bottom-center{content:"Page " counter(page) " of " counter(pages)}}'
)


@pytest.mark.parametrize("pages", [2, 4])
def test_what_stands_on_every_page_is_said_once_and_is_in_no_clause(pages: int) -> None:
    content = read(
        "<h1>Uniform Policy</h1>" + '<p style="break-after:page">It begins.</p>' * (pages - 1) + PROSE, RUNNING
    )
    assert content.pages == pages
    assert content.lines[0] == "Hillcrest Academy: Uniform Policy\tApproved: 12/09/2022"
    assert not any("Hillcrest" in block.text or "Page" in block.text for block in content.blocks)
    assert not any("Page" in line for line in content.lines)
    assert as_json(guess(content.lines))["adopted_on"] == "2022-09-12"


def test_a_foot_keeps_its_words_and_loses_its_page_number() -> None:
    foot = '@page{@bottom-left{content:"Uniform Policy 2022 | Page " counter(page)}}'
    content = read('<p style="break-after:page">One.</p>' * 2 + "<p>Three.</p>", foot)
    assert [line for line in content.lines if line] == ["One.", "One.", "Three.", "Uniform Policy 2022"]


def test_page_numbers_by_themselves_are_dropped() -> None:
    content = read('<p style="break-after:page">One.</p><p>Two.</p>', "@page{@bottom-center{content:counter(page)}}")
    assert [line for line in content.lines if line] == ["One.", "Two."]


def test_appendices_that_each_begin_a_page_are_no_running_head() -> None:
    body = "".join(f'<h2 style="break-before:page">Appendix {n}</h2>{PROSE}' for n in (1, 2, 3))
    headings = [block.text for block in read(f"<h1>Pay Policy</h1>{PROSE}{body}").blocks if block.kind == "heading"]
    assert headings == ["Pay Policy", "Appendix 1", "Appendix 2", "Appendix 3"]


def test_a_ruled_table_is_a_table_and_a_cell_that_wraps_is_one_cell() -> None:
    rows = f"<tr><th>Role<th>What they do<tr><td>Headteacher<td>{SENTENCE * 2}<tr><td>Clerk to the governing body<td>"
    content = read(f"<h1>Pay Policy</h1>{PROSE}<table>{rows}</table>{PROSE}", RULED)
    assert tables(content) == [
        [("Role", "What they do"), ("Headteacher", (SENTENCE * 2).strip()), ("Clerk to the governing body", "")]
    ]
    assert [block.kind for block in content.blocks] == ["heading", "paragraph", "table", "paragraph"]


def test_cells_over_several_rows_or_columns_keep_their_words_together() -> None:
    rows = (
        '<tr><th colspan="2">Who decides on pay<tr><td rowspan="2">Governing body<br>and its<br>committees<td>Approves'
        "<tr><td>Reviews<tr><td>Headteacher<td>Recommends"
    )
    assert tables(read(f"{PROSE}<table>{rows}</table>", RULED)) == [
        [
            ("Who decides on pay", ""),
            ("Governing body and its committees", "Approves"),
            ("", "Reviews"),
            ("Headteacher", "Recommends"),
        ]
    ]


def test_paragraphs_of_a_cell_are_lines_of_it() -> None:
    rows = f"<tr><td>Approved by<br>Date<td>Full Governing Body<br>12 September 2022<tr><td>Duties<td><ul><li>{SENTENCE}<li>Reads"
    [found] = tables(read(f"{PROSE}<table>{rows}</ul></table>", RULED))
    assert found == [
        ("Approved by\nDate", "Full Governing Body\n12 September 2022"),
        ("Duties", f"• {SENTENCE.strip()}\n• Reads"),
    ]


def test_cells_that_stand_close_are_apart() -> None:
    rows = "<tr><td>Version<td>Date<td>Changes<tr><td>1.0<td>May 2021<td>First adopted"
    [found] = tables(
        read(f"{PROSE}<table>{rows}</table>", "table{border-collapse:collapse}td{border:1px solid;padding:1px}")
    )
    assert found == [("Version", "Date", "Changes"), ("1.0", "May 2021", "First adopted")]


def test_short_lines_of_text_are_no_headings_where_headings_are_set_apart() -> None:
    body = f"<h1>Pay Policy</h1><h2>Aims</h2>{PROSE}<h2>Links</h2><p>Linked:<br>Behaviour Policy<br>Equality Policy</p>{PROSE}"
    assert [row[3] for row in clauses(read(body)) if row[0] == "heading"] == ["Pay Policy", "Aims", "Links"]


def test_a_table_over_a_page_break_is_one_table_and_says_its_heads_once() -> None:
    rows = "".join(f"<tr><td>Role {n}<td>{SENTENCE}" for n in range(40))
    found = tables(read(f"{PROSE}<table><thead><tr><th>Role<th>Duty</thead>{rows}</table>", RULED))
    assert len(found) == 1
    assert [row[0] for row in found[0]] == ["Role", *(f"Role {n}" for n in range(40))]


def test_a_table_ruled_only_across_has_the_columns_its_words_have() -> None:
    style = "table{border-collapse:collapse}td{border-top:1px solid;border-bottom:1px solid;padding:3pt 30pt 3pt 0}"
    rows = "<tr><td>Version<td>1.2<tr><td>Approved by<td>Full Governing Body<tr><td>Next review<td>May 2024"
    assert tables(read(f"<h1>Pay Policy</h1><table>{rows}</table>{PROSE}", style)) == [
        [("Version", "1.2"), ("Approved by", "Full Governing Body"), ("Next review", "May 2024")]
    ]


@pytest.mark.parametrize("align", ["top", "middle"])
def test_labels_and_values_without_rules_are_a_table(align: str) -> None:
    style = f"td{{vertical-align:{align};padding:2pt 30pt 4pt 0}} .v{{width:170pt}}"
    rows = (
        "<tr><td>Approved by:<td>Full Governing Body<tr><td>Linked policies:"
        '<td class="v">Behaviour Policy, Equality Policy, Complaints Policy and Charging Policy'
        "<tr><td>Date approved:<td>12 September 2022<tr><td>Owner:<td>Business Manager"
    )
    content = read(f"<h1>Uniform Policy</h1><table>{rows}</table>{PROSE}", style)
    assert tables(content) == [
        [
            ("Approved by:", "Full Governing Body"),
            ("Linked policies:", "Behaviour Policy, Equality Policy, Complaints Policy and Charging Policy"),
            ("Date approved:", "12 September 2022"),
            ("Owner:", "Business Manager"),
        ]
    ]
    published = as_json(guess(content.lines))
    assert (published["adopted_by"], published["adopted_on"]) == ("Full Governing Body", "2022-09-12")
    assert published["owner"] == "Business Manager"


def test_two_columns_are_read_one_after_the_other() -> None:
    left = "<p>First come the pupils and their parents, who are told of this policy when they join the school.</p>" * 4
    right = "<p>Then come the members of staff, who are told of this policy on their first day in the school.</p>" * 4
    columns = f'<div style="columns:2;column-gap:10mm">{left}<div style="break-before:column">{right}</div></div>'
    content = read(f"<h1>Behaviour Policy</h1>{PROSE}{columns}{PROSE}")
    assert [block.text.split()[0] for block in content.blocks] == [
        "Behaviour",
        "The",
        *["First"] * 4,
        *["Then"] * 4,
        "The",
    ]
    assert content.blocks[2].text.endswith("when they join the school.")


def test_justified_text_is_no_table() -> None:
    content = read(f'<div style="text-align:justify;width:200pt">{PROSE * 3}</div>')
    assert [block.kind for block in content.blocks] == ["paragraph"] * 3


def test_numbered_clauses_letters_and_bullets_keep_numbers_and_nesting() -> None:
    inner = "margin-left:{}pt;text-indent:-18pt"
    body = (
        f"<h1>Leave Policy</h1><h2>1. Introduction</h2><p>1.1 {SENTENCE * 3}</p><p>1.2 {SENTENCE}</p>"
        f'<p style="{inner.format(36)}">(a) leave that is asked for in time and that the headteacher has agreed to in writing,'
        f' with pay;</p><p style="{inner.format(60)}">(i) for a funeral;</p><p style="{inner.format(36)}">(b) other leave.</p>'
        "<h2>2. Rules</h2><ul><li>Ask early.<ul><li>In writing.</li></ul></li><li>Say why.</li></ul>"
    )
    assert clauses(read(body)) == [
        ("heading", 1, None, "Leave Policy"),
        ("heading", 2, "1", "Introduction"),
        ("clause", 2, "1.1", (SENTENCE * 3).strip()),
        ("clause", 2, "1.2", SENTENCE.strip()),
        (
            "list_item",
            1,
            "(a)",
            "leave that is asked for in time and that the headteacher has agreed to in writing, with pay;",
        ),
        ("list_item", 2, "(i)", "for a funeral;"),
        ("list_item", 1, "(b)", "other leave."),
        ("heading", 2, "2", "Rules"),
        ("list_item", 1, None, "Ask early."),
        ("list_item", 2, None, "In writing."),
        ("list_item", 1, None, "Say why."),
    ]


def test_numbered_headings_in_the_letters_of_the_text_are_headings() -> None:
    body = f"<h1>Leave Policy</h1><p>1. Introduction</p>{PROSE}<p>2 AIMS</p>{PROSE}<p>3. Steps</p><p>1. Ask.</p><p>2. Wait.</p>"
    found = clauses(read(body))
    assert [row[:3] for row in found if row[0] == "heading"] == [
        ("heading", 1, None),
        ("heading", 2, "1"),
        ("heading", 2, "2"),
        ("heading", 2, "3"),
    ]
    assert found[-2:] == [("list_item", 1, "1", "Ask."), ("list_item", 1, "2", "Wait.")]


def test_a_number_that_only_begins_a_line_is_part_of_the_sentence() -> None:
    body = (
        '<p style="width:150pt">Pupils may be away for at most 5 days in all. See section 4 The rules and 10 more.</p>'
    )
    assert [block.kind for block in read(PROSE + body).blocks] == ["paragraph", "paragraph"]


def test_a_bold_line_at_the_size_of_the_text_is_a_heading() -> None:
    content = read(
        f"<h1>Leave Policy</h1><h2>Rules</h2>{PROSE}<p><b>Who decides</b></p>{PROSE}<p><b>Note</b> {SENTENCE}</p>"
    )
    assert [(block.level, block.text) for block in content.blocks if block.kind == "heading"] == [
        (1, "Leave Policy"),
        (2, "Rules"),
        (3, "Who decides"),
    ]
    assert content.blocks[-1].segments[0].strong and not content.blocks[-1].segments[1].strong


def test_a_title_over_several_lines_is_one_title_and_the_cover_keeps_its_lines() -> None:
    cover = (
        '<div style="text-align:center"><p style="font-size:18pt">Hillcrest Academy</p>'
        "<h1>Safeguarding, Child Protection and<br>Whistleblowing Policy</h1>"
        "<p>Approved: 12/09/2022<br>Next review: September 2024<br>Owner: Headteacher<br>Version 3</p></div>"
    )
    content = read(f'{cover}<h2 style="break-before:page">Introduction</h2>{PROSE}')
    assert document_title(clauses_of_content(content)) == "Safeguarding, Child Protection and Whistleblowing Policy"
    assert [block.text for block in content.blocks][2:6] == [
        "Approved: 12/09/2022",
        "Next review: September 2024",
        "Owner: Headteacher",
        "Version 3",
    ]
    assert [block.text for block in content.blocks if block.kind == "heading"][1:] == ["Introduction"]


def test_a_paragraph_over_a_page_break_is_one_paragraph() -> None:
    text = " ".join(f"word{n}" for n in range(900))
    content = read(f"<p>{text}</p><p>The end.</p>", RUNNING)
    assert content.pages == 2
    assert [block.text for block in content.blocks] == [text, "The end."]


def test_a_paragraph_that_ends_with_the_page_stays_apart_from_the_next() -> None:
    content = read(f'<p style="break-after:page">{SENTENCE}</p><p>{SENTENCE}</p>')
    assert [block.text for block in content.blocks] == [SENTENCE.strip()] * 2


def test_an_indented_first_line_begins_a_paragraph() -> None:
    content = read(PROSE * 3, "p{margin:0;text-indent:1.5em}")
    assert [block.text for block in content.blocks] == [(SENTENCE * 4).strip()] * 3


CONTENTS = "<h2>Contents</h2><p>1. Introduction</p><p>2. Roles of governors</p><p>Appendix A: Form</p>"


@pytest.mark.parametrize(
    "style",
    [
        ".c p{margin:2pt} .c p::after{content:leader('.') '2'}",
        ".c p{margin:2pt;display:flex;justify-content:space-between} .c p::after{content:'2'}",
    ],
)
def test_a_contents_page_is_in_no_clause(style: str) -> None:
    body = f"<h2>1. Introduction</h2>{PROSE}<h2>2. Roles of governors</h2>{PROSE}<h2>Appendix A: Form</h2>{PROSE}"
    content = read(f'<h1>Pay Policy</h1><div class="c" style="break-after:page">{CONTENTS}</div>{body}', style)
    assert [row[3] for row in clauses(content) if row[0] == "heading"] == [
        "Pay Policy",
        "Introduction",
        "Roles of governors",
        "Appendix A: Form",
    ]
    assert len(clauses(content)) == 7


def test_a_divided_word_is_joined_only_when_it_goes_on_in_lower_case() -> None:
    lines = ["Every respon-", "sibility for well-", "being and COVID-", "19 lies with the full-", "and part-time staff"]
    content = read(
        PROSE + "<p>" + "<br>".join(f'<span style="white-space:nowrap">{line}</span>' for line in lines) + "</p>",
        "p{width:130pt}",
    )
    assert content.blocks[-1].text == (
        "Every responsibility for well-being and COVID-19 lies with the full- and part-time staff"
    )


def test_words_divided_by_the_program_are_whole_again() -> None:
    content = read(f'<p style="hyphens:auto;width:120pt;text-align:justify">{SENTENCE * 3}</p>')
    assert content.blocks[0].text == (SENTENCE * 3).strip()


def test_raised_letters_ligatures_and_bold_and_links_are_kept_in_their_sentence() -> None:
    words = 'On the 12<sup>th</sup> of May the <b>office</b> files a <i>difficult</i> form (<a href="https://www.gov.uk/a">GOV.UK</a>).'
    [block] = read(f"<p>{words}</p>", "body{font-family:'Liberation Serif'}").blocks
    assert block.text == "On the 12th of May the office files a difficult form (GOV.UK)."
    assert [one.text for one in block.segments if one.strong] == ["office"]
    assert [one.text for one in block.segments if one.em] == ["difficult"]
    assert [(one.text, one.href) for one in block.segments if one.href] == [("GOV.UK", "https://www.gov.uk/a")]


def test_a_watermark_across_the_page_is_not_read() -> None:
    mark = "position:fixed;top:90mm;left:20mm;font-size:80pt;color:#ddd"
    turned = f'<div style="{mark};transform:rotate(-45deg)">DRAFT</div>'
    upright = f'<div style="{mark}">DRAFT</div>'
    for watermark in (turned, upright):
        assert not any("DRAFT" in line for line in read(f"{watermark}<h1>Pay Policy</h1>{PROSE}").lines)


def test_a_page_on_its_side_is_read() -> None:
    content = read_pdf(_turned(made(f"<h1>Pay Policy</h1>{PROSE}")))
    assert shown(content.blocks) == [
        ("heading", 1, None, "Pay Policy"),
        ("paragraph", 0, None, (SENTENCE * 4).strip()),
    ]


def test_a_scanned_page_among_others_is_named() -> None:
    scan = f'<img style="width:100mm;break-before:page;display:block" src="{_picture()}">'
    blank = '<p style="break-before:page"></p>'
    assert read(f"{PROSE}{scan}{blank}").warnings == (
        "Page 2 has no text, only a picture: what it says cannot be searched, and screen readers cannot read it.",
    )
    assert read(f"{PROSE}{scan}{scan}").warnings[0].startswith("Pages 2 and 3 have no text")
    assert len(read(scan).warnings) == 1


@pytest.mark.parametrize("font", ["Liberation Serif", "Liberation Sans", "DejaVu Sans"])
def test_the_same_document_in_other_letters_has_the_same_clauses(font: str) -> None:
    body = f"<h1>Pay Policy</h1><h2>1. Aims</h2>{PROSE}<ul><li>{SENTENCE * 2}<li>Second.</ul><h2>2. Roles</h2>{PROSE}"
    style = f"body{{font-family:'{font}';text-align:justify;hyphens:auto}} h2{{font-variant:small-caps}}"
    assert [(row[0], row[2]) for row in clauses(read(body, style))] == [
        ("heading", None),
        ("heading", "1"),
        ("paragraph", None),
        ("list_item", None),
        ("list_item", None),
        ("heading", "2"),
        ("paragraph", None),
    ]


def _picture() -> str:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    pixels = zlib.compress(b"\0\x80\x40\x20" * 1)
    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return "data:image/png;base64," + base64.b64encode(png).decode()


def _turned(data: bytes) -> bytes:
    writer: Any = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    for page in writer.pages:
        page.rotate(90)
        page.transfer_rotation_to_content()
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()
