"""The title: what a document calls itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from governance.extract.dates import find_dates
from governance.extract.fields.labels import Fact, Label, is_label
from governance.extract.fields.schools import (
    begins_as_titles_do,
    begins_with_welsh_name,
    names_school_before_colon,
    without_school,
)
from governance.extract.fields.source import Guess, Line, Source
from governance.extract.titles import KIND_WORD, ONLY_KIND, clean_title, names_a_kind, names_more_than_a_kind

_COVER_LINES, _MOST_TITLE_LINES = 40, 4
_EDITION = re.compile(
    r"(?i)[\s,–(-]*(?:\b(?:version|v|issue)\.?\s*\d[\d.]*|\bdraft(?:\s+\d+)?|\b(?:19|20)\d\d(?:\s*[-–/]\s*(?:20)?\d\d)?|\(model\)|\bfinal)[)\s]*$"
)
_ACRONYMS = frozenset(
    "SEND SEN RSE RSHE ICT GDPR CCTV EYFS PE IT EAL KCSIE PSHE LAC HR DSE COSHH ECT NQT AI DBS MAT UK FOI PREVENT RE".split()
)
_SMALL = frozenset("a an and at by for from in of on or the to with".split())
_NOT_A_TITLE = re.compile(
    r"(?i)\b(?:this|these|is|are|was|will|must|should|has|have|been|highly|please|see|reviewed|approved|adopted|ratified|updated|model|template)\b|^statutory\s+guidance|[.;]$"
)


def title(source: Source, facts: list[Fact]) -> Guess[str] | None:
    """The document's title, without school name, edition or year."""
    for fact in facts:
        if (
            fact.label is Label.TITLE
            and (fact.label_text.lower() != "policy" or ":" in fact.line.plain or names_a_kind(fact.value))
            and fact.value in fact.line.plain
            and 2 < len(fact.value) <= 120
            and not find_dates(fact.value)
        ):
            return fact.line.guess(_shown(fact.value), 0.95)
    cover = [line for line in source.filled() if len(line.plain) <= 150][:_COVER_LINES]
    headings = [line for line in cover[:8] if line.heading and _names_itself(line.plain)]
    plain = [line for line in cover if _is_title(line)]
    first = min([*headings[:1], *plain[:1]], key=lambda line: line.number, default=None)
    if first and headings and headings[0].plain.casefold() in first.plain.casefold():
        first = headings[0]  # what stands before it is a running head with more in it
    for best, confidence in (
        (first, 0.95 if first in headings else 0.9),
        (next((line for line in cover if line.heading and not is_label(line.plain)), None), 0.6),
        (next((line for line in cover[:4] if _stands_alone(line)), None), 0.5),
        (next((line for line in cover[:1] if _is_brief(line)), None), 0.3),
    ):
        if best is not None:
            parts = _over_several_lines(best, cover)
            shown = _shown(" ".join(parts))
            if begins_with_welsh_name(shown):  # where such a name ends cannot always be told
                confidence = min(confidence, 0.6)
            return best.guess(shown, min(confidence, 0.8) if _may_be_a_motto(parts) else confidence)
    return None


def _names_itself(words: str) -> bool:
    """A heading with the kind of a document in it, and more than that: "Principles" is a heading within one."""
    if _NOT_A_TITLE.search(words) or not KIND_WORD.search(words):
        return False
    return len(words.split()) > 1 or bool(ONLY_KIND.fullmatch(words))


def _is_brief(line: Line) -> bool:
    return len(line.plain.split()) <= 12 and line.plain[-1] not in ".;,"


def _stands_alone(line: Line) -> bool:
    """A short line of capitalised words on the cover that is not the school's name."""
    words = line.plain.split()
    capitals = [word for word in words if word[0].isupper() or word.lower() in _SMALL]
    return (
        1 < len(words) <= 10
        and len(capitals) >= len(words) - 2
        and line.plain[0].isupper()
        and line.plain[-1] not in ".:;,"
        and not _SCHOOL_NAME.search(line.plain)
        and not find_dates(line.plain)
        and not is_label(line.plain)
    )


def _is_title(line: Line) -> bool:
    words = line.plain
    if ONLY_KIND.fullmatch(words):
        return True
    if names_school_before_colon(words) and not line.bulleted:
        return True
    if any(map(is_label, line.cells[1:])) or ": " in words or words.endswith(":") or _NUMBERED_POLICY.fullmatch(words):
        return False
    if (
        line.bulleted
        or (line.numbered and not words.isupper())
        or len(words) > 110
        or len(words.split()) > 16
        or not KIND_WORD.search(words)
    ):
        return False
    return not _NOT_A_TITLE.search(words) and not is_label(words.split(":")[0] if ":" in words else words)


def _may_be_a_motto(parts: Sequence[str]) -> bool:
    """Whether the first of several lines was only thought to begin the title because of its first word."""
    return (
        len(parts) > 1
        and not _GOES_ON.search(parts[0])
        and not any(ONLY_KIND.fullmatch(_without_edition(part)) or _CARRIES_ON.fullmatch(part) for part in parts[1:])
    )


def _over_several_lines(best: Line, cover: Sequence[Line]) -> list[str]:
    """A title that runs over lines: "Health and Safety" above "Policy", "Reserves and" above "Investment Policy"."""
    place = list(cover).index(best)
    following = cover[place + 1] if place + 1 < len(cover) else None
    if following and following.number - best.number <= 2 and _carries_on(best.plain, following):
        return [best.plain, following.plain]
    parts = [best.plain]
    while place and len(parts) < _MOST_TITLE_LINES and _belongs_above(cover[place - 1], cover[place], parts[0]):
        place -= 1
        parts.insert(0, cover[place].plain)
    return parts


def _carries_on(words: str, following: Line) -> bool:
    if _GOES_ON.search(words):
        return len(following.plain.split()) <= 8 and not following.numbered and not is_label(following.plain)
    return bool(_CARRIES_ON.fullmatch(following.plain))


def _belongs_above(above: Line, below: Line, first: str) -> bool:
    """Whether a line is the beginning of a title that goes on below it with the words `first`."""
    if below.number - above.number <= 2 and (_GOES_ON.search(above.plain) or _broken_off(above.plain, first)):
        return True
    return (
        bool(ONLY_KIND.fullmatch(_without_edition(first)))
        and not re.search(r"(?i)\b(?:school|academy|college|trust|federation)$", above.plain)
        and not begins_with_welsh_name(above.plain)
        and not find_dates(above.plain)
        and ":" not in above.plain
    )


def _broken_off(above: str, first: str) -> bool:
    """ "Special Educational" above "Needs Policy": where titles begin, and in the middle of one."""
    return (
        len(above.split()) <= 4
        and begins_as_titles_do(above)
        and not (begins_as_titles_do(first) or ONLY_KIND.fullmatch(_without_edition(first)))
        and above == above.strip(".:;,")
        and not (KIND_WORD.search(above) or _SCHOOL_NAME.search(above) or find_dates(above) or is_label(above))
    )


_CODE_BEFORE = re.compile(
    r"^(?:(?=[A-Z]*\d)[A-Z\d]{1,5}(?:[/.-](?=[A-Z]*\d)[A-Z\d]{1,5})*\s*[-–:]?\s+)(?=[A-Z])|^[-–]\s+"
)
_CODE_BEHIND = re.compile(r"\s*\((?=[^()]*\d)[A-Z\d/.-]{2,8}\)$")
_NUMBERED_POLICY = re.compile(r"(?i)policy\s+(?:no\.?\s*|number\s+)?\d+[a-z]?")
_SCHOOL_NAME = re.compile(
    r"(?i)\b(?:school|academy|college|trust|federation|primary|infants?|juniors?|nursery|partnership|council|church|ysgol|coleg|county)\b"
)
_CARRIES_ON = re.compile(rf"(?i)(?:and|&)\s+(?:[\w'&-]+\s+){{0,4}}{KIND_WORD.pattern.removeprefix('(?i)')}")
_GOES_ON = re.compile(r"(?i)^(?!.*[.:]).{2,60}(?:\b(?:and|&|for|of|the|in|with|on|to)|/)$")


def _shown(text: str) -> str:
    text = without_school(_without_edition(_without_code(clean_title(text))))
    return _in_title_case(text) if text.isupper() else text


def _without_code(text: str) -> str:
    """Without the number a school files it under: "A6/B2 Child Protection Policy", "Anti-Bullying Policy (W045)"."""
    shorter = _CODE_BEHIND.sub("", _CODE_BEFORE.sub("", text)).strip(" -–")
    return shorter if names_more_than_a_kind(shorter) else text


def _without_edition(text: str) -> str:
    for _ in range(3):
        for _, (start, end) in find_dates(text):
            if end >= len(text.rstrip(" )")) and start > 3:
                text = text[:start].rstrip(" (-–,|")
        shorter = _EDITION.sub("", text).strip()
        if shorter == text or not shorter or ONLY_KIND.fullmatch(shorter):
            break
        text = shorter
    return text


def _in_title_case(text: str) -> str:
    return " ".join(_cased(place, word) for place, word in enumerate(text.split()))


def _cased(place: int, word: str) -> str:
    bare = re.sub(r"\W", "", word)
    if bare in _ACRONYMS:
        return word
    if place and bare.lower() in _SMALL:
        return word.lower()
    return "-".join(
        part[:1] + part[1:].lower() if part[:1].isalpha() else part.capitalize() for part in word.split("-")
    )
