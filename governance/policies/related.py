"""Policies that are to be read together: picked from the register, or cited by a title that may not be in it.

A citation is matched each time it is shown, so that a policy added later is found without touching anything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.errors import Refusal, refuse_if
from governance.extract.titles import cited_titles, title_key
from governance.journal.actions import record
from governance.journal.events import Event
from governance.people.rules import objections_to_text
from governance.policies.models import Policy, RelatedPolicy
from governance.schools.names import tidy
from governance.tenancy import Actor, Scope, lock

RELATED = Event("related policies recorded", ids=("policy",), payload=("cited",))
LONGEST_CITATION = 300
UNRELATED = Event("related policy removed", ids=("policy",), payload=("cited",))


@dataclass(frozen=True)
class Known:
    """A policy of the register as a citation may name it."""

    id: int
    public_id: str
    title: str
    title_key: str
    retired_on: dt.date | None


@dataclass(frozen=True)
class Name:
    """One document that a citation names, and the policy it is; None while it is missing from the register."""

    title: str
    policy: Known | None


@dataclass(frozen=True)
class Citation:
    """A line that names one document or, as "A / B", two."""

    id: int
    policy_id: int
    cited_title: str
    names: tuple[Name, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The titles it names that are not in the register."""
        return tuple(name.title for name in self.names if name.policy is None)


def relate(session: Session, scope: Scope, actor: Actor, policy: Policy, cited: Iterable[str], now: dt.datetime) -> int:
    """Record what a policy is to be read with, by cited titles; what is recorded already is not recorded twice.

    Returns:
        How many were new.

    Raises:
        Refusal: for a title that is too long or cannot be stored.
    """
    lock(session, scope)
    lines = [tidy(line) for line in cited]
    refuse_if(one for line in lines for one in objections_to_text(line, "A related title", "related", LONGEST_CITATION))
    known = {title_key(title) for title in _standing(session, scope, policy)}
    fresh: list[str] = []
    for title in lines:
        if title and title_key(title) not in known:
            known.add(title_key(title))
            fresh.append(title)
    _write(session, scope, actor, policy, [(title, None) for title in fresh], now)
    return len(fresh)


def relate_to(session: Session, scope: Scope, actor: Actor, policy: Policy, target: Policy, now: dt.datetime) -> None:
    """Record a related policy picked from the register.

    Raises:
        Refusal: for the policy itself, or one that is there already.
    """
    lock(session, scope)
    if target.id == policy.id:
        raise Refusal.one("A policy cannot be related to itself. Choose another one.", "target")
    if target.title_key in {title_key(title) for title in _standing(session, scope, policy)}:
        raise Refusal.one(f"{target.title} is already listed.", "target")
    _write(session, scope, actor, policy, [(target.title, target.id)], now)


def unrelate(session: Session, scope: Scope, actor: Actor, policy: Policy, row_id: int, now: dt.datetime) -> None:
    """Take a related policy off the list; the record of it stays.

    Raises:
        Refusal: when it is not on the list.
    """
    lock(session, scope)
    row = session.scalar(
        select(RelatedPolicy).where(
            RelatedPolicy.organisation_id == scope.organisation_id,
            RelatedPolicy.policy_id == policy.id,
            RelatedPolicy.id == row_id,
            RelatedPolicy.removed_at.is_(None),
        )
    )
    if row is None:
        raise Refusal.one("That related policy is no longer listed.")
    row.removed_at = now
    session.flush()
    ids = {"policy": policy.public_id}
    record(session, scope, actor, UNRELATED, ids=ids, payload={"cited": row.cited_title}, now=now)


def related_to(session: Session, scope: Scope, policy_ids: Sequence[int]) -> dict[int, list[Citation]]:
    """What several policies are to be read with, by policy id, with what the register knows of each name. Two statements."""
    known = register_of_titles(session, scope)
    found: dict[int, list[Citation]] = {policy_id: [] for policy_id in policy_ids}
    for row_id, policy_id, cited, target in _rows(session, scope):
        if policy_id in found:
            found[policy_id].append(Citation(row_id, policy_id, cited, resolve(cited, target, known)))
    return found


def cited_by(session: Session, scope: Scope, policy_id: int) -> list[Known]:
    """The policies that are to be read with this one: the links seen from the other end, by title."""
    known = register_of_titles(session, scope)
    by_id = {entry.id: entry for entry in known.values()}
    citing = {
        by
        for _, by, cited, target in _rows(session, scope)
        if any(name.policy and name.policy.id == policy_id for name in resolve(cited, target, known))
    }
    return sorted((by_id[by] for by in citing if by in by_id and by != policy_id), key=lambda entry: entry.title)


def register_of_titles(session: Session, scope: Scope) -> dict[str, Known]:
    """The register by normal title; of two policies with one title the one in use, then the newer, stands."""
    rows = session.execute(
        select(Policy.id, Policy.public_id, Policy.title, Policy.title_key, Policy.retired_on)
        .where(Policy.organisation_id == scope.organisation_id)
        .order_by(Policy.retired_on.is_not(None).desc(), Policy.id)
    )
    return {entry.title_key: entry for entry in (Known(*row) for row in rows)}


def resolve(cited: str, target_id: int | None, known: Mapping[str, Known]) -> tuple[Name, ...]:
    """The documents that a citation names, each with its policy where the register has it."""
    if target_id is not None:
        # of two policies with one title the register knows the one in use
        picked = next((entry for entry in known.values() if entry.id == target_id), known.get(title_key(cited)))
        return (Name(cited, picked),)
    whole = known.get(title_key(cited))
    if whole is not None:
        return (Name(cited, whole),)
    return tuple(Name(title, known.get(title_key(title))) for title in cited_titles(cited))


def _standing(session: Session, scope: Scope, policy: Policy) -> Sequence[str]:
    return session.scalars(
        select(RelatedPolicy.cited_title).where(
            RelatedPolicy.organisation_id == scope.organisation_id,
            RelatedPolicy.policy_id == policy.id,
            RelatedPolicy.removed_at.is_(None),
        )
    ).all()


def _rows(session: Session, scope: Scope) -> Iterable[tuple[int, int, str, int | None]]:
    rows = session.execute(
        select(RelatedPolicy.id, RelatedPolicy.policy_id, RelatedPolicy.cited_title, RelatedPolicy.target_id)
        .where(RelatedPolicy.organisation_id == scope.organisation_id, RelatedPolicy.removed_at.is_(None))
        .order_by(RelatedPolicy.policy_id, RelatedPolicy.id)
    )
    return [(row_id, policy_id, cited, target) for row_id, policy_id, cited, target in rows]


def _write(
    session: Session,
    scope: Scope,
    actor: Actor,
    policy: Policy,
    cited: Sequence[tuple[str, int | None]],
    now: dt.datetime,
) -> None:
    if not cited:
        return
    session.add_all(
        RelatedPolicy(
            organisation_id=scope.organisation_id,
            policy_id=policy.id,
            cited_title=title,
            target_id=target,
            recorded_at=now,
        )
        for title, target in cited
    )
    session.flush()
    content = {"cited": [title for title, _ in cited]}
    record(session, scope, actor, RELATED, ids={"policy": policy.public_id}, payload=content, now=now)
