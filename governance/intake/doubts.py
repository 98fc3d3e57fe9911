"""What makes a row sure, and the words for why it is not. Pure: everything it looks at is handed to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from governance.extract.fields.source import Guess
from governance.extract.guesses import Guesses
from governance.extract.kinds import Kind
from governance.intake.signs import alike
from governance.intake.sorting import Known, KnownPolicy, Row
from governance.render.words import listed, plural
from governance.schools.names import fold

# House rule: below this a person looks at a value before it is recorded.
SURE = 0.8
LONE_LINE = 0.6
# Formats differ in what they say at the edges of pages.
ONE_TEXT = 0.8
_CALLED = {
    Kind.DOCX: "Word",
    Kind.ODT: "OpenDocument",
    Kind.RTF: "rich text",
    Kind.HTML: "web page",
    Kind.PDF: "PDF",
    Kind.MARKDOWN: "Markdown",
    Kind.TEXT: "text",
}


@dataclass(frozen=True)
class Difference:
    """Something that the register says otherwise than the document; it stays as it is unless a person says so."""

    what: str
    register: str
    document: str


def doubts(row: Row, known: Known, today: dt.date) -> tuple[str, ...]:
    """Every reason to open the row before it is recorded; none means that it is sure."""
    return tuple(
        dict.fromkeys(
            [
                *_of_bytes(row, known),
                *_of_title(row.guesses),
                *_of_adoption(row.guesses, known, today),
                *_of_review(row.guesses),
                *_of_wording(row),
                *_of_the_register(row),
                *_of_the_folder(row),
                *(remark.value.rstrip(".") for remark in row.guesses.remarks),
                *(sentence.rstrip(".") for one in row.files for sentence in one.warnings),
            ]
        )
    )


def notes(row: Row) -> tuple[str, ...]:
    """What is good to know and no reason to doubt."""
    said = []
    if len(row.files) > 1 and not _differs(row):
        said.append(f"{_kinds(row)} of one text")
    if row.copies:
        said.append(f"{listed([one.filename for one in row.copies])}: the same file again, kept once")
    if row.of > 1 and row.dated is not None:
        said.append(f"version {row.place} of {row.of} found here, by date")
    return tuple(said)


def doubtful(guess: Guess[Any] | None) -> bool:
    """Whether a value that was found deserves a mark."""
    return guess is not None and guess.confidence < SURE


def differences(guesses: Guesses, known: KnownPolicy | None) -> list[Difference]:
    """Where the register and the document disagree about a policy that both know."""
    if known is None:
        return []
    found = []
    review, months, owner = guesses.next_review_on, guesses.review_frequency_months, guesses.owner
    if review and known.next_review and review.value.in_words() != known.next_review.in_words():
        found.append(Difference("Next review", known.next_review.in_words(), review.value.in_words()))
    if months and known.review_every_months and months.value != known.review_every_months:
        pair = (plural(number, "month") for number in (known.review_every_months, months.value))
        found.append(Difference("Reviewed every", *pair))
    if owner and known.owner and _one_word(owner.value) != _one_word(known.owner):
        found.append(Difference("Owner", known.owner, owner.value))
    return found


def _of_bytes(row: Row, known: Known) -> Iterator[str]:
    for one in row.files:
        if one.sha256 in known.files:
            title, number = known.files[one.sha256]
            yield f"identical to version {number} of {title}"


def _of_title(guesses: Guesses) -> Iterator[str]:
    if guesses.title is None:
        yield "no title found"
    elif guesses.title.confidence <= LONE_LINE:
        yield "the title was read from a lone line"
    elif doubtful(guesses.title):
        yield "the title is not certain"


def _of_adoption(guesses: Guesses, known: Known, today: dt.date) -> Iterator[str]:
    on, by = guesses.adopted_on, guesses.adopted_by
    if on is None:
        yield "no adoption date found"
    elif on.value.earliest_on and on.value.earliest_on > today:
        yield "it says it was adopted on a day still to come"
    elif doubtful(on):
        yield f"the adoption date is not certain: {on.value.in_words()}"
    if by is None:
        yield "it does not say who adopted it"
    elif by.value not in known.bodies:
        yield f"“{by.value}” is not a body of this school"
    elif doubtful(by):
        yield f"who adopted it is not certain: {by.value}"


def _of_review(guesses: Guesses) -> Iterator[str]:
    on, review = guesses.adopted_on, guesses.next_review_on
    if review is None:
        return
    if on and on.value.earliest_on and review.value.latest_on and review.value.latest_on < on.value.earliest_on:
        yield "the review date lies before the decision"
    elif doubtful(review):
        yield f"the next review is not certain: {review.value.in_words()}"


def _of_wording(row: Row) -> Iterator[str]:
    signs = row.files[0].signs
    if signs.schools:
        yield f"names another school: {listed(signs.schools)}"
    if signs.unfilled:
        yield f"has unfilled [brackets]: {listed([f'[{what}]' for what in signs.unfilled])}"


def _of_the_register(row: Row) -> Iterator[str]:
    if row.known is None:
        return
    yield f"looks like a new version of {row.known.title} ({plural(row.known.versions, 'version')})"
    there = row.known.decided.latest_on if row.known.decided else None
    if row.dated and there and row.dated < there:
        yield "older than the version in the register"
    for one in differences(row.guesses, row.known):
        yield f"{one.what.lower()}: the register says {one.register}, the document {one.document}"


def _of_the_folder(row: Row) -> Iterator[str]:
    if row.of > 1 and row.dated is None:
        yield f"one of {row.of} files of one policy, without a date to put them in order"
    if _differs(row):
        yield f"{_kinds(row)} of one policy, whose words differ"


def _differs(row: Row) -> bool:
    """Whether forms of one version have other words; where a text cannot be read nothing is known against it."""
    readable = [one.signs for one in row.files if one.signs.words_sha256]
    return any(alike(readable[0], other) < ONE_TEXT for other in readable[1:])


def _kinds(row: Row) -> str:
    return listed(list(dict.fromkeys(_CALLED[one.kind] for one in row.files)))


def _one_word(name: str) -> str:
    """A post's name however its parts are joined: head teacher, head-teacher, headteacher."""
    return fold(name).replace("-", "").replace(" ", "")
