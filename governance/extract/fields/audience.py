"""Whom a document covers, from what it says of its own scope."""

from __future__ import annotations

import re
from collections.abc import Iterator

from governance.extract.fields.labels import Fact, Label
from governance.extract.fields.source import Guess, Line, Source

# The order is that of the default staff categories; codes below the line are not staff.
AUDIENCES = (
    "headteacher",
    "leadership",
    "teachers",
    "support_staff",
    "administrators",
    "governors",
    "fixed_term",
    "casual",
    "agency",
    "volunteers",
    "contractors",
    "pupils",
    "parents",
    "all_staff",
)
# What is taken out first, so that no group is seen in it.
_NO_GROUP = (
    r"(?:working|work|works|contact|engage|unsupervised)\s+(?:directly\s+)?with\s+(?:\w+\s+){0,2}(?:pupils|students|parents|children)",
    r"(?:reports?|responsible|accountable|provided|available|relating)\s+to\s+(?:the\s+|our\s+)?(?:governors|head\s?teacher|parents|pupils|staff)",
    r"(?<=\w\s)of\s+(?:the\s+|our\s+)?(?:children|pupils|students)\b",
    r"(?:placement|work\s+experience|pgce|trainee)\s*(?:/\s*[\w\s]{2,20})?\s+students?",
    r"including\s+(?:newly\s+qualified|early\s+career|trainee)\s+teachers?",
    r"(?:student|trainee)\s+teachers?|pupil\s+premium|parents?'?\s+evenings?|looked[- ]after\s+\w+",
)
# The first that fits at a place is taken, so "supply teachers" and "teaching assistants" stand above "teachers".
_GROUPS: dict[str, tuple[str, ...]] = {
    "leadership": (
        r"(?:deputy|assistant|vice)\s+(?:head\s?teachers?|heads?|principals?)",
        r"senior\s+leadership(?:\s+teams?)?(?:\s+members)?",
        r"senior\s+(?:leaders|management(?:\s+team)?|managers|staff)",
        r"leadership\s+team|slt|school\s+leaders|middle\s+leaders",
    ),
    "headteacher": (r"(?:executive\s+)?head\s?teachers?", r"(?:executive\s+)?principals?"),
    "agency": (
        r"agency\s*(?:/|and|or|&)\s*supply(?:\s+(?:staff|teachers?|workers?))?",
        r"agency\s+(?:staff|workers?|teachers?|employees|and\s+supply)",
        r"supply\s+(?:staff|teachers?|workers?|cover)",
        r"agency(?:\s*/\s*supply)?|supply",
    ),
    "casual": (
        r"casual\s+(?:staff|workers?|employees)|casuals|zero[- ]hours\s+\w+",
        r"casual(?=\s*(?:,|and|or|&)\s*(?:agency|supply|temporary))",
    ),
    "fixed_term": (
        r"part[- ]time(?:\s+(?:staff|employees|workers))?",
        r"fixed[- ]term(?:\s+(?:staff|employees|workers))?",
        r"temporary\s+(?:staff|employees|workers)",
    ),
    "support_staff": (
        r"support\s+staff|non-?\s?teaching(?:\s+staff|\s+employees)?|associate\s+staff",
        r"teaching\s+assistants?|learning\s+support\s+assistants?",
        r"midday\s+(?:supervisors|assistants)|lunchtime\s+\w+|site\s+(?:staff|team)|caretakers?",
    ),
    "administrators": (
        r"administrators?|office\s+staff|clerical\s+staff",
        r"admin(?:istrative|istration)?\s+(?:staff|team|officers|assistants)",
    ),
    "volunteers": (r"volunteers?(?:\s+helpers)?|parent\s+helpers",),
    "governors": (
        r"governors?|trustees?|board\s+members",
        r"(?:members\s+of\s+the\s+)?governing\s+(?:body|bodies|boards?)(?:\s+members)?",
    ),
    "contractors": (r"(?:sub-?)?contractors|consultants",),
    "pupils": (r"pupils?|students?|learners?|(?:all\s+)?children",),
    "parents": (r"parents?(?:\s*(?:/|and|or|&)\s*carers?)?|carers?|families",),
    "teachers": (
        r"(?:class\s+|subject\s+|qualified\s+|early\s+career\s+)?teachers|ects?",
        r"(?<!non-)(?<!non )teaching\s+staff",
        r"(?<!non-)(?<!non )teaching(?=\s+(?:and|or|&|/)\s+(?:non-?\s?teaching|support\s+staff))",
    ),
    "all_staff": (
        r"(?:all|every)\s+(?:\w+\s+)?(?:staff|employees|members?\s+of\s+(?:the\s+)?(?:school\s+)?staff|colleagues|workers|adults)",
        r"(?:every|any)one\s+(?:who\s+works|working|employed)",
        r"all\s+(?:those|people|persons|individuals|adults)\s+(?:who\s+work|working|employed)",
        r"(?:(?:whole|entire)[- ])?(?:school\s+)?staff(?:\s+members)?|members\s+of\s+staff|employees|workforce",
    ),
}
_WORDS = [("", pattern) for pattern in _NO_GROUP]
_WORDS += [(code, pattern) for code, patterns in _GROUPS.items() for pattern in patterns]
_MENTION = re.compile(
    "(?i)" + "|".join(rf"(?P<w{number}>\b(?:{pattern})(?!\w))" for number, (_, pattern) in enumerate(_WORDS))
)
_SCOPE = re.compile(
    r"(?i)\b(?:(?:policy|procedure|code|guidance|document|plan|it|agreement|handbook|and|which|statement|notice|report|protocol|scheme)\s+(?:therefore\s+|also\s+|document\s+|of\s+conduct\s+)?"
    r"(?:appl(?:y|ies)(?:\s+equally)?\s+to|covers|is\s+(?:(?:intended\s+|written\s+|designed\s+|meant\s+)?for|aimed\s+at|applicable\s+to)|is\s+binding\s+on|extends\s+to|"
    r"must\s+be\s+(?:read|followed|signed)(?:\s+and\s+\w+)?\s+by|relates\s+to|concerns)|appl(?:y|ies)\s+to|"
    r"(?:required|expected)\s+to\s+(?:read|sign)\b|scope\s+of\s+(?:this|the)\s+policy\s+(?:is|includes|covers))\s*(?P<rest>.*)"
)
_OURS = re.compile(r"(?i)\b(?:this|our|the\s+school's)\b")
_NOT = re.compile(r"(?i)\b(?:does|do|will|shall)\s+not\s*$")
# "Agency workers and volunteers are not."
_LEFT_OUT = re.compile(r"(?i)[^.;]*\b(?:is|are)\s+not(?:\s+(?:covered|included|part\s+of\s+it))?\s*(?:[.;]|$)")
_EXCEPT = re.compile(
    r"(?i)\b(?:except(?:ing)?(?:\s+for)?|excluding|other\s+than|but\s+(?:does\s+)?not|apart\s+from|with\s+the\s+exception\s+of|unless|does\s+not\s+apply)\b.*"
)
_AIMED_AT_NO_ONE = re.compile(
    r"(?i)^(?:the\s+)?(?:use|uses|any\s+use|all\s+(?:[\w-]+\s+){0,5}?(?:use|aspects|areas|activities|forms|uses|equipment|data|information|personal|devices|documents)|activities|allegations|situations|incidents|concerns|behaviour|conduct|personal\s+data)\b"
)
_ON_LAW = re.compile(
    r"(?i)^(?:the\s+)?(?:following\s+)?(?:\w+\s+)?(?:legislation|laws?|acts?|regulations|guidance|statut\w+)\b"
)
_GROUP_INTRO = re.compile(
    r"(?i)\b(?:all|any)\s+(?:individuals|persons|people|workers|those)\b[^:]{0,80}\b(?:including|comprising|such\s+as|namely)\b|(?:collectively|together|hereafter)\s+(?:called|known\s+as|referred\s+to\s+as)\s+[\"'\u201c\u2018]?\w+"
)
_GROUP_FIRST = re.compile(r"(?i)(?:all|any|every|whole|staff|teach|governor|pupil|employee|volunteer)")
_MUST = re.compile(
    r"(?i)\b(?P<who>all\s+(?:\w+\s+){0,3}(?:staff|employees)[^.;]{0,80})\s+(?:must|are\s+(?:expected|required)\s+to|should)\s+(?:read|comply|follow|adhere|sign)\b"
)


def audience(source: Source, facts: list[Fact]) -> tuple[Guess[str], ...]:
    """The groups covered, as codes in the order of AUDIENCES.

    A list of groups after "all individuals … including" is the list, and not everybody besides. Groups that a sentence
    leaves out ("except volunteers", "does not apply to pupils") are left out.
    """
    labelled = [
        (fact.line, fact.value, 0.95)
        for fact in facts
        if fact.label is Label.AUDIENCE
        and not _SCOPE.search(fact.value)
        and (fact.label_text.lower() != "scope" or _GROUP_FIRST.match(fact.value))
    ]
    for statements in (labelled, list(_scope(source)), list(_duties(source))):
        found: dict[str, Guess[str]] = {}
        for line, words, confidence in statements:
            for code in groups_in(words):
                found.setdefault(code, line.guess(code, confidence))
        if found:
            return tuple(found[code] for code in AUDIENCES if code in found)
    return ()


def groups_in(words: str) -> set[str]:
    """The codes of the groups that a phrase names."""
    words = _EXCEPT.sub("", _LEFT_OUT.sub("", words))
    named = {_WORDS[number][0] for number in _numbers(_GROUP_INTRO.sub(" ", words))} - {""}
    return named or ({_WORDS[number][0] for number in _numbers(words)} - {""})


def _numbers(words: str) -> Iterator[int]:
    for match in _MENTION.finditer(words):
        if match.lastgroup:
            yield int(match.lastgroup[1:])


def _scope(source: Source) -> Iterator[tuple[Line, str, float]]:
    passages = source.passages
    for position, passage in enumerate(passages):
        for sentence in _sentences(passage.plain):
            match = _SCOPE.search(sentence)
            if match is None or _NOT.search(sentence[: match.start("rest")].rsplit(" apply", 1)[0]):
                continue
            rest = match["rest"]
            if re.search(r"(?i)\b(?:if|where|when|unless)\s+$", sentence[: match.start()]):
                continue
            if match[0].lower().startswith("which") and not _OURS.search(sentence[: match.start()]):
                continue
            if _AIMED_AT_NO_ONE.match(rest) or _ON_LAW.match(rest):
                continue
            yield passage, rest, 0.9
            if sentence.rstrip().endswith(":") or not rest.strip():
                yield from ((item, item.plain, 0.9) for item in _list_below(passages[position + 1 : position + 25]))


def _list_below(passages: tuple[Line, ...]) -> Iterator[Line]:
    for passage in passages:
        if not passage.bulleted and not passage.numbered:
            return
        if len(passage.plain) > 120:
            return
        yield passage


def _duties(source: Source) -> Iterator[tuple[Line, str, float]]:
    for passage in source.passages:
        for match in _MUST.finditer(passage.plain[:2000]):
            yield passage, match["who"], 0.5


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.;])\s+(?=[A-Z])", text)
