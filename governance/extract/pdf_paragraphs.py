"""Lines of a PDF to paragraphs: where one ends and the next begins, also over the end of a page.

paragraphs(lines)
  the usual size of letters and distance of lines (Setting)
  a line begins a new paragraph after a gap, with a mark, a label or an indent, in other letters,
  or when its first word would have fitted on the line before
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from governance.extract.pdf_characters import Word
from governance.extract.pdf_lines import Line
from governance.extract.pdf_marks import Mark, follows, mark_of

# How a sentence, or what leads to one, ends.
ENDED = re.compile(r"[.!?:;][\"'”’)\]]*$")
_LABEL = re.compile(r"[A-Z][\w /'’()&-]{1,40}:(?:\s|$)")
_NAMES_A_SCHOOL = re.compile(r"(?i)\b(?:school|academy|college|trust|federation|council|nursery)s?$")
_LOOSER, _LOOSEST = 1.18, 1.5
_INDENT = 0.7
_LARGE = 1.12
_FEWEST_NARROW = 3
_NOTE = re.compile(r"[(\[]?\d{1,3}\b|[*†‡§]|[ivx]{1,4}\s")
_MOST_NOTES = 12
_SMALL = 0.93


@dataclass
class Paragraph:
    """Lines that run on, with the mark they begin with. A table or an entry of a contents page is one of one line."""

    lines: list[Line]
    mark: Mark | None = None

    @property
    def first(self) -> Line:
        """Its first line."""
        return self.lines[0]

    @property
    def size(self) -> float:
        """What its first line's letters have."""
        return self.lines[0].size

    @property
    def strong(self) -> bool:
        """All its words after the mark are bold."""
        words = [word for line in self.lines for word in line.words]
        return _are_bold(words[self.mark.words :] if self.mark else words)

    @property
    def ends_strong(self) -> bool:
        """Its last line is bold throughout; a paragraph may be long, and this is asked at every line."""
        words = self.lines[-1].words
        return _are_bold(words[self.mark.words :] if self.mark and len(self.lines) == 1 else words)


def _are_bold(words: Sequence[Word]) -> bool:
    return bool(words) and all(word.strong for word in words if any(map(str.isalnum, word.text)))


@dataclass(frozen=True)
class Setting:
    """How a document is set: the size of most of its letters, lines' distance in sizes, and its pages' right edge."""

    size: float
    leading: float
    left: float
    right: float

    def edge(self, line: Line) -> float:
        """The right edge of the column that a line stands in."""
        return line.column[1] if line.column else max(self.right, line.right)

    def is_full(self, line: Line, following: Line) -> bool:
        """Whether the next line's first word had no room on this line."""
        edge = self.edge(line)
        if line.column is None and line.right - self.left < 0.5 * (edge - self.left):
            return False
        word = following.words[0]
        return line.right + 0.3 * line.size + (word.right - word.left) > edge - 0.1 * line.size


def setting_of(lines: Sequence[Line]) -> Setting:
    """The usual measures of a document's lines."""
    sizes: Counter[float] = Counter()
    for line in lines:
        for word in line.words:
            sizes[word.size] += len(word.text)
    size = sizes.most_common(1)[0][0] if sizes else 11.0
    body = [line for line in lines if line.words and not line.entry and abs(line.size - size) < 0.6]
    gaps: Counter[float] = Counter()
    for one, other in pairwise(body):
        # Only a line that goes on in lower case is surely of the same paragraph.
        if (
            one.page == other.page
            and other.words[0].text[0].islower()
            and other.size < other.y - one.y < 3 * size
            and abs(one.left - other.left) < 3
        ):
            gaps[round((other.y - one.y) / size, 1)] += len(one.words)
    return Setting(size, gaps.most_common(1)[0][0] if gaps else 1.2, *_edges(body))


def _edges(body: Sequence[Line]) -> tuple[float, float]:
    rights: dict[int, float] = {}
    lefts: dict[int, float] = {}
    for line in body:
        if line.column is None:
            rights[line.page] = max(rights.get(line.page, 0.0), line.right)
            lefts[line.page] = min(lefts.get(line.page, line.left), line.left)
    return (median(lefts.values()), median(rights.values())) if rights else (0.0, 0.0)


def paragraphs(lines: Sequence[Line], setting: Setting) -> list[Paragraph]:
    """The lines as paragraphs, in order."""
    found: list[Paragraph] = []
    _see_narrow_columns(lines, setting)
    for line in lines:
        mark = mark_of(line)
        held = _above_notes(found, line, setting)
        if held is not None and not _begins(held, line, mark, setting):
            held.lines.append(line)
        else:
            found.append(Paragraph([line], mark))
    return found


def _above_notes(found: Sequence[Paragraph], line: Line, setting: Setting) -> Paragraph | None:
    """The paragraph that a line may go on with: the last, but on a new page that above the footnotes of the page before."""
    if not found or line.page == found[-1].lines[-1].page:
        return found[-1] if found else None
    notes = 0
    while notes < min(_MOST_NOTES, len(found) - 1) and _is_small_print(found[-1 - notes], setting):
        notes += 1
    return found[-1 - notes] if notes and _NOTE.match(found[-notes].first.text) else found[-1]


def _is_small_print(paragraph: Paragraph, setting: Setting) -> bool:
    return bool(paragraph.first.words) and not paragraph.first.entry and paragraph.size < _SMALL * setting.size


def _see_narrow_columns(lines: Sequence[Line], setting: Setting) -> None:
    """Running text that is set narrower than the page (a box, a quotation) has a right edge of its own."""
    run: list[Line] = []
    for line in [*lines, None]:
        if run and line is not None and _stands_below(run[-1], line, setting):
            run.append(line)
            continue
        if len(run) >= _FEWEST_NARROW and _is_running_text(run, setting):
            edges = (min(one.left for one in run), max(one.right for one in run))
            for one in run:
                one.column = edges
        run = [line] if line is not None and line.words and line.column is None and not line.entry else []


def _stands_below(last: Line, line: Line, setting: Setting) -> bool:
    if not line.words or line.entry or line.column is not None or line.page != last.page:
        return False
    near = 0 < line.y - last.y < 1.4 * setting.leading * line.size
    return near and abs(line.left - last.left) < 2 and abs(line.size - last.size) < 0.6


def _is_running_text(run: Sequence[Line], setting: Setting) -> bool:
    left, right = run[0].left, max(line.right for line in run)
    if right > setting.right - 0.15 * (setting.right - setting.left):
        return False
    full = [line for line in run[:-1] if line.right > right - 0.25 * (right - left)]
    lower = [line for line in run[1:] if line.words[0].text[0].islower()]
    return len(full) >= 0.7 * (len(run) - 1) and len(lower) >= 0.3 * len(run)


def _begins(held: Paragraph, line: Line, mark: Mark | None, setting: Setting) -> bool:
    last = held.lines[-1]
    if not line.words or not last.words or line.entry or last.entry or _in_other_letters(held, line, setting):
        return True
    if mark is not None and not _is_mid_sentence(held, line, mark, setting):
        return True
    if line.page != last.page or line.column != last.column or line.y < last.y:
        return not _goes_on_over_the_page(held, line, setting)
    if held.size > _LARGE * setting.size:
        return _begins_after_heading(held, line, setting)
    return _begins_below(held, line, setting)


def _in_other_letters(held: Paragraph, line: Line, setting: Setting) -> bool:
    last = held.lines[-1]
    if abs(last.size - line.size) > 0.08 * max(last.size, line.size):
        return True
    bold, was_bold = _are_bold(line.words), held.ends_strong
    return bold is not was_bold and not setting.is_full(last, line)


def _is_mid_sentence(held: Paragraph, line: Line, mark: Mark, setting: Setting) -> bool:
    """A number that only happens to begin a line: "… see section | 4. The school …"."""
    last = held.lines[-1]
    if mark.number is None or ENDED.search(last.text) or not setting.is_full(last, line):
        return False
    if held.mark is not None and (follows(held.mark.number, mark.number) or abs(mark.left - held.mark.left) < 2):
        return len(held.lines) > 1 and not follows(held.mark.number, mark.number)
    text_left = held.mark.text_left if held.mark else last.left
    return abs(line.left - text_left) < 2 and line.page == last.page and _gap(last, line, setting) <= _LOOSER


def _gap(last: Line, line: Line, setting: Setting) -> float:
    """The distance of two lines in usual distances."""
    return (line.y - last.y) / (setting.leading * max(last.size, line.size))


def _goes_on_over_the_page(held: Paragraph, line: Line, setting: Setting) -> bool:
    last = held.lines[-1]
    if held.size > _LARGE * setting.size or ENDED.search(last.text) or _LABEL.match(line.text):
        return False
    return line.text[:1].islower() or (len(held.lines) > 1 and setting.is_full(last, line) and not held.ends_strong)


def _begins_after_heading(held: Paragraph, line: Line, setting: Setting) -> bool:
    """Large letters run on over lines, unless a school's name stands above the title."""
    last = held.lines[-1]
    if line.y - last.y > 1.6 * line.size or _LABEL.match(line.text):
        return True
    return bool(_NAMES_A_SCHOOL.search(last.text)) and not setting.is_full(last, line)


def _begins_below(held: Paragraph, line: Line, setting: Setting) -> bool:
    last = held.lines[-1]
    runs_on = line.text[:1].islower() and not ENDED.search(last.text)
    gap = _gap(last, line, setting)
    if gap > (_LOOSEST if runs_on else _LOOSER) or _is_indented(held, line, runs_on):
        return True
    if runs_on:
        return False
    if _LABEL.match(line.text) and (_LABEL.match(held.first.text) or not setting.is_full(last, line)):
        return True
    return not setting.is_full(last, line)


def _is_indented(held: Paragraph, line: Line, runs_on: bool) -> bool:
    """Further in than the paragraph's lines, or further out than its mark."""
    step = _INDENT * line.size
    if held.mark is not None:
        return line.left < held.mark.left - step or line.left > held.mark.text_left + 3 * step
    rest = held.lines[1:]
    if not rest:
        # The first line of a paragraph may itself be the indented one.
        return line.left > held.first.left + step and not runs_on
    return abs(line.left - rest[-1].left) > step and not runs_on
