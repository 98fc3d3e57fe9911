"""Web pages: what people and programs write, as blocks; and pages that may be hostile."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.extract.blocks import Block
from governance.extract.clauses import ClauseKind, Segment
from governance.extract.examine import examine_here
from governance.extract.html_blocks import read_html
from governance.extract.unreadable import UnreadableDocument
from tests.extract.making_other import web_page


def blocks(body: str) -> list[Block]:
    return list(read_html(web_page(body)).blocks)


def shown(body: str) -> list[tuple[str, int, str | None, str]]:
    return [(one.kind, one.level, one.number, one.text) for one in blocks(body)]


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableDocument) as refused:
        read_html(data)
    return refused.value.message


def test_headings_paragraphs_and_broken_lines() -> None:
    body = "<h1>Uniform\n Policy</h1><div>Oakhurst<br>School</div><h2>1. Aims</h2><p>Ties\n are   worn.<h3>Staff</h3>All staff"
    assert shown(body) == [
        ("heading", 1, None, "Uniform Policy"),
        ("paragraph", 0, None, "Oakhurst"),
        ("paragraph", 0, None, "School"),
        ("heading", 2, None, "1. Aims"),
        ("paragraph", 0, None, "Ties are worn."),
        ("heading", 3, None, "Staff"),
        ("paragraph", 0, None, "All staff"),
    ]


def test_clauses_and_facts_are_read_from_a_web_page() -> None:
    body = (
        "<h1>Uniform Policy</h1><p><b>Date adopted:</b> 12/09/2022<br>Approved by: Full Governing Body</p>"
        "<h2>1. Aims</h2><p>1.1 Ties are worn.</p>"
    )
    examined = examine_here("policy.html", web_page(body))
    assert examined.guesses.adopted_on and examined.guesses.adopted_on.value.iso() == "2022-09-12"
    assert [(one.kind, one.number) for one in examined.clauses if one.number] == [
        (ClauseKind.HEADING, "1"),
        (ClauseKind.CLAUSE, "1.1"),
    ]


def test_lists_are_numbered_as_a_browser_prints_them() -> None:
    body = (
        "<ol start=3><li>Ties<ol type=a><li>in winter<li value=4>in summer</ol><li><p>Shoes</p><p>Black ones.</p></ol>"
        "<ul><li>bullet</li></ul><ol style='list-style-type: upper-roman'><li>Coats</li></ol>"
    )
    assert shown(body) == [
        ("item", 1, "3", "Ties"),
        ("item", 2, "a", "in winter"),
        ("item", 2, "d", "in summer"),
        ("item", 1, "4", "Shoes"),
        ("paragraph", 0, None, "Black ones."),
        ("item", 1, None, "bullet"),
        ("item", 1, "I", "Coats"),
    ]
    assert len({one.list_id for one in blocks(body) if one.kind == "item"}) == 4


def test_a_page_that_word_saved_keeps_the_numbers_that_word_printed() -> None:
    body = """<p class=MsoTitle>Uniform Policy</p><p class=MsoToc1>Aims.....2</p>
<h1 style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>1.<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>Aims<o:p></o:p></h1>
<p class=MsoNormal style='margin-left:36.0pt;text-indent:-18.0pt;
mso-list:l0 level2 lfo1'><!--[if !supportLists]--><span style='mso-list:Ignore'>1.1<span>&nbsp;</span></span><!--[endif]-->Ties
are worn.</p><p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='font-family:Symbol;mso-list:Ignore'>·
</span>a tie</p><p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><o:p>&nbsp;</o:p></p><p class=MsoNormal>Last words.</p>
<!--[if gte mso 9]><xml><w:WordDocument>hidden</w:WordDocument></xml><![endif]-->"""
    assert shown(body) == [
        ("heading", 1, None, "Uniform Policy"),
        ("heading", 2, "1", "Aims"),
        ("paragraph", 0, "1.1", "Ties are worn."),
        ("item", 1, None, "a tie"),
        ("paragraph", 0, None, "Last words."),
    ]


def test_bold_italic_and_links() -> None:
    body = (
        '<p>Pupils <strong>must</strong> <span style="font-style:italic">wear</span> <a href=" https://school.example/ ">ties</a>'
        ' <a href="javascript:alert(1)">no</a> <a href="/here">nor this</a></p><p><b>Approved by</b></p>'
    )
    mixed, label = blocks(body)
    assert mixed.segments == (
        Segment("Pupils "),
        Segment("must", strong=True),
        Segment(" "),
        Segment("wear", em=True),
        Segment(" "),
        Segment("ties", href="https://school.example/"),
        Segment(" no nor this"),
    )
    assert label.is_strong


def test_scripts_styles_menus_forms_hidden_words_and_deletions_are_left_out() -> None:
    body = (
        "<nav><ul><li>Home</ul></nav><script>var a = '<p>x</p>'</script><svg><text>x</text></svg><iframe>x</iframe>"
        "<p>Ties<del> and caps</del><ins> are</ins> worn.<span style='display: none'>secret</span></p><p hidden>secret</p>"
        "<form>Your name <input value=x><select><option>One<option>Two</select><textarea>t</textarea><button>Go</button></form>"
        "<template><p>t</p></template><object>o</object><!-- remark --><style>p{}</style>"
    )
    assert [one.text for one in blocks(body)] == ["Ties are worn.", "Your name"]


def test_tables_keep_their_columns_under_their_heads() -> None:
    body = (
        "<table><caption>Who decides</caption><tr><th>Role<th>Duty<th>When<tr><td rowspan=2>Head<td>decides<td>daily"
        "<tr><td><p>tells</p><ul><li>pupils</li></ul><td>weekly<tr><td colspan=2>All<td>never</table><p>After"
    )
    caption, table, after = blocks(body)
    assert (caption.text, after.text) == ("Who decides", "After")
    assert table.rows == [
        ("Role", "Duty", "When"),
        ("Head", "decides", "daily"),
        ("", "tells\n• pupils", "weekly"),
        ("All", "", "never"),
    ]


def test_a_box_made_of_a_table_and_a_table_within_a_table() -> None:
    assert [one.kind for one in blocks("<table><td><h2>Key points</h2><p>Ties.</table>")] == ["heading", "paragraph"]
    nested = "<table><tr><td>Ties<td><table><tr><td>blue<td>red</table></table>"
    assert blocks(nested)[0].rows == [("Ties", "blue red")]


def test_quotations_set_lines_and_entities() -> None:
    body = "<blockquote><p>Caf&eacute; &amp; t&#x177; &lt;b&gt;</blockquote><pre>Date: 1 May\nReview: 2 May</pre>a&nbsp;b&#0;&#xD800;c"
    assert [one.text for one in blocks(body)] == ["Café & tŷ <b>", "Date: 1 May", "Review: 2 May", "a b\ufffd\ufffdc"]


def test_careless_tags_are_forgiven() -> None:
    body = "</p></div><li>Ties</b><p>One<p>Two <b>bold<p>not</i> bold</table></ul><h2></h2><p>Plain<td>cell<a>x<a>y"
    found = blocks(body)
    assert [one.text for one in found] == ["Ties", "One", "Two bold", "not bold", "Plain", "cellxy"]
    assert all(one.kind != "heading" for one in found)


def test_the_encoding_that_a_page_names_is_believed_where_it_is_not_utf_8() -> None:
    assert [one.text for one in read_html(web_page("<p>źle", "windows-1250")).blocks] == ["źle"]
    assert [one.text for one in read_html(web_page("<p>Café – “x”", "windows-1252")).blocks] == ["Café – “x”"]
    mistaken = web_page("<p>tŷ").replace(b"utf-8", b"windows-1250")
    assert [one.text for one in read_html(mistaken).blocks] == ["tŷ"]
    assert [one.text for one in read_html("\ufeff<p>tŷ".encode("utf-16-le")).blocks] == ["tŷ"]


def test_pictures_are_not_counted_as_text_and_those_outside_are_mentioned() -> None:
    inside = "<p>Ties.<img src='data:image/png;base64," + "A" * 3_000_000 + "'></p>"
    content = read_html(web_page(inside + "<img src=a.png><img src=https://192.0.2.1/b.png>"))
    assert [one.text for one in content.blocks] == ["Ties."]
    assert content.warnings == ("2 pictures of it are kept outside the file and not stored.",)
    assert read_html(web_page("<p></p>")).warnings == ("It has no text that we could find.",)


@pytest.mark.parametrize("tag", ["div", "span", "ul><li", "table><tr><td", "blockquote"])
def test_a_page_nested_a_thousand_deep_is_refused(tag: str) -> None:
    assert "more than 200 deep" in refusal(web_page(f"<{tag}>" * 1_000))


def test_a_thousand_paragraphs_that_are_not_closed_are_not_nested() -> None:
    assert len(blocks("<p>Ties <b>are worn." * 1_000)) == 1_000


def test_nul_and_too_many_characters_are_refused() -> None:
    assert "characters we cannot store" in refusal(b"<html><p>Ties\x00 are worn.")
    assert "2,000,000" in refusal(web_page("a" * 2_000_001))
    cells = "<table><tr>" + "<td colspan=60>" * 40_000
    assert "2,000,000" in refusal(web_page(cells))


@pytest.mark.parametrize("piece", ["<!--", "<![", "<!", "<?", "</", "<a ", "<a b='", "<", "&", "&#1", "<!doctype "])
@pytest.mark.parametrize("end", ["", ">"])
def test_what_is_begun_many_times_and_never_ended_takes_no_time(piece: str, end: str) -> None:
    started = time.monotonic()
    read_html(b"<html><p>Ties." + piece.encode() * 30_000 + end.encode())
    assert time.monotonic() - started < 5


@given(st.lists(st.sampled_from(["<p>", "</p>", "<b>", "</b>", "<ul>", "</ul>", "<li>", "</li>", "<table>", "</table>", "<td>",
    "</td>", "<tr>", "</tr>", "<h2>", "</h2>", "<br>", "a", " ", "<![if x]>", "<!--", "-->", "<![CDATA[", "<del>", "</del>",
    "<p style='mso-list:l0 level1'>", "<span style='mso-list:Ignore'>"]), max_size=60))  # fmt: skip
def test_any_heap_of_tags_is_read_and_can_be_stored(parts: list[str]) -> None:
    examine_here("policy.html", ("<html>" + "".join(parts)).encode()).clauses_json.encode()
