"""Importing people from a list: looked at first, confirmed, then written in one transaction or not at all.

file → table → checked rows → plan (preview) → people and jobs, one journal entry over a digest of them
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table as SqlTable
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from governance.clock import local_day
from governance.errors import Objection, refuse_if
from governance.journal.actions import record
from governance.journal.chain import canonical
from governance.journal.events import Event
from governance.people import rules
from governance.people.import_rows import read_rows
from governance.people.matching import Question
from governance.people.models import Engagement, Person
from governance.people.planned_jobs import PlannedJob
from governance.people.planning import Facts, Plan, PlannedPerson, plan
from governance.people.recorded import facts_of
from governance.people.references import new_reference
from governance.people.rules import Details
from governance.people.tables import Table
from governance.schools.names import fold
from governance.tenancy import Actor, Scope, lock, new_public_id

# The kind of held file that a list is until somebody confirms it.
HELD = "people"
PEOPLE_IMPORTED = Event(
    "people imported",
    ids=("import",),
    payload=("rows_sha256", "new_people", "changed_people", "new_jobs", "changed_jobs", "left_out"),
)


@dataclass(frozen=True)
class Preview:
    """What an import would do. `digest` is of what would be written: the same file and records give the same one."""

    plan: Plan
    digest: str

    def people(self, becomes: str) -> list[PlannedPerson]:
        """Those who are new, changed or unchanged."""
        return [person for person in self.plan.people if person.becomes == becomes]

    @property
    def rows_refused(self) -> int:
        """How many rows have an error."""
        return len({error.row for error in self.plan.errors})

    @property
    def changes_something(self) -> bool:
        """Whether confirming would write anything."""
        return any(person.becomes != "unchanged" for person in self.plan.people)


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    new_people: int
    changed_people: int
    new_jobs: int
    changed_jobs: int
    left_out: int

    @property
    def in_words(self) -> str:
        """What was done, as whoever imported it reads it."""
        left_out = f" Rows left out: {self.left_out}." if self.left_out else ""
        return (
            f"The list is imported. New people: {self.new_people}, changed: {self.changed_people}. "
            f"New jobs: {self.new_jobs}, changed: {self.changed_jobs}.{left_out} Nobody has been asked or mailed."
        )


def preview(
    session: Session, scope: Scope, table: Table, *, answers: Mapping[str, str] | None = None, today: dt.date
) -> Preview:
    """What importing a table would do, given the answers so far (question's key to candidate's key or "new").

    Raises:
        Refusal: for a header that lacks a column or has one twice.
    """
    return _compared(table, facts_of(session, scope), answers or {}, today)


def _compared(table: Table, facts: Facts, answers: Mapping[str, str], today: dt.date) -> Preview:
    read = read_rows(table, {fold(name): name for name in facts.categories}, today)
    planned = plan(read, facts, answers, today)
    return Preview(planned, _digest(planned.people))


def settled(questions: list[Question]) -> dict[str, str]:
    """Answers that a program may assume that cannot ask anybody."""
    return {question.key: question.settled for question in questions if question.settled}


def import_people(
    session: Session,
    scope: Scope,
    actor: Actor,
    table: Table,
    *,
    answers: Mapping[str, str] | None = None,
    leave_out_errors: bool = False,
    seen: str | None = None,
    now: dt.datetime,
) -> Imported:
    """Import a table. Rows with errors stop it unless they are to be left out; repeating it changes nothing.

    `seen` is the digest of the preview that somebody confirmed; where the records changed since, nothing is imported.

    Raises:
        Refusal: for row errors, open questions, or records that changed since the preview.
    """
    lock(session, scope)
    facts = facts_of(session, scope)
    shown = _compared(table, facts, answers or {}, local_day(now, scope.time_zone))
    refuse_if(_objections(shown, leave_out_errors, seen))
    ids = {person.public_id: person.id for person in facts.people}
    new = shown.people("new")
    ids |= _add_people(session, scope, new, now)
    changed = [person for person in shown.people("changed") if person.changes]
    _change_people(session, changed)
    jobs = [(person, job) for person in shown.plan.people for job in person.jobs]
    new_jobs = [_new_job(scope, ids, person, job) for person, job in jobs if job.known is None]
    if new_jobs:
        session.execute(insert(_table(Engagement)), new_jobs)
    changed_jobs = [_changed_job(ids, job) for _, job in jobs if job.known and job.changes]
    _change_jobs(session, changed_jobs)
    done = Imported(len(new), len(shown.people("changed")), len(new_jobs), len(changed_jobs), shown.rows_refused)
    if shown.changes_something:
        payload = {**done.__dict__, "rows_sha256": shown.digest}
        record(session, scope, actor, PEOPLE_IMPORTED, ids={"import": new_public_id()}, payload=payload, now=now)
    session.expire_all()
    return done


def _objections(shown: Preview, leave_out_errors: bool, seen: str | None) -> list[Objection]:
    objections = []
    if shown.plan.errors and not leave_out_errors:
        objections += [Objection(f"Row {error.row}: {error.message}", "file") for error in shown.plan.errors]
    for question in shown.plan.questions:
        others = ", ".join(candidate.name for candidate in question.candidates)
        objections.append(
            Objection(
                f"Row {question.row}: say whether {question.details.name} is the same person as {others}.", question.key
            )
        )
    if seen is not None and seen != shown.digest and not objections:
        objections.append(
            Objection("The records changed since you looked. Look at the list below again, then confirm it.")
        )
    return objections


def _digest(people: list[PlannedPerson]) -> str:
    """SHA-256 over the people and jobs of the file as they will be recorded."""
    rows = []
    for person in people:
        who = [person.key, person.details.__dict__]
        rows.append(
            who
            + [
                [job.category, job.started_on, job.ended_on, job.job_title, job.agency, job.line_manager]
                for job in person.jobs
            ]
        )
    return hashlib.sha256(canonical(rows).encode("utf-8")).hexdigest()


def _add_people(session: Session, scope: Scope, people: list[PlannedPerson], now: dt.datetime) -> dict[str, int]:
    """Insert new people; their ids by their keys in the plan."""
    if not people:
        return {}
    here = Person.organisation_id == scope.organisation_id
    taken = set(session.scalars(select(Person.printed_reference).where(here)))
    values, keys = [], {}
    for person in people:
        reference, public_id = new_reference(taken), new_public_id()
        taken.add(reference)
        keys[public_id] = person.key
        fixed = {"organisation_id": scope.organisation_id, "printed_reference": reference, "recorded_at": now}
        values.append({**fixed, "public_id": public_id, **_columns(person.details)})
    table = _table(Person)
    added = session.execute(insert(table).returning(table.c.public_id, table.c.id), values)
    return {keys[row.public_id]: row.id for row in added}


def _change_people(session: Session, people: list[PlannedPerson]) -> None:
    if not people:
        return
    table = _table(Person)
    values = [{"this": person.known.id, **_columns(person.details)} for person in people if person.known]
    session.execute(update(table).where(table.c.id == bindparam("this")), values)


def _columns(details: Details) -> dict[str, Any]:
    return {**details.__dict__, "sort_key": rules.sort_key(details.given_name, details.family_name)}


def _new_job(scope: Scope, ids: Mapping[str, int], person: PlannedPerson, job: PlannedJob) -> dict[str, Any]:
    return {
        "organisation_id": scope.organisation_id,
        "person_id": ids[person.key],
        "category_id": job.category_id,
        "started_on": job.started_on,
        **_held(ids, job),
    }


def _changed_job(ids: Mapping[str, int], job: PlannedJob) -> dict[str, Any]:
    return {"this": job.known.id if job.known else None, **_held(ids, job)}


def _held(ids: Mapping[str, int], job: PlannedJob) -> dict[str, Any]:
    manager = ids[job.line_manager] if job.line_manager else None
    return {
        "ended_on": job.ended_on,
        "job_title": job.job_title,
        "title_key": fold(job.job_title),
        "agency": job.agency,
        "line_manager_id": manager,
    }


def _change_jobs(session: Session, values: list[dict[str, Any]]) -> None:
    if values:
        table = _table(Engagement)
        session.execute(update(table).where(table.c.id == bindparam("this")), values)


def _table(model: type[Any]) -> SqlTable:
    table = model.__table__
    assert isinstance(table, SqlTable)
    return table
