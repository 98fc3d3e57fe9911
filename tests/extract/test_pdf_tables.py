"""Tables that a PDF sets without rules, or close: labels that wrap, columns told by where they begin; and prose that is none."""

from __future__ import annotations

import random

import pytest

from governance.extract.guesses import as_json, guess
from tests.extract.printed import PROSE, RULED, SENTENCE, read, tables

NARROW = "td{vertical-align:top;padding:3pt} td:first-child{width:60pt}"
FACTS = [("Approved by", "Full Governing Body"), ("Date of next review", "May 2024"), ("Named Lead Person", "Head")]


def rows_of(facts: list[tuple[str, ...]]) -> str:
    return "".join("<tr>" + "".join(f"<td>{cell}" for cell in row) for row in facts)


@pytest.mark.parametrize("align", ["top", "middle", "bottom"])
@pytest.mark.parametrize("rules", ["", RULED])
def test_a_label_that_wraps_in_a_narrow_cell_is_one_cell(align: str, rules: str) -> None:
    style = f"{rules}{NARROW} table{{width:auto}} td{{vertical-align:{align}}}"
    content = read(f"<h1>Pay Policy</h1><table>{rows_of(FACTS)}</table>{PROSE}", style)
    assert tables(content) == [FACTS]
    published = as_json(guess(content.lines))
    assert (published["adopted_by"], published["next_review_on"]) == ("Full Governing Body", "2024-05")


def test_a_label_and_a_value_that_both_wrap_are_one_row() -> None:
    style = NARROW + "td + td{width:70pt}"
    facts = [("Owner", "The Headteacher of the lower school"), ("Date of next review", "Monday 12 May 2024")]
    assert tables(read(f"<h1>Pay Policy</h1><table>{rows_of(facts)}</table>{PROSE}", style)) == [facts]


def test_columns_that_stand_close_are_told_by_where_they_begin() -> None:
    facts = [("Role", "Duty", "When"), ("Headteacher", "reads", "May"), ("Chair", "signs it all", "June")]
    style = "table{border-spacing:0} td{padding:2pt 7pt 4pt 0}"
    assert tables(read(f"<h1>Pay Policy</h1><table>{rows_of(facts)}</table>{PROSE}", style)) == [facts]


def test_lines_of_an_address_below_a_label_and_its_value_stay_apart() -> None:
    body = '<p>Approved by:<span style="padding-left:60pt">Governors</span><br>Date: 12/09/2022<br>Owner: Head</p>'
    lines = read(f"<h1>Pay Policy</h1>{body}{PROSE}").lines
    assert {"Approved by:\tGovernors", "Date: 12/09/2022", "Owner: Head"} <= set(lines)


@pytest.mark.parametrize("style", ["", "text-align:justify", "text-align:justify;width:150pt", "text-align:center"])
@pytest.mark.parametrize("seed", range(3))
def test_prose_is_no_table_however_it_is_set(style: str, seed: int) -> None:
    chance = random.Random(seed)
    words = (SENTENCE + "A pupil who is ill, for a day or more, is let off; see 4.2 (b) and Appendix A.").split()
    paragraphs = [" ".join(chance.choices(words, k=chance.randrange(5, 120))) for _ in range(40)]
    content = read("".join(f'<p style="{style}">{text}</p>' for text in paragraphs))
    assert tables(content) == []


def test_numbered_clauses_with_hanging_numbers_are_no_table() -> None:
    clause = '<p style="margin-left:60pt;text-indent:-60pt"><span style="display:inline-block;width:60pt;text-indent:0">{}</span>{}</p>'
    body = "".join(clause.format(f"{n}.1", SENTENCE * 2) for n in range(1, 6))
    content = read(f"<h1>Pay Policy</h1>{body}")
    assert tables(content) == []
    assert [block.number for block in content.blocks[1:]] == [f"{n}.1" for n in range(1, 6)]
