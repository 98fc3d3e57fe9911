"""The documents that a policy says it belongs with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from governance.extract.fields.labels import Fact, Label
from governance.extract.fields.legislation import legislation
from governance.extract.fields.source import Guess, Line, Source
from governance.extract.titles import clean_title, names_a_kind, title_key

_DOCUMENTS = r"(?:policies|policy|documents?|documentation|procedures?|policy\s+documents)"
_TRIGGER = re.compile(
    rf"(?i)\b(?:read\s+(?:this|the)\s+(?:policy|procedure|document|guidance)\s+(?:alongside|together\s+with)|(?:read|considered|used|viewed|operated?|taken|seen|implemented)\s+(?:in\s+conjunction|alongside|together|along)\s+(?:with)?|in\s+conjunction\s+with|"
    rf"read\s+with|(?:links?|linked|linking|relates?|connects?|cross[- ]references?)\s+(?:closely\s+|"
    rf"directly\s+)?(?:to|with)\s+(?:\w+\s+){{0,3}}?{_DOCUMENTS}|"
    rf"(?:policy|it|procedure|document)\s+(?:is\s+(?:also\s+)?(?:linked|related)|links|relates)\s+(?:closely\s+)?(?:to|with)|"
    rf"(?:related|linked|associated|supporting|connected)\s+(?:school\s+|key\s+)?{_DOCUMENTS}|other\s+(?:relevant\s+|related\s+|linked\s+|school\s+)?{_DOCUMENTS}|"
    rf"(?:complements?|supplements?|supports?|underpins)\s+(?:our|the\s+school's|the\s+following|other)|(?:please\s+)?(?:also\s+)?see\s+(?:also|our|the\s+following)|"
    rf"(?:please\s+)?(?:also\s+)?refer\s+to\s+(?:our|the\s+following)|cross[- ]references?)\b"
)
_HEADING_ONLY = re.compile(
    rf"(?i)(?:related|linked|associated|supporting|connected|other|relevant)\s+(?:\w+\s+){{0,3}}{_DOCUMENTS}(?:\s*(?:and|/|&|,)\s*\w+(?:\s+\w+)?)*|see\s+also|"
    rf"(?:links?|linked)\s+(?:to|with)|"
    rf"(?:links?|linked|relationship)\s+(?:to|with|"
    rf"between)\s+(?:\w+\s+){{0,3}}{_DOCUMENTS}(?:\s+and\s+\w+)*|cross[- ]references?|(?:policy\s+)?links"
)
_LEAD = re.compile(
    r"(?i)^(?:[\s:,-]*(?:with|to|the|our|following|school'?s?|other|these|those|its|their|trust'?s?|all|relevant|related|and|also|documents?|policies|including|such\s+as|e\.g\.|see|:)\b[\s:,]*)+"
)
_AFTER_TITLE = re.compile(
    r"(?i)\s+(?:[-–—]\s|on\s+(?:the|our)\s|which\s|that\s|where\s|for\s+(?:more|further)|as\s+well|when\s|available\s|and\s+(?:the\s+)?(?:guidance|relevant|other|any)\s).*$|(?<=policy):\s.*$"
)
_KIND = (
    r"(?:polic(?:y|ies)|procedures?|plans?|statements?|code\s+of\s+(?:conduct|practice)|agreements?|"
    r"handbooks?|guidance|guidelines|schemes?|notices?|protocols?|strategy|register|report)"
)
_AND_AFTER_KIND = re.compile(
    rf"(?i)(?P<kind>\b{_KIND}(?:\s*\([^()]*\))?)\s+(?:and|&)\s+(?:also\s+)?(?:the\s+|our\s+|its\s+)?(?!{_KIND}\s*(?:[,.;]|$))(?=(?-i:[A-Z]))"
)
# "the PSHE curriculum and the Safeguarding Policy" names one document.
_NO_DOCUMENT = re.compile(r"(?i)^.*?\b(?:curriculum|legislation|framework)\s+and\s+(?:the\s+|our\s+)?(?=(?-i:[A-Z]))")
_NO_TITLE = re.compile(
    r"(?i)(?:department\s+(?:for|of)|ofsted|dfe\b|hse\b|local\s+authorit|government|appendix|section|annex)"
)
_POLICIES_ON = re.compile(
    r"(?i)\b(?:supported\s+by|linked\s+(?:to|with)|links\s+(?:to|with)|alongside|conjunction\s+with|read\s+with|linking\s+to)\s+"
    r"(?:our|the|other|the\s+school's)?\s*(?:school\s+|other\s+)?policies\s+(?:on|for)\s+(?P<list>[^.;:]{5,200})"
)
_SHARED = re.compile(r"(?i)^(?P<first>.+?)\s+(?:and|&)\s+(?P<second>.+?)\s+(?P<kind>policies|procedures)$")
_SEVERAL = re.compile(
    rf"(?i),.*\b(?:policies|procedures)\.?$|policy,.*policy|\b{_KIND};|\b{_KIND}\s+(?:and|&)\s+(?-i:[A-Z]).*\b{_KIND}$"
)
_SMALL_WORDS = frozenset("a an and at by for in of on or the to with".split())
_LONGEST_TITLE, _MOST_WORDS, _MOST_LED_BY = 120, 16, 7
_MOST_CITED = 100


def related_policies(source: Source, facts: list[Fact], own_title: str = "") -> tuple[Guess[str], ...]:
    """Each cited line once, in reading order, cleaned; "A Policy / B Policy" stays one line, which `cited_titles` splits."""
    laws = {guess.line for guess in legislation(source)}
    found: dict[str, Guess[str]] = {}
    for line, cited, confidence in [*_from_labels(facts), *_from_passages(source, laws)]:
        shown = clean_title(_AFTER_TITLE.sub("", cited))
        shown = clean_title(re.sub(r"(?i)^(?:the|our|school'?s?|its)\s+(?=[A-Z])", "", shown))
        if _could_be_title(shown) and not (own_title and shown.startswith(own_title)):
            found.setdefault(title_key(shown), line.guess(shown, confidence))
    in_order = sorted(found.values(), key=lambda guess: guess.line)
    return tuple(in_order[:_MOST_CITED])


def titles_in_sentence(text: str) -> list[str]:
    """The documents named in running text: "the Safeguarding Policy, Behaviour Policy and Staff Code of Conduct"."""
    text = _LEAD.sub("", text.strip().rstrip("."))
    text = _AND_AFTER_KIND.sub(lambda match: f"{match['kind']}, ", text)
    apart = r";\s*(?:and\s+)?" if ";" in text else r",\s*(?:and\s+)?|\s+•\s+"
    parts = [part.strip() for part in re.split(apart, text) if part.strip()]
    if not parts:
        return []
    last = _SHARED.match(parts[-1])
    if last and len(parts) > 1 and not any(names_a_kind(part) for part in parts[:-1]):
        ending = "Policy" if last["kind"].lower() == "policies" else "Procedure"
        return [f"{part} {ending}" for part in (*parts[:-1], last["first"], last["second"])]
    parts = [_NO_DOCUMENT.sub("", part) for part in parts if not re.match(r"(?i)this\b", part)]
    named = (_from_first_capital(part) for part in parts)
    return [part for part in named if _named(part)]


def _named(part: str) -> bool:
    """A document's name: it ends in its kind, or is a run of capitalised words (Keeping Children Safe in Education)."""
    if names_a_kind(clean_title(_AFTER_TITLE.sub("", part))):
        return True
    words = re.findall(r"[A-Za-z']+", part)
    return 3 <= len(words) <= 8 and sum(word[0].isupper() for word in words) >= len(words) - 1


def _from_first_capital(part: str) -> str:
    match = re.search(r"[A-Z]", part)
    return part[match.start() :] if match and len(part[: match.start()].split()) <= _MOST_LED_BY else part


def _from_labels(facts: list[Fact]) -> Iterator[tuple[Line, str, float]]:
    for fact in facts:
        if fact.label is Label.RELATED and not fact.line.heading and not _TRIGGER.search(fact.value):
            announced = bool(re.search(r"(?i)polic|procedure", fact.label_text))
            for cited in _listed(fact.value):
                if names_a_kind(clean_title(cited)) or (announced and _short_name(cited)):
                    yield fact.line, cited, 0.9 if names_a_kind(clean_title(cited)) else 0.7


def _listed(value: str) -> list[str]:
    """What a label's value lists; a kind said once at the end is that of each."""
    if _SHARED.match(re.split(r"[;,]\s*", value)[-1]) and "," in value:
        return titles_in_sentence(value)
    apart = _AND_AFTER_KIND.sub(lambda match: f"{match['kind']}; ", value)
    return re.split(r";\s*(?:and\s+)?" if ";" in value else r"[;,]\s*(?:and\s+)?", apart)


def _short_name(text: str) -> bool:
    words = text.strip(" .").split()
    return 0 < len(words) <= 6 and words[0][0].isupper() and not re.search(r"\d{4}|\bActs?\b|\bRegulations\b", text)


def _from_passages(source: Source, laws: set[int]) -> Iterator[tuple[Line, str, float]]:
    passages = source.passages
    for position, passage in enumerate(passages):
        for several in _POLICIES_ON.finditer(passage.plain[:1000]):
            parts = re.split(r",\s*(?:and\s+)?|\s+and\s+|\s+&\s+", several["list"])
            yield from ((passage, part, 0.75) for part in parts if 0 < len(part.split()) <= 5)
        whole = bool(_HEADING_ONLY.fullmatch(passage.plain.rstrip(" :.")))
        match = None if whole else _TRIGGER.search(passage.plain[:1000])
        if not whole and match is None:
            continue
        if match is not None:
            # a stop behind a single letter ends no sentence: "P.S.H.E. policy"
            sentence = re.split(r"(?<=[\w)])(?<![.\s]\w)\.\s+(?=[A-Z])", passage.plain[match.end() :])[0]
            inline = titles_in_sentence(sentence)
            yield from ((passage, cited, 0.85) for cited in inline)
            if inline or not _introduces_list(passage.plain, match.end()):
                continue
        yield from _list_below(passages[position + 1 : position + 1 + _MOST_CITED], laws, passage.plain.endswith(":"))


def _introduces_list(text: str, trigger_end: int) -> bool:
    rest = text[trigger_end:].strip()
    return rest.endswith(":") or len(rest.split()) <= 10


def _list_below(passages: Sequence[Line], laws: set[int], announced: bool) -> Iterator[tuple[Line, str, float]]:
    """The items below an introduction: bullets until they end, else lines that read as titles. Below a colon, which
    announces them, a line of capitalised words is one whatever its last word.
    """
    bullets = False
    for place, line in enumerate(passages):
        lead_in = place < 2 and not bullets and (line.plain.endswith(":") or _TRIGGER.search(line.plain))
        if lead_in and len(line.plain) > 20 and not line.bulleted:
            continue
        if bullets and not line.bulleted:
            return
        bullets = bullets or line.bulleted
        title = line.cells[0] if len(line.cells) > 1 else line.plain
        if place == 0 and len(line.cells) > 1 and (not names_a_kind(title) or len(title.split()) == 1):
            continue  # a table's heads
        if not line.bulleted and (
            line.heading
            or line.numbered
            and not names_a_kind(title)
            or not (_reads_as_title(title) or (announced and _all_capitalised(title)))
        ):
            return
        if line.number not in laws:
            several = titles_in_sentence(title) if _SEVERAL.search(title) and not line.bulleted else []
            yield from ((line, cited, 0.85) for cited in several)
            if not several:
                yield line, title, 0.95 if names_a_kind(clean_title(title)) else 0.7


def _reads_as_title(text: str) -> bool:
    return names_a_kind(clean_title(_AFTER_TITLE.sub("", text))) and _could_be_title(clean_title(text))


def _all_capitalised(text: str) -> bool:
    words = [word for word in re.findall(r"[A-Za-z'-]+", text) if word not in _SMALL_WORDS]
    return 2 <= len(words) <= 8 and all(word[0].isupper() for word in words) and text[-1] not in ".:;"


def _could_be_title(text: str) -> bool:
    if not 3 <= len(text) <= _LONGEST_TITLE or len(text.split()) > _MOST_WORDS:
        return False
    if re.search(r"(?i)\b(?:this policy|must|should|will|is|are|was)\b", text) or not re.search(r"[A-Za-z]{3}", text):
        return False
    if _NO_TITLE.match(text):
        return False
    return not re.fullmatch(rf"(?i)(?:other|related|relevant|all|school|the|our|following|\s)*{_DOCUMENTS}", text)
