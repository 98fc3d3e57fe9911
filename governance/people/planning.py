"""What an import would change: new people, new jobs, changed details. Pure, so that the preview and the import agree.

    checked rows + what is recorded + answers → people with their jobs, each new, changed or as it was

House rule: an empty cell leaves what is recorded as it is, and somebody absent from the file leaves nothing behind.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from governance.people.grouping import Group, KnownPerson
from governance.people.import_rows import Row, RowError, Rows
from governance.people.matching import Known, Question, known_people, match
from governance.people.planned_jobs import Change, JobPlanner, KnownJob, PlannedJob
from governance.people.references import as_printed
from governance.people.rules import Details
from governance.schools.names import fold


@dataclass(frozen=True)
class Facts:
    """What a school has recorded. `categories` are names with their ids, in the school's order."""

    people: tuple[KnownPerson, ...]
    jobs: tuple[KnownJob, ...]
    categories: Mapping[str, int]


@dataclass(frozen=True)
class PlannedPerson:
    """Somebody in the file as they will be. `key` is the public id of somebody recorded, else their first row."""

    key: str
    rows: tuple[int, ...]
    known: KnownPerson | None
    details: Details
    changes: tuple[Change, ...]
    jobs: tuple[PlannedJob, ...]

    @property
    def becomes(self) -> str:
        """new, changed or unchanged."""
        if self.known is None:
            return "new"
        return "changed" if self.changes or any(job.known is None or job.changes for job in self.jobs) else "unchanged"


@dataclass
class Plan:
    """Everything the preview shows."""

    people: list[PlannedPerson] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass
class _Person:
    """The groups that turned out to be one person."""

    key: str
    groups: list[Group]
    known: KnownPerson | None


def plan(read: Rows, facts: Facts, answers: Mapping[str, str], today: dt.date) -> Plan:
    """What importing these rows would do."""
    known = known_people(facts.people)
    found = Plan(errors=list(read.errors), notes=list(read.notes))
    rows = [row for row in read.rows if not _unknown_manager(row, read, known, found)]
    matches = match(rows, known, answers)
    found.questions, found.notes = matches.questions, found.notes + matches.notes
    found.errors += matches.errors
    people = _people(matches.groups)
    keys = _keys_by_number(people, known)
    jobs = JobPlanner(facts.people, facts.jobs, facts.categories, keys, today)
    for person in people:
        planned = [job for row in _rows(person) for job in jobs.of_row(person.key, person.known, row)]
        if planned:
            found.people.append(_planned(person, planned))
    found.errors += jobs.errors
    found.notes += jobs.notes
    _without_lost_managers(found, {person.public_id for person in facts.people})
    found.errors.sort(key=lambda error: error.row)
    return found


def _unknown_manager(row: Row, read: Rows, known: Known, found: Plan) -> bool:
    """Whether the row names a line manager who is neither in the school nor in the file; it is refused then."""
    number = row.line_manager
    if not number or fold(number) in known.by_number or fold(number) in read.numbers:
        return False
    if as_printed(number) in known.by_reference:
        return False
    message = f"The line manager's staff number {number} is not in this school, nor in this file. Correct or empty it."
    found.errors.append(RowError(row.number, message, "line_manager"))
    return True


def _people(groups: list[Group]) -> list[_Person]:
    people: dict[str, _Person] = {}
    for group in groups:
        root = group.same_as or group
        known = root.known or group.known
        key = known.public_id if known else root.key
        people.setdefault(key, _Person(key, [], known)).groups.append(group)
    return list(people.values())


def _rows(person: _Person) -> Iterator[Row]:
    for group in person.groups:
        yield from group.rows


def _keys_by_number(people: list[_Person], known: Known) -> dict[str, str]:
    """Whose key a staff number or printed reference stands for, in the school and in the file."""
    keys = {reference: person.public_id for reference, person in known.by_reference.items()}
    keys |= {number: person.public_id for number, person in known.by_number.items()}
    for person in people:
        keys |= {fold(group.details.staff_number): person.key for group in person.groups if group.details.staff_number}
    return keys


def _planned(person: _Person, jobs: list[PlannedJob]) -> PlannedPerson:
    rows = tuple(row.number for row in _rows(person))
    if person.known is None:
        details = person.groups[0].details
        for group in person.groups[1:]:
            given = group.details
            email, number = details.email or given.email, details.staff_number or given.staff_number
            details = replace(details, email=email, staff_number=number)
        return PlannedPerson(person.key, rows, None, details, (), tuple(jobs))
    recorded = details = person.known.details
    for group in person.groups:
        given = group.details
        details = Details(
            given.given_name,
            given.family_name,
            given.email or details.email,
            given.staff_number or details.staff_number,
        )
    return PlannedPerson(person.key, rows, person.known, details, tuple(_differences(recorded, details)), tuple(jobs))


def _differences(before: Details, after: Details) -> Iterator[Change]:
    for what, was, becomes in (
        ("Name", before.name, after.name),
        ("E-mail", before.email, after.email),
        ("Staff number", before.staff_number, after.staff_number),
    ):
        if was != becomes:
            yield Change(what, was or "", becomes or "")


def _without_lost_managers(found: Plan, recorded: set[str]) -> None:
    """Leave a line manager empty whose own row is refused, and say so."""
    there = recorded | {person.key for person in found.people}
    for place, person in enumerate(found.people):
        jobs = []
        for job in person.jobs:
            if job.line_manager is not None and job.line_manager not in there:
                found.notes.append(
                    f"Row {job.row}: the line manager's own row has an error, so none is recorded here yet."
                )
                job = replace(job, line_manager=None)
            jobs.append(job)
        found.people[place] = replace(person, jobs=tuple(jobs))
