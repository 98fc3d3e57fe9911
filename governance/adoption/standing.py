"""Which records still stand: every question about decisions and what is in force begins with these conditions.

A day, or a school's id, may be given as a value or as a parameter of a statement that is built once.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from governance.adoption.kinds import Kind
from governance.adoption.models import Decision, InForce

# Before any day a school writes down: a decision whose day is not recorded is older than every other.
LONG_AGO = dt.date(1, 1, 1)


@cache
def _another(_name: str) -> Any:
    """The decisions under a second name. It is made once for each use: making it costs as much as the rest of a statement."""
    return aliased(Decision)


def stands(decision: Any = Decision) -> ColumnElement[bool]:
    """The decision was not corrected. Of a chain of corrections only the last one stands."""
    later = _another("later")
    return ~select(later.id).where(later.corrects_id == decision.id).exists()


def known_by(day: Any, decision: Any = Decision) -> ColumnElement[bool]:
    """The decision was made by that day; one whose day is not recorded always was."""
    return or_(decision.decided_latest_on.is_(None), decision.decided_latest_on <= day)


def answered(kind: Kind, day: Any, decision: Any = Decision, *, leaving_out: int | None = None) -> ColumnElement[bool]:
    """A standing decision of a kind (ratified or not) answers this one: the same version, on its day or later.

    The decision with the id `leaving_out`, which is about to be corrected, is no answer.
    """
    answer = _another("answer")
    not_before = func.coalesce(answer.decided_latest_on, day) >= func.coalesce(decision.decided_on, LONG_AGO)
    others = [answer.id != leaving_out] if leaving_out else []
    return (
        select(answer.id)
        .where(
            # The school and policy first: they lead the index.
            answer.organisation_id == decision.organisation_id,
            answer.policy_id == decision.policy_id,
            answer.version_id == decision.version_id,
            answer.kind == kind,
            *others,
            not_before,
            known_by(day, answer),
            stands(answer),
        )
        .exists()
    )


def holding(organisation_id: Any, day: Any, *columns: Any, leaving_out: int | None = None) -> Select[Any]:
    """The in-force rows of a school that hold by a day: begun, not corrected, not refused ratification by then.

    Of a policy's rows the one with the latest `from_on`, then the latest id, is in force on the day. `leaving_out` is the
    id of a decision taken as not made, such as one about to be corrected.
    """
    refused = and_(InForce.pending_ratification, answered(Kind.NOT_RATIFIED, day, leaving_out=leaving_out))
    return (
        select(*columns)
        .select_from(InForce)
        .join(Decision, Decision.id == InForce.decision_id)
        .where(InForce.organisation_id == organisation_id, InForce.from_on <= day, stands(), ~refused)
        .where(Decision.id != (leaving_out or 0))
    )
