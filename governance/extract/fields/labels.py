"""Facts set out as a label and its value: "Approved by: Governing Body", a table's cells, a label above its value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest

from governance.extract.dates import find_dates
from governance.extract.fields.bodies import BODY
from governance.extract.fields.source import Line, Source, is_day

_ON = r"(?:\s+(?:date|due|on|in|by|at|is))*"
_DECIDED = (
    r"(?:adopted|approved|ratified|agreed|accepted|authorised|signed\s+off|endorsed|adoption|approval|ratification|authorisation|"
    r"approving|ratifying)"
)
_REVIEWED = r"(?:reviewed|updated|revised|amended)"


class Label(StrEnum):
    """The labels that schools put on the facts of a policy; the value is how each is recognised."""

    NEXT_REVIEW = (
        r"(?:(?:proposed|planned|scheduled|agreed)\s+)?(?:(?:date\s+(?:of|for)\s+)?(?:the\s+)?next\s+(?:scheduled\s+|policy\s+|full\s+)?"
        r"(?:review|revision|update)"
        + _ON
        + r"|(?:policy\s+)?(?:review|renewal)\s+(?:is\s+)?(?:due|by|before)"
        + _ON
        + r"|"
        r"(?:policy\s+)?(?:due\s+(?:for|to\s+be)|to\s+be|date\s+to\s+be|will\s+be)\s+(?:next\s+)?review(?:ed)?(?:\s+again)?"
        + _ON
        + r"|"
        r"(?:planned|proposed|scheduled)\s+review"
        + _ON
        + r"|date\s+for\s+(?:re-?adoption|renewal)|next\s+approval(?:\s+date)?|expires|valid\s+until"
        + _ON
        + r"|(?:renewal|expiry|review\s+due)\s+date|date\s+due\s+for\s+review)"
    )
    FREQUENCY = (
        r"(?:(?:policy\s+)?(?:review|renewal)\s+(?:frequency|cycle|period|schedule|interval)|(?:frequency|cycle)(?:\s+of\s+review)?|"
        r"reviewed\s+every|how\s+often\s+(?:it\s+is\s+)?reviewed)"
    )
    REVIEWED = (
        r"(?:(?:date\s+(?:of\s+)?)?(?:the\s+)?(?:last|latest|most\s+recent(?:ly)?|previous)\s+(?:policy\s+)?(?:"
        + _REVIEWED
        + r"|review|update|revision|amendment)"
        + _ON
        + r"|(?:date\s+)?(?:policy\s+|document\s+)?"
        + _REVIEWED
        + r"(?:\s*(?:and|/|&)\s*"
        + _REVIEWED
        + r")?(?:\s+(?:date|on|in|by))*|date\s+(?:last\s+)?"
        + _REVIEWED
        + r"|"
        r"date\s+of\s+(?:revision|update|amendment)|"
        r"date\s+(?:of\s+)?review\s+(?:was\s+)?(?:approved|agreed|completed)(?:\s+by\s+(?:the\s+)?(?:" + BODY + r"))?)"
    )
    REVIEW_DATE = r"(?:policy\s+)?review(?:\s+dates?)?|date\s+(?:of|for)\s+(?:policy\s+)?review"
    DECIDED = (
        r"(?:(?:"
        + BODY
        + r")'?s?'?\s+)?(?:(?:date|policy|document|was|formally|last|first|final|signed|and)\s+(?:of\s+|for\s+|when\s+)?){0,4}"
        r"(?:last\s+)?"
        + _DECIDED
        + r"(?:\s*(?:/|and|&)\s*"
        + _DECIDED
        + r")?(?:\s+by\s+resolution\s+of)?(?:\s+(?:date|body|committee|on|by|at|in))*"
        r"(?:\s+(?:by\s+)?(?:the\s+)?(?:" + BODY + r"))?(?:\s+(?:on|date|meeting|at))*(?:\s*\((?:date|name)\))?"
    )
    OWNER = (
        r"(?:(?:policy|document)\s+(?:owner|lead|holder|manager|co-?ordinator|author\s+and\s+owner)|lead\s+staff|author\s*/\s*owner|"
        r"person\s+responsible\s+for\s+(?:its|the|this)\s+(?:revision|review|updating)|responsible\s+slt|slt\s+link|owner(?:\s+of\s+(?:the\s+)?policy)?|owned\s+by|"
        r"(?:person|officer|member\s+of\s+staff|staff\s+member|staff|post|postholder|governor\s+and\s+staff|slt\s+member|lead)\s+responsible(?:\s+for\s+(?:this\s+|the\s+)?(?:policy|review\w*))?|"
        r"responsible\s+(?:person|officer|post|postholder|member\s+of\s+staff|staff|lead|owner|slt\s+member)(?:\(s\)|s)?|"
        r"(?:lead|named)\s+(?:person|member\s+of\s+staff|officer)|(?:slt\s+|staff\s+|leadership\s+)?lead|"
        r"(?:responsibility(?:\s+(?:of|for))?|responsible\s+for)(?:\s+(?:this|the))?(?:\s+policy)?)"
    )
    VERSION = (
        r"(?:document\s+|policy\s+|current\s+)?(?:version|issue|edition)(?:\s*(?:no\.?|number|ref\.?|control))?|"
        r"rev(?:ision)?\.?(?:\s+(?:no\.?|number))?"
    )
    TITLE = (
        r"(?:this\s+policy\s+is\s+called|(?:policy|document)\s+(?:title|name)|title(?:\s+of\s+(?:the\s+)?(?:policy|document))?|"
        r"name\s+of\s+(?:the\s+)?(?:policy|document)|policy)"
    )
    AUDIENCE = (
        r"(?:(?:target\s+|intended\s+)?(?:audience|readership)|(?:policy\s+)?appli(?:es|cable)\s+to|for\s+(?:the\s+)?attention\s+of|"
        r"who\s+(?:must|should|needs\s+to)\s+read\s+(?:this|it|this\s+policy)|who\s+(?:this|the)\s+policy\s+applies\s+to|"
        r"who\s+(?:this\s+|the\s+policy\s+)?(?:is\s+for|is\s+covered(?:\s+by\s+(?:the|this)\s+policy)?)|distribution|staff\s+covered|scope|"
        r"who\s+(?:does|do|is)\s+(?:this|the)\s+(?:policy|procedure)\s+(?:apply\s+to|for|cover))"
    )
    RELATED = (
        r"(?:(?:related|linked|associated|relevant|supporting|other|connected|key)\s+(?:school\s+|key\s+|relevant\s+)?"
        r"(?:policies|documents|documentation|procedures|policy)"
        r"(?:\s*(?:and|/|&|,)\s*(?:policies|documents|documentation|procedures|guidance|legislation))*|"
        r"see\s+also|(?:links?|linked)\s+(?:to|with)\s+(?:other\s+)?(?:policies|documents)(?:\s+and\s+\w+)?|cross[- ]references?(?:\s+to)?|"
        r"read\s+(?:in\s+conjunction|alongside|together)\s+with|in\s+conjunction\s+with)"
    )
    DATE = r"dated?|on"
    OTHER = (
        r"author|written\s+by|prepared\s+by|created(?:\s+(?:on|by))?|signed(?:\s+by)?|signature|chair(?:\s+of\s+governors)?|head\s?teacher|principal|"
        r"status|department|school|reference|ref|date\s+(?:of\s+)?(?:issue|publication|written|created)|issued|published|website|minute(?:\s+ref\w*)?|comments?|changes?|"
        r"co-?ordinator|responsible\s+(?:body|committee)|(?:nominated|link|lead)\s+governor|statutory(?:\s+policy)?|name|role|position|page|by|amendments?|revisions?|notes?|"
        r"(?:summary|details?|description|nature|reasons?)(?:\s+(?:of|for)(?:\s+the)?\s+(?:changes?|amendments?|updates?|revisions?))?"
    )


_KNOWN = "|".join(f"(?:{label.value})" for label in Label)
_WITH_COLON = re.compile(rf"(?i)(?:^|(?<=[\s.;,(]))(?P<label>{_KNOWN})\s*(?:\([^()]{{0,40}}\))?\s*(?::|[-–—](?=\s))\s*")
_WHOLE = re.compile(rf"(?i)(?:{_KNOWN})\s*[:?]?")
_OF = {label: re.compile(rf"(?i)(?:{label.value})") for label in Label}
_BLANK = re.compile(
    r"(?i)[\s_.…\-–/]*(?:\[[^\]]*\]|<[^>]*>|t\.?b\.?[acd]\.?|n/?a|none|insert .*|date|name)?[\s_.…\-–/]*"
)
# Words that are labels only at the beginning: "Governor lead" and "Type of policy" are others.
_ONLY_FIRST = frozenset({"lead", "policy", "title", "scope", "distribution"})
# Who is responsible or leads in one of these is not whose document it is.
_ROLE = re.compile(
    r"(?i)\b(?:designated|deputy|nominated|safeguarding|protection|safety|welfare|aid|medical|fire|governor|link|needs|inclusion|"
    r"d?dsl|dpo|senc?o?|send|pastoral|behaviour|attendance|trained)\s+$"
)
_SOMEBODY = re.compile(rf"(?i)(?:the\s+)?(?:{BODY})")
_BEGINS_ANEW = re.compile(rf"(?i){_DECIDED}\s+(?:by|on)\b")
_LONGEST_LABEL_LINE = 400
_LONGEST_VALUE = 400


@dataclass(frozen=True)
class Fact:
    """A label and the value beside, below or after it."""

    label: Label
    label_text: str
    value: str
    line: Line


def facts(source: Source) -> list[Fact]:
    """Every labelled value in reading order; blanks to be filled in are left out."""
    return [fact for fact in labels(source) if not _BLANK.fullmatch(fact.value)]


def unfilled(source: Source) -> list[Fact]:
    """Labels with a line, brackets or dots beside them that somebody was to write over."""
    return [fact for fact in labels(source) if _BLANK.fullmatch(fact.value) and re.search(r"[_….\[<]", fact.value)]


def labels(source: Source) -> list[Fact]:
    """Every label in reading order with what stands beside, below or after it, be it nothing."""
    lines = list(source.filled())
    found: list[Fact] = []
    heads: tuple[str, ...] = ()
    for position, line in enumerate(lines):
        if len(line.plain) > _LONGEST_LABEL_LINE:
            heads = ()
            continue
        if heads and len(line.cells) == len(heads) and not _ends_table(line, lines[position + 1 :]):
            found.extend(_facts_below(heads, line))
            continue
        heads = line.cells if _heads_table(line, lines[position + 1 :]) else ()
        if not heads:
            below = lines[position + 1] if position + 1 < len(lines) else None
            found.extend(_facts_of(line, below))
    return found


def is_label(text: str) -> bool:
    """Whether a piece of text is only a label."""
    return bool(_WHOLE.fullmatch(text.strip()))


def _facts_below(heads: tuple[str, ...], line: Line) -> Iterator[Fact]:
    """A row under its heads. In a table of versions the date of a row is the day of a change."""
    known = [_fact(head, cell, line) for head, cell in zip(heads, line.cells, strict=True) if _WHOLE.fullmatch(head)]
    labels_known = {fact.label for fact in known}
    of_versions = Label.VERSION in labels_known and Label.DECIDED not in labels_known
    for fact in known:
        yield replace(fact, label=Label.REVIEWED) if of_versions and _dates_a_change(fact) else fact


def _dates_a_change(fact: Fact) -> bool:
    return fact.label is Label.DATE or (fact.label is Label.OTHER and "date" in fact.label_text.lower())


def _heads_table(line: Line, following: Sequence[Line]) -> bool:
    """Labels side by side, above a row of as many cells. A body or a date among them is a value: such a row is of pairs."""
    if len(line.cells) < 2 or ":" in line.plain or not following or len(following[0].cells) != len(line.cells):
        return False
    if len(line.cells) == 2 and not (all(map(is_label, line.cells)) and not any(map(is_label, following[0].cells))):
        return False
    known = [cell for cell in line.cells if _WHOLE.fullmatch(cell) and not _SOMEBODY.fullmatch(cell)]
    return len(known) >= len(line.cells) - 1 and not find_dates(line.plain)


def _ends_table(line: Line, following: Sequence[Line]) -> bool:
    """The row is no more of the table above it: it begins with a label, or is the heads of the next one."""
    return is_label(line.cells[0]) or _heads_table(line, following)


def _facts_of(line: Line, below: Line | None) -> Iterator[Fact]:
    cells = [cell for cell in line.cells if cell]
    for place, cell in enumerate(cells):
        # most lines of a long document have neither sign, and looking for the labels costs much more than looking for it
        found = _WITH_COLON.finditer(cell) if any(sign in cell for sign in ":-–—") else iter(())
        splits = [one for one in found if not one.start() or not _is_of_another(one)]
        for split, following in zip_longest(splits, splits[1:]):
            value = cell[split.end() : following.start() if following else len(cell)]
            last = following is None
            if last and not value.strip():
                value = _next_value(cells, place, below)
            yield _fact(split["label"], value, line)
        if not splits and _WHOLE.fullmatch(cell):
            yield _fact(cell, _next_value(cells, place, below), line)


def _is_of_another(split: re.Match[str]) -> bool:
    """A label that what stands before it makes another: "Type of policy:", "Safeguarding named person:"."""
    words = split["label"].lower()
    if words in _ONLY_FIRST:
        return True
    of_someone = _OF[Label.OWNER].fullmatch(words) and not re.search(r"owner|policy|document", words)
    return bool(of_someone and _ROLE.search(split.string[: split.start()]))


def _next_value(cells: list[str], place: int, below: Line | None) -> str:
    if place + 1 < len(cells):
        beside = cells[place + 1]
        if _WITH_COLON.match(beside) or (is_label(beside) and not _SOMEBODY.fullmatch(beside)):
            return ""
        when = cells[place + 2] if place + 2 < len(cells) else ""
        # a row of three: "Approved by | Head of School | 13 October 2022", or the day first
        if is_day(beside) and _SOMEBODY.fullmatch(when):
            return f"{beside} by {when}"
        return f"{beside} {when}" if is_day(when) and not find_dates(beside) else beside
    if (
        place == 0
        and below is not None
        and len(below.cells) == 1
        and not (below.heading or below.numbered or below.bulleted)
    ):
        if _WITH_COLON.match(below.plain) or _BEGINS_ANEW.match(below.plain):
            return ""
        return "" if is_label(below.plain) and not _SOMEBODY.fullmatch(below.plain) else below.plain
    return ""


def _fact(label_text: str, value: str, line: Line) -> Fact:
    words = label_text.strip(" :?")
    label = next((label for label, pattern in _OF.items() if pattern.fullmatch(words)), Label.OTHER)
    return Fact(label, words, value.strip(" \t;|")[:_LONGEST_VALUE], line)
