"""Words to the lines a reader sees, and lines to text: spaces, raised figures, and words divided at a line's end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import attrgetter

from governance.extract.blocks import tidied
from governance.extract.clauses import Segment
from governance.extract.pdf_characters import Word

# A gap wider than this many letters' heights is a column or a tab stop; justified text seldom reaches it.
WIDE_GAP = 1.6
_left, _height_and_left = attrgetter("left"), attrgetter("y", "left")
# Whether words are bold or italic, and where they lead.
_Like = tuple[bool, bool, str | None]
_TOUCHING = 0.12
_SAME_LINE = 0.3
_DIVIDED = re.compile(r"[^\W\d_]-$")
_MARK = re.compile(
    r"\(?(?:\d{1,2}(?:\.\d{1,3}){0,4}|[a-zA-Z]|[ivx]{1,5})[.)]|\d{1,2}(?:\.\d{1,3}){1,4}|\W|[o\ue000-\uf8ff]"
)
# These keep their hyphen when a line ends after it.
_HYPHENATED = re.compile(
    r"(?i)\b(?:self|non|anti|co|well|e|on|off|pre|ex|multi|cross|part|full|long|short|high|low|half|mid|one|two|three|up|"
    r"post|peer|child|age|school|year|decision|face|follow|drop|day|high|whole|third|staff|risk|mini|in|out|cyber)-$"
)


@dataclass(slots=True, eq=False)
class Line:
    """A line of one column. `y` is its baseline, `size` what most of its letters have; a table stands as a line with rows.

    `column` holds the left and right edges of the column it stands in, where the page has several. `entry` is a line of a
    contents page as text; `said` is its text once asked for.
    """

    words: list[Word]
    left: float
    right: float
    y: float
    size: float
    page: int = 0
    column: tuple[float, float] | None = None
    rows: list[tuple[str, ...]] = field(default_factory=list)
    entry: str | None = None
    said: str | None = None

    @property
    def text(self) -> str:
        """The words with a space between."""
        if self.said is None:
            self.said = _said(self)
        return self.said


def line_of(words: Sequence[Word], page: int = 0, column: tuple[float, float] | None = None) -> Line:
    """A line of these words."""
    ordered = sorted(words, key=_left)
    right = max([word.right for word in ordered])
    size = ordered[0].size
    if any(word.size != size for word in ordered):
        sizes: Counter[float] = Counter()
        for word in ordered:
            sizes[word.size] += len(word.text)
        size = max(sizes.items(), key=lambda found: (found[1], found[0]))[0]
    return Line(ordered, ordered[0].left, right, _baseline(ordered, size), size, page, column)


def lines_of(words: Sequence[Word], page: int = 0) -> list[Line]:
    """Words as lines across the whole page, from the top."""
    groups: list[list[Word]] = []
    for word in sorted(words, key=_height_and_left):
        if groups and word.y - groups[-1][0].y <= _SAME_LINE * min(word.size, groups[-1][0].size):
            groups[-1].append(word)
        else:
            groups.append([word])
    return [line_of(group, page) for group in _with_raised_words(groups)]


def parts_of(line: Line, wide: float = WIDE_GAP) -> list[list[Word]]:
    """A line's words parted where a wide gap stands, as between columns; a number or bullet stays with its words."""
    parts: list[list[Word]] = []
    edge, gap = 0.0, wide * line.size
    if not any(after.left - before.right >= gap for before, after in pairwise(line.words)):
        return [line.words] if line.words else []
    for word in line.words:
        if parts and (word.left - edge < gap or only_marks(parts[-1])):
            parts[-1].append(word)
        else:
            parts.append([word])
        edge = max(edge, word.right) if len(parts[-1]) > 1 else word.right
    return parts


def segments_of(lines: Sequence[Line]) -> tuple[Segment, ...]:
    """The words of lines as one running text, divided words joined again."""
    return tidied(_run_on(lines))


def text_of(words: Sequence[Word]) -> str:
    """Words that may stand on several lines as one text."""
    return "".join(segment.text for segment in _run_on(lines_of(words))).strip()


def _baseline(words: Sequence[Word], size: float) -> float:
    return next((word.y for word in words if word.size == size), words[0].y)


def _with_raised_words(groups: list[list[Word]]) -> list[list[Word]]:
    """Small raised or lowered words put back to the line they belong to."""
    kept: list[list[Word]] = []
    waiting: list[Word] = []
    for position, group in enumerate(groups):
        size = max(word.size for word in group)
        after = groups[position + 1] if position + 1 < len(groups) else []
        if after and _belongs(group, size, after):
            waiting.extend(group)
            continue
        if kept and not waiting and _belongs(group, size, kept[-1]):
            kept[-1].extend(group)
            continue
        kept.append([*group, *waiting])
        waiting = []
    return kept


def _belongs(group: Sequence[Word], size: float, other: Sequence[Word]) -> bool:
    larger = max(word.size for word in other)
    if size > 0.8 * larger or abs(group[0].y - other[0].y) > 0.6 * larger:
        return False
    return all(any(-1 < word.left - near.right < larger for near in other) for word in group)


def _said(line: Line) -> str:
    size = line.words[0].size if line.words else 0.0
    if any(word.glued or word.size != size for word in line.words):
        return "".join(segment.text for segment in _run_on([line])).strip()
    # Most lines; this is asked of each line several times.
    return " ".join([word.text for word in line.words]).strip()


def only_marks(words: Sequence[Word]) -> bool:
    """No more than the number or bullet that the words after it hang on."""
    return len(words) == 1 and bool(_MARK.fullmatch(words[0].text))


def _run_on(lines: Sequence[Line]) -> Iterator[Segment]:
    """The words' segments with spaces between; neighbours set alike are already one."""
    held: _Like | None = None
    texts: list[str] = []
    edge: Word | None = None
    for line in lines:
        new_line = True
        for word in line.words:
            here = (word.strong, word.em, word.href)
            if held is not None and edge is not None:
                texts[-1], space = _meeting(texts[-1], edge, word, new_line)
                new_line = False
                if here == held:
                    texts.append(f" {word.text}" if space else word.text)
                    edge = word
                    continue
                yield Segment("".join(texts), *held)
                if space:
                    yield _space(held, here)
            held, texts, edge, new_line = here, [word.text], word, False
    if held is not None:
        yield Segment("".join(texts), *held)


def _meeting(before: str, edge: Word, word: Word, new_line: bool) -> tuple[str, bool]:
    """The word before as it stands when another follows, and whether a space stands between."""
    if not new_line:
        if not word.glued and edge.size == word.size:
            return before, True
        touching = word.left >= edge.left and word.left - edge.right < _TOUCHING * max(word.size, edge.size)
        return before, not (word.glued or (touching and edge.y == word.y and edge.size != word.size))
    if not before.endswith("-") or before.strip() == "-" or word.text in ("and", "or", "to"):
        return before, True
    if not _DIVIDED.search(before) or not word.text[:1].islower() or _HYPHENATED.search(before):
        return before, False
    return before[:-1], False


def _space(before: _Like, after: _Like) -> Segment:
    return Segment(" ", before[0] and after[0], before[1] and after[1], before[2] if before[2] == after[2] else None)
