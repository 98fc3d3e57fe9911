"""When a document says it was last looked at, when it will be next, and how often that happens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from governance.extract.dates import ImpossibleDate, StatedDate, find_dates, parse_stated, short_months
from governance.extract.fields.bodies import BODY
from governance.extract.fields.labels import Fact, Label
from governance.extract.fields.source import Guess, Line, Source

Dated = Guess[StatedDate]

_LOOSE_REVIEWED = re.compile(
    rf"(?i)(?:this\s+policy\s+was\s+)?(?:{Label.REVIEWED.value}|review\s+by\s+(?:the\s+)?(?:{BODY})(?=\s*:))(?=[\s:–-]|\d|\()"
)
_LOOSE_NEXT = re.compile(
    rf"(?i)(?!review\s+by\s+(?:the\s+)?(?:{BODY})\s*:)(?:{Label.NEXT_REVIEW.value}|{Label.REVIEW_DATE.value})(?=[\s:–-]|\d)"
)
_NEXT_SENTENCE = re.compile(
    r"(?i)\b(?:next\s+(?:\w+\s+)?review|review(?:ed)?\s+again|due\s+(?:for|to\s+be)\s+(?:\w+\s+)?review\w*|(?:will|to|shall|should|must)\s+"
    r"(?:then\s+)?(?:next\s+)?be\s+(?:next\s+|fully\s+|formally\s+)?review\w*|review\s+(?:is\s+|will\s+be\s+)?(?:due|place)|next\s+reviewed)\b(?P<rest>[^.;]{0,90})"
)
_PAST_SENTENCE = re.compile(
    r"(?i)\b(?:this|the)\s+(?:\w+\s+){0,4}?(?:policy|procedure|document|plan|statement)\s+(?:was|has\s+been)\s+(?:last\s+)?"
    r"(?:reviewed|updated|revised|amended)\b(?P<rest>[^.;]{0,90})"
)
_LOOSE_FREQUENCY = re.compile(
    r"(?i)frequency\s+of\s+review\b|(?:policy\s+)?(?:to\s+be\s+)?review(?:ed|s)?\b|annual\s+review\b"
)
# "(updated November 2015)" beside another fact
_ASIDE = re.compile(
    r"(?i)\((?:last\s+|and\s+)?(?:updated|revised|amended|reviewed)\s+(?:on\s+|in\s+)?(?P<rest>[^()]{4,40})\)"
)
_ENDS = re.compile(r"(?i)(?<!\d)\.\s+(?=[A-Z])|\)\.\s+|;|\bnext\b")
# "1 June 2027, to be completed by 1 September 2027": the second day ends what begins on the first
_BY_THEN = re.compile(r"(?i)\b(?:completed|finished|concluded)\s+by\b")
_LONGEST_LOOSE = 120

_NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "twelve": 12,
    "eighteen": 18,
    "twenty-four": 24,
    "thirty-six": 36,
}
_N, _M = (rf"(?P<{name}>\d{{1,2}}|{'|'.join(_NUMBERS)})" for name in ("n", "n2"))
_PERIODS: tuple[tuple[re.Pattern[str], int], ...] = tuple(
    (re.compile(rf"(?i)\b(?:{pattern})\b"), months)
    for pattern, months in (
        (
            rf"(?:every|each)\s+{_N}\s*(?:\(\d+\)\s*)?years?|{_M}[\s-]*(?:year(?:s|ly)?)(?:[\s-]+(?:cycle|review|rolling|basis|period))?",
            12,
        ),
        (
            rf"(?:every|each)\s+{_N}\s*(?:\(\d+\)\s*)?months?|{_M}[\s-]*month(?:s|ly)?(?:[\s-]+(?:cycle|review|basis|period))?",
            1,
        ),
        (r"biennial(?:ly)?|every\s+(?:other|second)\s+year|(?:in\s+)?alternate\s+years", 24),
        (r"triennial(?:ly)?", 36),
        (r"half[\s-]*yearly|twice\s+(?:a|per|each|every)\s+year|six[\s-]monthly|6[\s-]monthly", 6),
        (
            (
                r"(?<!bi-)(?<!bi )annual(?:ly)?|(?<!half-)(?<!half )yearly|(?:every|each|once\s+(?:a|per|"
                r"every))\s+(?:academic\s+|school\s+)?year"
            ),
            12,
        ),
        (r"termly|(?:every|each)\s+term", 4),
    )
)
_RANGE = re.compile(r"(?i)\b\w+\s*(?:-|–|to|or)\s*\w+\s+years?\b")
_POLICY_REVIEWED = re.compile(
    r"(?i)\b(?:(?:this|the|our)\s+(?:\w+\s+){0,6}?(?:polic(?:y|ies)|procedures?|document|plan|statement|guidance|code|handbook|agreement)|it|policy)\b[^.;]{0,200}?\b"
    r"review(?:ed|s|ing)?\b(?P<after>[^.;]{0,90})"
)
_REVIEWS_POLICY = re.compile(
    r"(?i)(?P<before>[^.;]{0,60})\breview(?:ed|s|ing)?\s+(?:of\s+)?(?:this|the|our)\s+(?:\w+\s+){0,6}?(?:policy|procedures?|document|plan|statement)\b(?P<after>[^.;]{0,90})"
)


def updates(source: Source, facts: list[Fact]) -> tuple[Dated, ...]:
    """Every date on which the document says it was reviewed or updated, oldest first."""
    found = [
        fact.line.guess(stated, 0.95) for fact in facts if fact.label is Label.REVIEWED for stated in _dates(fact.value)
    ]
    found += _reviews_before_the_next(facts)
    found += _loose(source, facts)
    found += _sentences(source)
    found += _bare_dates_below(source, {guess.line for guess in found})
    unique = {(guess.value.earliest_on, guess.value.latest_on): guess for guess in reversed(found)}
    return tuple(sorted(unique.values(), key=lambda guess: (guess.value.earliest_on or date.min, guess.line)))


def _reviews_before_the_next(facts: list[Fact]) -> Iterator[Dated]:
    """ "Date of review" beside a later "Date of next review" is the last one."""
    following = [
        stated.earliest_on for fact in facts if fact.label is Label.NEXT_REVIEW for stated in _dates(fact.value)
    ]
    last = max((day for day in following if day), default=date.min)
    for fact in facts:
        if fact.label is Label.REVIEW_DATE:
            yield from (
                fact.line.guess(stated, 0.9)
                for stated in _dates(fact.value)
                if stated.latest_on is not None and stated.latest_on < last
            )


def next_review(source: Source, facts: list[Fact], past: list[StatedDate]) -> Dated | None:
    """When the next review is due. A bare "Review date" is the next one unless it lies before what is already past."""
    for group in _next_reviews(source, facts, past):
        if group:
            return max(group, key=lambda guess: guess.value.latest_on or date.min)
    return None


def next_reviews(source: Source, facts: list[Fact], past: list[StatedDate]) -> list[Dated]:
    """Every date that the document gives for its next review."""
    return [guess for group in _next_reviews(source, facts, past) for guess in group]


def _next_reviews(source: Source, facts: list[Fact], past: list[StatedDate]) -> tuple[list[Dated], ...]:
    """The same in groups, the most explicit first."""
    labelled = [
        fact.line.guess(stated, 0.95)
        for fact in facts
        if fact.label is Label.NEXT_REVIEW
        for stated in _dates(_BY_THEN.split(fact.value)[0])
    ]
    unlabelled = [guess for guess in _next_loose(source) if guess.line not in {one.line for one in labelled}]
    said = [
        passage.guess(stated, 0.85)
        for passage in source.passages
        for match in _NEXT_SENTENCE.finditer(passage.plain)
        for stated, _ in find_dates(match["rest"])[:1]
    ]
    maybe = [
        fact.line.guess(stated, 0.75)
        for fact in facts
        if fact.label is Label.REVIEW_DATE
        for stated in _dates(fact.value)
    ]
    after = max((stated.latest_on for stated in past if stated.latest_on), default=date.min)
    ahead = [guess for guess in maybe if guess.value.latest_on is not None and guess.value.latest_on > after]
    return labelled, unlabelled, said, ahead


def frequency(source: Source, facts: list[Fact]) -> Guess[int] | None:
    """Months between reviews, 1 to 60. "Biannual" means two things and a range is no figure, so both are left out."""
    return next(iter(frequencies(source, facts)), None)


def frequencies(source: Source, facts: list[Fact]) -> list[Guess[int]]:
    """Every interval of review that the document states, labelled ones first."""
    return [*_labelled_frequency(facts), *_said_frequencies(source)]


def _labelled_frequency(facts: list[Fact]) -> Iterator[Guess[int]]:
    for fact in facts:
        if fact.label in (Label.FREQUENCY, Label.NEXT_REVIEW, Label.REVIEW_DATE, Label.REVIEWED):
            months = months_between(fact.value)
            if months is None and fact.label is Label.FREQUENCY:
                months = months_between(f"{fact.label_text} {fact.value}")
            if months is not None:
                yield fact.line.guess(months, 0.9)


def _said_frequencies(source: Source) -> Iterator[Guess[int]]:
    for line in source.filled():
        if len(line.plain) <= _LONGEST_LOOSE and not line.bulleted and _LOOSE_FREQUENCY.match(line.plain):
            months = months_between(re.split(r"[.;]", line.plain)[0])
            if months is not None:
                yield line.guess(months, 0.8)
    for passage in source.passages:
        months = _said_frequency(passage)
        if months is not None:
            yield passage.guess(months, 0.8)


def months_between(text: str) -> int | None:
    """The months that a phrase such as "every two years" or "annually" names; None when it names none, or a range."""
    if _RANGE.search(text):
        return None
    for pattern, unit in _PERIODS:
        match = pattern.search(text)
        if match:
            return _months(match, unit)
    return None


def _months(match: re.Match[str], unit: int) -> int | None:
    said = [value for name, value in match.groupdict().items() if name.startswith("n") and value]
    count = 1 if not said else _NUMBERS.get(said[0].lower()) or int(said[0])
    return count * unit if 1 <= count * unit <= 60 else None


def _said_frequency(passage: Line) -> int | None:
    if "review" not in passage.plain.lower():
        return None
    for sentence in re.split(r"(?<=[.;])\s+", passage.plain):
        for pattern in (_REVIEWS_POLICY, _POLICY_REVIEWED):
            match = pattern.search(sentence)
            months = months_between(match["after"]) if match else None
            if match and months is None:
                start = match.start() if pattern is _POLICY_REVIEWED else match.start("before")
                months = months_between(sentence[start : match.start("after")])
            if months is not None:
                return months
    return None


def _dates(value: str) -> Iterator[StatedDate]:
    found = [stated for stated, _ in find_dates(f": {value}") or short_months(value)]
    if not found and re.fullmatch(r"\s*(?:19|20)\d\d\s*", value):
        found = [_year(value)]
    yield from (stated for stated in found)


def _year(value: str) -> StatedDate:
    try:
        return parse_stated(value)
    except ImpossibleDate as problem:  # four figures from 1900 to 2099 always are a year
        raise AssertionError(value) from problem


def _loose(source: Source, facts: list[Fact]) -> Iterator[Dated]:
    labelled = {fact.line.number for fact in facts if fact.label is Label.REVIEWED}
    for line in source.filled():
        if len(line.plain) <= 2 * _LONGEST_LOOSE:
            yield from (
                line.guess(stated, 0.8) for aside in _ASIDE.finditer(line.plain) for stated in _dates(aside["rest"])
            )
        if line.number in labelled:
            continue
        for piece in line.pieces:
            match = _LOOSE_REVIEWED.match(piece) if len(piece) <= _LONGEST_LOOSE else None
            if match and not _LOOSE_NEXT.match(piece):
                rest = _ENDS.split(piece[match.end() :])[0]
                yield from (line.guess(stated, 0.9) for stated, _ in find_dates(rest))


def _next_loose(source: Source) -> Iterator[Dated]:
    for line in source.filled():
        for piece in line.pieces:
            match = _LOOSE_NEXT.match(piece) if len(piece) <= _LONGEST_LOOSE else None
            if match and not re.match(r"(?i)(?:policy\s+)?review(?:\s+date)?s?\b\s*:", piece):
                yield from (line.guess(stated, 0.9) for stated, _ in find_dates(piece[match.end() :])[:1])


def _sentences(source: Source) -> Iterator[Dated]:
    for passage in source.passages:
        for match in _PAST_SENTENCE.finditer(passage.plain):
            yield from (passage.guess(stated, 0.85) for stated, _ in find_dates(match["rest"])[:1])


def _bare_dates_below(source: Source, updated: set[int]) -> Iterator[Dated]:
    """Lines that are only a date, below a line of update: the dates of later updates."""
    following = False
    for line in source.filled():
        if line.number in updated:
            following = True
            continue
        found = find_dates(line.plain) if following else []
        following = bool(found) and found[0][1] == (0, len(line.plain.rstrip(" .")))
        if following:
            yield line.guess(found[0][0], 0.75)
