"""The jobs of an import: each row's categories as the job that is recorded, changed or not, or as a new one. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from governance.extract.dates import day_in_words
from governance.people.grouping import KnownPerson
from governance.people.import_rows import Row, RowError
from governance.people.references import as_printed
from governance.schools.names import fold

# Stands for a line manager whose own row cannot be imported.
LOST = ""


@dataclass(frozen=True)
class KnownJob:
    """A job that is recorded."""

    id: int
    person_id: int
    category_id: int
    job_title: str
    started_on: dt.date
    ended_on: dt.date | None
    line_manager_id: int | None
    agency: str | None


@dataclass(frozen=True)
class Change:
    """One value that changes, as a person reads it."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class PlannedJob:
    """A job of a row as it will be. `line_manager` is a person's key, None where there is none."""

    row: int
    category: str
    category_id: int
    started_on: dt.date
    ended_on: dt.date | None
    job_title: str
    agency: str | None
    line_manager: str | None
    known: KnownJob | None
    changes: tuple[Change, ...] = ()


class JobPlanner:
    """Plans the jobs of one row after another, so that two rows about one job are noticed."""

    def __init__(
        self,
        people: Iterable[KnownPerson],
        jobs: Iterable[KnownJob],
        categories: Mapping[str, int],
        keys: Mapping[str, str],
        today: dt.date,
    ) -> None:
        self.errors: list[RowError] = []
        self.notes: list[str] = []
        self._categories = categories
        self._keys = keys
        self._today = today
        self._names = {person.public_id: person.details.name for person in people}
        self._public_ids = {person.id: person.public_id for person in people}
        self._known: dict[tuple[int, int], list[KnownJob]] = {}
        for job in sorted(jobs, key=lambda job: job.started_on):
            self._known.setdefault((job.person_id, job.category_id), []).append(job)
        self._taken: dict[tuple[str, int, dt.date], PlannedJob] = {}

    def of_row(self, key: str, known: KnownPerson | None, row: Row) -> list[PlannedJob]:
        """The jobs that a row gives the person `key`; none when it repeats another row, or cannot be."""
        planned = [self._job(known, row, category) for category in row.categories]
        error = self._error(key, row, planned)
        if error is not None:
            self.errors.append(error)
            return []
        new = []
        for job in planned:
            earlier = self._taken.setdefault((key, job.category_id, job.started_on), job)
            if earlier is job:
                new.append(job)
            else:
                self.notes.append(f"Row {job.row} says the same as row {earlier.row} and is left out.")
        return new

    def _error(self, key: str, row: Row, planned: list[PlannedJob]) -> RowError | None:
        for job in planned:
            if job.ended_on is not None and job.ended_on < job.started_on:
                return RowError(row.number, _ends_too_early(job, row), "ended_on")
            if job.line_manager == key:
                return RowError(
                    row.number, "Nobody is their own line manager. Give somebody else, or nobody.", "line_manager"
                )
            earlier = self._taken.get((key, job.category_id, job.started_on))
            if earlier is not None and _says(earlier) != _says(job):
                message = f"Row {earlier.row} is about the same job ({job.category}) and says something else. Keep one."
                return RowError(row.number, message, "category")
        return None

    def _job(self, person: KnownPerson | None, row: Row, category: str) -> PlannedJob:
        category_id = self._categories[category]
        manager = self._manager(row)
        known = self._recorded(person, category_id, row.started_on)
        if known is None:
            starts = row.started_on or self._today
            agency = row.agency or None
            return PlannedJob(
                row.number, category, category_id, starts, row.ended_on, row.job_title, agency, manager, None
            )
        job = PlannedJob(
            row.number,
            category,
            category_id,
            known.started_on,
            row.ended_on or known.ended_on,
            row.job_title or known.job_title,
            row.agency or known.agency,
            manager or self._public_ids.get(known.line_manager_id or 0),
            known,
        )
        return replace(job, changes=tuple(self._changes(known, job)))

    def _recorded(self, person: KnownPerson | None, category_id: int, started_on: dt.date | None) -> KnownJob | None:
        """The recorded job that a row is about; without a first day, the latest one in the category."""
        if person is None:
            return None
        jobs = self._known.get((person.id, category_id), [])
        if started_on is None:
            return jobs[-1] if jobs else None
        return next((job for job in jobs if job.started_on == started_on), None)

    def _manager(self, row: Row) -> str | None:
        if not row.line_manager:
            return None
        return self._keys.get(fold(row.line_manager)) or self._keys.get(as_printed(row.line_manager)) or LOST

    def _changes(self, known: KnownJob, job: PlannedJob) -> Iterator[Change]:
        for what, was, becomes in (
            ("job title", known.job_title, job.job_title),
            ("last day", _day(known.ended_on), _day(job.ended_on)),
            ("agency", known.agency or "", job.agency or ""),
        ):
            if was != becomes:
                yield Change(f"{job.category}: {what}", was, becomes)
        manager = self._public_ids.get(known.line_manager_id or 0)
        if job.line_manager not in (manager, LOST, None):
            was, becomes = (
                self._names.get(manager or "", ""),
                self._names.get(job.line_manager, "somebody new in this file"),
            )
            yield Change(f"{job.category}: line manager", was, becomes)


def _says(job: PlannedJob) -> tuple[dt.date | None, str, str | None, str | None]:
    return job.ended_on, job.job_title, job.agency, job.line_manager


def _ends_too_early(job: PlannedJob, row: Row) -> str:
    first = (
        "today, since started_on is empty"
        if row.started_on is None and job.known is None
        else day_in_words(job.started_on)
    )
    last = day_in_words(job.ended_on) if job.ended_on else ""
    return f"The last day, {last}, is before the first, {first}. Correct started_on or ended_on."


def _day(day: dt.date | None) -> str:
    return day_in_words(day) if day else ""
