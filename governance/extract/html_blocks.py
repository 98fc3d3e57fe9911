"""A web page (.html) as blocks, forgiving as browsers are: headings, lists as they are counted, tables, links.

read_html(data)
  bytes to text, by the page's own word for its encoding where it is not UTF-8
  tags, one after another; open elements are a stack of bounded height
  scripts, styles, menus, forms, hidden words and tracked deletions are left out
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from governance.extract.blocks import Block, Content
from governance.extract.clauses import Segment
from governance.extract.html_marks import (
    BLOCKS,
    BOUNDARIES,
    CELLS,
    CLOSES,
    LISTS,
    PARAGRAPHS,
    VOID,
    Attributes,
    Open,
    opened,
    word_list,
)
from governance.extract.html_tables import OpenList, Table, begun
from governance.extract.paragraphs import DEEPEST, Label, finished, plain_number, set_as, storable, too_deep
from governance.extract.plain_text import decoded
from governance.extract.unreadable import UnreadableDocument

CALLED = "web page"
DAMAGED = "That web page is damaged. Open it in the program that made it, save it again, and upload that copy."
_PICTURE = re.compile(rb"(?i)(\bsrc\s*=\s*[\"'])data:[^\"'<>]*")
_CHARSET = re.compile(rb"(?i)<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([a-z0-9_:.-]{2,30})")
# What a school's programs write, and what only Windows-1252 itself would be taken for.
_ENCODINGS = {
    **{f"windows-{number}": f"cp{number}" for number in (1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258)},
    **{f"iso-8859-{number}": f"iso8859-{number}" for number in (2, 3, 4, 5, 7, 9, 10, 13, 14, 15, 16)},
    "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman",
}
_REMARK = re.compile(r"<!--|<[!?]")
_HEADING = re.compile(r"h([1-6])")
_TITLE_CLASS = "msotitle"
# Word numbers the lists of its web pages itself; they are kept apart from those that the page's tags make.
_WORD_LISTS = 100_000


def read_html(data: bytes) -> Content:
    """What a web page says.

    Raises:
        UnreadableDocument: when it cannot be stored, is nested beyond reason, or is too long.
    """
    text = decoded(_in_utf8(_PICTURE.sub(rb"\1", data)))
    page = _Page()
    try:
        page.feed(_only_tags(text))
        page.close()
    except AssertionError as problem:
        # The parser's own, for declarations that it cannot make out.
        raise UnreadableDocument(DAMAGED) from problem
    return finished(page.ended(), warnings=page.warnings())


def _in_utf8(data: bytes) -> bytes:
    """The page in UTF-8 where it names another encoding than Windows-1252 and is not UTF-8 after all."""
    named = _CHARSET.search(data[:4096])
    encoding = _ENCODINGS.get(named[1].decode("ascii").lower()) if named else None
    if encoding is None:
        return data
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(encoding, "replace").encode()
    return data


def _only_tags(text: str) -> str:
    """The page without comments, declarations and Word's <![if …]> marks, over which the parser takes its time; one that
    is not closed reaches to the end, as in browsers. After the last tag no sign is taken for the beginning of one.
    """
    kept: list[str] = []
    position = 0
    while (remark := _REMARK.search(text, position)) is not None:
        kept.append(text[position : remark.start()])
        closer = "-->" if remark[0] == "<!--" else ">"
        # "<!-->" is a whole comment.
        end = text.find(closer, remark.end() - 2 * (closer == "-->"))
        position = end + len(closer) if end >= 0 else len(text)
    kept.append(text[position:])
    tags, closer, rest = "".join(kept).rpartition(">")
    return tags + closer + rest.replace("<", "&lt;")


class _Page(HTMLParser):
    """One pass over a page's tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.stack: list[Open] = [Open()]
        self.words: list[Segment] = []
        self.lists: list[OpenList] = []
        self.tables: list[Table] = []
        self.list_count = 0
        self.label: Label | None = None
        self.printed = ""
        self.heading: int | None = None
        self.pictures = 0

    def warnings(self) -> list[str]:
        """What the person who chose the file should know."""
        if not self.pictures:
            return []
        things = "A picture of it is" if self.pictures == 1 else f"{self.pictures} pictures of it are"
        return [f"{things} kept outside the file and not stored."]

    def ended(self) -> list[Block]:
        """All blocks, when nothing more is to come."""
        self._pop_to(1)
        self._flush()
        return self.blocks

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that opens something, or stands alone."""
        attributes = {name: value or "" for name, value in attrs}
        if tag in BLOCKS:
            self._close_for(tag)
            self._flush()
        if tag in VOID:
            self._void(tag, attributes)
            return
        if tag == "a":
            self._close_nearest(frozenset(["a"]), BLOCKS)
        self.stack.append(opened(self.stack[-1], tag, attributes))
        if len(self.stack) > DEEPEST:
            raise UnreadableDocument(too_deep(CALLED))
        if not self.stack[-1].skipped:
            self._begin(tag, attributes)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag with a stroke, which means something only for those that stand alone anyway and for Word's own."""
        if ":" not in tag:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """A tag that closes something; one that closes nothing is passed over."""
        self._close_nearest(frozenset([tag]), BOUNDARIES.get(tag, CELLS))

    def handle_data(self, data: str) -> None:
        """Words."""
        here = self.stack[-1]
        if here.skipped:
            return
        if here.label:
            self.printed = (self.printed + data)[:80]
            return
        text = data if here.preformatted else re.sub(r"\s", " ", data)
        self.words.append(Segment(storable(text), here.strong, here.em, here.href))

    def _void(self, tag: str, attributes: Attributes) -> None:
        here = self.stack[-1]
        if here.skipped:
            return
        if tag == "br":
            self.words.append(Segment("\n", here.strong, here.em, here.href))
        elif tag == "img" and attributes.get("src"):
            self.pictures += 1

    def _begin(self, tag: str, attributes: Attributes) -> None:
        heading = _HEADING.fullmatch(tag)
        if heading:
            self.heading = int(heading[1])
        elif attributes.get("class", "").lower() == _TITLE_CLASS:
            self.heading = 0
        listed = word_list(attributes) if tag in BLOCKS else None
        if listed:
            self.label = Label(None, listed[1], _WORD_LISTS + listed[0])
        if tag in LISTS:
            self.list_count += 1
            self.lists.append(begun(tag, attributes, self.list_count))
        elif tag == "li":
            number = self.lists[-1].number(attributes) if self.lists else None
            self.label = Label(number, max(len(self.lists), 1), self.lists[-1].list_id if self.lists else 0)
        else:
            self._begin_table(tag, attributes)

    def _begin_table(self, tag: str, attributes: Attributes) -> None:
        if tag == "table":
            self.tables.append(Table(self.blocks))
            self.blocks = self.tables[-1].blocks
        elif tag == "tr" and self.tables:
            self.tables[-1].begin_row()
        elif tag in ("td", "th") and self.tables:
            self.tables[-1].begin_cell(attributes)

    def _close_for(self, tag: str) -> None:
        """Closes what a block's beginning closes: a paragraph, and a neighbour of its own kind."""
        self._close_nearest(frozenset(["p"]), BLOCKS - {"p"})
        if _HEADING.fullmatch(tag):
            self._close_nearest(PARAGRAPHS, BLOCKS - PARAGRAPHS)
        if tag in CLOSES:
            self._close_nearest(*CLOSES[tag])

    def _close_nearest(self, tags: frozenset[str], boundary: frozenset[str]) -> None:
        for position in range(len(self.stack) - 1, 0, -1):
            if self.stack[position].tag in tags:
                self._pop_to(position)
                return
            if self.stack[position].tag in boundary:
                return

    def _pop_to(self, height: int) -> None:
        while len(self.stack) > height:
            self._end(self.stack[-1])
            self.stack.pop()

    def _end(self, element: Open) -> None:
        if element.skipped:
            return
        if element.tag in BLOCKS:
            self._flush()
        if element.tag in PARAGRAPHS:
            self._forget()
        elif element.tag in LISTS:
            self.lists.pop()
        elif element.tag == "li":
            self.label = None
        elif element.tag in ("td", "th") and self.tables:
            self.tables[-1].end_cell()
        elif element.tag == "table":
            table = self.tables.pop()
            self.blocks = table.outer
            self.blocks.extend(table.ended())

    def _forget(self) -> None:
        """What an empty paragraph was to be does not pass to the next one."""
        self.heading, self.printed = None, ""
        if self.label and self.label.list_id >= _WORD_LISTS:
            self.label = None

    def _flush(self) -> None:
        """The words so far are a block. A label waits for words."""
        words, self.words = self.words, []
        if not any(one.text.strip() for one in words):
            return
        label = self.label
        if label and self.printed:
            label = Label(plain_number(self.printed), label.depth, label.list_id)
        elif self.printed:
            label = Label(plain_number(self.printed), 1, 0)
        self.blocks.extend(set_as(words, heading=self.heading, label=label))
        self.label, self.printed, self.heading = None, "", None
