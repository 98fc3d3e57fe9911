"""Which paragraphs of a PDF are headings, and how high: by size, weight and number. The title is the largest on page 1."""

from __future__ import annotations

import re
from collections.abc import Sequence

from governance.extract.pdf_lines import segments_of
from governance.extract.pdf_paragraphs import Paragraph, Setting
from governance.extract.segmentation import looks_like_heading
from governance.extract.titles import names_a_kind

_LARGE, _TITLE_LARGE = 1.12, 1.25
_LONGEST = 160
_LONG_PARAGRAPH = 120
_DIVISION = re.compile(r"(?i)(?:appendix|annex|schedule|part|section|chapter)\s+(?:\d{1,2}|[A-Z])\b")
_LABEL = re.compile(r"[A-Z][\w /'’()&-]{1,40}:\s*\S")
_Style = tuple[float, bool]


class Headings:
    """The headings of a document, each by its position among the paragraphs."""

    def __init__(self, found: Sequence[Paragraph], setting: Setting) -> None:
        self.found = found
        self.setting = setting
        self.texts = {
            position: _words_of(one) for position, one in enumerate(found) if one.first.words and len(one.lines) <= 4
        }
        self.mostly_bold = self._is_mostly_bold()
        candidates = [position for position in self.texts if self._may_be(position)]
        self.title_at = self._title_at(candidates)
        cover = self._cover(candidates)
        self.headings = {p for p in candidates if p not in cover and p != self.title_at}
        self.ranks = self._ranks()

    def level(self, position: int) -> int:
        """1 for the title, 2 to 6 for another heading, 0 for what is none."""
        if position == self.title_at:
            return 1
        if position not in self.headings:
            return 0
        paragraph = self.found[position]
        if paragraph.mark is not None and paragraph.mark.is_figure:
            return min((paragraph.mark.number or "").count(".") + 2, 6)
        if _DIVISION.match(self.texts[position]):
            return 2
        return min(self.ranks[self._style(paragraph)], 6)

    def _is_mostly_bold(self) -> bool:
        strong = sum(len(line.words) for one in self.found if one.strong for line in one.lines)
        return 2 * strong > sum(len(line.words) for one in self.found for line in one.lines)

    def _style(self, paragraph: Paragraph) -> _Style:
        return round(paragraph.size * 2) / 2, paragraph.strong

    def _may_be(self, position: int) -> bool:
        paragraph, text = self.found[position], self.texts[position]
        if paragraph.first.entry or not re.search(r"[^\W\d_]", text) or len(text) > _LONGEST:
            return False
        if paragraph.mark is not None and not paragraph.mark.is_figure:
            return False
        if paragraph.size > _LARGE * self.setting.size:
            return not text.endswith((".", ";", ",")) and not _is_label(text)
        bold = paragraph.strong and not self.mostly_bold and paragraph.size > 0.94 * self.setting.size
        return bold and len(paragraph.lines) <= 3 and _reads_as_heading(text)

    def _title_at(self, candidates: Sequence[int]) -> int | None:
        first_page = self.found[0].first.page if self.found else 0
        large = [
            p
            for p in candidates
            if self.found[p].first.page == first_page
            and self.found[p].mark is None
            and self.found[p].size > _TITLE_LARGE * self.setting.size
        ]
        if not large:
            return (
                candidates[0] if candidates and candidates[0] <= 1 and self.found[candidates[0]].mark is None else None
            )
        largest = max(self.found[p].size for p in large)
        named = [p for p in large if names_a_kind(self.texts[p]) and self.found[p].size > 0.6 * largest]
        return max(named or large, key=lambda p: (self.found[p].size, -p))

    def _cover(self, candidates: Sequence[int]) -> set[int]:
        """Large lines of a cover (the school's name, a year) that head no text: those before the last above the text."""
        if self.title_at is None:
            return set()
        likely = set(candidates)
        numbered = (p for p in candidates if self.found[p].mark is not None)
        long = (p for p, one in enumerate(self.found) if one.first.words and self._is_long(one))
        body = min(next(numbered, len(self.found)), next(long, len(self.found)))
        first = body
        while first - 1 in likely and first - 1 > self.title_at:
            first -= 1
        return {p for p in candidates if p < first and self.found[p].first.page == self.found[self.title_at].first.page}

    def _is_long(self, paragraph: Paragraph) -> bool:
        return len(paragraph.lines) > 1 and sum(
            len(word.text) + 1 for line in paragraph.lines for word in line.words
        ) > (_LONG_PARAGRAPH)

    def _ranks(self) -> dict[_Style, int]:
        """Each style of heading with its level: as its numbered headings have, else by size and weight."""
        levels: dict[_Style, int] = {}
        for position in sorted(self.headings):
            paragraph = self.found[position]
            if paragraph.mark is not None:
                level = (paragraph.mark.number or "").count(".") + 2
                style = self._style(paragraph)
                levels[style] = min(level, levels.get(style, 6))
        styles = sorted({self._style(self.found[p]) for p in self.headings}, reverse=True)
        rank = 1
        for style in styles:
            rank = levels.get(style, rank + 1)
            levels[style] = rank
        return levels


def _words_of(paragraph: Paragraph) -> str:
    text = "".join(segment.text for segment in segments_of(paragraph.lines)).strip()
    if paragraph.mark is not None and paragraph.mark.number is not None:
        return text.partition(" ")[2].strip()
    return text


def _reads_as_heading(text: str) -> bool:
    return looks_like_heading(text) or (bool(_DIVISION.match(text)) and not text.endswith("."))


def _is_label(text: str) -> bool:
    return bool(_LABEL.match(text)) and not _DIVISION.match(text)
