"""What a pack says of a redline: what changed under its heading, what did not as a count."""

from __future__ import annotations

from governance.extract.clauses import Clause, ClauseKind, Segment
from governance.packs.changes import Changes, shown
from governance.policies.redline import Change, redline


def clause(text: str, number: str | None = None, kind: ClauseKind = ClauseKind.CLAUSE) -> Clause:
    return Clause(kind, number, 1, (Segment(text),), f"c-{number}", 1)


def document(*parts: tuple[str, str]) -> tuple[Clause, ...]:
    return tuple(
        clause(text, number.strip("#"), ClauseKind.HEADING if number.startswith("#") else ClauseKind.CLAUSE)
        for number, text in parts
    )


OLD = document(
    ("#1", "Purpose"),
    ("1.1", "This policy tells staff what to do online."),
    ("#2", "Reports"),
    ("2.1", "Report a concern within five working days to the headteacher."),
    ("2.2", "Keep a copy of what you saw."),
)
NEW = document(
    ("#1", "Purpose"),
    ("1.1", "This policy tells staff what to do online."),
    ("#2", "Reports"),
    ("2.1", "Nobody is ever punished for raising a concern."),
    ("2.2", "Report a concern within two working days to the headteacher."),
    ("2.3", "Keep a copy of what you saw."),
)


def test_changes_stand_under_their_heading_and_the_rest_is_counted() -> None:
    found = list(shown(redline(OLD, NEW)))
    assert [(one.line.change if one.line else None, one.below, one.unchanged, one.renumbered) for one in found] == [
        (None, "", 3, 0),
        (Change.ADDED, "2. Reports", 0, 0),
        (Change.CHANGED, "", 0, 0),
        (None, "", 1, 1),
    ]


def test_the_summary_says_how_much_changed() -> None:
    assert Changes("3", "4", redline(OLD, NEW)).summary == "1 clause changed, 1 added; 4 others are as before."
    assert Changes("3", "4", redline(OLD, OLD)).summary == "No words were changed."
    assert Changes("3", "4", redline((), NEW[:1])).summary == "1 clause added; 0 others are as before."
