"""Whose people somebody is: the line managers of the jobs held on a day, and how far each one's people have read."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from governance.people.models import Engagement, Person
from governance.people.rules import full_name
from governance.reading.coverage import Count, counted, summed
from governance.reading.facts_query import facts_of
from governance.reading.owed import Owed, owed
from governance.tenancy import Scope


class Manager(NamedTuple):
    """Somebody who manages others. `public_id` is empty for having none."""

    public_id: str
    name: str


NOBODY = Manager("", "No line manager")


def managers(session: Session, scope: Scope, day: dt.date) -> dict[int, tuple[Manager, ...]]:
    """By person, the managers of the jobs they hold on a day, each once, by the managers' names; one statement."""
    manager, job = aliased(Person), Engagement
    rows = session.execute(
        select(job.person_id, manager.public_id, manager.given_name, manager.family_name)
        .join(manager, manager.id == job.line_manager_id)
        .where(job.organisation_id == scope.organisation_id, job.started_on <= day)
        .where(or_(job.ended_on.is_(None), job.ended_on >= day))
        .order_by(manager.sort_key, manager.id, job.person_id)
    )
    found: defaultdict[int, dict[Manager, None]] = defaultdict(dict)
    for person_id, public_id, given, family in rows:
        found[person_id][Manager(public_id, full_name(given, family))] = None
    return {person_id: tuple(theirs) for person_id, theirs in found.items()}


def in_order(of: Mapping[int, tuple[Manager, ...]]) -> list[Manager]:
    """Every manager once, by name of the family as people are listed, and last having none."""
    return [*sorted({one for theirs in of.values() for one in theirs}, key=_family_first), NOBODY]


def managers_of(of: Mapping[int, tuple[Manager, ...]], person_id: int) -> tuple[Manager, ...]:
    """Whose person somebody is; nobody's where none is recorded."""
    return of.get(person_id, (NOBODY,))


def coverage_by_manager(
    session: Session, scope: Scope, day: dt.date, policy_ids: Collection[int], of: Mapping[int, tuple[Manager, ...]]
) -> dict[tuple[int, Manager], Count]:
    """Counts of some policies by policy and manager. Somebody with two managers counts with both."""
    rows = owed(facts_of(session, scope, day, policy_ids=policy_ids), day)
    return counted_by_manager(rows, of)


def counted_by_manager(rows: Iterable[Owed], of: Mapping[int, tuple[Manager, ...]]) -> dict[tuple[int, Manager], Count]:
    """The counts of rows as `owed` gives them, by policy and manager."""
    cells: defaultdict[tuple[int, Manager], list[Count]] = defaultdict(list)
    for row in rows:
        for manager in managers_of(of, row.person_id):
            cells[row.policy_id, manager].append(counted([row]).totals)
    return {key: summed(counts) for key, counts in cells.items()}


def _family_first(one: Manager) -> tuple[str, str, str]:
    given, _, family = one.name.rpartition(" ")
    return family.casefold(), given.casefold(), one.public_id
