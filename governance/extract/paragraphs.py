"""What the readers of Word, OpenDocument, rich text and web pages have in common: words found in order become blocks.

Words come as segments in which "\\n" is a line broken by hand and "\\t" a tab.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from governance.extract.blocks import Block, Content, set_out, tidied
from governance.extract.clauses import Segment
from governance.extract.plain_text import MAX_CHARACTERS
from governance.extract.unreadable import UnreadableDocument

DEEPEST = 200
WIDEST_TABLE = 64
NO_TEXT = "It has no text that we could find."
_LONGEST_HEADING = 220
_PAGE_NUMBER = re.compile(r"(?i)(?:page\s*)?\d{0,3}(?:\s*(?:of|/)\s*\d{0,3})?")
_UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Label:
    """What stands before a list's paragraph: its printed number, or None for a bullet. `depth` counts from 1."""

    number: str | None
    depth: int
    list_id: int


def too_deep(called: str) -> str:
    """The sentence for a document nested beyond reason."""
    return (
        f"That {called} is nested more than {DEEPEST} deep, so we did not read it. "
        "Open it in the program that made it, save it again, and upload that copy."
    )


def refuse_too_long(characters: int) -> None:
    """Raises UnreadableDocument, with both figures, for more characters than we read."""
    if characters > MAX_CHARACTERS:
        raise UnreadableDocument(
            f"That document has {characters:,} characters. The most we read is {MAX_CHARACTERS:,}: split it into parts."
        )


def storable(text: str) -> str:
    """Without what no database stores and nobody sees: NUL, other control characters, half characters."""
    return _UNSTORABLE.sub("", text)


def plain_number(label: str) -> str | None:
    """A printed label as a block's number: "7.8." is "7.8", "1)" is "1", "(a)" stays; None for bullets."""
    label = " ".join(label.split())
    if not any(character.isalnum() for character in label) or len(label) > 40:
        return None
    if re.fullmatch(r"\d+(?:\.\d+)*[.)]+", label):
        label = label.rstrip(".)")
    # In Word's symbol fonts these letters are drawn as a ring and as a square.
    return None if label in ("o", "§") else label.rstrip(".:") or None


def set_as(
    segments: Sequence[Segment], *, heading: int | None = None, label: Label | None = None, size: float = 0.0
) -> Iterator[Block]:
    """The blocks of one paragraph. `heading` is 0 for the title and 1 to 9 below it; ordinary text is a block for each
    line broken by hand. `size` is that of its largest letters in points, 0 where nobody says.
    """
    segments = joined(segments)
    words = "".join(one.text for one in segments)
    number = label.number if label else None
    if not words.strip():
        return
    if heading is not None and len(words) <= _LONGEST_HEADING:
        yield Block("heading", level=min(heading + 1, 6), number=number, segments=tidied(segments), size=size)
    elif label and number and "." in number:
        yield Block("paragraph", number=number, segments=tidied(segments), size=size)
    elif label:
        words_as = tidied(segments)
        yield Block("item", level=label.depth, number=number, list_id=label.list_id, segments=words_as, size=size)
    else:
        yield from _lines_apart(segments, size)


def joined(segments: Iterable[Segment]) -> list[Segment]:
    """Neighbours set alike as one; a paragraph may come in a million pieces."""
    runs = groupby(segments, key=lambda one: (one.strong, one.em, one.href))
    return [Segment("".join(one.text for one in run), *like) for like, run in runs]


def _lines_apart(segments: Iterable[Segment], size: float) -> Iterator[Block]:
    for line in _broken(segments):
        words = "".join(one.text for one in line).strip()
        if words:
            tabbed = "\t".join(" ".join(part.split()) for part in words.split("\t")) if "\t" in words else ""
            yield Block("paragraph", segments=tidied(line), as_line=tabbed, may_head=False, size=size)


def _broken(segments: Iterable[Segment]) -> Iterator[list[Segment]]:
    line: list[Segment] = []
    for one in segments:
        first, *more = one.text.split("\n")
        line.append(replace(one, text=first))
        for part in more:
            yield line
            line = [replace(one, text=part)]
    yield line


def in_cell(blocks: Iterable[Block]) -> str:
    """The words of a table's cell; each of its paragraphs is a line."""
    return "\n".join(line for block in blocks for line in _cell_lines(block) if line.strip())


def _cell_lines(block: Block) -> Iterator[str]:
    if block.rows:
        yield from (" ".join(part for part in row if part).replace("\n", " ") for row in block.rows)
    else:
        mark = f"{block.number} " if block.number else "• " if block.kind == "item" else ""
        yield mark + " ".join(block.text.split())


def as_table(rows: Iterable[Sequence[str]]) -> list[Block]:
    """A table of these cells, as wide as its widest row; none when it is empty.

    Raises:
        UnreadableDocument: when it holds more than 2 million characters, as cells repeated in repeated cells may.
    """
    rows = list(rows)
    refuse_too_long(sum(1 + len(cell) for row in rows for cell in row))
    kept = [list(row) for row in rows if any(cell.strip() for cell in row)]
    widest = min(max((len(row) for row in kept), default=0), WIDEST_TABLE)
    if not kept:
        return []
    # What stands further out than any page is wide goes into the last cell.
    folded = [[*row[: widest - 1], " ".join(row[widest - 1 :])] if len(row) > widest else row for row in kept]
    return [Block("table", rows=[(*row, *[""] * (widest - len(row))) for row in folded])]


def finished(
    blocks: Iterable[Block],
    *,
    heads: Iterable[Block] = (),
    feet: Iterable[Block] = (),
    warnings: Iterable[str] = (),
) -> Content:
    """A document's blocks with their lines. `heads` and `feet` are its running ones.

    Raises:
        UnreadableDocument: for more than 2 million characters.
    """
    body = list(counted(blocks))
    _let_head(body)
    _set_level(body)
    notes = [*warnings] if any(block.rows or block.text.strip() for block in body) else [*warnings, NO_TEXT]
    return set_out(body, above=_running(heads), below=_running(feet), warnings=notes)


def counted(blocks: Iterable[Block]) -> Iterator[Block]:
    """The same blocks.

    Raises:
        UnreadableDocument: as soon as they hold more than 2 million characters.
    """
    characters = 0
    for block in blocks:
        characters += 1 + len(block.text) + sum(1 + len(cell) for row in block.rows for cell in row)
        refuse_too_long(characters)
        yield block


def _running(blocks: Iterable[Block]) -> list[str]:
    """The lines of running heads or feet, each once and without page numbers."""
    plain = [block if block.rows else replace(block, kind="paragraph") for block in counted(blocks)]
    lines = dict.fromkeys(set_out(plain).lines)
    return [line for line in lines if not _PAGE_NUMBER.fullmatch(line.strip("* "))]


def _let_head(blocks: Sequence[Block]) -> None:
    """Ordinary paragraphs may be headings when they are bold, in capitals or larger than most of the text; where nothing
    is set apart, any may.
    """
    usual = _usual_size(blocks)
    ordinary = [block for block in blocks if block.kind == "paragraph" and not block.may_head]
    for block in ordinary:
        block.may_head = block.is_strong or block.text.isupper() or block.size > usual
    if not any(block.kind == "heading" or block.may_head for block in blocks if not block.rows and not block.number):
        for block in ordinary:
            block.may_head = True


def _usual_size(blocks: Iterable[Block]) -> float:
    """What most letters have: a policy may hold more short headings than paragraphs."""
    letters: Counter[float] = Counter()
    for block in blocks:
        letters[block.size] += len(block.text)
    return letters.most_common(1)[0][0] if letters else 0.0


def _set_level(blocks: Sequence[Block]) -> None:
    """The title at level 1: the first heading, when none other stands so high."""
    headings = [block for block in blocks if block.kind == "heading"]
    top = min((block.level for block in headings), default=1)
    if top > 1 and headings[0].level == top and sum(block.level == top for block in headings) == 1:
        for block in headings:
            block.level -= top - 1
