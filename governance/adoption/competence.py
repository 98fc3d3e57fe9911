"""Whether a body may decide about each policy before it, by the delegations in force on the day, and why.

SI 2013/1624 reg 18: a board may delegate to a committee, and can still decide itself what it delegated.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.adoption.makers import body_maker
from governance.adoption.models import Delegation
from governance.adoption.powers import gap_in_words
from governance.adoption.proposals import Delegated
from governance.extract.dates import day_in_words, exactly
from governance.policies.models import Policy
from governance.schools.models import GoverningBody
from governance.tenancy import Scope


@dataclass(frozen=True)
class Competence:
    """Whether the body may decide, and the sentence that says why or why not."""

    may_decide: bool
    reason: str


@dataclass(frozen=True)
class _Power:
    body_id: int
    body: str
    policy_id: int | None
    policy_kind: str | None
    held: Delegated

    def covers(self, policy_id: int, kind: str) -> bool:
        """Whether the power is over this policy, by itself, by its kind, or as over everything."""
        return self.policy_id == policy_id if self.policy_id else self.policy_kind in (None, kind)


def competences(
    session: Session, scope: Scope, body: GoverningBody, on: dt.date, policy_ids: Collection[int]
) -> dict[int, Competence]:
    """What a body may decide on a day, by the policies' ids."""
    kinds = session.execute(
        select(Policy.id, Policy.kind).where(Policy.organisation_id == scope.organisation_id, Policy.id.in_(policy_ids))
    )
    powers = _powers(session, scope)
    return {
        policy_id: _competence(body, on, [one for one in powers if one.covers(policy_id, kind)])
        for policy_id, kind in kinds
    }


def _competence(body: GoverningBody, on: dt.date, powers: list[_Power]) -> Competence:
    if body.kind == "board":
        given = [one for one in powers if _holds(one.held, on)]
        others = f"It is delegated to {given[-1].body}; the board may decide it too." if given else ""
        return Competence(True, others or "The board decides it itself.")
    own = [one.held for one in powers if one.body_id == body.id]
    holding = [held for held in own if _holds(held, on)]
    if holding:
        latest = holding[-1]
        source = f" ({latest.source})" if latest.source else ""
        return Competence(True, f"Delegated to it since {day_in_words(latest.from_on)}{source}.")
    return Competence(False, f"{gap_in_words(exactly(on), body_maker(body), own)} It can recommend it to the board.")


def _holds(held: Delegated, on: dt.date) -> bool:
    return held.from_on <= on and (held.until_on is None or held.until_on >= on)


def _powers(session: Session, scope: Scope) -> list[_Power]:
    """The powers of bodies, in the order in which they began."""
    rows = session.execute(
        select(
            Delegation.body_id,
            GoverningBody.name,
            Delegation.policy_id,
            Delegation.policy_kind,
            Delegation.from_on,
            Delegation.until_on,
            Delegation.source,
        )
        .join(GoverningBody, GoverningBody.id == Delegation.body_id)
        .where(Delegation.organisation_id == scope.organisation_id)
        .order_by(Delegation.from_on, Delegation.id)
    )
    return [
        _Power(body_id, body, policy_id, kind, Delegated(*held))
        for body_id, body, policy_id, kind, *held in map(tuple[Any, ...], rows)
    ]
