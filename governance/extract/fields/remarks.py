"""What a person should know of a document's statements: dates that cannot be, lines left blank, one fact said in two ways.

Nothing is repaired. Of conflicting statements one was chosen by a stated rule; the others are told with their lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from governance.extract.dates import StatedDate, find_dates, impossible_dates
from governance.extract.fields.decided import dates_of_decisions
from governance.extract.fields.labels import Fact, Label, labels, unfilled
from governance.extract.fields.review import frequencies, next_reviews
from governance.extract.fields.source import Guess, Source

_DATED = (Label.DECIDED, Label.REVIEWED, Label.NEXT_REVIEW, Label.REVIEW_DATE, Label.DATE)
_MOST = 12

_ADOPTED = "“adopted” counts before “ratified” and “approved”, then the latest day"
_NEXT = "the most explicit statement counts, then the latest day"
_EVERY = "what stands beside a label counts before what is said in the text"


def remarks(
    source: Source,
    facts: list[Fact],
    adopted_on: Guess[StatedDate] | None,
    next_review_on: Guess[StatedDate] | None,
    months: Guess[int] | None,
    past: list[StatedDate],
) -> tuple[Guess[str], ...]:
    """Sentences for whoever checks the document, each with the line it is about, in reading order."""
    found = [
        *_impossible(source),
        *_blank(source),
        *_others("decision", adopted_on, dates_of_decisions(source, facts), _ADOPTED),
        *_others("next review", next_review_on, next_reviews(source, facts, past), _NEXT),
        *_others("interval of review", months, frequencies(source, facts), _EVERY),
    ]
    unique = {(one.line, one.value): one for one in found}
    return tuple(sorted(unique.values(), key=lambda one: one.line))[:_MOST]


def _impossible(source: Source) -> Iterator[Guess[str]]:
    for fact in labels(source):
        if fact.label in _DATED and not find_dates(fact.value):
            for problem in impossible_dates(fact.value)[:1]:
                yield fact.line.guess(f"{fact.label_text}: {problem.message}", 1.0)


def _blank(source: Source) -> Iterator[Guess[str]]:
    for fact in unfilled(source):
        if fact.label is not Label.OTHER:
            yield fact.line.guess(f"“{fact.label_text}” has not been filled in.", 1.0)


def _others(what: str, chosen: Guess[Any] | None, stated: Sequence[Guess[Any]], rule: str) -> Iterator[Guess[str]]:
    """What else is stated. A month is no contradiction of a day in it."""
    if chosen is None:
        return
    for one in _distinct(stated):
        if not _agree(one.value, chosen.value):
            other, taken = _in_words(one.value), _in_words(chosen.value)
            yield Guess(
                f"It also gives {other} for the {what}. {taken[:1].upper()}{taken[1:]} was taken: {rule}.",
                one.line,
                one.text,
                1.0,
            )


def _distinct(stated: Iterable[Guess[Any]]) -> list[Guess[Any]]:
    kept: list[Guess[Any]] = []
    for one in stated:
        if not any(_agree(one.value, other.value) for other in kept):
            kept.append(one)
    return kept


def _agree(one: Any, other: Any) -> bool:
    if not (isinstance(one, StatedDate) and isinstance(other, StatedDate)):
        return bool(one == other)
    if None in (one.earliest_on, one.latest_on, other.earliest_on, other.latest_on):
        return True
    return bool(one.earliest_on <= other.latest_on and other.earliest_on <= one.latest_on)  # type: ignore[operator]


def _in_words(value: Any) -> str:
    return value.in_words() if isinstance(value, StatedDate) else f"every {value} months"
