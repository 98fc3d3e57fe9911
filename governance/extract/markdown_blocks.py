"""Markdown and plain text to blocks, by markdown-it; plain text is the Markdown that nobody marked up.

CommonMark runs lines together that a school's plain text means apart (labels on a cover, "1.1" clauses, "(a)" points),
so blank lines are put between those first. Everything is bounded: characters, nesting, and marks in one block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from governance.extract.blocks import SAFE_LINK, Block, tidied
from governance.extract.clauses import Segment
from governance.extract.unreadable import UnreadableDocument

MAX_NESTED_LISTS = 20
_DEEPEST = 2 * MAX_NESTED_LISTS
_MOST_MARKS = 2_000
TOO_DEEP = (
    f"That document has lists or quotations nested more than {MAX_NESTED_LISTS} deep, so we did not read it. "
    "Make its lists flatter and try again."
)

_POINT = re.compile(r"\s*(?:\d+(?:\.\d+)+\.?|\([a-z]{1,4}\)|[a-z]\)|\d{1,2}[.)])\s+\S")
_LABEL = re.compile(r"\**[A-Z][\w /'’()-]{1,40}:\**\s*\S?.{0,80}")
_NUMBERED_HEADING = re.compile(r"\s*\d+(?:\.\d+)*\.?\s+[A-Z][^.;:]{0,70}")
_MARKED = re.compile(r"\s*(?:[#>|]|[-*+]\s|```|~~~|[=-]+\s*$)")
_SHORT_LINE = 60


def blocks_of(lines: Sequence[str]) -> list[Block]:
    """The blocks of a document, in order.

    Raises:
        UnreadableDocument: when lists or quotations are nested more than 20 deep.
    """
    spaced, origin = _set_apart(lines)
    markdown = MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST + 10})
    markdown.enable("table").disable(["code", "inline", "html_block"])
    # Every address is let through here and judged by SAFE_LINK, so that a refused link leaves its words behind.
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]
    references: dict[str, Any] = {}
    tokens = markdown.parse("\n".join(spaced), references)
    if any(token.level > _DEEPEST for token in tokens):
        raise UnreadableDocument(TOO_DEEP)
    walk = _Walk(markdown, references, origin)
    return [block for block in walk.blocks(tokens) if block.rows or block.text.strip()]


def _set_apart(lines: Sequence[str]) -> tuple[list[str], list[int]]:
    """The lines with blank ones put between blocks, and for each where it came from."""
    spaced: list[str] = []
    origin: list[int] = []
    for position, line in enumerate(lines):
        if position and _means_apart(lines[position - 1], line):
            spaced.append("")
            origin.append(position)
        spaced.append(line)
        origin.append(position)
    return spaced, origin


def _means_apart(before: str, line: str) -> bool:
    if not before.strip() or not line.strip() or _MARKED.match(line):
        return False
    if _POINT.match(line):
        # An ordered list that is already running needs no help, and would lose its indentation's meaning.
        return not re.match(r"\s*\d{1,2}[.)]\s", before) or not re.match(r"\s*\d{1,2}[.)]\s", line)
    if re.match(r"\s*(?:[#>|]|```|~~~)", before) or line.startswith((" ", "\t")):
        return False
    if _LABEL.fullmatch(before) or _NUMBERED_HEADING.fullmatch(before):
        return line[0].isupper() or line[0] in "*_["
    return len(before) < _SHORT_LINE and line[0].isupper() and not before.rstrip().endswith(",")


class _Walk:
    """One pass over markdown-it's tokens."""

    def __init__(self, markdown: MarkdownIt, references: dict[str, Any], origin: list[int]) -> None:
        self.markdown, self.references, self.origin = markdown, references, origin
        self.lists: list[int] = []
        self.last_list = 0
        self.number: str | None = None
        self.fresh_item = False

    def blocks(self, tokens: list[Token]) -> Iterator[Block]:
        """Each block once its words are known."""
        table: Block | None = None
        heading = 0
        for token in tokens:
            self._follow_lists(token)
            if token.type == "heading_open":
                heading = int(token.tag[1])
            elif token.type == "table_open":
                table = Block("table", self._line(token))
            elif token.type == "tr_open" and table is not None:
                table.rows.append(())
            elif token.type == "table_close" and table is not None:
                yield table
                table = None
            elif token.type == "inline" and table is not None:
                table.rows[-1] += ("".join(segment.text for segment in self._segments(token.content)),)
            elif token.type in ("inline", "fence"):
                yield self._block(token, heading)
                heading = 0

    def _follow_lists(self, token: Token) -> None:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            self.last_list += 1
            self.lists.append(self.last_list)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self.lists.pop()
        elif token.type == "list_item_open":
            self.number, self.fresh_item = token.info or None, True

    def _block(self, token: Token, heading: int) -> Block:
        segments = (Segment(token.content),) if token.type == "fence" else self._segments(token.content)
        line = self._line(token)
        if heading:
            return Block("heading", line, heading, segments=segments)
        if not self.lists or not self.fresh_item:
            return Block("paragraph", line, len(self.lists), segments=segments)
        self.fresh_item = False
        return Block("item", line, len(self.lists), self.number, self.lists[-1], segments)

    def _line(self, token: Token) -> int:
        return self.origin[token.map[0]] if token.map else 0

    def _segments(self, content: str) -> tuple[Segment, ...]:
        if content.count("[") + content.count("*") + content.count("_") + content.count("<") > _MOST_MARKS:
            return (Segment(" ".join(content.split())),)
        children: list[Token] = []
        self.markdown.inline.parse(content, self.markdown, self.references, children)
        return tidied(_inline(children))


def _inline(children: list[Token]) -> Iterator[Segment]:
    strong = em = 0
    links: list[str | None] = []
    for token in children:
        if token.type in ("strong_open", "strong_close"):
            strong += token.nesting
        elif token.type in ("em_open", "em_close"):
            em += token.nesting
        elif token.type == "link_open":
            links.append(_safe(str(token.attrs.get("href", ""))))
        elif token.type == "link_close":
            links.pop()
        else:
            words = " " if token.type in ("softbreak", "hardbreak") else token.content
            yield Segment(words, strong > 0, em > 0, links[-1] if links else None)


def _safe(href: str) -> str | None:
    return href if SAFE_LINK.fullmatch(href) else None
