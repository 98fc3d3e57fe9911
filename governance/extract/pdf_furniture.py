"""What stands on every page of a PDF and is no part of its text: running heads and feet, page numbers.

House rule: a line near the upper or lower edge is one when the same words stand at the same height on three pages (on two
where there are no more than five, and then only in the margin), whatever the page number in it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from governance.extract.pdf_lines import Line, parts_of, text_of

_PAGE_OF = re.compile(
    r"(?i)[\s|–—-]*(?:\bp\s?a\s?g\s?e\s*(?:no\.?\s*)?\|?\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?|(?<![\d/.])\b\d{1,4}\s*(?:of|/)\s*\d{1,4}(?![\d/])|"
    r"\b\d{1,4}\s*\|\s*p\s?a\s?g\s?e\b(?!\s*\d))[\s|–—-]*"
)
_ALONE = re.compile(r"[\s|–—-]*(\d{1,4})[\s|–—-]*")
_DIVISION = re.compile(r"(?i)(?:appendix|annex|schedule|part|section|chapter)\s+\S{1,3}\b")
_EDGE, _MARGIN = 0.17, 0.085
_LINES_FROM_EDGE = 8
_SAME_HEIGHT = 3.0
_FEW_PAGES = 5


@dataclass(frozen=True)
class _Seen:
    line: Line
    text: str
    upper: bool
    in_margin: bool


def without_furniture(pages: Sequence[list[Line]], heights: Sequence[float]) -> tuple[list[str], list[str]]:
    """Running heads and feet taken out of the pages' lines; given back once each, those above and those below."""
    seen = [one for lines, height in zip(pages, heights, strict=True) for one in _near_edges(lines, height)]
    found = [one for group in _groups(seen) if _is_repeated(group, len(pages)) for one in group]
    found += [one for one in seen if _is_page_number(one)]
    gone = {id(one.line) for one in found}
    for lines in pages:
        lines[:] = [line for line in lines if id(line) not in gone]
    found.sort(key=lambda one: (one.line.page, one.line.y))
    return _once(one.text for one in found if one.upper), _once(one.text for one in found if not one.upper)


def _near_edges(lines: Sequence[Line], height: float) -> list[_Seen]:
    edges = [*lines[:_LINES_FROM_EDGE], *lines[max(_LINES_FROM_EDGE, len(lines) - _LINES_FROM_EDGE) :]]
    seen = []
    for line in edges:
        upper = line.y < height / 2
        from_edge = (line.y if upper else height - line.y) / height
        if from_edge < _EDGE and not line.rows:
            parts = parts_of(line)
            text = "\t".join(map(text_of, parts)) if len(parts) > 1 else line.text
            seen.append(_Seen(line, text, upper, from_edge < _MARGIN))
    return seen


def _groups(seen: Sequence[_Seen]) -> list[list[_Seen]]:
    """Lines of equal words, page numbers aside, at one height."""
    alike: dict[tuple[bool, str], list[_Seen]] = defaultdict(list)
    for one in seen:
        alike[one.upper, re.sub(r"\d+", "#", one.text.casefold())].append(one)
    groups = []
    for same in alike.values():
        same.sort(key=lambda one: one.line.y)
        start = 0
        for position in range(1, len(same) + 1):
            if position == len(same) or same[position].line.y - same[position - 1].line.y > _SAME_HEIGHT:
                groups.append(same[start:position])
                start = position
    return groups


def _is_repeated(group: Sequence[_Seen], pages: int) -> bool:
    on_pages = {one.line.page for one in group}
    equal = len({one.text for one in group}) == 1
    if not equal and not _counts_pages(group):
        return False
    if len(on_pages) >= 3:
        return True
    return len(on_pages) == 2 and pages <= _FEW_PAGES and all(one.in_margin for one in group)


def _counts_pages(group: Sequence[_Seen]) -> bool:
    """The numbers that differ between the lines go up with the pages."""
    if any(_DIVISION.match(one.text) for one in group):
        return False
    rows = [(one.line.page, [int(number) for number in re.findall(r"\d{1,9}", one.text)]) for one in group]
    if len({len(numbers) for _, numbers in rows}) != 1:
        return False
    columns = zip(*(numbers for _, numbers in rows), strict=True)
    pages = [page for page, _ in rows]
    return all(
        len(set(column)) == 1 or len({number - page for number, page in zip(column, pages, strict=True)}) == 1
        for column in columns
    )


def _is_page_number(one: _Seen) -> bool:
    alone = _ALONE.fullmatch(one.text)
    if alone:
        return one.in_margin and int(alone[1]) == one.line.page + 1
    return bool(_PAGE_OF.fullmatch(one.text))


def _once(texts: Iterable[str]) -> list[str]:
    """Each text once, page numbers dropped."""
    kept: dict[str, None] = {}
    for text in texts:
        words = _PAGE_OF.sub(" ", text)
        words = "" if _ALONE.fullmatch(words) else re.sub(r"(?:\t|\s{2,})\d{1,3}$|^\d{1,3}\t", "", words.strip(" "))
        if re.search(r"\w", words):
            kept[words.strip()] = None
    return list(kept)
