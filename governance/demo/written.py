"""The fictional policies as they are written in `policies.txt`, and the document that each of their versions is. Pure.

    @ REF | title | kind | owner post | review months | categories ("everyone" = all ten) | once or yearly
    > related; related
    # heading
    lines of text

An earlier version lacks the last sentences of the present one, so that each version says a little more than the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from governance.people.categories import DEFAULTS
from governance.schools.names import fold

_FILE = Path(__file__).with_name("policies.txt")
_EVERYONE = "everyone"


@dataclass
class Written:
    """A policy of the list. `categories` are folded names; a section is a heading with its sentences."""

    reference: str
    title: str
    kind: str
    owner: str
    months: int
    categories: tuple[str, ...]
    repeat: str
    related: list[str] = field(default_factory=list)
    sections: list[tuple[str, list[str]]] = field(default_factory=list)


def written_policies() -> list[Written]:
    """Every policy of the list, in its order."""
    found: list[Written] = []
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        mark, _, rest = line.partition(" ")
        if mark == "@":
            found.append(_headed(rest))
        elif mark == ">":
            found[-1].related = [title.strip() for title in rest.split(";")]
        elif mark == "#":
            found[-1].sections.append((rest, []))
        elif line.strip():
            found[-1].sections[-1][1].append(line)
    return found


def document(policy: Written, number: int, back: int, front: Sequence[str]) -> bytes:
    """The Markdown file of a version that is `back` versions older than the present text; `front` are its front lines."""
    kept = set(_kept(policy, back))
    lines = [f"# {policy.title}", "", f"Reference: {policy.reference}  ", f"Version: {number}  "]
    lines += [f"{line}  " for line in front]
    for place, (heading, paragraphs) in enumerate(policy.sections):
        texts = [_joined(place, row, paragraph, kept) for row, paragraph in enumerate(paragraphs)]
        if any(texts):
            lines += ["", f"## {heading}"]
            lines += [part for text in texts if text for part in ("", text)]
    if policy.related:
        lines += ["", "## Related policies", "", *(f"- {title}" for title in policy.related)]
    return ("\n".join(lines).rstrip() + "\n").encode()


def added_since(policy: Written, back: int) -> str:
    """What a version says that the one before it did not, for its summary of changes."""
    fresh = [key for key in _kept(policy, back) if key not in set(_kept(policy, back + 1))]
    if not fresh:
        return "Reviewed; the wording is unchanged."
    heading = policy.sections[fresh[0][0]][0]
    return f"Adds to “{heading}”: " + " ".join(_sentence(policy, key) for key in fresh)


_Key = tuple[int, int, int]


def _kept(policy: Written, back: int) -> list[_Key]:
    """The sentences of an older version, as section, paragraph and place; the first one is always there."""
    every = list(_sentences(policy))
    return every[: max(1, len(every) - back)]


def _sentences(policy: Written) -> Iterator[_Key]:
    for place, (_, paragraphs) in enumerate(policy.sections):
        for row, paragraph in enumerate(paragraphs):
            for part in range(len(_split(paragraph))):
                yield place, row, part


def _sentence(policy: Written, key: _Key) -> str:
    place, row, part = key
    return _split(policy.sections[place][1][row])[part]


def _joined(place: int, row: int, paragraph: str, kept: set[_Key]) -> str:
    return " ".join(text for part, text in enumerate(_split(paragraph)) if (place, row, part) in kept)


def _split(paragraph: str) -> list[str]:
    return re.split(r"(?<=[.!?]) ", paragraph.strip())


def _headed(line: str) -> Written:
    reference, title, kind, owner, months, names, repeat = (cell.strip() for cell in line.split("|"))
    categories = tuple(fold(name) for name in names.split(","))
    every = tuple(fold(name) for name in DEFAULTS)
    return Written(
        reference, title, kind, owner, int(months), every if categories == (_EVERYONE,) else categories, repeat
    )
