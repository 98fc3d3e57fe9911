"""A Word file by clause: what a reader of the printed page sees, with the numbers that Word prints by itself."""

from __future__ import annotations

from governance.extract.clauses import Clause
from governance.extract.examine import examine_here
from governance.extract.word_numbering import in_figures
from tests.extract.making import docx, paragraph, row, word_xml

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def styles(*definitions: str) -> str:
    """A part of styles."""
    return f'<w:styles xmlns:w="{_W}">{"".join(definitions)}</w:styles>'


def style(identifier: str, name: str, inside: str = "", based_on: str = "") -> str:
    """A paragraph style."""
    base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    return f'<w:style w:type="paragraph" w:styleId="{identifier}"><w:name w:val="{name}"/>{base}{inside}</w:style>'


HEADINGS = styles(
    style("Title", "Title"),
    style("Heading1", "heading 1", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr>'),
    style("Heading2", "heading 2"),
    style("Clause", "School Clause", '<w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr>'),
    style("Sub", "School Clause Below", "", based_on="Clause"),
    style("TOC1", "toc 1"),
)


def level(depth: int, text: str, figures: str = "decimal", more: str = "", start: int = 1) -> str:
    """How one depth of a list counts."""
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{figures}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


NUMBERING = (
    f'<w:numbering xmlns:w="{_W}">'
    '<w:abstractNum w:abstractNumId="0">'
    + level(0, "%1.", more='<w:pStyle w:val="Heading1"/>')
    + level(1, "%1.%2", more='<w:pStyle w:val="Clause"/>')
    + level(2, "(%3)", "lowerLetter")
    + '</w:abstractNum><w:abstractNum w:abstractNumId="1">'
    + level(0, "\uf0b7", "bullet")
    + level(1, "o", "bullet")
    + '</w:abstractNum><w:abstractNum w:abstractNumId="2">'
    + level(0, "%1)", "lowerRoman", start=3)
    + "</w:abstractNum>"
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>'
    '<w:num w:numId="4"><w:abstractNumId w:val="2"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    "</w:numbering>"
)


def styled(text: str, style_id: str = "", numbers: tuple[int, int] | None = None, run: str = "") -> str:
    """A paragraph with a style, a list and depth of its own, and properties of its one run."""
    listed = f'<w:numPr><w:ilvl w:val="{numbers[1]}"/><w:numId w:val="{numbers[0]}"/></w:numPr>' if numbers else ""
    of = f'<w:pStyle w:val="{style_id}"/>' if style_id else ""
    words = f'<w:t xml:space="preserve">{text}</w:t>'
    return f"<w:p><w:pPr>{of}{listed}</w:pPr><w:r><w:rPr>{run}</w:rPr>{words}</w:r></w:p>"


def read(body: str, **parts: str) -> tuple[Clause, ...]:
    """The clauses of a Word file with this body."""
    given = {"word__styles.xml": HEADINGS, "word__numbering.xml": NUMBERING} | parts
    return examine_here("policy.docx", docx(body, **given)).clauses


def shown(clauses: tuple[Clause, ...]) -> list[tuple[str, int, str | None, str]]:
    """Each clause as kind, level, number and words."""
    return [(one.kind.value, one.level, one.number, one.text) for one in clauses]


def test_numbers_that_word_prints_by_itself_are_the_numbers_of_the_clauses() -> None:
    body = (
        styled("Attendance Policy", "Title")
        + styled("Aims", "Heading1")
        + styled("Every day counts.", "Clause")
        + styled("Parents ring by nine.", "Clause")
        + styled("by telephone, or", numbers=(1, 2))
        + styled("through the app.", numbers=(1, 2))
        + styled("Duties", "Heading1")
        + styled("The office keeps the registers.", "Sub")
        + styled("late marks", numbers=(1, 2))
    )
    assert shown(read(body)) == [
        ("heading", 1, None, "Attendance Policy"),
        ("heading", 2, "1", "Aims"),
        ("clause", 2, "1.1", "Every day counts."),
        ("clause", 2, "1.2", "Parents ring by nine."),
        ("list_item", 3, "(a)", "by telephone, or"),
        ("list_item", 3, "(b)", "through the app."),
        ("heading", 2, "2", "Duties"),
        ("clause", 2, "2.1", "The office keeps the registers."),
        ("list_item", 3, "(a)", "late marks"),
    ]


def test_lists_start_where_the_school_says_and_share_their_count() -> None:
    items = [
        styled(f"step {word}", numbers=(which, 0)) for word, which in (("one", 3), ("two", 3), ("again", 4), ("on", 3))
    ]
    clauses = read(
        styled("Fire Drill Procedure", "Title") + "".join(items) + styled("bring the register", numbers=(2, 0))
    )
    assert [(one.number, one.text) for one in clauses[1:]] == [
        ("iii)", "step one"),
        ("iv)", "step two"),
        ("i)", "step again"),
        ("ii)", "step on"),
        (None, "bring the register"),
    ]


def test_figures_of_every_kind() -> None:
    assert [in_figures(count, "lowerLetter") for count in (1, 26, 27, 53)] == ["a", "z", "aa", "aaa"]
    assert [in_figures(count, "upperRoman") for count in (4, 9, 14, 40, 1999)] == ["IV", "IX", "XIV", "XL", "MCMXCIX"]
    assert in_figures(7, "decimalZero") == "07"


def test_a_bold_line_is_a_heading_and_an_ordinary_short_line_is_not() -> None:
    body = (
        styled("Lettings Policy", "Title")
        + styled("Who may hire the hall", run="<w:b/>")
        + styled("Local clubs and parents may hire the hall at weekends and in the evening, once the caretaker agrees.")
        + styled("Signed by the chair")
        + styled("The hall closes at ten.", run='<w:b w:val="0"/>')
    )
    assert [(one.kind.value, one.text) for one in read(body)][1:4:2] == [
        ("heading", "Who may hire the hall"),
        ("paragraph", "Signed by the chair"),
    ]


def test_a_contents_page_is_left_out_and_links_are_kept_safely() -> None:
    field = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC \\o "1-3"</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>Aims 3</w:t></w:r></w:p>'
        '<w:p><w:r><w:t>Duties 4</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Target="https://www.example.org/guidance" TargetMode="External"/>'
        '<Relationship Id="r2" Target="javascript:alert(1)" TargetMode="External"/></Relationships>'
    )
    linked = (
        '<w:p xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<w:r><w:t xml:space="preserve">See </w:t></w:r>'
        '<w:hyperlink r:id="r1"><w:r><w:t>the guidance</w:t></w:r></w:hyperlink>'
        '<w:hyperlink r:id="r2"><w:r><w:t> today</w:t></w:r></w:hyperlink></w:p>'
    )
    clauses = read(
        styled("Visits Policy", "Title") + styled("Aims 3", "TOC1") + field + linked,
        **{"word__rels__document.xml.rels": "", "word/_rels/document.xml.rels": relations},
    )
    assert [one.text for one in clauses] == ["Visits Policy", "See the guidance today"]
    assert [segment.href for segment in clauses[1].segments] == [None, "https://www.example.org/guidance", None]


def test_tables_keep_their_cells_and_a_table_of_one_column_is_a_box_of_text() -> None:
    left, right = (
        paragraph(one) + paragraph(other) for one, other in (("Approved by", "Date"), ("Governors", "12/09/2022"))
    )
    two = f"<w:tbl><w:tr><w:tc>{left}</w:tc><w:tc>{right}</w:tc></w:tr></w:tbl>"
    examined = examine_here(
        "policy.docx", docx(paragraph("Uniform Policy") + two + row("Ties are optional in summer."))
    )
    table, box = examined.clauses[1:]
    assert table.rows == (("Approved by\nDate", "Governors\n12/09/2022"),)
    assert (box.kind.value, box.text) == ("paragraph", "Ties are optional in summer.")
    assert examined.guesses.adopted_on and examined.guesses.adopted_on.value.iso() == "2022-09-12"
    assert examined.guesses.adopted_by and examined.guesses.adopted_by.value == "Governors"


def test_running_heads_and_feet_are_read_for_facts_and_are_no_clauses() -> None:
    foot = word_xml(paragraph("Next review: June 2027") + paragraph("Page 2 of 9")).replace("w:document", "w:ftr")
    examined = examine_here(
        "policy.docx", docx(paragraph("Uniform Policy") + paragraph("Ties are worn."), **{"word__footer1.xml": foot})
    )
    assert [one.text for one in examined.clauses] == ["Uniform Policy", "Ties are worn."]
    assert examined.guesses.next_review_on and examined.guesses.next_review_on.value.iso() == "2027-06"


def test_a_broken_line_on_a_cover_is_a_line_of_its_own() -> None:
    cover = "<w:p><w:r><w:t>Approved by: Governors</w:t><w:br/><w:t>Date: 12/09/2022</w:t></w:r></w:p>"
    assert [one.text for one in read(styled("Uniform Policy", "Title") + cover)][1:] == [
        "Approved by: Governors",
        "Date: 12/09/2022",
    ]
