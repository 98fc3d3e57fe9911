"""Sheets as they were printed, what has been entered from them, and where a receipt came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from governance.errors import NotFound
from governance.people.models import Person
from governance.reading.acknowledging import Shown
from governance.reading.models import Acknowledgement, Declined, DeclinedWithdrawal, Withdrawal
from governance.reading.paper_models import (
    Sheet,
    SheetDeclined,
    SheetEntry,
    SheetReceipt,
    SheetRow,
    SheetScan,
    SheetVersion,
    TrainingReceipt,
    TrainingSession,
)
from governance.reading.sheet_printing import as_number
from governance.storage.models import Document
from governance.tenancy import Scope


@dataclass(frozen=True)
class Line:
    """Somebody on a sheet, as printed."""

    row_id: int
    part: int
    person_id: int
    person: str
    name: str
    number: str
    categories: str


@dataclass(frozen=True)
class ForVersion:
    """A version on a sheet, as printed. `parts` are the bits of what it is signed for, 0 the whole, and `named` their names."""

    version_id: int
    title: str
    reference: str
    label: str
    shown: Shown
    parts: int = 0
    named: str = ""


@dataclass(frozen=True)
class Part:
    """People who sign once for the same versions."""

    number: int
    versions: tuple[ForVersion, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Entered:
    """What a row of a sheet has come to. `signed` is false for "given, not signed"."""

    signed: bool
    references: tuple[str, ...]
    signed_on: dt.date
    witness: str


@dataclass(frozen=True)
class Scanned:
    """A scan that was attached when rows were entered."""

    public_id: str
    filename: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Sitting:
    """One sitting in which a sheet was entered, with its scans."""

    signed_on: dt.date
    witness: str
    recorded_at: dt.datetime
    recorded_by: str
    receipts: int
    declined: int
    scans: tuple[Scanned, ...]


@dataclass(frozen=True)
class Listed:
    """A sheet in a list, with how many of its people have been entered."""

    number: str
    title: str
    printed_on: dt.date
    printed_by: str
    people: int
    entered: int


@dataclass(frozen=True)
class Origin:
    """Where a receipt came from: a row of a sheet or a training session."""

    sheet: str | None = None
    sheet_title: str = ""
    explained_by: str = ""
    scans: tuple[Scanned, ...] = ()
    session: str | None = None
    session_title: str = ""


def sheet_numbered(session: Session, scope: Scope, typed: str) -> Sheet:
    """The sheet of a printed number, however it was typed.

    Raises:
        NotFound: when this school has none.
    """
    mine = select(Sheet).where(Sheet.organisation_id == scope.organisation_id, Sheet.number == as_number(typed[:40]))
    found = session.scalar(mine)
    if found is None:
        raise NotFound(typed)
    return found


def parts_of(session: Session, sheet: Sheet) -> list[Part]:
    """What stands on a sheet, in its order."""
    versions = session.scalars(
        select(SheetVersion)
        .where(SheetVersion.organisation_id == sheet.organisation_id, SheetVersion.sheet_id == sheet.id)
        .order_by(SheetVersion.part, SheetVersion.position)
    ).all()
    rows = session.execute(
        select(
            SheetRow.id,
            SheetRow.part,
            SheetRow.person_id,
            Person.public_id,
            SheetRow.name,
            SheetRow.number,
            SheetRow.categories,
        )
        .join(Person, Person.id == SheetRow.person_id)
        .where(SheetRow.organisation_id == sheet.organisation_id, SheetRow.sheet_id == sheet.id)
        .order_by(SheetRow.part, SheetRow.position)
    )
    lines = [Line(*row) for row in rows]
    return [
        Part(
            number,
            tuple(_version(one) for one in versions if one.part == number),
            tuple(line for line in lines if line.part == number),
        )
        for number in sorted({one.part for one in versions})
    ]


def entered_from(session: Session, sheet: Sheet) -> dict[int, Entered]:
    """The rows that have been entered and still stand, by row. A signature counts before "given, not signed"."""
    found: dict[int, Entered] = {}
    for row_id, signed_on, witness in session.execute(_declined_rows(sheet)):
        found[row_id] = Entered(False, (), signed_on, witness)
    for row_id, reference, signed_on, witness in session.execute(_signed_rows(sheet)):
        known = found.get(row_id)
        earlier = known.references if known is not None and known.signed else ()
        found[row_id] = Entered(True, (*earlier, reference), signed_on, witness)
    return found


def sittings_of(session: Session, sheet: Sheet) -> list[Sitting]:
    """When a sheet was entered and by whom, in that order, with the scans attached."""
    receipts = select(func.count(SheetReceipt.id)).where(SheetReceipt.entry_id == SheetEntry.id).scalar_subquery()
    declined = select(func.count(SheetDeclined.id)).where(SheetDeclined.entry_id == SheetEntry.id).scalar_subquery()
    entries = session.execute(
        select(SheetEntry, receipts, declined)
        .where(SheetEntry.organisation_id == sheet.organisation_id, SheetEntry.sheet_id == sheet.id)
        .order_by(SheetEntry.id)
    ).all()
    scans = scans_of(session, sheet.organisation_id, [entry.id for entry, _, _ in entries])
    return [
        Sitting(one.signed_on, one.witness, one.recorded_at, one.recorded_by, given, not_signed, scans.get(one.id, ()))
        for one, given, not_signed in entries
    ]


def sheets_printed(session: Session, scope: Scope, *, most: int = 100) -> list[Listed]:
    """The sheets of a school, newest first."""
    people = select(func.count(SheetRow.id)).where(SheetRow.sheet_id == Sheet.id).scalar_subquery()
    signed = (
        exists()
        .where(SheetReceipt.row_id == SheetRow.id)
        .where(~exists().where(Withdrawal.acknowledgement_id == SheetReceipt.acknowledgement_id))
    )
    declined = (
        exists()
        .where(SheetDeclined.row_id == SheetRow.id)
        .where(~exists().where(DeclinedWithdrawal.declined_id == SheetDeclined.declined_id))
    )
    entered = select(func.count(SheetRow.id)).where(SheetRow.sheet_id == Sheet.id, signed | declined).scalar_subquery()
    query = select(Sheet.number, Sheet.title, Sheet.printed_on, Sheet.printed_by, people, entered).where(
        Sheet.organisation_id == scope.organisation_id
    )
    return [Listed(*row) for row in session.execute(query.order_by(Sheet.id.desc()).limit(most))]


def origin_of(session: Session, scope: Scope, acknowledgement_id: int) -> Origin:
    """The sheet or the session that a receipt came from; an empty one where it came from neither."""
    sheet = session.execute(
        select(Sheet.number, Sheet.title, SheetReceipt.explained_by, SheetReceipt.entry_id)
        .join(SheetEntry, SheetEntry.id == SheetReceipt.entry_id)
        .join(Sheet, Sheet.id == SheetEntry.sheet_id)
        .where(
            SheetReceipt.organisation_id == scope.organisation_id, SheetReceipt.acknowledgement_id == acknowledgement_id
        )
    ).first()
    if sheet is not None:
        number, title, explained_by, entry_id = sheet
        scans = scans_of(session, scope.organisation_id, [entry_id]).get(entry_id, ())
        return Origin(number, title, explained_by or "", scans)
    taught = session.execute(
        select(TrainingSession.public_id, TrainingSession.title)
        .join(TrainingReceipt, TrainingReceipt.session_id == TrainingSession.id)
        .where(
            TrainingReceipt.organisation_id == scope.organisation_id,
            TrainingReceipt.acknowledgement_id == acknowledgement_id,
        )
    ).first()
    return Origin(session=taught[0], session_title=taught[1]) if taught is not None else Origin()


def scans_of(session: Session, organisation_id: int, entry_ids: Collection[int]) -> dict[int, tuple[Scanned, ...]]:
    """The scans of sittings, by sitting, in the order in which they were attached."""
    rows = session.execute(
        select(SheetScan.entry_id, SheetScan.public_id, SheetScan.filename, Document.sha256, Document.size)
        .join(Document, Document.id == SheetScan.document_id)
        .where(SheetScan.organisation_id == organisation_id, SheetScan.entry_id.in_(entry_ids))
        .order_by(SheetScan.id)
    )
    found: dict[int, tuple[Scanned, ...]] = {}
    for entry_id, public_id, filename, sha256, size in rows:
        found[entry_id] = (*found.get(entry_id, ()), Scanned(public_id, filename, sha256, size))
    return found


def _version(one: SheetVersion) -> ForVersion:
    shown = Shown(one.documents_sha256, one.text_sha256, one.wording)
    return ForVersion(one.version_id, one.title, one.reference, one.label, shown, one.parts, one.parts_named)


def _signed_rows(sheet: Sheet) -> Select[int, str, dt.date, str]:
    return (
        select(SheetReceipt.row_id, Acknowledgement.reference, SheetEntry.signed_on, SheetEntry.witness)
        .join(SheetEntry, SheetEntry.id == SheetReceipt.entry_id)
        .join(Acknowledgement, Acknowledgement.id == SheetReceipt.acknowledgement_id)
        .outerjoin(Withdrawal, Withdrawal.acknowledgement_id == Acknowledgement.id)
        .where(
            SheetEntry.organisation_id == sheet.organisation_id,
            SheetEntry.sheet_id == sheet.id,
            Withdrawal.id.is_(None),
        )
        .order_by(SheetReceipt.id)
    )


def _declined_rows(sheet: Sheet) -> Select[int, dt.date, str]:
    return (
        select(SheetDeclined.row_id, SheetEntry.signed_on, SheetEntry.witness)
        .join(SheetEntry, SheetEntry.id == SheetDeclined.entry_id)
        .join(Declined, Declined.id == SheetDeclined.declined_id)
        .outerjoin(DeclinedWithdrawal, DeclinedWithdrawal.declined_id == Declined.id)
        .where(
            SheetEntry.organisation_id == sheet.organisation_id,
            SheetEntry.sheet_id == sheet.id,
            DeclinedWithdrawal.id.is_(None),
        )
        .order_by(SheetDeclined.id)
    )
