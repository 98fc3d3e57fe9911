"""Blocks to clauses: which lines are headings, what each clause's number is, where one ends and the next begins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from governance.extract.blocks import Block, Content
from governance.extract.clauses import Clause, ClauseKind, Segment
from governance.extract.contents_pages import contents_lines
from governance.extract.dates import find_dates
from governance.extract.markdown_blocks import blocks_of
from governance.extract.titles import names_a_kind

_NUMBER = re.compile(
    r"(?P<number>\d{1,3}(?:\.\d{1,3})*)[.)]?\s+(?=\S)|(?P<letter>\((?:[a-z]{1,2}|[ivx]{1,4})\)|[a-z][.)])\s+(?=\S)"
)
_DIVISION = re.compile(r"(?i)(?:appendix|annex|schedule|part|section|chapter)\s+(?:\d{1,2}|[A-Z])\b")
_APPENDIX = re.compile(r"(?i)(?:appendix|annex|schedule)\b")
_SENTENCE = re.compile(
    r"(?i)(?:this|the|all|we|it|you|they|there|if|when|where|any|please|our|each|every)\b.*\b(?:is|are|will|must|should|may|can|has|have|shall|sets?|applies)\b"
)
_LONGEST_HEADING, _MOST_HEADING_WORDS = 90, 12
_LONG_PARAGRAPH = 120


def read_clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of a Markdown or plain-text document, contents page left out.

    Raises:
        UnreadableDocument: when it is nested too deeply.
    """
    lines = _without_front_matter(text.split("\n"))
    hidden = contents_lines(lines)
    blocks = blocks_of(["" if position in hidden else line for position, line in enumerate(lines)])
    return clauses_of(blocks)


def clauses_of(blocks: Sequence[Block]) -> tuple[Clause, ...]:
    """Blocks as clauses, one each."""
    return _Segmentation(list(blocks)).clauses()


def clauses_of_content(content: Content) -> tuple[Clause, ...]:
    """The clauses of a document that a reader set out, contents page left out."""
    hidden = contents_lines(content.lines)
    return clauses_of([block for block in content.blocks if block.line not in hidden])


def document_title(clauses: Sequence[Clause]) -> str | None:
    """The words of the title heading, or of the first heading."""
    headings = [clause for clause in clauses if clause.kind is ClauseKind.HEADING]
    return min(headings, key=lambda heading: (heading.level, heading.line)).text if headings else None


def looks_like_heading(text: str) -> bool:
    """Whether a line by itself reads as a heading and not as a sentence, a label or a date."""
    if not 2 <= len(text) <= _LONGEST_HEADING or len(text.split()) > _MOST_HEADING_WORDS:
        return False
    if text[-1] in ".;:,-–" or ": " in text or not (text[0].isupper() or text[0].isdigit()):
        return False
    return not _SENTENCE.match(text) and not find_dates(text)


def _without_front_matter(lines: list[str]) -> list[str]:
    if lines and lines[0].strip() == "---" and "---" in (line.strip() for line in lines[1:40]):
        end = next(position for position, line in enumerate(lines[1:40], 1) if line.strip() == "---")
        return [""] * (end + 1) + lines[end + 1 :]
    return lines


class _Segmentation:
    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks
        self.anchors: dict[str, int] = {}
        self.in_appendix = False
        self.prose_lists = self._lists_of_sentences()
        self.body_from = self._body_from()
        self.title_at = self._title_at()

    def clauses(self) -> tuple[Clause, ...]:
        return tuple(self._clause(position, block) for position, block in enumerate(self.blocks))

    def _lists_of_sentences(self) -> set[int]:
        """Numbered lists whose every item is a sentence: numbered clauses, not a list of steps."""
        items: dict[int, list[bool]] = {}
        for block in self.blocks:
            if block.kind == "item" and block.number and block.level == 1:
                items.setdefault(block.list_id, []).append(
                    block.text.rstrip().endswith((".", ":")) and len(block.text) > 40
                )
        return {list_id for list_id, sentences in items.items() if all(sentences)}

    def _body_from(self) -> int:
        """Where the cover ends: the first numbered or marked-up heading below the title, else the first long paragraph."""
        for position, block in enumerate(self.blocks):
            number, rest = _numbered(block)
            if (block.kind == "heading" and block.level > 1) or (
                number and number[0].isdigit() and looks_like_heading(rest)
            ):
                return position
        long = (position for position, block in enumerate(self.blocks) if len(block.text) > _LONG_PARAGRAPH)
        return max(next(long, 1) - 1, 1)

    def _title_at(self) -> int | None:
        cover = list(enumerate(self.blocks[: max(self.body_from, 1)]))
        marked = [position for position, block in cover if block.kind == "heading"]
        plain = [p for p, block in cover if block.kind == "paragraph" and looks_like_heading(block.text)]
        named = [position for position in plain if names_a_kind(self.blocks[position].text)]
        return next(iter([*marked, *named, *plain]), None)

    def _clause(self, position: int, block: Block) -> Clause:
        if block.kind == "table":
            rows = tuple(block.rows)
            return Clause(ClauseKind.TABLE, None, 0, (), self._anchor(f"line-{block.line + 1}"), block.line + 1, rows)
        number, rest = _numbered(block)
        if self._is_heading(position, block, number, rest):
            return self._heading(position, block, number, rest)
        if number and self._is_numbered_clause(block, number):
            level = number.count(".") + 1
            return self._made(ClauseKind.CLAUSE, number, level, block, f"clause-{_slug(number)}")
        if block.kind == "item" or number:
            return self._made(ClauseKind.LIST_ITEM, number, max(block.level, 1), block, f"line-{block.line + 1}")
        return self._made(ClauseKind.PARAGRAPH, None, 0, block, f"line-{block.line + 1}")

    def _is_heading(self, position: int, block: Block, number: str | None, rest: str) -> bool:
        if block.kind == "heading" or position == self.title_at:
            return True
        if position + 1 >= len(self.blocks) or block.level > 1 or not looks_like_heading(rest):
            return False
        if not block.may_head and not number:
            return False
        if block.kind == "item":
            alone = block.number is not None and self._is_alone(position, block)
            return bool(number) and number is not None and number[0].isdigit() and (alone or block.number is None)
        if number:
            return number[0].isdigit()
        return position >= self.body_from or bool(_DIVISION.match(rest))

    def _is_alone(self, position: int, block: Block) -> bool:
        neighbours = self.blocks[max(position - 1, 0) : position] + self.blocks[position + 1 : position + 2]
        return all(other.list_id != block.list_id for other in neighbours)

    def _heading(self, position: int, block: Block, number: str | None, rest: str) -> Clause:
        number = number if number and number[0].isdigit() else None
        if not block.level or block.kind != "heading":
            if _APPENDIX.match(rest):
                self.in_appendix = True
            level = 1 if position == self.title_at else self._heading_level(number, rest)
        else:
            level = block.level
        anchor = f"clause-{_slug(number)}" if number else _slug(rest)
        return self._made(ClauseKind.HEADING, number, min(level, 6), block, anchor)

    def _heading_level(self, number: str | None, rest: str) -> int:
        if number:
            return number.count(".") + 2 + self.in_appendix
        return 2 if _DIVISION.match(rest) or not self.in_appendix else 3

    def _is_numbered_clause(self, block: Block, number: str) -> bool:
        if not number[0].isdigit():
            return False
        return "." in number or block.kind == "paragraph" or block.list_id in self.prose_lists

    def _made(self, kind: ClauseKind, number: str | None, level: int, block: Block, anchor: str) -> Clause:
        segments = _without_number(block) if number or block.number else block.segments
        if kind is ClauseKind.HEADING:
            segments = tuple(replace(segment, strong=False) for segment in segments)
        return Clause(kind, number, level, segments, self._anchor(anchor), block.line + 1)

    def _anchor(self, wanted: str) -> str:
        """The anchor, with "-2" and so on when the document uses it again."""
        anchor = wanted or "heading"
        while anchor in self.anchors:
            self.anchors[wanted] = self.anchors.get(wanted, 1) + 1
            anchor = f"{wanted or 'heading'}-{self.anchors[wanted]}"
        self.anchors[anchor] = self.anchors.get(anchor, 1)
        return anchor


def _numbered(block: Block) -> tuple[str | None, str]:
    """The number a block begins with, and the words after it."""
    if block.number is not None:
        return block.number, block.text.strip()
    match = _NUMBER.match(block.text)
    if match is None or re.match(r"\d+ (?=[a-z])", block.text):
        return None, block.text.strip()
    return match["number"] or match["letter"].removesuffix("."), block.text[match.end() :].strip()


def _without_number(block: Block) -> tuple[Segment, ...]:
    if block.number is not None or not (match := _NUMBER.match(block.text)):
        return block.segments
    return tuple(_dropped(block.segments, match.end()))


def _dropped(segments: tuple[Segment, ...], characters: int) -> Iterator[Segment]:
    for segment in segments:
        kept = segment.text[characters:]
        characters = max(0, characters - len(segment.text))
        if kept:
            yield replace(segment, text=kept)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60].rstrip("-")
