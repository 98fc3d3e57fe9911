"""What can be decided, by whom, and how screens say it. Pure."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What was decided about a version."""

    ADOPTED = "adopted"
    AMENDED = "adopted_with_amendments"
    APPROVED = "approved"
    RATIFIED = "ratified"
    NOT_RATIFIED = "not_ratified"
    NOTED = "noted"
    ISSUED = "issued"
    REVIEWED = "reviewed"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    # Only ever a correction: the decision it corrects was never made.
    MISTAKEN = "mistaken"

    @property
    def in_words(self) -> str:
        """The decision as screens say it."""
        return _WORDS[self]


_WORDS = {
    Kind.ADOPTED: "Adopted",
    Kind.AMENDED: "Adopted with amendments",
    Kind.APPROVED: "Approved (delegated)",
    Kind.RATIFIED: "Ratified",
    Kind.NOT_RATIFIED: "Not ratified",
    Kind.NOTED: "Noted",
    Kind.ISSUED: "Issued",
    Kind.REVIEWED: "Reviewed without change",
    Kind.DEFERRED: "Deferred",
    Kind.REJECTED: "Rejected",
    Kind.MISTAKEN: "Entered by mistake",
}

PUTS_IN_FORCE = frozenset({Kind.ADOPTED, Kind.AMENDED, Kind.APPROVED, Kind.ISSUED})
# After one of these a version no longer awaits a decision.
SETTLES = PUTS_IN_FORCE | {Kind.REJECTED}
# The latest of these says when the next review is; a ratification does so only where it states a day.
SETS_REVIEW = PUTS_IN_FORCE | {Kind.REVIEWED}


class MakerKind(StrEnum):
    """Who can decide: a board or committee at a meeting, or a person within a power of their own."""

    BOARD = "board"
    COMMITTEE = "committee"
    HEADTEACHER = "headteacher"
    CHAIR = "chair"
    GOVERNOR = "governor"

    @property
    def is_body(self) -> bool:
        """Whether it decides together, at a meeting."""
        return self in (MakerKind.BOARD, MakerKind.COMMITTEE)

    @property
    def in_words(self) -> str:
        """The office as a sentence says it."""
        return {MakerKind.CHAIR: "chair of governors"}.get(self, self.value)


_BOARD = frozenset(
    {
        Kind.ADOPTED,
        Kind.AMENDED,
        Kind.RATIFIED,
        Kind.NOT_RATIFIED,
        Kind.NOTED,
        Kind.REVIEWED,
        Kind.DEFERRED,
        Kind.REJECTED,
    }
)
# SI 2013/1624 regs 18-19: a board may delegate to a committee, the headteacher or a governor, and stays accountable.
MAY_DECIDE: dict[MakerKind, frozenset[Kind]] = {
    MakerKind.BOARD: _BOARD,
    MakerKind.COMMITTEE: _BOARD | {Kind.APPROVED},
    MakerKind.HEADTEACHER: frozenset({Kind.APPROVED, Kind.ISSUED, Kind.REVIEWED}),
    MakerKind.CHAIR: frozenset({Kind.APPROVED, Kind.REVIEWED}),
    MakerKind.GOVERNOR: frozenset({Kind.APPROVED, Kind.REVIEWED}),
}
# Outside guidance is issued, never adopted: the school did not write it and cannot decide what it says.
FOR_GUIDANCE = frozenset({Kind.ISSUED, Kind.NOTED, Kind.REVIEWED, Kind.DEFERRED})
