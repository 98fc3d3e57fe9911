"""Which lines of a document are its contents page: they repeat the headings, and hold page numbers that would be wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TITLE = re.compile(r"(?i)[#*\s_]*(?:table of )?(?:contents|index)(?: page)?[:*\s_]*")
_LEADERS = re.compile(r"(?:\.{4,}|…{2,}|(?:\. ){4,})\s*\d{0,3}[*\s|]*$")
_PAGE_NUMBER = re.compile(r"(?:\t|\s{2,}|\|\s*)\d{1,3}[*\s|]*$")
_LINK_WITHIN = re.compile(r"\[[^\[\]]*\]\(#[^()]*\)[\s\d]*$")
_HEADS = re.compile(
    r"(?i)[|*\s]*(?:section|page|no|number|title|heading)(?:[\s|*./]+(?:section|page|no|number|title|heading))*[|*\s.:-]*"
)
_LONGEST = 200
_SEARCHED = 250


def contents_lines(lines: Sequence[str]) -> frozenset[int]:
    """The positions, from 0, of the lines that belong to a contents page."""
    found = {position for position, line in enumerate(lines[: _SEARCHED * 2]) if _has_leaders(line)}
    last_seen = {_heading_form(line): position for position, line in enumerate(lines) if len(line) < _LONGEST}
    for position, line in enumerate(lines[:_SEARCHED]):
        if len(line) < _LONGEST and _TITLE.fullmatch(line):
            entries = _entries_after(lines, position, last_seen)
            if any(lines[entry].strip() for entry in entries):
                found.update({position, *entries})
    return frozenset(found)


def _has_leaders(line: str) -> bool:
    """Dots that lead to a page number. After a colon, and with no number, they are a line to write on: "Signed: ……"."""
    match = _LEADERS.search(line[-120:])
    return match is not None and (match[0].strip(" *|")[-1:].isdigit() or ":" not in line)


def _entries_after(lines: Sequence[str], title_at: int, last_seen: dict[str, int]) -> list[int]:
    entries: list[int] = []
    seen: set[str] = set()
    for position in range(title_at + 1, min(len(lines), title_at + _LONGEST)):
        heading = _heading_form(_without_page(lines[position]))
        # What a contents page lists is not listed twice: the second time, the document itself has begun.
        if lines[position].strip() and (heading in seen or not _is_entry(lines[position], position, last_seen)):
            break
        if heading:
            seen.add(heading)
        entries.append(position)
    return entries


def _is_entry(line: str, position: int, last_seen: dict[str, int]) -> bool:
    if len(line) >= _LONGEST:
        return False
    if _has_leaders(line) or _PAGE_NUMBER.search(line[-120:]) or _LINK_WITHIN.search(line) or _HEADS.fullmatch(line):
        return True
    return (
        last_seen.get(_heading_form(line), -1) > position
        or last_seen.get(_heading_form(_without_page(line)), -1) > position
    )


def _without_page(line: str) -> str:
    return re.sub(r"\s\d{1,3}\s*$", "", line)


def _heading_form(line: str) -> str:
    """A heading's words alone, so that a contents line and the heading it points to are equal."""
    words = re.sub(r"\]\([^()]*\)", " ", line).lower()
    words = re.sub(r"^[\s#*•\[-]*(?:\d+(?:\.\d+)*[.)]?\s)?", "", words)
    return " ".join(re.findall(r"\w+", words))
