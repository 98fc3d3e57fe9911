"""Receipts from another record or from paper: many at once, all or none, and none of them twice.

rows ─ checked ─▶ Preview: those new, those here already, errors by row ─ confirmed ─▶ recorded, one journal entry
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass

from sqlalchemy import insert
from sqlalchemy.orm import Session

from governance.errors import Objection, Refusal
from governance.extract.dates import day_in_words
from governance.journal.actions import record
from governance.journal.chain import canonical
from governance.journal.events import Event
from governance.people.queries import PersonRef, with_number
from governance.people.rules import objections_to_text
from governance.reading.acknowledging import new_reference
from governance.reading.facts import covers_parts
from governance.reading.models import Acknowledgement, PolicyPart
from governance.reading.parts import bits_of, for_parts, names_in
from governance.reading.recorded import Recorded, Version, recorded_in
from governance.render.words import listed, plural
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
    # Names of parts of the document; none for the whole.
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class RowError:
    """A row that cannot be taken, and why."""

    line: int
    message: str


@dataclass(frozen=True)
class Planned:
    """A receipt that confirming would record; `parts` as bits, 0 for the whole."""

    row: Row
    person: PersonRef
    version: Version
    parts: int

    @property
    def named(self) -> tuple[str, ...]:
        """What the parts are called in the register."""
        return names_in(self.version.parts, self.parts)


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


def preview(session: Session, scope: Scope, rows: Iterable[Row], today: dt.date) -> Preview:
    """What importing rows would do. A row adds nothing where a receipt of its day is for all that it is for."""
    known = recorded_in(session, scope)
    fresh: list[Planned] = []
    errors: list[RowError] = []
    given, here_already = {occasion: list(parts) for occasion, parts in known.given.items()}, 0
    for row in rows:
        wrong = list(_objections(row, known, today))
        if wrong:
            errors += [RowError(row.line, message) for message in wrong]
            continue
        planned = _planned(row, known)
        that_day = given.setdefault((planned.person.id, planned.version.id, row.acknowledged_on), [])
        if any(covers_parts(parts, planned.parts) for parts in that_day):
            here_already += 1
            continue
        that_day.append(planned.parts)
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


def _record(session: Session, scope: Scope, actor: Actor, planned: Preview, now: dt.datetime) -> int:
    values = [_values(scope, actor, one, now) for one in planned.fresh]
    for start in range(0, len(values), _CHUNK):
        session.execute(insert(Acknowledgement), values[start : start + _CHUNK])
    if values:
        content = {"receipts": len(values), "rows_sha256": planned.digest}
        record(session, scope, actor, RECEIPTS_IMPORTED, ids={}, payload=content, now=now)
    return len(values)


def _objections(row: Row, known: Recorded, today: dt.date) -> Iterator[str]:
    person = with_number(known.people, row.staff_number)
    if person is None:
        yield f"nobody in this school has the staff number {row.staff_number!r}."
    else:
        last_on = known.last_days.get(person.id)
        if last_on is not None and row.acknowledged_on > last_on:
            yield f"{row.staff_number} left on {day_in_words(last_on)}, before that date."
    version = known.versions.get((row.reference.lower(), row.version))
    if version is None:
        yield f"the register has no version {row.version} of {row.reference!r}."
    else:
        yield from _objections_to_parts(row, version.parts)
    if row.acknowledged_on > today:
        yield f"{day_in_words(row.acknowledged_on)} is in the future."
    if row.method not in METHODS:
        yield f"the method is {row.method!r}; use one of {', '.join(METHODS)}."
    if row.method == "paper" and not row.witness.strip():
        yield "enter who saw the paper signed."
    yield from (one.message for one in objections_to_text(row.witness, "The witness", "witness", LONGEST_WITNESS))


def _objections_to_parts(row: Row, parts: Sequence[PolicyPart]) -> Iterator[str]:
    _, unknown = bits_of(parts, row.parts)
    if unknown and not parts:
        yield f"{row.reference} is not divided into parts, so leave parts empty, or name its parts in the register first."
    elif unknown:
        names = "; ".join(one.name for one in parts)
        yield f"{row.reference} has no part {listed([f'“{name}”' for name in unknown])}. Its parts are: {names}."


def _planned(row: Row, known: Recorded) -> Planned:
    person = with_number(known.people, row.staff_number)
    assert person is not None
    version = known.versions[row.reference.lower(), row.version]
    return Planned(row, person, version, bits_of(version.parts, row.parts)[0])


def _values(scope: Scope, actor: Actor, one: Planned, now: dt.datetime) -> dict[str, object]:
    return {
        "organisation_id": scope.organisation_id,
        "public_id": new_public_id(),
        "reference": new_reference(),
        "person_id": one.person.id,
        "version_id": one.version.id,
        "documents_sha256": one.version.documents_sha256,
        "text_sha256": one.version.text_sha256,
        "wording": for_parts(one.version.wording, one.named),
        "parts": one.parts,
        "given_at": None,
        "acknowledged_on": one.row.acknowledged_on,
        "recorded_at": now,
        "method": one.row.method,
        "assurance": _ASSURANCE[one.row.method],
        "witness": tidy(one.row.witness) or None,
        "recorded_by": actor.label,
    }


def _digest(rows: Iterable[Row]) -> str:
    return hashlib.sha256(canonical([astuple(row)[1:] for row in rows]).encode("utf-8")).hexdigest()


def _first(objections: list[Objection]) -> list[Objection]:
    """Enough reasons to see what is wrong with a file, and the number of the rest."""
    rest = len(objections) - _MOST_REASONS
    return objections[:_MOST_REASONS] + ([Objection(f"and {rest} more rows like these.")] if rest > 0 else [])
