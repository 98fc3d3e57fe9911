"""What a document says of itself: title, dates, bodies, related policies, audience. Guesses, for a person to confirm.

    guess(lines)
      lines made ready, contents page out           fields/source
      labels and their values                       fields/labels
      one field after another                       fields/*

Nothing is made up: a field that the document does not state is None or empty, and every value carries its line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from governance.extract.dates import Precision, StatedDate
from governance.extract.fields.audience import audience
from governance.extract.fields.decided import adoption
from governance.extract.fields.editions import version_label
from governance.extract.fields.labels import facts
from governance.extract.fields.legislation import legislation
from governance.extract.fields.named import title
from governance.extract.fields.owned import owner
from governance.extract.fields.related import related_policies
from governance.extract.fields.remarks import remarks
from governance.extract.fields.review import frequency, next_review, updates
from governance.extract.fields.source import Guess, source_of

__all__ = ["Guess", "Guesses", "as_json", "from_stored", "guess", "to_stored"]

# Known inside the house only: the published form has no code for it.
_UNPUBLISHED = "fixed_term"


@dataclass(frozen=True)
class Guesses:
    """Every field; `updated_on` holds all dates of review and update, oldest first, the last of them `last_reviewed_on`.
    `remarks` are sentences for whoever checks the document: what cannot be, is blank, or is said in two ways.
    """

    title: Guess[str] | None = None
    version_label: Guess[str] | None = None
    adopted_on: Guess[StatedDate] | None = None
    adopted_by: Guess[str] | None = None
    updated_on: tuple[Guess[StatedDate], ...] = ()
    next_review_on: Guess[StatedDate] | None = None
    review_frequency_months: Guess[int] | None = None
    owner: Guess[str] | None = None
    related_policies: tuple[Guess[str], ...] = ()
    audience: tuple[Guess[str], ...] = ()
    legislation: tuple[Guess[str], ...] = ()
    remarks: tuple[Guess[str], ...] = ()

    @property
    def last_reviewed_on(self) -> Guess[StatedDate] | None:
        """The latest date of review or update."""
        return self.updated_on[-1] if self.updated_on else None


def guess(lines: Sequence[str]) -> Guesses:
    """What a document's lines state. Line numbers in the guesses count from 1."""
    source = source_of(lines)
    labelled = facts(source)
    adopted_on, adopted_by = adoption(source, labelled)
    updated_on = updates(source, labelled)
    past = [one.value for one in (*updated_on, *([adopted_on] if adopted_on else []))]
    named = title(source, labelled)
    next_review_on = next_review(source, labelled, past)
    months = frequency(source, labelled)
    return Guesses(
        title=named,
        version_label=version_label(source, labelled),
        adopted_on=adopted_on,
        adopted_by=adopted_by,
        updated_on=updated_on,
        next_review_on=next_review_on,
        review_frequency_months=months,
        owner=owner(source, labelled),
        related_policies=related_policies(source, labelled, named.value if named else ""),
        audience=audience(source, labelled),
        legislation=legislation(source),
        remarks=remarks(source, labelled, adopted_on, next_review_on, months, past),
    )


def as_json(guesses: Guesses) -> dict[str, Any]:
    """The published form of what was detected: plain values, and under `evidence` each value's line, text and confidence.

    A date is `YYYY-MM-DD` or `YYYY-MM`. One known only to a term or a year has no such form: its value is null, and its
    evidence says it in words. All dates of update are under `evidence` as `updated_on`, and beside them `remarks`.
    """
    published = tuple(one for one in guesses.audience if one.value != _UNPUBLISHED)
    single: dict[str, Guess[Any] | None] = {
        "title": guesses.title,
        "version_label": guesses.version_label,
        "adopted_on": guesses.adopted_on,
        "adopted_by": guesses.adopted_by,
        "last_reviewed_on": guesses.last_reviewed_on,
        "next_review_on": guesses.next_review_on,
        "review_frequency_months": guesses.review_frequency_months,
        "owner": guesses.owner,
    }
    several = {"related_policies": guesses.related_policies, "audience": published, "legislation": guesses.legislation}
    values: dict[str, Any] = {name: _published(one.value) if one else None for name, one in single.items()}
    values |= {name: [one.value for one in found] for name, found in several.items()}
    evidence: dict[str, Any] = {name: _evidence(one) for name, one in single.items() if one}
    shown: dict[str, tuple[Guess[Any], ...]] = several | {"updated_on": guesses.updated_on, "remarks": guesses.remarks}
    evidence |= {name: [_evidence(one) for one in found] for name, found in shown.items() if found}
    return values | {"evidence": evidence}


def _published(value: object) -> object:
    return value.iso() if isinstance(value, StatedDate) else value


def _evidence(one: Guess[Any]) -> dict[str, Any]:
    value = one.value
    if isinstance(value, StatedDate):
        value = value.iso() or value.in_words()
    return {"value": value, "line": one.line, "text": one.text, "confidence": one.confidence}


def to_stored(guesses: Guesses) -> dict[str, Any]:
    """Everything, as plain JSON values that `from_stored` reads back."""
    stored: dict[str, Any] = {}
    for field in fields(guesses):
        found = getattr(guesses, field.name)
        stored[field.name] = [_stored(one) for one in found] if isinstance(found, tuple) else _stored(found)
    return stored


def from_stored(stored: Mapping[str, Any]) -> Guesses:
    """The guesses that `to_stored` wrote."""
    read: dict[str, Any] = {}
    for name, found in stored.items():
        read[name] = tuple(_read(one) for one in found) if isinstance(found, list) else _read(found)
    return Guesses(**read)


def _stored(one: Guess[Any] | None) -> dict[str, Any] | None:
    if one is None:
        return None
    value = one.value
    if isinstance(value, StatedDate):
        value = {
            "earliest_on": value.earliest_on.isoformat() if value.earliest_on else None,
            "latest_on": value.latest_on.isoformat() if value.latest_on else None,
            "precision": value.precision.value,
            "as_written": value.as_written,
        }
    return {"value": value, "line": one.line, "text": one.text, "confidence": one.confidence}


def _read(stored: Mapping[str, Any] | None) -> Guess[Any] | None:
    if stored is None:
        return None
    value = stored["value"]
    if isinstance(value, Mapping):
        value = StatedDate(
            _day(value["earliest_on"]), _day(value["latest_on"]), Precision(value["precision"]), value["as_written"]
        )
    return Guess(value, stored["line"], stored["text"], stored["confidence"])


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
