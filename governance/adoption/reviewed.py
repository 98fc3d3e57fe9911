"""The decision by which a policy was last reviewed. Pure: the decisions are brought.

House rule: whoever adopts, approves, issues or reviews a policy has gone over it, and so has a board that ratifies it with a
day for the next review. These are the decisions that say in the register when the next review is. What was refused
ratification counts no more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from governance.adoption.history import DecisionRow
from governance.adoption.kinds import PUTS_IN_FORCE, SETS_REVIEW, Kind
from governance.adoption.standing import LONG_AGO


@dataclass(frozen=True)
class LastReview:
    """The decision, and whether it only put the policy in force for the first time."""

    decision: DecisionRow
    is_first: bool


def last_review(decided: Sequence[DecisionRow], day: dt.date) -> LastReview | None:
    """The latest review by a day of the policy that these decisions are about; they stand. None where there was none."""
    known = [row for row in decided if row.decided.latest_on is None or row.decided.latest_on <= day]
    reviews = [row for row in known if _is_review(row) and not _refused(row, known, day)]
    if not reviews:
        return None
    last = max(reviews, key=lambda row: (row.decided.latest_on or LONG_AGO, row.id))
    begun = [row for row in reviews if row.kind in PUTS_IN_FORCE]
    return LastReview(last, len(begun) == 1 and all(row.kind is not Kind.REVIEWED for row in reviews))


def _is_review(row: DecisionRow) -> bool:
    return row.kind in SETS_REVIEW or (row.kind is Kind.RATIFIED and row.next_review is not None)


def _refused(row: DecisionRow, known: Sequence[DecisionRow], day: dt.date) -> bool:
    """As `standing.answered`: the same version was not ratified, on the decision's day or later."""
    made_on = row.decided.earliest_on or LONG_AGO
    return any(
        other.kind is Kind.NOT_RATIFIED
        and other.version_id == row.version_id
        and (other.decided.latest_on or day) >= made_on
        for other in known
    )
