"""Finding words in a policy's text."""

from __future__ import annotations

from governance.extract.finding import places, words_of
from governance.extract.segmentation import read_clauses

TEXT = """# Mobile Phone Policy

## 1. Pupils

1.1 Pupils' phones stay in the office. A phone that is seen is taken to the office.

1.2 The café is no exception.

## 2. Staff

2.1 Staff keep their telephones in a locker.
"""


def test_a_clause_is_found_when_it_holds_every_word_or_its_beginning() -> None:
    found = places(read_clauses(TEXT), words_of("Phone office"))
    assert [(one.anchor, one.number, one.heading) for one in found] == [("clause-1-1", "1.1", "Pupils")]
    assert [words for words, marked in found[0].pieces if marked] == ["phones", "office", "phone", "office"]
    assert (
        "".join(words for words, _ in found[0].pieces)
        == "Pupils' phones stay in the office. A phone that is seen is taken to the office."
    )


def test_the_middle_of_a_word_is_not_found() -> None:
    assert [one.number for one in places(read_clauses(TEXT), words_of("phone"))] == [None, "1.1"]


def test_accents_apostrophes_and_capitals_do_not_matter() -> None:
    assert [one.number for one in places(read_clauses(TEXT), words_of("CAFE"))] == ["1.2"]
    assert [one.number for one in places(read_clauses(TEXT), words_of("pupils\u2019"))] == ["1.1"]


def test_nothing_typed_finds_nothing() -> None:
    assert words_of(" ., ") == () and places(read_clauses(TEXT), ()) == []


def test_a_long_clause_is_shown_around_the_words() -> None:
    text = f"1.1 {'Before. ' * 60}The hamster lives in class three. {'After. ' * 80}"
    [found] = places(read_clauses(text), words_of("hamster"))
    shown = "".join(words for words, _ in found.pieces)
    assert len(shown) < 400 and shown.startswith("… ") and shown.endswith(" …") and "The hamster lives" in shown
