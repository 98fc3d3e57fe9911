"""What a document's words give away besides its facts: blanks of a model left unfilled, and another school's name. Pure."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from governance.schools.names import fold

_SHINGLE_WORDS, _SKETCH = 5, 64
# A piece is looked at so far, lest a hostile one take for ever.
_LONGEST_PIECE = 5_000
_COVER_LINES = 15
_MOST_SHOWN = 5
_BLANK = re.compile(
    r"\[(?P<what>[^\[\]\n]{2,80})\](?!\()|<(?P<other>(?:insert|enter|name of|school)[^<>\n]{0,80})>", re.IGNORECASE
)
# "[1]" points at a note and "[sic]" quotes; neither waits to be filled in.
_NO_BLANK = re.compile(r"(?i)[\d\s,–-]+|sic|…|\.{3}|x|date not recorded")
_TYPES = (
    r"(?:(?:Primary|Infants?|Junior|Nursery|First|Middle|Secondary|High|Grammar|Special|Community|Catholic|Academy|"
    r"C ?of ?E|Church of England|VA|VC|RC|Free|Preparatory|Prep) ){0,4}(?:School|Academy|College)"
)
_SCHOOL = re.compile(rf"\b(?P<name>(?:(?:[A-Z][\w'’.-]*|of|the|and|&) ){{0,4}}[A-Z][\w'’.-]*) (?P<type>{_TYPES})\b")
_TYPE_WORDS = frozenset(
    "primary infant infants junior nursery first middle secondary high grammar special community catholic academy school "
    "college church england cofe va vc rc free preparatory prep voluntary aided controlled".split()
)
# Words that stand before "School" in any policy and name none.
_NO_NAME = frozenset(
    "the a an of and & our this that these your each every any all at in to for by from with on whole new old other another "
    "british english day boarding home after before pre sixth form national staff governing body board governors pupils "
    "parents children when where if as headteacher trust local authority member department multi state maintained "
    "independent sunday summer breakfast holiday training model responsible adopted approved name insert policy policies "
    "procedure procedures statement code plan safe safer healthy eco good better within across between outside "
    "education governor teacher teachers leave uk england wales ofsted dfe key main both such".split()
)


@dataclass(frozen=True)
class Signs:
    """Blanks still to be filled, and the names of other schools. Of the words alone: a hash (None where there are none),
    and a sketch by which two texts are compared.
    """

    unfilled: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()
    words_sha256: str | None = None
    sketch: tuple[int, ...] = ()


def signs_of(texts: Iterable[str], school: str) -> Signs:
    """What the pieces of a document, in their order, give away to the school of that name."""
    pieces = [" ".join(text[:_LONGEST_PIECE].split()) for text in texts]
    return Signs(_unfilled(pieces), _other_schools(pieces, school), words_sha256(pieces), sketch(pieces))


def words_sha256(texts: Iterable[str]) -> str | None:
    """A hash of nothing but letters and figures: equal for one text saved in two formats."""
    words = re.sub(r"[\W_]+", "", "".join(texts)).casefold()
    return hashlib.sha256(words.encode()).hexdigest() if words else None


def sketch(texts: Iterable[str]) -> tuple[int, ...]:
    """The smallest hashes among all runs of five words: texts that share most runs share most of these."""
    words = re.findall(r"[^\W_]+", " ".join(texts).casefold())
    runs = (" ".join(words[at : at + _SHINGLE_WORDS]) for at in range(max(len(words) - _SHINGLE_WORDS + 1, 0)))
    return tuple(sorted({zlib.crc32(run.encode()) for run in runs})[:_SKETCH])


def alike(one: Signs, other: Signs) -> float:
    """How much of their words two texts share, from 0 to 1; 0 where one of them cannot be read."""
    if one.words_sha256 and one.words_sha256 == other.words_sha256:
        return 1.0
    smallest = sorted({*one.sketch, *other.sketch})[:_SKETCH]
    both = set(one.sketch) & set(other.sketch)
    return sum(run in both for run in smallest) / len(smallest) if smallest else 0.0


def _unfilled(texts: list[str]) -> tuple[str, ...]:
    found = [match["what"] or match["other"] for text in texts for match in _BLANK.finditer(text)]
    blanks = [" ".join(what.split()) for what in found if not _NO_BLANK.fullmatch(what.strip())]
    return tuple(dict.fromkeys(blanks))[:_MOST_SHOWN]


def _other_schools(texts: list[str], school: str) -> tuple[str, ...]:
    """House rule: a name counts where it stands near the top, or twice; once in passing is a partner, not a model."""
    own = _telling(school)
    counts: Counter[str] = Counter()
    for place, text in enumerate(texts):
        for name in _schools_in(text):
            if not _telling(name) & own:
                counts[name] += 2 if place < _COVER_LINES else 1
    return tuple(name for name, count in counts.items() if count > 1)[:_MOST_SHOWN]


def _schools_in(text: str) -> Iterator[str]:
    for match in _SCHOOL.finditer(text):
        words = match["name"].split()
        while words and fold(words[0]).strip(".'’") in _NO_NAME | _TYPE_WORDS:
            words.pop(0)
        if words and not all(fold(word) in _NO_NAME | _TYPE_WORDS for word in words):
            yield f"{' '.join(words)} {match['type']}"


def _telling(name: str) -> frozenset[str]:
    """The words of a school's name that no other school need share."""
    plain = re.sub(r"['’.]", "", fold(name))
    return frozenset(re.findall(r"\w+", plain)) - _TYPE_WORDS - _NO_NAME - {"st", "saint"} or frozenset({plain})
