"""Parts of a policy that some people must read and others need not, such as Part one of statutory guidance.

A part is a bit of a number, so that rules and receipts can be compared in SQL. A bit once used keeps its meaning.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.errors import Objection, refuse_if
from governance.journal.actions import record
from governance.journal.events import Event
from governance.people.rules import objections_to_text
from governance.policies.models import Policy, PolicyVersion
from governance.reading.facts import MOST_PARTS
from governance.reading.models import Acknowledgement, PolicyPart, ReadingRule
from governance.schools.names import fold, tidy
from governance.tenancy import Actor, Scope, lock

PARTS_NAMED = Event("parts of a policy named", ids=("policy",), payload=("before", "after"))
LONGEST_PART = 80


def parts_of(session: Session, scope: Scope, policy_ids: Sequence[int]) -> dict[int, list[PolicyPart]]:
    """The parts of several policies, by policy id, in the order of their bits."""
    found: dict[int, list[PolicyPart]] = {policy_id: [] for policy_id in policy_ids}
    mine = select(PolicyPart).where(
        PolicyPart.organisation_id == scope.organisation_id, PolicyPart.policy_id.in_(policy_ids)
    )
    for part in session.scalars(mine.order_by(PolicyPart.policy_id, PolicyPart.bit)):
        found[part.policy_id].append(part)
    return found


def part_names(session: Session, scope: Scope, policy_id: int, parts: int) -> list[str]:
    """What the parts of some bits are called."""
    return list(names_in(parts_of(session, scope, [policy_id])[policy_id], parts))


def names_in(parts: Sequence[PolicyPart], bits: int) -> tuple[str, ...]:
    """What those of a policy's parts are called that some bits name; empty for the whole."""
    return tuple(one.name for one in parts if bits >> one.bit & 1)


def part_names_in(cell: str) -> tuple[str, ...]:
    """The names of parts that a cell of a list holds, with semicolons between them."""
    return tuple(tidy(name) for name in cell.split(";") if tidy(name))


def bits_of(parts: Sequence[PolicyPart], names: Iterable[str]) -> tuple[int, list[str]]:
    """The bits of the parts that some names mean, and the names that mean none. Without names it is the whole."""
    bit = {fold(one.name): one.bit for one in parts}
    wanted = list(names)
    bits = {bit[fold(name)] for name in wanted if fold(name) in bit}
    return sum(1 << one for one in bits), [name for name in wanted if fold(name) not in bit]


def named_parts(
    session: Session, scope: Scope, asked: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], tuple[str, ...]]:
    """What parts are called, by policy id and bits. Nothing is looked up where all are the whole, which has no names."""
    wanted = set(asked)
    divided = sorted({policy_id for policy_id, bits in wanted if bits})
    parts = parts_of(session, scope, divided) if divided else {}
    return {(policy_id, bits): names_in(parts.get(policy_id, ()), bits) for policy_id, bits in wanted}


def for_parts(wording: str, names: Sequence[str]) -> str:
    """What a reader agrees to who reads parts of a document: they are named in it. Without names it is the whole."""
    return f"{wording.rstrip('.')}. This is for: {'; '.join(names)}." if names else wording


def name_parts(
    session: Session, scope: Scope, actor: Actor, policy: Policy, names: Sequence[str], now: dt.datetime
) -> None:
    """Say which parts a policy has. One that keeps its name keeps its bit, a new one takes a bit that is free.

    Raises:
        Refusal: for too many parts, two of one name, or a part left out that a rule or a receipt is for.
    """
    lock(session, scope)
    wanted = [tidy(name) for name in names if tidy(name)]
    known = parts_of(session, scope, [policy.id])[policy.id]
    left_out = [one for one in known if fold(one.name) not in {fold(name) for name in wanted}]
    used = _bits_used(session, policy)
    added = [name for name in wanted if fold(name) not in {fold(one.name) for one in known}]
    refuse_if([*_objections(wanted), *_objections_to_new(added), *_objections_to_leaving_out(left_out, used)])
    before = [one.name for one in known]
    kept = {fold(one.name): one for one in known if one not in left_out}
    for one in left_out:
        session.delete(one)
    session.flush()
    taken = {one.bit for one in kept.values()} | {bit for bit in range(MOST_PARTS) if used >> bit & 1}
    free = iter(bit for bit in range(MOST_PARTS) if bit not in taken)
    for name in wanted:
        if fold(name) in kept:
            kept[fold(name)].name = name
        else:
            new = PolicyPart(organisation_id=scope.organisation_id, policy_id=policy.id, bit=next(free), name=name)
            session.add(new)
    session.flush()
    if before != wanted:
        ids, payload = {"policy": policy.public_id}, {"before": before, "after": wanted}
        record(session, scope, actor, PARTS_NAMED, ids=ids, payload=payload, now=now)


def _bits_used(session: Session, policy: Policy) -> int:
    """The bits that a rule or a receipt of the policy has, whenever it was."""
    bits = 0
    rules = select(ReadingRule.parts).where(ReadingRule.policy_id == policy.id, ReadingRule.parts != 0)
    receipts = (
        select(Acknowledgement.parts)
        .join(PolicyVersion, PolicyVersion.id == Acknowledgement.version_id)
        .where(PolicyVersion.policy_id == policy.id, Acknowledgement.parts != 0)
    )
    for parts in (*session.scalars(rules.distinct()), *session.scalars(receipts.distinct())):
        bits |= parts
    return bits


def _objections(wanted: Sequence[str]) -> Iterator[Objection]:
    if len(wanted) > MOST_PARTS:
        yield Objection(f"A policy can have at most {MOST_PARTS} parts. Put some together.", "parts")
    if len({fold(name) for name in wanted}) < len(wanted):
        yield Objection("Two parts have the same name. Change one of them.", "parts")
    for name in wanted:
        yield from objections_to_text(name, "The name of a part", "parts", LONGEST_PART)


def _objections_to_new(names: Sequence[str]) -> Iterator[Objection]:
    for name in names:
        if ";" in name:
            yield Objection(f"“{name}” has a semicolon, which stands between parts in a list. Use a comma.", "parts")


def _objections_to_leaving_out(left_out: Sequence[PolicyPart], used: int) -> Iterator[Objection]:
    for one in left_out:
        if used >> one.bit & 1:
            yield Objection(
                f"A reading rule or a receipt is for “{one.name}”, so it has to stay. You can add other parts.", "parts"
            )
