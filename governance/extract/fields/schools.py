"""The name of a school or trust, as it stands before or behind the title of its policy."""

from __future__ import annotations

import re

from governance.extract.titles import names_a_kind, names_more_than_a_kind

_SCHOOL_THEN_TITLE = re.compile(
    r"^(?P<name>(?:[\w'&.-]+\s+){1,6}?(?:School|Academy|College|Trust|Federation|Partnership|Primary|Infants?|Juniors?)(?:s|'s)?"
    r"(?:\s+(?:Trust|Academy|School|Federation|Partnership))*)\b[\s:,–|-]+(?P<title>.+)$"
)
_NO_NAME = frozenset("whole after before pre out home the our your this off in between of for to at on use".split())
# Welsh names begin with the word for school or college and do not say where they end.
_WELSH = re.compile(r"(?i)^(?:Ysgol(?:ion)?|Coleg|Cylch|Meithrinfa)\s+\S")
_WELSH_APART = re.compile(r"(?i)^(?:Ysgol(?:ion)?|Coleg|Cylch|Meithrinfa)\s+[^:–|]{1,60}?(?:\s*[:–|]|\s-)\s+(?=\S)")
_BEHIND = re.compile(
    r"(?i)(?:\s*[,–|:]|\s-)\s+(?:[\w'&.]+\s+){1,7}(?:School|Academy|College|Trust|Federation)s?$"
    r"|[\s,–|:-]+(?:Ysgol|Coleg)\s+.+$"
)
# "School - Behaviour Policy" is said on forms of a council.
_SCHOOL_ALONE = re.compile(r"(?i)^(?:whole[ -])?schools?\s*[–:|-]\s+(?=\S)")
# The words that titles of policies begin with, so that a name before them ends there.
_BEGINS_TITLE = frozenset(
    "acceptable access accessibility accident additional administration admission admissions adverse aln allegations allergy "
    "alcohol animals anti anti-bullying appraisal asbestos assessment attendance behaviour bereavement biometric bullying "
    "business capability careers cctv charging child child's children children's classroom code collective communication "
    "community complaint complaints confidentiality critical curriculum cyber data digital dignity disability discipline "
    "disciplinary display dress drug drugs e-safety early educational emergency emotional employment english environmental "
    "equal equalities equality evacuation exam examination examinations examinations exclusion exclusions family feedback "
    "finance financial fire first flexible food fraud freedom gifts governor governors grievance harassment health healthcare "
    "healthy home homework hygiene ict improving inclusion inclusive induction information internet intimate learning leave "
    "letting lettings lockdown lone looked lunchtime managing marking maternity maths medical medicine medicines mental "
    "missing mobile model moving music non-attendance nutrition offsite online parent parental parents paternity pay "
    "performance personal phone photography physical policy positive preventing privacy probation promoting prevent pshe "
    "public pupil pupils purchasing racial reading records recruitment redundancy relationship relationships religious "
    "remote reserves restraint restrictive risk rse rshe safe safeguarding safer school science screening searching "
    "security sen send sex sexual sickness single smoke smoking social special staff strategic stress student students "
    "substance sun supporting support suspension suspensions sustainable swimming teacher teachers teaching technology "
    "transition transport travel trips uniform use violence visitor visitors visits volunteer volunteers well-being "
    "wellbeing welsh whistle whistleblowing whole work working".split()
)


def without_school(text: str) -> str:
    """A title without the name of the school before or behind it; the text itself when it is in doubt."""
    text = _SCHOOL_ALONE.sub("", text)
    if _WELSH.match(text):
        return _after_welsh_name(text)
    return _without_name_behind(_after_name(text))


def begins_as_titles_do(text: str) -> bool:
    """Whether the first word is one that titles of policies begin with: "Behaviour", "Looked after children"."""
    return re.split(r"[^\w'-]", text.lower(), maxsplit=1)[0] in _BEGINS_TITLE


def begins_with_welsh_name(text: str) -> bool:
    """Whether the text begins with the name of a school or college in Wales: "Ysgol y Bryn"."""
    return bool(_WELSH.match(text))


def names_school_before_colon(text: str) -> bool:
    """ "Ysgol y Bryn: Lettings Policy" and "Elm Park School: Lettings Policy", which state no label and its value."""
    name, colon, title = text.partition(": ")
    if not colon or ":" in title or not names_a_kind(title) or len(title.split()) < 2:
        return False
    return bool(_WELSH.match(name)) or bool(re.search(r"\w\s(?:School|Academy|College|Trust|Federation)$", name))


def _after_welsh_name(text: str) -> str:
    apart = _WELSH_APART.match(text)
    if apart and names_a_kind(text):
        return text[apart.end() :]
    words = text.split()
    for place in range(2, len(words)):
        rest = " ".join(words[place:])
        if begins_as_titles_do(rest) and names_a_kind(rest) and names_more_than_a_kind(rest):
            return rest
    return text


def _without_name_behind(text: str) -> str:
    shorter = _BEHIND.sub("", text)
    return shorter if names_a_kind(shorter) and len(shorter.split()) > 1 else text


def _after_name(text: str) -> str:
    match = _SCHOOL_THEN_TITLE.match(text.title() if text.isupper() else text)
    if match is None:
        return text
    name, rest = match["name"].lower().split(), text[match.start("title") :]
    if len(name) < 2 or name[0] in _NO_NAME or name[-2] in _NO_NAME:
        return text
    return rest if names_more_than_a_kind(rest) else text
