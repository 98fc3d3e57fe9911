"""Receipts from another record or from paper: many at once, all or none, and none of them twice.

rows ─ checked ─▶ Preview: those new, those here already, errors by row ─ confirmed ─▶ recorded, one journal entry
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from governance.errors import Objection, Refusal
from governance.extract.dates import day_in_words
from governance.journal.actions import record
from governance.journal.chain import canonical
from governance.journal.events import Event
from governance.people.models import Engagement
from governance.people.queries import PersonRef, by_number, with_number
from governance.people.rules import objections_to_text
from governance.policies.models import Policy, PolicyVersion, VersionText
from governance.policies.rules import wording_of
from governance.reading.acknowledging import new_reference
from governance.reading.models import Acknowledgement, Withdrawal
from governance.render.words import plural
from governance.schools.names import tidy
from governance.tenancy import Actor, Scope, lock, new_public_id

RECEIPTS_IMPORTED = Event("receipts imported", ids=(), payload=("receipts", "rows_sha256"))

# The kind of held file that a list is until somebody confirms it.
HELD = "receipts"
METHODS = ("paper", "signed_in", "import")
LONGEST_WITNESS = 200
_ASSURANCE = {"paper": "paper_witnessed", "signed_in": "imported", "import": "imported"}
_CHUNK = 5_000
_MOST_REASONS = 20


@dataclass(frozen=True)
class Row:
    """A row of `acknowledgements.csv`; `line` is its number in the file, the heading being 1."""

    line: int
    staff_number: str
    reference: str
    version: int
    acknowledged_on: dt.date
    method: str
    witness: str


@dataclass(frozen=True)
class RowError:
    """A row that cannot be taken, and why."""

    line: int
    message: str


@dataclass(frozen=True)
class Version:
    """A version that a row names, with what its reader was shown."""

    id: int
    title: str
    documents_sha256: str
    text_sha256: str | None
    wording: str


@dataclass(frozen=True)
class Planned:
    """A receipt that confirming would record."""

    row: Row
    person: PersonRef
    version: Version


@dataclass(frozen=True)
class Preview:
    """What an import would do. `digest` is of the rows that would be recorded."""

    fresh: tuple[Planned, ...]
    known: int
    errors: tuple[RowError, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over the rows as they were read."""
        return _digest(planned.row for planned in self.fresh)

    @property
    def rows_refused(self) -> int:
        """How many rows have an error."""
        return len({error.line for error in self.errors})


@dataclass(frozen=True)
class _Known:
    people: dict[str, PersonRef]
    last_days: Mapping[int, dt.date]
    versions: Mapping[tuple[str, int], Version]
    given: frozenset[tuple[int, int, dt.date]]


def preview(session: Session, scope: Scope, rows: Iterable[Row], today: dt.date) -> Preview:
    """What importing rows would do: four statements, whatever their number."""
    known = _Known(
        by_number(session, scope), last_days(session, scope), _versions(session, scope), _given(session, scope)
    )
    fresh: list[Planned] = []
    errors: list[RowError] = []
    seen, here_already = set(known.given), 0
    for row in rows:
        wrong = list(_objections(row, known, today))
        if wrong:
            errors += [RowError(row.line, message) for message in wrong]
            continue
        planned = _planned(row, known)
        key = (planned.person.id, planned.version.id, row.acknowledged_on)
        if key in seen:
            here_already += 1
            continue
        seen.add(key)
        fresh.append(planned)
    return Preview(tuple(fresh), here_already, tuple(errors))


def import_receipts(
    session: Session, scope: Scope, actor: Actor, rows: Sequence[Row], today: dt.date, now: dt.datetime
) -> int:
    """Record receipts that were given elsewhere. A row that is here already adds nothing.

    Returns:
        How many were new.

    Raises:
        Refusal: naming the rows that cannot be taken; then none is.
    """
    lock(session, scope)
    planned = preview(session, scope, rows, today)
    if planned.errors:
        raise Refusal(_first([Objection(f"Row {error.line}: {error.message}") for error in planned.errors]))
    return _record(session, scope, actor, planned, now)


def import_previewed(
    session: Session,
    scope: Scope,
    actor: Actor,
    rows: Sequence[Row],
    seen: str,
    today: dt.date,
    now: dt.datetime,
) -> int:
    """Record the receipts of a preview that somebody confirmed, leaving out the rows that had errors in it.

    Returns:
        How many were recorded.

    Raises:
        Refusal: where the records changed since, so that something else than was seen would be recorded.
    """
    lock(session, scope)
    planned = preview(session, scope, rows, today)
    if planned.digest != seen:
        raise Refusal.one("The records changed since you looked. Look at the list below again, then confirm it.")
    return _record(session, scope, actor, planned, now)


def in_words(recorded: int) -> str:
    """What an import did, as whoever confirmed it reads it."""
    return f"{plural(recorded, 'receipt is', 'receipts are')} recorded."


def last_days(session: Session, scope: Scope) -> dict[int, dt.date]:
    """The last day in school of people whose jobs have all ended, or will; people without any job are not in it."""
    open_jobs = func.count().filter(Engagement.ended_on.is_(None))
    rows = session.execute(
        select(Engagement.person_id, func.max(Engagement.ended_on).label("last_on"))
        .where(Engagement.organisation_id == scope.organisation_id)
        .group_by(Engagement.person_id)
        .having(open_jobs == 0)
    )
    return {row.person_id: row.last_on for row in rows}


def _record(session: Session, scope: Scope, actor: Actor, planned: Preview, now: dt.datetime) -> int:
    values = [_values(scope, actor, one, now) for one in planned.fresh]
    for start in range(0, len(values), _CHUNK):
        session.execute(insert(Acknowledgement), values[start : start + _CHUNK])
    if values:
        content = {"receipts": len(values), "rows_sha256": planned.digest}
        record(session, scope, actor, RECEIPTS_IMPORTED, ids={}, payload=content, now=now)
    return len(values)


def _objections(row: Row, known: _Known, today: dt.date) -> Iterator[str]:
    person = with_number(known.people, row.staff_number)
    if person is None:
        yield f"nobody in this school has the staff number {row.staff_number!r}."
    else:
        last_on = known.last_days.get(person.id)
        if last_on is not None and row.acknowledged_on > last_on:
            yield f"{row.staff_number} left on {day_in_words(last_on)}, before that date."
    if (row.reference.lower(), row.version) not in known.versions:
        yield f"the register has no version {row.version} of {row.reference!r}."
    if row.acknowledged_on > today:
        yield f"{day_in_words(row.acknowledged_on)} is in the future."
    if row.method not in METHODS:
        yield f"the method is {row.method!r}; use one of {', '.join(METHODS)}."
    if row.method == "paper" and not row.witness.strip():
        yield "enter who saw the paper signed."
    yield from (one.message for one in objections_to_text(row.witness, "The witness", "witness", LONGEST_WITNESS))


def _planned(row: Row, known: _Known) -> Planned:
    person = with_number(known.people, row.staff_number)
    assert person is not None
    return Planned(row, person, known.versions[row.reference.lower(), row.version])


def _values(scope: Scope, actor: Actor, one: Planned, now: dt.datetime) -> dict[str, object]:
    return {
        "organisation_id": scope.organisation_id,
        "public_id": new_public_id(),
        "reference": new_reference(),
        "person_id": one.person.id,
        "version_id": one.version.id,
        "documents_sha256": one.version.documents_sha256,
        "text_sha256": one.version.text_sha256,
        "wording": one.version.wording,
        "given_at": None,
        "acknowledged_on": one.row.acknowledged_on,
        "recorded_at": now,
        "method": one.row.method,
        "assurance": _ASSURANCE[one.row.method],
        "witness": tidy(one.row.witness) or None,
        "recorded_by": actor.label,
    }


def _versions(session: Session, scope: Scope) -> dict[tuple[str, int], Version]:
    rows = session.execute(
        select(
            Policy.reference,
            PolicyVersion.number,
            PolicyVersion.id,
            Policy.title,
            PolicyVersion.documents_sha256,
            VersionText.sha256,
            Policy.wording,
        )
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .outerjoin(VersionText, VersionText.version_id == PolicyVersion.id)
        .where(PolicyVersion.organisation_id == scope.organisation_id)
    )
    return {
        (reference.lower(), number): Version(version_id, title, documents, text, wording_of(wording))
        for reference, number, version_id, title, documents, text, wording in rows
    }


def _given(session: Session, scope: Scope) -> frozenset[tuple[int, int, dt.date]]:
    rows = session.execute(
        select(Acknowledgement.person_id, Acknowledgement.version_id, Acknowledgement.acknowledged_on)
        .outerjoin(Withdrawal, Withdrawal.acknowledgement_id == Acknowledgement.id)
        .where(Acknowledgement.organisation_id == scope.organisation_id, Withdrawal.id.is_(None))
    )
    return frozenset((person_id, version_id, day) for person_id, version_id, day in rows)


def _digest(rows: Iterable[Row]) -> str:
    return hashlib.sha256(canonical([astuple(row)[1:] for row in rows]).encode("utf-8")).hexdigest()


def _first(objections: list[Objection]) -> list[Objection]:
    """Enough reasons to see what is wrong with a file, and the number of the rest."""
    rest = len(objections) - _MOST_REASONS
    return objections[:_MOST_REASONS] + ([Objection(f"and {rest} more rows like these.")] if rest > 0 else [])
