"""What changed between two versions: nothing is lost, and it reads as a governor would say it."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from governance.extract.clauses import Clause, ClauseKind, Segment
from governance.policies.redline import Change, Line, Words, changes_in, redline

WORDS = st.sampled_from(
    "staff must not use social media at work , and shall report it to the headteacher . 12  \n".split(" ")
)
TEXTS = st.lists(WORDS, max_size=12).map(" ".join)


def clause(text: str, number: str | None = None, kind: ClauseKind = ClauseKind.CLAUSE, place: int = 0) -> Clause:
    return Clause(kind, number, 1, (Segment(text),), f"c-{place}", place)


def document(*texts: str) -> tuple[Clause, ...]:
    """Numbered clauses, one a text."""
    return tuple(clause(text, str(place), place=place) for place, text in enumerate(texts, start=1))


CLAUSES = st.lists(
    st.tuples(TEXTS, st.sampled_from(list(ClauseKind)[:4]), st.sampled_from([None, "1", "2.1"])), max_size=9
)


def built(rows: list[tuple[str, ClauseKind, str | None]]) -> tuple[Clause, ...]:
    return tuple(clause(text, number, kind, place) for place, (text, kind, number) in enumerate(rows))


@given(CLAUSES, CLAUSES)
def test_both_texts_are_given_back_exactly(
    old: list[tuple[str, ClauseKind, str | None]], new: list[tuple[str, ClauseKind, str | None]]
) -> None:
    before, after = built(old), built(new)
    lines = redline(before, after)
    assert tuple(line.before for line in lines if line.before) == before
    assert tuple(line.after for line in lines if line.after) == after
    for line in lines:
        if line.change is Change.CHANGED:
            assert _side(line, Change.REMOVED) == (line.before.text if line.before else None)
            assert _side(line, Change.ADDED) == (line.after.text if line.after else None)
        if line.change is Change.KEPT:
            assert line.before and line.after and line.before.text == line.after.text


def _side(line: Line, change: Change) -> str:
    return "".join(word.text for word in line.words if word.change in (Change.KEPT, change))


@given(CLAUSES)
def test_a_text_beside_itself_has_no_change(rows: list[tuple[str, ClauseKind, str | None]]) -> None:
    assert {line.change for line in redline(built(rows), built(rows))} <= {Change.KEPT}


def test_words_that_changed_are_told_from_those_that_did_not() -> None:
    old = document("Staff must report a concern within five working days to the headteacher.")
    new = document("Staff must report a concern within two working days to the headteacher.")
    (line,) = redline(old, new)
    assert line.words == (
        Words(Change.KEPT, "Staff must report a concern within "),
        Words(Change.REMOVED, "five"),
        Words(Change.ADDED, "two"),
        Words(Change.KEPT, " working days to the headteacher."),
    )


def test_an_inserted_clause_renumbers_the_rest_and_changes_none_of_them() -> None:
    old = document("Keep passwords safe.", "Do not post about pupils.")
    new = document("Keep passwords safe.", "Use two-step sign-in.", "Do not post about pupils.")
    lines = redline(old, new)
    assert [line.change for line in lines] == [Change.KEPT, Change.ADDED, Change.KEPT]
    assert [line.renumbered for line in lines] == [False, False, True]
    assert changes_in(lines) == {Change.KEPT: 2, Change.ADDED: 1}


def test_a_rewritten_clause_is_one_taken_out_and_one_put_in() -> None:
    old, new = document("Phones stay in lockers until the bell."), document("Governors approve every overseas trip.")
    assert [line.change for line in redline(old, new)] == [Change.REMOVED, Change.ADDED]


def test_a_clause_that_moved_says_so_in_both_places() -> None:
    moving = "Anybody may raise a concern with the chair of governors at any time."
    old = document(moving, "First aid is given by trained staff.", "Doors are locked at six.")
    new = document("First aid is given by trained staff.", "Doors are locked at six.", moving)
    assert [(line.change, line.moved) for line in redline(old, new)] == [
        (Change.REMOVED, True),
        (Change.KEPT, False),
        (Change.KEPT, False),
        (Change.ADDED, True),
    ]


def test_a_heading_is_never_paired_with_a_clause() -> None:
    old, new = (clause("Use of photographs", kind=ClauseKind.HEADING),), (clause("Use of photographs"),)
    assert [line.change for line in redline(old, new)] == [Change.REMOVED, Change.ADDED]


def test_confetti_is_closed_into_one_change() -> None:
    old, new = (
        document("The school will do it in May or so for all staff."),
        document("The school can try it at Easter for all staff."),
    )
    (line,) = redline(old, new)
    assert [word.change for word in line.words] == [Change.KEPT, Change.REMOVED, Change.ADDED, Change.KEPT]


def test_long_texts_are_compared_within_a_second() -> None:
    old = document(
        *(f"Clause {n} of the policy says what staff do in case {n}, and whom they tell first." for n in range(700))
    )
    new = document(
        *(f"Clause {n} of the policy says what adults do in case {n}, and whom they tell first." for n in range(700))
    )
    begun = time.process_time()
    lines = redline(old, new)
    huge = redline(document("one two three " * 9_000), document("one two four " * 9_000))
    assert time.process_time() - begun < 5
    assert {line.change for line in lines} == {Change.CHANGED}
    assert huge[0].change is Change.CHANGED
