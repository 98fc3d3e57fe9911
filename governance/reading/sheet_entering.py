"""Entering a signed sheet: who signed, who was given it and did not, and the scan; all of it or nothing.

ticks, day, witness, scans ─▶ objections, row by row ─▶ receipts and "given, not signed", each linked to its row

A sheet may be entered in several sittings. A row that has been entered stays so until its receipts are withdrawn.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from governance.errors import Objection, refuse_if
from governance.extract.dates import day_in_words
from governance.extract.scans import Scan
from governance.journal.actions import record
from governance.journal.events import Event
from governance.people.rules import objections_to_text
from governance.reading.bulk_receipts import WITH_NULLS, Given, Seen, Wanted, given_for, write_receipts
from governance.reading.facts import covers_parts
from governance.reading.importing import LONGEST_WITNESS
from governance.reading.models import Declined
from governance.reading.paper_models import Sheet, SheetDeclined, SheetEntry, SheetReceipt, SheetScan
from governance.reading.recorded import last_days
from governance.reading.sheet_queries import Entered, ForVersion, Line, Part, entered_from, parts_of
from governance.schools.names import tidy
from governance.storage.actions import Bytes, keep
from governance.tenancy import Actor, Scope, lock, new_public_id

SHEET_ENTERED = Event(
    "sheet entered",
    ids=("sheet", "entry", "declined"),
    payload=("number", "signed_on", "witness", "explained_by", "receipts", "rows_sha256", "not_signed", "scans"),
)


@dataclass(frozen=True)
class Sitting:
    """What somebody typed and ticked: people by their public identifiers. `aloud` are those it was read to."""

    signed_on: dt.date
    witness: str
    signed: frozenset[str] = frozenset()
    declined: frozenset[str] = frozenset()
    aloud: frozenset[str] = frozenset()
    explained_by: str = ""
    scans: tuple[Scan, ...] = ()


@dataclass(frozen=True)
class _Known:
    """What a sitting is held against."""

    entered: Mapping[int, Entered]
    last_days: Mapping[int, dt.date]
    given: Mapping[tuple[int, int], list[Given]]


def enter_sheet(
    session: Session, scope: Scope, actor: Actor, sheet: Sheet, sitting: Sitting, today: dt.date, now: dt.datetime
) -> SheetEntry:
    """Record what was signed on a sheet. An objection to a row names the field `person-<public id>`.

    Raises:
        Refusal: for a future day or one before the sheet was printed, without a witness or a tick, and for each row that
            was entered before, of a leaver, or of somebody with a receipt of that day; then nothing is recorded.
    """
    lock(session, scope)
    parts = parts_of(session, sheet)
    versions = sorted({one.version_id for part in parts for one in part.versions})
    known = _Known(entered_from(session, sheet), last_days(session, scope), given_for(session, scope, versions))
    refuse_if([*_objections(sheet, parts, sitting, today), *_objections_to_rows(parts, known, sitting)])
    entry = SheetEntry(
        organisation_id=scope.organisation_id,
        sheet_id=sheet.id,
        signed_on=sitting.signed_on,
        witness=tidy(sitting.witness),
        recorded_at=now,
        recorded_by=actor.label,
    )
    session.add(entry)
    session.flush()
    _attach(session, scope, entry, sitting.scans, now)
    references, digest = _receipts(session, scope, actor, entry, parts, known, sitting, now)
    declined = _declined(session, scope, actor, entry, parts, known, sitting, now)
    content = {
        "number": sheet.number,
        "signed_on": entry.signed_on,
        "witness": entry.witness,
        "explained_by": tidy(sitting.explained_by) or None,
        "receipts": references,
        "rows_sha256": digest,
        "not_signed": len(declined),
        "scans": [Bytes(scan.data, scan.media_type).sha256 for scan in sitting.scans],
    }
    ids = {"sheet": sheet.public_id, "entry": entry.public_id, "declined": declined}
    record(session, scope, actor, SHEET_ENTERED, ids=ids, payload=content, now=now)
    return entry


def _objections(sheet: Sheet, parts: Sequence[Part], sitting: Sitting, today: dt.date) -> Iterator[Objection]:
    if sitting.signed_on > today:
        day = day_in_words(sitting.signed_on)
        yield Objection(f"{day} is in the future. Enter the day on which the sheet was signed.", "signed_on")
    elif sitting.signed_on < sheet.printed_on:
        day = day_in_words(sheet.printed_on)
        yield Objection(f"This sheet was printed on {day}. Enter that day or a later one.", "signed_on")
    if not sitting.witness.strip():
        yield Objection("Enter who saw the paper signed.", "witness")
    yield from objections_to_text(sitting.witness, "The name of the witness", "witness", LONGEST_WITNESS)
    yield from objections_to_text(sitting.explained_by, "The name of the reader", "explained_by", LONGEST_WITNESS)
    if sitting.aloud and not sitting.explained_by.strip():
        yield Objection("Enter who read it aloud or explained it.", "explained_by")
    if sitting.explained_by.strip() and not sitting.aloud:
        yield Objection("Tick to whom it was read aloud or explained, or take the name off.", "explained_by")
    here = {line.person for part in parts for line in part.lines}
    if not here & (sitting.signed | sitting.declined):
        yield Objection("Tick everybody who signed the sheet.", "people")


def _objections_to_rows(parts: Sequence[Part], known: _Known, sitting: Sitting) -> Iterator[Objection]:
    for part in parts:
        for line in part.lines:
            message = _objection_to(part, line, known, sitting)
            if message:
                yield Objection(message, f"person-{line.person}")


def _objection_to(part: Part, line: Line, known: _Known, sitting: Sitting) -> str:
    """What is wrong with a row, if anything; one thing at a time."""
    signed, declined = line.person in sitting.signed, line.person in sitting.declined
    if not signed and not declined:
        if line.person in sitting.aloud:
            return f"{line.name} is ticked as read to, but not as having signed. Tick both, or neither."
        return ""
    if signed and declined:
        return f"{line.name} cannot both have signed and not signed. Leave one tick."
    before = known.entered.get(line.row_id)
    if before is not None and (before.signed or declined):
        return f"{line.name} was entered from this sheet already{_as(before)}. Take off the tick."
    last_on = known.last_days.get(line.person_id)
    if last_on is not None and sitting.signed_on > last_on:
        return f"{line.name} left on {day_in_words(last_on)}, before the sheet was signed. Take off the tick."
    if not _still_needed(part, line, known, sitting, signed=signed):
        return f"{line.name} has a receipt {'of that day ' if signed else ''}already{_with(part, line, known)}. Take off the tick."
    return ""


def _as(before: Entered) -> str:
    return f": {before.references[0]}" if before.references else ""


def _with(part: Part, line: Line, known: _Known) -> str:
    given = known.given.get((line.person_id, part.versions[0].version_id))
    return f": {given[-1].reference}" if given else ""


def _still_needed(part: Part, line: Line, known: _Known, sitting: Sitting, *, signed: bool) -> list[int]:
    """Places of the versions of a part that a row still stands for: without a receipt of that day, or without any.

    A receipt for other parts of a version than the sheet is for is none.
    """

    def has(version: ForVersion) -> bool:
        rows = known.given.get((line.person_id, version.version_id), ())
        given = [one for one in rows if covers_parts(one.parts, version.parts)]
        return any(one.acknowledged_on == sitting.signed_on for one in given) if signed else bool(given)

    return [place for place, one in enumerate(part.versions) if not has(one)]


def _attach(session: Session, scope: Scope, entry: SheetEntry, scans: Sequence[Scan], now: dt.datetime) -> None:
    for scan in scans:
        document = keep(session, scope, Bytes(scan.data, scan.media_type), now)
        whose = {"organisation_id": scope.organisation_id, "entry_id": entry.id}
        session.add(SheetScan(**whose, document_id=document, filename=scan.filename))
    session.flush()


def _ticked(parts: Sequence[Part], people: Collection[str]) -> Iterator[tuple[Part, Line]]:
    for part in parts:
        for line in part.lines:
            if line.person in people:
                yield part, line


def _receipts(
    session: Session,
    scope: Scope,
    actor: Actor,
    entry: SheetEntry,
    parts: Sequence[Part],
    known: _Known,
    sitting: Sitting,
    now: dt.datetime,
) -> tuple[list[str], str]:
    """A receipt for each version of each row that was signed, and its link to the row."""
    wanted: list[tuple[Line, Wanted]] = []
    for part, line in _ticked(parts, sitting.signed):
        method = "read_aloud" if line.person in sitting.aloud else "paper"
        for place in _still_needed(part, line, known, sitting, signed=True):
            version = part.versions[place]
            wanted.append((line, Wanted(line.person_id, version.version_id, version.shown, method, version.parts)))
    assurance = "paper_scanned" if sitting.scans else "paper_witnessed"
    seen = Seen(sitting.signed_on, assurance, entry.witness)
    written, digest = write_receipts(session, scope, actor, [one for _, one in wanted], seen, now)
    links = [
        {
            "organisation_id": scope.organisation_id,
            "entry_id": entry.id,
            "row_id": line.row_id,
            "acknowledgement_id": number,
            "explained_by": tidy(sitting.explained_by) if one.method == "read_aloud" else None,
        }
        for (line, one), (number, _) in zip(wanted, written, strict=True)
    ]
    if links:
        session.execute(insert(SheetReceipt), links, execution_options=WITH_NULLS)
    return [reference for _, reference in written], digest


def _declined(
    session: Session,
    scope: Scope,
    actor: Actor,
    entry: SheetEntry,
    parts: Sequence[Part],
    known: _Known,
    sitting: Sitting,
    now: dt.datetime,
) -> list[str]:
    """A "given, not signed" for each version of each such row, and its link to the row; their public identifiers."""
    rows = [
        (line, part.versions[place].version_id)
        for part, line in _ticked(parts, sitting.declined)
        for place in _still_needed(part, line, known, sitting, signed=False)
    ]
    if not rows:
        return []
    whose, ids = {"organisation_id": scope.organisation_id}, [new_public_id() for _ in rows]
    about = {
        "given_on": sitting.signed_on,
        "witness": entry.witness,
        "note": "",
        "recorded_at": now,
        "recorded_by": actor.label,
    }
    session.execute(
        insert(Declined),
        [
            {**whose, **about, "public_id": public_id, "person_id": line.person_id, "version_id": version_id}
            for public_id, (line, version_id) in zip(ids, rows, strict=True)
        ],
    )
    _link_declined(session, entry, {public_id: line for public_id, (line, _) in zip(ids, rows, strict=True)})
    return ids


def _link_declined(session: Session, entry: SheetEntry, lines: Mapping[str, Line]) -> None:
    found = session.execute(
        select(Declined.public_id, Declined.id).where(
            Declined.organisation_id == entry.organisation_id, Declined.public_id.in_(lines)
        )
    )
    whose = {"organisation_id": entry.organisation_id, "entry_id": entry.id}
    session.execute(
        insert(SheetDeclined),
        [{**whose, "row_id": lines[row.public_id].row_id, "declined_id": row.id} for row in found],
    )
