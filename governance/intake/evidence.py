"""Each value that was found with the line it came from, in the order of the form that a person confirms. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from governance.extract.dates import StatedDate
from governance.extract.fields.source import Guess
from governance.extract.guesses import Guesses
from governance.intake.doubts import doubtful


@dataclass(frozen=True)
class Evidence:
    """A value that was found, the field of the form it fills, and the line it came from."""

    what: str
    field: str
    value: str
    line: int
    text: str
    unsure: bool


def evidence_of(guesses: Guesses) -> Iterator[Evidence]:
    """Every value with its line."""
    named: list[tuple[str, str, Sequence[Guess[Any] | None]]] = [
        ("Title", "title", [guesses.title]),
        ("Owner", "owner", [guesses.owner]),
        ("Reviewed every", "review_every_months", [guesses.review_frequency_months]),
        ("Version", "label", [guesses.version_label]),
        ("To be read with", "related", guesses.related_policies),
        ("Who must read it", "audience", guesses.audience),
        ("Adopted on", "decided_on", [guesses.adopted_on]),
        ("Adopted by", "body", [guesses.adopted_by]),
        ("Next review", "next_review", [guesses.next_review_on]),
        ("Updated", "updated", guesses.updated_on),
        ("To note", "remarks", guesses.remarks),
    ]
    for what, field, found in named:
        for guess in found:
            if guess is not None:
                yield Evidence(what, field, in_words(what, guess.value), guess.line, guess.text, doubtful(guess))


def in_words(what: str, value: Any) -> str:
    """A value as the screen says it."""
    if isinstance(value, StatedDate):
        return value.in_words()
    if what == "Reviewed every":
        return f"{value} months"
    return str(value).replace("_", " ")
