"""The documents that a policy says it belongs with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from governance.extract.fields.labels import Fact, Label
from governance.extract.fields.legislation import legislation
from governance.extract.fields.listed import heads_section, is_name_alone, names_in_run, parted
from governance.extract.fields.source import Guess, Line, Source
from governance.extract.titles import clean_title, names_a_kind, title_key

_DOCUMENTS = r"(?:policies|policy|documents?|documentation|procedures?|policy\s+documents)"
_TRIGGER = re.compile(
    rf"(?i)(?:\b(?:number|range|variety|set)\s+of\s+(?:\w+\s+){{0,2}}policies\b[^.:]{{0,100}}[.:]\s*(?:these|they)\s+(?:are|include)|"
    rf"\b(?:read\s+(?:this|the)\s+(?:policy|procedure|document|guidance)\s+(?:alongside|together\s+with)|(?:read|considered|used|viewed|operated?|taken|seen|implemented)\s+(?:in\s+conjunction|alongside|together|along)\s+(?:with)?|in\s+conjunction\s+with|"
    rf"read\s+with|(?:links?|linked|linking|relates?|connects?|cross[- ]references?)\s+(?:closely\s+|"
    rf"directly\s+)?(?:to|with)\s+(?:\w+\s+){{0,3}}?{_DOCUMENTS}|"
    rf"(?:policy|it|procedure|document)\s+(?:is\s+(?:also\s+)?(?:linked|related)|links|relates)\s+(?:closely\s+)?(?:to|with)|"
    rf"(?:related|linked|associated|supporting|connected)\s+(?:school\s+|key\s+)?{_DOCUMENTS}|other\s+(?:relevant\s+|related\s+|linked\s+|school\s+)?{_DOCUMENTS}|"
    rf"(?:complements?|supplements?|supports?|underpins)\s+(?:our|the\s+school's|the\s+following|other)|(?:please\s+)?(?:also\s+)?see\s+(?:also|our|the\s+following)|"
    rf"(?:please\s+)?(?:also\s+)?refer\s+to\s+(?:our|the\s+following)|cross[- ]references?))\b"
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
    r"(?i)\s+(?:[-–—]\s|on\s+(?:the|our)\s|which\s|that\s|where\s|for\s+(?:more|further)|as\s+well|when\s|available\s|and\s+(?:the\s+)?(?:guidance|relevant|other|any|supporting|associated|related)\s).*$|(?<=policy):\s.*$"
)
_KIND = (
    r"(?:polic(?:y|ies)|procedures?|plans?|statements?|code\s+of\s+(?:conduct|practice)|agreements?|"
    r"handbooks?|guidance|guidelines|schemes?|notices?|protocols?|strategy|register|report)"
)
_AND_AFTER_KIND = re.compile(
    rf"(?i)(?P<kind>\b{_KIND}(?:\s*\([^()]*\))?)\s+(?:and|&)\s+(?:also\s+)?(?:the\s+|our\s+|its\s+)?(?!{_KIND}\s*(?:[,.;]|$))"
    r"(?=(?-i:[A-Z])|(?:[\w'-]+\s+){1,5}policy\s*(?:[,.;]|$))"
)
# "the PSHE curriculum and the Safeguarding Policy" names one document.
_NO_DOCUMENT = re.compile(r"(?i)^.*?\b(?:curriculum|legislation|framework)\s+and\s+(?:the\s+|our\s+)?(?=(?-i:[A-Z]))")
# what stands in brackets after "see"
_SEE = re.compile(
    r"\((?:please\s+)?(?:also\s+)?[Ss]ee\s+(?:also\s+)?(?:the\s+|our\s+)?(?P<cited>[A-Z][^()]{3,100} [^()]{3,60})\)"
)
_NO_TITLE = re.compile(
    r"(?i)(?:department\s+(?:for|of)|ofsted|dfe\b|hse\b|local\s+authorit|government|appendix|section|annex|.*\bcirculars?\b)"
)
# A comma that parts no titles: "Personal, Social and Health Education Policy".
_COMMA_WITHIN = re.compile(
    r"(?i)(?<=\bpersonal),(?=\s+social\b)|(?<=\bsocial),(?=\s+(?:moral|health|emotional)\b)|(?<=\bspiritual),(?=\s+moral\b)"
    r"|(?<=\bmoral),(?=\s+social\b)|(?<=\bequality),(?=\s+diversity\b)"
)
_HELD = "\x1f"
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
    labelled = list(_from_labels(facts))
    listed = {line.number for line, _, _ in labelled}
    said = [
        one for one in _from_passages(source, laws) if one[0].number not in listed or names_a_kind(_title_of(one[1]))
    ]
    for line, cited, confidence in [*labelled, *said]:
        shown = _title_of(cited)
        if _could_be_title(shown) and not (own_title and shown.startswith(own_title)):
            found.setdefault(title_key(shown), line.guess(shown, confidence))
    in_order = sorted(found.values(), key=lambda guess: guess.line)
    return tuple(in_order[:_MOST_CITED])


def _title_of(cited: str) -> str:
    shown = clean_title(_AFTER_TITLE.sub("", cited))
    return clean_title(re.sub(r"(?i)^(?:the|our|school'?s?|its)\s+(?=[A-Z])", "", shown))


def titles_in_sentence(text: str) -> list[str]:
    """The documents named in running text: "the Safeguarding Policy, Behaviour Policy and Staff Code of Conduct"."""
    text = _LEAD.sub("", text.strip().rstrip("."))
    text = _AND_AFTER_KIND.sub(lambda match: f"{match['kind']}, ", _COMMA_WITHIN.sub(_HELD, text))
    apart = r";\s*(?:and\s+)?" if ";" in text else r",\s*(?:and\s+)?|\s+•\s+"
    parts = [part.strip().replace(_HELD, ",") for part in re.split(apart, text) if part.strip()]
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
            names = _listed(fact.value)
            # one word below a label may be the next heading; a list of such is read as a list
            beside = fact.value in fact.line.plain or len(names) > 1
            announced = beside and bool(re.search(r"(?i)polic|procedure", fact.label_text))
            for cited in names:
                if names_a_kind(clean_title(cited)) or (announced and is_name_alone(cited)):
                    yield fact.line, cited, 0.9 if names_a_kind(clean_title(cited)) else 0.7


def _listed(value: str) -> list[str]:
    """What a label's value lists; a kind said once at the end is that of each."""
    if _SHARED.match(re.split(r"[;,]\s*", value)[-1]) and "," in value:
        return titles_in_sentence(value)
    apart = _AND_AFTER_KIND.sub(lambda match: f"{match['kind']}; ", value)
    if ";" in value:
        return re.split(r";\s*(?:and\s+)?", apart)
    return re.split(r"[;,]\s*(?:and\s+)?", apart) if re.search(rf"(?i)\b{_KIND}\b", value) else parted(value)


def _from_passages(source: Source, laws: set[int]) -> Iterator[tuple[Line, str, float]]:
    passages = source.passages
    for position, passage in enumerate(passages):
        for see in _SEE.finditer(passage.plain[:2000]):
            yield from ((passage, cited, 0.75) for cited in titles_in_sentence(see["cited"]) if names_a_kind(cited))
        for several in _POLICIES_ON.finditer(passage.plain[:1000]):
            parts = re.split(r",\s*(?:and\s+)?|\s+and\s+|\s+&\s+", several["list"])
            yield from ((passage, part, 0.75) for part in parts if 0 < len(part.split()) <= 5)
        whole = bool(_HEADING_ONLY.fullmatch(passage.plain.rstrip(" :.")))
        match = None if whole else _TRIGGER.search(passage.plain[:1000])
        if not whole and match is None:
            continue
        if match is not None:
            sentence, inline = _cited_behind(passage.plain, match)
            yield from ((passage, cited, 0.85) for cited in inline)
            if inline or not _introduces_list(sentence):
                continue
        below = passages[position + 1 : position + 1 + _MOST_CITED]
        announced = passage.plain.endswith(":")
        of_policies = (whole or announced) and bool(re.search(r"(?i)polic|procedure", passage.plain))
        yield from _list_below(below, laws, announced, of_policies)


def _cited_behind(text: str, match: re.Match[str]) -> tuple[str, list[str]]:
    """What a sentence says behind the words that announce other documents, and the documents it names there.

    Such words may announce others: "Links with other policies: this policy complements the school's Uniform Policy".
    """
    # a stop behind a single letter ends no sentence: "P.S.H.E. policy"
    sentence = re.split(r"(?<=[\w)])(?<![.\s]\w)\.\s+(?=[A-Z])", text[match.end() :])[0]
    while (again := _TRIGGER.search(sentence)) and not _names_documents(sentence[: again.start()]):
        sentence = sentence[again.end() :]
    return sentence, [cited for cited in titles_in_sentence(sentence) if _could_be_title(_title_of(cited))]


def _names_documents(text: str) -> bool:
    others = re.sub(r"(?i)\b(?:this|the|our)\s+(?:policy|procedure|document)\b", "", text)
    return any(names_a_kind(part) for part in titles_in_sentence(others))


def _introduces_list(rest: str) -> bool:
    return rest.rstrip().endswith(":") or len(rest.split()) <= 10


def _list_below(
    passages: Sequence[Line], laws: set[int], announced: bool, of_policies: bool
) -> Iterator[tuple[Line, str, float]]:
    """The items below an introduction: bullets until they end, else lines that read as titles, or names alone where
    policies are announced. Below a colon a line of capitalised words is one whatever its last word.
    """
    bullets = False
    alone: set[int] | None = None
    for place, line in enumerate(passages):
        if place < 2 and not bullets and _leads_in(line):
            continue
        if bullets and not line.bulleted:
            return
        bullets = bullets or line.bulleted
        title = line.cells[0] if len(line.cells) > 1 else line.plain
        if place == 0 and len(line.cells) > 1 and (not names_a_kind(title) or len(title.split()) == 1):
            continue  # a table's heads
        if alone is None:
            alone = {one.number for one in names_in_run(passages[place:])} if of_policies else set()
        if not (line.bulleted or line.number in alone or _is_item(line, title, announced)):
            return
        if line.number not in laws:
            yield from _cited_in_item(line, title)


def _leads_in(line: Line) -> bool:
    """A second sentence of introduction: "This policy is linked to:" below "Links with other policies"."""
    return (
        len(line.plain) > 20
        and not line.bulleted
        and (line.plain.endswith(":") or _TRIGGER.search(line.plain) is not None)
    )


def _is_item(line: Line, title: str, announced: bool) -> bool:
    if line.heading or (line.numbered and not names_a_kind(title)):
        return False
    return _reads_as_title(title) or (announced and _all_capitalised(title) and not heads_section(title))


def _cited_in_item(line: Line, title: str) -> Iterator[tuple[Line, str, float]]:
    if line.bulleted or not (_SEVERAL.search(title) or "," in title):
        yield line, title, 0.95 if names_a_kind(clean_title(title)) else 0.7
    elif _SEVERAL.search(title) and (several := titles_in_sentence(title)):
        yield from ((line, cited, 0.85) for cited in several)
    else:
        yield from ((line, cited, 0.7) for cited in parted(title))


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
