"""Entries of a PDF's contents page: each one line of text with leaders, however the page set it.

`contents_pages` then knows them for what they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from governance.extract.pdf_lines import Line, parts_of

_LEADERS = re.compile(r"(?P<title>.*?\w.*?)\s*(?:(?:\.\s?){4,}|…{2,})\s*(?P<page>\d{1,3})")
_DOTS = re.compile(r"\.\s?\.\s?\.\s?\.|……")
_PAGE = re.compile(r"\d{1,3}")
_FEWEST = 3
_LONGEST = 180
_GAP = 1.0


def mark_entries(lines: Sequence[Line], pages: int) -> list[Line]:
    """The lines with those of a contents page marked, an entry that wrapped made one; `pages` is the document's count."""
    marked: list[Line] = []
    run: list[Line] = []
    for line in lines:
        if _entry(line, pages, run) or run and _wraps(run, line):
            run.append(line)
        else:
            marked.extend(_settled(run))
            marked.append(line)
            run = []
    return [*marked, *_settled(run)]


def _entry(line: Line, pages: int, run: Sequence[Line]) -> bool:
    if line.rows or len(line.words) < 2 or len(line.words) > 60:
        return False
    text = line.text
    if _with_leaders(text):
        return True
    last = line.words[-1]
    if not _PAGE.fullmatch(last.text) or not 1 <= int(last.text) <= pages:
        return False
    before = _last_entry(run)
    if before is not None and (abs(before.right - line.right) > 3 or int(_page_number(before) or 0) > int(last.text)):
        return False
    return len(parts_of(line, _GAP)) > 1 and last.left - line.words[-2].right > _GAP * line.size


def _with_leaders(text: str) -> re.Match[str] | None:
    return _LEADERS.fullmatch(text[-_LONGEST:]) if text[-1:].isdigit() and _DOTS.search(text) else None


def _last_entry(run: Sequence[Line]) -> Line | None:
    return next((line for line in reversed(run) if _page_number(line)), None)


def _page_number(line: Line) -> str | None:
    last = re.search(r"(\d{1,3})$", line.words[-1].text)
    return last[1] if last else None


def _wraps(run: Sequence[Line], line: Line) -> bool:
    """A line between entries that may be the first half of the next one."""
    near = 0 < line.y - run[-1].y < 2.5 * line.size and line.page == run[-1].page
    return near and not line.rows and len(line.text) < _LONGEST and (_page_number(run[-1]) is not None)


def _settled(run: list[Line]) -> list[Line]:
    """A run of entries with their text; what was no contents page stays as it was, and so do lines after its end."""
    end = len(run)
    while end and _page_number(run[end - 1]) is None:
        end -= 1
    if end < _FEWEST and not any(_with_leaders(line.text) for line in run[:end]):
        return run
    settled: list[Line] = []
    held = ""
    for line in run[:end]:
        title, page = _split(line)
        if page is None:
            held = f"{held} {title}".strip()
            continue
        line.entry = f"{held} {title} .... {page}".strip()
        held = ""
        settled.append(line)
    return [*settled, *run[end:]]


def _split(line: Line) -> tuple[str, str | None]:
    text = line.text
    match = _with_leaders(text)
    if match:
        return match["title"], match["page"]
    last = line.words[-1].text
    return (text.removesuffix(last).strip(), last) if _PAGE.fullmatch(last) else (text, None)
