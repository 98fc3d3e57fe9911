"""What a morning is planned from: who can be written to, who is whose manager, and what the ledger holds.

A handful of statements however many people there are.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from governance.accounts.models import Account, AccountPerson, Grant
from governance.accounts.permissions import Role
from governance.chasing.models import Reminder, ReminderLine
from governance.chasing.plan import Staff, Told
from governance.chasing.rules import ASKING, Whom
from governance.db import rows_of
from governance.errors import Refusal
from governance.mail.headers import address
from governance.people.models import Absence, BodyMember, Category, Engagement, Person
from governance.people.rules import full_name
from governance.reading.calendar import SchoolYear
from governance.reading.facts import Absence as Away
from governance.reading.facts_query import facts_of
from governance.reading.owed import is_long
from governance.schools.models import GoverningBody
from governance.tenancy import Scope


@dataclass(frozen=True)
class Reader:
    """Somebody to write to."""

    person_id: int
    public_id: str
    name: str
    address: str


def school_year(session: Session, scope: Scope, day: dt.date) -> SchoolYear:
    """The school's terms and closed days."""
    return facts_of(session, scope, day, person_ids=(), policy_ids=()).school


def readers(session: Session, scope: Scope, day: dt.date) -> dict[int, Reader]:
    """Everybody with a usable address who has not left or been shut out, by id."""
    job = Engagement
    ever = exists().where(job.person_id == Person.id)
    now = ever.where(job.started_on <= day, or_(job.ended_on.is_(None), job.ended_on >= day))
    rows = rows_of(
        session,
        select(Person.id, Person.public_id, Person.given_name, Person.family_name, Person.email)
        .where(Person.organisation_id == scope.organisation_id, Person.email.is_not(None))
        .where(Person.deactivated_at.is_(None), or_(now, ~ever))
        .order_by(Person.id),
    )
    return {one.id: Reader(one.id, one.public_id, full_name(*one[2:4]), one.email) for one in rows if usable(one.email)}


def usable(email: str | None) -> bool:
    """Whether mail can be sent to what somebody's address is recorded as."""
    try:
        return bool(email) and bool(address(email or ""))
    except Refusal:
        return False


def staff(session: Session, scope: Scope, day: dt.date, school: SchoolYear, reachable: Collection[int]) -> Staff:
    """Who is told about whom. Somebody away for long is told of nobody."""
    away = _away(session, scope, day, school)
    return Staff(
        frozenset(reachable) - away,
        managers_of(session, scope, day),
        headteachers(session, scope, day),
        chairs(session, scope, day),
    )


def managers_of(session: Session, scope: Scope, day: dt.date) -> dict[int, list[tuple[int | None, int]]]:
    """For everybody, the category and the manager of each job they hold on a day that has one."""
    rows = rows_of(
        session,
        select(Engagement.person_id, Engagement.category_id, Engagement.line_manager_id)
        .where(Engagement.organisation_id == scope.organisation_id, Engagement.line_manager_id.is_not(None))
        .where(Engagement.started_on <= day, or_(Engagement.ended_on.is_(None), Engagement.ended_on >= day))
        .order_by(Engagement.person_id, Engagement.id),
    )
    found: defaultdict[int, list[tuple[int | None, int]]] = defaultdict(list)
    for person, category, manager in rows:
        found[person].append((category, manager))
    return dict(found)


def headteachers(session: Session, scope: Scope, day: dt.date) -> tuple[int, ...]:
    """Whoever holds a job as headteacher on a day; where nobody does, the people whose account has that role."""
    holding = (
        select(Engagement.person_id)
        .join(Category, Category.id == Engagement.category_id)
        .where(Engagement.organisation_id == scope.organisation_id, Category.code == "headteacher")
        .where(Engagement.started_on <= day, or_(Engagement.ended_on.is_(None), Engagement.ended_on >= day))
    )
    of_role = (
        select(AccountPerson.person_id)
        .join(Account, Account.id == AccountPerson.account_id)
        .join(Grant, and_(Grant.account_id == Account.id, Grant.organisation_id == AccountPerson.organisation_id))
        .where(AccountPerson.organisation_id == scope.organisation_id, Account.active)
        .where(Grant.role == Role.HEADTEACHER.value)
    )
    return tuple(sorted(set(session.scalars(holding)) or set(session.scalars(of_role))))


def chairs(session: Session, scope: Scope, day: dt.date) -> tuple[int, ...]:
    """The chair of the board, not of its committees."""
    rows = session.scalars(
        select(BodyMember.person_id)
        .join(GoverningBody, GoverningBody.id == BodyMember.body_id)
        .where(BodyMember.organisation_id == scope.organisation_id, BodyMember.office == "chair")
        .where(GoverningBody.kind == "board", GoverningBody.ended_on.is_(None))
        .where(BodyMember.from_on <= day, or_(BodyMember.until_on.is_(None), BodyMember.until_on >= day))
        .order_by(BodyMember.person_id)
    )
    return tuple(dict.fromkeys(rows))


def told(session: Session, scope: Scope, in_force_ids: Collection[int]) -> Told:
    """What the ledger holds of the in-force rows that are asked today."""
    line = ReminderLine
    rows = rows_of(
        session,
        select(line.whom, line.person_id, line.in_force_id, line.due_on, line.rung, func.max(Reminder.reminded_on))
        .join(Reminder, Reminder.id == line.reminder_id)
        .where(line.organisation_id == scope.organisation_id, line.in_force_id.in_(sorted(in_force_ids)))
        .group_by(line.whom, line.person_id, line.in_force_id, line.due_on, line.rung)
        .order_by(line.whom, line.person_id, line.in_force_id, line.due_on, line.rung),
    )
    last_on: dict[Any, dt.date] = {}
    highest: dict[Any, int] = {}
    asked = set()
    for who, person, in_force, due_on, rung, on in rows:
        about = Whom(who), person, in_force
        last_on[about] = max(_day(on), last_on.get(about, dt.date.min))
        if rung == ASKING:
            asked.add((person, in_force, due_on))
        elif rung is not None:
            highest[*about, due_on] = max(int(rung), highest.get((*about, due_on), int(rung)))
    return Told(last_on, highest, asked)


def _away(session: Session, scope: Scope, day: dt.date, school: SchoolYear) -> set[int]:
    """People away on a day, for as long as takes them out of what is required."""
    rows = session.execute(
        select(Absence.person_id, Absence.from_on, Absence.until_on)
        .where(Absence.organisation_id == scope.organisation_id, Absence.from_on <= day)
        .where(or_(Absence.until_on.is_(None), Absence.until_on >= day))
        .order_by(Absence.person_id, Absence.id)
    )
    return {person for person, from_on, until_on in rows if is_long(Away(person, from_on, until_on), school)}


def _day(value: Any) -> dt.date:
    """SQLite gives an aggregate of days back as text."""
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
