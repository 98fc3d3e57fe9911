"""Whose document it is: the post or person that looks after it, only where the document says so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from governance.extract.dates import find_dates
from governance.extract.fields.bodies import is_governing
from governance.extract.fields.labels import Fact, Label
from governance.extract.fields.source import Guess, Source

# a stop behind an initial or a title ends no name: "Mrs A. Bell"
_WHO = r"(?:the\s+)?(?P<who>(?:[^.;,]|(?<=\b[A-Z])\.|(?<=\bM[rs])\.|(?<=\bMrs)\.|(?<=\bDr)\.){3,80})"
_THIS_POLICY = r"(?:this|the)\s+(?:policy|procedure|document)"
_UPKEEP = (
    r"(?:(?:maintaining|updating|the\s+upkeep\s+of)\s+)?(?:this|the)\s+policy"
    r"(?=\s*(?:[.;]|$|and\s+(?:for\s+)?(?:its|keeping|reviewing)))"
)
_SAID = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?i)\bthe\s+policy\s+(?:owner|lead)\s+is\s+{_WHO}",
        rf"(?i)\b{_THIS_POLICY}\s+is\s+owned\s+by\s+{_WHO}",
        rf"(?i)\b(?:person|member\s+of\s+staff|officer|post)\s+(?:with\s+responsibility|responsible)\s+for\s+{_THIS_POLICY}\s+is\s+{_WHO}",
        rf"(?i)^responsibility\s+for\s+{_THIS_POLICY}\s+(?:lies|rests)\s+with\s+{_WHO}",
        rf"(?i)^{_THIS_POLICY}\s+is\s+the\s+responsibility\s+of\s+{_WHO}",
        rf"(?i)^(?:the\s+)?(?P<who>(?-i:[A-Z])[\w' -]{{3,60}}?)\s+(?:is|are)\s+responsible\s+for\s+{_UPKEEP}",
        r"(?i)\b(?:the\s+)?(?P<who>[\w' -]{3,60}?)\s+is\s+the\s+(?:policy\s+)?owner\s+of\s+this\s+policy",
    )
)
_OWNER_LINE = re.compile(
    r"(?:(?:[Pp]olicy )?[Oo]wner|[Pp]olicy [Ll]ead) (?P<who>[A-Z][\w'&-]*(?: (?:of|and|for|the|[A-Z][\w'&()-]*)){0,5})"
)
# A lead or a named person need not be the document's: it may be who leads on what the document is about.
_MAY_BE_A_ROLE = re.compile(r"(?i)(?:(?:lead|named)\s+(?:person|member\s+of\s+staff|officer)|lead(?:\s+staff)?)")
_SAFEGUARDING_LEAD = re.compile(
    r"(?i)\b(?:d?dsl|safeguarding\s+(?:lead|officer)|designated\s+(?:person|teacher|lead))\b"
)
# A board or a school answers for all its policies and looks after none.
_NO_PERSON = re.compile(
    r"(?i)(?!.*\b(?:clerk|chair|secretary|head|director|manager|officer)\b).*\b(?:board|committee|govern(?:ors|ing\s+body)|"
    r"trustees|directors|school|academy|trust)\W*"
)
_ON = re.compile(
    r"(?i)\s+(?:who|which|and\s+(?:will|is|the\s+review)|in\s+(?:consultation|conjunction)|on\s+behalf)\b.*"
)
_LONGEST_OWNER, _MOST_WORDS = 100, 12


def owner(source: Source, facts: list[Fact]) -> Guess[str] | None:
    """The post or person whose document it is."""
    for fact in facts:
        if fact.label is Label.OWNER and _names_someone(fact.value):
            return fact.line.guess(fact.value.strip(" .,;"), _confidence(fact))
    for line in source.filled():
        match = _OWNER_LINE.fullmatch(line.plain)
        if match:
            return line.guess(match["who"], 0.8)
    return next(_in_sentences(source), None)


def _confidence(fact: Fact) -> float:
    doubtful = (
        _MAY_BE_A_ROLE.fullmatch(fact.label_text)
        or _SAFEGUARDING_LEAD.search(fact.value)
        or _NO_PERSON.fullmatch(fact.value)
    )
    return 0.75 if doubtful else 0.9


def _in_sentences(source: Source) -> Iterator[Guess[str]]:
    for passage in source.passages:
        if not re.search(r"(?i)\bresponsib|\bown(?:s|ed|er)\b|\blead\b", passage.plain):
            continue
        for sentence in re.split(r"(?<=[\w)])(?<![.\s]\w)[.;]\s+(?=[A-Z])", passage.plain):
            for pattern in _SAID:
                match = pattern.search(sentence)
                who = _ON.sub("", match["who"]).strip() if match else ""
                # who must keep to a policy, or answers for it as a board, is not who looks after it
                if who and _names_someone(who) and not is_governing(who):
                    yield passage.guess(who, 0.85)


def _names_someone(value: str) -> bool:
    if len(value) > _LONGEST_OWNER or find_dates(value):
        return False
    return len(value.split()) <= _MOST_WORDS and not re.search(
        r"(?i)\b(?:is|are|will|must|should|shall|to ensure|ensuring|has|have|everyone|everybody|all)\b", value
    )
