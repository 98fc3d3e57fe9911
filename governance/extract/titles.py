"""When two titles name the same document, however they were typed.

House rule: a title is the set of the words that tell it from others. The kind of document (policy, procedure,
statement) and little words are left out, so "Complaints Procedure" and "Policy on Complaints" agree, while "Mobile
Phone Policy" and "Acceptable Use Policy" do not. Plans, codes, agreements and notices are kinds that do tell documents
apart (an accessibility plan is no accessibility policy), so they stay.
"""

from __future__ import annotations

import re
import unicodedata

_LITTLE = frozenset(
    "a an the our your this of for on in to at and or with by from regarding concerning about school schools academy".split()
)
_KINDS = frozenset("policy procedure statement document guideline guidance".split())
_EDITION = frozenset("draft final version revised updated new".split())
_MONTHS = frozenset("january february march april may june july august september october november december".split())
# Prefixes that schools write joined, hyphenated or apart.
_JOINED_PREFIXES = frozenset("anti cyber co e non well whistle wrap".split())
_COMPOUNDS = (
    (re.compile(r"\bon[ -]line\b"), "online"),
    (re.compile(r"\boff[ -]site\b"), "offsite"),
    (re.compile(r"\bweb[ -]site\b"), "website"),
    (re.compile(r"\bhead[ -]teacher"), "headteacher"),
    (re.compile(r"\block[ -]down\b"), "lockdown"),
)
# Short forms that schools in England use in titles, as the words they stand for.
_SHORT_FORMS = {
    "send": "special educational need disability",
    "sen": "special educational need",
    "rse": "relationship sex education",
    "rshe": "relationship sex health education",
    "kcsie": "keeping child safe education",
    "eal": "english additional language",
    "eyfs": "early year foundation stage",
    "gdpr": "data protection",
    "aup": "acceptable use",
    "h&s": "health safety",
    "lac": "looked after child",
    "ect": "early career teacher",
}
_SINGULAR = {
    "children": "child",
    "pupils": "pupil",
    "premises": "premises",
    "parental": "parent",
    "behavior": "behaviour",
}
_KIND_ENDING = re.compile(
    r"(?i)\b(?:polic(?:y|ies)|procedures?|statements?|plans?|codes?|code of (?:conduct|practice)|agreements?|guid(?:ance|elines?)"
    r"|schemes?|notices?|protocols?|strateg(?:y|ies)|handbooks?|reports?|registers?|charters?|principles)\)?$"
)
KIND_WORD = re.compile(
    r"(?i)\b(?:polic(?:y|ies)|procedures?|statement|plan|code\s+of\s+(?:conduct|practice)|agreement|guid(?:ance|elines)|scheme|strategy|"
    r"protocol|handbook|charter|principles|arrangements|notice|report|register)\b"
)
ONLY_KIND = re.compile(
    r"(?i)(?:polic(?:y|ies)|procedures?|statement|plan|guidance|policy\s+(?:and|&)\s+procedures?|policy\s+(?:statement|document))"
)
_SHARED_ENDINGS = {
    "policy": "Policy",
    "policies": "Policy",
    "procedure": "Procedure",
    "procedures": "Procedures",
    "plan": "Plan",
    "plans": "Plan",
}


def title_key(text: str) -> str:
    """The normal form of a title: equal for titles that name one document, whatever the order, case or spaces.

    A title of nothing but left-out words ("School Policy") keeps them, so that it does not match everything.
    """
    words = _words(text)
    told = [word for word in words if word not in _LITTLE | _KINDS | _EDITION | _MONTHS and not _is_edition(word)]
    return " ".join(sorted(set(told))) or " ".join(sorted(set(words)))


def same_title(one: str, other: str) -> bool:
    """Whether two titles name the same document; never true for an empty title."""
    key = title_key(one)
    return bool(key) and key == title_key(other)


def cited_titles(line: str) -> list[str]:
    """The documents that one cited line names: "A Policy / B Policy" names two, "Home/School Agreement" one.

    A kind of document that stands only at the end is shared: "Behaviour / Exclusion Policy" gives both the word Policy.
    """
    cleaned = clean_title(line)
    parts = [clean_title(part) for part in _split_on_slash(cleaned)]
    parts = [part for part in parts if part]
    if len(parts) < 2:
        return [cleaned] if cleaned else []
    ending = _SHARED_ENDINGS.get(parts[-1].rsplit(" ", 1)[-1].lower())
    return [part if ending is None or names_a_kind(part) else f"{part} {ending}" for part in parts]


def names_a_kind(title: str) -> bool:
    """Whether a title ends by saying what kind of document it is: policy, procedure, code of conduct…"""
    return bool(_KIND_ENDING.search(title.strip()))


def names_more_than_a_kind(title: str) -> bool:
    """Whether a title has the kind of a document in it, and says more than that: "Policy" alone does not."""
    return bool(KIND_WORD.search(title)) and not ONLY_KIND.fullmatch(title)


def clean_title(text: str) -> str:
    """A title as it should be shown: no list or link marks, no stray space at a hyphen, no closing punctuation."""
    shown = unicodedata.normalize("NFC", text)
    shown = re.sub(r"\[([^\[\]]*)\]\([^()]*\)", r"\1", shown)
    shown = re.sub(r"[*_`#]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}", "", shown)
    shown = re.sub(r"\s+", " ", shown)
    shown = re.sub(r"(?<=\w) [-\u2010\u2011](?=\w)|(?<=\w)[-\u2010\u2011] (?=\w)", "-", shown)
    shown = re.sub(r"^(?:[-•·▪●○◦*‣\uf0b7\uf0a7–]|o(?= [A-Z])|\d{1,2}[.)]|\(?[a-z]\))\s+", "", shown.strip())
    shown = re.sub(r"(?i)[;,]\s*(?:and|or)$", "", shown)
    return shown.strip(" \t.;:,\"'“”‘|")


def _split_on_slash(title: str) -> list[str]:
    parts: list[str] = []
    start = 0
    for match in re.finditer(r"\s*/\s*", title):
        spaced = match[0] != "/"
        if spaced or names_a_kind(title[start : match.start()]):
            parts.append(title[start : match.start()])
            start = match.end()
    return [*parts, title[start:]]


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", clean_title(text)).casefold()
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    plain = re.sub(r"['\u2018\u2019\u02bc`]", "", plain)
    plain = re.sub(r"\b(?:19|20)\d\d ?[-/\u2013] ?(?:20)?\d\d\b", " ", plain)
    without_brackets = re.sub(r"\([^()]*\)", " ", plain)
    plain = without_brackets if re.search(r"\w", without_brackets) else plain
    for pattern, joined in _COMPOUNDS:
        plain = pattern.sub(joined, plain)
    found = [_singular(word) for word in re.findall(r"h&s|[\w]+", plain.replace(" & ", " and "))]
    return _with_short_forms(_with_joined_prefixes(found))


def _with_joined_prefixes(words: list[str]) -> list[str]:
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] in _JOINED_PREFIXES:
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _with_short_forms(words: list[str]) -> list[str]:
    return [part for word in words for part in _SHORT_FORMS.get(word, word).split()]


def _singular(word: str) -> str:
    if word in _SINGULAR:
        return _SINGULAR[word]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word


def _is_edition(word: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d|v\d+", word))
