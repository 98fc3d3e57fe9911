"""What an inspector asks for, gathered: one statement a section, no reason of any absence.

day ─▶ policies in force, late reviews first ─▶ those about safeguarding
    ─▶ how everybody with a job stands with these, by name
    ─▶ supply and volunteers of the academic year, with what they read of these
    ─▶ the journal's head
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from governance.adoption.register import Filters, RegisterRow, every_policy
from governance.adoption.states import State as Standing
from governance.journal.verify import checkpoint
from governance.people.models import Category, Engagement, Person
from governance.people.queries import REF, PersonRef
from governance.policies.models import PolicyVersion
from governance.policies.safeguarding import is_about_safeguarding, title_says_safeguarding
from governance.reading.calendar import last_year_start
from governance.reading.facts import Facts
from governance.reading.facts_query import facts_of
from governance.reading.listed import joined, workers
from governance.reading.models import Acknowledgement, Withdrawal
from governance.reading.owed import Owed, State, owed
from governance.reports.inspection.concerns import is_visiting
from governance.reports.inspection.values import Cell, Inspection, Policy, Read, Reader, Visitor
from governance.tenancy import Scope


def inspection(session: Session, scope: Scope, day: dt.date, now: dt.datetime, made_by: str) -> Inspection:
    """Everything of one school on a day that an inspector asks for first."""
    rows = _late_first(in_force(session, scope, day))
    about = safeguarding_of(rows)
    ids = [row.policy_id for row in about]
    facts = facts_of(session, scope, day, policy_ids=ids)
    year_from = last_year_start(day, facts.school)
    end = checkpoint(session, scope, now)
    return Inspection(
        school=scope.name,
        as_of=day,
        made_at=now,
        made_by=made_by,
        time_zone=scope.time_zone,
        year_from=year_from,
        safeguarding=tuple(row.title for row in about),
        readers=_readers(session, scope, facts, ids, day),
        visitors=_visitors(session, scope, {row.policy_id: row.title for row in about}, year_from, day),
        policies=tuple(map(_policy, rows)),
        journal_seq=end.seq,
        journal_head=end.hash,
        counted_anyway=tuple(row.title for row in about if not title_says_safeguarding(row.title)),
        left_out=tuple(row.title for row in left_out_of(rows)),
    )


def safeguarding_of(rows: Sequence[RegisterRow]) -> list[RegisterRow]:
    """Those of some policies that are about safeguarding, by title."""
    found = [row for row in rows if is_about_safeguarding(row.title, row.safeguarding)]
    return sorted(found, key=lambda row: (row.title.casefold(), row.reference))


def left_out_of(rows: Sequence[RegisterRow]) -> list[RegisterRow]:
    """Those whose titles say safeguarding and which the school does not count, by title."""
    said = [row for row in rows if title_says_safeguarding(row.title) and row.safeguarding is False]
    return sorted(said, key=lambda row: (row.title.casefold(), row.reference))


def in_force(session: Session, scope: Scope, day: dt.date) -> list[RegisterRow]:
    """The policies in force, by title; without what only those may know who see drafts."""
    rows = every_policy(session, scope, day, Filters(drafts=False))
    return [row for row in rows if row.version_id and row.state is not Standing.RETIRED]


def _late_first(rows: Sequence[RegisterRow]) -> list[RegisterRow]:
    """Late reviews first, the longest late at the top; then the others by title."""
    late = sorted((row for row in rows if _is_late(row)), key=lambda row: row.next_review_on or dt.date.max)
    return [*late, *(row for row in rows if not _is_late(row))]


def _is_late(row: RegisterRow) -> bool:
    return Standing.REVIEW_LATE in row.flags


def _policy(row: RegisterRow) -> Policy:
    return Policy(
        title=row.title,
        reference=row.reference,
        version=row.version_label or str(row.version_number),
        what=row.decision_kind.in_words if row.decision_kind else "",
        decided_by=row.decided_by,
        decided=row.decided,
        minute=row.minute,
        next_review=row.next_review,
        is_late=_is_late(row),
        awaits_ratification=row.state is Standing.AWAITING_RATIFICATION,
    )


def _readers(
    session: Session, scope: Scope, facts: Facts, policy_ids: Sequence[int], day: dt.date
) -> tuple[Reader, ...]:
    """Everybody with a job on the day and everybody of whom one of the policies is asked, by name."""
    found = {(row.person_id, row.policy_id): _cell(row) for row in owed(facts, day)}
    asked = {person_id for person_id, _ in found}
    people = workers(session, scope, day) if policy_ids else {}
    return tuple(
        Reader(
            name=one.person.name,
            number=one.person.number,
            categories=one.categories,
            cells=tuple(found.get((person_id, policy_id)) for policy_id in policy_ids),
        )
        for person_id, one in people.items()
        if one.jobs or person_id in asked
    )


def _cell(row: Owed) -> Cell:
    on = row.read_on if row.state is State.READ else row.due_on
    return Cell(row.state, on if row.state in (State.READ, State.READING_OVERDUE, State.NOT_YET_READ) else None)


def _visitors(
    session: Session, scope: Scope, titles: Mapping[int, str], year_from: dt.date, day: dt.date
) -> tuple[Visitor, ...]:
    """Jobs of supply staff and volunteers held between the year's first day and the day, by name, then first day; those of
    one person, agency and time together.
    """
    held = session.execute(
        select(*REF, Category.code, Category.name, Engagement.agency, Engagement.started_on, Engagement.ended_on)
        .join(Engagement, Engagement.person_id == Person.id)
        .join(Category, Category.id == Engagement.category_id)
        .where(Person.organisation_id == scope.organisation_id, Engagement.started_on <= day)
        .where(or_(Engagement.ended_on.is_(None), Engagement.ended_on >= year_from))
        .order_by(Person.sort_key, Person.id, Engagement.started_on, Engagement.id)
    )
    spells: defaultdict[tuple[PersonRef, str, dt.date, dt.date | None], list[str]] = defaultdict(list)
    for *ref, code, category, agency, started_on, ended_on in held:
        if is_visiting(code, category, agency):
            spells[PersonRef(*ref), agency or "", started_on, ended_on].append(category)
    read = _read_by(session, scope, titles, day) if spells else {}
    return tuple(
        Visitor(person.name, person.number, joined(names), agency, started_on, ended_on, tuple(read.get(person.id, ())))
        for (person, agency, started_on, ended_on), names in spells.items()
    )


def _read_by(session: Session, scope: Scope, titles: Mapping[int, str], day: dt.date) -> dict[int, list[Read]]:
    """What each person read of some policies, by title: their latest receipt that stands for each."""
    given = session.execute(
        select(
            Acknowledgement.person_id,
            PolicyVersion.policy_id,
            PolicyVersion.number,
            PolicyVersion.label,
            Acknowledgement.acknowledged_on,
        )
        .join(PolicyVersion, PolicyVersion.id == Acknowledgement.version_id)
        .outerjoin(Withdrawal, Withdrawal.acknowledgement_id == Acknowledgement.id)
        .where(Acknowledgement.organisation_id == scope.organisation_id, Withdrawal.id.is_(None))
        .where(Acknowledgement.acknowledged_on <= day, PolicyVersion.policy_id.in_(titles))
        .order_by(Acknowledgement.acknowledged_on, PolicyVersion.number, Acknowledgement.id)
    )
    latest = {
        (person_id, policy_id): Read(titles[policy_id], label or str(number), on)
        for person_id, policy_id, number, label, on in given
    }
    found: defaultdict[int, list[Read]] = defaultdict(list)
    for policy_id in titles:
        for (person_id, read_id), read in latest.items():
            if read_id == policy_id:
                found[person_id].append(read)
    return found
