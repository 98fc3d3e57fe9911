"""What a page's end breaks in a PDF is whole again: rows of tables, and paragraphs above a footnote."""

from __future__ import annotations

import pytest

from tests.extract.printed import PROSE, RULED, SENTENCE, read, tables

UNRULED = "table{border-spacing:0} td,th{text-align:left;vertical-align:top;padding:2pt 20pt 4pt 0}"
NUMBERED = " ".join(f"word{n}" for n in range(150))
HEADS = "<thead><tr><th>Role<th>Duty</thead>"
# Leaves some lines of the page, so that the row that follows is broken.
FILLED = '<div style="height:220mm">The aims</div>'


@pytest.mark.parametrize("style", [RULED, UNRULED])
@pytest.mark.parametrize("heads", [HEADS, HEADS.replace("thead", "tbody")])
def test_a_row_that_a_page_breaks_is_one_row_and_heads_are_said_once(style: str, heads: str) -> None:
    rows = f"<tr><td>Headteacher<td>Reads.<tr><td>Clerk<td>{NUMBERED}<tr><td>Chair<td>Signs."
    content = read(f"{FILLED}<table>{heads}{rows}</table>{PROSE}", style)
    assert content.pages == 2
    assert tables(content) == [[("Role", "Duty"), ("Headteacher", "Reads."), ("Clerk", NUMBERED), ("Chair", "Signs.")]]


def test_a_row_broken_between_sentences_has_its_halves_as_lines_of_a_cell() -> None:
    halves = f"<p>{SENTENCE * 3}</p>" + '<p style="break-before:page">The chair signs.</p>'
    rows = f"<tr><td>Headteacher<td>Reads.<tr><td>Clerk<td>{halves}<tr><td>Chair<td>Signs."
    [found] = tables(read(f"<table>{HEADS}{rows}</table>{PROSE}", RULED))
    assert found[2] == ("Clerk", f"{(SENTENCE * 3).strip()}\nThe chair signs.")
    assert [row[0] for row in found] == ["Role", "Headteacher", "Clerk", "Chair"]


def test_a_label_that_a_page_breaks_is_one_label() -> None:
    label = 'Clerk to the <div style="break-before:page">governing body</div>'
    rows = f"<tr><td>Headteacher<td>Reads.<tr><td>{label}<td>Writes.<tr><td>Chair<td>Signs."
    [found] = tables(read(f"<table>{rows}</table>{PROSE}", RULED))
    assert found == [("Headteacher", "Reads."), ("Clerk to the governing body", "Writes."), ("Chair", "Signs.")]


def test_rows_that_share_a_label_stay_rows_over_a_page() -> None:
    rows = "".join(f'<tr><td rowspan="2">Group {n}<td>Reads the policy.<tr><td>Signs the policy.' for n in range(30))
    [found] = tables(read(f"<table>{HEADS}{rows}</table>{PROSE}", RULED))
    assert len(found) == 61


def test_heads_of_two_rows_are_said_once() -> None:
    heads = '<thead><tr><th>Who<th colspan="2">What<tr><th>Role<th>Duty<th>When</thead>'
    rows = "".join(f"<tr><td>Role {n}<td>{SENTENCE}<td>May" for n in range(30))
    [found] = tables(read(f"<table>{heads}{rows}</table>{PROSE}", RULED))
    assert [row[0] for row in found] == ["Who", "Role", *(f"Role {n}" for n in range(30))]


NOTES = ".f{float:footnote;font-size:8pt}"


@pytest.mark.parametrize("notes", [1, 3])
def test_a_paragraph_above_footnotes_goes_on_over_the_page(notes: int) -> None:
    words = [f"word{n}" for n in range(600)]
    for n in range(notes):
        words[40 * n] += f'<span class="f">See the guidance of {2022 + n} on this matter.</span>'
    content = read(f"<p>{' '.join(words)}</p><p>The end.</p>", NOTES)
    assert content.pages == 2
    long, *others = content.blocks
    assert [word for word in ("word0", "word1", "word300", "word599") if word not in long.text.split()] == ["word0"]
    assert [block.text for block in others] == [
        *(f"See the guidance of {2022 + n} on this matter." for n in range(notes)),
        "The end.",
    ]


def test_a_paragraph_that_ended_above_a_footnote_stays_apart_from_the_next_page() -> None:
    note = '<span class="f">See the guidance.</span>'
    body = f'<p>{SENTENCE * 3}{note}</p><p style="break-before:page">{SENTENCE}</p>'
    assert [block.text for block in read(body, NOTES).blocks][-1] == SENTENCE.strip()
