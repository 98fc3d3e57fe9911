"""When a document says it was adopted, and by whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from governance.extract.dates import ImpossibleDate, Precision, StatedDate, find_dates, parse_stated, short_months
from governance.extract.fields.bodies import BODY, first_body, is_governing, tidy_body
from governance.extract.fields.labels import Fact, Label
from governance.extract.fields.source import Guess, Line, Source

_RANK = {"adopt": 4, "ratif": 3, "approv": 2, "agree": 1, "accept": 1, "author": 1, "sign": 1, "endors": 1}
_VERB = r"(?P<verb>adopted|approved|ratified|agreed|accepted)"
_THIS = r"(?:this|the\s+(?:\w+\s+){0,4}(?:policy|procedure|document|plan|statement)|it|policy)"
_PASSIVE = re.compile(
    rf"(?i)\b{_THIS}\b[^.]{{0,120}}?\b(?:was|is|been|were)\s+(?:formally\s+|first\s+|last\s+)?{_VERB}\b"
    rf"(?P<rest>[^.]{{0,40}}?\bby\s+[^;]{{0,160}}|\s+(?:on|in|at)\s[^;]{{0,120}})"
)
_ACTIVE = re.compile(
    rf"(?i)\b(?P<body>{BODY})\b[^.;]{{0,100}}?\b{_VERB}\s+(?:this|the\s+(?:\w+\s+){{0,4}}(?:policy|procedure|document|plan|statement))\b(?P<rest>[^;]{{0,120}})"
)
_EACH_VERB = re.compile(
    rf"(?i)\b{_VERB}\b(?P<rest>(?:(?!\b(?:adopted|approved|ratified|agreed|accepted)\b)[^;]){{0,200}})"
)
_LOOSE = re.compile(
    rf"(?i)(?:(?:policy\s+)?(?:determined|considered|discussed|reviewed|revised|updated)\s+and\s+)?"
    rf"(?:{Label.DECIDED.value})(?=[\s:–-]|\d)"
)
# Unions are asked and agree; what they agree to is not in force by that.
_UNIONS = r"(?:(?:trades?\s+)?unions?|professional\s+associations?|j[cn]c)\b"
_BY_UNIONS = re.compile(rf"(?i)\b(?:by|with)\s+(?:\w+\s+){{0,2}}?{_UNIONS}")
_A_UNION = re.compile(rf"(?i)\b{_UNIONS}")
# Nor do these decide, but a form may have no room for anybody else.
_HEARD = re.compile(r"(?i)(?:all\s+)?(?:the\s+)?(?:staff|teachers|parents|pupils|students|school\s+council)")
_GENERIC_DATE = re.compile(r"(?i)dated?|on|approval date|date approved|date")
_LONGEST_LOOSE, _LONGEST_BRIEF = 120, 60


@dataclass(frozen=True)
class _Decision:
    rank: float
    adopted_on: StatedDate | None
    adopted_by: str | None
    line: Line
    confidence: float


def adoption(source: Source, facts: list[Fact]) -> tuple[Guess[StatedDate] | None, Guess[str] | None]:
    """The date and the body of the adoption. "Adopted" counts before "ratified", that before "approved" and "agreed"."""
    decisions = _decisions(source, facts)
    dated = max((one for one in decisions if one.adopted_on), key=_best, default=None)
    named = [one for one in decisions if one.adopted_by]
    body = dated if dated in named else max(named, key=_best, default=None)
    return (
        dated.line.guess(dated.adopted_on, dated.confidence) if dated and dated.adopted_on else None,
        body.line.guess(body.adopted_by, body.confidence) if body and body.adopted_by else None,
    )


def dates_of_decisions(source: Source, facts: list[Fact]) -> list[Guess[StatedDate]]:
    """Every date on which the document says that somebody decided on it."""
    return [one.line.guess(one.adopted_on, one.confidence) for one in _decisions(source, facts) if one.adopted_on]


def _decisions(source: Source, facts: list[Fact]) -> list[_Decision]:
    found = [*_labelled(facts), *_loose(source, facts), *_sentences(source)]
    return [_weighed(one) for one in found if (one.adopted_on or one.adopted_by) and not _by_unions(one)]


def _by_unions(one: _Decision) -> bool:
    if one.adopted_by:
        return bool(_A_UNION.search(one.adopted_by)) and not is_governing(one.adopted_by)
    return len(one.line.plain) <= _LONGEST_LOOSE and bool(_BY_UNIONS.search(one.line.plain))


def _weighed(one: _Decision) -> _Decision:
    """Less is made of what was agreed among staff, pupils or parents."""
    if one.adopted_by is None or not _HEARD.fullmatch(one.adopted_by):
        return one
    return replace(one, rank=0, confidence=min(one.confidence, 0.6))


def _best(one: _Decision) -> tuple[float, int, str, int]:
    day = one.adopted_on.latest_on.isoformat() if one.adopted_on and one.adopted_on.latest_on else ""
    return one.rank, one.adopted_on is not None, day, -one.line.number


def _rank(verb: str, body: str | None) -> float:
    rank = next(rank for stem, rank in _RANK.items() if stem in verb.lower())
    return rank + (0.5 if body and is_governing(body) else 0)


def _labelled(facts: list[Fact]) -> Iterator[_Decision]:
    for position, fact in enumerate(facts):
        if fact.label_text.lower() == "status" and (verb := re.search(rf"(?i)\b{_VERB}\b", fact.value)):
            yield _Decision(_rank(verb["verb"], None), _date_in(fact.value), None, fact.line, 0.85)
        if fact.label is not Label.DECIDED:
            continue
        stated = _date_in(fact.value) or _date_in(fact.label_text)
        body = _body_in(fact)
        line = fact.line
        if stated is None and body is not None:
            stated = _date_beside(facts, position)
        yield _Decision(_rank(fact.label_text, body), stated, body, line, 0.95 if stated else 0.85)


def _date_beside(facts: list[Fact], position: int) -> StatedDate | None:
    """The plain "Date:" after "Approved by: …", on the same line or one of the next two."""
    here = facts[position].line.number
    same_row = [fact for fact in facts if fact.line.number == here]
    for fact in [*facts[position + 1 : position + 3], *same_row]:
        near = fact.line.number - here <= 2
        if near and fact.label is Label.DATE and _GENERIC_DATE.fullmatch(fact.label_text):
            return _date_in(fact.value)
    return None


def _body_in(fact: Fact) -> str | None:
    said = fact.value
    for _, (start, end) in reversed(find_dates(said)):
        said = said[:start] + said[end:]
    said = re.sub(r"(?i)^\s*(?:by|date)\b|\bminute\b.*|\bsigned\b.*|\s*(?:on\s+)?behalf\s+of\b.*", "", said)
    value = tidy_body(re.split(r"(?i)\s+(?:on|at)\s+(?:\d|the\s+(?:meeting|\d)|its|their|$)", said)[0])
    in_label = first_body(fact.label_text)
    if re.search(r"(?i)\bdate\b|\bon\b", fact.label_text) and not re.search(
        r"(?i)\bby\b|body$|committee$", fact.label_text
    ):
        return in_label or (first_body(value) if value else None)
    if (
        value
        and (first_body(value) or re.search(r"(?i)\bby\b|body|committee", fact.label_text))
        and not value[0].isdigit()
    ):
        return in_label if in_label and not first_body(value) else value
    return in_label


def _date_in(text: str) -> StatedDate | None:
    # what follows a label is no number of a clause ("24.03.22 by Governors")
    found = find_dates(f": {text}") or short_months(text)
    if found:
        return max(found, key=lambda pair: (pair[0].precision is Precision.DAY, -pair[1][0]))[0]
    try:
        # A bare year is a date only where nothing else is said.
        stated = parse_stated(text) if text.strip().isdigit() else None
    except ImpossibleDate:
        return None
    return stated


def _loose(source: Source, facts: list[Fact]) -> Iterator[_Decision]:
    """A line that begins like a label and goes on without a colon: "Ratified by Governors 12 September 2022"."""
    labelled = {fact.line.number for fact in facts if fact.label is Label.DECIDED}
    for line in source.filled():
        if line.number in labelled or not find_dates(line.plain):
            continue
        for piece in line.pieces:
            match = _LOOSE.match(piece) if len(piece) <= _LONGEST_LOOSE else None
            if match and find_dates(piece):
                fact = Fact(Label.DECIDED, match[0], piece[match.end() :], line)
                body = _body_in(fact)
                yield _Decision(_rank(match[0], body), _date_in(piece[match.end() :]), body, line, 0.9)


def _sentences(source: Source) -> Iterator[_Decision]:
    for passage in source.passages:
        if not re.search(r"(?i)adopted|approved|ratified|agreed|accepted", passage.plain):
            continue
        for place, sentence in enumerate(re.split(r"(?<=[.;])\s+(?=[A-Z])", passage.plain)):
            yield from _said(sentence, passage)
            brief = _LOOSE.match(sentence) if place and len(sentence) <= _LONGEST_BRIEF else None
            if brief and (stated := _date_in(sentence[brief.end() :])):
                yield _Decision(_rank(brief[0], None) - 0.25, stated, None, passage, 0.8)


def _said(sentence: str, passage: Line) -> Iterator[_Decision]:
    """Each verb of a sentence with what follows it, so that "approved by … and ratified by …" are two decisions."""
    active = _ACTIVE.search(sentence)
    if active is None and _PASSIVE.search(sentence) is None:
        return
    clauses = [active] if active else list(_EACH_VERB.finditer(sentence))
    for clause in clauses:
        body = _sentence_body(clause)
        stated = _date_in(clause["rest"])
        if stated or (body and is_governing(body)):
            yield _Decision(_rank(clause["verb"], body) - 0.25, stated, body, passage, 0.85 if stated else 0.75)


def _sentence_body(match: re.Match[str]) -> str | None:
    if "body" in match.re.groupindex:
        return tidy_body(match["body"])
    by = re.search(r"(?i)\bby\s+(.*)", match["rest"])
    return first_body(by[1]) if by else None
