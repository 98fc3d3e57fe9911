"""A folder of documents at once: held, read one after another, sorted, and let go row by row as they are recorded.

    hold_folder      every file with its note, "waiting"; one that is too large is refused in its own place
    read_on          a few at a time: bytes out of the database ─▶ a child ─▶ the note of each, "read" or "refused"
    folder           the rows to confirm, from the notes alone
    found_in_row     one row's files with their bytes, to look at or to record
    part_row         the files of a row that was joined wrongly, each for itself from now on

The note of a file:
    {"refused": sentence}   or   {"read": facts and signs, "examined": its answer, "typed": what a person corrected,
                                  "said": why it could not be recorded, "alone": parted from what it was joined with}
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from governance.errors import NotFound
from governance.extract.examined import Examined, as_answer
from governance.extract.filenames import clean_filename
from governance.extract.guesses import from_stored, to_stored
from governance.extract.kinds import Kind
from governance.intake.confirming import Found, found_of
from governance.intake.reading_in import examined_each
from governance.intake.signs import Signs, signs_of
from governance.intake.sorting import Known, Read, Row, sort_out
from governance.settings import MEGABYTE
from governance.storage.held import Upload
from governance.storage.held_singly import Line, content_of, hold_several, let_go, lines, note_one, without_note
from governance.tenancy import Actor, Scope

SEVERAL = "several"
MOST_FILES = 100
# Read together in one child, and so in memory together.
_FEW, _FEW_BYTES = 6, 8 * MEGABYTE

Opened = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True)
class Folder:
    """What became of a folder so far. `typed` and `said` are by row: corrections, and why it could not be recorded."""

    public_id: str
    rows: tuple[Row, ...]
    refused: tuple[tuple[int, str, str], ...]
    waiting: int
    total: int
    held_at: dt.datetime
    typed: Mapping[int, dict[str, list[str]]] = field(default_factory=dict)
    said: Mapping[int, list[str]] = field(default_factory=dict)

    @property
    def is_read(self) -> bool:
        """Whether every file has been looked into."""
        return not self.waiting

    def row(self, number: int) -> Row:
        """One row by its number.

        Raises:
            NotFound: when there is none.
        """
        for one in self.rows:
            if one.id == number:
                return one
        raise NotFound(str(number))


def hold_folder(
    session: Session, scope: Scope, actor: Actor, sent: Iterable[tuple[str, bytes]], most_bytes: int, now: dt.datetime
) -> str:
    """Keep files to be read, taken from `sent` one at a time; the identifier that they share."""
    return hold_several(session, scope, actor, SEVERAL, (_waiting(*one, most_bytes) for one in sent), now)


def read_on(
    reading: Opened, writing: Opened, scope: Scope, held: str, now: dt.datetime, progress: Callable[[str], None]
) -> int:
    """Look into what waits, a few files at a time, and note what each says; how many there were.

    `reading` and `writing` open sessions; none is open while a file is read. `progress` is told before each note is
    written and raises where another process has taken over. Begun again, it goes on where the notes end.

    Raises:
        NotFound: when the folder was let go meanwhile.
    """
    done = 0
    while True:
        with reading() as session:
            left, total = without_note(session, scope, SEVERAL, held, now)
            few = _next_few(session, scope, held, left, now)
        if not few:
            return done
        found = examined_each([(filename, content) for _, filename, content in few])
        done += len(few)
        progress(f"{total - len(left) + len(few)} of {total} read")
        with writing() as session:
            for (file, _, content), one in zip(few, found, strict=True):
                note_one(session, scope, held, file, _noted(scope, content, one))


def folder(
    session: Session, scope: Scope, held: str, known_to: Callable[[Sequence[Read]], Known], now: dt.datetime
) -> Folder:
    """The rows to confirm; `known_to` tells what the school has already that these files may be.

    Raises:
        NotFound: when this school holds no such folder, or no longer.
    """
    kept = lines(session, scope, SEVERAL, held, now)
    read = [_read(line) for line in kept if "read" in line.notes]
    rows = sort_out(read, known_to(read))
    notes = {line.id: line.notes for line in kept}
    return Folder(
        public_id=held,
        rows=tuple(rows),
        refused=tuple((line.id, line.filename, line.notes["refused"]) for line in kept if "refused" in line.notes),
        waiting=sum(not line.notes for line in kept),
        total=len(kept),
        held_at=kept[0].held_at,
        typed={row.id: notes[row.id]["typed"] for row in rows if "typed" in notes[row.id]},
        said={row.id: notes[row.id]["said"] for row in rows if notes[row.id].get("said")},
    )


def found_in_row(session: Session, scope: Scope, held: str, row: Row, now: dt.datetime) -> Found:
    """A row's own files with their bytes and what was read from them."""
    ids = [one.id for one in row.files]
    answers = {line.id: line.notes["examined"] for line in lines(session, scope, SEVERAL, held, now, only=ids)}
    contents = [content_of(session, scope, SEVERAL, held, one.id, now) for one in row.files]
    policy = row.known.policy if row.known else None
    read = [(one.filename, content, answers[one.id]) for one, content in zip(row.files, contents, strict=True)]
    return found_of(session, scope, held, policy, read)


def note_row(session: Session, scope: Scope, held: str, row: Row, now: dt.datetime, changes: Mapping[str, Any]) -> None:
    """Keep beside a row what a person typed, or why it could not be recorded."""
    [line] = lines(session, scope, SEVERAL, held, now, only=[row.id])
    note_one(session, scope, held, row.id, line.notes | dict(changes))


def part_row(session: Session, scope: Scope, held: str, row: Row, now: dt.datetime) -> None:
    """Let each file of a row be a version of its own, as a person who has looked at them says. What was typed goes."""
    for line in lines(session, scope, SEVERAL, held, now, only=[one.id for one in row.files]):
        kept = {name: one for name, one in line.notes.items() if name not in {"typed", "said"}}
        note_one(session, scope, held, line.id, kept | {"alone": True})


def take_row(session: Session, scope: Scope, held: str, row: Row) -> None:
    """Let a row's files go, once they are recorded.

    Raises:
        NotFound: when somebody else has recorded them.
    """
    if let_go(session, scope, held, row.ids) != len(row.ids):
        raise NotFound(held)


def _waiting(filename: str, content: bytes, most_bytes: int) -> tuple[Upload, dict[str, str]]:
    name = clean_filename(filename)
    if len(content) > most_bytes:
        size, most = (f"{count / MEGABYTE:.1f}".removesuffix(".0") for count in (len(content), most_bytes))
        told = f"It is {size} MB, and a file may have at most {most} MB. Make it smaller, for example without its pictures."
        return Upload(name, b""), {"refused": told}
    return Upload(name, content), {}


def _next_few(
    session: Session, scope: Scope, held: str, left: Sequence[tuple[int, str]], now: dt.datetime
) -> list[tuple[int, str, bytes]]:
    few: list[tuple[int, str, bytes]] = []
    for file, filename in left[:_FEW]:
        few.append((file, filename, content_of(session, scope, SEVERAL, held, file, now)))
        if sum(len(content) for *_, content in few) > _FEW_BYTES:
            break
    return few


def _noted(scope: Scope, content: bytes, found: Examined | str) -> dict[str, Any]:
    """The note of a file: what the table needs apart from the whole answer, so that a table is made without the texts."""
    if isinstance(found, str):
        return {"refused": found}
    signs = signs_of((clause.text for clause in found.clauses), scope.name)
    read = {
        "kind": found.kind.value,
        "sha256": hashlib.sha256(content).hexdigest(),
        "has_text": bool(found.clauses),
        "guesses": to_stored(found.guesses),
        "warnings": list(found.warnings),
        "signs": {**signs.__dict__},
    }
    return {"read": read, "examined": as_answer(found).decode()}


def _read(line: Line) -> Read:
    read = line.notes["read"]
    signs: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in read["signs"].items()}
    return Read(
        id=line.id,
        filename=line.filename,
        kind=Kind(read["kind"]),
        sha256=read["sha256"],
        has_text=read["has_text"],
        guesses=from_stored(read["guesses"]),
        warnings=tuple(read["warnings"]),
        signs=Signs(**signs),
        alone=line.notes.get("alone", False),
    )
