"""Names of policies that stand alone, without the word policy: "Behaviour", "SEND", "Health and safety".

What makes such a line a name is where it stands: in a list of its like, below words that announce policies. A line on
its own may be the next heading, so there it counts only when it begins as titles of policies do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from governance.extract.fields.schools import begins_as_titles_do
from governance.extract.fields.source import Line
from governance.extract.titles import names_a_kind

_SECTION = re.compile(
    r"(?i)(?:introduction|aims?|objectives?|purpose|scope|rationale|background|context|contents|definitions?|principles?|"
    r"legislation|legislative|statutory|guidance|monitoring|evaluation|evaluating|review|approval|responsibilit(?:y|ies)|roles?|"
    r"appendi(?:x|ces)|annex|section|page|training|implementation|publication|statement|contacts?|links?|related|other|further|"
    r"references?|signed|date|version|impact|the|this|these|we|our|it|all|if|in|to|for|as|at|any|what|how|why|who|where|when)\b"
    r"|(?:polic(?:y|ies)|procedures?|policy\s+(?:statement|aims?|review|objectives?)|legal\s+\w+|key\s+\w+|equality\s+impact.*)$"
)
_SAID = re.compile(
    r"(?i)\b(?:is|are|was|were|will|must|should|can|may|has|have|been|ensures?|makes?|sets?|please|see|department|dfe|ofsted|"
    r"acts?|regulations|circular|https?|www)\b|\d{4}|@"
)
_COMPOUNDS = re.compile(
    r"(?i)(?:health\s+(?:and|&)\s+safety|(?:child\s+protection|safeguarding)\s+(?:and|&)\s+(?:safeguarding|child\s+protection)|"
    r"charging\s+(?:and|&)\s+remissions?|marking\s+(?:and|&)\s+feedback|feedback\s+(?:and|&)\s+marking|"
    r"teaching\s+(?:and|&)\s+learning|learning\s+(?:and|&)\s+teaching|(?:relationships?|sex)\s+(?:and|&)\s+\w+(?:\s+education)?|"
    r"drugs?\s+(?:and|&)\s+\w+|(?:trips|visits)\s+(?:and|&)\s+\w+|equality\s+(?:and|&)\s+\w+|equality,.*|"
    r"suspensions?\s+(?:and|&)\s+\w+(?:\s+exclusions?)?|behaviour\s+(?:and|&)\s+discipline|send?\s+(?:and|&)\s+(?:inclusion|disabilit\w+)|"
    r"special\s+educational\s+needs?\s+(?:and|&)\s+\w+|"
    r"spiritual.*|personal.*|physical\s+.*|bullying\s+(?:and|&)\s+\w+|mental\s+health\s+(?:and|&)\s+[\w-]+|health\s+(?:and|&)\s+\w+)"
)
_MOST_WORDS = 8


def heads_section(text: str) -> bool:
    """Whether a line begins as the headings within policies do: "Aims and objectives", "Monitoring"."""
    return bool(_SECTION.match(text))


def is_name_alone(text: str) -> bool:
    """Whether a piece of text could be the name of a policy in a list of such, judged by its form."""
    text = text.strip(" ;,.")
    words = text.split()
    if not 0 < len(words) <= _MOST_WORDS or not text[0].isupper() or text.endswith((":", "?", "!")):
        return False
    return bool(re.search(r"[A-Za-z]{3}", text)) and not (heads_section(text) or _SAID.search(text) or ". " in text)


def names_in_run(passages: Sequence[Line]) -> list[Line]:
    """The lines that are names, from the first on.

    A list is set evenly, so a name farther off than the others is the next heading. So is the last one when a sentence
    follows it, unless it begins as titles of policies do; and that is asked of a name that has no other beside it.
    """
    run: list[Line] = []
    for line in passages:
        if line.bulleted or line.numbered or line.heading or len(line.cells) > 1 or not is_name_alone(line.plain):
            break
        if run and _in_capitals(line.plain) and not _in_capitals(run[-1].plain):
            break
        if len(run) > 1 and line.number - run[-1].number > run[-1].number - run[-2].number:
            break
        run.append(line)
    following = passages[len(run)].plain if len(run) < len(passages) else ""
    heads_what_follows = len(following.split()) > _MOST_WORDS or following.endswith(".")
    if len(run) == 1 and heads_what_follows:
        return []
    if run and (heads_what_follows or len(run) == 1) and not _surely_a_title(run[-1].plain):
        run.pop()
    return run


def _in_capitals(text: str) -> bool:
    """Set in capitals as headings are, which a short form such as SEND is not."""
    return text.isupper() and len(text.split()) > 1


def _surely_a_title(text: str) -> bool:
    return begins_as_titles_do(text) or names_a_kind(text)


def parted(value: str) -> list[str]:
    """ "Behaviour, SEND and Attendance" as three; what belongs together stays so: "Behaviour, Health and Safety"."""
    if _COMPOUNDS.fullmatch(value.strip(" .")):
        return [value]
    parts = [part.strip() for part in re.split(r"[;,]\s*(?:and\s+)?", value) if part.strip()]
    if len(parts) < 2 or _COMPOUNDS.fullmatch(parts[-1].strip(" .")):
        return parts
    last = re.split(r"\s+(?:and|&)\s+", parts[-1])
    return [*parts[:-1], *last] if len(last) == 2 else parts
