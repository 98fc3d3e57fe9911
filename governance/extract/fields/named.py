"""Title, version and owner: what a document calls itself and whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from governance.extract.dates import find_dates
from governance.extract.fields.labels import Fact, Label, is_label
from governance.extract.fields.source import Guess, Line, Source
from governance.extract.titles import clean_title, names_a_kind

_COVER_LINES = 40
_KIND_WORD = re.compile(
    r"(?i)\b(?:polic(?:y|ies)|procedures?|statement|plan|code\s+of\s+(?:conduct|practice)|agreement|guid(?:ance|elines)|scheme|strategy|"
    r"protocol|handbook|charter|principles|arrangements|notice|report|register)\b"
)
_ONLY_KIND = re.compile(
    r"(?i)(?:polic(?:y|ies)|procedures?|statement|plan|guidance|policy\s+(?:and|&)\s+procedures?|policy\s+(?:statement|document))"
)
_SCHOOL_THEN_TITLE = re.compile(
    r"^(?P<name>(?:[\w'&.-]+\s+){1,6}?(?:School|Academy|College|Trust|Federation|Partnership|Primary|Infants?|Juniors?)(?:s|'s)?"
    r"(?:\s+(?:Trust|Academy|School|Federation|Partnership))*)\b[\s:,–|-]+(?P<title>.+)$"
)
_NO_NAME = {
    "whole",
    "after",
    "before",
    "pre",
    "out",
    "home",
    "the",
    "our",
    "your",
    "this",
    "off",
    "in",
    "between",
    "of",
    "for",
    "to",
    "at",
    "on",
    "use",
}
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

_VERSION_LINE = re.compile(
    r"(?i)^(?:version|issue|edition|revision|v)\s*(?:no\.?|number)?\s*[:.]?\s*(?P<label>\d{1,3}(?:\.\d{1,3}){0,2}[a-z]?)\b(?!\s*\w+ing)"
)
_VERSION_IN_TITLE = re.compile(r"(?i)\b(?:version\s+|v\.?\s?|issue\s+)(?P<label>\d{1,3}(?:\.\d{1,3}){0,2})\b")
_VERSION_VALUE = re.compile(
    r"(?i)^v?\.?\s*(?P<label>(?:(?:draft|final)\s*)?\d{1,3}(?:\.\d{1,3}){0,2}[a-z]?|draft|final)\b"
)
_OWNED_BY = re.compile(
    r"(?i)\bthe\s+policy\s+(?:owner|lead)\s+is\s+(?:the\s+)?(?P<who3>[^.;,]{3,80})|"
    r"\b(?:this|the)\s+policy\s+is\s+owned\s+by\s+(?:the\s+)?(?P<who>[^.;,]{3,80})|"
    r"^(?:the\s+)?(?P<who4>[A-Z][\w' -]{3,60}?)\s+(?:is|are)\s+responsible\s+for\s+this\s+policy"
    r"(?=\s*(?:[.;]|$|and\s+(?:for\s+)?(?:its|keeping|reviewing)))|"
    r"\b(?:the\s+)?(?P<who2>[\w' -]{3,60}?)\s+is\s+the\s+(?:policy\s+)?owner\s+of\s+this\s+policy"
)
_OWNER_LINE = re.compile(
    r"(?:(?:[Pp]olicy )?[Oo]wner|[Pp]olicy [Ll]ead) (?P<who>[A-Z][\w'&-]*(?: (?:of|and|for|the|[A-Z][\w'&()-]*)){0,5})"
)
_LONGEST_OWNER = 100


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
            return best.guess(_shown(_with_line_above(best, cover)), confidence)
    return None


def _names_itself(words: str) -> bool:
    """A heading with the kind of a document in it, and more than that: "Principles" is a heading within one."""
    if _NOT_A_TITLE.search(words) or not _KIND_WORD.search(words):
        return False
    return len(words.split()) > 1 or bool(_ONLY_KIND.fullmatch(words))


def _is_brief(line: Line) -> bool:
    return len(line.plain.split()) <= 12 and line.plain[-1] not in ".;,"


def version_label(source: Source, facts: list[Fact]) -> Guess[str] | None:
    """The edition the document gives itself, without the word version: "2.1", "Draft 3"."""
    stated = [
        fact.line.guess(match["label"], 0.95)
        for fact in facts
        if fact.label is Label.VERSION and (match := _VERSION_VALUE.match(fact.value))
    ]
    if stated:
        return max(stated, key=lambda guess: (_figures(guess.value), -guess.line))
    lines = list(source.filled())
    for line in [*lines[:_COVER_LINES], *lines[-10:]]:
        pieces = [piece for piece in line.pieces if len(piece) <= 60]
        found = [match for piece in pieces if (match := _VERSION_LINE.match(piece))]
        match = max(found, key=lambda one: _figures(one["label"]), default=None)
        if match is None and len(line.plain) <= 100:
            match = _VERSION_IN_TITLE.search(line.plain) if _KIND_WORD.search(line.plain) else None
        if match:
            return line.guess(match["label"], 0.85)
    return None


def owner(source: Source, facts: list[Fact]) -> Guess[str] | None:
    """The post or person whose document it is, only where it says so."""
    for fact in facts:
        if fact.label is Label.OWNER and _names_someone(fact.value):
            return fact.line.guess(fact.value.strip(" .,;"), 0.9)
    for line in source.filled():
        match = _OWNER_LINE.fullmatch(line.plain)
        if match:
            return line.guess(match["who"], 0.8)
    for passage in source.passages:
        match = _OWNED_BY.search(passage.plain)
        if match:
            return passage.guess((match["who"] or match["who2"] or match["who3"] or match["who4"]).strip(), 0.85)
    return None


def _names_someone(value: str) -> bool:
    if len(value) > _LONGEST_OWNER or find_dates(value):
        return False
    return len(value.split()) <= 12 and not re.search(
        r"(?i)\b(?:is|are|will|must|should|shall|to ensure|ensuring|has|have)\b", value
    )


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
    if _ONLY_KIND.fullmatch(words):
        return True
    if ": " in words or words.endswith(":") or _NUMBERED_POLICY.fullmatch(words):
        return False
    if (
        line.bulleted
        or (line.numbered and not words.isupper())
        or len(words) > 110
        or len(words.split()) > 16
        or not _KIND_WORD.search(words)
    ):
        return False
    return not _NOT_A_TITLE.search(words) and not is_label(words.split(":")[0] if ":" in words else words)


def _with_line_above(best: Line, cover: Sequence[Line]) -> str:
    """A title that runs over two lines: "Health and Safety" above "Policy", "Reserves and" above "Investment Policy"."""
    place = list(cover).index(best)
    following = cover[place + 1] if place + 1 < len(cover) else None
    if following and following.number - best.number <= 2 and _CARRIES_ON.fullmatch(following.plain):
        return f"{best.plain} {following.plain}"
    if place and _GOES_ON.search(cover[place - 1].plain) and best.number - cover[place - 1].number <= 2:
        return f"{cover[place - 1].plain} {best.plain}"
    if _ONLY_KIND.fullmatch(_without_edition(best.plain)) and place > 0:
        above = cover[place - 1].plain
        if (
            not re.search(r"(?i)\b(?:school|academy|college|trust|federation)$", above)
            and not find_dates(above)
            and ":" not in above
        ):
            return f"{above} {best.plain}"
    return best.plain


_CODE_BEFORE = re.compile(
    r"^(?:(?=[A-Z]*\d)[A-Z\d]{1,5}(?:[/.-](?=[A-Z]*\d)[A-Z\d]{1,5})*\s*[-–:]?\s+)(?=[A-Z])|^[-–]\s+"
)
_CODE_BEHIND = re.compile(r"\s*\((?=[^()]*\d)[A-Z\d/.-]{2,8}\)$")
_NUMBERED_POLICY = re.compile(r"(?i)policy\s+(?:no\.?\s*|number\s+)?\d+[a-z]?")
_SCHOOL_NAME = re.compile(
    r"(?i)\b(?:school|academy|college|trust|federation|primary|infants?|juniors?|nursery|partnership|council|church|ysgol|county)\b"
)
_CARRIES_ON = re.compile(rf"(?i)(?:and|&)\s+(?:[\w'&-]+\s+){{0,4}}{_KIND_WORD.pattern.removeprefix('(?i)')}")
_GOES_ON = re.compile(r"(?i)^(?!.*[.:]).{2,60}\b(?:and|&|for|of|the|in|with|on|to)$")


def _shown(text: str) -> str:
    text = _without_school(_without_edition(_without_code(clean_title(text))))
    return _in_title_case(text) if text.isupper() else text


def _without_code(text: str) -> str:
    """Without the number a school files it under: "A6/B2 Child Protection Policy", "Anti-Bullying Policy (W045)"."""
    shorter = _CODE_BEHIND.sub("", _CODE_BEFORE.sub("", text)).strip(" -–")
    return shorter if _KIND_WORD.search(shorter) and not _ONLY_KIND.fullmatch(shorter) else text


def _without_edition(text: str) -> str:
    for _ in range(3):
        for _, (start, end) in find_dates(text):
            if end >= len(text.rstrip(" )")) and start > 3:
                text = text[:start].rstrip(" (-–,|")
        shorter = _EDITION.sub("", text).strip()
        if shorter == text or not shorter or _ONLY_KIND.fullmatch(shorter):
            break
        text = shorter
    return text


def _without_school(text: str) -> str:
    match = _SCHOOL_THEN_TITLE.match(text.title() if text.isupper() else text)
    if match is None:
        return text
    name, rest = match["name"].lower().split(), text[match.start("title") :]
    if (
        len(name) < 2
        or name[0] in _NO_NAME
        or name[-2] in _NO_NAME
        or not _KIND_WORD.search(rest)
        or _ONLY_KIND.fullmatch(rest)
    ):
        return text
    return rest


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


def _figures(label: str) -> tuple[int, ...]:
    return tuple(int(figure) for figure in re.findall(r"\d+", label))


def titles_named(text: str) -> Iterator[str]:
    """The titles in a piece of text that end by naming a kind of document."""
    return (clean_title(part) for part in re.split(r"[;,]", text) if names_a_kind(clean_title(part)))
