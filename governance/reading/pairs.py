"""Facts gathered by person and policy, so that a rule can speak of one pair at a time."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Container, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from governance.reading.calendar import SchoolYear
from governance.reading.facts import (
    Absence,
    Asking,
    Declined,
    Engagement,
    Excuse,
    Extension,
    Facts,
    InForce,
    Receipt,
    Rule,
)

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Pair:
    """The facts that bear on one person and one policy.

    `rules` are those of the policy, from all times, but for rules that name other people or are for people who joined
    later. `absences` and `extensions` are the person's.
    """

    person_id: int
    policy_id: int
    engagements: tuple[Engagement, ...]
    rules: tuple[Rule, ...]
    in_force: tuple[InForce, ...]
    askings: tuple[Asking, ...]
    receipts: tuple[Receipt, ...]
    absences: tuple[Absence, ...]
    excuses: tuple[Excuse, ...]
    extensions: tuple[Extension, ...]
    declined: tuple[Declined, ...]
    retired_on: dt.date | None
    school: SchoolYear

    def askings_of(self, row: InForce) -> list[Asking]:
        """Who was asked to read the version from this in-force row."""
        return [asking for asking in self.askings if asking.in_force_id == row.in_force_id]


def pairs(facts: Facts, wanted: Container[tuple[int, int]] | None = None) -> Iterator[Pair]:
    """Every person that a rule of a policy may ever reach, with that policy; by policy, then person.

    `wanted` are the pairs of person and policy to be given, if not all.
    """
    jobs = _by(facts.engagements, lambda e: e.person_id)
    rules = _by(facts.rules, lambda r: r.policy_id)
    rows = _by(facts.in_force, lambda i: i.policy_id)
    receipts = _by(facts.receipts, lambda r: (r.person_id, r.policy_id))
    excuses = _by(facts.excuses, lambda e: (e.person_id, e.policy_id))
    absences = _by(facts.absences, lambda a: a.person_id)
    extensions = _by(facts.extensions, lambda e: e.person_id)
    declined = _by(facts.declined, lambda d: (d.person_id, d.policy_id))
    named = {rule.person_id for rule in facts.rules if rule.person_id is not None}
    for policy_id in sorted(rules):
        in_force_ids = {row.in_force_id for row in rows[policy_id]}
        askings = tuple(a for a in facts.askings if a.in_force_id in in_force_ids)
        for person_id in sorted(set(jobs) | named):
            if wanted is not None and (person_id, policy_id) not in wanted:
                continue
            yield Pair(
                person_id=person_id,
                policy_id=policy_id,
                engagements=jobs[person_id],
                rules=tuple(
                    r for r in rules[policy_id] if r.person_id in (None, person_id) and _joined(r, jobs[person_id])
                ),
                in_force=rows[policy_id],
                askings=askings,
                receipts=receipts[person_id, policy_id],
                absences=absences[person_id],
                excuses=excuses[person_id, policy_id],
                extensions=extensions[person_id],
                declined=declined[person_id, policy_id],
                retired_on=facts.retired_on.get(policy_id),
                school=facts.school,
            )


def _joined(rule: Rule, jobs: tuple[Engagement, ...]) -> bool:
    """Whether the person joined late enough for a rule that is for people who do."""
    if rule.joined_since is None:
        return True
    return bool(jobs) and min(job.started_on for job in jobs) >= rule.joined_since


def _by(items: Iterable[T], key: Callable[[T], K]) -> defaultdict[K, tuple[T, ...]]:
    gathered: dict[K, list[T]] = defaultdict(list)
    for item in items:
        gathered[key(item)].append(item)
    return defaultdict(tuple, {k: tuple(v) for k, v in gathered.items()})
