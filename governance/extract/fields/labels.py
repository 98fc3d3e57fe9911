"""Facts set out as a label and its value: "Approved by: Governing Body", a table's cells, a label above its value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from governance.extract.fields.bodies import BODY
from governance.extract.fields.source import Line, Source

_ON = r"(?:\s+(?:date|due|on|in|by|at|is))*"
_DECIDED = (
    r"(?:adopted|approved|ratified|agreed|accepted|authorised|adoption|approval|ratification|approving|ratifying)"
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
        r"date\s+of\s+(?:revision|update|amendment))"
    )
    REVIEW_DATE = r"(?:policy\s+)?review(?:\s+dates?)?|date\s+(?:of|for)\s+(?:policy\s+)?review"
    DECIDED = (
        r"(?:(?:"
        + BODY
        + r")'?s?'?\s+)?(?:(?:date|policy|document|formally|last|first|final|signed|and)\s+(?:of\s+|for\s+|when\s+)?){0,3}"
        r"(?:last\s+)?"
        + _DECIDED
        + r"(?:\s*(?:/|and|&)\s*"
        + _DECIDED
        + r")?(?:\s+(?:date|body|committee|on|by|at|in))*"
        r"(?:\s+(?:by\s+)?(?:the\s+)?(?:" + BODY + r"))?(?:\s+(?:on|date|meeting|at))*(?:\s*\((?:date|name)\))?"
    )
    OWNER = (
        r"(?:(?:policy|document)\s+(?:owner|lead|holder|author\s+and\s+owner)|owner(?:\s+of\s+(?:the\s+)?policy)?|owned\s+by|"
        r"(?:person|officer|member\s+of\s+staff|staff\s+member|staff|post|postholder|governor\s+and\s+staff|slt\s+member|lead)\s+responsible(?:\s+for\s+(?:this\s+|the\s+)?(?:policy|review\w*))?|"
        r"responsible\s+(?:person|officer|post|postholder|member\s+of\s+staff|staff|lead|owner|slt\s+member)(?:\(s\)|s)?|"
        r"(?:lead|named)\s+(?:person|member\s+of\s+staff|officer)|(?:slt|staff|leadership)\s+lead|"
        r"(?:responsibility(?:\s+(?:of|for))?|responsible\s+for)(?:\s+(?:this|the))?(?:\s+policy)?)"
    )
    VERSION = r"(?:document\s+|policy\s+|current\s+)?(?:version|issue|edition)(?:\s*(?:no\.?|number|ref\.?))?|revision\s+(?:no\.?|number)"
    TITLE = (
        r"(?:(?:policy|document)\s+(?:title|name)|title(?:\s+of\s+(?:the\s+)?(?:policy|document))?|"
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
        r"statutory(?:\s+policy)?|name|role|position|page"
    )


_KNOWN = "|".join(f"(?:{label.value})" for label in Label)
_WITH_COLON = re.compile(rf"(?i)(?:^|(?<=[\s.;,(]))(?P<label>{_KNOWN})\s*(?:\([^()]{{0,40}}\))?\s*(?::|[-–—](?=\s))\s*")
_WHOLE = re.compile(rf"(?i)(?:{_KNOWN})\s*[:?]?")
_OF = {label: re.compile(rf"(?i)(?:{label.value})") for label in Label}
_BLANK = re.compile(
    r"(?i)[\s_.…\-–/]*(?:\[[^\]]*\]|<[^>]*>|t\.?b\.?[acd]\.?|n/?a|none|insert .*|date|name)?[\s_.…\-–/]*"
)
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
    lines = list(source.filled())
    found: list[Fact] = []
    heads: tuple[str, ...] = ()
    for position, line in enumerate(lines):
        if len(line.plain) > _LONGEST_LABEL_LINE:
            heads = ()
            continue
        if heads and len(line.cells) == len(heads):
            found.extend(
                _fact(head, cell, line) for head, cell in zip(heads, line.cells, strict=True) if _WHOLE.fullmatch(head)
            )
            continue
        heads = (
            line.cells
            if _is_head_row(line) and position + 1 < len(lines) and len(lines[position + 1].cells) == len(line.cells)
            else ()
        )
        if not heads:
            below = lines[position + 1] if position + 1 < len(lines) else None
            found.extend(_facts_of(line, below))
    return [fact for fact in found if not _BLANK.fullmatch(fact.value)]


def is_label(text: str) -> bool:
    """Whether a piece of text is only a label."""
    return bool(_WHOLE.fullmatch(text.strip()))


def _is_head_row(line: Line) -> bool:
    known = [cell for cell in line.cells if _WHOLE.fullmatch(cell)]
    return len(line.cells) >= 3 and len(known) >= len(line.cells) - 1 and ":" not in line.plain


def _facts_of(line: Line, below: Line | None) -> Iterator[Fact]:
    cells = [cell for cell in line.cells if cell]
    for place, cell in enumerate(cells):
        splits = list(_WITH_COLON.finditer(cell))
        for split, following in zip_longest(splits, splits[1:]):
            value = cell[split.end() : following.start() if following else len(cell)]
            last = following is None
            if last and not value.strip():
                value = _next_value(cells, place, below)
            yield _fact(split["label"], value, line)
        if not splits and _WHOLE.fullmatch(cell):
            yield _fact(cell, _next_value(cells, place, below), line)


def _next_value(cells: list[str], place: int, below: Line | None) -> str:
    if place + 1 < len(cells):
        return "" if is_label(cells[place + 1]) or _WITH_COLON.match(cells[place + 1]) else cells[place + 1]
    if (
        place == 0
        and below is not None
        and len(below.cells) == 1
        and not (below.heading or below.numbered or below.bulleted)
    ):
        return "" if _WITH_COLON.match(below.plain) or is_label(below.plain) else below.plain
    return ""


def _fact(label_text: str, value: str, line: Line) -> Fact:
    words = label_text.strip(" :?")
    label = next((label for label, pattern in _OF.items() if pattern.fullmatch(words)), Label.OTHER)
    return Fact(label, words, value.strip(" \t;|")[:_LONGEST_VALUE], line)
