"""Checking the chain, alone or against a checkpoint that was exported earlier and kept elsewhere."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.errors import Refusal
from governance.journal.chain import GENESIS, Fault, Link, first_fault, instant_text
from governance.journal.models import JournalEntry
from governance.tenancy import Organisation, Scope


@dataclass(frozen=True)
class Checkpoint:
    """The end of a school's chain at an instant: enough to show later that nothing before it was touched."""

    school: str
    seq: int
    hash: str
    at: str

    def as_text(self) -> str:
        """The checkpoint as a small JSON text to print, mail or keep."""
        return json.dumps(asdict(self), indent=1) + "\n"

    @classmethod
    def from_text(cls, text: str) -> Checkpoint:
        """A checkpoint as it was exported.

        Raises:
            Refusal: when the text is no checkpoint.
        """
        try:
            found = json.loads(text)
            return cls(str(found["school"]), int(found["seq"]), str(found["hash"]), str(found["at"]))
        except (ValueError, KeyError, TypeError) as error:
            raise Refusal.one("That file is not a checkpoint. Choose one that `journal checkpoint` wrote.") from error


@dataclass(frozen=True)
class Verdict:
    """What checking found. `fault` is None where everything holds."""

    entries: int
    head: str
    fault: Fault | None


def checkpoint(session: Session, scope: Scope, now: dt.datetime) -> Checkpoint:
    """The present end of the school's chain."""
    organisation = _organisation(session, scope)
    return Checkpoint(organisation[0], organisation[1], organisation[2], instant_text(now))


def verify(session: Session, scope: Scope, against: Checkpoint | None = None) -> Verdict:
    """Read the whole chain and say what, if anything, is wrong with it, naming the first bad entry."""
    school, seq, head = _organisation(session, scope)
    hashes: dict[int, str] = {0: GENESIS}
    fault = first_fault(_remembering(_links(session, scope), hashes))
    last = max(hashes)
    if fault is None and (last, hashes[last]) != (seq, head):
        fault = Fault(min(last, seq) + 1, "the end of the record is not where the school's own count says")
    if fault is None and against is not None:
        fault = _against(against, school, hashes)
    return Verdict(last, hashes[last], fault)


def _against(against: Checkpoint, school: str, hashes: dict[int, str]) -> Fault | None:
    if against.school != school:
        return Fault(0, "the checkpoint is another school's")
    if against.seq not in hashes:
        return Fault(max(hashes) + 1, f"the checkpoint saw {against.seq} entries and they are no longer all here")
    if hashes[against.seq] != against.hash:
        return Fault(against.seq, "the record up to here is not the one that the checkpoint saw")
    return None


def _remembering(links: Iterator[Link], hashes: dict[int, str]) -> Iterator[Link]:
    for entry in links:
        hashes[entry.seq] = entry.hash
        yield entry


def _links(session: Session, scope: Scope) -> Iterator[Link]:
    rows = session.execute(
        select(
            JournalEntry.seq,
            JournalEntry.at,
            JournalEntry.event,
            JournalEntry.ids,
            JournalEntry.payload,
            JournalEntry.salt,
            JournalEntry.commitment,
            JournalEntry.prev_hash,
            JournalEntry.hash,
        )
        .where(JournalEntry.organisation_id == scope.organisation_id)
        .order_by(JournalEntry.seq)
        .execution_options(yield_per=1000)
    )
    for row in rows:
        yield Link(
            row.seq,
            instant_text(row.at),
            row.event,
            row.ids,
            row.payload,
            row.salt,
            row.commitment,
            row.prev_hash,
            row.hash,
        )


def _organisation(session: Session, scope: Scope) -> tuple[str, int, str]:
    columns = (Organisation.public_id, Organisation.journal_seq, Organisation.journal_head)
    school, seq, head = session.execute(select(*columns).where(Organisation.id == scope.organisation_id)).one()
    return school, seq, head
