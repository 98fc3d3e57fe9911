"""Rich text (.rtf) as blocks: headings by their styles, numbers as they were last printed, tables, links.

read_rtf(data)
  tokens (rtf_tokens), one after another; groups are a stack of bounded height
  words go to the flow they belong to (rtf_flow): body, running head or foot, footnote, text box
  fonts, pictures, objects, hidden words and tracked deletions are left out
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from governance.extract.blocks import Block, Content
from governance.extract.clauses import Segment
from governance.extract.paragraphs import DEEPEST, finished, in_cell, too_deep
from governance.extract.rtf_flow import Flow, Properties, readable
from governance.extract.rtf_meanings import BOXES, ESCAPED, FEET, HEADS, NOT_IGNORED, SIGNS, SKIPPED, USUAL_SIZE
from governance.extract.rtf_tokens import DAMAGED, SYMBOLS, Token, character, charset_page, code_page, tokens_of
from governance.extract.unreadable import UnreadableDocument

CALLED = "rich text file"
_LINK = re.compile(r"\s*HYPERLINK\s+\"([^\"\s]+)\"|\s*HYPERLINK\s+([^\"\s\\]\S*)")
# What careless programs put before the first brace.
_BEFORE = b"\xef\xbb\xbf \t\r\n\x00"
_PLAIN = Properties()


@dataclass
class _Field:
    """A field: what it does, which says where its words lead."""

    instruction: str = ""

    @property
    def href(self) -> str | None:
        """The address that a link leads to."""
        link = _LINK.match(readable(self.instruction))
        return (link[1] or link[2]) if link else None


@dataclass(frozen=True)
class _Group:
    """What is in force between two braces. `role` says where words go: "words", "skip", "label", "link", "style" or
    "font"; `ends` what is done with a `flow` that began here.
    """

    flow: Flow
    role: str = "words"
    ends: str = ""
    strong: bool = False
    em: bool = False
    hidden: bool = False
    deleted: bool = False
    fallback: int = 1
    font: int = 0
    size: int = USUAL_SIZE
    href: str | None = None
    field_of: _Field | None = None
    paragraph: Properties = _PLAIN


def read_rtf(data: bytes) -> Content:
    """What a rich text file says.

    Raises:
        UnreadableDocument: when it breaks off, is nested beyond reason, or is made of too much.
    """
    reader = _Reader()
    for token in tokens_of(data.lstrip(_BEFORE)):
        reader.take(token)
        if not reader.groups:
            break
    else:
        raise UnreadableDocument(DAMAGED)
    return finished(reader.body.ended(reader.last), heads=reader.heads, feet=reader.feet, warnings=reader.warnings())


@dataclass
class _Reader:
    styles: dict[int, str] = field(default_factory=dict)
    fonts: dict[int, str] = field(default_factory=dict)
    heads: list[Block] = field(default_factory=list)
    feet: list[Block] = field(default_factory=list)
    groups: list[_Group] = field(default_factory=list)
    page: str = "cp1252"
    bytes_so_far: bytearray = field(default_factory=bytearray)
    to_pass_over: int = 0
    ignorable: bool = False
    fresh: bool = False
    objects: int = 0
    style_name: str = ""
    last: Properties = _PLAIN

    def __post_init__(self) -> None:
        self.body = Flow(self.styles)

    def warnings(self) -> list[str]:
        """What the person who chose the file should know."""
        if not self.objects:
            return []
        things = "an embedded object" if self.objects == 1 else f"{self.objects} embedded objects"
        return [f"It holds {things}, such as a spreadsheet or drawing; what they hold is not shown."]

    def take(self, token: Token) -> None:
        """One token."""
        if token.kind == "text":
            self._text(token)
            return
        self._say_bytes()
        if token.kind == "open":
            self._open()
        elif not self.groups:
            raise UnreadableDocument(DAMAGED)
        elif token.kind == "close":
            self._close()
        elif token.kind == "sign":
            self._sign(token.name)
        else:
            self._word(token.name, token.value)

    def _text(self, token: Token) -> None:
        if not self.groups:
            raise UnreadableDocument(DAMAGED)
        text = token.text
        if self.to_pass_over:
            passed = min(self.to_pass_over, len(text))
            text, self.to_pass_over = text[passed:], self.to_pass_over - passed
        if text:
            self.fresh = self.ignorable = False
            if self.groups[-1].role != "skip":
                self.bytes_so_far += text

    def _say_bytes(self) -> None:
        if self.bytes_so_far:
            group = self.groups[-1]
            page = self.fonts.get(group.font, self.page)
            text = self.bytes_so_far.decode(self.page if page == SYMBOLS else page, "replace")
            self.bytes_so_far.clear()
            # A tick or arrow as a bullet has the code of some letter, which must not pass for a number.
            self._say("•" if page == SYMBOLS and group.role == "label" else text)

    def _say(self, text: str) -> None:
        group = self.groups[-1]
        if group.role == "label":
            group.flow.label = (group.flow.label + text)[:80]
        elif group.role == "link" and group.field_of is not None:
            group.field_of.instruction = (group.field_of.instruction + text)[:2_000]
        elif group.role == "style":
            self.style_name = (self.style_name + text)[:200]
        elif group.role == "words" and not (group.hidden or group.deleted):
            group.flow.say(Segment(text, group.strong, group.em, group.href), group.size)

    def _open(self) -> None:
        if len(self.groups) >= DEEPEST:
            raise UnreadableDocument(too_deep(CALLED))
        self.groups.append(replace(self.groups[-1], ends="") if self.groups else _Group(self.body))
        self.fresh, self.ignorable, self.to_pass_over = True, False, 0

    def _close(self) -> None:
        group = self.groups.pop()
        self.fresh, self.ignorable, self.to_pass_over = False, False, 0
        if not self.groups:
            self.last = group.paragraph
        elif group.ends:
            self._end_flow(group)
        elif group.role == "style":
            self.styles[group.paragraph.style] = readable(self.style_name).split(";")[0].split(",")[0].strip()
            self.style_name = ""

    def _end_flow(self, group: _Group) -> None:
        blocks = group.flow.ended(group.paragraph)
        outer = self.groups[-1].flow
        if group.ends == "head":
            self.heads.extend(blocks)
        elif group.ends == "foot":
            self.feet.extend(blocks)
        elif group.ends == "note" and in_cell(blocks):
            outer.say(Segment(f" [{' '.join(in_cell(blocks).split())}]"))
        elif group.ends == "box":
            outer.boxes.extend(blocks)

    def _sign(self, name: str) -> None:
        if name == "*":
            self.ignorable = True
        elif name in "\r\n":
            self._word("par", None)
        elif name in ESCAPED:
            self._stand_in(ESCAPED[name])

    def _stand_in(self, sign: str) -> None:
        """A sign by its name, which may be no more than the fallback of the character before it."""
        if self.to_pass_over:
            self.to_pass_over -= 1
        else:
            self._say(sign)

    def _word(self, name: str, value: int | None) -> None:
        fresh, ignorable = self.fresh, self.ignorable
        self.fresh = self.ignorable = False
        if self.groups[-1].role == "skip":
            return
        if (fresh or ignorable) and self._destination(name, ignorable):
            return
        if name == "u":
            self._say(character(value))
            self.to_pass_over = min(max(self.groups[-1].fallback, 0), 10)
        elif name in SIGNS:
            self._stand_in(SIGNS[name])
        elif name in _MARKS:
            if self.groups[-1].role == "words":
                _MARKS[name](self.groups[-1].flow, self.groups[-1].paragraph)
        elif name in _SETTINGS:
            self.groups[-1] = _SETTINGS[name](self.groups[-1], value)
        else:
            self._font_or_page(name, value)

    def _font_or_page(self, name: str, value: int | None) -> None:
        if name == "fcharset" and self.groups[-1].role == "font":
            page = charset_page(value)
            if page:
                self.fonts[self.groups[-1].font] = page
        elif name == "ansicpg" or name in ("mac", "pc", "pca"):
            self.page = code_page(name, value)

    def _set(self, **changes: object) -> None:
        self.groups[-1] = replace(self.groups[-1], **changes)  # type: ignore[arg-type]

    def _destination(self, name: str, ignorable: bool) -> bool:
        """Whether a word at the head of a group says where its words go; what nobody knows is passed over if it may be."""
        if name in SKIPPED or (ignorable and name not in NOT_IGNORED):
            self.objects += name == "object"
            self._set(role="skip")
        elif name in HEADS or name in FEET or name in BOXES or name == "footnote":
            ends = "head" if name in HEADS else "foot" if name in FEET else "box" if name in BOXES else "note"
            here = _Group(Flow(self.styles), ends=ends)
            self.groups[-1] = replace(here, fallback=self.groups[-1].fallback, font=self.groups[-1].font)
        elif name in ("listtext", "pntext"):
            self._set(role="label")
        elif name in ("stylesheet", "fonttbl"):
            self._set(role="style" if name == "stylesheet" else "font", paragraph=_PLAIN)
        elif name == "field":
            self._set(field_of=_Field())
        elif name == "fldinst":
            self._set(role="link")
        elif name == "fldrslt" and self.groups[-1].field_of is not None:
            self._set(href=self.groups[-1].field_of.href or self.groups[-1].href)
        else:
            return False
        return True


def _paragraph(name: str) -> Callable[[_Group, int | None], _Group]:
    return lambda group, value: replace(group, paragraph=replace(group.paragraph, **{name: value or 0}))  # type: ignore[arg-type]


def _toggle(name: str) -> Callable[[_Group, int | None], _Group]:
    return lambda group, value: replace(group, **{name: value != 0})  # type: ignore[arg-type]


_SETTINGS: dict[str, Callable[[_Group, int | None], _Group]] = {
    "b": _toggle("strong"),
    "i": _toggle("em"),
    "v": _toggle("hidden"),
    "deleted": _toggle("deleted"),
    "plain": lambda group, _: replace(group, strong=False, em=False, hidden=False, deleted=False, size=USUAL_SIZE),
    "fs": lambda group, value: replace(group, size=value if value and value > 0 else USUAL_SIZE),
    "pard": lambda group, _: replace(group, paragraph=_PLAIN),
    "intbl": lambda group, _: replace(group, paragraph=replace(group.paragraph, in_table=True)),
    "s": _paragraph("style"),
    "outlinelevel": _paragraph("outline"),
    "ls": _paragraph("list_id"),
    "ilvl": _paragraph("depth"),
    "uc": lambda group, value: replace(group, fallback=value if value is not None else 1),
    "f": lambda group, value: replace(group, font=value or 0),
}
_MARKS: dict[str, Callable[[Flow, Properties], None]] = {
    "par": Flow.end_paragraph,
    "sect": Flow.end_paragraph,
    "page": Flow.end_paragraph,
    "cell": Flow.end_cell,
    "row": lambda flow, _: flow.end_row(),
}
