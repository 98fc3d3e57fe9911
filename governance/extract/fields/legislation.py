"""The Acts, regulations and codes that a document names with their year."""

from __future__ import annotations

import re
from collections.abc import Iterator

from governance.extract.fields.source import Guess, Source

_LAW = re.compile(
    r"\b(?P<kind>Acts?|ACT|Regulations?|Order|Measure|Directive|Codes?\s+of\s+Practice|"
    r"Rules)\s*(?:\((?P<nation>England|Wales|Scotland|England and Wales|Northern Ireland|UK)\)\s*)?,?\s*"
    r"\(?(?P<year>(?:19|20)\d\d)\)?(?P<amending>\s*\((?:amendment|"
    r"consequential amendments[^()]*)\)\s*(?:order|regulations|act)\s+(?:19|20)\d\d)?"
    r"(?:\s+(?:and|&)\s+(?P<also>(?:19|20)\d\d)\b)?",
    re.IGNORECASE,
)
_GDPR = re.compile(
    r"\bUK[ -]GDPR\b|\b(?:UK )?General Data Protection Regulations?\b(?: \(?(?:EU )?2016/679\)?)?", re.IGNORECASE
)
_NAME_WORD = re.compile(
    r"(?:[A-Z][\w'’/-]*|\([^()]{1,60}\)|and|of|the|for|to|in|on|at|with|from|by|etc\.?|&)(?P<comma>,?)\Z"
)
_STARTS_NOT = frozenset("and of the for to in on at with from by under see section a an our this including &".split())
_KINDS_END = re.compile(r"(?i)(?:policy|policies|procedures?|guidance|plan|act|regulations|order|framework)$")
_MOST_WORDS = 14
_OPENING = "(\"'\u2018\u201c"


def legislation(source: Source) -> tuple[Guess[str], ...]:
    """Each law once, at its first mention, as "Equality Act 2010"; laws named without a year are left out."""
    found: dict[str, Guess[str]] = {}
    for passage in source.passages:
        for name in _named_in(passage.plain):
            found.setdefault(_key(name), passage.guess(name, 0.9))
    return tuple(found.values())


def _named_in(text: str) -> Iterator[str]:
    start = 0
    for match in sorted([*_LAW.finditer(text), *_GDPR.finditer(text)], key=lambda one: one.start()):
        if match.re is _GDPR:
            yield "UK GDPR"
            start = match.end()
            continue
        name = _name_before(text[max(start, match.start() - 160) : match.start()])
        start = match.end()
        if name and match["kind"][0].isupper():
            yield _tidied(name, match, match["year"])
            if match["also"]:
                yield _tidied(name, match, match["also"])


def _tidied(name: str, match: re.Match[str], year: str) -> str:
    kind = " ".join(match["kind"].split())
    kind = kind.capitalize().replace("Acts", "Act") if " " not in kind else kind
    nation = f" ({match['nation']})" if match["nation"] else ""
    amending = " " + " ".join(match["amending"].split()) if match["amending"] else ""
    return f"{name} {kind}{nation} {year}{amending}"


def _name_before(text: str) -> str:
    """The capitalised words that lead up to "Act": "Copyright, Designs and Patents"; empty when there are none."""
    words = text.split()
    taken: list[str] = []
    while words and len(taken) < _MOST_WORDS:
        word = words.pop()
        if word.endswith(")") and "(" not in word:
            word = _bracketed(words, word)
        opened = word[0] in _OPENING and ")" not in word
        match = _NAME_WORD.match(word[1:] if opened else word)
        if opened:  # "(Education Reform Order 1989)": the name begins within the bracket
            taken[:0] = [word[1:]] if match else []
            break
        if match is None or (match["comma"] and not _continues(word, words, taken)):
            break
        taken.insert(0, word)
    # "In Wales the Equality Act": what stands before "the" is not of the name, unless it leads up to it ("of the")
    for at in range(len(taken) - 1, 0, -1):
        if taken[at] == "the" and taken[at - 1].lower() not in _STARTS_NOT:
            taken = taken[at + 1 :]
            break
    # "Part 3 (Welfare, health and safety of pupils) of the Education … Regulations": the bracket is of the part
    while taken and (taken[0].startswith("(") or taken[0].lower().strip(",") in _STARTS_NOT):
        taken.pop(0)
    return " ".join(taken).strip(" ,")


def _bracketed(words: list[str], last: str) -> str:
    """A bracket of several words as one: "(Consequential amendments etc.)"."""
    joined = last
    while words and "(" not in joined and len(joined) < 60:
        joined = f"{words.pop()} {joined}"
    return joined


def _continues(word: str, before: list[str], taken: list[str]) -> bool:
    """Whether a word with a comma is inside a name ("Copyright, Designs and Patents") and not the end of another."""
    bare = word.rstrip(",")
    if _KINDS_END.search(bare) or not bare[:1].isupper():
        return False
    return bool(taken) and "and" in taken and (not before or not before[-1][:1].isupper() or before[-1].endswith(","))


def _key(name: str) -> str:
    return re.sub(r"\W+", " ", name.lower()).strip()
