"""What a look inside a file found, and its form between a child process and the program."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from governance.extract.clauses import Clause, from_json, to_json
from governance.extract.guesses import Guesses, from_stored, to_stored
from governance.extract.kinds import Kind


@dataclass(frozen=True)
class Examined:
    """A file that may be stored.

    `pages` is None but for a PDF. `warnings` are sentences for the person who chose the file. `clauses` are empty where no
    text was found, as in a scanned PDF; its original is shown instead. `guesses` wait to be confirmed by a person.
    """

    filename: str
    kind: Kind
    pages: int | None
    warnings: tuple[str, ...]
    clauses: tuple[Clause, ...]
    guesses: Guesses

    @property
    def clauses_json(self) -> str:
        """The text as it is stored with the version."""
        return to_json(self.clauses)

    @property
    def text_sha256(self) -> str | None:
        """The hash of the stored text, in hexadecimal; None where there is no text by clause."""
        return text_hash(self.clauses) if self.clauses else None


def text_hash(clauses: tuple[Clause, ...]) -> str:
    """SHA-256 of a text's one JSON form, in hexadecimal: what a receipt is bound to beside the bytes."""
    return hashlib.sha256(to_json(clauses).encode()).hexdigest()


def as_answer(examined: Examined) -> bytes:
    """The JSON that a child writes."""
    answer = {
        "filename": examined.filename,
        "kind": examined.kind.value,
        "pages": examined.pages,
        "warnings": list(examined.warnings),
        "clauses": to_json(examined.clauses),
        "guesses": to_stored(examined.guesses),
    }
    return json.dumps(answer, ensure_ascii=False).encode()


def refusal_answer(message: str) -> bytes:
    """The JSON that a child writes for a file that is refused."""
    return json.dumps({"refused": message}, ensure_ascii=False).encode()


def from_answer(answer: bytes) -> Examined | str:
    """What a child wrote, or the sentence of its refusal."""
    read = json.loads(answer)
    if "refused" in read:
        return str(read["refused"])
    return Examined(
        filename=read["filename"],
        kind=Kind(read["kind"]),
        pages=read["pages"],
        warnings=tuple(read["warnings"]),
        clauses=from_json(read["clauses"]),
        guesses=from_stored(read["guesses"]),
    )
